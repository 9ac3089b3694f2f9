"""Reads of the signing of requests: the case, the inbox, who is away, who signs for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from channel import clock
from channel.access import GRANTS, Actor, Permission, Role
from channel.db import db
from channel.models.accounts import User
from channel.models.approvals import Absence, ApprovalBand
from channel.models.exceptions import ApprovalSeat, ExceptionRequest
from contracts import approval
from contracts.approval import ActKind, Case, CaseState, Seat, Verdict

DECIDING = [role.value for role in Role if Permission.EXCEPTIONS_DECIDE in GRANTS[role]]


def case_of(request: ExceptionRequest, away: Collection[int] = ()) -> Case:
    """The stored request as the approval engine sees it; `away` cannot be waited for."""
    return Case(
        route=approval.route_from_json(request.route),
        requester_id=request.requester_id or 0,
        seats=tuple(
            Seat(
                stage=s.stage,
                role=s.role,
                person=s.person_id,
                verdict=Verdict(s.verdict) if s.verdict else None,
                acting_person=s.signed_by_id,
                added_by=s.added_by_id,
                in_stead_of=s.in_stead_of_id,
            )
            for s in request.seats
        ),
        stage_index=request.stage,
        state=CaseState(request.state),
        away=frozenset(away),
    )


def bands() -> list[ApprovalBand]:
    """What the house has set, by kind, class and amount."""
    return list(
        db.session.scalars(
            sa.select(ApprovalBand).order_by(
                ApprovalBand.type, ApprovalBand.class_code, ApprovalBand.from_fen
            )
        )
    )


def _absences(on: date) -> list[Absence]:
    return list(
        db.session.scalars(
            sa.select(Absence)
            .where(Absence.valid_from <= on, Absence.valid_to > on, Absence.ended_at.is_(None))
            .order_by(Absence.id)
        )
    )


def unreachable(on: date) -> frozenset[int]:
    """Users for whom nobody can be waited: closed, or away with no delegate who is there."""
    closed = set(db.session.scalars(sa.select(User.id).where(User.is_active.is_(False))))
    absences = _absences(on)
    gone = {absence.person_id for absence in absences}
    alone = {
        absence.person_id
        for absence in absences
        if absence.delegate_id is None or absence.delegate_id in gone | closed
    }
    return frozenset(closed | alone)


def away(request: ExceptionRequest, on: date, gone: frozenset[int] | None = None) -> frozenset[int]:
    """Whose seats of this request are open to all of their role: those who cannot be reached,
    and after the escalation everybody whose signature is overdue."""
    found = unreachable(on) if gone is None else gone
    if request.escalated_at is not None:
        late = {s.person_id for s in request.seats if s.verdict is None and s.person_id}
        found = found | late
    return found


def steads(actor: Actor, on: date) -> tuple[tuple[int, str], ...]:
    """(absent person, their role) for whom the actor may sign on the day."""
    rows = db.session.execute(
        sa.select(User.id, User.role)
        .join(Absence, Absence.person_id == User.id)
        .where(
            Absence.delegate_id == actor.user_id,
            Absence.valid_from <= on,
            Absence.valid_to > on,
            Absence.ended_at.is_(None),
            User.is_active.is_(True),
            User.role.in_(DECIDING),
        )
        .order_by(User.id)
    )
    return tuple(sorted({(user_id, role) for user_id, role in rows}))


def inbox(actor: Actor) -> list[ExceptionRequest]:
    """What waits for this person's signature, own or in an absent person's stead, oldest first."""
    r, today = ExceptionRequest, clock.today()
    mine, gone = steads(actor, today), unreachable(today)
    ids = [actor.user_id, *(user_id for user_id, _role in mine)]
    roles = sorted({actor.role.value, *(role for _id, role in mine)})
    seat = sa.select(ApprovalSeat.request_id).where(
        ApprovalSeat.verdict.is_(None),
        ApprovalSeat.request_id == r.id,
        ApprovalSeat.stage == r.stage,
        sa.or_(ApprovalSeat.person_id.in_(ids), ApprovalSeat.role.in_(roles)),
    )
    rows = db.session.scalars(
        sa.select(r)
        .options(selectinload(r.seats), joinedload(r.distributor))
        .where(r.state == "pending", seat.exists())
        .order_by(r.waiting_since, r.id)
    ).all()
    # The engine has the last word: an «any one» stage may be signed already.
    return [
        request
        for request in rows
        if ActKind.APPROVE
        in approval.acts_open_to(
            case_of(request, away(request, today, gone)),
            actor.user_id or 0,
            (actor.role.value,),
            mine,
        )
    ]


def waiting_ids(idle_since: datetime, today: date) -> list[int]:
    """Requests that wait too long without a reminder, or whose last day is over."""
    r = ExceptionRequest
    return list(
        db.session.scalars(
            sa.select(r.id)
            .where(
                sa.or_(
                    sa.and_(
                        r.state == "pending",
                        r.reminded_at.is_(None),
                        r.waiting_since <= idle_since,
                    ),
                    sa.and_(r.state.in_(("pending", "sent_back")), r.valid_to <= today),
                )
            )
            .order_by(r.id)
        )
    )


def absences() -> list[tuple[Absence, str, str]]:
    """(absence, who, delegate) that are not over, soonest first."""
    person, delegate = sa.orm.aliased(User), sa.orm.aliased(User)
    rows = db.session.execute(
        sa.select(Absence, person.name, delegate.name)
        .join(person, person.id == Absence.person_id)
        .outerjoin(delegate, delegate.id == Absence.delegate_id)
        .where(Absence.valid_to > clock.today(), Absence.ended_at.is_(None))
        .order_by(Absence.valid_from, Absence.id)
    )
    return [(absence, name, other or "") for absence, name, other in rows]

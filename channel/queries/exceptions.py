"""Reads of exceptions: the inbox, the register, one request with its case, waivers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from channel import clock
from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.accounts import User
from channel.models.exceptions import ApprovalSeat, ExceptionRequest, Waiver, WaiverUse
from channel.models.partners import Distributor
from channel.models.receivables import Invoice
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible
from contracts import approval
from contracts.approval import Case, CaseState, Seat, Verdict

STATE_WORDS = {
    "pending": _l("waiting for approval"),
    "approved": _l("approved"),
    "rejected": _l("rejected"),
    "sent_back": _l("sent back"),
    "withdrawn": _l("withdrawn"),
    "expired": _l("expired"),
}

TYPE_CHOICES = [
    ("minimum", _l("minimum shipment")),
    ("credit", _l("credit")),
    ("territory", _l("territory")),
    ("price", _l("special price")),
    ("expiry", _l("no agreement in force")),
]


def state_word(state: str) -> str:
    return str(STATE_WORDS.get(state, state))


def case_of(request: ExceptionRequest) -> Case:
    """The stored request as the approval engine sees it."""
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
            )
            for s in request.seats
        ),
        stage_index=request.stage,
        state=CaseState(request.state),
    )


def get_request(actor: Actor, request_id: int) -> ExceptionRequest:
    request = db.session.scalar(
        sa.select(ExceptionRequest)
        .options(selectinload(ExceptionRequest.seats), joinedload(ExceptionRequest.distributor))
        .where(ExceptionRequest.id == request_id, visible(actor, ExceptionRequest.distributor_id))
    )
    if request is None:
        raise NotVisible
    return request


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


def inbox(actor: Actor) -> list[ExceptionRequest]:
    """What waits for this person's signature, oldest first (P02)."""
    r = ExceptionRequest
    seat = sa.select(ApprovalSeat.request_id).where(
        ApprovalSeat.verdict.is_(None),
        ApprovalSeat.request_id == r.id,
        ApprovalSeat.stage == r.stage,
        sa.or_(
            ApprovalSeat.person_id == actor.user_id,
            sa.and_(ApprovalSeat.person_id.is_(None), ApprovalSeat.role == actor.role.value),
        ),
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
        if approval.ActKind.APPROVE
        in approval.acts_open_to(case_of(request), actor.user_id or 0, (actor.role.value,))
    ]


def names(user_ids: set[int]) -> dict[int, str]:
    """id → name of people, in one statement."""
    if not user_ids:
        return {}
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(user_ids)))
    return dict(rows.all())


def waiver_with_use(request_id: int) -> tuple[Waiver, int, int, int] | None:
    """(waiver, uses, fen used, quantity used) of an approved request."""
    row = db.session.execute(
        sa.select(
            Waiver,
            sa.func.coalesce(sa.func.sum(WaiverUse.uses), 0),
            sa.func.coalesce(sa.func.sum(WaiverUse.value_fen), 0),
            sa.func.coalesce(sa.func.sum(WaiverUse.quantity), 0),
        )
        .outerjoin(WaiverUse, WaiverUse.waiver_id == Waiver.id)
        .where(Waiver.request_id == request_id)
        .group_by(Waiver.id)
    ).first()
    return (row[0], int(row[1]), int(row[2]), int(row[3])) if row else None


_REQUESTER = sa.orm.aliased(User)

REGISTER = Listing(
    name="exceptions",
    title=_l("Exceptions"),
    identity=ExceptionRequest.id,
    source=sa.join(
        ExceptionRequest, Distributor, ExceptionRequest.distributor_id == Distributor.id
    ).outerjoin(_REQUESTER, _REQUESTER.id == ExceptionRequest.requester_id),
    columns=[
        Column("number", _l("number"), ExceptionRequest.number, "code"),
        Column("type", _l("type"), ExceptionRequest.type, "exception_type"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("document", _l("document"), ExceptionRequest.subject_label, wide=True),
        Column("size_fen", _l("value"), ExceptionRequest.size_fen, "fen", total=True),
        Column("valid_from", _l("valid from"), ExceptionRequest.valid_from, "date", wide=True),
        Column("valid_to", _l("until (exclusive)"), ExceptionRequest.valid_to, "date", wide=True),
        Column("requester", _l("requester"), _REQUESTER.name, wide=True),
        Column("state", _l("state"), ExceptionRequest.state, "state"),
    ],
    default_sort="-number",
    scope=lambda actor: visible(actor, ExceptionRequest.distributor_id),
    filters=[
        Filter("type", _l("type"), ExceptionRequest.type, choices=TYPE_CHOICES),
        Filter("state", _l("state"), ExceptionRequest.state, choices=list(STATE_WORDS.items())),
        Filter("ends_to", _l("ends until"), ExceptionRequest.valid_to, kind="to"),
        Filter("ends_from", _l("ends from"), ExceptionRequest.valid_to, kind="from"),
    ],
    search=[
        ExceptionRequest.number,
        Distributor.name,
        Distributor.code,
        ExceptionRequest.subject_label,
    ],
    currency=ExceptionRequest.currency,
    endpoint="exceptions.record",
    empty=_l("No exception yet. They begin at a refused order or shipment."),
)


def ending_soon(actor: Actor, days: int = 30) -> int:
    """How many waivers end within the days (D10)."""
    today = clock.today()
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Waiver)
            .where(
                visible(actor, Waiver.distributor_id),
                Waiver.valid_to > today,
                Waiver.valid_to <= today + timedelta(days=days),
            )
        )
        or 0
    )


def sales_by_month(actor: Actor, distributor_id: int) -> list[tuple[str, int]]:
    """(month, net invoiced fen) of the last twelve months, for the approver (D04)."""
    today = clock.today()
    start = today.replace(year=today.year - 1, day=1)
    rows = db.session.execute(
        sa.select(Invoice.invoice_date, Invoice.net_fen).where(
            Invoice.distributor_id == distributor_id,
            visible(actor, Invoice.distributor_id),
            Invoice.kind != "opening",
            Invoice.invoice_date >= start,
        )
    )
    sums: dict[str, int] = {}
    for on, net in rows:
        sums[f"{on:%Y-%m}"] = sums.get(f"{on:%Y-%m}", 0) + net
    return sorted(sums.items())

"""Exceptions: applied for from the refusal, routed by type and size, signed, turned into waivers.

The request keeps the finding and the agreement version as they stood. The last signature makes
the waiver, and what was refused is judged again in the same transaction.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from channel import clock
from channel.access import Actor, Permission
from channel.db import lock
from channel.models.exceptions import ApprovalSeat, ExceptionRequest, Waiver
from channel.models.orders import Order, Shipment
from channel.models.partners import Distributor
from channel.queries import accounts as people
from channel.queries import exceptions as reads
from channel.queries import partners
from channel.queries.scope import get_visible
from channel.services.jobs import CHORES
from channel.services.steps import credit, judging, rechecking
from channel.services.steps.applications import (
    OWNER,
    Application,
    bands,
    check_application,
    size_fen,
)
from channel.services.work import Refused, Work, assert_seen, work
from contracts import approval
from contracts.approval import Act, ActKind, Case, CaseState
from contracts.values.findings import block


def request_exception(actor: Actor, wish: Application) -> int:
    """Hand in an application; its approvers get a mail each."""
    with work(actor, Permission.EXCEPTIONS_REQUEST) as w:
        distributor: Distributor = get_visible(actor, Distributor, wish.distributor_id)
        if findings := check_application(wish):
            raise Refused(findings)
        assert wish.valid_to is not None and actor.user_id is not None
        label = _subject_label(actor, wish)
        maker = partners.get_maker()
        size = size_fen(wish, maker)
        case = approval.open_case(approval.route(wish.type, size, bands(maker)), actor.user_id)
        request = ExceptionRequest(
            number=w.draw("EX", w.today),
            type=wish.type,
            distributor_id=distributor.id,
            agreement_version_id=judging.ground_on(distributor.id, wish.valid_from).version_id,
            subject_kind=wish.subject_kind,
            subject_id=wish.subject_id,
            subject_label=label,
            finding=wish.finding,
            asked=wish.asked,
            size_fen=size,
            currency=distributor.currency,
            reason=wish.reason.strip(),
            ground_means=wish.ground_means.strip(),
            ground_market=wish.ground_market.strip(),
            expected_sales_fen=wish.expected_sales_fen,
            valid_from=wish.valid_from,
            valid_to=wish.valid_to,
            max_uses=wish.max_uses,
            max_value_fen=wish.max_value_fen,
            state="draft",
            route=approval.route_to_json(case.route),
            requester_id=actor.user_id,
            created_at=w.now,
            row_version=1,
            stage=0,
        )
        w.session.add(request)
        w.session.flush()  # seats and audit need request.id
        _advance(w, request, case, Act(actor.user_id, actor.role.value, ActKind.SUBMIT))
        w.audit("exception:request", request, reason=wish.reason, changes=dict(wish.asked))
        return request.id


def _subject_label(actor: Actor, wish: Application) -> str:
    """The number of the refused document, which must be the distributor's own."""
    models: dict[str, Any] = {"order": Order, "shipment": Shipment}
    if wish.subject_kind == "none" or wish.subject_id is None:
        return ""
    record = get_visible(actor, models[wish.subject_kind], wish.subject_id)
    if record.distributor_id != wish.distributor_id:
        raise Refused([block("exception.foreign_subject")])
    return str(record.number)


def case_of(request: ExceptionRequest) -> Case:
    """The request as the approval engine sees it."""
    return reads.case_of(request)


def _advance(w: Work, request: ExceptionRequest, case: Case, act: Act, note: str = "") -> Case:
    """Let the engine move the case, and write down what it says."""
    moved = approval.advance(case, act)
    if not isinstance(moved, Case):
        raise Refused(moved)
    for position, seat in enumerate(moved.seats):
        if position < len(request.seats):
            row = request.seats[position]
        else:
            row = ApprovalSeat(request_id=request.id)
            request.seats.append(row)
        signs_now = seat.verdict is not None and row.verdict is None
        row.stage, row.role, row.person_id = seat.stage, seat.role, seat.person
        row.added_by_id = seat.added_by
        row.verdict = seat.verdict.value if seat.verdict else None
        row.signed_by_id = seat.acting_person
        row.signed_at = w.now if signs_now else (row.signed_at if seat.verdict else None)
        row.note = note if signs_now else (row.note or "")
    request.state, request.stage = moved.state.value, moved.stage_index
    request.reminded_at = request.escalated_at = None
    request.waiting_since = w.now if moved.state is CaseState.PENDING else None
    if moved.state in approval.CLOSED:
        request.decided_at = w.now
    w.session.flush()  # the mails and the waiver read what was decided
    if moved.state is CaseState.PENDING:
        _mail_waiting(w, request, moved)
    return moved


def decide(
    actor: Actor,
    request_id: int,
    kind: ActKind,
    *,
    note: str = "",
    seen_version: int | None = None,
    to_person: int | None = None,
    to_role: str | None = None,
) -> str:
    """One act of one person on a request; gives the new state. The row is locked first."""
    asks = kind in (ActKind.SUBMIT, ActKind.WITHDRAW)
    needed = Permission.EXCEPTIONS_REQUEST if asks else Permission.EXCEPTIONS_DECIDE
    with work(actor, needed) as w:
        request = reads.get_request(actor, request_id)
        _lock_debtor(w, request)
        lock(ExceptionRequest, [request.id])
        w.session.refresh(request)
        assert actor.user_id is not None
        if request.valid_to <= w.today and kind is ActKind.APPROVE:
            raise Refused([block("approval.expired")])
        act = Act(actor.user_id, actor.role.value, kind, to_person, to_role)
        # The engine speaks first: «already decided» says more than «somebody changed this».
        if refusals := approval.refusals(case_of(request), act):
            raise Refused(refusals)
        assert_seen(request, seen_version)
        if kind in (ActKind.REJECT, ActKind.SEND_BACK) and not note.strip():
            raise Refused([block("exception.note_needed")])
        moved = _advance(w, request, case_of(request), act, note.strip())
        tag = "resubmit" if kind is ActKind.SUBMIT else kind.value
        w.audit(f"exception:{tag}", request, reason=note, changes={"state": request.state})
        if moved.state is CaseState.APPROVED:
            _grant(w, request)
        if moved.state in approval.CLOSED or moved.state is CaseState.SENT_BACK:
            _mail_requester(w, request)
        return request.state


def _lock_debtor(w: Work, request: ExceptionRequest) -> None:
    """The debtor before the request: always in this order, as shipments lock it."""
    credit.lock_account(w, request.distributor_id, request.currency)


def _grant(w: Work, request: ExceptionRequest) -> None:
    """The waiver with its caps, and another look at what was refused."""
    asked = request.asked
    max_value = request.max_value_fen
    if request.type == "expiry":
        max_value = asked["amount_fen"]  # exactly the approved amount goes through
    waiver = Waiver(
        request_id=request.id,
        type=request.type,
        distributor_id=request.distributor_id,
        valid_from=request.valid_from,
        valid_to=request.valid_to,
        floor_fen=asked.get("floor_fen"),
        amount_fen=asked.get("amount_fen"),
        division_code=asked.get("division_code"),
        product_id=asked.get("product_id"),
        unit_gross_fen=asked.get("unit_gross_fen"),
        max_quantity=asked.get("max_quantity"),
        max_uses=request.max_uses,
        max_value_fen=max_value,
        created_at=w.now,
    )
    w.session.add(waiver)
    if request.subject_id is not None:
        rechecking.recheck_document(w, request.subject_kind, request.subject_id)


def _mail_waiting(w: Work, request: ExceptionRequest, case: Case) -> None:
    """Tell those whose signature is wanted now."""
    roles = tuple(seat.role for seat in case.open_seats if seat.person is None)
    named = {seat.person for seat in case.open_seats if seat.person is not None}
    for user in people.people_with(Permission.EXCEPTIONS_DECIDE):
        if user.id == request.requester_id or not (user.role in roles or user.id in named):
            continue
        with force_locale(user.locale):
            w.mail(
                user.email,
                _("Waiting for your decision: %(number)s", number=request.number),
                _(
                    "Distributor %(name)s applies for an exception.\nReason: %(reason)s\n",
                    name=request.distributor.name if request.distributor else "",
                    reason=request.reason,
                ),
                key=f"exception:{request.id}:{request.stage}:{request.row_version}:{user.id}",
            )


def _mail_requester(w: Work, request: ExceptionRequest) -> None:
    user = people.find_user(request.requester_id)
    if user is None:
        return
    with force_locale(user.locale):
        w.mail(
            user.email,
            _("Decided: %(number)s", number=request.number),
            _(
                "Your application %(number)s now has the state: %(state)s.\n",
                number=request.number,
                state=reads.state_word(request.state),
            ),
        )


def remind_and_expire(actor: Actor) -> None:
    """The chore: remind and escalate what waits 48 hours, end what is past its last day."""
    today, now = clock.today(), clock.now()
    for request_id in reads.waiting_ids(now - timedelta(hours=approval.IDLE_HOURS), today):
        with work(actor) as w:
            [request] = lock(ExceptionRequest, [request_id])
            case = case_of(request)
            if request.valid_to <= today:
                act = Act(0, approval.SYSTEM_ROLE, ActKind.EXPIRE)
                if not approval.refusals(case, act):
                    _advance(w, request, case, act)
                    w.audit("exception:expire", request, changes={"state": request.state})
                    _mail_requester(w, request)
                continue
            if request.waiting_since is None or request.reminded_at is not None:
                continue
            due = approval.overdue(case, request.waiting_since, now)
            if due.remind:
                request.reminded_at = request.escalated_at = now
                _mail_waiting(w, request, case)
                for user in people.people_with(Permission.EXCEPTIONS_DECIDE, (OWNER,)):
                    with force_locale(user.locale):
                        w.mail(
                            user.email,
                            _("Waits for 48 hours: %(number)s", number=request.number),
                            _(
                                "Nobody has decided on %(number)s for two days.\n",
                                number=request.number,
                            ),
                            key=f"escalate:{request.id}:{due.number}:{user.id}",
                        )
                w.audit("exception:remind", request)
                w.audit("exception:escalate", request)


CHORES.append(remind_and_expire)

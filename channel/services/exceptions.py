"""Exceptions: applied for from the refusal, routed by type and size, signed, turned into waivers.

The request keeps the finding and the agreement version as they stood. The last signature makes
the waiver, and what was refused is judged again in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from channel import clock
from channel.access import Actor, Permission
from channel.db import lock
from channel.models.exceptions import ApprovalSeat, ExceptionRequest
from channel.models.exchanges import ExchangeClaim
from channel.models.orders import Order, Shipment
from channel.models.partners import Distributor
from channel.models.supports import SupportClaim
from channel.queries import agreements, approvals, outcomes, partners, territories
from channel.queries import exceptions as reads
from channel.queries.scope import get_visible
from channel.services.jobs import CHORES
from channel.services.steps import approval_mails, approvers, credit, granting, judging
from channel.services.steps.applications import Application, check_application, size_fen
from channel.services.steps.market_levels import cap_in_the_way
from channel.services.work import Refused, Stale, Work, assert_seen, work
from contracts import approval
from contracts.approval import Act, ActKind, Case, CaseState
from contracts.obligations import check_exchange
from contracts.values.findings import Finding, block
from contracts.values.periods import Period

#: What an exception may be asked for.
DOCUMENTS: dict[str, Any] = {
    "order": Order,
    "shipment": Shipment,
    "support": SupportClaim,
    "exchange": ExchangeClaim,
}


def request_exception(actor: Actor, wish: Application) -> int:
    """Hand in an application; its approvers get a mail each."""
    with work(actor, Permission.EXCEPTIONS_REQUEST) as w:
        distributor: Distributor = get_visible(actor, Distributor, wish.distributor_id)
        findings = check_application(wish) or _check_kind(w, wish)
        if findings:
            raise Refused(findings)
        assert wish.valid_to is not None and actor.user_id is not None
        label = _subject_label(actor, wish)
        maker = partners.get_maker()
        size = size_fen(wish, maker)
        route = approval.route(wish.type, size, approvers.bands(maker), distributor.class_code)
        case = approval.open_case(route, actor.user_id)
        days = wish.review_on
        if days is None:
            days = granting.usual_reviews(wish.valid_from, wish.valid_to)
        request = ExceptionRequest(
            number=w.draw("EX", w.today),
            type=wish.type,
            distributor_id=distributor.id,
            agreement_version_id=judging.ground_on(distributor.id, wish.valid_from).version_id,
            subject_kind=wish.subject_kind,
            subject_id=wish.subject_id,
            subject_label=label,
            finding=wish.finding,
            asked=_asked(wish),
            size_fen=size,
            currency=distributor.currency,
            reason=wish.reason.strip(),
            ground_means=wish.ground_means.strip(),
            ground_market=wish.ground_market.strip(),
            ground_cost=wish.ground_cost.strip(),
            ground_incumbents=wish.ground_incumbents.strip(),
            expected_sales_fen=wish.expected_sales_fen,
            review_on=[on.isoformat() for on in sorted(set(days))],
            widens_id=wish.widens_id,
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


def _asked(wish: Application) -> dict[str, Any]:
    """What is asked, with the book price of the day: the cost of a special price follows."""
    asked = dict(wish.asked)
    if wish.type == "price":
        book = judging.book_price(wish.distributor_id, asked["product_id"], wish.valid_from)
        if book is not None:
            asked["book_fen"] = book
    return asked


def _check_kind(w: Work, wish: Application) -> list[Finding]:
    """What only the database knows: places that do not exist, areas that are full already."""
    findings: list[Finding] = []
    if wish.type in ("territory", "level"):
        code = str(wish.asked["division_code"])
        if not territories.is_known(code, max(w.today, wish.valid_from)):
            findings.append(block("division.unknown", "division_code", value=code, on=w.today))
    if wish.type == "level" and not findings and not wish.ground_incumbents.strip():
        assert wish.valid_to is not None
        span = Period(wish.valid_from, wish.valid_to)
        code = str(wish.asked["division_code"])
        for full in cap_in_the_way(wish.distributor_id, code, span):
            facts = {k: full.facts[k] for k in ("area", "most", "contracts")}
            if not outcomes.sees_peers(w.actor):
                # Who holds the area is not for everybody to know.
                facts.pop("contracts")
                findings.append(block("exception.area_full", "ground_incumbents", **facts))
                continue
            findings.append(block("exception.incumbents_needed", "ground_incumbents", **facts))
    if wish.type == "terms" and not judging.ground_on(wish.distributor_id, wish.valid_from).terms:
        findings.append(block("exception.no_agreement", "valid_from", on=wish.valid_from))
    if wish.type == "exchange":
        ground = judging.ground_on(wish.distributor_id, wish.valid_from)
        if ground.terms is not None and ground.version is not None:
            findings += check_exchange(ground.terms, ground.version.agreement.number)
    return findings


def _subject_label(actor: Actor, wish: Application) -> str:
    """The number of the refused document, which must be the distributor's own."""
    if wish.subject_kind == "none" or wish.subject_id is None:
        return ""
    if wish.subject_kind == "agreement":
        version = agreements.get_version(actor, wish.subject_id)
        owner, label = version.agreement.distributor_id, version.agreement.number
    else:
        record = get_visible(actor, DOCUMENTS[wish.subject_kind], wish.subject_id)
        owner, label = record.distributor_id, record.number
    if owner != wish.distributor_id:
        raise Refused([block("exception.foreign_subject")])
    return str(label)


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
        row.in_stead_of_id = seat.in_stead_of
        row.signed_at = w.now if signs_now else (row.signed_at if seat.verdict else None)
        row.note = note if signs_now else (row.note or "")
    request.state, request.stage = moved.state.value, moved.stage_index
    request.reminded_at = request.escalated_at = None
    request.waiting_since = w.now if moved.state is CaseState.PENDING else None
    if moved.state in approval.CLOSED:
        request.decided_at = w.now
    w.session.flush()  # the mails and the waiver read what was decided
    if moved.state is CaseState.PENDING:
        approval_mails.tell_waiting(w, request, moved)
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
        case = approvers.case_now(request, w.today)
        act = _act_of(w, case, Act(actor.user_id, actor.role.value, kind, to_person, to_role))
        seen = request.row_version
        assert_seen(request, seen_version)
        if kind in (ActKind.REJECT, ActKind.SEND_BACK) and not note.strip():
            raise Refused([block("exception.note_needed", "note")])
        if to_person is not None and not approvers.may_decide(to_person):
            raise Refused([block("approval.cannot_decide", "to_person")])
        moved = _advance(w, request, case, act, note.strip())
        tag = "resubmit" if kind is ActKind.SUBMIT else kind.value
        changes = {"state": request.state, "seen_version": seen, "size_fen": request.size_fen}
        if act.in_stead_of is not None:
            changes["in_stead_of"] = reads.names({act.in_stead_of})[act.in_stead_of]
        w.audit(f"exception:{tag}", request, reason=note, changes=changes)
        if moved.state is CaseState.APPROVED:
            granting.grant(w, request)
        if moved.state in approval.CLOSED or moved.state is CaseState.SENT_BACK:
            approval_mails.tell_requester(w, request)
        return request.state


def _act_of(w: Work, case: Case, own: Act) -> Act:
    """The act as the engine allows it: by the person's own right, else in an absent one's stead.

    The engine speaks before the seen version: «already decided» says more than «changed».
    """
    refusals = approval.refusals(case, own)
    if not refusals:
        return own
    for absent, role in approvals.steads(w.actor, w.today):
        act = Act(own.person_id, role, own.kind, own.to_person, own.to_role, in_stead_of=absent)
        if not approval.refusals(case, act):
            return act
    raise Refused(refusals)


def decide_many(
    actor: Actor, choices: Sequence[tuple[int, int | None]], kind: ActKind, note: str = ""
) -> tuple[int, list[tuple[int, list[Finding]]]]:
    """The same act on several requests, each by itself: how many went through, and the refused.

    `choices` are (request, version that was seen).
    """
    done, refused = 0, []
    for request_id, seen_version in choices:
        try:
            decide(actor, request_id, kind, note=note, seen_version=seen_version)
        except Refused as refusal:
            refused.append((request_id, list(refusal.findings)))
        except Stale:
            refused.append((request_id, [block("exception.stale")]))
        else:
            done += 1
    return done, refused


def _lock_debtor(w: Work, request: ExceptionRequest) -> None:
    """The debtor before the request: always in this order, as shipments lock it."""
    credit.lock_account(w, request.distributor_id, request.currency)


def remind_and_expire(actor: Actor) -> None:
    """The chore: remind and escalate what waits 48 hours, end what is past its last day."""
    today, now = clock.today(), clock.now()
    for request_id in approvals.waiting_ids(now - timedelta(hours=approval.IDLE_HOURS), today):
        with work(actor) as w:
            [request] = lock(ExceptionRequest, [request_id])
            case = approvers.case_now(request, today)
            if request.valid_to <= today:
                act = Act(0, approval.SYSTEM_ROLE, ActKind.EXPIRE)
                if not approval.refusals(case, act):
                    _advance(w, request, case, act)
                    w.audit("exception:expire", request, changes={"state": request.state})
                    approval_mails.tell_requester(w, request)
                continue
            if request.waiting_since is None or request.reminded_at is not None:
                continue
            due = approval.overdue(case, request.waiting_since, now)
            if due.remind:
                request.reminded_at = request.escalated_at = now
                # From now on a seat given to one person is open to the colleagues of the role.
                w.session.flush()
                approval_mails.tell_waiting(w, request, approvers.case_now(request, today))
                approval_mails.tell_owner(w, request, due.number)
                w.audit("exception:remind", request)
                w.audit("exception:escalate", request)


CHORES.append(remind_and_expire)

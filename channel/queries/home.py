"""What waits for a person, and the figures of the day: one statement per figure, none per row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.access import Actor, Permission, Role, may
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion, Obligation
from channel.models.catalogue import PriceEntry, SuggestedPrice
from channel.models.credit import CreditAccount, CreditLimit
from channel.models.credit_policies import CreditPolicyVersion
from channel.models.dunning import Dispute
from channel.models.exceptions import ExceptionRequest, Waiver
from channel.models.market import Incident, Promotion
from channel.models.orders import Order, Shipment
from channel.models.partners import Distributor
from channel.models.rebates import RebatePolicy, RebateRun
from channel.models.receivables import Invoice
from channel.models.scores import ScoreCard
from channel.models.stock import InventoryReport
from channel.models.targets import TargetPlan
from channel.queries import (
    approvals,
    credit_limits,
    exceptions,
    exchanges,
    instalments,
    limit_routes,
    market_incidents,
    outcomes,
    partners,
    promises,
    rebates_pool_tasks,
    rebates_replies,
    scores,
    stock_versions,
)
from channel.queries.agreements import binds_on
from channel.queries.agreements_lists import expiring_listing
from channel.queries.listing import totals
from channel.queries.receivables import settled
from channel.queries.scope import visible
from channel.rules.identity import LICENCE_NOTICE_DAYS
from contracts.values.periods import preceding


@dataclass(frozen=True)
class Task:
    """Something that waits: how many, and where they are listed. `key` names the sentence."""

    key: str
    count: int
    endpoint: str
    params: dict[str, Any]


def _count(statement: Any) -> int:
    return db.session.scalar(statement) or 0


def _of(model: Any, *conditions: Any) -> Any:
    return sa.select(sa.func.count()).select_from(model).where(*conditions)


def tasks(actor: Actor) -> list[Task]:
    """What waits for this person, most pressing first; nothing that is nought."""
    today = clock.today()
    found = [*_decisions(actor), *_market(actor), *_stopped(actor), *_reports(actor, today)]
    found += _collection(actor, today)
    found += _exchanges(actor)
    found += [Task(*one) for one in rebates_replies.tasks(actor)]
    found += [Task(*one) for one in rebates_pool_tasks.waiting(actor, today)]
    found.append(_duties(actor, today))
    if actor.role in (Role.CHANNEL_MANAGER, Role.OWNER):
        found += _endings(actor, today)
    return [task for task in found if task.count]


def _decisions(actor: Actor) -> Iterator[Task]:
    """What only this person's signature can move."""
    me = actor.user_id or 0
    version, policy, request = AgreementVersion, RebatePolicy, ExceptionRequest
    if may(actor, Permission.EXCEPTIONS_DECIDE):
        yield Task("inbox", len(approvals.inbox(actor)), "exceptions.inbox", {})
        yield Task("reviews", len(outcomes.due_reviews(actor)), "exceptions.inbox", {})
    back = _of(request, request.requester_id == me, request.state == "sent_back")
    yield Task("sent_back", _count(back), "exceptions.index", {"state": "sent_back"})
    if may(actor, Permission.AGREEMENTS_APPROVE):
        waiting = _of(version, version.state == "review", version.submitted_by_id != me)
        yield Task("agreements", _count(waiting), "agreements.index", {"standing": "review"})
    if may(actor, Permission.PRICES_APPROVE):
        proposer = sa.func.coalesce(PriceEntry.proposed_by_id, 0)
        waiting = _of(PriceEntry, PriceEntry.approved_at.is_(None), proposer != me)
        yield Task("prices", _count(waiting), "catalogue.price_books", {})
        proposer = sa.func.coalesce(SuggestedPrice.proposed_by_id, 0)
        waiting = _of(SuggestedPrice, SuggestedPrice.approved_at.is_(None), proposer != me)
        yield Task("suggested", _count(waiting), "catalogue.suggested", {})
    if may(actor, Permission.CREDIT_APPROVE):
        routed = [x for x in credit_limits.routed_waiting() if limit_routes.may_sign(actor, x)]
        proposer = sa.func.coalesce(CreditLimit.proposed_by_id, 0)
        imported = _count(_of(CreditLimit, *credit_limits.imported_waiting(), proposer != me))
        shared = sum(1 for limit in routed if limit.pool_id is not None)
        yield Task("limits", imported + len(routed) - shared, "credit.index", {})
        yield Task("pool_limits", shared, "credit_pools.index", {})
        yield Task("grades", scores.waiting_for(actor), "scores.index", {"state": "proposed"})
        proposer = sa.func.coalesce(ScoreCard.proposed_by_id, 0)
        waiting = _of(ScoreCard, ScoreCard.approved_at.is_(None), proposer != me)
        yield Task("score_cards", _count(waiting), "score_cards.index", {})
        proposer = sa.func.coalesce(CreditPolicyVersion.proposed_by_id, 0)
        proposed = CreditPolicyVersion.state == "proposed"
        waiting = _of(CreditPolicyVersion, proposed, proposer != me)
        waits = {"state": "proposed"}
        yield Task("credit_policies", _count(waiting), "credit_policies.index", waits)
    if may(actor, Permission.REBATES_POST):
        waiting = _of(RebateRun, RebateRun.state == "reviewed", RebateRun.proposed_by_id != me)
        yield Task("runs", _count(waiting), "rebates.runs", {})
        waiting = _of(policy, policy.state == "review", policy.submitted_by_id != me)
        yield Task("policies", _count(waiting), "rebates.policies", {})


def _market(actor: Actor) -> Iterator[Task]:
    """What the market waits for: the house hears, decides and signs, a distributor answers."""
    me = actor.user_id or 0
    plan, promotion = TargetPlan, Promotion
    if may(actor, Permission.MARKET_HANDLE):
        unheard = _of(Incident, market_incidents.unheard(), Incident.due_at.is_not(None))
        yield Task("unheard", _count(unheard), "market.incidents",
                   {"clock": "waiting,unheard,escalated"})  # fmt: skip
        others = sa.func.coalesce(promotion.filed_by_id, 0) != me
        filed = _of(promotion, promotion.state == "filed", others)
        yield Task("promotions", _count(filed), "market.promotions", {"state": "filed"})
    if may(actor, Permission.TARGETS_SIGN):
        wrote = sa.or_(plan.submitted_by_id == me, plan.drafted_by_id == me)
        waiting = _of(plan, plan.state == "review", sa.not_(wrote))
        yield Task("plans", _count(waiting), "targets.plans", {"state": "review"})
    if actor.is_distributor:
        own = visible(actor, Incident.distributor_id)
        notices = _of(Incident, own, Incident.state == "notice")
        yield Task("notices", _count(notices), "market.incidents", {"state": "notice"})


def _stopped(actor: Actor) -> Iterator[Task]:
    """Documents that a rule has stopped, and goods that can be invoiced."""
    stopped = {"state": "refused,held"}
    for key, model, endpoint in (
        ("stopped_orders", Order, "orders.index"),
        ("stopped_shipments", Shipment, "shipments.index"),
    ):
        own = visible(actor, model.distributor_id)
        waiting = _of(model, own, model.state.in_(("refused", "held")))
        yield Task(key, _count(waiting), endpoint, stopped)
    if may(actor, Permission.INVOICES_WRITE):
        waiting = _of(Shipment, Shipment.state == "shipped")
        yield Task("to_invoice", _count(waiting), "shipments.index", {"state": "shipped"})


def _collection(actor: Actor, today: date) -> Iterator[Task]:
    """Broken promises to ask about, disputes to answer, and a distributor's own late payments."""
    yield Task("broken_promises", promises.to_follow_up(actor, today), "promises.index",
               {"waits": "1"})  # fmt: skip
    if may(actor, Permission.DISPUTES_CLOSE):
        waiting = _of(Dispute, Dispute.closed_on.is_(None))
        yield Task("disputes", _count(waiting), "disputes.index", {"state": "contested"})
    if actor.is_distributor:
        own = visible(actor, Invoice.distributor_id)
        soon = today + timedelta(days=3)
        to_pay = _of(Invoice, own, Invoice.pay_by <= soon, Invoice.gross_fen - settled() > 0)
        yield Task("to_pay", _count(to_pay), "receivables.invoices", {"due_to": soon.isoformat()})


def _reports(actor: Actor, today: date) -> Iterator[Task]:
    if may(actor, Permission.STOCK_FILE):
        endpoint = "stock.file" if actor.is_distributor else "stock.index"
        yield Task("reports", _missing_reports(actor, today), endpoint, {})
    report = InventoryReport
    if may(actor, Permission.STOCK_ACCEPT):
        waiting = _of(report, stock_versions.waiting(actor))
        yield Task("reports_wait", _count(waiting), "stock.index", {"state": "submitted"})
    if actor.is_distributor:
        newest = stock_versions.is_newest()
        back = _of(report, visible(actor, report.distributor_id), newest,
                   report.state == "returned")  # fmt: skip
        yield Task("reports_back", _count(back), "stock.index", {"state": "sent_back"})


def _exchanges(actor: Actor) -> Iterator[Task]:
    """Claims for which it is this person's turn."""
    for key, count, states in exchanges.waiting(actor):
        yield Task(key, count, "exchanges.index", {"state": states})


def _duties(actor: Actor, today: date) -> Task:
    """Free duties that are overdue or due within a week."""
    week = today + timedelta(days=7)
    waiting = _of(
        Obligation,
        visible(actor, Obligation.distributor_id),
        Obligation.state == "open",
        Obligation.due_on <= week,
    )
    params = {"state": "open,overdue", "to": week.isoformat()}
    return Task("duties", _count(waiting), "agreements.obligations", params)


def _endings(actor: Actor, today: date) -> Iterator[Task]:
    """What runs out: exceptions within 30 days, agreements within 90."""
    soon = today + timedelta(days=30)
    yield Task(
        "waivers_end",
        exceptions.ending_soon(actor),
        "exceptions.index",
        {"state": "approved", "ends_from": today.isoformat(), "ends_to": soon.isoformat()},
    )
    expiring, _sums = totals(expiring_listing(), actor, {})
    yield Task("agreements_end", expiring, "agreements.expiring", {})
    until = today + timedelta(days=LICENCE_NOTICE_DAYS)
    params = {"active": "1", "licence": until.isoformat()}
    ending, _sums = totals(partners.DISTRIBUTORS, actor, params)
    yield Task("licences_end", ending, "partners.index", params)


def _missing_reports(actor: Actor, today: date) -> int:
    """Distributors with an agreement in force that have not reported the last full month."""
    month = preceding(today, "month")
    filed = sa.select(InventoryReport.distributor_id).where(
        InventoryReport.period_start == month.start
    )
    bound = (
        sa.select(Agreement.distributor_id)
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(
            binds_on(month.start),
        )
    )
    return _count(
        _of(
            Distributor,
            visible(actor, Distributor.id),
            Distributor.is_active.is_(True),
            Distributor.id.in_(bound),
            Distributor.id.not_in(filed),
        )
    )


@dataclass(frozen=True)
class Figures:
    """The day's figures, per currency where money."""

    #: currency → (used, unpaid, waiting money) in fen
    exposure: dict[str, tuple[int, int, int]]
    #: currency → overdue fen
    overdue: dict[str, int]
    live_waivers: int


def figures(actor: Actor) -> Figures:
    today = clock.today()
    a = CreditAccount
    exposure = {
        currency: (int(used), int(unpaid), int(unapplied))
        for currency, used, unpaid, unapplied in db.session.execute(
            sa.select(
                a.currency,
                sa.func.sum(a.ordered_fen + a.shipped_fen + a.invoiced_fen - a.unapplied_fen),
                sa.func.sum(a.shipped_fen + a.invoiced_fen),
                sa.func.sum(a.unapplied_fen),
            )
            .where(visible(actor, a.distributor_id))
            .group_by(a.currency)
            .order_by(a.currency)
        )
    }
    rest = Invoice.gross_fen - settled()
    overdue = {
        currency: int(total)
        for currency, total in db.session.execute(
            sa.select(Invoice.currency, sa.func.sum(rest))
            .where(visible(actor, Invoice.distributor_id), Invoice.pay_by < today)
            .group_by(Invoice.currency)
            .order_by(Invoice.currency)
        )
        if total
    }
    for currency, parts in instalments.overdue_parts(actor, today).items():
        overdue[currency] = overdue.get(currency, 0) + parts
    live = _count(
        _of(
            Waiver,
            visible(actor, Waiver.distributor_id),
            Waiver.valid_from <= today,
            Waiver.valid_to > today,
        )
    )
    return Figures(exposure, overdue, live)


def invoiced_by_month(actor: Actor, currency: str) -> list[tuple[str, int]]:
    """(month, net fen) of the last twelve months, summed in the database."""
    today = clock.today()
    start = today.replace(year=today.year - 1, day=1)
    month = _month_of(Invoice.invoice_date)
    rows = db.session.execute(
        sa.select(month, sa.func.sum(Invoice.net_fen))
        .where(
            visible(actor, Invoice.distributor_id),
            Invoice.currency == currency,
            Invoice.kind.in_(("invoice", "credit_note")),
            Invoice.invoice_date >= start,
            Invoice.invoice_date <= today,
        )
        .group_by(month)
        .order_by(month)
    )
    return [(label, int(fen)) for label, fen in rows]


def _month_of(column: Any) -> Any:
    """«2026-11» of a date, in either database."""
    if db.engine.dialect.name == "postgresql":
        return sa.func.to_char(column, "YYYY-MM")
    return sa.func.strftime("%Y-%m", column)

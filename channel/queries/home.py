"""What waits for a person, and the figures of the day: one statement per figure, none per row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.access import Actor, Permission, Role, may
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.catalogue import PriceEntry
from channel.models.credit import CreditAccount, CreditLimit
from channel.models.exceptions import ExceptionRequest, Waiver
from channel.models.orders import Order, Shipment
from channel.models.partners import Distributor
from channel.models.rebates import RebatePolicy, RebateRun
from channel.models.receivables import Invoice
from channel.models.stock import InventoryReport
from channel.queries import exceptions
from channel.queries.receivables import settled
from channel.queries.scope import visible
from contracts.values.periods import Period


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
    found = []

    def add(key: str, count: int, endpoint: str, **params: Any) -> None:
        if count:
            found.append(Task(key, count, endpoint, params))

    if may(actor, Permission.EXCEPTIONS_DECIDE):
        add("inbox", len(exceptions.inbox(actor)), "exceptions.inbox")
    mine = ExceptionRequest.requester_id == actor.user_id
    add(
        "sent_back",
        _count(_of(ExceptionRequest, mine, ExceptionRequest.state == "sent_back")),
        "exceptions.index",
        state="sent_back",
    )
    if may(actor, Permission.AGREEMENTS_APPROVE):
        v = AgreementVersion
        add(
            "agreements",
            _count(_of(v, v.state == "review", v.submitted_by_id != actor.user_id)),
            "agreements.index",
            standing="review",
        )
    if may(actor, Permission.PRICES_APPROVE):
        add(
            "prices",
            _count(
                _of(
                    PriceEntry,
                    PriceEntry.approved_at.is_(None),
                    sa.func.coalesce(PriceEntry.proposed_by_id, 0) != (actor.user_id or 0),
                )
            ),
            "catalogue.price_books",
        )
    if may(actor, Permission.CREDIT_APPROVE):
        add("limits", _count(_of(CreditLimit, CreditLimit.approved_at.is_(None))), "credit.index")
    if may(actor, Permission.REBATES_POST):
        p = RebatePolicy
        add("runs", _count(_of(RebateRun, RebateRun.state == "reviewed")), "rebates.runs")
        add(
            "policies",
            _count(_of(p, p.state == "review", p.submitted_by_id != actor.user_id)),
            "rebates.policies",
        )
    own_orders = visible(actor, Order.distributor_id)
    add(
        "stopped_orders",
        _count(_of(Order, own_orders, Order.state.in_(("refused", "held")))),
        "orders.index",
        state="refused,held",
    )
    own_shipments = visible(actor, Shipment.distributor_id)
    add(
        "stopped_shipments",
        _count(_of(Shipment, own_shipments, Shipment.state.in_(("refused", "held")))),
        "shipments.index",
        state="refused,held",
    )
    if may(actor, Permission.INVOICES_WRITE):
        add(
            "to_invoice",
            _count(_of(Shipment, Shipment.state == "shipped")),
            "shipments.index",
            state="shipped",
        )
    if may(actor, Permission.STOCK_FILE):
        missing = _missing_reports(actor, today)
        add("reports", missing, "stock.file" if actor.is_distributor else "stock.index")
    if actor.role in (Role.CHANNEL_MANAGER, Role.OWNER):
        soon = today + timedelta(days=30)
        add(
            "waivers_end",
            exceptions.ending_soon(actor),
            "exceptions.index",
            state="approved",
            ends_from=today.isoformat(),
            ends_to=soon.isoformat(),
        )
        v = AgreementVersion
        add(
            "agreements_end",
            _count(
                _of(
                    v,
                    v.state == "approved",
                    v.valid_to > today,
                    v.valid_to <= today + timedelta(days=90),
                )
            ),
            "agreements.index",
            standing="in_force",
            ends_to=(today + timedelta(days=90)).isoformat(),
        )
    return found


def _missing_reports(actor: Actor, today: date) -> int:
    """Distributors with an agreement in force that have not reported the last full month."""
    last_day = today.replace(day=1) - timedelta(days=1)
    month = Period.month(last_day.year, last_day.month)
    filed = sa.select(InventoryReport.distributor_id).where(
        InventoryReport.period_start == month.start
    )
    bound = (
        sa.select(Agreement.distributor_id)
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(
            AgreementVersion.state == "approved",
            AgreementVersion.valid_from <= month.start,
            AgreementVersion.valid_to > month.start,
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
            Invoice.kind != "opening",
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

"""The figures that credit grades and risk scores are made from, by distributor.

A constant number of statements, whether for one distributor or for all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion, BreachNotice
from channel.models.credit import CreditAccount, CreditEntry
from channel.models.orders import Order
from channel.models.partners import Distributor
from channel.models.receivables import Invoice
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries import conduct_facts as conduct
from channel.queries import stock_outflow
from channel.queries.agreements import SIGNED
from channel.queries.conduct_facts import Overdue, of, year_before
from channel.queries.credit_limits import is_unlimited_on, revolving_on
from channel.queries.market_areas import days_between
from channel.queries.stock_advice import PACE_DAYS, SAFETY_DAYS
from channel.queries.stock_facts import is_current
from channel.rules.replenishment import safety_level
from credit.risk import over_percent


@dataclass(frozen=True)
class Figures:
    """The inputs of the score card of one distributor, and its sales of the year in fen."""

    currency: str
    inputs: dict[str, Decimal | None]
    sales_fen: int


def figures(on: date, only: int | None = None) -> dict[int, Figures]:
    """What the score card is filled with on a day."""
    late_days, owed = conduct.days_late(on, only), conduct.overdue(on, only)
    sales, since = _sales(on, only), _since(only)
    cases, reports = conduct.incidents(on, only), conduct.late_reports(on, only)
    secured, promises = conduct.security(on, only), conduct.broken_promises(on, only)
    found = {}
    for owner, currency in conduct.distributors(only):
        late = owed.get(owner, Overdue())
        sold, first_sale = sales.get(owner, (0, None))
        first = min((day for day in (since.get(owner), first_sale) if day), default=None)
        inputs = {
            "days_late": late_days.get(owner),
            "overdue_count": Decimal(late.count),
            "overdue_amount": Decimal(late.fen),
            "turnover": Decimal(max(0, sold)),
            "months": None if first is None else Decimal(months_between(first, on)),
            "violations": Decimal(_upheld(cases.get(owner, {}))),
            "security": Decimal(max(0, secured.get(owner, 0))),
            "broken_promises": Decimal(promises.get(owner, 0)),
            "late_reports": Decimal(reports.get(owner, 0)),
        }
        found[owner] = Figures(currency, inputs, sold)
    return found


def _upheld(cases: dict[tuple[str, str], int], *kinds: str) -> int:
    return sum(
        count
        for (kind, word), count in cases.items()
        if word == "upheld" and (not kinds or kind in kinds)
    )


def months_between(first: date, on: date) -> int:
    """Whole months since a day; 0 before it."""
    months = (on.year - first.year) * 12 + on.month - first.month - (on.day < first.day)
    return max(0, months)


def _sales(on: date, only: int | None) -> dict[int, tuple[int, date | None]]:
    """Invoiced incl. VAT less credit notes in the year, and the day of the first invoice."""
    i = Invoice
    in_year = sa.and_(i.invoice_date > year_before(on), i.kind != "opening")
    rows = db.session.execute(
        sa.select(
            i.distributor_id,
            sa.func.sum(sa.case((in_year, i.gross_fen), else_=0)),
            sa.func.min(i.invoice_date),
        )
        .join(Distributor, Distributor.id == i.distributor_id)
        .where(
            of(i.distributor_id, only),
            i.currency == Distributor.currency,
            i.invoice_date <= on,
        )
        .group_by(i.distributor_id)
    )
    return {owner: (int(fen), first) for owner, fen, first in rows}


def _since(only: int | None) -> dict[int, date]:
    """The first day of the first agreement that was signed."""
    rows = db.session.execute(
        sa.select(Agreement.distributor_id, sa.func.min(AgreementVersion.valid_from))
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(of(Agreement.distributor_id, only), AgreementVersion.state.in_(SIGNED))
        .group_by(Agreement.distributor_id)
    )
    return dict(rows.all())


def signals(on: date, only: int | None = None) -> dict[int, dict[str, int | None]]:
    """What the risk score is made from on a day."""
    owed, cases = conduct.overdue(on, only), conduct.incidents(on, only)
    promises, reports = conduct.broken_promises(on, only), conduct.late_reports(on, only)
    over, stopped = _over(on, only), _stopped(only)
    breaches, alerts = _breaches(on, only), _alerts(on, only)
    hidden = stock_outflow.signal(on, only)
    found: dict[int, dict[str, int | None]] = {}
    for owner, _currency in conduct.distributors(only):
        late, own = owed.get(owner, Overdue()), cases.get(owner, {})
        found[owner] = {
            "overdue_days": late.days,
            "overdue_amount": late.fen,
            "over_limit": over.get(owner, 0),
            "broken_promises": promises.get(owner, 0),
            "stopped_orders": stopped.get(owner, 0),
            "breaches": breaches.get(owner, 0),
            "open_incidents": own.get(("diversion", "open"), 0) + own.get(("promotion", "open"), 0),
            "upheld_incidents": _upheld(own, "diversion", "promotion"),
            "price_incidents": own.get(("price", "open"), 0) + _upheld(own, "price"),
            "late_reports": reports.get(owner, 0),
            "hidden_outflow": hidden.get(owner, 0),
            "stock_alerts": alerts.get(owner, 0),
        }
    return found


def _over(on: date, only: int | None) -> dict[int, int]:
    """By how many per cent, each begun one counting, the use exceeds the revolving limit."""
    account, entry = CreditAccount, CreditEntry
    used: Any = (
        account.ordered_fen + account.shipped_fen + account.invoiced_fen - account.unapplied_fen
    )
    if on < clock.today():
        signed = sa.case((entry.bucket == "unapplied", -entry.amount_fen), else_=entry.amount_fen)
        used = (
            sa.select(sa.func.coalesce(sa.func.sum(signed), 0))
            .where(entry.account_id == account.id, entry.on_date <= on)
            .correlate(account)
            .scalar_subquery()
        )
    rows = db.session.execute(
        sa.select(account.distributor_id, used, revolving_on(on), is_unlimited_on(on))
        .join(Distributor, Distributor.id == account.distributor_id)
        .where(of(account.distributor_id, only), account.currency == Distributor.currency)
    )
    return {
        owner: over_percent(int(use), None if unlimited else int(limit or 0))
        for owner, use, limit, unlimited in rows
    }


def _stopped(only: int | None) -> dict[int, int]:
    """Orders that a rule stops, as they stand now."""
    rows = db.session.execute(
        sa.select(Order.distributor_id, sa.func.count())
        .where(of(Order.distributor_id, only), Order.state.in_(("refused", "held")))
        .group_by(Order.distributor_id)
    )
    return dict(rows.all())


def _breaches(on: date, only: int | None) -> dict[int, int]:
    """Breach notices of the year."""
    notice = BreachNotice
    rows = db.session.execute(
        sa.select(notice.distributor_id, sa.func.count())
        .where(
            of(notice.distributor_id, only),
            notice.issued_on > year_before(on),
            notice.issued_on <= on,
        )
        .group_by(notice.distributor_id)
    )
    return dict(rows.all())


def _alerts(on: date, only: int | None) -> dict[int, int]:
    """Goods below their safety stock in the last report that was filed by the day."""
    report = InventoryReport
    known = sa.and_(of(report.distributor_id, only), report.filed_on <= on, is_current())
    place = sa.func.row_number().over(
        partition_by=report.distributor_id, order_by=report.period_end.desc()
    )
    ranked = sa.select(
        report.id, report.distributor_id, report.period_end, place.label("place")
    ).where(known)
    last = ranked.subquery()
    row = InventoryRow
    out = sa.func.coalesce(row.sell_out, 0) - sa.func.coalesce(row.returns_in, 0)
    is_last = report.id == last.c.id
    held = sa.func.coalesce(row.held, 0) + sa.func.coalesce(row.damaged, 0)
    rows = db.session.execute(
        sa.select(
            report.distributor_id,
            row.product_id,
            report.id,
            days_between(report.period_start, report.period_end),
            sa.func.sum(out),
            sa.func.sum(sa.case((is_last, row.closing - held), else_=0)),
            sa.func.max(sa.case((is_last, 1), else_=0)),
        )
        .join(report, report.id == row.report_id)
        .join(
            last,
            sa.and_(last.c.distributor_id == report.distributor_id, last.c.place == 1),
        )
        .where(
            known,
            report.period_end <= last.c.period_end,
            days_between(report.period_start, last.c.period_end) <= PACE_DAYS,
        )
        .group_by(
            report.distributor_id,
            row.product_id,
            report.id,
            report.period_start,
            report.period_end,
        )
    )
    return _count_alerts(rows)


def _count_alerts(rows: Any) -> dict[int, int]:
    """(owner, product, report, days, sold, stock, whether it is the last) → goods that are low."""
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for owner, product, _report, days, sold, stock, is_last in rows:
        one = sums[owner, product]
        one[0] += int(sold)
        one[1] += int(days)
        one[2] += int(stock)
        one[3] |= int(is_last)
    found: dict[int, int] = defaultdict(int)
    for (owner, _product), (sold, days, stock, is_named) in sums.items():
        if is_named and max(stock, 0) < safety_level(sold, days, SAFETY_DAYS):
            found[owner] += 1
    return dict(found)

"""Which settled periods may be due for a true-up: what was posted since a run last looked at them.

New rows are found by their ids, in one statement a source, whatever the number of periods; what
has no ids (conditions, typed baselines, targets, groups, rebates that come first) is looked at
again for a year. Further back than three years a period is run again by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from channel.db import db
from channel.models.exchanges import ExchangePosting
from channel.models.orders import Shipment
from channel.models.rebates import RebatePolicy, RebateRun
from channel.models.receivables import (
    Allocation,
    DiscountTaken,
    Invoice,
    InvoiceInstalment,
    InvoiceLine,
    Receipt,
)
from channel.queries.rebates_enrolled import last_year
from channel.queries.rebates_money import PAID
from channel.queries.rebates_seen import TABLES, Seen, of_run
from channel.queries.rebates_settling import Settling, settling
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period

#: Rows are looked for in periods that ended so many days before the run, evidence in fewer.
ROWS_DAYS = 3 * 366
EVIDENCE_DAYS = 366

_run = RebateRun


@dataclass(frozen=True)
class Again:
    """A settled period that is computed again, by the version that settled it."""

    settled: Settling
    #: What every run before saw of it.
    seen: Seen


@dataclass(frozen=True)
class _Day:
    """A day on which something new counts, with the last id of it."""

    on: date
    last: int


def due(period: Period, codes: Iterable[str] | None = None) -> list[Again]:
    """The settled periods other than `period` that must be computed again, by their end."""
    marked = _settled(period)
    candidates = [
        Again(settling(policy, settled), seen)
        for settled, seen, policies in marked
        for policy in policies
        if codes is None or policy.code in codes
    ]
    if not candidates:
        return []
    recent = period.end - timedelta(days=EVIDENCE_DAYS)
    days = _News(candidates)
    return [
        again
        for again in candidates
        if days.touch(again)
        or (is_watched(again.settled.terms) and again.settled.period.end >= recent)
    ]


def seen_of(period: Period) -> Seen | None:
    """What posted runs of this very period have seen; None: it was not settled yet."""
    runs = db.session.scalars(
        sa.select(_run).where(
            _run.state == "posted",
            _run.period_start == period.start,
            _run.period_end == period.end,
        )
    ).all()
    return _latest(runs) if runs else None


def is_watched(terms: RebateTerms) -> bool:
    """Whether something can change the rebate that is no row with an id."""
    return bool(
        terms.conditions
        or terms.reduced_by
        # What an earlier period of the window is granted is part of «granted before».
        or (terms.accumulate is not None and terms.catch_up)
        or terms.scope == "group"
        or terms.gauge in ("attainment", "orders")
        or (terms.gauge == "growth" and terms.reference == "typed")
    )


def _settled(but: Period) -> list[tuple[Period, Seen, list[RebatePolicy]]]:
    """Settled periods within reach, what was seen of each, and the versions that settled it."""
    runs = db.session.scalars(
        sa.select(_run).where(_run.state == "posted").order_by(_run.posted_at, _run.id)
    ).all()
    own: dict[Period, list[RebateRun]] = {}
    for run in runs:
        own.setdefault(Period(run.period_start, run.period_end), []).append(run)
    reach = but.end - timedelta(days=ROWS_DAYS)
    versions = list(
        db.session.scalars(
            sa.select(RebatePolicy)
            .where(RebatePolicy.state == "approved")
            .order_by(RebatePolicy.code, RebatePolicy.version_no)
        )
    )
    found = []
    for settled, its_runs in own.items():
        if settled == but or settled.end < reach or settled.kind is None:
            continue
        looked = [
            run
            for run in runs
            if run in its_runs
            or (
                run.seen is not None and run.proposed_at >= (its_runs[0].posted_at or run.posted_at)
            )
        ]
        policies = _ruled(versions, settled, its_runs[-1].proposed_at)
        found.append((settled, _latest(looked), policies))
    return sorted(found, key=lambda one: (one[0].end, one[0].days, one[0].start))


def _ruled(versions: Sequence[RebatePolicy], period: Period, at: datetime) -> list[RebatePolicy]:
    """The versions by which a run at that instant settled the period, by code."""
    newest: dict[str, RebatePolicy] = {}
    for policy in versions:
        is_known = policy.approved_at is None or policy.approved_at <= at
        if is_known and policy.valid_from <= period.start:
            newest[policy.code] = policy
    return [p for p in newest.values() if p.terms["period_kind"] == period.kind]


def _latest(runs: Sequence[RebateRun]) -> Seen:
    """The furthest marks of several runs."""
    seen = [mark for run in runs if (mark := of_run(run)) is not None]
    return Seen(
        **{name: max(getattr(one, name) for one in seen) for name in TABLES},
        at=max(one.at for one in seen),
    )


class _News:
    """The days on which rows count that some run has not seen; each source is read once."""

    def __init__(self, candidates: Sequence[Again]) -> None:
        first = {name: min(getattr(one.seen, name) for one in candidates) for name in TABLES}
        bases = [one.settled.terms.base for one in candidates]
        self.lines = self._lines(first["lines"])
        is_paid = any(base.kind in PAID for base in bases)
        self.money = _money(first["allocations"]) if is_paid else []
        self.discounts = _discounts(first["discounts"]) if any(b.discounts for b in bases) else []
        self.exchanges = _exchanges(first["exchanges"]) if any(b.exchanges for b in bases) else []
        is_shipped = any(base.kind == "shipped" for base in bases)
        self.shipped = _shipped(min(one.seen.at for one in candidates)) if is_shipped else []

    def _lines(self, after: int) -> list[tuple[_Day, _Day]]:
        line = InvoiceLine
        rows = db.session.execute(
            sa.select(line.counts_on, line.shipped_on, sa.func.max(line.id))
            .where(line.id > after)
            .group_by(line.counts_on, line.shipped_on)
        )
        return [(_Day(counts, last), _Day(left, last)) for counts, left, last in rows]

    def touch(self, again: Again) -> bool:
        """Whether something new counts in the days of the policy, or of the year before."""
        base, seen = again.settled.terms.base, again.seen
        spans = [again.settled.so_far]
        if again.settled.terms.gauge == "growth" and again.settled.terms.reference == "last_year":
            spans.append(last_year(again.settled.so_far))
        news: list[tuple[int, Iterable[_Day]]] = []
        if base.kind in PAID:
            news.append((seen.allocations, self.money))
        else:
            news.append(
                (seen.lines, (left if base.kind == "shipped" else on for on, left in self.lines))
            )
        if base.discounts:
            news.append((seen.discounts, self.discounts))
        if base.exchanges:
            news.append((seen.exchanges, self.exchanges))
        if any(
            day.last > mark and span.contains(day.on)
            for mark, days in news
            for day in days
            for span in spans
        ):
            return True
        return base.kind == "shipped" and any(
            at > seen.at and span.contains(on) for on, at in self.shipped for span in spans
        )


def _came(document: type[Invoice]) -> sa.ColumnElement[date]:
    received = sa.func.coalesce(Receipt.received_on, Allocation.allocated_on)
    came = sa.case((received > document.invoice_date, received), else_=document.invoice_date)
    return sa.type_coerce(came, sa.Date)


def _money(after: int) -> list[_Day]:
    came = _came(Invoice)
    rows = db.session.execute(
        sa.select(came, sa.func.max(Allocation.id))
        .join_from(Allocation, Invoice, Invoice.id == Allocation.invoice_id)
        .outerjoin(Receipt, Receipt.id == Allocation.receipt_id)
        .where(Allocation.id > after)
        .group_by(came)
    )
    return [_Day(on, last) for on, last in rows]


def _discounts(after: int) -> list[_Day]:
    """Of invoices: the days of their lines; of money: the day it came. Both are given."""
    line = InvoiceLine
    rows = db.session.execute(
        sa.select(
            line.counts_on, line.shipped_on, Receipt.received_on, sa.func.max(DiscountTaken.id)
        )
        .join_from(
            DiscountTaken, InvoiceInstalment, InvoiceInstalment.id == DiscountTaken.instalment_id
        )
        .join(line, line.invoice_id == InvoiceInstalment.invoice_id)
        .join(Receipt, Receipt.id == DiscountTaken.receipt_id)
        .where(DiscountTaken.id > after)
        .group_by(line.counts_on, line.shipped_on, Receipt.received_on)
    )
    return [_Day(on, last) for *days, last in rows for on in set(days)]


def _exchanges(after: int) -> list[_Day]:
    posting = ExchangePosting
    rows = db.session.execute(
        sa.select(posting.posted_on, sa.func.max(posting.id))
        .where(posting.id > after)
        .group_by(posting.posted_on)
    )
    return [_Day(on, last) for on, last in rows]


def _shipped(after: datetime) -> list[tuple[date, datetime]]:
    rows = db.session.execute(
        sa.select(Shipment.ship_date, sa.func.max(Shipment.shipped_at))
        .where(Shipment.shipped_at > after)
        .group_by(Shipment.ship_date)
    )
    return [(on, at) for on, at in rows]

"""The filing calendar: which report is due when, who filed it, late or not, and reminders told.

`on_time` is the condition «reports on time» as rebates read it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport
from channel.models.stock_checks import StockReminder
from channel.queries import catalogue
from channel.queries.agreements import SIGNED
from channel.queries.scope import visible
from channel.queries.stock import lacks_report
from channel.rules.stock_conduct import Month, OnTime, judge
from channel.rules.stock_filing import STEPS, due_on, late_days
from contracts.values.periods import Period, containing, preceding

MONTHS_SHOWN = 12


def months_before(today: date, count: int = MONTHS_SHOWN) -> list[Period]:
    """The last full months, the newest first."""
    found = [preceding(today, "month")]
    while len(found) < count:
        found.append(preceding(found[-1].start, "month"))
    return found


@dataclass(frozen=True)
class Due:
    """A month for the house: who was asked, and what became of it."""

    period: Period
    due: date
    in_time: int
    late: int
    missing: int
    reminded: int


def house(actor: Actor, today: date) -> list[Due]:
    """Each of the last months with its counts, in three statements."""
    months = months_before(today)
    r = InventoryReport
    rows = db.session.execute(
        sa.select(
            r.period_start,
            sa.func.sum(sa.case((r.late_days == 0, 1), else_=0)),
            sa.func.sum(sa.case((r.late_days > 0, 1), else_=0)),
        )
        .where(
            r.period_start.in_([m.start for m in months]),
            r.period.in_([m.label for m in months]),
            r.version_no == 1,
            visible(actor, r.distributor_id),
        )
        .group_by(r.period_start)
    )
    filed = {start: (int(in_time), int(late)) for start, in_time, late in rows}
    halves = [
        sa.select(sa.literal(m.label), sa.func.count())
        .select_from(Distributor)
        .where(lacks_report(m), visible(actor, Distributor.id))
        for m in months
    ]
    missing = dict(db.session.execute(sa.union_all(*halves)).all())
    told = dict(
        db.session.execute(
            sa.select(StockReminder.period_start, sa.func.count())
            .where(visible(actor, StockReminder.distributor_id))
            .group_by(StockReminder.period_start)
        ).all()
    )
    calendar = catalogue.work_calendar()
    return [
        Due(m, due_on(m, calendar), *filed.get(m.start, (0, 0)), missing[m.label],
            told.get(m.start, 0))
        for m in months
    ]  # fmt: skip


def filings(
    distributor_ids: Collection[int], span: Period
) -> dict[int, dict[date, tuple[date, date, int]]]:
    """Distributor → first day of a month → (due, first filed, working days late).

    Where weeks are reported, a month is as late as the latest of the weeks that end in it.
    """
    r = InventoryReport
    rows = db.session.execute(
        sa.select(r.distributor_id, r.period_end, r.due_on, r.first_filed_on, r.late_days).where(
            r.distributor_id.in_(distributor_ids),
            r.period_end > span.start,
            r.period_end <= span.end,
            r.version_no == 1,
        )
    )
    found: dict[int, dict[date, tuple[date, date, int]]] = {}
    for owner, end, due, filed, late in rows:
        own = found.setdefault(owner, {})
        month = containing(end - timedelta(days=1), "month").start
        was = own.get(month, (due, filed, late))
        own[month] = (max(was[0], due), max(was[1], filed), max(was[2], late))
    return found


def _bound(distributor_ids: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    """Distributor → the days on which agreements bound it to report, half-open."""
    version = AgreementVersion
    rows = db.session.execute(
        sa.select(
            Agreement.distributor_id,
            version.valid_from,
            sa.func.coalesce(version.ended_on, version.valid_to),
        )
        .join(Agreement, Agreement.id == version.agreement_id)
        .where(Agreement.distributor_id.in_(distributor_ids), version.state.in_(SIGNED))
    )
    found: dict[int, list[tuple[date, date]]] = {}
    for owner, start, end in rows:
        found.setdefault(owner, []).append((start, end))
    return found


def on_time_of(distributor_ids: Collection[int], period: Period, on: date) -> dict[int, OnTime]:
    """The condition «reports on time» over the months of a period, as known on a day.

    A month counts when an agreement bound the distributor in it, or when it was filed.
    """
    months, month = [], containing(period.start, "month")
    while month.start < period.end:
        months.append(month)
        month = containing(month.end, "month")
    filed, bound = filings(distributor_ids, period), _bound(distributor_ids)
    calendar = catalogue.work_calendar()
    found = {}
    for owner in distributor_ids:
        own, days = filed.get(owner, {}), bound.get(owner, [])
        asked = [
            m for m in months
            if m.start in own or any(a < m.end and b > m.start for a, b in days)
        ]  # fmt: skip
        found[owner] = judge(asked, own, on, calendar)
    return found


def on_time(distributor_id: int, period: Period, on: date) -> OnTime:
    """`on_time_of` for one distributor."""
    return on_time_of([distributor_id], period, on)[distributor_id]


def own_months(distributor_id: int, today: date) -> tuple[Month, ...]:
    """The last months of one distributor, the newest first."""
    months = months_before(today)
    span = Period(months[-1].start, months[0].end)
    return tuple(reversed(on_time(distributor_id, span, today).months))


def reminders_of(distributor_id: int) -> dict[date, list[StockReminder]]:
    """First day of the period → the reminders that were told, in order."""
    found: dict[date, list[StockReminder]] = {}
    for row in db.session.scalars(
        sa.select(StockReminder)
        .where(StockReminder.distributor_id == distributor_id)
        .order_by(StockReminder.id)
    ):
        found.setdefault(row.period_start, []).append(row)
    return found


def to_remind(period: Period) -> list[Any]:
    """Distributors that have not filed the period, with the steps that were told."""
    told = (
        sa.select(StockReminder.step)
        .where(
            StockReminder.distributor_id == Distributor.id,
            StockReminder.period_start == period.start,
        )
        .correlate(Distributor)
    )
    return [
        (owner, rep, {step for step, is_told in zip(STEPS, steps, strict=True) if is_told})
        for owner, rep, *steps in db.session.execute(
            sa.select(
                Distributor.id,
                Distributor.sales_rep_id,
                *(told.where(StockReminder.step == step).exists() for step in STEPS),
            )
            .where(lacks_report(period))
            .order_by(Distributor.id)
        )
    ]


def overdue_now(period: Period, today: date) -> int:
    """By how many working days the period's report is late today when it is missing."""
    calendar = catalogue.work_calendar()
    return late_days(due_on(period, calendar), today, calendar)

"""Duties as conditions of rebates: reports in time, displays, trainings, first in, first out.

Who has no such duty has no value: a reward for doing one's duty is not owed where there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import Obligation
from channel.models.catalogue import Product
from channel.models.market import DisplayCheck, Outlet
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries import stock_filing
from channel.queries.rebates_evidence_asked import Asked
from channel.queries.stock_evidence import is_current
from channel.rules import display as display_rules
from channel.rules.fifo import judged
from channel.rules.stock_conduct import Month
from channel.rules.stock_row import StockRow
from contracts.rebates.figures import Evidence
from contracts.values.periods import Period


def report(asked: Asked) -> dict[int, Evidence]:
    """Reports of the period that were not filed in time, with the day filed and the day due.

    No value where no agreement asked for a report, and while one may still come in time.
    """
    found = {}
    for owner, one in stock_filing.on_time_of(asked.ids, asked.period, asked.on).items():
        waiting = [m for m in one.months if m.filed is None and not m.late_days]
        if one.late:
            value, shown = Decimal(len(one.late)), one.late
        else:
            value, shown = Decimal(0), tuple(waiting) or one.months
        is_open = not one.months or (waiting and not one.late)
        found[owner] = Evidence(None if is_open else value, tuple(map(_filed, shown)))
    return found


def _filed(month: Month) -> str:
    """«2026-08: 2026-09-15 > 2026-09-10»: when it came, against the day it was due."""
    return _against(month.period.label, month.filed, month.due, is_late=bool(month.late_days))


def _against(what: str, came: date | None, due: date, *, is_late: bool) -> str:
    """What was to come, when it did (—: not at all), and the day by which it had to."""
    if came is None and not is_late:
        return f"{what} (≤ {due})"
    return f"{what}: {came or '—'} {'>' if is_late else '≤'} {due}"


def display(asked: Asked) -> dict[int, Evidence]:
    """Outlets whose last look of a month did not pass, over the months of the period.

    No value where nobody looked at any display in the period: it proves nothing.
    """
    c = DisplayCheck
    rows = db.session.execute(
        sa.select(c.distributor_id, c.outlet_id, Outlet.name, c.checked_on, c.is_passed)
        .join(Outlet, Outlet.id == c.outlet_id)
        .where(
            asked.own(c.distributor_id),
            c.checked_on >= asked.period.start,
            c.checked_on <= asked.last,
        )
        .order_by(c.checked_on, c.id)
    )
    months: dict[int, dict[str, dict[int, bool]]] = defaultdict(lambda: defaultdict(dict))
    named: dict[tuple[int, str, int], str] = {}
    for owner, outlet, name, day, is_passed in rows:
        month = f"{day:%Y-%m}"
        months[owner][month][outlet] = is_passed
        named[owner, month, outlet] = f"{day} {name}"
    found = {}
    for owner, own in months.items():
        failed = [
            named[owner, month, outlet]
            for month, looks in own.items()
            for outlet, is_passed in looks.items()
            if not is_passed
        ]
        months_met = tuple(m for m, looks in own.items() if display_rules.month_condition(looks))
        found[owner] = Evidence(Decimal(len(failed)), tuple(failed) or months_met)
    return found


def training(asked: Asked) -> dict[int, Evidence]:
    """Trainings due in the period that did not take place in time, with what they were.

    No value where none was due, and while one may still take place in time.
    """
    o = Obligation
    rows = db.session.execute(
        sa.select(o.distributor_id, o.text, o.due_on, o.fulfilled_on)
        .where(
            asked.own(o.distributor_id),
            o.kind == "training",
            o.owner == "distributor",
            o.state != "dropped",
            o.due_on >= asked.period.start,
            o.due_on < asked.period.end,
        )
        .order_by(o.due_on, o.id)
    )
    late: dict[int, list[str]] = defaultdict(list)
    done: dict[int, list[str]] = defaultdict(list)
    waiting: set[int] = set()
    for owner, text, due, fulfilled in rows:
        came = fulfilled if fulfilled is not None and fulfilled <= asked.on else None
        is_open = came is None and asked.on <= due
        is_late = not is_open and (came is None or came > due)
        if is_open:
            waiting.add(owner)
        line = _against(text, came, due, is_late=is_late)
        (late if is_late else done)[owner].append(line)
    found = {}
    for owner in late.keys() | done.keys():
        own = late.get(owner, [])
        # What may still take place is no breach yet, and no proof either.
        value = None if owner in waiting and not own else Decimal(len(own))
        found[owner] = Evidence(value, tuple(own or done[owner]))
    return found


_LINE = tuple(f.name for f in fields(StockRow) if f.name not in ("row_number", "product"))


def fifo(asked: Asked) -> dict[int, Evidence]:
    """Products sold out of order for sure, in the reports of the period that were accepted.

    Counted by report, product and place, with the quantity. No value without a report.
    """
    counted: dict[int, int] = defaultdict(int)
    refs: dict[int, list[str]] = defaultdict(list)
    for owner, label, lines in _reports(asked):
        counted[owner] += 0
        for breach, _own in judged(lines):
            if breach.certain > 0:
                counted[owner] += 1
                refs[owner].append(f"{label} {breach.product}: {breach.certain}")
    return {o: Evidence(Decimal(n), tuple(refs[o])) for o, n in counted.items()}


def _reports(asked: Asked) -> Iterator[tuple[int, str, list[StockRow]]]:
    """(distributor, label of the period, lines) of each accepted report, one at a time."""
    r, row = InventoryReport, InventoryRow
    statement = (
        sa.select(
            r.id, r.distributor_id, r.period, row.row_number, Product.code,
            *(getattr(row, name) for name in _LINE),
        )
        .join(row, row.report_id == r.id)
        .join(Product, Product.id == row.product_id)
        .where(
            asked.own(r.distributor_id),
            _ends_in(asked.period),
            r.state == "accepted",
            r.filed_on <= asked.on,
            is_current(),
        )
        .order_by(r.distributor_id, r.period_start, r.id, row.row_number)
        .execution_options(yield_per=2000)
    )  # fmt: skip
    for key, rows in groupby(db.session.execute(statement), key=lambda one: tuple(one[:3])):
        lines = [
            StockRow(row_number=one[3], product=one[4], **dict(zip(_LINE, one[5:], strict=True)))
            for one in rows
        ]
        yield key[1], key[2], lines


def _ends_in(period: Period) -> Any:
    """A report belongs to the period in which its own days end."""
    r = InventoryReport
    return sa.and_(r.period_end > period.start, r.period_end <= period.end)

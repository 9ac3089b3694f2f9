"""What the checks of reports show in the demo: a restatement, hidden outflow, a nought lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from channel import clock
from channel.access import SYSTEM
from channel.demo.world import World
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries import catalogue, stock_facts
from channel.queries import stock as reads
from channel.rules.stock_filing import due_on
from channel.services import stock, stock_filing
from channel.tabular.kinds import KINDS
from contracts.values.periods import Period, preceding

NAMES = ("product", "batch", "produced_on", "expires_on", "opening", "receipts", "sell_out",
         "losses", "closing", "reason")  # fmt: skip

Row = dict[str, Any]


def leave_open(world: World, today: date) -> None:
    """D2 restates, D4 restates so much that it waits, and D3's late file has a slip."""
    month = preceding(today, "month")
    _remind(month, today)
    with clock.at(clock.instant_of(today, 9, 35)):
        _restate(world, "D2", month, _sold_one_less, "漏记一箱客户退货，重新报送")
        _restate(world, "D4", month, _sold_far_less, "二批明细未收齐，按已核实的出货重报")
        _slip(world, "D3", month)


def _remind(month: Period, today: date) -> None:
    """Who has not filed the last month was reminded on each of the three days."""
    calendar = catalogue.work_calendar()
    due = due_on(month, calendar)
    for day in (due - timedelta(days=2), due, calendar.add(due, 1)):
        if day <= today:
            with clock.at(clock.instant_of(day, 9)):
                stock_filing.write_reminders(SYSTEM, 0, {"day": day.isoformat()})


def _current(world: World, code: str, month: Period) -> InventoryReport | None:
    versions = stock_facts.versions_of(world.distributor(code), month)
    return reads.get_report(world.actor(code.lower()), versions[0].id) if versions else None


def _restate(
    world: World, code: str, month: Period, change: Callable[[list[Row]], None], reason: str
) -> None:
    """The last report once more, with other figures and the reason why."""
    report = _current(world, code, month)
    if report is None or not report.rows:
        return
    rows = [_cells(row) for row in report.rows]
    change(rows)
    actor = world.actor(code.lower())
    got = stock.receive_report(
        actor, report.distributor_id, month, f"进销存{month.label}重报.csv", _csv(rows)
    )
    stock.accept_report(actor, got.upload_id, None, reason)


def _cells(row: InventoryRow) -> Row:
    return {name: row.product.code if name == "product" else getattr(row, name) for name in NAMES}


def _sold_one_less(rows: list[Row]) -> None:
    """One box of the best-selling line came back: it is in stock after all."""
    row = max(rows, key=lambda r: r["sell_out"])
    row["sell_out"] -= 1
    row["closing"] += 1


def _sold_far_less(rows: list[Row]) -> None:
    """More than half of what was sold can no longer be shown to anybody."""
    row = max(rows, key=lambda r: r["sell_out"])
    row["sell_out"] = row["sell_out"] * 2 // 5
    row["reason"] = "二批明细未收齐"


def _slip(world: World, code: str, month: Period) -> None:
    """A file that waits: the receipts of a good lack a nought."""
    if _current(world, code, month) is not None:
        return
    owner = world.distributor(code)
    known = stock_facts.context(owner, month)
    received = {c: q for c, q in (known.shipped or {}).items() if q}
    if not received or not known.previous_closings:
        return
    rows: list[Row] = [
        {"product": product, "batch": batch, "opening": left, "receipts": 0, "sell_out": left,
         "closing": 0}
        for (product, batch, _place), left in known.previous_closings.items()
        if left
    ]  # fmt: skip
    for place, (product, quantity) in enumerate(sorted(received.items())):
        came = quantity // 10 if place == 0 else quantity
        rows.append(
            {"product": product, "batch": f"{month.start:%y%m}", "opening": 0, "receipts": came,
             "sell_out": came // 2, "closing": came - came // 2}
        )  # fmt: skip
    stock.receive_report(
        world.actor(code.lower()), owner, month, f"进销存{month.label}.csv", _csv(rows)
    )


def _csv(rows: list[Row]) -> bytes:
    """The sheet under the Chinese labels of the template."""
    labels = {f.name: f.zh for f in KINDS["stock_report"].fields}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([labels[n] for n in NAMES])
    for row in rows:
        cells = [row.get(n) for n in NAMES]
        writer.writerow(["" if cell is None else cell for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode()

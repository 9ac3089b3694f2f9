"""Trace codes by file: ranges bound to shipment lines, each checked as if entered by hand."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from channel.db import db
from channel.models.diversions import TraceRange
from channel.models.orders import Shipment, ShipmentLine
from channel.queries import trace_codes as reads
from channel.rules.trace_codes import LEVELS, Span, normal, span_of
from channel.services.steps import trace_codes as steps
from channel.services.steps.importing.plan import Plan, Task, chunks
from channel.services.work import Work


def plan(task: Task) -> Plan:
    """Ranges by their first code; one that stands for other goods is refused."""
    lines = _lines(task)
    result = Plan()
    wanted: list[tuple[Any, ShipmentLine, Span]] = []
    for row in task.rows:
        line = _line_of(task, result, row, lines)
        span = span_of(row.first, row.last)
        if isinstance(span, list):
            result.findings.append(task.stop("import.code_range", row.row, "last", first=row.first,
                                             last=row.last))  # fmt: skip
        elif row.level not in LEVELS:
            result.findings.append(task.stop("import.code_level", row.row, "level",
                                             value=row.level))  # fmt: skip
        elif line is not None:
            wanted.append((row, line, span))
    fresh = _unheld(task, result, wanted)
    _check_file(task, result, fresh)
    result.new = len(fresh)
    result.findings = result.findings[:200]
    result.write = lambda w, reason: _write(w, fresh)
    return result


def _lines(task: Task) -> dict[str, list[ShipmentLine]]:
    """shipment number → its lines, with shipment and product."""
    found: dict[str, list[ShipmentLine]] = {}
    for part in chunks(sorted({row.shipment for row in task.rows})):
        statement = (
            sa.select(Shipment, ShipmentLine)
            .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
            .where(Shipment.number.in_(part))
            .options(joinedload(ShipmentLine.product), joinedload(ShipmentLine.shipment))
            .order_by(ShipmentLine.line_no)
        )
        for shipment, line in db.session.execute(statement):
            found.setdefault(shipment.number, []).append(line)
    return found


def _line_of(
    task: Task, result: Plan, row: Any, lines: dict[str, list[ShipmentLine]]
) -> ShipmentLine | None:
    """The line that a row means, or None with a finding."""
    if row.shipment not in lines:
        result.findings.append(
            task.stop("import.shipment_unknown", row.row, "shipment", value=row.shipment)
        )
        return None
    shipment = lines[row.shipment][0].shipment
    if shipment.state not in steps.BINDABLE:
        result.findings.append(
            task.stop("import.not_packed", row.row, "shipment", value=row.shipment)
        )
        return None
    fitting = [
        line
        for line in lines[row.shipment]
        if line.product.code == row.product and row.line in (0, line.line_no)
    ]
    if len(fitting) != 1:
        code = "import.line_unclear" if fitting else "import.line_unknown"
        result.findings.append(task.stop(code, row.row, "product", value=row.product,
                                         document=row.shipment))  # fmt: skip
        return None
    return fitting[0]


def _unheld(
    task: Task, result: Plan, wanted: list[tuple[Any, ShipmentLine, Span]]
) -> list[tuple[Any, ShipmentLine, Span]]:
    """What is new; the same range of the same line counts as same, another is refused."""
    held = reads.overlapping([span for _row, _line, span in wanted])
    fresh = []
    for row, line, span in wanted:
        stands = held.get(span)
        if stands is None:
            fresh.append((row, line, span))
        elif (stands.shipment_line_id, stands.first_no, stands.last_no) == (
            line.id, span.first_no, span.last_no,
        ):  # fmt: skip
            result.same += 1
        else:
            result.findings.append(
                task.stop("import.codes_taken", row.row, "first", first=stands.first_code,
                          last=stands.last_code)
            )  # fmt: skip
    return fresh


def _check_file(
    task: Task, result: Plan, fresh: list[tuple[Any, ShipmentLine, Span]]
) -> None:  # fmt: skip
    """Ranges of the file among themselves, and no more codes than goods."""
    ends: dict[tuple[str, int], int] = {}
    for row, _line, span in sorted(fresh, key=lambda f: (f[2].stem, f[2].width, f[2].first_no)):
        series = (span.stem, span.width)
        if ends.get(series, -1) >= span.first_no:
            result.findings.append(task.stop("import.codes_twice", row.row, "first",
                                             value=normal(row.first)))  # fmt: skip
        ends[series] = max(ends.get(series, -1), span.last_no)
    bound: dict[tuple[int, str], int] = defaultdict(int)
    bound.update(reads.bound_units({line.id for _row, line, _span in fresh}))
    for row, line, span in fresh:
        bound[line.id, row.level] += span.count * row.units_each
        if bound[line.id, row.level] > line.quantity:
            result.findings.append(
                task.stop("import.codes_too_many", row.row, "last", product=row.product,
                          asked=bound[line.id, row.level], quantity=line.quantity)
            )  # fmt: skip


def _write(w: Work, fresh: list[tuple[Any, ShipmentLine, Span]]) -> None:
    rows: list[TraceRange] = [
        steps.row_of(
            w, line, line.shipment, span, (row.first, row.last),
            level=row.level, units_each=row.units_each, parent=row.parent,
        )
        for row, line, span in fresh
    ]  # fmt: skip
    w.session.add_all(rows)

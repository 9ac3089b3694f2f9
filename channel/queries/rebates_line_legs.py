"""Legs over invoice lines: with what stands beside a line, and what of it may count."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from channel.queries.rebates_counted import Counting, Leg, day_between, goods, joined, row_of


def with_free(counting: Counting) -> bool:
    return counting.terms.base.free_goods and counting.terms.base.measure == "quantity"


def line_leg(counting: Counting, source: Any, line: Any, document: Any, day: Any) -> Leg:
    """A leg over invoice lines; `document`: the joined invoice where the source has it already."""
    invoice = line.invoice_id
    beside = joined(counting, source, invoice, line.distributor_id, line.product_id)
    row = row_of(beside, line.distributor_id, day, line.product_id, line.group_id)
    conditions = day_between(day, counting.period)
    if not with_free(counting):
        conditions.append(line.is_free.is_(False))
    if counting.seen is not None:
        conditions.append(line.id <= counting.seen.lines)
    known = beside.document if beside.document is not None else document
    if not counting.terms.base.returns:
        conditions.append(known.kind != "credit_note")
    return Leg(
        source=beside.source,
        row=row,
        currency=line.currency,
        net=_unless_free(counting, line, line.net_e4),
        gross=_unless_free(counting, line, line.gross_e4),
        quantity=line.quantity,
        conditions=[*conditions, *goods(counting, row)],
        invoice=invoice,
        line=line.id,
        line_no=line.line_no,
        price=line.unit_price_e4,
    )


def _unless_free(counting: Counting, line: Any, value: Any) -> Any:
    """Free goods never count towards a value, also where they count towards a quantity."""
    return sa.case((line.is_free, 0), else_=value) if with_free(counting) else value

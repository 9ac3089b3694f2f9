"""Codes bound to a shipment line: shared by the page and by files, so that both are checked.

Nothing here commits.
"""

from __future__ import annotations

import sqlalchemy as sa

from channel.models.diversions import TraceRange
from channel.models.orders import Shipment, ShipmentLine
from channel.rules.trace_codes import Span, normal
from channel.services.work import Work

#: Goods of these shipments are packed or have left; before that nobody knows which go.
BINDABLE = ("released", "shipped", "invoiced")


def row_of(
    w: Work,
    line: ShipmentLine,
    shipment: Shipment,
    span: Span,
    codes: tuple[str, str],
    *,
    level: str,
    units_each: int = 1,
    parent: str = "",
) -> TraceRange:
    """A range for a line, not yet in the session; `codes` are the first and the last."""
    first = normal(codes[0])
    return TraceRange(
        shipment_line_id=line.id,
        shipment_id=shipment.id,
        distributor_id=shipment.distributor_id,
        product_id=line.product_id,
        level=level,
        units_each=units_each,
        first_code=first,
        last_code=normal(codes[1]) or first,
        parent_code=normal(parent),
        stem=span.stem,
        width=span.width,
        first_no=span.first_no,
        last_no=span.last_no,
        entered_by_id=w.actor.user_id,
        entered_at=w.now,
    )


def let_go(w: Work, shipment: Shipment) -> None:
    """The goods of a cancelled shipment never left: their codes are free again."""
    w.session.execute(sa.delete(TraceRange).where(TraceRange.shipment_id == shipment.id))

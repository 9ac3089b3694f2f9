"""Use cases about trace codes: bound to what left, taken off again where nobody relied on them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.diversions import CodeScan, TraceRange
from channel.models.orders import Shipment
from channel.queries import trace_codes as reads
from channel.queries.scope import get_visible
from channel.rules.trace_codes import LEVELS, check_quantity, span_of
from channel.services.steps import trace_codes as steps
from channel.services.work import Refused, work
from contracts.values.findings import block


@dataclass(frozen=True)
class Binding:
    """First and last code of a line's goods; `units_each` base units are under one code."""

    line_id: int
    level: str
    first: str
    last: str = ""
    units_each: int = 1
    parent: str = ""


def bind(actor: Actor, shipment_id: int, wish: Binding) -> int:
    """Say which codes a line bears; the range's id."""
    with work(actor, Permission.SHIPMENTS_WRITE) as w:
        shipment: Shipment = get_visible(actor, Shipment, shipment_id)
        # Two who enter the same codes for the same goods must see each other.
        lock(Shipment, [shipment.id])
        w.session.refresh(shipment)
        if shipment.state not in steps.BINDABLE:
            raise Refused([block("trace.not_packed", shipment.number, number=shipment.number)])
        line = next((one for one in shipment.lines if one.id == wish.line_id), None)
        if line is None or wish.level not in LEVELS:
            raise Refused([block("trace.line_needed")])
        span = span_of(wish.first, wish.last)
        if isinstance(span, list):
            raise Refused(span)
        bound = reads.bound_units([line.id]).get((line.id, wish.level), 0)
        found = check_quantity(
            span, wish.units_each, line.quantity, bound, f"{line.product.code} {line.product.name}"
        )
        if held := reads.overlapping([span]).get(span):
            other = w.session.get_one(Shipment, held.shipment_id)
            found.append(
                block("trace.taken", first=held.first_code, last=held.last_code,
                      shipment=other.number)
            )  # fmt: skip
        if found:
            raise Refused(found)
        row = steps.row_of(
            w, line, shipment, span, (wish.first, wish.last),
            level=wish.level, units_each=wish.units_each, parent=wish.parent,
        )  # fmt: skip
        w.session.add(row)
        w.session.flush()  # the page that follows needs row.id
        w.audit("trace:bind", shipment, changes={
            "trace_codes": f"{row.first_code} – {row.last_code}",
        })  # fmt: skip
        return row.id


def take_off(actor: Actor, range_id: int) -> None:
    """Take codes off a line that were entered by mistake; not once goods were found by them."""
    with work(actor, Permission.SHIPMENTS_WRITE) as w:
        row: TraceRange = get_visible(
            actor, TraceRange, range_id, selectinload(TraceRange.shipment)
        )
        if w.session.scalar(sa.select(CodeScan.id).where(CodeScan.range_id == row.id).limit(1)):
            raise Refused([block("trace.relied_on")])
        w.audit("trace:take_off", row.shipment, changes={
            "trace_codes": (f"{row.first_code} – {row.last_code}", ""),
        })  # fmt: skip
        w.session.delete(row)

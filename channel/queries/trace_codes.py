"""Reads of trace codes: whose goods bear a code, what a shipment bears, how much is unscanned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor
from channel.db import db
from channel.messages.diversions import LEVEL_WORDS
from channel.models.catalogue import Product
from channel.models.diversions import TraceRange
from channel.models.orders import Shipment, ShipmentLine
from channel.models.partners import Distributor
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible
from channel.rules.diversions import percent
from channel.rules.trace_codes import Series, Span, normal, taken_apart

#: So many codes are asked for in one statement.
AT_ONCE = 100
_r = TraceRange


def _nearest(stem: str, width: int, number: int) -> Any:
    """The range of the series that ends soonest at or after the number: ranges never overlap."""
    return (
        sa.select(_r.id)
        .where(_r.stem == stem, _r.width == width, _r.last_no >= number)
        .order_by(_r.last_no)
        .limit(1)
    )


def _ranges_near(asked: Sequence[tuple[str, int, int]]) -> list[TraceRange]:
    """For each (stem, width, number) the range that could hold it; one statement for many."""
    found: list[TraceRange] = []
    for start in range(0, len(asked), AT_ONCE):
        parts = [
            sa.select(_nearest(*one).subquery().c.id) for one in asked[start : start + AT_ONCE]
        ]
        ids = sa.union_all(*parts).subquery()
        found += db.session.scalars(sa.select(_r).where(_r.id.in_(sa.select(ids.c.id))))
    return found


def _holds(held: TraceRange, stem: str, width: int, first_no: int, last_no: int) -> bool:
    same = (held.stem, held.width) == (stem, width)
    return same and held.first_no <= last_no and held.last_no >= first_no


def find(codes: Iterable[str]) -> dict[str, TraceRange]:
    """normal code → the range that holds it; unknown codes are missing. Indexed, set-based."""
    series: dict[str, Series] = {code: taken_apart(code) for code in map(normal, codes) if code}
    near = _ranges_near([(s.stem, s.width, s.number) for s in series.values()])
    found = {}
    for code, s in series.items():
        for held in near:
            if _holds(held, s.stem, s.width, s.number, s.number):
                found[code] = held
                break
    return found


def overlapping(spans: Sequence[Span]) -> dict[Span, TraceRange]:
    """span → a range that shares a code with it."""
    near = _ranges_near([(s.stem, s.width, s.first_no) for s in spans])
    found = {}
    for span in spans:
        for held in near:
            if _holds(held, span.stem, span.width, span.first_no, span.last_no):
                found[span] = held
                break
    return found


def trace(actor: Actor, code: str) -> TraceRange | None:
    """Shipment, distributor, product and batch of a code, where the actor may see them."""
    held = find([code]).get(normal(code))
    if held is None:
        return None
    statement = (
        sa.select(_r)
        .where(_r.id == held.id, visible(actor, _r.distributor_id))
        .options(
            joinedload(_r.shipment),
            joinedload(_r.distributor),
            joinedload(_r.product),
            joinedload(_r.shipment_line),
        )
    )
    return db.session.scalar(statement)


def ranges_of(shipment_id: int) -> list[TraceRange]:
    """What the lines of a shipment bear; the page has asked whether it may be seen."""
    statement = (
        sa.select(_r)
        .where(_r.shipment_id == shipment_id)
        .options(joinedload(_r.product), joinedload(_r.shipment_line))
        .order_by(_r.shipment_line_id, _r.level, _r.stem, _r.first_no)
    )
    return list(db.session.scalars(statement))


def bound_units(line_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """(shipment line, level) → base units under codes of that level."""
    units = sa.cast(sa.func.sum((_r.last_no - _r.first_no + 1) * _r.units_each), sa.BigInteger)
    rows = db.session.execute(
        sa.select(_r.shipment_line_id, _r.level, units)
        .where(_r.shipment_line_id.in_(list(line_ids)))
        .group_by(_r.shipment_line_id, _r.level)
    )
    return {(line, level): int(count) for line, level, count in rows}


@dataclass(frozen=True)
class Coverage:
    """Base units shipped, and how many of them bear a code."""

    shipped: int = 0
    coded: int = 0

    @property
    def unscanned(self) -> Decimal | None:
        """Percent of what was shipped without a code known here; None: nothing was shipped."""
        return percent(self.shipped - self.coded, self.shipped)


def coverage(actor: Actor, since: date, until: date) -> dict[int, Coverage]:
    """distributor → what was shipped from `since` to `until`, inclusive, and bears codes.

    A line whose units and cases both bear codes counts once, by the level that covers more.
    """
    units = (_r.last_no - _r.first_no + 1) * _r.units_each
    by_level = (
        sa.select(_r.shipment_line_id.label("line"), sa.func.sum(units).label("units"))
        .group_by(_r.shipment_line_id, _r.level)
        .subquery()
    )
    by_line = (
        sa.select(by_level.c.line, sa.func.max(by_level.c.units).label("units"))
        .group_by(by_level.c.line)
        .subquery()
    )
    quantity = ShipmentLine.quantity
    coded = sa.func.coalesce(by_line.c.units, 0)
    rows = db.session.execute(
        sa.select(
            Shipment.distributor_id,
            sa.cast(sa.func.sum(quantity), sa.BigInteger),
            sa.cast(sa.func.sum(sa.case((coded > quantity, quantity), else_=coded)), sa.BigInteger),
        )
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .outerjoin(by_line, by_line.c.line == ShipmentLine.id)
        .where(
            visible(actor, Shipment.distributor_id),
            Shipment.state.in_(("shipped", "invoiced")),
            Shipment.ship_date >= since,
            Shipment.ship_date < until + timedelta(days=1),
        )
        .group_by(Shipment.distributor_id)
    )
    return {owner: Coverage(int(all_), int(coded)) for owner, all_, coded in rows}


def ranges_listing() -> Listing:
    """All ranges with where they went."""
    count = _r.last_no - _r.first_no + 1
    return Listing(
        name="trace-codes",
        title=_l("Trace codes"),
        identity=_r.shipment_id,
        source=sa.join(_r, Distributor, Distributor.id == _r.distributor_id)
        .join(Shipment, Shipment.id == _r.shipment_id)
        .join(ShipmentLine, ShipmentLine.id == _r.shipment_line_id)
        .join(Product, Product.id == _r.product_id),
        columns=[
            Column("first", _l("first code"), _r.first_code, "code"),
            Column("last", _l("last code"), _r.last_code, "code", wide=True),
            Column("codes", _l("codes"), count, "quantity"),
            Column("level", _l("on"), _r.level, "trace_level", wide=True),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("shipment", _l("shipment"), Shipment.number, "code"),
            Column("ship_date", _l("ship date"), Shipment.ship_date, "date", wide=True),
            Column("product", _l("product"), Product.code, "code", wide=True),
            Column("batch", _l("batch"), ShipmentLine.batch, wide=True),
        ],
        default_sort="-ship_date",
        scope=lambda actor: visible(actor, _r.distributor_id),
        filters=[
            Filter("level", _l("on"), _r.level, choices=list(LEVEL_WORDS.items())),
            Filter("from", _l("shipped from"), Shipment.ship_date, kind="from"),
            Filter("to", _l("shipped until"), Shipment.ship_date, kind="to"),
        ],
        search=[_r.first_code, _r.last_code, Shipment.number, Distributor.code, Distributor.name],
        endpoint="diversions.codes",
        empty=_l("No codes yet: import them, or enter them on the page of a shipment."),
    )

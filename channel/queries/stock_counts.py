"""Reads of counts: what a report says by place, one count, and what its gaps opened."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from channel.access import Actor
from channel.db import db
from channel.models.catalogue import Product
from channel.models.channel_stock import (
    StockCount,
    StockCountLine,
    StockFollowUp,
    StockPosition,
    StockStanding,
)
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries.scope import get_visible
from channel.queries.stock_facts import is_current


@dataclass(frozen=True)
class Basis:
    """The report that a count is held against.

    `closings` is product id → place → closing; `told` what was on its way, `rates` the forecast
    in ten-thousandths of a unit a day (missing: refused).
    """

    report: InventoryReport
    last_day: date
    closings: dict[int, dict[str, int]]
    told: dict[int, int | None]
    rates: dict[int, int]

    def reported(self, product_id: int, location: str) -> int | None:
        """The closing of a product, at one place or everywhere; None: not in the report."""
        places = self.closings.get(product_id)
        if places is None:
            return None
        return places.get(location) if location else sum(places.values())

    def is_whole(self, product_id: int, location: str) -> bool:
        """Whether the place holds all that the report names of the product."""
        return not location or set(self.closings.get(product_id, ())) == {location}


def basis_on(distributor_id: int, on: date) -> Basis | None:
    """The last report that ends on or before a day, in four statements."""
    report = db.session.scalar(
        sa.select(InventoryReport)
        .where(
            InventoryReport.distributor_id == distributor_id,
            InventoryReport.period_end <= on + timedelta(days=1),
            is_current(),
        )
        .order_by(InventoryReport.period_end.desc())
        .limit(1)
    )
    if report is None:
        return None
    row, position, standing = InventoryRow, StockPosition, StockStanding
    closings: dict[int, dict[str, int]] = defaultdict(dict)
    for product_id, location, closing in db.session.execute(
        sa.select(row.product_id, row.location, sa.func.sum(row.closing))
        .where(row.report_id == report.id)
        .group_by(row.product_id, row.location)
    ):
        closings[product_id][location] = int(closing)
    told = db.session.execute(
        sa.select(position.product_id, position.in_transit).where(position.report_id == report.id)
    )
    rates = db.session.execute(
        sa.select(standing.product_id, standing.daily_e4).where(
            standing.distributor_id == distributor_id, standing.daily_e4.is_not(None)
        )
    )
    return Basis(
        report, report.period_end - timedelta(days=1), dict(closings), dict(told.all()),
        dict(rates.all()),
    )  # fmt: skip


@dataclass(frozen=True)
class ToCount:
    """One line of the form: a product at a place, with what the report says."""

    product: Product
    location: str
    reported: int

    @property
    def key(self) -> str:
        return f"{self.product.id}|{self.location}"


def to_count(basis: Basis | None) -> list[ToCount]:
    """The goods of the report, place by place where it tells several apart."""
    if basis is None:
        return []
    goods = db.session.scalars(
        sa.select(Product).where(Product.id.in_(basis.closings)).order_by(Product.code)
    )
    found = []
    for product in goods:
        places = basis.closings[product.id]
        if len(places) == 1:
            found.append(ToCount(product, "", sum(places.values())))
        else:
            found += [ToCount(product, place, places[place]) for place in sorted(places)]
    return found


def last_above(distributor_id: int, on: date) -> set[tuple[int, str]]:
    """(product id, place) whose last count until a day was above the bound; two statements."""
    line, head = StockCountLine, StockCount
    place = sa.func.row_number().over(
        partition_by=[line.product_id, line.location],
        order_by=[head.counted_on.desc(), line.id.desc()],
    )
    ranked = (
        sa.select(line.product_id, line.location, line.is_above, place.label("place"))
        .join(head, head.id == line.count_id)
        .where(line.distributor_id == distributor_id, head.counted_on <= on)
        .where(line.judged_bp.is_not(None))
        .subquery()
    )
    rows = db.session.execute(
        sa.select(ranked.c.product_id, ranked.c.location).where(
            ranked.c.place == 1, ranked.c.is_above.is_(True)
        )
    )
    return {(product_id, location) for product_id, location in rows}


def get_count(actor: Actor, count_id: int) -> StockCount:
    """The count with its lines and their goods."""
    found: StockCount = get_visible(
        actor,
        StockCount,
        count_id,
        joinedload(StockCount.distributor),
        selectinload(StockCount.lines).joinedload(StockCountLine.product),
    )
    return found


def follow_ups_of(count_id: int) -> dict[int, StockFollowUp]:
    """line id → what was opened for it."""
    rows = db.session.scalars(
        sa.select(StockFollowUp)
        .join(StockCountLine, StockCountLine.id == StockFollowUp.line_id)
        .where(StockCountLine.count_id == count_id)
    )
    return {row.line_id: row for row in rows}


def get_follow_up(actor: Actor, follow_up_id: int) -> StockFollowUp:
    """The follow-up with the line that it stands on."""
    found: StockFollowUp = get_visible(
        actor,
        StockFollowUp,
        follow_up_id,
        joinedload(StockFollowUp.distributor),
        joinedload(StockFollowUp.product),
        joinedload(StockFollowUp.line).joinedload(StockCountLine.count),
    )
    return found


def lines_before(line: StockCountLine) -> list[StockCountLine]:
    """All counts of the same product at the same place, the newest first."""
    return list(
        db.session.scalars(
            sa.select(StockCountLine)
            .join(StockCount, StockCount.id == StockCountLine.count_id)
            .where(
                StockCountLine.distributor_id == line.distributor_id,
                StockCountLine.product_id == line.product_id,
                StockCountLine.location == line.location,
            )
            .options(joinedload(StockCountLine.count))
            .order_by(StockCount.counted_on.desc(), StockCountLine.id.desc())
            .limit(12)
        )
    )


def last_lines(distributor_id: int) -> dict[int, StockCountLine]:
    """product id → its last count at all places together."""
    found: dict[int, StockCountLine] = {}
    for line in db.session.scalars(
        sa.select(StockCountLine)
        .join(StockCount, StockCount.id == StockCountLine.count_id)
        .where(StockCountLine.distributor_id == distributor_id, StockCountLine.location == "")
        .options(joinedload(StockCountLine.count))
        .order_by(StockCount.counted_on.desc(), StockCountLine.id.desc())
        .limit(500)
    ):
        found.setdefault(line.product_id, line)
    return found


def count_of_line(actor: Actor, line_id: int) -> int:
    """The count that a line belongs to."""
    line: StockCountLine = get_visible(actor, StockCountLine, line_id)
    return line.count_id

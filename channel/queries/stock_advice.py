"""What a report gives back by days of cover: safety stock and a suggested order.

The pace is the sell-out of the reports that end with this one; every figure that leads to a
level is kept beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import Product
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries import agreements, catalogue, partners
from channel.queries.stock_facts import TRANSIT_DAYS, is_current, on_the_road
from channel.queries.stock_orders import coming
from channel.queries.stock_trend import by_report
from channel.rules.replenishment import (
    Suggestion,
    check_safety,
    days_of_cover,
    safety_level,
    suggested_order,
)
from channel.rules.stock import StockRow
from contracts import agreement as terms_of
from contracts.pricing import price_on
from contracts.values.findings import Finding
from contracts.values.money import round_half_up

#: Days of sales that the safety stock covers, unless the page asks for others.
SAFETY_DAYS = 7
#: Days that a suggested order covers.
COVER_DAYS = 21
#: The pace is measured over the reports of about three months.
PACE_DAYS = 92
#: An order is stretched to reach the minimum shipment by no more than this.
COVER_DAYS_MAX = 90


@dataclass(frozen=True)
class Pace:
    """What one product sold: net of returns from customers, over the reports that name it.

    Periods that closed without stock say too little: they are left out of `sold`, `days` and
    `periods` as long as another one remains.
    """

    sold: int
    days: int
    periods: tuple[str, ...]
    emptied: tuple[str, ...]

    @property
    def daily(self) -> Decimal:
        return round_half_up(Decimal(self.sold) / self.days, 1)

    @property
    def is_without_emptied(self) -> bool:
        """Whether the emptied periods were left out: they are, as long as another one remains."""
        return bool(self.emptied) and not set(self.emptied) >= set(self.periods)


@dataclass(frozen=True)
class Goods:
    """The advice on one product, in base units; values in fen incl. VAT, None without a price."""

    product: Product
    pace: Pace
    #: Closing stock, and the part of it that can be sold.
    closing: int
    stock: int
    in_transit: int
    is_transit_ours: bool
    level: int
    cover: Decimal | None
    suggestion: Suggestion
    unit_fen: int | None
    warnings: tuple[Finding, ...]
    #: Days of sales that the safety stock covers.
    safety_days: int = SAFETY_DAYS

    @property
    def value_fen(self) -> int | None:
        return None if self.unit_fen is None else self.unit_fen * self.suggestion.quantity


@dataclass(frozen=True)
class Advice:
    """The advice on a report; `enough_days` is the cover at which the order reaches the floor."""

    goods: tuple[Goods, ...]
    safety_days: int
    cover_days: int
    floor_fen: int
    value_fen: int
    enough_days: int | None
    #: Goods to order that have no price in the agreement's book.
    unpriced: tuple[str, ...] = ()

    @property
    def below(self) -> list[Finding]:
        return [finding for one in self.goods for finding in one.warnings]

    @property
    def is_short(self) -> bool:
        """Whether there is something to order and its value is below the minimum shipment."""
        return self.has_order and self.value_fen < self.floor_fen

    @property
    def has_order(self) -> bool:
        return any(one.suggestion.quantity for one in self.goods)


@dataclass
class Sum:
    """The stock of one product over all batches and locations of a report."""

    closing: int = 0
    unsaleable: int = 0
    in_transit: int | None = None

    @property
    def stock(self) -> int:
        """What can be sold; a wrong figure below zero counts as none."""
        return max(self.closing - self.unsaleable, 0)


@dataclass(frozen=True)
class Ground:
    """What all advice on a report stands on, by product id; prices by product code."""

    products: dict[int, Product]
    paces: dict[int, Pace]
    sums: dict[int, Sum]
    moving: dict[int, int]
    #: Ordered and not shipped.
    on_order: dict[int, int]
    units: dict[str, int | None]
    floor_fen: int

    def transit(self, product_id: int) -> int:
        """As the report says, else what we shipped in the last days of the period."""
        told = self.sums[product_id].in_transit
        return self.moving.get(product_id, 0) if told is None else told


def ground(report: InventoryReport, on: date) -> Ground:
    """The facts at the end of the report's period, with prices and minimum of the day `on`."""
    products = {row.product_id: row.product for row in report.rows}
    ruling, last = agreements.ruling_version(report.distributor_id, on)
    version = ruling or last
    terms = terms_of.from_json(version.terms) if version else None
    book = terms.price_book if terms else None
    entries = catalogue.price_entries(book, list(products), on) if book else []
    prices = {p.code: price_on(entries, p.code, on) for p in products.values()}
    road = timedelta(days=TRANSIT_DAYS)
    return Ground(
        products=products,
        paces=_paces(report),
        sums=_sums(report),
        moving=on_the_road(report.distributor_id, report.period_end - road, report.period_end),
        on_order=coming(report),
        units={code: entry.gross_fen if entry else None for code, entry in prices.items()},
        floor_fen=_floor(report, terms),
    )


def advise(
    report: InventoryReport,
    safety_days: int | Mapping[int, int],
    cover_days: int,
    on: date,
    facts: Ground | None = None,
) -> Advice:
    """The advice by days of cover at the end of the report's period.

    `safety_days` may differ by product id; prices and minimum are those of the day `on`.
    `facts` are read once where several advices stand on them.
    """
    facts = facts or ground(report, on)
    products = facts.products
    days_of = dict.fromkeys(products, safety_days) if isinstance(safety_days, int) else safety_days

    def goods_for(days: int) -> tuple[Goods, ...]:
        return tuple(
            _goods(facts, i, days_of.get(i, SAFETY_DAYS), days)
            for i in sorted(products, key=lambda i: products[i].code)
        )

    goods = goods_for(cover_days)
    floor, value = facts.floor_fen, sum(one.value_fen or 0 for one in goods)
    unpriced = tuple(
        one.product.code for one in goods if one.suggestion.quantity and one.unit_fen is None
    )
    enough = None
    if value < floor and any(one.suggestion.quantity for one in goods):
        enough = _days_to_reach(goods_for, cover_days, floor)
    shown = safety_days if isinstance(safety_days, int) else SAFETY_DAYS
    return Advice(goods, shown, cover_days, floor, value, enough, unpriced)


def _floor(report: InventoryReport, terms: terms_of.Terms | None) -> int:
    """The minimum shipment in fen: the agreement's, else the house's in its own currency."""
    if terms is not None and terms.min_shipment_fen is not None:
        return terms.min_shipment_fen
    maker = partners.get_maker()
    return maker.min_shipment_fen if maker.currency == report.distributor.currency else 0


def _goods(facts: Ground, product_id: int, safety_days: int, cover_days: int) -> Goods:
    product, pace = facts.products[product_id], facts.paces[product_id]
    held, transit = facts.sums[product_id], facts.transit(product_id)
    level = safety_level(pace.sold, pace.days, safety_days)
    return Goods(
        product=product,
        pace=pace,
        closing=held.closing,
        stock=held.stock,
        in_transit=transit,
        is_transit_ours=held.in_transit is None and transit > 0,
        level=level,
        cover=days_of_cover(held.stock, pace.sold, pace.days),
        suggestion=suggested_order(
            pace.sold,
            pace.days,
            cover_days,
            held.stock,
            transit,
            product.units_per_case,
            facts.on_order.get(product_id, 0),
        ),
        unit_fen=facts.units[product.code],
        warnings=tuple(check_safety(product.name, held.stock, level)),
        safety_days=safety_days,
    )


def _days_to_reach(goods_for: Any, low: int, floor: int) -> int | None:
    """The fewest days of cover at which the order's value reaches the floor; None: too many."""
    high = COVER_DAYS_MAX
    if high <= low or sum(one.value_fen or 0 for one in goods_for(high)) < floor:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if sum(one.value_fen or 0 for one in goods_for(middle)) >= floor:
            high = middle
        else:
            low = middle
    return high


def _sums(report: InventoryReport) -> dict[int, Sum]:
    """product id → its stock over all batches and locations of the report."""
    sums: dict[int, Sum] = defaultdict(Sum)
    for row in report.rows:
        one = sums[row.product_id]
        one.closing += row.closing
        one.unsaleable += (row.held or 0) + (row.damaged or 0)
        if row.in_transit is not None:
            one.in_transit = (one.in_transit or 0) + row.in_transit
    return sums


def _paces(report: InventoryReport) -> dict[int, Pace]:
    """product id → what it sold in this version and the current reports before it."""
    since = report.period_end - timedelta(days=PACE_DAYS)
    earlier = sa.and_(
        InventoryReport.period_start >= since,
        InventoryReport.period_end <= report.period_start,
        is_current(),
    )
    rows = db.session.execute(
        by_report()
        .where(
            InventoryReport.distributor_id == report.distributor_id,
            sa.or_(InventoryReport.id == report.id, earlier),
        )
        .order_by(InventoryReport.period_start)
    ).all()
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.product_id].append(row)
    return {product_id: _pace(own) for product_id, own in found.items()}


def _pace(own: list[Any]) -> Pace:
    counted = [row for row in own if row.closing] or own
    return Pace(
        sold=sum(int(row.sold) for row in counted),
        days=sum((row.period_end - row.period_start).days for row in counted),
        periods=tuple(row.period for row in counted),
        emptied=tuple(row.period for row in own if not row.closing),
    )


_LINE = tuple(f.name for f in fields(StockRow) if f.name not in ("row_number", "product"))


def line_of(row: InventoryRow) -> StockRow:
    """A stored row as the rules want it; the product goes by its code."""
    values = {name: getattr(row, name) for name in _LINE}
    return StockRow(row_number=row.row_number, product=row.product.code, **values)

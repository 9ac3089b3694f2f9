"""Lists of stock in the channel: by area, by product, and every product of every distributor.

What was filed too long ago stands in columns of its own, and whoever never filed is unknown:
neither is ever added up as if it were nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor
from channel.db import db
from channel.messages.channel_stock import AGES, COVERS
from channel.models.catalogue import Product
from channel.models.channel_stock import StockStanding
from channel.models.partners import Distributor
from channel.models.territories import Division
from channel.queries import partners, territories
from channel.queries.catalogue import product_choices
from channel.queries.channel_stock import (
    House,
    cover_case,
    cover_days,
    estimate_of,
    house,
    is_old,
    moves,
)
from channel.queries.computed import table_of
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import area_of
from channel.queries.scope import visible

PLACE = next(f for f in partners.DISTRIBUTORS.filters if isinstance(f, partners.PlaceFilter))


def _state(on: date, bounds: House) -> Any:
    s = StockStanding
    return sa.case(
        (s.id.is_(None), "unknown"),
        (is_old(s.filed_on, s.last_day, on, bounds), "old"),
        else_="fresh",
    )


def _count(condition: Any) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _sums(on: date, bounds: House) -> list[Any]:
    """The figures of some standings, fresh and old apart.

    The conditions are those of cover_case, each written out so that a row is judged once.
    """
    s = StockStanding
    old = is_old(s.filed_on, s.last_day, on, bounds)
    fresh = sa.not_(old)
    held, moves_ = sa.cast(s.saleable, sa.BigInteger) * s.pace_days, s.pace_sold > 0
    sold = sa.cast(s.pace_sold, sa.BigInteger)
    return [
        sa.func.sum(sa.case((fresh, s.closing), else_=0)).label("stock"),
        sa.func.sum(sa.case((old, s.closing), else_=0)).label("old_stock"),
        _count(sa.and_(moves_, held < sold * bounds.short_days, fresh)).label("short"),
        _count(sa.and_(moves_, held > sold * bounds.over_days, fresh)).label("over"),
        _count(sa.and_(s.pace_sold <= 0, s.saleable > 0, fresh)).label("still"),
        sa.func.min(sa.case((old, s.filed_on)), type_=sa.Date).label("oldest"),
        sa.func.max(s.last_day, type_=sa.Date).label("newest"),
    ]


SUMMED = ("stock", "old_stock", "short", "over", "still")


class IsoDay(sa.TypeDecorator[date]):
    """A date among literal values, where it has to travel as text."""

    impl = sa.String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


def _counted(name: str, key: dict[str, Any], statement: Any) -> Any:
    """The groups as a small table of their own: what stands is read once a page, not again for
    the totals, the order and the filters."""
    rows = db.session.execute(statement).all()
    fields = rows[0]._fields if rows else [c.name for c in statement.selected_columns]
    days = {"oldest": IsoDay(), "newest": IsoDay()}
    types = {field: {**key, **days}.get(field, sa.BigInteger()) for field in fields}
    made = [
        tuple(
            int(value) if value is not None and isinstance(types[field], sa.BigInteger) else value
            for field, value in zip(fields, row, strict=True)
        )
        for row in rows
    ]
    return table_of(name, types, made)


def areas_list(actor: Actor, on: date, parent: str = "", product_id: int | None = None) -> Listing:
    """The areas below one, each with all its distributors; '' above the provinces.

    Areas go by the distributors' seats; with a product only that product is counted.
    """
    area = _counted("area", {"code": sa.String(6)}, _by_seat(actor, on, parent, product_id))
    named = sa.and_(Division.code == area.c.code, territories.in_force(on))
    return Listing(
        name="channel-stock-areas",
        title=_l("Stock in the channel"),
        identity=area.c.code,
        source=sa.outerjoin(area, Division, named),
        columns=[
            Column("area", _l("area"), sa.func.coalesce(Division.name, area.c.code)),
            Column("fresh", _l("distributors with current figures"), area.c.fresh, "quantity",
                   total=True),
            Column("stock", _l("stock reported"), area.c.stock, "quantity", total=True),
            Column("short", _l("short"), area.c.short, "quantity", total=True),
            Column("over", _l("over"), area.c.over, "quantity", total=True),
            Column("still", _l("no movement"), area.c.still, "quantity", total=True, wide=True),
            Column("newest", _l("newest figures of"), area.c.newest, "date", wide=True),
            Column("old", _l("distributors with old figures"), area.c.old, "quantity",
                   total=True),
            Column("old_stock", _l("stock by old figures"), area.c.old_stock, "old_quantity",
                   total=True),
            Column("oldest", _l("oldest filed"), area.c.oldest, "date", wide=True),
            Column("unknown", _l("never filed"), area.c.unknown, "quantity", total=True),
        ],
        default_sort="area",
        endpoint="channel_stock.area",
        empty=_l("No distributor has its seat here."),
    )  # fmt: skip


def _by_seat(actor: Actor, on: date, parent: str, product_id: int | None) -> Any:
    """One row per area below the parent: distributors by the age of their figures, and the sums."""
    bounds = house()
    s, d = StockStanding, Distributor
    chosen = [s.product_id == product_id] if product_id is not None else []
    owner = (
        sa.select(
            s.distributor_id,
            *_sums(on, bounds),
            sa.func.min(s.filed_on, type_=sa.Date).label("filed_on"),
            sa.func.min(s.last_day, type_=sa.Date).label("last_day"),
        )
        .where(*chosen)
        .group_by(s.distributor_id)
        .subquery("owner")
    )
    has_filed = sa.select(s.id).where(s.distributor_id == d.id).exists()
    old = is_old(owner.c.filed_on, owner.c.last_day, on, bounds)
    code = _below(d.division_code, parent)
    return (
        sa.select(
            code.label("code"),
            _count(sa.and_(owner.c.distributor_id.is_not(None), sa.not_(old))).label("fresh"),
            _count(sa.and_(owner.c.distributor_id.is_not(None), old)).label("old"),
            _count(sa.and_(owner.c.distributor_id.is_(None), ~has_filed)).label("unknown"),
            *(sa.func.coalesce(sa.func.sum(owner.c[n]), 0).label(n) for n in SUMMED),
            sa.func.min(owner.c.oldest, type_=sa.Date).label("oldest"),
            sa.func.max(owner.c.newest, type_=sa.Date).label("newest"),
        )
        .select_from(d)
        .outerjoin(owner, owner.c.distributor_id == d.id)
        .where(
            visible(actor, d.id),
            sa.or_(d.is_active.is_(True), owner.c.distributor_id.is_not(None)),
            _within(d.division_code, parent),
        )
        .group_by(code)
    )


def _below(code: Any, parent: str) -> Any:
    """The area one step below the parent in which a seat lies; '' where no seat is known."""
    seat = sa.func.coalesce(code, "")
    if not parent:
        return sa.case((seat == "", ""), else_=sa.func.substr(seat, 1, 2) + "0000")
    return area_of(seat) if parent.endswith("0000") else seat


def _within(code: Any, parent: str) -> sa.ColumnElement[bool]:
    if not parent:
        return sa.true()
    head = parent[:2] if parent.endswith("0000") else parent[:4] if parent[4:] == "00" else parent
    return sa.func.coalesce(code, "").startswith(head)


def goods_list(actor: Actor, on: date) -> Listing:
    """Every product that anybody holds, over all distributors that the actor may see."""
    bounds = house()
    s = StockStanding
    old = is_old(s.filed_on, s.last_day, on, bounds)
    # Not the bare column: by its index SQLite would fetch every row at random.
    product = s.product_id + 0
    sums = (
        sa.select(
            product.label("product_id"),
            *_sums(on, bounds),
            _count(sa.not_(old)).label("fresh"),
            _count(old).label("old"),
            sa.func.sum(sa.case((old, 0), else_=s.saleable)).label("saleable"),
            sa.func.sum(
                sa.case((old, 0), else_=sa.cast(s.pace_sold, sa.BigInteger) * 10_000 // s.pace_days)
            ).label("daily"),
        )
        .where(visible(actor, s.distributor_id))
        .group_by(product)
    )
    goods = _counted("goods", {"product_id": sa.BigInteger()}, sums)  # fmt: skip
    daily = sa.func.nullif(sa.case((goods.c.daily > 0, goods.c.daily), else_=0), 0)
    held = sa.case((goods.c.saleable > 0, goods.c.saleable), else_=0)
    cover = (sa.cast(held, sa.BigInteger) * 200_000 + daily) // (2 * daily)
    return Listing(
        name="channel-stock-goods",
        title=_l("Stock by product"),
        identity=Product.id,
        source=sa.join(goods, Product, Product.id == goods.c.product_id),
        columns=[
            Column("product", _l("product"), Product.code + " " + Product.name),
            Column("unit", _l("unit"), Product.unit, wide=True),
            Column("fresh", _l("distributors with current figures"), goods.c.fresh, "quantity",
                   wide=True),
            Column("stock", _l("stock reported"), goods.c.stock, "quantity", total=True),
            Column("cover", _l("cover in days"), sa.cast(cover, sa.BigInteger), "e1"),
            Column("short", _l("short"), goods.c.short, "quantity", total=True),
            Column("over", _l("over"), goods.c.over, "quantity", total=True),
            Column("still", _l("no movement"), goods.c.still, "quantity", total=True, wide=True),
            Column("old", _l("distributors with old figures"), goods.c.old, "quantity",
                   total=True, wide=True),
            Column("old_stock", _l("stock by old figures"), goods.c.old_stock, "old_quantity",
                   total=True),
            Column("oldest", _l("oldest filed"), goods.c.oldest, "date", wide=True),
        ],
        default_sort="product",
        search=[Product.code, Product.name],
        endpoint="channel_stock.product",
        empty=_l("No report yet: file the first one."),
    )  # fmt: skip


def positions_list(on: date) -> Listing:
    """Every product of every distributor's last report; whoever never filed has one empty row."""
    bounds = house()
    s, d, moved = StockStanding, Distributor, moves(on)
    state, cover = _state(on, bounds), cover_case(bounds)
    fresh = state == "fresh"
    source = (
        sa.outerjoin(d, s, s.distributor_id == d.id)
        .outerjoin(Product, Product.id == s.product_id)
        .outerjoin(moved, moved.c.standing_id == s.id)
    )
    return Listing(
        name="channel-stock",
        title=_l("Stock of every distributor"),
        # Whoever never filed has no standing: its row goes by the distributor, below zero.
        identity=sa.func.coalesce(s.id, -d.id),
        source=source,
        columns=[
            Column("distributor", _l("distributor"), d.code + " " + d.name),
            Column("product", _l("product"), Product.code + " " + Product.name),
            Column("stock", _l("stock reported"), sa.case((fresh, s.closing)), "quantity",
                   total=True),
            Column("old_stock", _l("stock by old figures"), sa.case((state == "old", s.closing)),
                   "old_quantity", total=True),
            Column("cover_days", _l("cover in days"), sa.case((fresh, cover_days())), "e1"),
            Column("cover", _l("stock is"), sa.case((fresh, cover)), "state"),
            Column("estimate", _l("estimate of today"), sa.case((fresh, estimate_of(moved, on))),
                   "figure", wide=True),
            Column("last_day", _l("figures of"), s.last_day, "date", wide=True),
            Column("filed_on", _l("filed"), s.filed_on, "date"),
            Column("data", _l("figures are"), sa.literal("figures_") + state, "state"),
        ],
        default_sort="distributor",
        scope=lambda actor: sa.and_(
            visible(actor, d.id),
            sa.or_(d.is_active.is_(True), s.id.is_not(None)),
        ),
        filters=[
            PLACE,
            Filter("product", _l("product"), s.product_id, choices=product_choices),
            Filter("cover", _l("stock is"), sa.case((fresh, cover)),
                   choices=list(COVERS.items())),
            Filter("data", _l("figures are"), state, choices=list(AGES.items())),
        ],
        search=[d.code, d.name, Product.code, Product.name],
        endpoint="channel_stock.position",
        empty=_l("No distributor yet."),
    )  # fmt: skip

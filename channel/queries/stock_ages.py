"""Lists of what lies at distributors: by age, by life left, and what does not move.

Quantities are those of each distributor's last report; ages and days left are of the day asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.messages.stock_advice import AGE_WORDS, LIFE_WORDS, WINDOW_WORDS
from channel.models.catalogue import Product
from channel.models.partners import Distributor
from channel.queries import partners
from channel.queries.catalogue import product_choices
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import days_between
from channel.queries.scope import visible
from channel.queries.stock_layers import (
    expiry_of,
    holdings,
    layers,
    movement,
    newest_reports,
    window_of,
)
from channel.rules.layers import BOUNDS

#: Without more than this share sold within the days asked, goods are slow, in percent.
SLOW_PERCENT = 10
SLOW_DAYS = 60

PLACE = next(f for f in partners.DISTRIBUTORS.filters if isinstance(f, partners.PlaceFilter))


def _product_filter() -> Filter:
    return Filter("product", _l("product"), Product.id, choices=product_choices)


def _spoken(words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(key, word) in the reader's language; as text, so that «<» is no mark-up."""
    return [(key, str(word)) for key, word in words.items()]


def _joined(table: Any) -> Any:
    return sa.join(table, Distributor, Distributor.id == table.c.distributor_id).join(
        Product, Product.id == table.c.product_id
    )


def _who() -> list[Column]:
    return [
        Column("product", _l("product"), Product.code + " " + Product.name),
        Column("distributor", _l("distributor"), Distributor.name),
    ]


def bucket_case(days: Any) -> Any:
    """The key of the bucket of an age in days; NULL days are not explained."""
    steps = [(days <= bound, key) for bound, key in zip(BOUNDS, "abcd", strict=True)]
    return sa.case((days.is_(None), "x"), *steps, else_="e")


def layers_list(as_of: date) -> Listing:
    """Every layer of stock with its age since our shipment, and its value as delivered."""
    layer = layers()
    days = days_between(layer.c.delivered_on, sa.literal(as_of, sa.Date))
    bucket = bucket_case(days)
    return Listing(
        name="stock-layers",
        title=_l("Stock by age"),
        identity=layer.c.row_id,
        source=_joined(layer),
        columns=[
            *_who(),
            Column("batch", _l("batch"), layer.c.batch, "code"),
            Column("delivered_on", _l("delivered"), layer.c.delivered_on, "date", wide=True),
            Column("age", _l("age in days"), days, "figure"),
            Column("bucket", _l("age bucket"), bucket, "stock_age", wide=True),
            Column("quantity", _l("quantity"), layer.c.quantity, "quantity", total=True),
            Column("unit", _l("unit"), Product.unit, wide=True),
            Column("value_fen", _l("value as delivered"), layer.c.value_fen, "fen", total=True),
            Column("period", _l("report of"), layer.c.period, "code", wide=True),
        ],
        default_sort="-age",
        scope=lambda actor: visible(actor, layer.c.distributor_id),
        filters=[
            PLACE,
            _product_filter(),
            Filter("bucket", _l("age bucket"), bucket, choices=lambda: _spoken(AGE_WORDS)),
            Filter("report", _l("report of"), layer.c.period, kind="text"),
        ],
        search=[Distributor.name, Distributor.code, Product.name, Product.code, layer.c.batch],
        currency=Distributor.currency,
        endpoint="stock_advice.line",
        fixed={"on": as_of.isoformat()},
        empty=_l("No report shows any stock yet."),
    )


def life_case(left: Any, life: Any) -> Any:
    """The key of how much life is left; the expiry day itself still counts."""
    return sa.case(
        (left < 0, "expired"),
        (sa.func.coalesce(life, 0) <= 0, "unknown"),
        (left * 3 < life, "third"),
        (left * 3 < 2 * life, "two_thirds"),
        else_="fresh",
    )


def expiry_list(as_of: date) -> Listing:
    """Every batch in stock with its days to expiry, the nearest first."""
    held = holdings(newest_reports())
    end = expiry_of(held)
    left = days_between(sa.literal(as_of, sa.Date), end)
    life = sa.func.coalesce(days_between(held.c.produced_on, end), Product.shelf_life_days)
    bucket = life_case(left, life)
    return Listing(
        name="near-expiry",
        title=_l("Near expiry"),
        identity=held.c.row_id,
        source=_joined(held),
        columns=[
            *_who(),
            Column("batch", _l("batch"), held.c.batch, "code"),
            Column("produced_on", _l("produced on"), held.c.produced_on, "date", wide=True),
            Column("expires_on", _l("expires on"), end, "date", wide=True),
            Column("days_left", _l("days left"), left, "figure"),
            Column("life", _l("life left"), bucket, "stock_life"),
            Column("quantity", _l("quantity"), held.c.quantity, "quantity", total=True),
            Column("unit", _l("unit"), Product.unit, wide=True),
            Column("period", _l("report of"), held.c.period, "code", wide=True),
        ],
        default_sort="days_left",
        scope=lambda actor: sa.and_(
            visible(actor, held.c.distributor_id), held.c.quantity > 0, end.is_not(None)
        ),
        filters=[
            PLACE,
            _product_filter(),
            Filter("life", _l("life left"), bucket, choices=lambda: _spoken(LIFE_WORDS)),
            Filter("until", _l("expires until"), end, kind="to"),
        ],
        search=[Distributor.name, Distributor.code, Product.name, Product.code, held.c.batch],
        endpoint="stock_advice.line",
        fixed={"on": as_of.isoformat()},
        empty=_l("No batch in stock carries an expiry or a production date."),
    )


def slow_list(as_of: date, days: int = SLOW_DAYS) -> Listing:
    """Layers at least so many days old of which nothing or little was sold in the reports since.

    The window is that of the agreement that ruled on the day of shipment: with 90 days, goods
    shipped 60 days ago have 30 days left.
    """
    layer, moved, age, window = _slow_parts(as_of, days)
    left = sa.case((window > 0, window - age), else_=None)
    state = sa.case(
        (window.is_(None), "no_agreement"),
        (window == 0, "none"),
        (age > window, "over"),
        (window - age <= 7, "last_week"),
        else_="open",
    )
    source = _joined(layer).outerjoin(moved, _same_goods(moved, layer))
    sold = sa.func.coalesce(moved.c.sold, 0)
    return Listing(
        name="slow-movers",
        title=_l("Slow movers"),
        identity=layer.c.line_id,
        source=source,
        columns=[
            *_who(),
            Column("batch", _l("batch"), layer.c.batch, "code"),
            Column("delivered_on", _l("delivered"), layer.c.delivered_on, "date", wide=True),
            Column("age", _l("age in days"), age, "figure", wide=True),
            Column("quantity", _l("quantity"), layer.c.quantity, "quantity", total=True),
            Column("sold", _l("sold in the reports since"), sold, "quantity", wide=True),
            Column("left", _l("days left to exchange"), left, "figure"),
            Column("window", _l("exchange window"), state, "stock_window"),
            Column("value_fen", _l("value as delivered"), layer.c.value_fen, "fen", total=True,
                   wide=True),
        ],
        default_sort="window",
        scope=lambda actor: sa.and_(
            visible(actor, layer.c.distributor_id), is_slow(layer, sold, age, days)
        ),
        filters=[
            PLACE,
            _product_filter(),
            Filter("window", _l("exchange window"), state, choices=lambda: _spoken(WINDOW_WORDS)),
        ],
        search=[Distributor.name, Distributor.code, Product.name, Product.code, layer.c.batch],
        currency=Distributor.currency,
        endpoint="stock_advice.claim",
        fixed={"on": as_of.isoformat(), "days": str(days)},
        empty=_l("Everything moves: no slow movers."),
    )  # fmt: skip


def _slow_parts(as_of: date, days: int) -> tuple[Any, Any, Any, Any]:
    layer = layers()
    moved = movement(as_of - timedelta(days=days))
    age = days_between(layer.c.delivered_on, sa.literal(as_of, sa.Date))
    return layer, moved, age, window_of(layer.c.distributor_id, layer.c.delivered_on)


def _same_goods(moved: Any, layer: Any) -> Any:
    return sa.and_(
        moved.c.distributor_id == layer.c.distributor_id,
        moved.c.product_id == layer.c.product_id,
        moved.c.batch == layer.c.batch,
    )


def is_slow(layer: Any, sold: Any, age: Any, days: int) -> Any:
    """Old enough, and sold no more than a tenth of what was there to be sold."""
    return sa.and_(
        layer.c.line_id.is_not(None),
        age >= days,
        sold * 100 <= (sold + layer.c.quantity) * SLOW_PERCENT,
    )

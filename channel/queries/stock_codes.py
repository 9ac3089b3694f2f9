"""A distributor's own codes and units: its dictionary, its pages, candidates for a code."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor
from channel.db import db
from channel.models.catalogue import Product
from channel.models.partners import Distributor
from channel.models.stock_sources import StockCode, StockHabit, StockUnit
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible
from channel.rules.stock_units import Dictionary, Known, Meaning, Pack, UnitMeaning

#: Column of StockHabit → the part of stock that it speaks of.
BESIDE = {"held_beside": "held", "damaged_beside": "damaged", "transit_received": "in_transit"}


def dictionary(distributor_id: int) -> Dictionary:
    """All that was decided for the distributor, and the packs of our goods: four statements."""
    packs = db.session.execute(sa.select(Product.code, Product.unit, Product.units_per_case))
    codes = db.session.execute(
        sa.select(StockCode.code, Product.code, StockCode.times, StockCode.per)
        .outerjoin(Product, Product.id == StockCode.product_id)
        .where(StockCode.distributor_id == distributor_id)
    )
    units = db.session.execute(
        sa.select(
            StockUnit.unit, Product.code, StockUnit.kind, StockUnit.times, StockUnit.per
        )
        .outerjoin(Product, Product.id == StockUnit.product_id)
        .where(StockUnit.distributor_id == distributor_id)
    )  # fmt: skip
    habit = find_habit(distributor_id)
    return Dictionary(
        codes={code: Meaning(product, times, per) for code, product, times, per in codes},
        units={
            (unit, product or ""): UnitMeaning(kind, times, per)
            for unit, product, kind, times, per in units
        },
        packs={code: Pack(unit, case) for code, unit, case in packs},
        beside=frozenset(
            part for column, part in BESIDE.items() if habit is not None and getattr(habit, column)
        ),
    )


def find_habit(distributor_id: int) -> StockHabit | None:
    """How the distributor counts, where that was ever said."""
    return db.session.get(StockHabit, distributor_id)


def goods() -> list[Known]:
    """The goods that are sold, as candidates for a code; the external key may be a bar code."""
    rows = db.session.execute(
        sa.select(Product.code, Product.name, Product.name_en, Product.external_key)
        .where(Product.is_active.is_(True))
        .order_by(Product.code)
    )
    return [Known(code, name, name_en, key or "") for code, name, name_en, key in rows]


def packs(codes: Iterable[str]) -> dict[str, Pack]:
    """Product code → the names and size of its units."""
    found = db.session.execute(
        sa.select(Product.code, Product.unit, Product.units_per_case).where(
            Product.code.in_(set(codes))
        )
    )
    return {code: Pack(unit, case) for code, unit, case in found}


def product_ids(codes: Iterable[str]) -> dict[str, int]:
    """Product code → id; unknown codes are missing."""
    found = db.session.execute(
        sa.select(Product.code, Product.id).where(Product.code.in_(set(codes)))
    )
    return dict(found.all())


def codes_of(distributor_id: int, keys: Iterable[str]) -> dict[str, StockCode]:
    """The standing decisions on these codes, by `code_key`."""
    found = db.session.scalars(
        sa.select(StockCode).where(
            StockCode.distributor_id == distributor_id, StockCode.code.in_(set(keys))
        )
    )
    return {row.code: row for row in found}


def units_of(distributor_id: int) -> list[StockUnit]:
    """The distributor's words for units, those for all goods first."""
    return list(
        db.session.scalars(
            sa.select(StockUnit)
            .options(joinedload(StockUnit.product))
            .where(StockUnit.distributor_id == distributor_id)
            .order_by(StockUnit.unit, StockUnit.product_id.is_not(None), StockUnit.product_id)
        )
    )


def get_code(actor: Actor, code_id: int) -> StockCode:
    found: StockCode = get_visible(actor, StockCode, code_id, joinedload(StockCode.product))
    return found


def get_unit(actor: Actor, unit_id: int) -> StockUnit:
    found: StockUnit = get_visible(actor, StockUnit, unit_id, joinedload(StockUnit.product))
    return found


CODES = Listing(
    name="stock-codes",
    title=_l("Distributors' own product codes"),
    identity=StockCode.id,
    source=sa.join(StockCode, Distributor, Distributor.id == StockCode.distributor_id).outerjoin(
        Product, Product.id == StockCode.product_id
    ),
    columns=[
        Column("written", _l("own code"), StockCode.written, "code"),
        Column("distributor", _l("distributor"), Distributor.name, wide=True),
        Column("name", _l("own name"), StockCode.name, wide=True),
        Column("product", _l("our product code"), Product.code, "code"),
        Column("product_name", _l("our product"), Product.name),
        Column(
            "times",
            _l("conversion factor"),
            sa.func.nullif(StockCode.times, 1),
            "quantity",
            wide=True,
        ),
        Column("decided_at", _l("said at"), StockCode.decided_at, "instant", wide=True),
    ],
    default_sort="written",
    scope=lambda actor: visible(actor, StockCode.distributor_id),
    filters=[
        Filter(
            "ours",
            _l("our goods or not"),
            sa.type_coerce(StockCode.product_id.is_not(None), sa.Boolean),
            choices=[("1", _l("our goods")), ("0", _l("not our goods"))],
        ),
    ],
    search=[StockCode.written, StockCode.name, Product.code, Product.name, Distributor.name],
    endpoint="stock_codes.record",
    empty=_l("No own code yet: the first unknown code of a report is asked for while checking."),
)

UNITS = Listing(
    name="stock-units",
    title=_l("Distributors' own units"),
    identity=StockUnit.id,
    source=sa.join(StockUnit, Distributor, Distributor.id == StockUnit.distributor_id).outerjoin(
        Product, Product.id == StockUnit.product_id
    ),
    columns=[
        Column("written", _l("own unit"), StockUnit.written),
        Column("distributor", _l("distributor"), Distributor.name, wide=True),
        Column("product", _l("our product code"), Product.code, "code"),
        Column("kind", _l("meaning"), sa.literal("unit_") + StockUnit.kind, "state"),
        Column("times", _l("base units"), sa.func.nullif(StockUnit.times, 1), "quantity"),
        Column("per", _l("per own units"), sa.func.nullif(StockUnit.per, 1), "quantity", wide=True),
        Column("decided_at", _l("said at"), StockUnit.decided_at, "instant", wide=True),
    ],
    default_sort="written",
    scope=lambda actor: visible(actor, StockUnit.distributor_id),
    search=[StockUnit.written, Product.code, Distributor.name],
    endpoint="stock_codes.unit",
    empty=_l("No own unit yet: the first unknown unit of a report is asked for while checking."),
)

"""Reads of the margin ladder: dealer price, wholesale, retail, and what each step keeps.

The list of a whole book works the margins out in SQL, in whole numbers, so that it can be
filtered, sorted and exported; the page of one good asks the rule itself. A test holds both
against each other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.db import db
from channel.models.catalogue import PriceBook, PriceEntry, Product, SuggestedPrice
from channel.queries.catalogue_lists import DayFilter, standing
from channel.queries.listing import Column, Filter, Listing
from contracts import margins
from contracts.values.rates import Rate


class Hundredths(sa.TypeDecorator[Decimal]):
    """Basis points as percent: 741 is read as 7.41."""

    impl = sa.BigInteger
    cache_ok = True

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


def holds(table: Any, on: date) -> Any:
    """The condition that an approved dated price holds on the day."""
    return sa.and_(
        table.approved_at.is_not(None),
        table.valid_from <= on,
        sa.or_(table.valid_to.is_(None), table.valid_to > on),
    )


def _share(kept_bp: Any, of: Any) -> Any:
    """kept ÷ of in basis points, half away from zero; `kept_bp` is the amount times 10,000."""
    up = (2 * kept_bp + of) // (2 * of)
    down = -((-2 * kept_bp + of) // (2 * of))
    return sa.type_coerce(sa.case((kept_bp >= 0, up), else_=down), Hundredths)


@dataclass(frozen=True)
class House:
    """The settings that the ladder is judged by, in basis points."""

    floor_bp: int
    rebate_bp: int


def book_ladder(book: PriceBook, on: date, house: House) -> Listing:
    """Every good of a book on a day: its ladder, its margins and whether the floor is reached."""
    s, w, d = SuggestedPrice, SuggestedPrice.wholesale_fen, PriceEntry.gross_fen
    bare = 10_000 * (w - d)
    with_rebate = bare + house.rebate_bp * d
    verdict = sa.case(
        (s.id.is_(None), "no_ladder"),
        (bare >= house.floor_bp * w, "passes"),
        (with_rebate >= house.floor_bp * w, "with_rebate"),
        else_="below_floor",
    )
    return Listing(
        name=f"margins-{book.code}",
        title=_l("Margin ladder"),
        identity=Product.id,
        source=sa.join(PriceEntry, Product, PriceEntry.product_id == Product.id).outerjoin(
            s, sa.and_(s.product_id == Product.id, s.currency == book.currency, holds(s, on))
        ),
        columns=[
            Column("code", _l("product"), Product.code, "code"),
            Column("name", _l("name"), Product.name),
            Column("dealer", _l("dealer price"), d, "fen"),
            Column("wholesale", _l("wholesale price"), w, "fen", wide=True),
            Column("retail", _l("retail price"), s.retail_fen, "fen", wide=True),
            Column("margin", _l("dealer margin (%)"), _share(bare, w), "percent"),
            Column("margin_rebate", _l("with rebate (%)"), _share(with_rebate, w), "percent"),
            Column(
                "retail_margin",
                _l("retail margin (%)"),
                _share(10_000 * (s.retail_fen - w), s.retail_fen),
                "percent",
                wide=True,
            ),
            Column("floor", _l("band from"), s.floor_fen, "fen", wide=True),
            Column("ceiling", _l("band to"), s.ceiling_fen, "fen", wide=True),
            Column("standing", _l("against the floor"), verdict, "state"),
        ],
        default_sort="code",
        scope=lambda _actor: sa.and_(PriceEntry.book_id == book.id, holds(PriceEntry, on)),
        filters=[
            DayFilter("on", _l("as on"), PriceEntry.valid_from, kind="from"),
            Filter(
                "standing",
                _l("against the floor"),
                verdict,
                choices=[
                    ("below_floor", _l("below the floor")),
                    ("with_rebate", _l("with rebate only")),
                    ("passes", _l("reaches the floor")),
                    ("no_ladder", _l("no suggested prices")),
                ],
            ),
        ],
        search=[Product.code, Product.name],
        endpoint="catalogue.ladder",
        empty=_l("The book has no prices on this day."),
    )


@dataclass(frozen=True)
class BookLadder:
    """The ladder of one good in one book, with its margins."""

    book: PriceBook
    ladder: margins.Ladder
    bare: margins.Margin
    with_rebate: margins.Margin
    retail: margins.Margin


def ladders_of(product: Product, on: date, house: House) -> list[BookLadder]:
    """The good's ladder in every book whose currency it has suggested prices in."""
    s = SuggestedPrice
    rows = db.session.execute(
        sa.select(PriceBook, PriceEntry.gross_fen, s.wholesale_fen, s.retail_fen)
        .select_from(PriceEntry)
        .join(PriceBook, PriceBook.id == PriceEntry.book_id)
        .join(
            s,
            sa.and_(
                s.product_id == PriceEntry.product_id,
                s.currency == PriceBook.currency,
                holds(s, on),
            ),
        )
        .where(PriceEntry.product_id == product.id, holds(PriceEntry, on))
        .order_by(PriceBook.code)
    )
    found = []
    for book, dealer, wholesale, retail in rows:
        ladder = margins.Ladder(f"{product.code} {product.name}", dealer, wholesale, retail)
        found.append(
            BookLadder(
                book,
                ladder,
                margins.dealer_margin(ladder),
                margins.dealer_margin(ladder, Rate.basis_points(house.rebate_bp)),
                margins.retail_margin(ladder),
            )
        )
    return found


def suggestions(product_id: int) -> list[SuggestedPrice]:
    """All suggested prices of a good, the newest first, proposals included."""
    s = SuggestedPrice
    statement = (
        sa.select(s).where(s.product_id == product_id).order_by(s.valid_from.desc(), s.id.desc())
    )
    return list(db.session.scalars(statement))


def bands(product_ids: Collection[int], currency: str, on: date) -> dict[int, SuggestedPrice]:
    """product id → the suggested prices with their band that hold on the day."""
    s = SuggestedPrice
    statement = sa.select(s).where(
        s.product_id.in_(product_ids), s.currency == currency, holds(s, on)
    )
    return {entry.product_id: entry for entry in db.session.scalars(statement)}


def suggested_list(on: date) -> Listing:
    """All suggested prices of all goods, with their state on a day."""
    s = SuggestedPrice
    state = standing(on, s)
    return Listing(
        name="suggested-prices",
        title=_l("Suggested prices"),
        identity=s.id,
        source=sa.join(s, Product, s.product_id == Product.id),
        columns=[
            Column("code", _l("product"), Product.code, "code"),
            Column("name", _l("name"), Product.name),
            Column("wholesale", _l("wholesale price"), s.wholesale_fen, "fen"),
            Column("retail", _l("retail price"), s.retail_fen, "fen"),
            Column("floor", _l("band from"), s.floor_fen, "fen", wide=True),
            Column("ceiling", _l("band to"), s.ceiling_fen, "fen", wide=True),
            Column("currency", _l("currency"), s.currency, wide=True),
            Column("valid_from", _l("valid from"), s.valid_from, "date"),
            Column("state", _l("state"), state, "state"),
        ],
        default_sort="code",
        filters=[
            Filter(
                "state",
                _l("state"),
                state,
                choices=[
                    ("in_force", _l("in force")),
                    ("proposed", _l("proposed")),
                    ("approved", _l("approved")),
                    ("expired", _l("expired")),
                ],
            ),
        ],
        search=[Product.code, Product.name],
        endpoint="catalogue.suggestion",
        empty=_l("Nothing suggested yet: open a product and its margin ladder."),
    )

"""Reads about goods: prices and VAT rates by date, choices, and the working-day calendar.

Prices count only when a second person approved them; each function asks one statement.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from channel.access import NotVisible
from channel.db import Model, db
from channel.messages.goods import VAT_CLASSES
from channel.models.catalogue import (
    PriceBook,
    PriceEntry,
    Product,
    ProductGroup,
    VatRate,
    WorkingDay,
)
from contracts import pricing
from contracts.values.workdays import WorkCalendar


def price_entries(
    book_code: str, product_ids: Collection[int] | None, on: date
) -> list[pricing.PriceEntry]:
    """The approved prices that hold on that day; None asks for the whole book.

    An entry's `product` is the product's code, by which `pricing.price_on` finds it.
    """
    statement = (
        sa.select(Product.code, PriceEntry.gross_fen, PriceEntry.valid_from, PriceEntry.valid_to)
        .select_from(PriceEntry)
        .join(PriceBook, PriceEntry.book_id == PriceBook.id)
        .join(Product, PriceEntry.product_id == Product.id)
        .where(
            PriceBook.code == book_code,
            PriceEntry.approved_at.is_not(None),
            PriceEntry.valid_from <= on,
            sa.or_(PriceEntry.valid_to.is_(None), PriceEntry.valid_to > on),
        )
        .order_by(Product.code, PriceEntry.valid_from, PriceEntry.id)
    )
    if product_ids is not None:
        statement = statement.where(PriceEntry.product_id.in_(product_ids))
    return [pricing.PriceEntry(*row) for row in db.session.execute(statement)]


def vat_rates(classes: Collection[str] | None, on: date) -> dict[str, int]:
    """VAT class → basis points on that day; None asks for all. Unknown classes are missing."""
    statement = (
        sa.select(VatRate.vat_class, VatRate.rate_bp)
        .where(VatRate.valid_from <= on)
        .order_by(VatRate.valid_from)
    )
    if classes is not None:
        statement = statement.where(VatRate.vat_class.in_(classes))
    return {r.vat_class: r.rate_bp for r in db.session.execute(statement)}


def vat_rate_bp(vat_class: str, on: date) -> int | None:
    """The rate of one class in basis points (1300 = 13 %), None where none is known."""
    return vat_rates([vat_class], on).get(vat_class)


def work_calendar() -> WorkCalendar:
    """All exceptions to Monday-to-Friday; a year is official when nothing in it is forecast."""
    rows = db.session.execute(
        sa.select(WorkingDay.day, WorkingDay.is_working, WorkingDay.state)
    ).all()
    forecast = {day.year for day, _working, state in rows if state == "forecast"}
    return WorkCalendar(
        exceptions={day: is_working for day, is_working, _state in rows},
        official_years=frozenset({day.year for day, *_rest in rows} - forecast),
    )


def product_choices() -> list[tuple[str, str]]:
    """(id, «code name») of the goods that are sold."""
    rows = db.session.execute(
        sa.select(Product.id, Product.code, Product.name)
        .where(Product.is_active.is_(True))
        .order_by(Product.code)
    )
    return [(str(i), f"{code} {name}") for i, code, name in rows]


def products_by_id(ids: Collection[int]) -> dict[int, Product]:
    """id → product with its group, in one statement."""
    statement = sa.select(Product).where(Product.id.in_(ids)).options(joinedload(Product.group))
    return {p.id: p for p in db.session.scalars(statement)}


def group_choices() -> list[tuple[str, str]]:
    """(id, «code name») of the product groups."""
    rows = db.session.execute(
        sa.select(ProductGroup.id, ProductGroup.code, ProductGroup.name).order_by(ProductGroup.code)
    )
    return [(str(i), f"{code} {name}") for i, code, name in rows]


def group_codes() -> list[tuple[str, str]]:
    """(code, «code name») of the product groups, for terms that name groups by code."""
    rows = db.session.execute(
        sa.select(ProductGroup.code, ProductGroup.name).order_by(ProductGroup.code)
    )
    return [(code, f"{code} {name}") for code, name in rows]


def product_codes() -> list[tuple[str, str]]:
    """(code, «code name») of the goods that are sold, for terms that name goods by code."""
    return [(label.partition(" ")[0], label) for _id, label in product_choices()]


def book_choices() -> list[tuple[str, str]]:
    """(code, «code name (currency)») of the price books."""
    rows = db.session.execute(
        sa.select(PriceBook.code, PriceBook.name, PriceBook.currency).order_by(PriceBook.code)
    )
    return [(code, f"{code} {name} ({currency})") for code, name, currency in rows]


def get_product(product_id: int) -> Product:
    """The product with its group, or NotVisible."""
    statement = sa.select(Product).where(Product.id == product_id)
    found = db.session.scalar(statement.options(joinedload(Product.group)))
    if found is None:
        raise NotVisible
    return found


def get_record(model: type[Model], record_id: int) -> Any:
    """A product group, price book or price by id, or NotVisible."""
    found = db.session.get(model, record_id)
    if found is None:
        raise NotVisible
    return found


def prices_of(product_id: int) -> list[tuple[PriceEntry, PriceBook]]:
    """All prices of a product in all books, the newest first, proposals included."""
    statement = (
        sa.select(PriceEntry, PriceBook)
        .join(PriceBook, PriceEntry.book_id == PriceBook.id)
        .where(PriceEntry.product_id == product_id)
        .order_by(PriceBook.code, PriceEntry.valid_from.desc(), PriceEntry.id.desc())
    )
    return [(entry, book) for entry, book in db.session.execute(statement)]


def proposals(book_id: int) -> list[PriceEntry]:
    """The prices of a book that wait for a second person, with their products."""
    statement = (
        sa.select(PriceEntry)
        .join(Product, PriceEntry.product_id == Product.id)
        .where(PriceEntry.book_id == book_id, PriceEntry.approved_at.is_(None))
        .options(contains_eager(PriceEntry.product))
        .order_by(Product.code, PriceEntry.valid_from)
    )
    return list(db.session.scalars(statement))


def vat_table() -> list[VatRate]:
    """All VAT rates, class by class, the newest first."""
    return list(
        db.session.scalars(
            sa.select(VatRate).order_by(VatRate.vat_class, VatRate.valid_from.desc())
        )
    )


def vat_choices() -> list[tuple[str, str]]:
    """(class, words) of the VAT classes that have a rate."""
    classes = db.session.scalars(
        sa.select(VatRate.vat_class).distinct().order_by(VatRate.vat_class)
    )
    return [(c, str(VAT_CLASSES.get(c, c))) for c in classes]


def working_days(year: int) -> dict[date, WorkingDay]:
    """The exceptions to Monday-to-Friday within a year, by day."""
    rows = db.session.scalars(
        sa.select(WorkingDay).where(WorkingDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    )
    return {row.day: row for row in rows}

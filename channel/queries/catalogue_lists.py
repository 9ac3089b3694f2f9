"""The lists about goods: products, groups, price books and the prices of one book.

A price is in force when a second person approved it and its days have come.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from channel.messages.goods import VAT_CLASSES
from channel.models.accounts import User
from channel.models.catalogue import PriceBook, PriceEntry, Product, ProductGroup
from channel.queries.catalogue import group_codes
from channel.queries.listing import Column, Filter, Listing

PRODUCTS = Listing(
    name="products",
    title=_l("Products"),
    identity=Product.id,
    source=sa.join(Product, ProductGroup, Product.group_id == ProductGroup.id),
    columns=[
        Column("code", _l("code"), Product.code, "code"),
        Column("name", _l("name"), Product.name),
        Column("group_name", _l("product group"), ProductGroup.name),
        Column("unit", _l("unit"), Product.unit, wide=True),
        Column("units_per_case", _l("units per case"), Product.units_per_case, "quantity",
               wide=True),
        Column("vat_class", _l("VAT class"), Product.vat_class, "vat_class", wide=True),
        Column("shelf_life_days", _l("shelf life (days)"), Product.shelf_life_days, "quantity",
               wide=True),
        Column("launched_on", _l("launched on"), Product.launched_on, "date", wide=True),
        Column("srp", _l("suggested retail price"), Product.srp_fen, "fen", wide=True),
        Column(
            "state",
            _l("state"),
            sa.case((Product.is_active.is_(True), "active"), else_="inactive"),
            "state",
        ),
    ],
    default_sort="code",
    filters=[
        Filter(
            "active",
            _l("state"),
            Product.is_active,
            choices=[("1", _l("active")), ("0", _l("inactive"))],
        ),
        Filter("group", _l("product group"), ProductGroup.code, choices=group_codes),
        Filter("vat", _l("VAT class"), Product.vat_class, choices=list(VAT_CLASSES.items())),
    ],
    search=[Product.code, Product.name, Product.name_en, ProductGroup.name],
    endpoint="catalogue.product",
    empty=_l("No products yet: open the first one, or import a list."),
)  # fmt: skip

_in_group = aliased(Product)

GROUPS = Listing(
    name="product-groups",
    title=_l("Product groups"),
    identity=ProductGroup.id,
    source=ProductGroup,
    columns=[
        Column("code", _l("code"), ProductGroup.code, "code"),
        Column("name", _l("name"), ProductGroup.name),
        Column(
            "products",
            _l("products"),
            sa.select(sa.func.count())
            .where(_in_group.group_id == ProductGroup.id)
            .correlate(ProductGroup)
            .scalar_subquery(),
            "quantity",
        ),
    ],
    default_sort="code",
    search=[ProductGroup.code, ProductGroup.name],
    endpoint="catalogue.group",
    empty=_l("No product groups yet: open the first one."),
)

_entry = aliased(PriceEntry)


def _entries(*where: Any) -> Any:
    """How many prices of the book fulfil this."""
    return (
        sa.select(sa.func.count())
        .where(_entry.book_id == PriceBook.id, *where)
        .correlate(PriceBook)
        .scalar_subquery()
    )


BOOKS = Listing(
    name="price-books",
    title=_l("Price books"),
    identity=PriceBook.id,
    source=PriceBook,
    columns=[
        Column("code", _l("code"), PriceBook.code, "code"),
        Column("name", _l("name"), PriceBook.name),
        Column("currency", _l("currency"), PriceBook.currency),
        Column("approved", _l("approved prices"), _entries(_entry.approved_at.is_not(None)),
               "quantity", wide=True),
        Column("waiting", _l("proposed prices"), _entries(_entry.approved_at.is_(None)),
               "quantity"),
    ],
    default_sort="code",
    search=[PriceBook.code, PriceBook.name],
    endpoint="catalogue.price_book",
    empty=_l("No price book yet: open one, then propose prices."),
)  # fmt: skip


def standing(on: date, table: Any = PriceEntry) -> Any:
    """proposed, approved (its days are still to come), in_force or expired, in SQL."""
    return sa.case(
        (table.approved_at.is_(None), "proposed"),
        (table.valid_from > on, "approved"),
        (sa.and_(table.valid_to.is_not(None), table.valid_to <= on), "expired"),
        else_="in_force",
    )


class DayFilter(Filter):
    """The day on which the list is looked at: it moves the states, and hides no row."""

    def condition(self, value: str) -> sa.ColumnElement[bool] | None:
        return sa.true()


def price_list(book: PriceBook, on: date) -> Listing:
    """The prices of one book as they stand on a day."""
    proposer, approver = aliased(User), aliased(User)
    state = standing(on)
    return Listing(
        name=f"prices-{book.code}",
        title=book.name,
        identity=PriceEntry.id,
        source=sa.join(PriceEntry, Product, PriceEntry.product_id == Product.id)
        .outerjoin(proposer, PriceEntry.proposed_by_id == proposer.id)
        .outerjoin(approver, PriceEntry.approved_by_id == approver.id),
        columns=[
            Column("code", _l("product"), Product.code, "code"),
            Column("name", _l("name"), Product.name, wide=True),
            Column("gross", _l("price incl. VAT"), PriceEntry.gross_fen, "fen"),
            Column("unit", _l("unit"), Product.unit, wide=True),
            Column("valid_from", _l("valid from"), PriceEntry.valid_from, "date"),
            Column("valid_to", _l("no longer from"), PriceEntry.valid_to, "date", wide=True),
            Column("state", _l("state"), state, "state"),
            Column("proposer", _l("proposed by"), proposer.name, wide=True),
            Column("approver", _l("approved by"), approver.name, wide=True),
        ],
        default_sort="code",
        scope=lambda _actor: PriceEntry.book_id == book.id,
        filters=[
            DayFilter("on", _l("as on"), PriceEntry.valid_from, kind="from"),
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
        endpoint="catalogue.price_entry",
        empty=_l("No prices yet: propose the first one, or import a list."),
    )

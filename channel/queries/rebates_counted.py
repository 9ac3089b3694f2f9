"""Which rows a policy counts, as SQL: by when a sale counts, and by goods, place, launch, bundle.

A *leg* is one source of rows with the same columns; a base is the sum of its legs. The legs sum a
run, freeze the printed lines and list the rows of a statement, so that every figure re-adds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.db import db
from channel.models.catalogue import Product, ProductGroup
from channel.models.orders import Shipment
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries.market_areas import days_between
from channel.queries.rebates_enrolled import is_enrolled
from channel.queries.rebates_seen import Seen
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period


@dataclass(frozen=True)
class Other:
    """A policy whose lines do not count here again, and whether it enrols by agreement."""

    terms: RebateTerms
    by_agreement: bool


@dataclass(frozen=True)
class Names:
    """The ids behind the codes of a house's goods, and the policies that come first."""

    groups: Mapping[str, int]
    products: Mapping[str, int]
    others: Sequence[Other] = ()


@dataclass(frozen=True)
class Counting:
    """What is asked: the terms, the days that count, and up to which rows (None: all there are)."""

    terms: RebateTerms
    period: Period
    names: Names
    seen: Seen | None = None
    #: One distributor only; None: all of them.
    only: int | None = None

    def over(self, period: Period) -> Counting:
        """The same question over other days."""
        return replace(self, period=period)


@dataclass(frozen=True)
class Row:
    """The columns by which goods are judged; `place` is a division code, never NULL."""

    owner: Any
    day: Any
    product: Any
    group: Any
    launched: Any = None
    place: Any = None
    #: The invoice of the sale: the row's own, or the one that it undoes.
    sale: Any = None
    #: That the row takes back, but says not which sale.
    is_loose: Any = None


@dataclass(frozen=True)
class Leg:
    """One source of rows. `net`, `gross`: ten-thousandths; `quantity`: base units."""

    source: Any
    row: Row
    currency: Any
    net: Any
    gross: Any
    quantity: Any
    conditions: list[Any] = field(default_factory=list)
    #: For lists: the document's id and number, its kind, the line's id, number and price.
    invoice: Any = None
    number: Any = None
    kind: Any = None
    line: Any = None
    line_no: Any = None
    price: Any = None


def names_for(terms: RebateTerms, others: Sequence[Other] = ()) -> Names:
    """The ids of the groups and of the products that the terms name; two statements at most."""
    groups = dict(db.session.execute(sa.select(ProductGroup.code, ProductGroup.id)).all())
    codes: set[str] = set()
    for one in (terms, *(other.terms for other in others)):
        codes |= one.products | one.products_out | {part.product for part in one.bundle}
    products: dict[str, int] = {}
    if codes:
        wanted = sa.select(Product.code, Product.id).where(Product.code.in_(sorted(codes)))
        products = dict(db.session.execute(wanted).all())
    return Names(groups, products, others)


def needs_place(terms: RebateTerms, names: Names) -> bool:
    every = (terms, *(other.terms for other in names.others))
    return any(one.territories or one.territories_out for one in every)


def needs_launch(terms: RebateTerms, names: Names) -> bool:
    return any(one.new_days is not None for one in (terms, *(o.terms for o in names.others)))


def needs_sale(terms: RebateTerms, names: Names) -> bool:
    """Whether the document of a line must be looked at."""
    bundles = any(one.bundle for one in (terms, *(other.terms for other in names.others)))
    return bundles or not terms.base.returns or needs_place(terms, names)


def goods(counting: Counting, row: Row) -> list[Any]:
    """The conditions of the policy on a row, whatever its source; free goods are the leg's."""
    found = _goods(counting, counting.terms, row)
    for other in counting.names.others:
        theirs = [*_goods(counting, other.terms, row)]
        if other.by_agreement:
            theirs.append(is_enrolled(other.terms.code, row.owner, row.day))
        found.append(sa.not_(sa.and_(sa.true(), *theirs)))
    return found


def _goods(counting: Counting, terms: RebateTerms, row: Row) -> list[Any]:
    groups, products = counting.names.groups, counting.names.products
    found: list[Any] = []
    if terms.goods:
        found.append(row.group.in_(sorted(groups[g] for g in terms.goods if g in groups)))
    if terms.goods_out:
        found.append(row.group.not_in(sorted(groups[g] for g in terms.goods_out if g in groups)))
    if terms.products:
        found.append(row.product.in_(sorted(products[p] for p in terms.products if p in products)))
    if terms.products_out:
        out = sorted(products[p] for p in terms.products_out if p in products)
        found.append(row.product.not_in(out))
    if terms.territories:
        found.append(sa.or_(*(_below(row.place, code) for code in sorted(terms.territories))))
    if terms.territories_out:
        out_of = (_below(row.place, code) for code in sorted(terms.territories_out))
        found.append(sa.not_(sa.or_(*out_of)))
    if terms.new_days is not None:
        age = days_between(row.launched, row.day)
        found.append(sa.func.coalesce(sa.and_(age >= 0, age < terms.new_days), sa.false()))
    if terms.bundle:
        found += _bundle(counting, terms, row)
    return found


def _below(place: Any, code: str) -> Any:
    """That a place lies in a division or below it: the digits of a code say to what it belongs."""
    head = code.rstrip("0")
    return place.startswith(head.ljust(2 if len(head) <= 2 else 4 if len(head) <= 4 else 6, "0"))


def _bundle(counting: Counting, terms: RebateTerms, row: Row) -> list[Any]:
    """Only goods of the bundle, of sales that still hold every part after what was taken back.

    What comes back without a word of which sale it was is taken off all the same.
    """
    products = counting.names.products
    parts = [(products.get(part.product, 0), part.quantity) for part in terms.bundle]
    line, document = aliased(InvoiceLine), aliased(Invoice)
    sale = sa.func.coalesce(document.undoes_id, document.id)
    conditions = [line.product_id.in_([product for product, _quantity in parts])]
    if counting.seen is not None:
        conditions.append(line.id <= counting.seen.lines)
    if not terms.base.free_goods:
        conditions.append(line.is_free.is_(False))
    if not terms.base.returns:
        conditions.append(document.kind != "credit_note")
    whole = (
        sa.select(sale)
        .join_from(line, document, document.id == line.invoice_id)
        .where(*conditions)
        .group_by(sale)
        .having(
            sa.and_(
                *(
                    sa.func.sum(sa.case((line.product_id == product, line.quantity), else_=0))
                    >= quantity
                    for product, quantity in parts
                )
            )
        )
    )
    holds = row.sale.in_(whole) if row.sale is not None else sa.false()
    if row.is_loose is not None:
        holds = sa.or_(holds, row.is_loose)
    return [row.product.in_([product for product, _quantity in parts]), holds]


def parts_column(terms: RebateTerms, row: Row) -> Any:
    """The id of the part to which a row belongs; None where all are one."""
    if terms.scope == "product":
        return row.product
    return row.group if terms.scope == "product_group" else None


def day_between(day: Any, period: Period) -> list[Any]:
    return [day >= period.start, day < period.end]


@dataclass(frozen=True)
class Joined:
    """The tables that stand beside a line where the terms ask for them."""

    source: Any
    document: Any
    place: Any
    launched: Any


def joined(counting: Counting, source: Any, invoice: Any, owner: Any, product: Any) -> Joined:
    """`source` with the document of a row, the place of its delivery and the launch of its good.

    The place is that of the shipment of the sale; without one, the seat of the distributor.
    """
    terms, names = counting.terms, counting.names
    document: Any = None
    place, launched = None, None
    if needs_sale(terms, names):
        document = aliased(Invoice)
        source = source.join(document, document.id == invoice)
    if needs_place(terms, names):
        sale, shipment = aliased(Invoice), aliased(Shipment)
        seat = aliased(Distributor)
        source = (
            source.join(sale, sale.id == sa.func.coalesce(document.undoes_id, document.id))
            .outerjoin(shipment, shipment.id == sale.shipment_id)
            .join(seat, seat.id == owner)
        )
        place = sa.func.coalesce(shipment.division_code, seat.division_code, "")
    if needs_launch(terms, names):
        good = aliased(Product)
        source = source.join(good, good.id == product)
        launched = good.launched_on
    return Joined(source, document, place, launched)


def row_of(beside: Joined, owner: Any, day: Any, product: Any, group: Any) -> Row:
    sale = loose = None
    if beside.document is not None:
        document = beside.document
        sale = sa.func.coalesce(document.undoes_id, document.id)
        loose = sa.and_(document.kind == "credit_note", document.undoes_id.is_(None))
    return Row(owner, day, product, group, beside.launched, beside.place, sale, loose)

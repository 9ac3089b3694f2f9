"""Prices for lines: the book's, or an approved special price while its quantity lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from channel.models.catalogue import Product
from channel.queries import catalogue
from channel.services.steps.judging import Judgement
from channel.services.steps.waivers import Left
from contracts.agreement import Terms
from contracts.pricing import PriceEntry, SpecialPrice, check_price, price_on, priced_lines
from contracts.values.findings import Finding, block
from contracts.values.periods import Period


@dataclass(frozen=True)
class Wanted:
    """A line as asked for. `typed_fen` is a price that somebody sent along; it is only checked."""

    product_id: int
    quantity: int
    is_free: bool = False
    typed_fen: int | None = None


@dataclass(frozen=True)
class Priced:
    """A line with its price; special prices split a wanted line in two."""

    product: Product
    quantity: int
    unit_gross_fen: int
    source: str
    vat_rate_bp: int
    waiver_id: int | None = None

    @property
    def gross_fen(self) -> int:
        """Incl. VAT; free goods have no value."""
        return 0 if self.source == "free" else self.unit_gross_fen * self.quantity

    @property
    def is_free(self) -> bool:
        return self.source == "free"


def price_lines(
    judgement: Judgement, wanted: Sequence[Wanted], lefts: list[Left], on: date
) -> list[Priced]:
    """Price every line by the book of the agreement; findings where that cannot be done."""
    terms = judgement.ground.terms
    products = catalogue.products_by_id({line.product_id for line in wanted})
    rates = catalogue.vat_rates({p.vat_class for p in products.values()}, on)
    book = terms.price_book if terms else None
    entries = catalogue.price_entries(book, list(products), on) if book else []
    specials = {left.waiver.product_id: left for left in lefts if left.waiver.type == "price"}
    priced: list[Priced] = []
    for line in wanted:
        product = products.get(line.product_id)
        refusal = _not_for_sale(product, str(line.product_id), terms, rates)
        if refusal is not None or product is None:
            judgement.findings += [refusal] if refusal else []
            continue
        entry = price_on(entries, product.code, on)
        rate = rates[product.vat_class]
        if line.is_free:
            unit = entry.gross_fen if entry else 0
            priced.append(Priced(product, line.quantity, unit, "free", rate))
        elif entry is None:
            judgement.findings += check_price(product.code, 0, None, on)
        elif (left := specials.get(product.id)) is not None:
            priced += _with_special(judgement, line, product, entry, left, rate)
        else:
            if line.typed_fen is not None:
                judgement.findings += check_price(product.code, line.typed_fen, entry, on)
            priced.append(Priced(product, line.quantity, entry.gross_fen, "book", rate))
    return priced


def _not_for_sale(
    product: Product | None, asked: str, terms: Terms | None, rates: Mapping[str, int]
) -> Finding | None:
    """Why the good cannot be sold under these terms, if it cannot."""
    if product is None or not product.is_active:
        return block("product.closed", asked, product=product.name if product else asked)
    if terms and terms.goods and product.group.code not in terms.goods:
        return block("product.not_in_agreement", product.code, product=product.name)
    if product.vat_class not in rates:
        return block(
            "product.no_vat_rate", product.code, product=product.name, vat_class=product.vat_class
        )
    return None


def _with_special(
    judgement: Judgement, line: Wanted, product: Product, entry: PriceEntry, left: Left, rate: int
) -> list[Priced]:
    """First what is left at the special price, the rest at the book's."""
    waiver = left.waiver
    assert waiver.unit_gross_fen is not None
    valid = Period(waiver.valid_from, waiver.valid_to)
    special = SpecialPrice(product.code, waiver.unit_gross_fen, left.quantity, valid)
    lines = []
    for quantity, unit in priced_lines(line.quantity, entry, special):
        is_special = unit == waiver.unit_gross_fen
        source, waiver_id = ("special", waiver.id) if is_special else ("book", None)
        lines.append(Priced(product, quantity, unit, source, rate, waiver_id))
        if is_special:
            judgement.uses.append((waiver.id, quantity * unit, quantity))
    return lines

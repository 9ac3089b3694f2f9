"""Prices for lines: the book's, or an approved special price while its quantity lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from channel.models.catalogue import Product
from channel.queries import catalogue
from channel.services.steps.judging import Judgement
from channel.services.steps.waivers import Left
from contracts.pricing import PriceEntry, SpecialPrice, check_price, priced_lines
from contracts.values.findings import Finding, Severity
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
    products = catalogue.products({line.product_id for line in wanted})
    rates = catalogue.vat_rates({p.vat_class for p in products.values()}, on)
    book = terms.price_book if terms else None
    entries = catalogue.price_entries(book, list(products), on) if book else {}
    specials = {left.waiver.product_id: left for left in lefts if left.waiver.type == "price"}
    priced: list[Priced] = []
    for line in wanted:
        product = products.get(line.product_id)
        if product is None or not product.is_active:
            judgement.findings.append(
                Finding(
                    "product.closed",
                    Severity.BLOCK,
                    "",
                    {"product": product.name if product else str(line.product_id)},
                )
            )
            continue
        if terms and terms.goods and product.group.code not in terms.goods:
            judgement.findings.append(
                Finding(
                    "product.not_in_agreement",
                    Severity.BLOCK,
                    product.code,
                    {"product": product.name},
                )
            )
            continue
        entry = entries.get(product.id)
        rate = rates.get(product.vat_class, 0)
        if line.is_free:
            unit = entry.gross_fen if entry else 0
            priced.append(Priced(product, line.quantity, unit, "free", rate))
            continue
        if entry is None:
            judgement.findings += check_price(product.code, 0, None, on)
            continue
        left = specials.get(product.id)
        if left is None:
            if line.typed_fen is not None:
                judgement.findings += check_price(product.code, line.typed_fen, entry, on)
            priced.append(Priced(product, line.quantity, entry.gross_fen, "book", rate))
            continue
        priced += _with_special(judgement, line, product, entry, left, rate)
    return priced


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

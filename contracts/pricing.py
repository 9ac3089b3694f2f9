"""Dealer prices: one book for the whole country, dated, and special prices for a stated quantity.

Prices are per unit of sale in fen, VAT-inclusive; nobody types a price, so one that differs from
the book is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contracts.values.findings import Finding, block
from contracts.values.money import Money
from contracts.values.periods import Period


@dataclass(frozen=True)
class PriceEntry:
    """A product's price from a day on until the day before `valid_to`; none means no end."""

    product: str
    gross_fen: int
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.gross_fen < 0:
            raise ValueError(f"a price is not negative: {self.gross_fen}")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"must end after it starts: {self.valid_from} .. {self.valid_to}")

    def holds(self, on: date) -> bool:
        """Whether the price holds on this day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True)
class SpecialPrice:
    """An approved price for so many units within some days; no quantity means no cap."""

    product: str
    gross_fen: int
    quantity_left: int | None
    valid: Period

    def __post_init__(self) -> None:
        if self.gross_fen < 0:
            raise ValueError(f"a price is not negative: {self.gross_fen}")
        if self.quantity_left is not None and self.quantity_left < 0:
            raise ValueError(f"no quantity is negative: {self.quantity_left}")


def price_on(entries: Iterable[PriceEntry], product: str, on: date) -> PriceEntry | None:
    """The product's price on this day: of several in force the one that started last.

    Of several that started on the same day the one given last, as it was recorded later.
    """
    found: PriceEntry | None = None
    for entry in entries:
        if entry.product != product or not entry.holds(on):
            continue
        if found is None or entry.valid_from >= found.valid_from:
            found = entry
    return found


def check_price(product: str, asked_fen: int, entry: PriceEntry | None, on: date) -> list[Finding]:
    """Refuse a price that is not the book's: `price.missing`, `price.differs`.

    An entry that does not hold on this day counts as missing. ValueError if the entry is for
    another product.
    """
    if entry is not None and entry.product != product:
        raise ValueError(f"the price of {entry.product} does not judge {product}")
    if entry is None or not entry.holds(on):
        return [block("price.missing", product, product=product, on=on)]
    if asked_fen == entry.gross_fen:
        return []
    asked, book = Money.from_fen(asked_fen), Money.from_fen(entry.gross_fen)
    return [block("price.differs", product, product=product, asked=asked, book=book)]


def priced_lines(
    quantity: int, entry: PriceEntry, special: SpecialPrice | None, on: date | None = None
) -> list[tuple[int, int]]:
    """(quantity, unit price in fen) lines: first what is left at the special price, then book.

    Where `on` is given, a special price counts only on its days; where it is not, the caller
    has chosen one that holds. ValueError for a negative quantity or another product's price.
    """
    if quantity < 0:
        raise ValueError(f"no quantity is negative: {quantity}")
    at_special = _special_quantity(quantity, entry, special, on)
    lines = []
    if special is not None and at_special:
        lines.append((at_special, special.gross_fen))
    if quantity > at_special:
        lines.append((quantity - at_special, entry.gross_fen))
    return lines


def _special_quantity(
    quantity: int, entry: PriceEntry, special: SpecialPrice | None, on: date | None
) -> int:
    """How many of the units are sold at the special price."""
    if special is None:
        return 0
    if special.product != entry.product:
        raise ValueError(f"the special price of {special.product} is not for {entry.product}")
    if on is not None and not special.valid.contains(on):
        return 0
    return quantity if special.quantity_left is None else min(quantity, special.quantity_left)

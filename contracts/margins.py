"""The margin ladder: what each step of the channel keeps of its own selling price.

Prices are per unit in fen, all VAT-inclusive, so that the tax of each step cancels out of the
share. A rebate is a share of the dealer price that comes back to the dealer.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from contracts.values.findings import Fact, Finding, warn
from contracts.values.money import Money, divide_half_up
from contracts.values.rates import EXACT, Rate

NO_REBATE = Rate(Decimal(0))


@dataclass(frozen=True)
class Ladder:
    """The price to the dealer, from the dealer to the shop, and from the shop to the buyer."""

    product: str
    dealer_fen: int
    wholesale_fen: int
    retail_fen: int

    def __post_init__(self) -> None:
        if self.dealer_fen < 0 or self.wholesale_fen < 1 or self.retail_fen < 1:
            raise ValueError("a selling price is positive, and no price is negative")


@dataclass(frozen=True)
class Margin:
    """What is kept (exact, in fen), of which selling price, and its share to two decimals."""

    kept: Decimal
    of_fen: int
    percent: Decimal

    def money(self, currency: str) -> Money:
        """What is kept as an amount; half a fen stays half a fen."""
        return Money(EXACT.scaleb(self.kept, -2).normalize(), currency)

    def reaches(self, floor: Rate) -> bool:
        """Judged on the exact figures, never on the printed percentage; equality reaches."""
        return self.kept >= floor.of(Decimal(self.of_fen))


def dealer_margin(ladder: Ladder, rebate: Rate = NO_REBATE) -> Margin:
    """Wholesale price less dealer price plus the rebate on it, of the wholesale price."""
    kept = Decimal(ladder.wholesale_fen - ladder.dealer_fen)
    return _margin(kept + rebate.of(Decimal(ladder.dealer_fen)), ladder.wholesale_fen)


def retail_margin(ladder: Ladder) -> Margin:
    """Retail price less wholesale price, of the retail price."""
    return _margin(Decimal(ladder.retail_fen - ladder.wholesale_fen), ladder.retail_fen)


def check_floor(ladder: Ladder, floor: Rate, rebate: Rate = NO_REBATE) -> list[Finding]:
    """Warn while the dealer keeps less than the floor: `margin.below_floor`.

    Facts: product, margin and floor as rates, kept as money, rebate as a rate.
    """
    margin = dealer_margin(ladder, rebate)
    if margin.reaches(floor):
        return []
    share = Rate.percent(margin.percent)
    wholesale = Money.from_fen(ladder.wholesale_fen)
    facts: dict[str, Fact] = {
        "product": ladder.product,
        "margin": share,
        "floor": floor,
        "wholesale": wholesale,
    }
    if rebate == NO_REBATE:
        return [warn("margin.below_floor", ladder.product, **facts)]
    return [warn("margin.below_with_rebate", ladder.product, **facts, rebate=rebate)]


def check_band(
    product: str, price_fen: int, floor_fen: int | None, ceiling_fen: int | None
) -> list[Finding]:
    """A resale price outside its band: `resale.below_floor`, `resale.above_ceiling`.

    The bounds themselves are inside; an empty bound holds nothing.
    """
    price = Money.from_fen(price_fen)
    if floor_fen is not None and price_fen < floor_fen:
        floor = Money.from_fen(floor_fen)
        return [warn("resale.below_floor", product, product=product, price=price, floor=floor)]
    if ceiling_fen is not None and price_fen > ceiling_fen:
        top = Money.from_fen(ceiling_fen)
        return [warn("resale.above_ceiling", product, product=product, price=price, ceiling=top)]
    return []


def _margin(kept: Decimal, of_fen: int) -> Margin:
    """With the share rounded half away from zero to two decimals, in whole numbers throughout."""
    shift = max(0, -int(kept.as_tuple().exponent))
    scaled = int(EXACT.scaleb(kept, shift))
    hundredths = divide_half_up(scaled * 10_000, of_fen * 10**shift)
    return Margin(kept, of_fen, EXACT.scaleb(Decimal(hundredths), -2))

"""The least value a shipment must have, and the approved exceptions that lower it for a while.

What is measured is the value of the goods in one shipment, VAT included, before any rebate is
set off; free goods and rebate offsets never count towards it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contracts.values.findings import Finding, block
from contracts.values.money import Money
from contracts.values.periods import Period


@dataclass(frozen=True)
class MinimumRule:
    """The floor in fen and where it comes from: the house's default or a contract's number."""

    floor_fen: int
    source: str


@dataclass(frozen=True)
class MinimumWaiver:
    """An approved lower floor: on these days only, for so many shipments (None: no cap)."""

    floor_fen: int
    valid: Period
    shipments_left: int | None = None
    source: str = ""

    def holds(self, on: date) -> bool:
        """Whether the waiver can still be used on this day."""
        left = self.shipments_left is None or self.shipments_left > 0
        return left and self.valid.contains(on)


def floor_on(
    rule: MinimumRule | None, waiver: MinimumWaiver | None, on: date
) -> MinimumRule | None:
    """The floor that counts on this day; None where no minimum was ever set.

    A waiver can only lower the floor: one above the rule changes nothing.
    """
    if rule is None or waiver is None or not waiver.holds(on):
        return rule
    if waiver.floor_fen >= rule.floor_fen:
        return rule
    return MinimumRule(waiver.floor_fen, waiver.source or rule.source)


def check_minimum(
    goods_gross_fen: int, rule: MinimumRule | None, waiver: MinimumWaiver | None, on: date
) -> list[Finding]:
    """Refuse a shipment below the floor: `minimum.below`. A value equal to the floor passes.

    The value is that of the goods in this shipment, VAT included, before rebates are set off.
    """
    floor = floor_on(rule, waiver, on)
    if floor is None or goods_gross_fen >= floor.floor_fen:
        return []
    return [
        block(
            "minimum.below",
            value=Money.from_fen(goods_gross_fen),
            floor=Money.from_fen(floor.floor_fen),
            short=Money.from_fen(floor.floor_fen - goods_gross_fen),
            source=floor.source,
        )
    ]


def uses_waiver(
    goods_gross_fen: int, rule: MinimumRule | None, waiver: MinimumWaiver | None, on: date
) -> bool:
    """Whether the shipment passes only thanks to the waiver, and so uses up one of its number."""
    return bool(check_minimum(goods_gross_fen, rule, None, on)) and not check_minimum(
        goods_gross_fen, rule, waiver, on
    )

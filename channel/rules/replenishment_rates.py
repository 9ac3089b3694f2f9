"""Forecasts of demand that comes now and then: Croston, its correction, and one for dying goods.

Each smooths how much is taken at a time and how often; the smoothing begins with the first value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

#: The weight of the newest value.
ALPHA = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something is taken in a period, and how much at a time."""

    size: Decimal
    per_period: Decimal

    @property
    def demand(self) -> Decimal:
        """The forecast of a period."""
        return self.size * self.per_period


def croston(demands: Sequence[Decimal], alpha: Decimal = ALPHA) -> Rate | None:
    """Sizes and intervals smoothed apart: [0, 0, 0, 7] is 7 every fourth period, 1.75 a period.

    None without any demand. It does not fall while nothing is taken.
    """
    sizes, intervals, waited = [], [], 0
    for demand in demands:
        waited += 1
        if demand:
            sizes.append(demand)
            intervals.append(Decimal(waited))
            waited = 0
    if not sizes:
        return None
    return Rate(smoothed(sizes, alpha), 1 / smoothed(intervals, alpha))


def sba(demands: Sequence[Decimal], alpha: Decimal = ALPHA) -> Rate | None:
    """Croston less its bias: times 1 - alpha / 2 of the intervals' weight."""
    rate = croston(demands, alpha)
    return Rate(rate.size, rate.per_period * (1 - alpha / 2)) if rate else None


def tsb(demands: Sequence[Decimal], alpha: Decimal = ALPHA) -> Rate | None:
    """The chance of a demand smoothed in every period, so that it falls while nothing is taken."""
    sizes = [demand for demand in demands if demand]
    if not sizes:
        return None
    chances = [Decimal(1) if demand else Decimal(0) for demand in demands]
    return Rate(smoothed(sizes, alpha), smoothed(chances, alpha))


def smoothed(values: Sequence[Decimal], alpha: Decimal) -> Decimal:
    """Simple exponential smoothing that begins with the first value."""
    level = values[0]
    for value in values[1:]:
        level = alpha * value + (1 - alpha) * level
    return level

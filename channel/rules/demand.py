"""What kind of demand a product has, from what was sold period by period.

Periods that ended without stock say too little and are left out, but stay to be seen; the
deviation is that of a sample (divisor n - 1), for levels and for the class alike.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from channel.rules.stock_row import Quantity

#: At or above: demand comes in fewer than three of four periods.
ADI_CUT = Decimal("1.32")
#: At or above: the sizes vary much.
CV2_CUT = Decimal("0.49")


class Kind(enum.StrEnum):
    """The class of a demand by Syntetos and Boylan; NONE has nothing to be classed."""

    NONE = "none"
    SMOOTH = "smooth"
    INTERMITTENT = "intermittent"
    ERRATIC = "erratic"
    LUMPY = "lumpy"


@dataclass(frozen=True, slots=True)
class Observation:
    """What was sold in one period, net of returns from customers, in base units.

    `is_out`: the period ended without stock, so more might have been sold.
    """

    label: str
    days: int
    sold: Quantity
    is_out: bool = False

    def __post_init__(self) -> None:
        if self.days <= 0:
            raise ValueError("a period has at least one day")

    @property
    def demand(self) -> Decimal:
        """What was asked for; more returned than sold is no demand, not a negative one."""
        return max(Decimal(self.sold), Decimal(0))


@dataclass(frozen=True)
class Profile:
    """A history in the order of its periods, with the figures that methods need.

    All figures are those of `used`; `left_out` ended without stock. Figures are None where too
    few periods are there to give them.
    """

    history: tuple[Observation, ...]

    @cached_property
    def used(self) -> tuple[Observation, ...]:
        return tuple(one for one in self.history if not one.is_out)

    @cached_property
    def left_out(self) -> tuple[Observation, ...]:
        return tuple(one for one in self.history if one.is_out)

    @cached_property
    def demands(self) -> tuple[Decimal, ...]:
        return tuple(one.demand for one in self.used)

    @cached_property
    def sizes(self) -> tuple[Decimal, ...]:
        """What was sold in the periods in which anything was."""
        return tuple(demand for demand in self.demands if demand)

    @property
    def n(self) -> int:
        return len(self.used)

    @property
    def moves(self) -> bool:
        """Whether anything was sold at all, be it in a period that ended without stock."""
        return any(one.demand for one in self.history)

    @cached_property
    def mean(self) -> Decimal | None:
        """Demand of a period."""
        return mean_of(self.demands)

    @cached_property
    def mean_with_all(self) -> Decimal | None:
        """The same with the periods that were left out, to be shown beside."""
        return mean_of([one.demand for one in self.history])

    @cached_property
    def deviation(self) -> Decimal | None:
        """Sample deviation of the demand of a period; one period has none."""
        return deviation_of(self.demands)

    @cached_property
    def days_per_period(self) -> Decimal | None:
        """Average length of the periods used: months are of 28 to 31 days."""
        return mean_of([Decimal(one.days) for one in self.used])

    @cached_property
    def adi(self) -> Decimal | None:
        """Periods for each period with a demand."""
        return Decimal(self.n) / len(self.sizes) if self.sizes else None

    @cached_property
    def cv2(self) -> Decimal | None:
        """Squared coefficient of variation of the sizes; a single size has none."""
        spread, middle = deviation_of(self.sizes), mean_of(self.sizes)
        return None if spread is None or not middle else (spread / middle) ** 2

    @cached_property
    def kind(self) -> Kind:
        """Both bounds belong to the upper class; a single size counts as regular."""
        if self.adi is None:
            return Kind.NONE
        varies = self.cv2 is not None and self.cv2 >= CV2_CUT
        if self.adi >= ADI_CUT:
            return Kind.LUMPY if varies else Kind.INTERMITTENT
        return Kind.ERRATIC if varies else Kind.SMOOTH

    @cached_property
    def silence(self) -> int:
        """How many of the last periods passed without a demand."""
        count = 0
        for demand in reversed(self.demands):
            if demand:
                break
            count += 1
        return count

    @cached_property
    def pause(self) -> Decimal | None:
        """Periods for each demand until the last one: the usual interval before the silence."""
        return Decimal(self.n - self.silence) / len(self.sizes) if self.sizes else None


def mean_of(values: Sequence[Decimal]) -> Decimal | None:
    """The average; None of nothing."""
    return sum(values, Decimal(0)) / len(values) if values else None


def deviation_of(values: Sequence[Decimal]) -> Decimal | None:
    """Sample deviation, divisor n - 1; None of fewer than two."""
    middle = mean_of(values)
    if middle is None or len(values) < 2:
        return None
    squares = sum(((value - middle) ** 2 for value in values), Decimal(0))
    return (squares / (len(values) - 1)).sqrt()

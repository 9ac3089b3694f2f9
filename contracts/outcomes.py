"""What an exception brought: sales against the forecast, against before, and against peers.

All sales are goods shipped, VAT included, in fen; a forecast of none and a cost that nobody
knows give no figure rather than a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.values.money import divide_half_up, round_half_up
from contracts.values.periods import Period
from contracts.values.rates import Rate


@dataclass(frozen=True)
class Outcome:
    """The figures of a review: `before_fen` is as many days before the exception as it has run."""

    actual_fen: int
    before_fen: int
    forecast_fen: int | None
    peers_fen: tuple[int, ...] = ()
    margin: Rate | None = None

    @property
    def rank(self) -> int:
        """1 is the most; who sells the same shares the rank."""
        return 1 + sum(1 for fen in self.peers_fen if fen > self.actual_fen)

    @property
    def of(self) -> int:
        """How many are ranked, this one included."""
        return 1 + len(self.peers_fen)

    @property
    def of_forecast(self) -> Decimal | None:
        """Actual as a percentage of the forecast, one decimal, half up; None without forecast."""
        return percent(self.actual_fen, self.forecast_fen)

    @property
    def incremental_fen(self) -> int:
        """More (or less) than in as many days before."""
        return self.actual_fen - self.before_fen

    @property
    def incremental_margin_fen(self) -> int | None:
        """The margin on what was sold more; None where the cost is not known."""
        if self.margin is None:
            return None
        return int(round_half_up(self.margin.of(Decimal(self.incremental_fen)), 0))


def percent(part_fen: int, whole_fen: int | None) -> Decimal | None:
    """`part` in percent of `whole`, one decimal, half up; None where there is no whole."""
    if not whole_fen:
        return None
    return Decimal(divide_half_up(part_fen * 1000, whole_fen)).scaleb(-1)


def measured(start: date, end: date, due: date) -> tuple[Period, Period] | None:
    """The days that a review on `due` measures, and as many before the exception began.

    Measured is what lies before the review and inside the exception; None before it began.
    """
    stop = min(end, due)
    if stop <= start:
        return None
    return Period(start, stop), Period(start - (stop - start), start)


def latest(reviews: Sequence[tuple[date, str | None]]) -> str | None:
    """The decision that stands: that of the latest review that has one."""
    decided = [(due, decision) for due, decision in reviews if decision is not None]
    return max(decided)[1] if decided else None

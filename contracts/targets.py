"""Sales targets, how far they are reached, how a year is split, and the mix of goods promised.

Amounts are fen; what counts is shipped less returned, never what was merely ordered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.values.money import divide_half_up
from contracts.values.periods import Period
from contracts.values.rates import EXACT, Rate


@dataclass(frozen=True)
class Target:
    """An amount to be reached in a period for some groups of goods; none named means all."""

    period: Period
    goods: frozenset[str]
    amount_fen: int

    def __post_init__(self) -> None:
        if self.amount_fen < 0:
            raise ValueError(f"a target is not negative: {self.amount_fen}")


@dataclass(frozen=True)
class Attainment:
    """Shipped less returned, its share of the target to one decimal, and whether it is reached.

    `met` is judged on the fen: 99.96 % prints as 100.0 and is not met.
    """

    net_fen: int
    percent: Decimal
    met: bool


@dataclass(frozen=True)
class MixRule:
    """Some goods must make up at least this share of the net value of all of them."""

    goods: frozenset[str]
    minimum: Rate


@dataclass(frozen=True)
class Mix:
    """The value of the goods named, of all goods, the share to two decimals, and the verdict."""

    part_fen: int
    whole_fen: int
    percent: Decimal
    met: bool


def attainment(target: Target, shipped_fen: int, returned_fen: int) -> Attainment:
    """How far the target is reached; `returned_fen` is a positive amount.

    A target of nothing counts as reached unless more came back than went out.
    """
    net = shipped_fen - returned_fen
    met = net >= target.amount_fen
    if not target.amount_fen:
        return Attainment(net, Decimal("100.0") if met else Decimal("0.0"), met)
    return Attainment(net, _percent(net, target.amount_fen, places=1), met)


def mix(rule: MixRule, net_fen_by_goods: Mapping[str, int]) -> Mix:
    """The share of the goods named in the net value of all; not met while nothing is sold."""
    whole = sum(net_fen_by_goods.values())
    part = sum(fen for goods, fen in net_fen_by_goods.items() if goods in rule.goods)
    if whole <= 0:
        return Mix(part, whole, Decimal("0.00"), met=False)
    met = Decimal(part) >= rule.minimum.of(Decimal(whole))
    return Mix(part, whole, _percent(part, whole, places=2), met)


def split(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Share a target by weight; what rounding leaves over lands in the last part.

    The last part is the last one with a weight, so that a part of weight zero stays at zero.
    ValueError when the weights are none, negative or all zero.
    """
    if any(weight < 0 for weight in weights) or not any(weights):
        raise ValueError("weights may not be negative, and one must be positive")
    whole = sum(weights)
    sign = 1 if total_fen >= 0 else -1
    parts = [sign * (abs(total_fen) * weight // whole) for weight in weights]
    last = max(i for i, weight in enumerate(weights) if weight)
    parts[last] += total_fen - sum(parts)
    return parts


def _percent(part: int, whole: int, places: int) -> Decimal:
    """The share in percent, half-up to so many places; the whole is positive."""
    return EXACT.scaleb(Decimal(divide_half_up(part * 100 * 10**places, whole)), -places)


@dataclass(frozen=True)
class Pace:
    """How far, how much of the time is gone, and where it leads if it goes on like this.

    `done` and `gone` are percent to one decimal; `lead` is their difference in points, rounded
    once from the exact figures. `forecast_fen` is None before the first day.
    """

    days_gone: int
    days: int
    done: Decimal
    gone: Decimal
    lead: Decimal
    forecast_fen: int | None


def pace(target: Target, net_fen: int, on: date) -> Pace:
    """The pace at the end of the day `on`; before the first day nothing is gone.

    The forecast is what is done, divided by the days gone, times all days, half-up to the fen.
    A target of nothing is done from the first day.
    """
    days = target.period.days
    gone = min(max((on - target.period.start).days + 1, 0), days)
    amount = target.amount_fen
    time = _percent(gone, days, places=1)
    forecast = divide_half_up(net_fen * days, gone) if gone else None
    if not amount:
        return Pace(gone, days, Decimal("100.0"), time, Decimal("100.0") - time, forecast)
    return Pace(
        gone,
        days,
        _percent(net_fen, amount, places=1),
        time,
        _percent(net_fen * days - gone * amount, amount * days, places=1),
        forecast,
    )

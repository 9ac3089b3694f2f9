"""Stock in the channel: how old a figure is, what it means today, and what a count says of it.

A reported figure is never changed: what follows from our shipments and a forecast stands beside
it with its working.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from channel.rules.sell_out_forecast import sold_over
from contracts.values.money import round_half_up

#: Figures may be older than their filing by so many days: a month is filed after its end.
FILING_DAYS = 15
#: An estimate is carried over no more days than this.
ESTIMATE_DAYS = 62


class Age(enum.StrEnum):
    """How far a figure may be trusted for its age."""

    FRESH = "fresh"
    OLD = "old"
    UNKNOWN = "unknown"


class Cover(enum.StrEnum):
    """What stock means beside the pace of sell-out."""

    SHORT = "short"
    WITHIN = "within"
    OVER = "over"
    STILL = "still"


def age_of(filed_on: date | None, last_day: date | None, on: date, old_days: int) -> Age:
    """Old once filed more than `old_days` ago, or told of days that lie a filing time further.

    Filed 40 days ago with 35 allowed is old; filed 35 days ago is not. A report of a month long
    past is old on the day on which it is filed.
    """
    if filed_on is None or last_day is None:
        return Age.UNKNOWN
    if (on - filed_on).days > old_days or (on - last_day).days > old_days + FILING_DAYS:
        return Age.OLD
    return Age.FRESH


def cover_of(saleable: int, sold: int, days: int, short_days: int, over_days: int) -> Cover:
    """Short below `short_days` of cover, over above `over_days`; both bounds are within.

    Without movement, stock is «still»; neither stock nor movement is within.
    """
    if sold <= 0:
        return Cover.STILL if saleable > 0 else Cover.WITHIN
    if max(saleable, 0) * days < short_days * sold:
        return Cover.SHORT
    return Cover.OVER if saleable * days > over_days * sold else Cover.WITHIN


@dataclass(frozen=True, slots=True)
class Estimate:
    """A reported closing carried to a later day, part by part, in base units.

    `came` arrived since: on its way at the period's end, and shipped afterwards. `road` is still
    on its way. `sold` None: no forecast, and so no `stock`.
    """

    closing: int
    days: int
    came: int
    road: int
    sold: int | None
    stock: int | None

    @property
    def is_sold_out(self) -> bool:
        """The forecast asks for more than was there: the estimate stops at nothing."""
        return self.sold is not None and self.closing + self.came < self.sold


def carry(
    closing: int,
    told_in_transit: int | None,
    shipped: Iterable[tuple[date, int]],
    daily_e4: int | None,
    last_day: date,
    on: date,
    transit_days: int,
) -> Estimate:
    """The closing of `last_day` carried to `on`: plus what came, less what was sold since.

    Goods arrive `transit_days` after they were shipped. What was on its way at the period's end
    is what the report says; where it says nothing, what we shipped in its last days. On the
    last day itself nothing is carried.
    """
    days = (on - last_day).days
    if days < 0:
        raise ValueError("a figure is not carried back")
    road = timedelta(days=transit_days)
    came = moving = 0
    if told_in_transit is not None:
        if last_day + road <= on and days:
            came = told_in_transit
        else:
            moving = told_in_transit
    for day, quantity in shipped:
        if day > on or day + road <= last_day or (told_in_transit is not None and day <= last_day):
            continue
        if day + road <= on:
            came += quantity
        else:
            moving += quantity
    if daily_e4 is None or days > ESTIMATE_DAYS:
        return Estimate(closing, days, came, moving, None, None)
    sold = sold_over(daily_e4, days)
    return Estimate(closing, days, came, moving, sold, max(closing + came - sold, 0))


@dataclass(frozen=True, slots=True)
class Gap:
    """A count less the figure it is held against; `share` is its size in percent, one decimal.

    A count against nothing is a gap of 100 %.
    """

    gap: int
    share_bp: int

    @property
    def percent(self) -> Decimal:
        return round_half_up(Decimal(self.share_bp) / 100, 1)

    def is_above(self, bound_bp: int) -> bool:
        """Exactly the bound passes."""
        return self.share_bp > bound_bp


def gap_of(counted: int, expected: int) -> Gap:
    """Count 52 against 60: −8, 13.33 % in basis points (half-up)."""
    difference = counted - expected
    if not difference:
        return Gap(0, 0)
    if expected <= 0:
        return Gap(difference, 10_000)
    share = Fraction(abs(difference) * 10_000, expected)
    return Gap(difference, int(round_half_up(Decimal(share.numerator) / share.denominator, 0)))

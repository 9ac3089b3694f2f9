"""What a distributor will sell of a product, by a method that fits the class of its demand.

A forecast is a rate a day, so that it can be carried to any day; with too few usable periods
there is none, and the reason is given.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal

from channel.rules.demand import Kind, Profile, mean_of
from channel.rules.replenishment_rates import sba, tsb
from contracts.values.findings import Finding, block, info
from contracts.values.money import round_half_up

#: Fewer usable periods give no forecast.
MIN_PERIODS = 3
#: A mean looks back over so many usable periods at most.
MEAN_PERIODS = 6
#: Rates are kept in ten-thousandths of a unit a day.
PLACES = 4


class Method(enum.StrEnum):
    """How a forecast is made; «none» sells nothing, «refused» says nothing."""

    NONE = "none"
    MEAN = "mean"
    SBA = "sba"
    TSB = "tsb"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Sold a day, in base units to four decimals; None where it is refused.

    `used` periods led to it, `left_out` ended without stock; `note` says why this method.
    """

    method: Method
    daily: Decimal | None
    kind: Kind
    used: int
    left_out: int
    note: Finding

    @property
    def daily_e4(self) -> int | None:
        """The rate in ten-thousandths of a unit, as it is kept."""
        return None if self.daily is None else int(self.daily.scaleb(PLACES))

    def over(self, days: int) -> int | None:
        """What is sold in so many days, in whole units."""
        return None if self.daily is None else sold_over(self.daily_e4 or 0, days)


def sold_over(daily_e4: int, days: int) -> int:
    """A kept rate over some days, half-up to whole units: 2.5 a day over 3 days are 8."""
    if days < 0:
        raise ValueError("a forecast does not look back")
    return (daily_e4 * days + 5_000) // 10_000


def forecast(profile: Profile) -> Forecast:
    """The forecast of a demand.

    Smooth and erratic demand: the mean of the last six usable periods, by their days. Demand
    that comes now and then: Croston less its bias (SBA), and the one that falls in silence (TSB)
    once nothing was taken for twice the usual interval.
    """
    if profile.n < MIN_PERIODS:
        few = block("stock.forecast_few", have=profile.n, needed=MIN_PERIODS)
        return _found(profile, Method.REFUSED, None, few)
    if not profile.sizes:
        return _found(profile, Method.NONE, Decimal(0), info("stock.forecast_none", n=profile.n))
    if profile.kind in (Kind.SMOOTH, Kind.ERRATIC):
        last = profile.used[-MEAN_PERIODS:]
        sold, days = sum(one.demand for one in last), sum(one.days for one in last)
        note = info("stock.forecast_mean", n=len(last), sold=sold, days=days)
        return _found(profile, Method.MEAN, sold / Decimal(days), note, len(last))
    assert profile.adi is not None
    silent = profile.silence > 2 * profile.adi
    rate = (tsb if silent else sba)(profile.demands)
    length = mean_of([Decimal(one.days) for one in profile.used])
    assert rate is not None and length
    if silent:
        note = info("stock.forecast_tsb", n=profile.n, silent=profile.silence)
        return _found(profile, Method.TSB, rate.demand / length, note)
    note = info("stock.forecast_sba", n=profile.n, sales=len(profile.sizes))
    return _found(profile, Method.SBA, rate.demand / length, note)


def _found(
    profile: Profile, method: Method, daily: Decimal | None, note: Finding, used: int | None = None
) -> Forecast:
    return Forecast(
        method=method,
        daily=None if daily is None else round_half_up(daily, PLACES),
        kind=profile.kind,
        used=profile.n if used is None else used,
        left_out=len(profile.left_out),
        note=note,
    )

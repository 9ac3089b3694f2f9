"""Safety stock by a method that fits the demand, with every figure that leads to it.

The protection interval is lead time plus review period: an order placed at one review must last
until the next one's goods are there. Levels are rounded up once, to whole base units.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from channel.rules.demand import Kind, Profile
from channel.rules.replenishment_normal import (
    loss,
    loss_quantile,
    poisson_quantile,
    quantile,
)
from channel.rules.replenishment_rates import ALPHA, Rate, croston, sba, tsb
from channel.rules.stock_row import Quantity
from contracts.values.findings import Finding, block, info, warn

#: A deviation, or a rhythm, is not told from fewer periods.
MIN_PERIODS = 6
_HALF = Decimal("0.5")


class Method(enum.StrEnum):
    """How a safety stock is found."""

    COVER = "days_of_cover"
    CYCLE = "cycle_service"
    FILL = "fill_rate"
    POISSON = "poisson"
    CROSTON = "croston"
    SBA = "sba"
    TSB = "tsb"


RATES = {Method.CROSTON: croston, Method.SBA: sba, Method.TSB: tsb}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is wanted and what the way takes; days are calendar days.

    `service` is a share: of replenishment cycles without a shortage, or of units (fill rate).
    `pace` is (sold, days) by which days of cover are counted.
    """

    service: Decimal = Decimal("0.95")
    review_days: int = 14
    lead_days: Decimal = Decimal(5)
    lead_deviation: Decimal = Decimal(0)
    safety_days: int = 7
    cover_days: int = 21
    alpha: Decimal = ALPHA
    pace: tuple[Quantity, int] = (0, 1)

    def __post_init__(self) -> None:
        if not _HALF <= self.service < 1:
            raise ValueError(f"a service level lies from 50 % to below 100 %: {self.service}")
        if self.review_days < 0 or self.lead_days < 0 or self.lead_deviation < 0:
            raise ValueError("days are not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A safety stock and the stock that an order fills up to, in base units.

    None: the method was refused, and the notes say why. `figures` are the steps in their order;
    the page and the paper print them by name.
    """

    method: Method
    safety: int | None
    target: int | None
    figures: dict[str, Decimal] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()

    @property
    def is_refused(self) -> bool:
        return self.safety is None


def choose(profile: Profile) -> tuple[Method, Finding]:
    """The method for a demand of this class, and the rule by which it was chosen.

    Too few periods: days of cover. Silent for more than twice the usual pause: the forecast that
    falls in silence. Smooth: cycle service. Erratic: fill rate, because the size of a shortage
    matters more than its number. Now and then: Croston less its bias.
    """
    if not profile.moves:
        return Method.COVER, info("stock.choice_none")
    if profile.n < MIN_PERIODS:
        return Method.COVER, info("stock.choice_few", have=profile.n, needed=MIN_PERIODS)
    if profile.pause is None:
        return Method.COVER, info("stock.choice_unseen")
    if profile.silence > 2 * profile.pause:
        return Method.TSB, info("stock.choice_silent", silent=profile.silence)
    if profile.kind is Kind.SMOOTH:
        return Method.CYCLE, info("stock.choice_smooth")
    if profile.kind is Kind.ERRATIC:
        return Method.FILL, info("stock.choice_erratic")
    if profile.kind is Kind.INTERMITTENT:
        return Method.SBA, info("stock.choice_intermittent")
    return Method.SBA, info("stock.choice_lumpy")


def level(profile: Profile, plan: Plan, method: Method) -> Level:
    """The level by one method; without any movement 0, with too few periods none.

    Property: no level falls when the service level rises.
    """
    if not profile.moves:
        return Level(method=method, safety=0, target=0, notes=(info("stock.no_movement"),))
    if method is Method.COVER:
        return _cover(plan)
    if profile.n < MIN_PERIODS:
        few = block("stock.few_periods", have=profile.n, needed=MIN_PERIODS)
        return Level(method=method, safety=None, target=None, notes=(few,))
    if not profile.sizes:
        return Level(method=method, safety=0, target=0, notes=(info("stock.no_movement_in_stock"),))
    if method in (Method.CYCLE, Method.FILL):
        return _normal(profile, plan, method)
    return _counted(profile, plan, method)


def _cover(plan: Plan) -> Level:
    """Daily sell-out times days."""
    sold, days = max(Decimal(plan.pace[0]), Decimal(0)), plan.pace[1]
    return Level(
        method=Method.COVER,
        safety=whole(sold * plan.safety_days / days),
        target=whole(sold * plan.cover_days / days),
        figures={"sold": sold, "days": Decimal(days), "daily": sold / days},
    )


def _normal(profile: Profile, plan: Plan, method: Method) -> Level:
    """z or k times the deviation over the protection interval.

    sigma = sqrt((L + R) sd^2 + d^2 sdL^2), all in periods; a fixed lead time leaves the second
    part out.
    """
    mean, spread, length = _figures(profile)
    interval = (plan.lead_days + plan.review_days) / length
    late = plan.lead_deviation / length
    sigma = (interval * spread**2 + (mean * late) ** 2).sqrt()
    expected = mean * interval
    figures = {
        "mean": mean, "deviation": spread, "interval": interval, "late": late,
        "expected": expected, "sigma": sigma,
    }  # fmt: skip
    notes: list[Finding] = []
    if sigma == 0:
        notes.append(info("stock.no_deviation"))
        factor = Decimal(0)
    elif method is Method.CYCLE:
        factor = figures["z"] = quantile(plan.service)
        if not factor:
            notes.append(warn("stock.service_half"))
    else:
        factor = _fill_factor(mean, plan, length, figures, notes)
    safety = factor * sigma
    figures["safety"] = safety
    return Level(
        method=method,
        safety=whole(safety),
        target=whole(expected + safety),
        figures=figures,
        notes=tuple(notes),
    )


def _fill_factor(
    mean: Decimal, plan: Plan, length: Decimal, figures: dict[str, Decimal], notes: list[Finding]
) -> Decimal:
    """k with G(k) = Q / sigma * (1 - beta); Q is what is ordered at a review.

    Without a review period an order is as large as the demand of its lead time. Where G(k) would
    have to exceed G(0) no safety stock is needed: k is held at 0.
    """
    days = Decimal(plan.review_days) or plan.lead_days or Decimal(1)
    quantity = figures["quantity"] = mean * days / length
    wanted = figures["missing"] = quantity * (1 - plan.service) / figures["sigma"]
    found = loss_quantile(wanted)
    if found is None:
        notes.append(info("stock.fill_clamped", most=loss(Decimal(0)).quantize(Decimal("1.0000"))))
    figures["k"] = found or Decimal(0)
    return figures["k"]


def _counted(profile: Profile, plan: Plan, method: Method) -> Level:
    """The most that a Poisson count stays within: of units, or of takings of one size each."""
    mean, _spread, length = _figures(profile)
    interval = (plan.lead_days + plan.review_days) / length
    maker = RATES.get(method)
    rate = maker(profile.demands, plan.alpha) if maker else Rate(Decimal(1), mean)
    assert rate is not None  # a demand without any size was answered before
    count = rate.per_period * interval
    most = poisson_quantile(plan.service, count)
    expected, target = count * rate.size, most * rate.size
    figures = {"mean": mean, "interval": interval}
    if maker:
        figures |= {"alpha": plan.alpha, "size": rate.size, "per_period": rate.per_period}
        figures["forecast"] = rate.demand
    figures |= {"count": count, "most": Decimal(most), "expected": expected}
    figures["safety"] = max(target - expected, Decimal(0))
    notes = (info("stock.lead_not_counted"),) if plan.lead_deviation else ()
    return Level(
        method=method,
        safety=whole(figures["safety"]),
        target=whole(target),
        figures=figures,
        notes=notes,
    )


def _figures(profile: Profile) -> tuple[Decimal, Decimal, Decimal]:
    """(mean, deviation, days of a period) of a history that is long enough to have them."""
    mean, spread, length = profile.mean, profile.deviation, profile.days_per_period
    assert mean is not None and spread is not None and length is not None
    return mean, spread, length


def whole(exact: Decimal) -> int:
    """Rounded up to a whole unit; the dust of long decimals is no unit."""
    return int(exact.quantize(Decimal("1e-9")).to_integral_value(ROUND_CEILING))

"""Safety stock by each method: published figures, edges one by one, and what must always hold."""

from __future__ import annotations

from decimal import Decimal
from statistics import NormalDist, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.demand import Kind, Observation, Profile
from channel.rules.replenishment import order_up_to
from channel.rules.replenishment_methods import (
    MIN_PERIODS,
    Level,
    Method,
    Plan,
    choose,
    level,
    whole,
)
from channel.rules.replenishment_normal import (
    PI,
    below,
    loss,
    loss_quantile,
    poisson_quantile,
    quantile,
)
from channel.rules.replenishment_rates import croston, sba, tsb

D = Decimal
NORMAL = NormalDist()


def a_history(*sold: int, out: tuple[int, ...] = (), days: int = 30) -> Profile:
    return Profile(
        tuple(Observation(f"P{n}", days, q, is_out=n in out) for n, q in enumerate(sold))
    )


def near(value: Decimal, expected: float, places: int = 9) -> bool:
    return abs(float(value) - expected) < 10**-places


@pytest.mark.parametrize("share", ["0.5", "0.8", "0.9", "0.95", "0.98", "0.99", "0.999", "0.01"])
def test_the_normal_distribution_agrees_with_the_standard_library(share: str) -> None:
    z = quantile(D(share))
    assert near(z, NORMAL.inv_cdf(float(share)), 12)
    assert near(below(z), float(share), 12)
    k = float(z)
    assert near(loss(z), NORMAL.pdf(k) - k * (1 - NORMAL.cdf(k)), 12)


def test_the_loss_is_turned_round_and_held_at_zero() -> None:
    found = loss_quantile(loss(D("1.25")))
    assert found is not None and near(found, 1.25, 12)
    # 0.3989 is G(0): a larger loss would need a negative safety stock.
    assert loss(D(0)).quantize(D("1.0000")) == D("0.3989")
    assert loss_quantile(D("0.4")) is None
    assert loss_quantile(D("1e-30")) == 8


def test_a_share_lies_between_nothing_and_all() -> None:
    for share in (D(0), D(1), D(2)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            quantile(share)
        with pytest.raises(ValueError, match="between 0 and 1"):
            poisson_quantile(share, D(1))
    with pytest.raises(ValueError, match="not negative"):
        poisson_quantile(D("0.5"), D(-1))


@pytest.mark.row("F03")
@pytest.mark.parametrize(
    ("share", "sd", "periods", "expected"),
    [
        ("0.95", "0.7", 2, 1.6283),  # SCperf: SS(0.95, 0.7, 2)
        ("0.9", "500", 6, 1569.57),  # SCperf: ROP(0.9, 2500, 500, 6) less 15,000
        ("0.9", "5", 6, 15.6956),  # inventorize: reorderpoint(50, 5, 6, 0.90) less 300
        ("0.9", "10", 1, 12.8155),  # stockpyl: newsvendor 18/(2+18), mean 120, base stock 132.8155
    ],
)
def test_published_safety_stocks_are_met(
    share: str, sd: str, periods: int, expected: float
) -> None:
    found = quantile(D(share)) * D(sd) * D(periods).sqrt()
    assert abs(float(found) - expected) < 0.01 * max(1, expected / 1000)


def test_the_base_stock_of_stockpyl_is_met_to_the_last_digit() -> None:
    assert near(120 + 10 * quantile(D(18) / 20), 132.815515655446, 12)


@pytest.mark.parametrize(
    ("share", "factor"), [("0.90", "1.6"), ("0.95", "2.06"), ("0.98", "2.56"), ("0.99", "2.91")]
)
def test_the_factors_on_the_mean_absolute_deviation_are_the_same_method(
    share: str, factor: str
) -> None:
    """SAP's R is z times the root of pi / 2, printed a hundredth short."""
    assert abs(quantile(D(share)) * (PI / 2).sqrt() - D(factor)) < D("0.016")


@pytest.mark.parametrize(
    ("demands", "forecast"),
    [
        ([0, 0, 0, 7], "1.75"),  # statsforecast: 7 every fourth period
        ([7], "7"),
        ([0, 4, 0, 4, 0, 4], "2"),
    ],
)
def test_croston_smooths_sizes_and_intervals_apart(demands: list[int], forecast: str) -> None:
    rate = croston([D(one) for one in demands])
    assert rate is not None and rate.demand == D(forecast)


def test_the_correction_is_that_of_the_intervals_weight() -> None:
    demands = [D(one) for one in (0, 3, 0, 0, 5, 1)]
    plain, at_ten, at_twenty = croston(demands), sba(demands), sba(demands, D("0.2"))
    assert plain and at_ten and at_twenty
    assert at_ten.demand == plain.demand * D("0.95")  # statsforecast
    twenty = croston(demands, D("0.2"))
    assert twenty and at_twenty.demand == twenty.demand * D("0.9")  # intermittent-forecast


def test_the_chance_falls_in_silence_and_croston_does_not() -> None:
    busy = [D(4), D(4), D(4)]
    silent = [*busy, D(0), D(0), D(0)]
    before, after = tsb(busy), tsb(silent)
    assert before and after and after.demand < before.demand == 4
    assert after.per_period == D("0.729")  # 0.9 three times
    still, again = croston(busy), croston(silent)
    assert still and again and still.demand == again.demand


def test_no_demand_has_no_rate() -> None:
    assert croston([D(0)]) is None and sba([D(0)]) is None and tsb([D(0)]) is None


SMOOTH = a_history(100, 110, 90, 105, 95, 100)


@pytest.mark.row("F03")
def test_cycle_service_counts_review_lead_time_and_both_deviations() -> None:
    plan = Plan(service=D("0.95"), review_days=15, lead_days=D(15), lead_deviation=D(3))
    found = level(SMOOTH, plan, Method.CYCLE)
    sd = stdev([100, 110, 90, 105, 95, 100])
    sigma = (1 * sd**2 + (100 * 3 / 30) ** 2) ** 0.5
    assert found.figures["interval"] == 1 and near(found.figures["sigma"], sigma, 9)
    exact = NORMAL.inv_cdf(0.95) * sigma
    assert near(found.figures["safety"], exact, 9)
    assert (found.safety, found.target) == (whole(D(str(exact))), whole(D(str(100 + exact))))


@pytest.mark.row("F03")
def test_the_fill_rate_solves_for_k() -> None:
    plan = Plan(service=D("0.99"), review_days=1, lead_days=D(29))
    found = level(SMOOTH, plan, Method.FILL)
    quantity, sigma, k = (found.figures[key] for key in ("quantity", "sigma", "k"))
    assert k > 0 and near(loss(k), float(quantity / sigma) * 0.01, 9)
    assert found.safety == whole(k * sigma)


def test_a_large_order_needs_no_safety_stock_for_its_fill_rate() -> None:
    plan = Plan(service=D("0.90"), review_days=60)
    found = level(SMOOTH, plan, Method.FILL)
    assert found.safety == 0 and found.figures["k"] == 0
    assert [note.code for note in found.notes] == ["stock.fill_clamped"]


def test_poisson_counts_units_over_the_interval() -> None:
    profile = a_history(1, 0, 2, 0, 1, 2)  # a mean of 1
    found = level(profile, Plan(review_days=15, lead_days=D(15)), Method.POISSON)
    assert found.figures["count"] == 1
    # P(X <= 2) = 0.9197, P(X <= 3) = 0.9810
    assert (found.figures["most"], found.safety, found.target) == (3, 2, 3)


def test_takings_of_a_size_are_counted_and_not_their_units() -> None:
    profile = a_history(0, 24, 0, 24, 0, 24)
    found = level(profile, Plan(review_days=15, lead_days=D(15)), Method.CROSTON)
    assert (found.figures["size"], found.figures["per_period"]) == (24, D("0.5"))
    assert found.figures["most"] == 2 and found.target == 48
    assert found.safety == 48 - 12


# The edges of the design paper, one by one.


@pytest.mark.row("F03")
@pytest.mark.parametrize("method", list(Method))
def test_no_movement_needs_no_stock(method: Method) -> None:
    found = level(a_history(0, 0, 0, 0, 0, 0, 0), Plan(), method)
    assert (found.safety, found.target) == (0, 0)
    assert [note.code for note in found.notes] == ["stock.no_movement"]


@pytest.mark.row("F03")
@pytest.mark.parametrize("method", [one for one in Method if one is not Method.COVER])
def test_too_few_periods_are_refused_with_their_number(method: Method) -> None:
    few = a_history(0, 0, 0, 7, 7, 7, out=(4,))
    found = level(few, Plan(), method)
    assert found.is_refused and found.target is None
    assert [(note.code, note.facts["have"], note.facts["needed"]) for note in found.notes] == [
        ("stock.few_periods", 5, MIN_PERIODS)
    ]
    method_chosen, why = choose(few)
    assert (method_chosen, why.code) == (Method.COVER, "stock.choice_few")


def test_one_period_is_answered_by_days_of_cover() -> None:
    found = level(a_history(300), Plan(pace=(300, 30)), Method.COVER)
    assert (found.safety, found.target) == (70, 210)


def test_no_deviation_needs_no_safety_stock_and_says_so() -> None:
    found = level(a_history(*([100] * 6)), Plan(), Method.CYCLE)
    assert found.safety == 0 and [n.code for n in found.notes] == ["stock.no_deviation"]
    # But a lead time that varies is a deviation too.
    late = level(a_history(*([100] * 6)), Plan(lead_deviation=D(2)), Method.CYCLE)
    assert late.safety is not None and late.safety > 0


def test_half_of_the_cycles_needs_no_safety_stock_and_is_warned_of() -> None:
    found = level(SMOOTH, Plan(service=D("0.5")), Method.CYCLE)
    assert found.safety == 0 and [n.code for n in found.notes] == ["stock.service_half"]


@pytest.mark.parametrize("service", ["0.49", "1", "1.2"])
def test_a_service_level_that_makes_no_sense_is_an_error(service: str) -> None:
    with pytest.raises(ValueError, match="service level"):
        Plan(service=D(service))


def test_days_are_not_negative() -> None:
    with pytest.raises(ValueError, match="not negative"):
        Plan(review_days=-1)


def test_goods_that_sold_only_when_they_ran_out_are_not_taken_for_dead() -> None:
    profile = a_history(0, 0, 0, 0, 0, 0, 30, out=(6,))
    assert choose(profile)[1].code == "stock.choice_unseen"
    found = level(profile, Plan(), Method.CYCLE)
    assert [note.code for note in found.notes] == ["stock.no_movement_in_stock"]


def test_a_review_without_days_orders_for_its_lead_time() -> None:
    found = level(SMOOTH, Plan(review_days=0, lead_days=D(30)), Method.FILL)
    assert found.figures["quantity"] == 100


def test_a_deviation_of_the_lead_time_that_is_not_used_is_said() -> None:
    found = level(a_history(0, 2, 0, 2, 0, 2), Plan(lead_deviation=D(1)), Method.SBA)
    assert [note.code for note in found.notes] == ["stock.lead_not_counted"]


@pytest.mark.row("F03")
@pytest.mark.parametrize(
    ("sold", "kind", "method", "code"),
    [
        ((10, 11, 9, 10, 12, 8), Kind.SMOOTH, Method.CYCLE, "stock.choice_smooth"),
        ((1, 40, 2, 35, 1, 50), Kind.ERRATIC, Method.FILL, "stock.choice_erratic"),
        ((0, 10, 0, 11, 0, 9), Kind.INTERMITTENT, Method.SBA, "stock.choice_intermittent"),
        ((0, 1, 0, 60, 0, 2, 0, 90), Kind.LUMPY, Method.SBA, "stock.choice_lumpy"),
        ((5, 0, 5, 0, 5, 0, 0, 0, 0, 0, 0), Kind.INTERMITTENT, Method.TSB, "stock.choice_silent"),
        ((9,) * 12 + (0, 0, 0), Kind.SMOOTH, Method.TSB, "stock.choice_silent"),
        ((0,) * 8, Kind.NONE, Method.COVER, "stock.choice_none"),
    ],
)
def test_the_method_follows_from_the_class(
    sold: tuple[int, ...], kind: Kind, method: Method, code: str
) -> None:
    profile = a_history(*sold)
    chosen, why = choose(profile)
    assert (profile.kind, chosen, why.code) == (kind, method, code)


def test_the_dust_of_long_decimals_is_no_unit() -> None:
    assert whole(D("0.3") + D("0.6")) == 1
    assert whole(D(10) / 3 * 3) == 10
    assert whole(D("70.0000001")) == 71


SOLD = st.lists(st.integers(0, 500), min_size=MIN_PERIODS, max_size=14)


@pytest.mark.row("F03")
@given(SOLD, st.sampled_from(list(Method)), st.integers(5000, 9998), st.integers(1, 2000),
       st.integers(0, 40), st.integers(0, 40), st.integers(0, 6))  # fmt: skip
def test_more_service_never_needs_less_stock(
    sold: list[int], method: Method, service_bp: int, more: int, review: int, lead: int, late: int
) -> None:
    def at(points: int) -> Level:
        plan = Plan(
            service=D(min(points, 9999)) / 10_000, review_days=review, lead_days=D(lead),
            lead_deviation=D(late), pace=(sum(sold), 30 * len(sold)),
        )  # fmt: skip
        return level(a_history(*sold), plan, method)

    less, rather = at(service_bp), at(service_bp + more)
    assert less.safety is not None and rather.safety is not None
    assert less.target is not None and rather.target is not None
    assert 0 <= less.safety <= rather.safety
    assert less.target <= rather.target


@pytest.mark.row("F04")
@given(st.integers(0, 5000), st.integers(-50, 5000), st.integers(0, 500), st.integers(1, 48),
       st.integers(0, 500))  # fmt: skip
def test_an_order_reaches_its_target_and_not_a_case_more(
    target: int, stock: int, transit: int, case: int, on_order: int
) -> None:
    order = order_up_to(target, stock, transit, case, on_order)
    there = max(stock, 0) + transit + on_order
    assert there + order.quantity >= target
    assert order.quantity % case == 0
    assert not order.quantity or there + order.quantity - case < target


@pytest.mark.row("F04")
def test_open_orders_are_taken_off_too() -> None:
    order = order_up_to(210, 60, 0, 12, 90)
    assert (order.need, order.cases, order.quantity, order.on_order) == (60, 5, 60, 90)

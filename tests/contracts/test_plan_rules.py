"""Target plans (G03), the growth that they ask (G02), and the pace (G06)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import plans
from contracts.plans import Weights, build, check_growth, growth
from contracts.targets import Target, pace
from contracts.values.periods import Period
from contracts.values.rates import Rate

weights = st.builds(
    Weights,
    st.tuples(*[st.integers(1, 10**9)] * 4),
    st.tuples(*[st.integers(1, 10**6)] * 12),
    st.lists(st.integers(1, 100), max_size=4).map(
        lambda ws: tuple((f"G{n}", w) for n, w in enumerate(ws))
    ),
)


@pytest.mark.row("G03")
def test_a_million_by_the_seasons():
    plan = build(2027, 100_000_000, Weights((20, 30, 30, 20)))
    assert [p.amount_fen for p in plan.quarters] == [20_000_000, 30_000_000, 30_000_000, 20_000_000]
    assert [p.amount_fen for p in plan.months][:3] == [6_666_666, 6_666_666, 6_666_668]
    assert [p.period.label for p in plan.quarters] == ["2027Q1", "2027Q2", "2027Q3", "2027Q4"]


@pytest.mark.row("G03")
def test_the_remainder_lands_in_the_last_part_of_each_level():
    plan = build(2027, 100, Weights((1, 1, 1, 0), (1,) * 12, (("A", 1), ("B", 2))))
    assert [p.amount_fen for p in plan.quarters] == [33, 33, 34, 0]
    assert [p.amount_fen for p in plan.months] == [11, 11, 11] * 2 + [11, 11, 12] + [0] * 3
    assert [(p.group, p.amount_fen) for p in plan.groups][:2] == [("A", 3), ("B", 8)]


@given(total=st.integers(0, 10**14), w=weights)
@pytest.mark.row("G03")
def test_every_level_sums_to_the_one_above(total, w):
    plan = build(2027, total, w)
    assert sum(p.amount_fen for p in plan.quarters) == total
    for quarter in plan.quarters:
        assert sum(m.amount_fen for m in plan.below(quarter)) == quarter.amount_fen
    if w.groups:
        for month in plan.months:
            assert sum(g.amount_fen for g in plan.goods(month)) == month.amount_fen
    for level in ("quarter", "month", *(["group"] if w.groups else [])):
        assert sum(t.amount_fen for t in plan.targets(level)) == total
    assert plans.from_json(plans.to_json(w)) == w


@pytest.mark.parametrize(
    "wrong",
    [
        ((1, 1, 1), (1,) * 12, ()),
        ((0, 0, 0, 0), (1,) * 12, ()),
        ((1, 1, 1, -1), (1,) * 12, ()),
        ((1, 1, 1, 1), (0, 0, 0) + (1,) * 9, ()),
        ((1, 1, 1, 1), (1,) * 12, (("A", 0),)),
    ],
)
def test_impossible_weights_are_refused(wrong):
    with pytest.raises(ValueError, match="weights"):
        Weights(*wrong)


@pytest.mark.row("G02")
@pytest.mark.parametrize(
    ("asked", "peers", "bound", "codes"),
    [
        ("80", ["10", "14"], "30", ["target.unreasonable"]),  # 68 points beyond the mean of 12
        ("42", ["10", "14"], "30", []),  # exactly the bound
        ("42.1", ["10", "14"], "30", ["target.unreasonable"]),
        ("30", [], "30", []),  # nobody to compare with: against standing still
        ("31", [], "30", ["target.unreasonable"]),
        (None, ["10"], "30", ["target.no_history"]),
    ],
)
def test_growth_beyond_the_peers(asked, peers, bound, codes):
    found = check_growth(
        Rate.percent(asked) if asked else None,
        [Rate.percent(p) for p in peers],
        Rate.percent(bound),
    )
    assert [f.code for f in found] == codes


def test_the_finding_names_its_figures():
    (finding,) = check_growth(
        Rate.percent("80"), [Rate.percent("12"), Rate.percent("12")], Rate.percent("30")
    )
    assert str(finding.facts["growth"]) == "80 %"
    assert str(finding.facts["peers"]) == "12 %"
    assert str(finding.facts["beyond"]) == "68 %"


def test_growth_needs_a_base():
    assert growth(180, 100) == Rate.percent("80")
    assert growth(180, 0) is None
    assert growth(90, 100) == Rate.percent("-10")


Q3 = Target(Period.quarter(2026, 3), frozenset(), 12_000_000)


@pytest.mark.row("G06")
def test_day_45_of_92_with_60_percent_is_11_1_points_ahead():
    found = pace(Q3, 7_200_000, Q3.period.start + timedelta(days=44))
    assert (found.days_gone, found.days) == (45, 92)
    assert (found.done, found.gone, found.lead) == (
        Decimal("60.0"), Decimal("48.9"), Decimal("11.1"),
    )  # fmt: skip
    assert found.forecast_fen == 14_720_000


@pytest.mark.row("G06")
@pytest.mark.parametrize(
    ("on", "gone", "forecast"),
    [
        (date(2026, 6, 30), "0.0", None),
        (date(2026, 7, 1), "1.1", 92 * 7_200_000),
        (date(2026, 9, 30), "100.0", 7_200_000),
        (date(2026, 12, 31), "100.0", 7_200_000),
    ],
)
def test_both_ends_of_the_period(on, gone, forecast):
    found = pace(Q3, 7_200_000, on)
    assert (found.gone, found.forecast_fen) == (Decimal(gone), forecast)


@given(amount=st.integers(1, 10**12), net=st.integers(-(10**12), 10**12), day=st.integers(-5, 100))
def test_the_lead_is_what_is_done_less_the_time_gone(amount, net, day):
    target = Target(Q3.period, frozenset(), amount)
    found = pace(target, net, Q3.period.start + timedelta(days=day))
    assert abs(found.lead - (found.done - found.gone)) <= Decimal("0.1")

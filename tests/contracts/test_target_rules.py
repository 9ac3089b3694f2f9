"""Targets: what counts, how a year is split without losing a fen, and the mix of goods."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.targets import MixRule, Target, attainment, mix, split
from contracts.values.periods import Period
from contracts.values.rates import Rate
from tests.golden import cases, fen

AMOUNTS = st.integers(0, 10**13)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


def a_target(amount_fen: int) -> Target:
    return Target(Period.quarter(2026, 3), frozenset(), amount_fen)


@pytest.mark.parametrize("case", cases("targets"))
def test_how_far_a_target_is_reached(case: dict[str, Any]) -> None:
    reached = attainment(a_target(fen(case["target"])), fen(case["shipped"]), fen(case["returned"]))
    assert reached.net_fen == fen(case["net"])
    assert str(reached.percent) == case["percent"]
    assert reached.met is case["met"]


def test_nothing_asked_and_more_came_back() -> None:
    reached = attainment(a_target(0), 0, 1)
    assert (str(reached.percent), reached.met) == ("0.0", False)


@given(AMOUNTS.filter(bool), AMOUNTS, AMOUNTS)
def test_met_is_judged_on_the_fen(amount: int, shipped: int, returned: int) -> None:
    reached = attainment(a_target(amount), shipped, returned)
    assert reached.met is (shipped - returned >= amount)
    exact = Fraction(100 * (shipped - returned), amount)
    assert abs(Fraction(reached.percent) - exact) <= Fraction(1, 20)


@pytest.mark.parametrize("case", cases("target_splits"))
def test_a_year_in_parts(case: dict[str, Any]) -> None:
    parts = split(fen(case["total"]), case["weights"])
    assert parts == [fen(part) for part in case["parts"]]


@pytest.mark.row("G03")
@given(st.integers(-(10**13), 10**13), WEIGHTS)
def test_parts_sum_and_only_the_last_one_bends(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    last = max(i for i, weight in enumerate(weights) if weight)
    whole = sum(weights)
    for i, (part, weight) in enumerate(zip(parts, weights, strict=True)):
        exact = Fraction(total * weight, whole)
        assert abs(part - exact) < (len(weights) if i == last else 1)
        assert weight or part == 0


@pytest.mark.parametrize("weights", [[], [0], [2, -1]])
def test_parts_need_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)


def test_a_target_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        a_target(-1)


@pytest.mark.parametrize("case", cases("product_mix"))
def test_the_mix_of_goods(case: dict[str, Any]) -> None:
    rule = MixRule(frozenset({"B"}), Rate.percent(case["minimum"]))
    found = mix(rule, {goods: fen(figure) for goods, figure in case["net"].items()})
    assert str(found.percent) == case["percent"]
    assert found.met is case["met"]


@given(st.dictionaries(st.sampled_from("ABCN"), AMOUNTS), st.integers(0, 100))
def test_the_mix_is_judged_on_the_fen(net: dict[str, int], percent: int) -> None:
    found = mix(MixRule(frozenset({"A", "B"}), Rate.percent(percent)), net)
    assert (found.part_fen, found.whole_fen) == (
        net.get("A", 0) + net.get("B", 0),
        sum(net.values()),
    )
    enough = 100 * found.part_fen >= percent * found.whole_fen
    assert found.met is (enough and found.whole_fen > 0)

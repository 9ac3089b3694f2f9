"""The risk score: every printed step, its most, and the sum of the parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit import risk
from credit.risk import RULES, assess, from_json, level, moved, over_percent, to_json, total

SIGNALS = st.fixed_dictionaries({rule.signal: st.none() | st.integers(0, 10**8) for rule in RULES})
BY_NAME = {rule.signal: rule for rule in RULES}


@pytest.mark.row("P11")
def test_one_overdue_day_more_moves_the_score_by_the_printed_step():
    before = assess({"overdue_days": 12, "breaches": 1})
    after = assess({"overdue_days": 13, "breaches": 1})
    [(was, now)] = moved(before, after)
    assert (was.value, now.value) == (12, 13)
    assert total(after) - total(before) == now.step_e1 == 5
    assert total(before) == 12 * 5 + 40


@pytest.mark.row("P11")
@pytest.mark.parametrize(
    ("signal", "value", "tenths"),
    [
        ("overdue_days", 59, 295),
        ("overdue_days", 60, 300),
        ("overdue_days", 61, 300),
        ("overdue_amount", 999_999, 0),
        ("overdue_amount", 1_000_000, 10),
        ("overdue_amount", 50_000_000, 100),
        ("over_limit", 3, 15),
        ("broken_promises", 3, 60),
        ("stopped_orders", 5, 40),
        ("breaches", 1, 40),
        ("open_incidents", 3, 60),
        ("upheld_incidents", 1, 30),
        ("price_incidents", 2, 40),
        ("late_reports", 4, 40),
        ("hidden_outflow", 2, 40),
        ("stock_alerts", 3, 15),
        ("stock_alerts", -3, 0),
    ],
)
def test_each_signal_by_hand(signal, value, tenths):
    assert total(assess({signal: value})) == tenths


@pytest.mark.parametrize(
    ("used", "limit", "percent"),
    [
        (205, 200, 3),
        (200, 200, 0),
        (202, 200, 1),
        (400, 200, 100),
        (1, 0, 1000),
        (0, 0, 0),
        (10**9, None, 0),
        (10**9, 1, 1000),
    ],
)
def test_how_far_over_the_limit(used, limit, percent):
    assert over_percent(used, limit) == percent


@pytest.mark.parametrize(
    ("e1", "word"), [(0, "low"), (149, "low"), (150, "watched"), (399, "watched"), (400, "high")]
)
def test_levels(e1, word):
    assert level(e1) == word


def test_the_mosts_sum_to_a_hundred():
    assert sum(rule.most_e1 for rule in RULES) == 1000
    assert total(assess({rule.signal: 10**12 for rule in RULES})) == 1000


@pytest.mark.row("P11")
@given(SIGNALS, st.randoms(use_true_random=False))
def test_parts_sum_and_order_does_not_matter(signals, dice):
    names = list(signals)
    dice.shuffle(names)
    steps = assess({name: signals[name] for name in names})
    assert steps == assess(signals)
    assert total(steps) == sum(step.e1 for step in steps) <= 1000
    assert from_json(to_json(steps)) == steps


@pytest.mark.row("P11")
@given(SIGNALS, st.sampled_from(RULES), st.integers(0, 10**6))
def test_more_of_a_signal_never_lowers_the_score(signals, rule, more):
    value = signals[rule.signal] or 0
    before = assess(signals | {rule.signal: value})
    after = assess(signals | {rule.signal: value + more})
    assert total(after) >= total(before)
    if more == rule.per and not next(s for s in after if s.signal == rule.signal).is_at_most:
        assert total(after) - total(before) == rule.step_e1


def test_what_is_not_recorded_adds_nothing_and_says_so():
    step = next(s for s in assess({}) if s.signal == "broken_promises")
    assert (step.value, step.e1) == (None, 0)


def test_a_signal_without_a_rule_is_our_own_mistake():
    with pytest.raises(ValueError, match="no rule"):
        assess({"warmth": 3})
    assert risk.RULES[0].signal == "overdue_days"

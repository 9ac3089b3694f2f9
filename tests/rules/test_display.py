"""Display scores (A13) and POP in a month (A14)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.display import (
    Item,
    Placement,
    month_condition,
    score,
    standing_at_end,
    started_in,
)
from contracts.values.periods import Period

NOVEMBER = Period.month(2026, 11)


@pytest.mark.row("A13")
def test_four_of_five_faces_fail_and_name_the_missing_item():
    items = [Item(n, 1, 1) for n in ("货架", "堆头", "收银台", "价签")] + [Item("端架", 1, 0)]
    found = score(items, 90)
    assert (found.percent, found.is_passed) == (Decimal("80.0"), False)
    assert [item.name for item in found.missing] == ["端架"]
    assert score(items, 80).is_passed


def test_more_in_one_place_makes_nothing_up_elsewhere():
    found = score([Item("货架", 2, 5), Item("端架", 2, 0)], 90)
    assert (found.found, found.percent) == (2, Decimal("50.0"))


@given(
    items=st.lists(
        st.builds(Item, st.just("x"), st.integers(0, 50), st.integers(0, 80)), min_size=1
    ).filter(lambda items: any(i.required for i in items)),
    mark=st.integers(0, 100),
)
def test_the_score_lies_between_nothing_and_all(items, mark):
    found = score(items, mark)
    assert 0 <= found.percent <= 100
    assert (found.found == found.required) is (not found.missing)
    assert found.is_passed is (found.found * 100 >= mark * found.required)


def test_a_standard_without_faces_is_refused():
    with pytest.raises(ValueError, match="at least one face"):
        score([Item("x", 0, 3)], 90)


@pytest.mark.row("A13")
@pytest.mark.parametrize(
    ("looks", "verdict"),
    [({}, None), ({1: True, 2: True}, True), ({1: True, 2: False}, False)],
)
def test_the_condition_of_a_month(looks, verdict):
    assert month_condition(looks) is verdict


@pytest.mark.row("A14")
def test_two_started_one_standing_at_the_end():
    placements = [
        Placement(date(2026, 11, 3), None),
        Placement(date(2026, 11, 5), date(2026, 11, 20)),
    ]
    assert (started_in(placements, NOVEMBER), standing_at_end(placements, NOVEMBER)) == (2, 1)


@pytest.mark.parametrize(
    ("placed", "removed", "started", "standing"),
    [
        (date(2026, 10, 31), None, 0, 1),
        (date(2026, 11, 30), None, 1, 1),
        (date(2026, 11, 30), date(2026, 11, 30), 1, 0),
        (date(2026, 11, 30), date(2026, 12, 1), 1, 1),
        (date(2026, 12, 1), None, 0, 0),
    ],
)
def test_both_ends_of_the_month(placed, removed, started, standing):
    placements = [Placement(placed, removed)]
    assert (started_in(placements, NOVEMBER), standing_at_end(placements, NOVEMBER)) == (
        started,
        standing,
    )

"""Days of cover: the safety level, its alert, and the order that is suggested."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.replenishment import (
    check_safety,
    days_of_cover,
    safety_level,
    suggested_order,
)
from contracts.values.findings import Severity


@pytest.mark.row("F03")
@pytest.mark.parametrize(
    ("sold", "days", "safety_days", "level"),
    [
        (300, 30, 7, 70),
        (301, 30, 7, 71),  # 70.23 is rounded up to a whole box
        (10, 3, 3, 10),  # not 9.99…: the division is exact
        (Decimal("0.5"), 30, 7, 1),
        (0, 30, 7, 0),
        (-20, 30, 7, 0),
        (300, 30, 0, 0),
    ],
)
def test_the_level_is_daily_sell_out_times_safety_days(
    sold: int | Decimal, days: int, safety_days: int, level: int
) -> None:
    assert safety_level(sold, days, safety_days) == level


@pytest.mark.row("F03")
def test_stock_below_the_level_alerts_and_stock_on_it_does_not() -> None:
    (finding,) = check_safety("A", 60, 70)

    assert (finding.code, finding.severity) == ("stock.below_safety", Severity.WARN)
    assert finding.facts == {"product": "A", "stock": 60, "level": 70, "short": 10}
    assert check_safety("A", 70, 70) == []


@pytest.mark.row("F03")
def test_goods_that_do_not_sell_need_no_safety_stock() -> None:
    assert check_safety("A", 0, safety_level(0, 30, 7)) == []


def test_a_pace_needs_days() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        safety_level(1, 0, 7)
    with pytest.raises(ValueError, match="not negative"):
        safety_level(1, 30, -1)
    with pytest.raises(ValueError, match="at least one unit"):
        suggested_order(1, 30, 7, 0, units_per_case=0)


@pytest.mark.row("F04")
@pytest.mark.parametrize(
    ("stock", "in_transit", "units_per_case", "need", "cases", "quantity"),
    [
        (60, 0, 1, 150, 150, 150),
        (60, 0, 12, 150, 13, 156),
        (60, 140, 12, 10, 1, 12),
        (60, 150, 12, 0, 0, 0),
        (500, 0, 12, 0, 0, 0),
        (-10, 0, 10, 210, 21, 210),
        (Decimal("59.5"), 0, 1, 151, 151, 151),
    ],
)
def test_the_suggested_order_fills_up_to_the_cover_wanted(
    stock: int | Decimal,
    in_transit: int,
    units_per_case: int,
    need: int,
    cases: int,
    quantity: int,
) -> None:
    order = suggested_order(300, 30, 21, stock, in_transit, units_per_case)

    assert (order.target, order.need, order.cases, order.quantity) == (210, need, cases, quantity)


@pytest.mark.parametrize(
    ("stock", "sold", "cover"),
    [(60, 300, Decimal("6.0")), (60, 0, None), (0, 300, Decimal("0.0")), (-5, 300, Decimal("0.0"))],
)
def test_no_movement_is_neither_no_cover_nor_endless_cover(
    stock: int, sold: int, cover: Decimal | None
) -> None:
    assert days_of_cover(stock, sold, 30) == cover


@given(
    sold=st.integers(0, 10**6),
    days=st.integers(1, 366),
    cover_days=st.integers(0, 366),
    stock=st.integers(0, 10**5),
    in_transit=st.integers(0, 10**5),
    units_per_case=st.integers(1, 48),
)
def test_an_order_covers_the_days_wanted_and_not_a_case_more(
    sold: int, days: int, cover_days: int, stock: int, in_transit: int, units_per_case: int
) -> None:
    order = suggested_order(sold, days, cover_days, stock, in_transit, units_per_case)

    wanted = Fraction(sold * cover_days, days)
    assert order.quantity == order.cases * units_per_case
    assert stock + in_transit + order.quantity >= wanted
    if order.cases:
        assert stock + in_transit + order.quantity - units_per_case < wanted

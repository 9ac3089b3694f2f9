"""A rate is a fraction, exact, and prints as a percentage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.rates import Rate


@pytest.mark.parametrize(
    ("written", "fraction", "printed"),
    [
        ("4.5", "0.045", "4.5 %"),
        ("4.50", "0.045", "4.5 %"),
        ("100", "1", "100 %"),
        ("0", "0", "0 %"),
        ("0.00", "0", "0 %"),
        ("-2", "-0.02", "-2 %"),
        ("0.125", "0.00125", "0.125 %"),
        (13, "0.13", "13 %"),
        (Decimal("33.3"), "0.333", "33.3 %"),
    ],
)
def test_percentages(written: str | int | Decimal, fraction: str, printed: str) -> None:
    rate = Rate.percent(written)
    assert rate == Rate(Decimal(fraction))
    assert str(rate) == printed


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-500, max_value=500))
def test_percent_round_trip(percent: Decimal) -> None:
    assert Rate.percent(percent).as_percent() == percent


def test_basis_points() -> None:
    assert Rate.basis_points(1300) == Rate.percent("13")
    with pytest.raises(TypeError):
        Rate.basis_points(13.0)  # type: ignore[arg-type]


def test_rates_order_and_share() -> None:
    assert Rate.percent("1") < Rate.percent("2")
    assert Rate.percent("2").of(Decimal("120000.00")) == Decimal("2400")


@pytest.mark.parametrize("wrong", ["", "4,5", "4.5 %", "NaN", "Infinity"])
def test_unreadable_percentages(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a percentage"):
        Rate.percent(wrong)


@pytest.mark.parametrize("wrong", [0.045, True, None])
def test_floats_are_no_percentages(wrong: Any) -> None:
    with pytest.raises(TypeError):
        Rate.percent(wrong)


@pytest.mark.parametrize("wrong", [0.045, 1, "0.045"])
def test_a_rate_is_a_decimal(wrong: Any) -> None:
    with pytest.raises(TypeError, match="Decimal"):
        Rate(wrong)


def test_a_rate_is_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        Rate(Decimal("NaN"))

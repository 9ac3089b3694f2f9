"""The margin ladder (C05) and the band of resale prices (A04)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.margins import (
    Ladder,
    check_band,
    check_floor,
    dealer_margin,
    retail_margin,
)
from contracts.values.rates import Rate

A = Ladder("A", 10_000, 10_800, 13_000)
TWO, EIGHT = Rate.percent("2"), Rate.percent("8")


@pytest.mark.row("C05")
def test_the_ladder_of_the_mission():
    assert dealer_margin(A).percent == Decimal("7.41")
    assert dealer_margin(A, TWO).percent == Decimal("9.26")
    assert retail_margin(A).percent == Decimal("16.92")


@pytest.mark.row("C05")
def test_the_floor_warns_without_the_rebate_and_passes_with_it():
    (finding,) = check_floor(A, EIGHT)
    assert (finding.code, finding.is_blocking) == ("margin.below_floor", False)
    assert finding.facts["margin"] == Rate.percent("7.41")
    assert check_floor(A, EIGHT, TWO) == []
    assert [f.code for f in check_floor(A, Rate.percent("9.3"), TWO)] == [
        "margin.below_with_rebate"
    ]


@pytest.mark.parametrize(
    ("dealer", "wholesale", "floor", "warns"),
    [
        (9_200, 10_000, "8", False),  # exactly the floor
        (9_201, 10_000, "8", True),
        (11_000, 10_000, "0", True),  # sold below cost
        (10_000, 10_000, "0", False),
        (100_000_000, 108_695_652, "8", True),  # 7.9999… % prints as 8.00 and does not reach
    ],
)
@pytest.mark.row("C05")
def test_the_floor_is_judged_on_exact_figures(dealer, wholesale, floor, warns):
    found = check_floor(Ladder("A", dealer, wholesale, wholesale), Rate.percent(floor))
    assert bool(found) is warns


@given(
    dealer=st.integers(0, 10**9),
    wholesale=st.integers(1, 10**9),
    rebate=st.integers(0, 10_000),
)
def test_the_share_is_the_exact_one_rounded_half_away(dealer, wholesale, rebate):
    margin = dealer_margin(Ladder("A", dealer, wholesale, wholesale), Rate.basis_points(rebate))
    exact = Fraction(wholesale - dealer) + Fraction(dealer * rebate, 10_000)
    assert Fraction(margin.kept) == exact
    off = Fraction(margin.percent) - exact / wholesale * 100
    assert abs(off) <= Fraction(1, 200)
    if abs(off) == Fraction(1, 200):
        assert (off > 0) is (exact > 0)


@pytest.mark.row("A04")
@pytest.mark.parametrize(
    ("price", "code"),
    [
        (8_000, "resale.below_floor"),
        (9_499, "resale.below_floor"),
        (9_500, None),
        (13_000, None),
        (13_001, "resale.above_ceiling"),
        (14_000, "resale.above_ceiling"),
    ],
)
def test_the_bounds_of_the_band_are_inside(price, code):
    assert [f.code for f in check_band("A", price, 9_500, 13_000)] == ([code] if code else [])


@given(price=st.integers(1, 10**9))
def test_an_empty_band_holds_nothing(price):
    assert check_band("A", price, None, None) == []


def test_impossible_ladders_are_refused():
    with pytest.raises(ValueError, match="selling price"):
        Ladder("A", 100, 0, 100)

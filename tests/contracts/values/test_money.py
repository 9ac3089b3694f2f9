"""Money is exact: sums, shares and tax parts add up, and rounding is half-up in one place."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.money import (
    CurrencyMismatch,
    Money,
    allocate,
    divide_half_up,
    fen_from_e4,
    fen_of,
    round_half_up,
    vat_split,
)
from contracts.values.rates import Rate
from tests.golden import cases, fen

FEN = st.integers(-(10**15), 10**15)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize("case", cases("vat"))
def test_vat_parts(case: dict[str, Any]) -> None:
    rate_bp = int(Rate.percent(case["rate"]).fraction * 10_000)
    assert vat_split(fen(case["gross"]), rate_bp) == (fen(case["net"]), fen(case["tax"]))


@pytest.mark.row("C08")
@given(FEN, st.sampled_from([0, 100, 300, 600, 900, 1300]))
def test_vat_parts_sum_and_the_net_is_the_nearest_fen(gross: int, rate_bp: int) -> None:
    net, tax = vat_split(gross, rate_bp)
    assert net + tax == gross
    assert abs(net - Fraction(gross * 10_000, 10_000 + rate_bp)) <= Fraction(1, 2)
    assert vat_split(-gross, rate_bp) == (-net, -tax)


def test_vat_refuses_a_negative_rate() -> None:
    with pytest.raises(ValueError, match="not negative"):
        vat_split(100, -1)


@pytest.mark.parametrize(
    ("amount", "places", "rounded"),
    [
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("0.1249999999999999999999999999999999999", 2, "0.12"),
        ("2.675", 2, "2.68"),
        ("29.1666", 1, "29.2"),
        ("0.5", 0, "1"),
        ("-0.004", 2, "0.00"),
        ("12345678901234567890123456789012345.005", 2, "12345678901234567890123456789012345.01"),
    ],
)
def test_rounding_is_half_up_away_from_zero(amount: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(amount), places)) == rounded


@pytest.mark.parametrize(
    ("e4", "expected"),
    [(0, 0), (49, 0), (50, 1), (149, 1), (150, 2), (-49, 0), (-50, -1), (-150, -2), (10_000, 100)],
)
def test_four_decimals_to_fen(e4: int, expected: int) -> None:
    assert fen_from_e4(e4) == expected


@given(st.integers(-(10**18), 10**18))
def test_both_ways_to_fen_agree(e4: int) -> None:
    assert fen_from_e4(e4) == fen_of(Decimal(e4).scaleb(-4))


def test_division_wants_a_positive_denominator() -> None:
    with pytest.raises(ValueError, match="positive"):
        divide_half_up(1, 0)


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (3, [50, 50], [2, 1]),
        (100, [1, 2, 0], [33, 67, 0]),
        (10, [0, 0, 7], [0, 0, 10]),
        (0, [3, 4], [0, 0]),
        (1, [1, 2], [0, 1]),
    ],
)
def test_shares_by_largest_remainder(total: int, weights: list[int], shares: list[int]) -> None:
    assert allocate(total, weights) == shares


@given(FEN, WEIGHTS)
def test_shares_sum_and_none_is_off_by_a_fen(total: int, weights: list[int]) -> None:
    shares = allocate(total, weights)
    assert sum(shares) == total
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, whole)) < 1
    assert allocate(-total, weights) == [-share for share in shares]


@given(FEN, st.lists(st.integers(0, 10**6), min_size=1, max_size=8, unique=True).filter(any))
def test_shares_do_not_depend_on_the_order_of_unequal_weights(
    total: int, weights: list[int]
) -> None:
    remainders = [abs(total) * weight % sum(weights) for weight in weights]
    if len(set(remainders)) < len(remainders):
        return  # among equal remainders the order decides, as promised
    forwards = dict(zip(weights, allocate(total, weights), strict=True))
    backwards = dict(zip(weights[::-1], allocate(total, weights[::-1]), strict=True))
    assert forwards == backwards


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 5]])
def test_shares_need_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weight"):
        allocate(100, weights)


def test_sums_and_shares_of_money() -> None:
    price = Money.from_fen(10_000)
    assert price + Money.from_fen(1) == Money(Decimal("100.01"), "CNY")
    assert (price - Money.from_fen(10_001)).fen == -1
    assert -price == Money.from_fen(-10_000)
    assert str(price) == "100.00 CNY"
    share = Money.from_fen(333) * Rate.percent("4.5")
    assert share.amount == Decimal("0.14985")
    assert share.rounded() == Money(Decimal("0.15"), "CNY")


@given(FEN)
def test_fen_round_trip(amount: int) -> None:
    assert Money.from_fen(amount).fen == amount


@given(FEN, FEN)
def test_money_orders_and_adds_as_fen_do(a: int, b: int) -> None:
    left, right = Money.from_fen(a), Money.from_fen(b)
    assert (left < right, left <= right, left > right, left >= right) == (
        a < b,
        a <= b,
        a > b,
        a >= b,
    )
    assert left + right == right + left == Money.from_fen(a + b)


def test_part_of_a_fen_is_not_lost_silently() -> None:
    with pytest.raises(ValueError, match="whole number of fen"):
        _ = Money(Decimal("0.125"), "CNY").fen


@pytest.mark.parametrize("amount", [1, 1.0, "1", True, None])
def test_money_is_made_of_decimals_only(amount: Any) -> None:
    with pytest.raises(TypeError, match="Decimal"):
        Money(amount, "CNY")


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_money_is_finite(amount: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Money(Decimal(amount), "CNY")


@pytest.mark.parametrize("currency", ["", "cny", "RMBY", "¥", 156])
def test_money_has_a_currency_code(currency: Any) -> None:
    with pytest.raises(ValueError, match="currency"):
        Money(Decimal(1), currency)


@pytest.mark.parametrize("amount", [1.0, True, Decimal(1)])
def test_fen_are_integers(amount: Any) -> None:
    with pytest.raises(TypeError, match="whole"):
        Money.from_fen(amount)


def test_currencies_do_not_mix() -> None:
    yuan, dollars = Money.from_fen(1), Money.from_fen(1, "USD")
    assert yuan != dollars
    for mixed in (
        lambda: yuan + dollars,
        lambda: yuan - dollars,
        lambda: yuan < dollars,
        lambda: yuan <= dollars,
        lambda: yuan > dollars,
        lambda: yuan >= dollars,
    ):
        with pytest.raises(CurrencyMismatch):
            mixed()


@pytest.mark.parametrize("act", [operator.add, operator.sub, operator.mul])
@pytest.mark.parametrize("number", [1, Decimal(2)])
def test_money_takes_no_bare_number(act: Callable[[Any, Any], Any], number: int | Decimal) -> None:
    with pytest.raises(TypeError):
        act(Money.from_fen(1), number)


def test_only_decimals_are_rounded() -> None:
    with pytest.raises(TypeError, match="Decimal"):
        round_half_up(0.125)  # type: ignore[arg-type]

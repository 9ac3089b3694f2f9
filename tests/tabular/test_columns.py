"""Lost decimal points: what a column, a row and a price list can prove, and what they cannot."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.tabular.columns import decimal_mark, whole_and_grouped
from channel.tabular.evidence import (
    Line,
    half_unit,
    judge_amounts,
    judge_prices,
    judge_taxes,
)


def a_line(
    quantity: str, price: str, net: str, tax: str | None = None, discount: str = "0", row: int = 2
) -> Line:
    return Line(
        row, Decimal(quantity), Decimal(price), Decimal(discount), Decimal(net),
        None if tax is None else Decimal(tax), "A",
    )  # fmt: skip


def test_one_decimal_comma_among_thousands_commas_condemns_the_column() -> None:
    verdict = decimal_mark(["2,024,994", "809,76", "2,039,994"])
    assert verdict.conflict
    assert (verdict.places, verdict.example, verdict.other) == ((1,), "809,76", "2,024,994")


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,024.50", "8,704"], "point"),
        (["8,704", "5,496"], "point"),
        (["1.024,50", "3,5"], "comma"),
        (["809,76", "2.024"], "comma"),
        (["12", "13"], "point"),
        (["2024.9940", "5.7000"], "point"),
        (["1619,520", "1"], "comma"),
        ([], "point"),
    ],
)
def test_consistent_columns_have_one_mark(texts: list[str], mark: str) -> None:
    verdict = decimal_mark(texts)
    assert (verdict.mark, verdict.conflict) == (mark, False)


@given(st.lists(st.decimals(0, 10**7, places=2), min_size=1, max_size=30))
def test_an_english_column_is_never_condemned(amounts: list[Decimal]) -> None:
    assert not decimal_mark([f"{a:,f}" for a in amounts]).conflict
    continental = [f"{a:,f}".translate(str.maketrans(",.", ".,")) for a in amounts]
    assert decimal_mark(continental).mark == "comma"


def test_rows_off_by_a_power_of_ten_are_lost_points_and_others_are_errors() -> None:
    lines = [
        a_line("3", "2024994", "6074982"),
        a_line("2", "201865", "40373"),
        a_line("1", "4194589", "419.4589"),
        a_line("2", "10.00", "21.00"),
    ]
    judged = judge_amounts(lines)
    assert judged.lost == (1, 2)
    assert judged.wrong == (3,)


def test_rounding_of_the_price_is_no_error() -> None:
    assert judge_amounts([a_line("3", "3.33", "10.00")]).wrong == ()
    assert judge_amounts([a_line("1000", "88.4956", "88495.58")]).wrong == ()
    assert judge_amounts([a_line("3", "3.33", "10.02")]).wrong == (0,)
    assert half_unit(Decimal("2024.9940")) == Decimal("0.00005")


def test_prices_may_include_tax_and_discounts_count() -> None:
    assert judge_amounts([a_line("1", "113.00", "100.00", "13.00")]).wrong == ()
    assert judge_amounts([a_line("10", "10.00", "95.00", discount="5.00")]).wrong == ()


def test_tax_ten_times_its_neighbours_rate_is_a_lost_point() -> None:
    lines = [
        a_line("1", "4194589", "4194589", "335567"),
        a_line("1", "2024994", "2024994", "1619995"),
        a_line("1", "100", "100", "60"),
        a_line("1", "100", "100", "-13"),
    ]
    judged = judge_taxes(lines)
    assert judged.lost == (1,)
    assert judged.wrong == (2, 3)
    assert (
        judge_taxes([a_line("1", "100", "100", t) for t in ("13", "9", "6", "1", "0")]).lost == ()
    )


def test_a_price_a_thousand_times_the_list_is_a_lost_point() -> None:
    usual = {"A": 20_249_940}
    assert judge_prices([a_line("1", "2024994", "1")], usual).lost == (0,)
    assert judge_prices([a_line("1", "2024.99", "1"), a_line("1", "1500", "1")], usual).lost == ()
    assert judge_prices([a_line("1", "20249.94", "1")], usual).lost == ()


def test_many_whole_numbers_without_a_final_zero_are_suspicious() -> None:
    lost = [f"{n:,}" for n in range(1_000_001, 1_000_800, 9) if n % 10]
    assert whole_and_grouped(lost) in lost
    assert whole_and_grouped([*lost, "1,000,010"]) == ""
    assert whole_and_grouped([*lost, "1.5"]) == ""
    assert whole_and_grouped(lost[:20]) == ""

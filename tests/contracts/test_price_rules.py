"""Dealer prices come from the dated book, and special prices end with their quantity."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.pricing import PriceEntry, SpecialPrice, check_price, price_on, priced_lines
from contracts.values.findings import Severity
from contracts.values.money import Money
from contracts.values.periods import Period
from tests.golden import cases, fen

BOOK = PriceEntry("A", 10_000, date(2026, 1, 1))
AUTUMN = Period.parse("2026-09-01..2026-11-30")
AT_95 = SpecialPrice("A", 9_500, 500, AUTUMN)


def an_entry(row: dict[str, Any]) -> PriceEntry:
    end = row["last"] + timedelta(days=1) if "last" in row else None
    return PriceEntry("A", fen(row["price"]), row["first"], end)


@pytest.mark.parametrize("case", cases("dealer_prices"))
def test_the_book_of_the_day(case: dict[str, Any]) -> None:
    other = PriceEntry("B", 20_000, date(2026, 1, 1))
    book = [an_entry(row) for row in case["book"]]
    for entries in ([*book, other], [other, *book[::-1]]):
        entry = price_on(entries, "A", case["day"])
        assert (entry and entry.gross_fen) == (fen(case["price"]) if "price" in case else None)
        asked = fen(case.get("asked", case.get("price", "1.00")))
        codes = [finding.code for finding in check_price("A", asked, entry, case["day"])]
        assert codes == ([case["refused"]] if "refused" in case else [])


@pytest.mark.row("C01")
def test_a_tampered_price_is_refused_with_both_figures() -> None:
    (finding,) = check_price("A", 9_900, BOOK, date(2026, 8, 1))
    assert (finding.code, finding.severity) == ("price.differs", Severity.BLOCK)
    assert finding.facts == {
        "product": "A",
        "asked": Money.from_fen(9_900),
        "book": Money.from_fen(10_000),
    }


def test_a_price_of_another_day_is_missing() -> None:
    (finding,) = check_price("A", 10_000, BOOK, date(2025, 12, 31))
    assert (finding.code, finding.severity) == ("price.missing", Severity.BLOCK)
    assert finding.facts == {"product": "A", "on": date(2025, 12, 31)}


def test_a_price_of_another_product_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="does not judge"):
        check_price("B", 10_000, BOOK, date(2026, 8, 1))
    with pytest.raises(ValueError, match="not for"):
        priced_lines(1, PriceEntry("B", 20_000, date(2026, 1, 1)), AT_95)


def test_a_correction_of_the_same_day_rules() -> None:
    right = PriceEntry("A", 10_001, date(2026, 1, 1))
    assert price_on([BOOK, right], "A", date(2026, 1, 1)) is right


@pytest.mark.row("C07")
@pytest.mark.parametrize(
    ("quantity", "special", "on", "lines"),
    [
        (500, AT_95, None, [(500, 9_500)]),
        (501, AT_95, None, [(500, 9_500), (1, 10_000)]),
        (1, SpecialPrice("A", 9_500, 0, AUTUMN), None, [(1, 10_000)]),
        (10_000, SpecialPrice("A", 9_500, None, AUTUMN), None, [(10_000, 9_500)]),
        (10, None, None, [(10, 10_000)]),
        (0, AT_95, None, []),
        (10, AT_95, date(2026, 8, 31), [(10, 10_000)]),
        (10, AT_95, date(2026, 9, 1), [(10, 9_500)]),
        (10, AT_95, date(2026, 11, 30), [(10, 9_500)]),
        (10, AT_95, date(2026, 12, 1), [(10, 10_000)]),
    ],
)
def test_the_box_after_the_last_special_one_has_the_book_price(
    quantity: int, special: SpecialPrice | None, on: date | None, lines: list[tuple[int, int]]
) -> None:
    assert priced_lines(quantity, BOOK, special, on) == lines


@given(st.integers(0, 2000), st.none() | st.integers(0, 1000))
def test_no_box_is_lost_or_priced_twice(quantity: int, left: int | None) -> None:
    lines = priced_lines(quantity, BOOK, SpecialPrice("A", 9_500, left, AUTUMN))
    assert sum(count for count, _ in lines) == quantity
    assert all(count > 0 for count, _ in lines)
    at_special = sum(count for count, price in lines if price == 9_500)
    assert at_special == (quantity if left is None else min(quantity, left))


def test_a_sample_may_cost_nothing() -> None:
    free = PriceEntry("A", 0, date(2026, 1, 1))
    assert check_price("A", 0, free, date(2026, 1, 1)) == []
    assert priced_lines(2, BOOK, SpecialPrice("A", 0, 1, AUTUMN)) == [(1, 0), (1, 10_000)]


def test_what_makes_no_sense_is_refused() -> None:
    for wrong in (
        lambda: PriceEntry("A", -1, date(2026, 1, 1)),
        lambda: PriceEntry("A", 1, date(2026, 1, 1), date(2026, 1, 1)),
        lambda: SpecialPrice("A", -1, 1, AUTUMN),
        lambda: SpecialPrice("A", 1, -1, AUTUMN),
        lambda: priced_lines(-1, BOOK, None),
    ):
        with pytest.raises(ValueError, match=r"negative|end after"):
            wrong()

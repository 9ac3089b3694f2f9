"""Codes as numbers in a series, and what a pattern of findings weighs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.diversions import percent, score, weight
from channel.rules.trace_codes import Series, Span, check_quantity, normal, span_of, taken_apart

pytestmark = pytest.mark.row("A03")
DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CX26A-000120", Series("CX26A-", 6, 120)),
        ("81234567890123456789", Series("81234", 15, 567890123456789)),
        ("ABC", Series("ABC", 0, 0)),
        ("007", Series("", 3, 7)),
    ],
)
def test_a_code_is_taken_apart(text: str, found: Series) -> None:
    assert taken_apart(text) == found


def test_a_scanned_code_is_made_normal() -> None:
    assert normal(" ｃｘ２６a- 0001\n") == "CX26A-0001"


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("A01", "A20", 20),
        ("A01", "", 1),
        ("A20", "A01", "trace.backwards"),
        ("A01", "B20", "trace.other_series"),
        ("A1", "A20", "trace.other_series"),
        ("", "", "trace.code_needed"),
        ("A" * 65, "", "trace.code_needed"),
    ],
)
def test_a_range_lies_in_one_series(first: str, last: str, found: int | str) -> None:
    span = span_of(first, last)
    assert (span.count if isinstance(span, Span) else span[0].code) == found


def test_never_more_codes_than_goods() -> None:
    span = Span("A", 2, 1, 10)
    assert check_quantity(span, 1, 10, 0, "A") == []
    assert [f.code for f in check_quantity(span, 1, 10, 1, "A")] == ["trace.too_many"]
    assert [f.code for f in check_quantity(span, 12, 119, 0, "A")] == ["trace.too_many"]
    assert [f.code for f in check_quantity(span, 0, 10, 0, "A")] == ["trace.units_each"]


@given(st.text("AB-", max_size=5), st.integers(0, 9_999), st.integers(0, 9_999))
def test_order_of_codes_is_order_of_numbers(stem: str, a: int, b: int) -> None:
    first, last = f"{stem}{min(a, b):04}", f"{stem}{max(a, b):04}"
    span = span_of(first, last)
    assert isinstance(span, Span)
    assert span.count == abs(a - b) + 1


@pytest.mark.parametrize(
    ("found", "points", "word"),
    [
        ([], 0, "noise"),
        ([("510300", DAY)], 0, "noise"),
        ([("510300", DAY)] * 2, 15, "watch"),
        ([("510300", DAY), ("510400", DAY - timedelta(1))], 35, "watch"),
        ([("510300", DAY), ("510400", DAY - timedelta(1)), ("510500", DAY)], 60, "pattern"),
        ([("510300", DAY)] * 50, 100, "pattern"),
    ],
)
def test_one_finding_is_noise_and_a_pattern_weighs(
    found: list[tuple[str, date]], points: int, word: str
) -> None:
    assert (score(found), weight(score(found))) == (points, word)


@given(st.lists(st.tuples(st.sampled_from(["510300", "510400"]), st.just(DAY)), max_size=9))
def test_one_more_finding_never_weighs_less(found: list[tuple[str, date]]) -> None:
    assert score([*found, ("510300", DAY)]) >= score(found)


def test_what_was_never_shipped_has_no_share() -> None:
    assert percent(0, 0) is None
    assert percent(1, 3) == Decimal("33.3")

"""One text, one value or one reason: numbers, dates and words as people type them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.tabular.cells import (
    CellError,
    Choices,
    parse_bool,
    parse_choice,
    parse_date,
    parse_decimal,
    parse_integer,
    parse_rate_bp,
)
from channel.tabular.dates import date_order


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8,704", "8704"),
        ("¥5,496.31", "5496.31"),
        ("\uffe55\uff0c496.31", "5496.31"),
        ("\uff0812.30\uff09", "-12.30"),
        ("\uff0d\uff11\uff12", "-12"),
        ("(12.30)", "-12.30"),
        ("−5", "-5"),
        ("-5", "-5"),
        ("5-", "-5"),
        ("-¥1.00", "-1"),
        ("¥-1.00", "-1"),
        ("+7.5", "7.5"),
        ("1 234 567.89", "1234567.89"),
        ("1'234.50", "1234.5"),
        ("12.30元", "12.30"),
        ("1234", "1234"),
        (".5", "0.5"),
        ("5.", "5"),
        ("USD 12", "12"),
        ("2024.9940", "2024.994"),
        ("-0", "0"),
    ],
)
def test_numbers_as_people_write_them(text: str, number: str) -> None:
    assert parse_decimal(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("809,76", "cell.comma_decimal"),
        ("1619,52", "cell.comma_decimal"),
        ("1,23,456", "cell.not_number"),
        ("12,3456.7", "cell.not_number"),
        ("1.234.567", "cell.not_number"),
        ("--5", "cell.not_number"),
        ("-(5)", "cell.not_number"),
        ("abc", "cell.not_number"),
        ("#DIV/0!", "cell.not_number"),
        ("", "cell.not_number"),
        ("1.5万", "cell.not_number"),
        ("1.23E+05", "cell.scientific"),
        ("~6222021234567890000", "cell.digits_lost"),
        ("1.23456", "cell.too_many_decimals"),
        ("9999999999999", "cell.too_big"),
        ("٣", "cell.not_number"),
        ("nan", "cell.not_number"),
        ("Infinity", "cell.not_number"),
    ],
)
def test_what_is_no_number_says_why(text: str, code: str) -> None:
    found = parse_decimal(text)
    assert isinstance(found, CellError)
    assert found.code == code


def test_the_other_decimal_mark_has_to_be_asked_for() -> None:
    assert parse_decimal("1.234,50", mark="comma") == Decimal("1234.50")
    assert parse_decimal("809,76", mark="comma") == Decimal("809.76")
    assert isinstance(parse_decimal("1,234.50", mark="comma"), CellError)


def test_limits_include_their_bounds() -> None:
    assert parse_decimal("0", minimum=Decimal(0)) == 0
    assert parse_decimal("-0.01", minimum=Decimal(0)) == CellError(
        "cell.negative", {"value": "-0.01", "least": Decimal(0)}
    )
    assert parse_integer("78.0") == 78
    assert parse_integer("78.5") == CellError("cell.not_integer", {"value": "78.5"})


amounts = st.decimals(
    min_value=Decimal("-99999999.9999"), max_value=Decimal("99999999.9999"), places=4
)


@given(amounts, st.sampled_from(["{:f}", "{:,f}", " {:f} ", "¥{:,f}", "{:,f}元"]))
def test_every_written_amount_comes_back_exactly(amount: Decimal, pattern: str) -> None:
    assert parse_decimal(pattern.format(amount)) == amount


@given(amounts)
def test_continental_writing_is_the_mirror_of_the_english(amount: Decimal) -> None:
    swapped = f"{amount:,f}".translate(str.maketrans(",.", ".,"))
    assert parse_decimal(swapped, mark="comma") == amount


@given(st.text(max_size=30))
def test_no_text_is_able_to_raise(text: str) -> None:
    for found in (parse_decimal(text), parse_integer(text), parse_rate_bp(text)):
        assert isinstance(found, Decimal | int | CellError)
    assert isinstance(parse_date(text), dt.date | CellError)
    assert isinstance(parse_bool(text), bool | CellError)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-13", "2026/5/13", "20260513", "2026年05月13日", "2026年5月13号", "2026.05.13",
        "13.05.2026", "13/05/2026", "05/13/2026", "13-May-2026", "13 may 2026", "46155",
        "2026-05-13 00:00:00", "2026-05-13T08:30:00Z", "46155.0", "2026/05/13",
    ],
)  # fmt: skip
def test_one_day_in_many_dresses(text: str) -> None:
    assert parse_date(text) == dt.date(2026, 5, 13)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("05/06/2026", "cell.date_ambiguous"),
        ("05.06.2026", "cell.date_ambiguous"),
        ("13/05/26", "cell.short_year"),
        ("00:00.0", "cell.time_only"),
        ("00:00:00", "cell.time_only"),
        ("8:30 PM", "cell.time_only"),
        ("2026-02-30", "cell.no_such_date"),
        ("20261301", "cell.no_such_date"),
        ("1900-01-01", "cell.date_implausible"),
        ("12345", "cell.date_implausible"),
        ("2026-05/13", "cell.not_date"),
        ("soon", "cell.not_date"),
        ("", "cell.not_date"),
        ("5", "cell.not_date"),
    ],
)
def test_what_is_no_certain_date_says_why(text: str, code: str) -> None:
    found = parse_date(text)
    assert isinstance(found, CellError)
    assert found.code == code


def test_day_and_month_are_told_apart_by_order_or_by_the_column() -> None:
    assert parse_date("05/06/2026", order="dmy") == dt.date(2026, 6, 5)
    assert parse_date("05/06/2026", order="mdy") == dt.date(2026, 5, 6)
    assert parse_date("06/06/2026") == dt.date(2026, 6, 6)
    assert isinstance(parse_date("05/13/2026", order="dmy"), CellError)
    assert date_order(["05/06/2026", "29/12/2010"])[0] == "dmy"
    assert date_order(["05/06/2026", "12/29/2010"])[0] == "mdy"
    assert date_order(["05/06/2026"]) == (None, "", "")
    assert date_order(["29/12/2010", "12/29/2010"]) == (None, "29/12/2010", "12/29/2010")


days = st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2099, 12, 31))


@given(days, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d"]))
def test_year_first_is_never_misread(day: dt.date, pattern: str) -> None:
    assert parse_date(day.strftime(pattern)) == day


@given(days)
def test_a_year_last_date_is_right_or_refused(day: dt.date) -> None:
    for pattern in ("%d/%m/%Y", "%m/%d/%Y"):
        found = parse_date(day.strftime(pattern))
        assert found == day or (isinstance(found, CellError) and day.day <= 12)


@given(days)
def test_serial_numbers_count_as_the_spreadsheet_does(day: dt.date) -> None:
    assert parse_date(str((day - dt.date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize(
    ("text", "points"), [("13%", 1300), ("13", 1300), ("0.13", 1300), ("6.5%", 650), ("0", 0),
                         ("1", 100), ("100%", 10_000)]
)  # fmt: skip
def test_rates_are_basis_points(text: str, points: int) -> None:
    assert parse_rate_bp(text) == points


@pytest.mark.parametrize("text", ["13.005%", "120%", "-3%", "%", "x"])
def test_strange_rates_are_refused(text: str) -> None:
    assert isinstance(parse_rate_bp(text), CellError)


def test_words_for_yes_and_no() -> None:
    assert [parse_bool(t) for t in ("是", "Yes", "1", "√", "TRUE")] == [True] * 5
    assert [parse_bool(t) for t in ("否", "no", "0", "×", "FALSE")] == [False] * 5
    assert parse_bool("也许") == CellError("cell.not_bool", {"value": "也许"})


def test_choices_answer_to_every_word_and_list_themselves_otherwise() -> None:
    choices = Choices({"invoice": ("发票", "蓝字"), "credit_note": ("红字发票",)})
    assert parse_choice("蓝字", choices) == "invoice"
    assert parse_choice("CREDIT_NOTE", choices) == "credit_note"
    assert parse_choice("收据", choices) == CellError(
        "cell.not_allowed", {"value": "收据", "allowed": ("发票", "红字发票")}
    )

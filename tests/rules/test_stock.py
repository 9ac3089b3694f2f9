"""Inventory reports checked: the balance of each line, and what we know from elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.stock import (
    INCOMING,
    OPTIONAL,
    OUTGOING,
    REQUIRED,
    Quantity,
    RowFinding,
    StockRow,
    check_continuity,
    check_identity,
    check_receipts,
    check_report,
    expected_closing,
    plain,
    signed,
)
from contracts.values.findings import Severity


def a_row(**changes: object) -> StockRow:
    """Line 2 of a file: 100 + 200 - 180 - 5 = 115 boxes of A."""
    row = StockRow(
        row_number=2, product="A", opening=100, receipts=200, sell_out=180, losses=5, closing=115
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def places(found: list[RowFinding]) -> list[tuple[int | None, str | None, str]]:
    return [(each.row_number, each.column, each.finding.code) for each in found]


@pytest.mark.row("F02")
def test_a_line_that_balances_is_fine() -> None:
    assert expected_closing(a_row()) == 115
    assert check_identity(a_row()) == []


@pytest.mark.row("F02")
def test_a_line_that_does_not_balance_is_stopped_with_its_difference() -> None:
    (finding,) = check_identity(a_row(closing=120))

    assert (finding.code, finding.severity) == ("stock.identity", Severity.BLOCK)
    assert finding.facts == {"product": "A", "expected": 115, "entered": 120, "difference": "+5"}


@pytest.mark.row("F02")
def test_a_reason_lets_the_line_pass_flagged() -> None:
    for reason, severity in [("counted twice", Severity.WARN), ("  ", Severity.BLOCK)]:
        (finding,) = check_identity(a_row(closing=110, reason=reason))
        assert (finding.severity, finding.facts["difference"]) == (severity, "-5")


def test_the_balance_takes_every_kind_of_movement() -> None:
    movements = dict.fromkeys(INCOMING, 10) | dict.fromkeys(OUTGOING, 3)

    assert expected_closing(a_row(opening=1, **movements)) == 1 + 40 - 12


@pytest.mark.row("F02")
def test_opening_stock_is_the_closing_stock_of_the_report_before() -> None:
    assert check_continuity(a_row(), 100) == []
    (finding,) = check_continuity(a_row(), Decimal("103.0"))

    assert (finding.code, finding.severity) == ("stock.continuity", Severity.BLOCK)
    assert finding.facts == {"product": "A", "previous": 103, "entered": 100, "difference": "-3"}


@pytest.mark.row("F02")
@pytest.mark.parametrize(
    ("reported", "shipped", "moving", "expected"),
    [
        (200, 200, 0, None),
        (200, 150, 50, None),
        (150, 150, 50, None),
        (149, 150, 50, ("stock.shipped_not_reported", 150, "-1")),
        (201, 150, 50, ("stock.reported_not_shipped", 200, "+1")),
        (5, 0, 0, ("stock.reported_not_shipped", 0, "+5")),
    ],
)
def test_receipts_are_compared_with_our_shipments(
    reported: int, shipped: int, moving: int, expected: tuple[str, int, str] | None
) -> None:
    found = check_receipts("A", reported, shipped, moving)

    facts = [(each.code, each.facts["shipped"], each.facts["difference"]) for each in found]
    assert facts == ([expected] if expected else [])
    assert {each.severity for each in found} <= {Severity.WARN}


@pytest.mark.row("F09")
def test_an_unknown_code_and_a_minus_are_both_named_by_row_and_column() -> None:
    rows = [
        a_row(row_number=6),
        a_row(row_number=7, product="Z9"),
        a_row(row_number=8, batch="B1"),
        a_row(row_number=9, batch="B2", sell_out=-180, closing=475),
    ]

    found = check_report(rows, products={"A", "B"})

    assert places(found) == [
        (7, "product", "stock.unknown_product"),
        (9, "sell_out", "stock.negative"),
    ]
    assert found[1].finding.facts == {"column": "sell_out", "value": -180}
    assert {each.severity for each in found} == {Severity.BLOCK}


@pytest.mark.parametrize("column", REQUIRED)
def test_a_blank_is_not_zero(column: str) -> None:
    found = check_report([a_row(**{column: None})], {}, {})

    assert (2, column, "stock.blank") in places(found)
    assert "stock.identity" not in {each.finding.code for each in found}


@pytest.mark.parametrize("column", OPTIONAL)
def test_a_movement_that_most_lines_lack_may_be_left_blank(column: str) -> None:
    row = a_row(**{column: None})

    assert check_report([replace(row, closing=expected_closing(row))]) == []


def test_a_zero_that_was_typed_is_a_figure() -> None:
    row = a_row(opening=0, receipts=0, sell_out=0, losses=0, closing=0)

    assert check_report([row], {}, {}, {}) == []


def test_the_first_report_says_where_it_begins_and_later_ones_continue() -> None:
    row = a_row()

    assert check_report([row], previous_closings=None) == []
    assert places(check_report([row], {})) == [(2, "opening", "stock.continuity")]
    assert check_report([row], {row.key: 100}) == []


def test_stock_of_the_report_before_that_is_not_mentioned_is_missing() -> None:
    before = {("A", "", ""): 100, ("B", "B7", ""): 5, ("B", "B8", ""): 0}

    (found,) = check_report([a_row()], before)

    assert (found.row_number, found.column) == (None, None)
    assert found.finding.code == "stock.line_missing"
    assert (found.finding.facts["batch"], found.finding.facts["previous"]) == ("B7", 5)


def test_receipts_are_compared_over_all_batches_of_a_product() -> None:
    rows = [
        a_row(batch="B1", receipts=120, closing=35),
        a_row(row_number=3, batch="B2", receipts=90, closing=5),
        a_row(row_number=4, product="C", receipts=None),
    ]

    assert check_report(rows[:2], shipped={"A": 210}) == []
    found = check_report(rows, shipped={"A": 200, "B": 7, "C": 9})

    assert places(found) == [
        (2, "receipts", "stock.reported_not_shipped"),
        (4, "receipts", "stock.blank"),
        (None, None, "stock.shipped_not_reported"),
    ]


def test_a_line_given_twice_is_refused_and_the_first_one_named() -> None:
    found = check_report([a_row(), a_row(row_number=5), a_row(row_number=6, location="West")])

    assert places(found) == [(5, "product", "stock.repeated_line")]
    assert found[0].finding.facts["first_row"] == 2


def test_held_and_damaged_goods_are_part_of_the_closing_stock() -> None:
    assert check_report([a_row(held=100, damaged=15)]) == []
    assert places(check_report([a_row(held=100, damaged=16)])) == [
        (2, "held", "stock.unsaleable_over_closing")
    ]


def test_goods_do_not_expire_before_they_are_made() -> None:
    made = date(2026, 6, 1)

    assert check_report([a_row(produced_on=made, expires_on=date(2027, 6, 1))]) == []
    assert places(check_report([a_row(produced_on=made, expires_on=made)])) == [
        (2, "expires_on", "stock.expiry_before_production")
    ]


@pytest.mark.parametrize(
    ("quantity", "text", "difference"),
    [
        (Decimal("5.0"), "5", "+5"),
        (Decimal("-0.50"), "-0.5", "-0.5"),
        (Decimal("0.00"), "0", "0"),
        (Decimal("1E+3"), "1000", "+1000"),
    ],
)
def test_quantities_are_shown_as_people_write_them(
    quantity: Quantity, text: str, difference: str
) -> None:
    assert (str(plain(quantity)), signed(quantity)) == (text, difference)


QUANTITIES = st.integers(0, 10**6) | st.decimals("0", "1000", places=3)


@pytest.mark.row("F02")
@given(st.fixed_dictionaries(dict.fromkeys((*INCOMING, *OUTGOING, "opening"), QUANTITIES)))
def test_the_closing_stock_that_we_expect_always_balances(
    quantities: dict[str, Quantity],
) -> None:
    row = a_row(**quantities, closing=None)
    closing = expected_closing(row)
    assert closing is not None

    assert check_identity(replace(row, closing=closing)) == []
    (finding,) = check_identity(replace(row, closing=closing + 1))
    assert finding.facts["difference"] == "+1"


def test_findings_of_a_line_come_in_the_order_of_its_columns() -> None:
    found = check_report([a_row(closing=120, sell_out=-1)], {}, {})

    assert [each.column for each in found] == ["opening", "receipts", "sell_out", "closing"]


@given(st.permutations(range(4)))
def test_findings_come_in_the_order_of_the_file(order: list[int]) -> None:
    rows = [a_row(row_number=2 + i, batch=f"B{i}", closing=None, held=-1) for i in order]
    before = {row.key: 100 for row in rows} | {("A", "gone", ""): 1}

    found = check_report(rows, before)

    assert [(each.row_number, each.column) for each in found] == [
        *((number, column) for number in (2, 3, 4, 5) for column in ("closing", "held")),
        (None, None),
    ]

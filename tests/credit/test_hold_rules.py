"""Overdue debt holds goods by a ladder of rules and lets go as soon as it is paid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.findings import Severity
from contracts.values.money import Money
from credit.allocation import allocate_oldest
from credit.holds import OverdueRule, Point, Step, check_overdue

ON = date(2026, 10, 1)
AT_ONCE = OverdueRule(0, Step.HOLD_SHIPMENTS)
LADDER = (
    OverdueRule(0, Step.REMIND, tolerance_fen=100),
    OverdueRule(15, Step.HOLD_ORDERS, tolerance_fen=100),
    OverdueRule(30, Step.HOLD_SHIPMENTS, tolerance_fen=100),
)
Items = list[tuple[str, date, int]]


def overdue(days: int, open_fen: int = 10_000) -> tuple[str, date, int]:
    return (f"IV-{days}", ON - timedelta(days=days), open_fen)


@pytest.mark.row("B05")
def test_one_yuan_one_day_late_stops_the_shipment_and_its_receipt_lets_go() -> None:
    (finding,) = check_overdue([overdue(1, 100)], [AT_ONCE], ON, Point.SHIPMENT)
    assert (finding.code, finding.severity) == ("credit.overdue", Severity.BLOCK)
    assert finding.facts == {
        "overdue": Money.from_fen(100),
        "days": 1,
        "pay": Money.from_fen(100),
        "steps": ("hold_shipments",),
    }
    assert check_overdue([overdue(1, 0)], [AT_ONCE], ON, Point.SHIPMENT) == []


@pytest.mark.row("B05")
@pytest.mark.parametrize(
    ("items", "at_order", "at_shipment"),
    [
        ([overdue(0)], None, None),
        ([overdue(-5)], None, None),
        ([overdue(1)], Severity.WARN, Severity.WARN),
        ([overdue(15)], Severity.WARN, Severity.WARN),
        ([overdue(16)], Severity.BLOCK, Severity.WARN),
        ([overdue(30)], Severity.BLOCK, Severity.WARN),
        ([overdue(31)], Severity.BLOCK, Severity.BLOCK),
        ([overdue(31, 100)], None, None),
        ([overdue(31, 101)], Severity.BLOCK, Severity.BLOCK),
        ([overdue(31, 60), overdue(40, 41)], Severity.BLOCK, Severity.BLOCK),
        ([overdue(31, 60), overdue(1, 41)], Severity.WARN, Severity.WARN),
        ([overdue(31), overdue(1, -9_900)], Severity.BLOCK, Severity.BLOCK),
        ([overdue(31), overdue(31, -9_900)], None, None),
    ],
)
def test_the_ladder(items: Items, at_order: Severity | None, at_shipment: Severity | None) -> None:
    for point, expected in ((Point.ORDER, at_order), (Point.SHIPMENT, at_shipment)):
        for rows in (items, items[::-1]):
            found = check_overdue(rows, LADDER, ON, point)
            assert [finding.severity for finding in found] == [expected] * (expected is not None)


def test_the_amount_to_pay_satisfies_what_blocks() -> None:
    items = [overdue(31, 5_000), overdue(16, 3_000), overdue(1, 2_000)]
    (order,) = check_overdue(items, LADDER, ON, Point.ORDER)
    assert order.facts["pay"] == Money.from_fen(7_900)
    assert order.facts["overdue"] == Money.from_fen(10_000)
    assert order.facts["days"] == 31
    (shipment,) = check_overdue(items, LADDER, ON, Point.SHIPMENT)
    assert shipment.facts["pay"] == Money.from_fen(4_900)
    (reminder,) = check_overdue([overdue(1, 2_000)], LADDER, ON, Point.ORDER)
    assert reminder.facts["pay"] == Money.from_fen(1_900)


def test_an_old_credit_note_is_nobodys_oldest_debt() -> None:
    (finding,) = check_overdue([overdue(50, -1), overdue(31)], LADDER, ON, Point.ORDER)
    assert finding.facts["days"] == 31
    (finding,) = check_overdue([overdue(50, 0), overdue(31)], LADDER, ON, Point.ORDER)
    assert finding.facts["days"] == 31


@given(
    st.lists(st.tuples(st.integers(-10, 60), st.integers(0, 10_000)), max_size=6),
    st.sampled_from(Point),
)
def test_paying_what_is_asked_lets_go_and_a_fen_less_does_not(
    rows: list[tuple[int, int]], point: Point
) -> None:
    items = [
        (number, ON - timedelta(days=days), open_fen)
        for number, (days, open_fen) in enumerate(rows)
    ]

    def blocked_after(receipt_fen: int) -> bool:
        shares = dict(allocate_oldest(items, receipt_fen)[0])
        left = [(ref, due, fen - shares.get(ref, 0)) for ref, due, fen in items]
        return any(finding.is_blocking for finding in check_overdue(left, LADDER, ON, point))

    for finding in check_overdue(items, LADDER, ON, point):
        pay = finding.facts["pay"]
        assert isinstance(pay, Money)
        if finding.is_blocking:
            assert not blocked_after(pay.fen)
            assert blocked_after(pay.fen - 1)


@pytest.mark.parametrize(("days", "tolerance"), [(-1, 0), (0, -1)])
def test_rules_that_make_no_sense(days: int, tolerance: int) -> None:
    with pytest.raises(ValueError, match="not negative"):
        OverdueRule(days, Step.REMIND, tolerance)

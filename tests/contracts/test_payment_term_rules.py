"""Due dates by the named conventions, and the day by which to pay after holidays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.payment_terms import Due, Kind, PaymentTerm, due_date, from_json, to_json
from tests.contracts.values.calendar_2026 import CALENDAR
from tests.golden import cases

TERMS = st.sampled_from(get_args(Kind)).flatmap(
    lambda kind: st.builds(
        PaymentTerm,
        kind=st.just(kind),
        days=st.just(0) if kind == "prepaid" else st.integers(0, 200),
        day=st.integers(1, 31) if kind == "day_of_month" else st.none(),
        after=st.integers(0, 40) if kind == "days_end_of_month" else st.just(0),
        basis=st.sampled_from(["shipment", "invoice"]),
        roll=st.sampled_from(["none", "next", "previous"]),
    )
)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize("case", cases("payment_terms"))
def test_what_falls_due_when(case: dict[str, Any]) -> None:
    term = PaymentTerm(
        case["kind"], case["days"], case.get("day"), "shipment", case["roll"], case.get("after", 0)
    )
    due = due_date(term, case["from"], CALENDAR)
    assert (due.due_date, due.pay_by) == (case["due"], case["pay_by"])


@pytest.mark.row("A07")
def test_a_day_in_a_year_without_notice_is_a_forecast() -> None:
    net_60 = PaymentTerm("net_days", 60, None, "shipment", "next")
    assert due_date(net_60, date(2026, 8, 2), CALENDAR) == Due(
        date(2026, 10, 1), date(2026, 10, 8), is_forecast=False
    )
    assert due_date(net_60, date(2026, 12, 1), CALENDAR).is_forecast
    # Rolled back over the New Year, out of the year whose notice is known.
    at_once = PaymentTerm("net_days", 0, None, "invoice", "previous")
    assert due_date(at_once, date(2026, 1, 1), CALENDAR) == Due(
        date(2026, 1, 1), date(2025, 12, 31), is_forecast=True
    )
    fixed = PaymentTerm("net_days", 60, None, "shipment", "none")
    assert not due_date(fixed, date(2026, 12, 1), CALENDAR).is_forecast


@given(TERMS, DAYS)
def test_nothing_is_due_before_it_begins(term: PaymentTerm, basis: date) -> None:
    due = due_date(term, basis, CALENDAR)
    assert due.due_date >= basis
    assert term.roll == "none" or CALENDAR.is_working(due.pay_by)
    assert due.pay_by == due.due_date or not CALENDAR.is_working(due.due_date)


@given(TERMS, DAYS, st.integers(0, 60))
def test_a_later_start_is_never_due_earlier(term: PaymentTerm, basis: date, days: int) -> None:
    later = basis + timedelta(days=days)
    first, second = due_date(term, basis, CALENDAR), due_date(term, later, CALENDAR)
    assert first.due_date <= second.due_date
    assert first.pay_by <= second.pay_by


@given(TERMS)
def test_storage_loses_nothing(term: PaymentTerm) -> None:
    assert from_json(to_json(term)) == term


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "net"},
        {"kind": "net_days", "days": -1},
        {"kind": "prepaid", "days": 30},
        {"kind": "day_of_month", "days": 0},
        {"kind": "net_days", "days": 30, "day": 15},
        {"kind": "day_of_month", "day": 32},
        {"kind": "net_days", "basis": "order"},
        {"kind": "net_days", "roll": "following"},
        {"kind": "net_days", "days": 30, "after": 5},
    ],
)
def test_terms_that_make_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"term|cannot be|belongs|no month"):
        PaymentTerm(**wrong)

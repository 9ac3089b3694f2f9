"""When an amount falls due: a few named conventions, counted in calendar days.

The due date is what the contract says; the pay-by date is that day moved off holidays where the
contract allows it, and overdue days are counted from the pay-by date.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

from contracts.values.periods import containing
from contracts.values.workdays import Roll, WorkCalendar

Kind = Literal["prepaid", "net_days", "end_of_month_plus", "day_of_month"]
Basis = Literal["shipment", "invoice"]


@dataclass(frozen=True)
class PaymentTerm:
    """How the due date follows from the basis date.

    - prepaid: the goods leave against money received; due on the basis date itself.
    - net_days: so many calendar days after the basis date.
    - end_of_month_plus: so many days after the last day of the basis date's month.
    - day_of_month: so many days after the basis date, then on day `day` of the month that
      follows, or on its last day where it is shorter.

    `basis` says which date the caller must hand in. ValueError for what makes no sense.
    """

    kind: Kind
    days: int = 0
    day: int | None = None
    basis: Basis = "shipment"
    roll: Roll = "none"

    def __post_init__(self) -> None:
        for value, choices in ((self.kind, Kind), (self.basis, Basis), (self.roll, Roll)):
            if value not in get_args(choices):
                raise ValueError(f"not a payment term: {value!r}")
        if self.days < 0 or (self.kind == "prepaid" and self.days):
            raise ValueError(f"{self.kind} cannot be {self.days} days")
        if (self.kind == "day_of_month") != (self.day is not None):
            raise ValueError("a day of the month belongs to day_of_month, and to nothing else")
        if self.day is not None and not 1 <= self.day <= 31:
            raise ValueError(f"no month has a day {self.day}")


@dataclass(frozen=True)
class Due:
    """The contract's date, the date by which to pay, and whether the latter may still move.

    It may while the notice on that year's holidays is not out.
    """

    due_date: date
    pay_by: date
    is_forecast: bool = False


def due_date(term: PaymentTerm, basis_date: date, calendar: WorkCalendar) -> Due:
    """The dates that follow from a shipment or an invoice of this day."""
    due = _unrolled(term, basis_date)
    pay_by = calendar.roll(due, term.roll)
    rolls = term.roll != "none"
    return Due(due, pay_by, rolls and (calendar.is_forecast(due) or calendar.is_forecast(pay_by)))


def _unrolled(term: PaymentTerm, basis_date: date) -> date:
    """The due date as the contract has it, holidays or not."""
    days = timedelta(days=term.days)
    if term.kind == "end_of_month_plus":
        return containing(basis_date, "month").last_day + days
    if term.kind == "day_of_month" and term.day is not None:
        following = containing(basis_date + days, "month").end
        last = gregorian.monthrange(following.year, following.month)[1]
        return following.replace(day=min(term.day, last))
    return basis_date + days


def to_json(term: PaymentTerm) -> dict[str, Any]:
    """The term as plain JSON values."""
    return {
        "kind": term.kind,
        "days": term.days,
        "day": term.day,
        "basis": term.basis,
        "roll": term.roll,
    }


def from_json(stored: Mapping[str, Any]) -> PaymentTerm:
    """The inverse of `to_json`. ValueError or KeyError for anything else."""
    return PaymentTerm(
        kind=stored["kind"],
        days=stored["days"],
        day=stored["day"],
        basis=stored["basis"],
        roll=stored["roll"],
    )

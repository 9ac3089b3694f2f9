"""When an amount falls due, whole or in instalments, by named conventions in calendar days.

The due date is what the contract says; the pay-by date is that day moved off holidays where the
contract allows it, and overdue days are counted from the pay-by date.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args

from contracts.instalments import (
    EarlyDiscount,
    Share,
    check_discount,
    check_shares,
    cut,
    discount_from_json,
    discount_to_json,
    share_from_json,
    share_to_json,
    spread_discount,
)
from contracts.values.findings import Finding, block
from contracts.values.periods import containing
from contracts.values.workdays import Roll, WorkCalendar

Kind = Literal["prepaid", "net_days", "end_of_month_plus", "days_end_of_month", "day_of_month"]
Basis = Literal["shipment", "invoice"]


@dataclass(frozen=True)
class PaymentTerm:
    """How the due date follows from the basis date. «End of month» has three readings:

    - prepaid: the goods leave against money received; due on the basis date itself.
    - net_days: so many calendar days after the basis date.
    - end_of_month_plus: the end of the basis date's month, then so many days after it.
    - days_end_of_month: so many days after the basis date, then the end of the month in which
      that day falls, then `after` days more.
    - day_of_month: so many days after the basis date, then on day `day` of the month that
      follows, or on its last day where it is shorter.

    `basis` says which date the caller must hand in. With `shares` each instalment has days of
    its own, which stand in place of `days`. ValueError for what makes no sense; shares that
    cannot be are told by `check`.
    """

    kind: Kind
    days: int = 0
    day: int | None = None
    basis: Basis = "shipment"
    roll: Roll = "none"
    after: int = 0
    shares: tuple[Share, ...] = ()
    discount: EarlyDiscount | None = None

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
        if self.after < 0 or (self.after and self.kind != "days_end_of_month"):
            raise ValueError(f"{self.kind} cannot be {self.after} days after the end of a month")


@dataclass(frozen=True)
class Due:
    """The contract's date, the date by which to pay, and whether the latter may still move.

    It may while the notice on that year's holidays is not out.
    """

    due_date: date
    pay_by: date
    is_forecast: bool = False


@dataclass(frozen=True)
class Instalment:
    """A part of an amount with its dates; paid up to `discount_until`, `discount_fen` is off."""

    due: date
    pay_by: date
    amount_fen: int
    discount_until: date | None = None
    discount_fen: int = 0
    is_forecast: bool = False


def check(term: PaymentTerm) -> list[Finding]:
    """Why the term cannot be kept: shares that do not sum, a discount that is none."""
    found = check_shares(term.shares) + check_discount(term.discount)
    if term.kind == "prepaid" and (term.shares or term.discount):
        found.append(block("payment.prepaid_parts"))
    last = max([share.days for share in term.shares], default=term.days)
    # The end of a month comes later than the days say: only plain days can be compared.
    if term.discount and term.kind == "net_days" and term.discount.days >= last:
        found.append(block("payment.discount_late", days=term.discount.days, due_days=last))
    return found


def schedule(
    term: PaymentTerm,
    total_fen: int,
    basis_date: date,
    calendar: WorkCalendar,
    net_fen: int | None = None,
) -> tuple[Instalment, ...]:
    """The instalments of an amount incl. VAT, by due date; their amounts sum to the amount.

    `net_fen` is the amount without VAT, for a discount on it; not told, it is the amount itself.
    """
    cuts = cut(term.shares, total_fen) if term.shares else [(0, total_fen)]
    whole = 0
    if term.discount and term.kind != "prepaid":
        whole = term.discount.fen(total_fen, total_fen if net_fen is None else net_fen)
    parts = spread_discount(whole, [fen for _, fen in cuts])
    rows = []
    for (index, fen), off in zip(cuts, parts, strict=True):
        days = term.shares[index].days if term.shares else term.days
        due = due_date(replace(term, days=days, shares=()), basis_date, calendar)
        until = None
        if off and term.discount:
            # An instalment that is due before the discount ends is not paid early after that.
            until = min(basis_date + timedelta(days=term.discount.days), due.pay_by)
        rows.append(Instalment(due.due_date, due.pay_by, fen, until, off, due.is_forecast))
    return tuple(sorted(rows, key=lambda row: row.due))


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
    if term.kind == "days_end_of_month":
        return containing(basis_date + days, "month").last_day + timedelta(days=term.after)
    if term.kind == "day_of_month" and term.day is not None:
        following = containing(basis_date + days, "month").end
        last = gregorian.monthrange(following.year, following.month)[1]
        return following.replace(day=min(term.day, last))
    return basis_date + days


def to_json(term: PaymentTerm) -> dict[str, Any]:
    """The term as plain JSON values. What is not agreed is left out, so that the text (and the
    hash) of a version from before instalments stays what it was."""
    stored: dict[str, Any] = {
        "kind": term.kind,
        "days": term.days,
        "day": term.day,
        "basis": term.basis,
        "roll": term.roll,
    }
    if term.after:
        stored["after"] = term.after
    if term.shares:
        stored["shares"] = [share_to_json(share) for share in term.shares]
    if term.discount:
        stored["discount"] = discount_to_json(term.discount)
    return stored


def from_json(stored: Mapping[str, Any]) -> PaymentTerm:
    """The inverse of `to_json`, also of what was stored before instalments.

    ValueError or KeyError for anything else.
    """
    discount = stored.get("discount")
    return PaymentTerm(
        kind=stored["kind"],
        days=stored["days"],
        day=stored["day"],
        basis=stored["basis"],
        roll=stored["roll"],
        after=stored.get("after", 0),
        shares=tuple(share_from_json(share) for share in stored.get("shares", ())),
        discount=discount_from_json(discount) if discount else None,
    )

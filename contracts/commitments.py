"""What leaving a commitment early costs: a rate of what is still to be bought.

Months are counted from the first day of the agreement: its first month is month 1. Nothing is
owed by who has bought all, or who leaves after the last month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from contracts.clauses import Commitment
from contracts.values.money import fen_of
from contracts.values.rates import Rate


@dataclass(frozen=True)
class Quotation:
    """The charge with its working: committed − bought = remaining, × rate, rounded half-up once."""

    exit_on: date
    month_no: int
    months: int
    committed_fen: int
    bought_fen: int
    remaining_fen: int
    rate: Rate
    charge_fen: int


def month_number(start: date, on: date) -> int:
    """The month of the commitment in which a day lies, from 1; ValueError before its start.

    A month ends the day before the same day of the next one: from 31 January on, month 2 begins
    on 28 (29) February.
    """
    if on < start:
        raise ValueError(f"{on} is before the start on {start}")
    whole = (on.year - start.year) * 12 + on.month - start.month
    return whole + (1 if on >= month_start(start, whole) else 0)


def month_start(start: date, months: int) -> date:
    """The day so many months after the start, or the last day of a month that is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(start.day, last))


def last_day(commitment: Commitment, start: date) -> date:
    """The last day of the commitment."""
    return month_start(start, commitment.months) - timedelta(days=1)


def quote(commitment: Commitment, start: date, bought_fen: int, exit_on: date) -> Quotation:
    """The charge for leaving on a day, after purchases of so much (net of what came back)."""
    number = month_number(start, exit_on)
    over = exit_on > last_day(commitment, start)
    remaining = 0 if over else max(0, commitment.committed_fen - bought_fen)
    charge = fen_of(commitment.rate.of(Decimal(remaining).scaleb(-2)))
    return Quotation(
        exit_on,
        number,
        commitment.months,
        commitment.committed_fen,
        bought_fen,
        remaining,
        commitment.rate,
        charge,
    )

"""How fast money comes in: days of sales outstanding in four readings, effectiveness, days late.

Simple DSO moves with sales though nothing was collected faster; count-back, true and best-possible
DSO and the collection effectiveness index stand beside it (design/credit.md §2.2). A figure that
cannot be computed is None with its reason, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from contracts.values.money import round_half_up

NO_SALES: Final = "no_sales"
NEGATIVE: Final = "negative_balance"
OLDER: Final = "older_than_sales"
UNSOLD: Final = "no_sales_in_month"
NOTHING_DUE: Final = "nothing_to_collect"
NOTHING_PAID: Final = "nothing_paid"


@dataclass(frozen=True)
class Figure:
    """Days or per cent with one decimal, half up; or None and why."""

    value: Decimal | None
    reason: str = ""


def _figure(value: Decimal) -> Figure:
    return Figure(round_half_up(value, 1))


def window_days(first: date, last: date, customer_since: date | None) -> int:
    """Days of the window, both inclusive, shortened to the time since the first invoice."""
    start = first if customer_since is None else max(first, customer_since)
    return max(0, (last - start).days + 1)


def simple_dso(balance_fen: int, sales_fen: int, days: int) -> Figure:
    """Balance ÷ credit sales of the window × its days."""
    if balance_fen < 0:
        return Figure(None, NEGATIVE)
    if sales_fen <= 0 or days <= 0:
        return Figure(None, NO_SALES)
    return _figure(Decimal(balance_fen) * days / sales_fen)


def best_possible_dso(current_fen: int, sales_fen: int, days: int) -> Figure:
    """The DSO if nothing were overdue: what is not due yet ÷ credit sales × days."""
    return simple_dso(current_fen, sales_fen, days)


def count_back_dso(balance_fen: int, months: Sequence[tuple[int, int]]) -> Figure:
    """Days of the newest sales that the balance eats up.

    `months` are (credit sales in fen, days), newest first. A month without sales counts its days;
    a balance larger than all sales known is older than they are.
    """
    if balance_fen < 0:
        return Figure(None, NEGATIVE)
    if not any(sales > 0 for sales, _days in months):
        return Figure(None, NO_SALES)
    rest, counted = Decimal(balance_fen), Decimal(0)
    for sales, days in months:
        if not rest:
            break
        if sales > 0 and rest <= sales:
            counted, rest = counted + rest * days / sales, Decimal(0)
        else:
            rest, counted = rest - max(0, sales), counted + days
    return Figure(None, OLDER) if rest else _figure(counted)


def true_dso(months: Iterable[tuple[int, int]]) -> Figure:
    """Each open invoice's age × amount ÷ the credit sales of its month, summed.

    `months` are (sum of open fen × days of age, credit sales in fen) by month of invoice.
    """
    total = Decimal(0)
    for fen_days, sales in months:
        if not fen_days:
            continue
        if sales <= 0:
            return Figure(None, UNSOLD)
        total += Decimal(fen_days) / sales
    return Figure(None, NEGATIVE) if total < 0 else _figure(total)


def effectiveness(
    begin_fen: int, sales_fen: int, end_fen: int, end_current_fen: int, months: int = 1
) -> Figure:
    """CEI in per cent: what was collected ÷ what could have been.

    [begin + sales/N − end] ÷ [begin + sales/N − what of the end is not due] × 100, N months.
    """
    monthly = Decimal(sales_fen) / months
    could = begin_fen + monthly - end_current_fen
    if could <= 0:
        return Figure(None, NOTHING_DUE)
    return _figure((begin_fen + monthly - end_fen) * 100 / could)


def average_days_late(fen_days: int, paid_fen: int) -> Figure:
    """Days between the day to pay by and the payment, weighted by amount; early ones are below 0.

    `fen_days` is the sum of paid fen × days over the payments.
    """
    if paid_fen <= 0:
        return Figure(None, NOTHING_PAID)
    return _figure(Decimal(fen_days) / paid_fen)

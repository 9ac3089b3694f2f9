"""Interest for late payment: outstanding × rate × days ÷ 365, item by item, with its working.

A day counts once: what an earlier note has covered is never counted again. The day to pay by is
in time, so the first day late is the one after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.values.money import divide_half_up

#: Days of the year in which the rate is counted, leap years too.
YEAR_DAYS = 365
_BASIS = 10_000


@dataclass(frozen=True)
class Stretch:
    """Days on which the same amount was outstanding: after `since`, up to and with `until`."""

    since: date
    until: date
    open_fen: int

    @property
    def days(self) -> int:
        return (self.until - self.since).days


@dataclass(frozen=True)
class ItemInterest:
    """The interest on one item in fen, rounded once, and the stretches that lead to it."""

    amount_fen: int
    stretches: tuple[Stretch, ...]

    @property
    def since(self) -> date:
        return self.stretches[0].since

    @property
    def until(self) -> date:
        return self.stretches[-1].until

    def working(self) -> list[list[Any]]:
        """Plain data: [after, until, days, outstanding fen] per stretch."""
        return [[s.since.isoformat(), s.until.isoformat(), s.days, s.open_fen]
                for s in self.stretches]  # fmt: skip


def stretches(
    amount_fen: int, pay_by: date, paid: Iterable[tuple[date, int]], since: date, up_to: date
) -> list[Stretch]:
    """The days late of an item after `since` and up to `up_to`, cut where money came in.

    `paid` is (day, fen); a payment counts from its own day on, so that day itself still bears
    interest on the whole: 15 days between two dates are 15 days of interest.
    """
    start = max(pay_by, since)
    if up_to <= start:
        return []
    changes: dict[date, int] = {}
    outstanding = amount_fen
    for day, fen in paid:
        if day <= start:
            outstanding -= fen
        elif day < up_to:
            changes[day] = changes.get(day, 0) + fen
    found: list[Stretch] = []
    for day in [*sorted(changes), up_to]:
        if outstanding > 0:
            found.append(Stretch(start, day, outstanding))
        start, outstanding = day, outstanding - changes.get(day, 0)
    return found


def interest_on(parts: Sequence[Stretch], rate_bp: int) -> int:
    """Fen of interest at `rate_bp` basis points a year, half-up once for the whole item.

    100.00 at 10 % for 15 days: 100 × 0.10 × 15 ÷ 365 = 0.4110 → 0.41.
    """
    if rate_bp < 0:
        raise ValueError(f"a rate is not negative: {rate_bp}")
    return divide_half_up(
        sum(part.open_fen * part.days for part in parts) * rate_bp, _BASIS * YEAR_DAYS
    )


def late_interest(
    amount_fen: int,
    pay_by: date,
    paid: Iterable[tuple[date, int]],
    *,
    since: date | None,
    up_to: date,
    rate_bp: int,
) -> ItemInterest | None:
    """The interest on one item up to a day, or None where there is none yet.

    `since` is the last day that an earlier note has covered. Interest of less than half a fen is
    none: its days stay open and are counted with the next note.
    """
    parts = stretches(amount_fen, pay_by, paid, max(since or pay_by, pay_by), up_to)
    amount = interest_on(parts, rate_bp)
    return ItemInterest(amount, tuple(parts)) if amount > 0 else None

"""Open items by the days they are overdue, in five buckets whose sum is the ledger's balance.

Days are calendar days from the date by which to pay (the due date after any rolling); an item
that falls due today is not overdue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

NOT_DUE: Final = "not_due"
#: The buckets from the best to the worst.
BUCKETS: Final = (NOT_DUE, "1-30", "31-60", "61-90", ">90")

_LAST_DAYS: Final = (0, 30, 60, 90)


@dataclass(frozen=True)
class Ageing:
    """Fen per bucket on a day; every bucket is there, empty ones with 0."""

    as_of: date
    fen: Mapping[str, int]

    def __post_init__(self) -> None:
        if tuple(self.fen) != BUCKETS:
            raise ValueError(f"an ageing has the buckets {BUCKETS}, not {tuple(self.fen)}")
        object.__setattr__(self, "fen", MappingProxyType(dict(self.fen)))

    @property
    def total_fen(self) -> int:
        """The open balance."""
        return sum(self.fen.values())

    @property
    def overdue_fen(self) -> int:
        """The part of the balance that is overdue."""
        return self.total_fen - self.fen[NOT_DUE]

    def __add__(self, other: Ageing) -> Ageing:
        """Two debtors' ageings of the same day as one."""
        if not isinstance(other, Ageing):
            return NotImplemented
        if self.as_of != other.as_of:
            raise ValueError(f"ageings of {self.as_of} and {other.as_of} do not add up")
        return Ageing(self.as_of, {name: self.fen[name] + other.fen[name] for name in BUCKETS})


def days_overdue(due: date, as_of: date) -> int:
    """Calendar days past the due date; 0 up to and on that day."""
    return max(0, (as_of - due).days)


def bucket_of(due: date, as_of: date) -> str:
    """The bucket of an item due on this day: day 1 and day 30 overdue share the first one."""
    days = days_overdue(due, as_of)
    return BUCKETS[sum(days > last for last in _LAST_DAYS)]


def age(items: Iterable[tuple[object, date, int]], as_of: date) -> Ageing:
    """Spread (reference, due date, open fen) over the buckets as the ledger stood on that day.

    Credit notes and receipts that are not matched yet are items with a negative amount; hand
    them in with the date from which they may be used, so that the total stays the balance.
    """
    fen = dict.fromkeys(BUCKETS, 0)
    for _, due, open_fen in items:
        fen[bucket_of(due, as_of)] += open_fen
    return Ageing(as_of, fen)

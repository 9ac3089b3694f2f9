"""Promises to pay: open, kept or broken, by the money that came in by the promised day.

Money keeps one promise only: the one that is due first takes what came since it was made.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

OPEN: Final = "awaited"
KEPT: Final = "kept"
BROKEN: Final = "broken"


@dataclass(frozen=True)
class Pledge:
    """An amount promised for a day; `made_at` tells same-day money before from money after."""

    ref: Hashable
    amount_fen: int
    made_on: date
    made_at: datetime
    due_on: date


@dataclass(frozen=True)
class Money:
    """Money that counts: not parked, not reversed."""

    on: date
    booked_at: datetime
    fen: int


@dataclass(frozen=True)
class Standing:
    """What became of a promise by a day; `missing_fen` is what was not there in time."""

    state: str
    received_fen: int
    missing_fen: int


def standings(
    pledges: Iterable[Pledge], money: Iterable[Money], on: date
) -> dict[Hashable, Standing]:
    """The standing of each promise at the end of the day, of one debtor in one currency.

    A promise is kept as soon as its amount is there, open up to and on its day, broken after it.
    """
    came = sorted((m for m in money if m.on <= on), key=lambda m: (m.on, m.booked_at))
    left = [one.fen for one in came]
    found: dict[Hashable, Standing] = {}
    for pledge in sorted(pledges, key=lambda p: (p.due_on, p.made_at)):
        missing = pledge.amount_fen
        for place, one in enumerate(came):
            if missing and _counts(pledge, one):
                used = min(missing, left[place])
                left[place] -= used
                missing -= used
        state = KEPT if not missing else (BROKEN if pledge.due_on < on else OPEN)
        found[pledge.ref] = Standing(state, pledge.amount_fen - missing, missing)
    return found


def _counts(pledge: Pledge, money: Money) -> bool:
    """Whether the money came after the word was given and by its day."""
    if money.on > pledge.due_on or money.on < pledge.made_on:
        return False
    return money.on > pledge.made_on or money.booked_at >= pledge.made_at

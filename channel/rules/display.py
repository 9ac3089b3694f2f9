"""Displays and POP: the score of an outlet against its standard, and what stands in a month.

Pure. A score is judged on whole faces, not on the printed percentage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.values.money import divide_half_up
from contracts.values.periods import Period
from contracts.values.rates import EXACT


@dataclass(frozen=True)
class Item:
    """One thing that has to be shown: faces asked for and faces found."""

    name: str
    required: int
    found: int

    @property
    def missing(self) -> int:
        """Faces short; more than asked for makes nothing up elsewhere."""
        return max(self.required - self.found, 0)


@dataclass(frozen=True)
class Score:
    """Faces required and found, the share to one decimal, whether it passes, what is missing."""

    required: int
    found: int
    percent: Decimal
    is_passed: bool
    missing: tuple[Item, ...]


def score(items: Sequence[Item], pass_percent: int) -> Score:
    """The score of one look; exactly the pass mark passes. ValueError where nothing is asked."""
    required = sum(item.required for item in items)
    if required < 1 or any(item.required < 0 or item.found < 0 for item in items):
        raise ValueError("a standard asks for at least one face, and no number is negative")
    found = sum(min(item.found, item.required) for item in items)
    tenths = divide_half_up(found * 1000, required)
    return Score(
        required,
        found,
        EXACT.scaleb(Decimal(tenths), -1),
        found * 100 >= pass_percent * required,
        tuple(item for item in items if item.missing),
    )


def month_condition(last_looks: Mapping[int, bool]) -> bool | None:
    """The condition «display» of a month: the last look at each outlet passed.

    None where nobody looked: what was not checked proves nothing, and pays nothing.
    """
    return all(last_looks.values()) if last_looks else None


@dataclass(frozen=True)
class Placement:
    """Material that stood from a day; `removed_on` is the first day on which it did not."""

    placed_on: date
    removed_on: date | None


def started_in(placements: Sequence[Placement], month: Period) -> int:
    return sum(month.contains(p.placed_on) for p in placements)


def standing_at_end(placements: Sequence[Placement], month: Period) -> int:
    """How many stood on the last day of the month."""
    last = month.last_day
    return sum(
        p.placed_on <= last and (p.removed_on is None or p.removed_on > last) for p in placements
    )

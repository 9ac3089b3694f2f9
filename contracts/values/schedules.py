"""Whatever a contract can change is kept as dated versions, and asked for by day.

A version holds from its first day until the day before `valid_to`; none means no end is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from contracts.values.periods import Period, merge

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value with the days on which it holds; `valid_to` is the first day on which it does not.

    ValueError when the end is not after the start.
    """

    value: T
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"must end after it starts: {self.valid_from} .. {self.valid_to}")

    def holds(self, on: date) -> bool:
        """Whether the value holds on this day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)

    def within(self, period: Period) -> Period | None:
        """The days of the period on which the value holds."""
        end = period.end if self.valid_to is None else min(self.valid_to, period.end)
        start = max(self.valid_from, period.start)
        return Period(start, end) if start < end else None


class Coverage(NamedTuple):
    """The days of a span that no version covers, and those that more than one covers."""

    gaps: tuple[Period, ...]
    overlaps: tuple[Period, ...]


def in_force(items: Iterable[Dated[T]], on: date) -> Dated[T] | None:
    """The version that holds on this day; of several the one that started last.

    Of several that started on the same day the one given last, as it was recorded later.
    """
    found: Dated[T] | None = None
    for item in items:
        if item.holds(on) and (found is None or item.valid_from >= found.valid_from):
            found = item
    return found


def gaps_and_overlaps(items: Iterable[Dated[T]], within: Period) -> Coverage:
    """Where the versions leave days of the span uncovered, and where they cover days twice."""
    spans = sorted(span for item in items if (span := item.within(within)) is not None)
    gaps: list[Period] = []
    overlaps: list[Period] = []
    covered_to = within.start
    for span in spans:
        if span.start > covered_to:
            gaps.append(Period(covered_to, span.start))
        elif span.start < covered_to:
            overlaps.append(Period(span.start, min(span.end, covered_to)))
        covered_to = max(covered_to, span.end)
    if covered_to < within.end:
        gaps.append(Period(covered_to, within.end))
    return Coverage(tuple(gaps), merge(overlaps))

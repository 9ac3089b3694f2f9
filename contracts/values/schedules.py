"""Whatever a contract can change is kept as dated versions, and asked for by day.

A version holds from its first day until the day before `valid_to`; none means no end is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

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


def in_force(items: Iterable[Dated[T]], on: date) -> Dated[T] | None:
    """The version that holds on this day; of several the one that started last.

    Of several that started on the same day the one given last, as it was recorded later.
    """
    found: Dated[T] | None = None
    for item in items:
        if item.holds(on) and (found is None or item.valid_from >= found.valid_from):
            found = item
    return found

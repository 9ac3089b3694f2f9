"""Stretches of days, half-open: the start belongs to the period, the end does not.

Calendar months, quarters, halves and years have short labels that can be read back; the
fiscal year is the calendar year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

PeriodKind = Literal["month", "quarter", "half", "year"]

_MONTHS: dict[PeriodKind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_LABEL = re.compile(r"(\d{4})(?:-(\d{2})|Q([1-4])|H([12]))?", re.ASCII)
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from start up to, and without, end. ValueError unless start < end."""

    start: date
    end: date

    def __post_init__(self) -> None:
        for day in (self.start, self.end):
            if not isinstance(day, date) or isinstance(day, datetime):
                raise TypeError(f"a period is bounded by dates, not {day!r}")
        if self.start >= self.end:
            raise ValueError(f"a period must end after it starts: {self.start} .. {self.end}")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """The calendar month, 1 to 12."""
        return _calendar(year, month, "month")

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """The calendar quarter, 1 to 4."""
        return _calendar(year, quarter, "quarter")

    @classmethod
    def half(cls, year: int, half: int) -> Period:
        """The half-year, 1 or 2."""
        return _calendar(year, half, "half")

    @classmethod
    def year(cls, year: int) -> Period:
        """The calendar year."""
        return _calendar(year, 1, "year")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read «2026-10», «2026Q3», «2026H1», «2026» or «2026-01-05..2026-02-03» (inclusive)."""
        span = _SPAN.fullmatch(text)
        if span:
            first, last = (date.fromisoformat(part) for part in span.groups())
            return cls(first, last + _ONE_DAY)
        label = _LABEL.fullmatch(text)
        if not label:
            raise ValueError(f"not a period: {text!r}")
        year, month, quarter, half = label.groups()
        if month:
            return cls.month(int(year), int(month))
        if quarter:
            return cls.quarter(int(year), int(quarter))
        return cls.half(int(year), int(half)) if half else cls.year(int(year))

    @classmethod
    def containing(cls, day: date, kind: PeriodKind) -> Period:
        """The calendar period of this kind in which the day lies."""
        return containing(day, kind)

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - _ONE_DAY

    @property
    def kind(self) -> PeriodKind | None:
        """Which whole calendar period this is, if any."""
        for kind in _MONTHS:
            if self == containing(self.start, kind):
                return kind
        return None

    @property
    def label(self) -> str:
        """The shortest text from which parse() makes this period again."""
        kind, year = self.kind, f"{self.start.year:04}"
        if kind is None:
            return f"{self.start}..{self.last_day}"
        if kind == "year":
            return year
        if kind == "month":
            return f"{year}-{self.start.month:02}"
        number = (self.start.month - 1) // _MONTHS[kind] + 1
        return f"{year}{'Q' if kind == 'quarter' else 'H'}{number}"

    def contains(self, day: date) -> bool:
        """Whether the day belongs to the period."""
        return self.start <= day < self.end

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day; periods that only touch do not."""
        return self.start < other.end and other.start < self.end

    def intersection(self, other: Period) -> Period | None:
        """The days that belong to both."""
        if not self.overlaps(other):
            return None
        return Period(max(self.start, other.start), min(self.end, other.end))

    def split(self, kind: PeriodKind) -> tuple[Period, ...]:
        """The period cut at every calendar bound of this kind; the pieces merge to the whole."""
        pieces = []
        start = self.start
        while start < self.end:
            end = min(containing(start, kind).end, self.end)
            pieces.append(Period(start, end))
            start = end
        return tuple(pieces)

    def __str__(self) -> str:
        return self.label


def containing(day: date, kind: PeriodKind) -> Period:
    """The calendar period of this kind in which the day lies."""
    return _calendar(day.year, (day.month - 1) // _MONTHS[kind] + 1, kind)


def preceding(day: date, kind: PeriodKind) -> Period:
    """The calendar period of this kind before the one in which the day lies: the last whole one."""
    return containing(containing(day, kind).start - _ONE_DAY, kind)


def merge(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same days as the fewest periods, in order; touching and overlapping ones are joined."""
    merged: list[Period] = []
    for period in sorted(periods):
        if merged and period.start <= merged[-1].end:
            last = merged.pop()
            period = Period(last.start, max(last.end, period.end))
        merged.append(period)
    return tuple(merged)


def _calendar(year: int, number: int, kind: PeriodKind) -> Period:
    """The so-manieth period of its kind in the year, counted from 1."""
    length = _MONTHS[kind]
    if not 1 <= number <= 12 // length:
        raise ValueError(f"a year has no {kind} {number}")
    first = (number - 1) * length
    following = first + length
    end = date(year + 1, 1, 1) if following == 12 else date(year, following + 1, 1)
    return Period(date(year, first + 1, 1), end)

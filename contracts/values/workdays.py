"""Which days are worked, by the year tables of the State Council, and how dates roll.

A year whose notice is not out yet is a forecast: Monday to Friday are worked and nothing raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from contracts.values.periods import Period

Roll = Literal["none", "next", "previous"]

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """Days that differ from the Monday-to-Friday week, and the years settled by notice.

    `exceptions` maps a day to whether it is worked: False for a holiday on a weekday, True for
    a make-up weekend day (调休).
    """

    exceptions: Mapping[date, bool]
    official_years: frozenset[int]

    def __post_init__(self) -> None:
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    def is_working(self, day: date) -> bool:
        """Whether the day is worked."""
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def is_forecast(self, day: date) -> bool:
        """Whether the answer for this day may still change (no official notice for its year)."""
        return day.year not in self.official_years

    def roll(self, day: date, rule: Roll) -> date:
        """The day itself if worked or if the rule is none, else the next or previous worked."""
        if rule not in ("none", "next", "previous"):
            raise ValueError(f"not a rolling rule: {rule!r}")
        if rule == "none":
            return day
        step = _ONE_DAY if rule == "next" else -_ONE_DAY
        while not self.is_working(day):
            day += step
        return day

    def nth_working_day(self, year: int, month: int, n: int) -> date:
        """The n-th worked day of the month, from 1. ValueError if the month has fewer."""
        period = Period.month(year, month)
        if n < 1:
            raise ValueError(f"working days are counted from 1, not {n}")
        day = self.add(period.start - _ONE_DAY, n)
        if not period.contains(day):
            raise ValueError(f"{period.label} has no working day {n}")
        return day

    def add(self, day: date, n_working_days: int) -> date:
        """The so-manieth worked day after the day, before it when negative; 0 gives the day."""
        step = _ONE_DAY if n_working_days > 0 else -_ONE_DAY
        left = abs(n_working_days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """How many days are worked after the first day and up to the second, which counts.

        Negative when the second day is the earlier one.
        """
        if until < after:
            return -self.working_days_between(until, after)
        days = (until - after).days
        return sum(self.is_working(after + timedelta(days=n)) for n in range(1, days + 1))

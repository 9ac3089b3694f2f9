"""The year 2026 as the State Council gave notice of it, for tests that count days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from contracts.values.workdays import WorkCalendar

_OFF = [
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
]
_MADE_UP = [
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


CALENDAR = WorkCalendar(
    {day: False for span in _OFF for day in _days(*span)} | dict.fromkeys(_MADE_UP, True),
    frozenset({2026}),
)

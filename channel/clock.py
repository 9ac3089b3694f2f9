"""The one clock: the instant in UTC and the date in China.

Everything that asks for «now» asks here, so that tests and the demo world can set the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Contracts are judged by the calendar of China; it has had no summer time since 1991.
ZONE = ZoneInfo("Asia/Shanghai")

_set: ContextVar[datetime | None] = ContextVar("weir_clock", default=None)


def now() -> datetime:
    """The aware instant, in UTC."""
    return _set.get() or datetime.now(UTC)


def today() -> date:
    """The date in China at this instant."""
    return date_of(now())


def date_of(instant: datetime) -> date:
    """The date in China of an aware instant."""
    return instant.astimezone(ZONE).date()


def instant_of(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """The UTC instant at which clocks in China show that day and time."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
    return local.astimezone(UTC)


@contextmanager
def at(instant: datetime | date) -> Iterator[None]:
    """Set the clock; a date means nine in the morning in China."""
    if not isinstance(instant, datetime):
        instant = instant_of(instant)
    token = _set.set(instant)
    try:
        yield
    finally:
        _set.reset(token)

"""Closed months: what may still be posted, which month can be closed, which can be reopened.

A day before `open_from` is locked; None is a house that never closed a month.
"""

from __future__ import annotations

from datetime import date

from contracts.values.findings import Finding, block
from contracts.values.periods import Period, containing, preceding


def check_open(days: list[date], open_from: date | None) -> list[Finding]:
    """Refuse to post on a locked day: `closing.locked`, once, for the earliest of the days."""
    locked = [day for day in days if open_from is not None and day < open_from]
    if not locked or open_from is None:
        return []
    return [block("closing.locked", on=min(locked), open=open_from)]


def check_close(month: Period, open_from: date | None, today: date) -> list[Finding]:
    """A month is closed once, and only when it is over."""
    if month.kind != "month":
        return [block("closing.no_month", period=month.label)]
    if month.end > today:
        return [block("closing.not_over", month=month.label, end=month.last_day)]
    if open_from is not None and month.end <= open_from:
        return [block("closing.closed", month=month.label)]
    return []


def check_reopen(month: Period, open_from: date | None) -> list[Finding]:
    """Only a closed month is reopened; it takes all later ones with it."""
    if month.kind != "month":
        return [block("closing.no_month", period=month.label)]
    if open_from is None or month.start >= open_from:
        return [block("closing.open", month=month.label)]
    return []


def to_close(open_from: date | None, today: date) -> Period | None:
    """The next month to be closed: the one after the lock, or else the last whole month."""
    if open_from is None:
        return preceding(today, "month")
    following = containing(open_from, "month")
    return following if following.end <= today else None


def last_closed(open_from: date | None) -> Period | None:
    """The month before the lock."""
    return None if open_from is None else preceding(open_from, "month")

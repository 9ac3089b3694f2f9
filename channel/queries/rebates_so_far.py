"""The facts of a period that is not over: what is counted by a day, beside whole-period bounds.

Baselines, targets and conditions are those of the whole period, so that what is missing to the
next tier is what the statement will ask for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from channel import clock
from channel.queries.rebates_facts import Gathered, Settling, gather
from contracts.values.periods import Period


def until(period: Period, on: date) -> Period:
    """The days of a period up to and including a day; the first day at least."""
    end = min(period.end, max(on, period.start) + timedelta(days=1))
    return Period(period.start, end)


def elapsed(settled: Settling, on: date) -> tuple[int, int]:
    """(days gone by, days in all) of what counts."""
    return until(settled.counted, on).days, settled.counted.days


def gather_until(settled: Settling, on: date, only: int | None = None) -> Gathered:
    """The facts by the end of a day, of everybody or of one distributor.

    Read once where the day is today or later: there is nothing after it. For an earlier day what
    came since is left out, and only that is read twice.
    """
    whole = gather(settled, on, only=only)
    if on >= clock.today() or on >= settled.period.last_day:
        return whole
    so_far = replace(settled, so_far=until(settled.so_far, on), counted=until(settled.counted, on))
    part = gather(so_far, on, more=whole.own.keys(), only=only)
    part.references, part.evidence = whole.references, whole.evidence
    return part

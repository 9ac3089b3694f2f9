"""Goods found elsewhere: what a finding says, and what a pattern of them is worth.

Pure. A single odd scan is noise, a pattern is evidence: the score is the distributor's, not the
scan's. Units that were never scanned are a measured rate and not taken for clean.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from contracts.values.money import round_half_up

#: What a finding can say: only «outside» opens a case.
VERDICTS = ("outside", "home", "allowed", "no_contract", "unknown")
#: A pattern is looked for in so many days.
WINDOW_DAYS = 365
PER_SCAN, PER_PLACE, PER_DAY = 15, 10, 10
NOISE, WATCH, PATTERN = "noise", "watch", "pattern"
#: From this score on it is a pattern.
PATTERN_FROM = 50


def score(found: Collection[tuple[str, date]]) -> int:
    """0 to 100 from (prefecture, day) of each finding outside.

    One finding scores 0. Each further one adds 15, each further prefecture and each further day
    10: ten cases found in one shop on one day weigh less than the same in three towns.
    """
    if len(found) < 2:
        return 0
    places = len({place for place, _day in found})
    days = len({day for _place, day in found})
    points = PER_SCAN * (len(found) - 1) + PER_PLACE * (places - 1) + PER_DAY * (days - 1)
    return min(100, points)


def weight(points: int) -> str:
    """noise, watch or pattern."""
    if points <= 0:
        return NOISE
    return PATTERN if points >= PATTERN_FROM else WATCH


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent to one decimal, half up; None where there is nothing to share."""
    return round_half_up(Decimal(part * 100) / whole, 1) if whole else None

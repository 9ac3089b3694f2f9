"""The risk score of a distributor: signals times printed steps, each with its most.

The mosts sum to 100, so that the parts add up to the score and nothing is cut off afterwards;
all figures are whole tenths of a point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

#: From so many tenths on a distributor is watched, and from so many its risk is high.
WATCHED_E1: Final = 150
HIGH_E1: Final = 400

#: What an over-drawn account without any limit counts as.
NO_LIMIT_PERCENT: Final = 1000


@dataclass(frozen=True)
class Rule:
    """+`step_e1` tenths for every whole `per` of the signal, at most `most_e1` tenths."""

    signal: str
    #: days | fen | percent | count
    unit: str
    per: int
    step_e1: int
    most_e1: int

    def tenths(self, value: int) -> int:
        """What the value of the signal adds to the score."""
        return min(max(0, value) // self.per * self.step_e1, self.most_e1)


#: In the order in which they are printed: B, then C and A, then F.
RULES: Final = (
    Rule("overdue_days", "days", 1, 5, 300),
    Rule("overdue_amount", "fen", 1_000_000, 10, 100),
    Rule("over_limit", "percent", 1, 5, 100),
    Rule("broken_promises", "count", 1, 30, 60),
    Rule("stopped_orders", "count", 1, 10, 40),
    Rule("breaches", "count", 1, 40, 80),
    Rule("open_incidents", "count", 1, 20, 80),
    Rule("upheld_incidents", "count", 1, 30, 60),
    Rule("price_incidents", "count", 1, 20, 60),
    Rule("late_reports", "count", 1, 10, 40),
    Rule("hidden_outflow", "count", 1, 20, 60),
    Rule("stock_alerts", "count", 1, 5, 20),
)


@dataclass(frozen=True)
class Step:
    """What one signal added; `value` is None where nothing is recorded yet."""

    signal: str
    value: int | None
    unit: str
    per: int
    step_e1: int
    most_e1: int
    e1: int

    @property
    def is_at_most(self) -> bool:
        """Whether more of the signal would no longer move the score."""
        return self.e1 == self.most_e1


def assess(signals: Mapping[str, int | None]) -> tuple[Step, ...]:
    """The steps of the signals in the printed order; what is not named is not recorded.

    Raises ValueError for a signal that no rule knows.
    """
    if unknown := set(signals) - {rule.signal for rule in RULES}:
        raise ValueError(f"no rule for the signals {sorted(unknown)}")
    return tuple(_step(rule, signals.get(rule.signal)) for rule in RULES)


def _step(rule: Rule, value: int | None) -> Step:
    tenths = 0 if value is None else rule.tenths(value)
    return Step(rule.signal, value, rule.unit, rule.per, rule.step_e1, rule.most_e1, tenths)


def total(steps: Sequence[Step]) -> int:
    """The score in tenths of a point, 0 to 1,000."""
    return sum(step.e1 for step in steps)


def level(e1: int) -> str:
    """low, watched or high."""
    if e1 >= HIGH_E1:
        return "high"
    return "watched" if e1 >= WATCHED_E1 else "low"


def over_percent(used_fen: int, limit_fen: int | None) -> int:
    """By how many per cent, each begun one counting, the use exceeds the limit; None: unlimited."""
    if limit_fen is None or used_fen <= limit_fen:
        return 0
    if limit_fen <= 0:
        return NO_LIMIT_PERCENT
    return min(-((limit_fen - used_fen) * 100 // limit_fen), NO_LIMIT_PERCENT)


def moved(old: Sequence[Step], new: Sequence[Step]) -> tuple[tuple[Step | None, Step], ...]:
    """(step before, step now) where the value or the tenths differ."""
    before = {step.signal: step for step in old}
    pairs = ((before.get(step.signal), step) for step in new)
    return tuple(
        (was, now)
        for was, now in pairs
        if was is None or (was.value, was.e1) != (now.value, now.e1)
    )


def to_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The steps as JSON."""
    return [
        {
            "signal": step.signal,
            "value": step.value,
            "unit": step.unit,
            "per": step.per,
            "step_e1": step.step_e1,
            "most_e1": step.most_e1,
            "e1": step.e1,
        }
        for step in steps
    ]


def from_json(data: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps again."""
    return tuple(Step(**row) for row in data)

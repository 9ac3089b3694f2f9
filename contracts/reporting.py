"""What an agreement says of inventory reports: tolerances, days on the road, weights of the score.

Quantities are base units, rates basis points. What an agreement leaves out is the house's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: The parts of the data-quality score in the order in which they are printed.
PARTS = (
    "on_time",
    "complete",
    "arithmetic",
    "continuity",
    "reconciliation",
    "mapped",
    "batch",
    "unrestated",
)

#: The house's weights; whatever the weights are, their sum is the full score.
WEIGHTS: Mapping[str, int] = {
    "on_time": 20,
    "complete": 15,
    "arithmetic": 15,
    "continuity": 15,
    "reconciliation": 15,
    "mapped": 5,
    "batch": 10,
    "unrestated": 5,
}


@dataclass(frozen=True)
class Tolerance:
    """The larger of an absolute and a relative threshold: `units`, or `bp` of what is expected."""

    units: int = 0
    bp: int = 0

    def __post_init__(self) -> None:
        if self.units < 0 or not 0 <= self.bp <= 10_000:
            raise ValueError(f"not a tolerance: {self}")

    def of(self, expected: int) -> int:
        """Whole units by which a figure may differ from `expected`; parts of a unit are cut off."""
        return max(self.units, abs(expected) * self.bp // 10_000)


@dataclass(frozen=True)
class Reporting:
    """`soft`: differences within it pass; beyond it the line says why.

    `hard`: differences beyond it wait for the channel manager even with a reason.
    """

    soft: Tolerance = Tolerance(1, 50)
    hard: Tolerance = Tolerance(50, 2_000)
    transit_days: int = 5
    weights: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))

    def __post_init__(self) -> None:
        whole = set(self.weights) == set(PARTS) and all(w >= 0 for w in self.weights.values())
        if not whole or not any(self.weights.values()) or not 0 <= self.transit_days <= 90:
            raise ValueError(f"not a clause on reports: {self}")

    @property
    def full(self) -> int:
        """The score of a report without fault."""
        return sum(self.weights.values())


def to_json(clause: Reporting) -> dict[str, Any]:
    """Plain data."""
    return {
        "soft": [clause.soft.units, clause.soft.bp],
        "hard": [clause.hard.units, clause.hard.bp],
        "transit_days": clause.transit_days,
        "weights": {part: clause.weights[part] for part in PARTS},
    }


def from_json(data: Mapping[str, Any] | None) -> Reporting:
    """The inverse of `to_json`; nothing stored is the house's clause."""
    house = Reporting()
    if not data:
        return house
    return Reporting(
        soft=Tolerance(*data.get("soft", (house.soft.units, house.soft.bp))),
        hard=Tolerance(*data.get("hard", (house.hard.units, house.hard.bp))),
        transit_days=data.get("transit_days", house.transit_days),
        weights={**WEIGHTS, **data.get("weights", {})},
    )

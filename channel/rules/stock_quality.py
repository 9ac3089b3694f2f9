"""The data-quality score of a report: eight shares, each worth its weight, in whole points.

Points of a part are its weight times what is good over what was looked at, cut to a whole point,
so that any fault costs; the parts add up to the score. What could not be looked at costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.reporting import PARTS


@dataclass(frozen=True, slots=True)
class Measure:
    """Of one part: how many were looked at, and the faults with what names them.

    `faults` are the rows of the report by number, or product codes where no row is at fault.
    `note` says why nothing was looked at.
    """

    total: int
    faults: tuple[int | str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.faults) > self.total:
            raise ValueError(f"more faults than things looked at: {self}")


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the score: `points` of `weight`, because `good` of `total` are in order."""

    name: str
    weight: int
    good: int
    total: int
    points: int
    faults: tuple[int | str, ...] = ()
    note: str = ""

    @property
    def lost(self) -> int:
        return self.weight - self.points

    @property
    def rows(self) -> tuple[int, ...]:
        """The faults that are rows of the report."""
        return tuple(f for f in self.faults if isinstance(f, int))


@dataclass(frozen=True, slots=True)
class Score:
    """The parts in their printed order."""

    parts: tuple[Part, ...] = field(default_factory=tuple)

    @property
    def points(self) -> int:
        """The sum of the parts, nothing else."""
        return sum(part.points for part in self.parts)

    @property
    def full(self) -> int:
        return sum(part.weight for part in self.parts)


def score(measures: Mapping[str, Measure], weights: Mapping[str, int]) -> Score:
    """The score; a part that nobody measured is taken as not looked at.

    Raises ValueError for a part that is none of `PARTS`.
    """
    if unknown := set(measures) - set(PARTS):
        raise ValueError(f"not parts of the score: {sorted(unknown)}")
    return Score(tuple(_part(name, weights[name], measures.get(name)) for name in PARTS))


def _part(name: str, weight: int, measure: Measure | None) -> Part:
    if measure is None or measure.total == 0:
        return Part(name, weight, 0, 0, weight, note=measure.note if measure else "")
    good = measure.total - len(measure.faults)
    points = weight * good // measure.total
    return Part(name, weight, good, measure.total, points, measure.faults, measure.note)


def to_json(found: Score) -> list[dict[str, Any]]:
    """The parts as plain data."""
    return [
        {
            "name": p.name,
            "weight": p.weight,
            "good": p.good,
            "total": p.total,
            "points": p.points,
            "faults": list(p.faults),
            "note": p.note,
        }
        for p in found.parts
    ]


def from_json(data: Sequence[Mapping[str, Any]]) -> Score:
    """The inverse of `to_json`."""
    return Score(tuple(Part(**{**part, "faults": tuple(part["faults"])}) for part in data))

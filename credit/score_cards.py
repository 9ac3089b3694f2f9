"""Score cards as data: the card that a house begins with, what makes a card sound, and JSON.

A sound card has bands without gaps or overlaps from nothing to infinity, points that follow the
factor's direction, weights that sum to 100 and a grade for every score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from contracts.values.findings import Fact, Finding, block
from contracts.values.money import Money
from credit.scoring import FACTORS, Band, Card, Grade, Scale

WHOLE: Final = 100


def _bands(*steps: tuple[int | str, int]) -> tuple[Band, ...]:
    """(from, points) pairs as bands, each up to the next."""
    lowers = [Decimal(lower) for lower, _points in steps]
    uppers: list[Decimal | None] = [*lowers[1:], None]
    return tuple(
        Band(lower, upper, points)
        for lower, upper, (_lower, points) in zip(lowers, uppers, steps, strict=True)
    )


_YUAN: Final = 100

#: The card that the product brings: version 0, until a house approves its own.
FIRST_CARD: Final = Card(
    scales=(
        Scale("days_late", 20, _bands((0, 100), ("0.1", 80), (5, 60), (15, 30), (30, 0)), 50),
        Scale("overdue_count", 10, _bands((0, 100), (1, 60), (3, 20), (6, 0))),
        Scale(
            "overdue_amount",
            15,
            _bands((0, 100), (1, 70), (10_000 * _YUAN, 40), (50_000 * _YUAN, 10),
                   (200_000 * _YUAN, 0)),
        ),
        Scale(
            "turnover",
            15,
            _bands((0, 0), (100_000 * _YUAN, 30), (500_000 * _YUAN, 60), (1_500_000 * _YUAN, 80),
                   (5_000_000 * _YUAN, 100)),
        ),
        Scale("months", 10, _bands((0, 20), (6, 50), (12, 70), (36, 100)), 20),
        Scale("violations", 10, _bands((0, 100), (1, 50), (2, 20), (3, 0))),
        Scale(
            "security",
            10,
            _bands((0, 0), (10_000 * _YUAN, 40), (50_000 * _YUAN, 70), (200_000 * _YUAN, 100)),
        ),
        Scale("broken_promises", 5, _bands((0, 100), (1, 50), (2, 0)), 100),
        Scale("late_reports", 5, _bands((0, 100), (1, 60), (3, 20), (6, 0)), 100),
    ),
    grades=(
        Grade("A", 85, 100, 60),
        Grade("B", 70, 80, 45),
        Grade("C", 50, 50, 30),
        Grade("D", 0, 0, 0),
    ),
)  # fmt: skip


def validate(card: Card) -> list[Finding]:
    """All that keeps the card from being used."""
    found = [finding for scale in card.scales for finding in _check_scale(scale)]
    missing = [name for name in FACTORS if name not in {s.factor for s in card.scales}]
    found += [block("score.factor_missing", name, factor=name) for name in missing]
    if (weights := sum(scale.weight for scale in card.scales)) != WHOLE:
        found.append(block("score.weights", total=weights))
    found += _check_grades(card.grades)
    if card.limit_step_fen <= 0:
        found.append(block("score.step"))
    return found


def _figure(factor: str, figure: Decimal) -> Fact:
    """A bound as people read it: money as money."""
    return Money.from_fen(int(figure)) if FACTORS[factor][0] == "fen" else figure


def _check_scale(scale: Scale) -> list[Finding]:
    name, bands = scale.factor, scale.bands
    if not bands:
        return [block("score.no_bands", name, factor=name)]
    found = []
    if not 0 <= scale.weight <= WHOLE:
        found.append(block("score.weight", name, factor=name))
    if any(not 0 <= points <= WHOLE for points in (scale.unknown, *(b.points for b in bands))):
        found.append(block("score.points", name, factor=name))
    if bands[0].lower != 0:
        found.append(
            block("score.band_start", name, factor=name, start=_figure(name, bands[0].lower))
        )
    if bands[-1].upper is not None:
        found.append(block("score.band_end", name, factor=name, end=_figure(name, bands[-1].upper)))
    found += [f for a, b in pairwise(bands) for f in _check_pair(name, a, b)]
    if any(band.upper is not None and band.upper <= band.lower for band in bands):
        found.append(block("score.band_empty", name, factor=name))
    return found


def _check_pair(name: str, before: Band, after: Band) -> list[Finding]:
    """Two bands that follow each other: they meet, and their points go the right way."""
    found = []
    facts: dict[str, Fact] = {"factor": name, "start": _figure(name, after.lower)}
    if before.upper is None:
        found.append(block("score.band_overlap", name, **facts))
    elif before.upper != after.lower:
        facts["end"] = _figure(name, before.upper)
        code = "score.band_gap" if before.upper < after.lower else "score.band_overlap"
        found.append(block(code, name, **facts))
    rises = after.points >= before.points
    falls = after.points <= before.points
    if not (rises if FACTORS[name][1] else falls):
        found.append(block("score.direction", name, factor=name, start=facts["start"]))
    return found


def _check_grades(grades: Sequence[Grade]) -> list[Finding]:
    found = []
    if not any(grade.lowest == 0 for grade in grades):
        found.append(block("score.grade_floor"))
    for what in ("code", "lowest"):
        values = [getattr(grade, what) for grade in grades]
        twice = sorted({str(value) for value in values if values.count(value) > 1})
        found += [block("score.grade_twice", value, value=value) for value in twice]
    for grade in grades:
        if not grade.code or not 0 <= grade.lowest <= WHOLE:
            found.append(block("score.grade_bound", grade.code, grade=grade.code or "?"))
        if grade.share_percent < 0 or grade.term_days < 0:
            found.append(block("score.grade_gives", grade.code, grade=grade.code or "?"))
    return found


def to_json(card: Card) -> dict[str, Any]:
    """The card as JSON; bounds as text."""
    return {
        "scales": [
            {
                "factor": scale.factor,
                "weight": scale.weight,
                "unknown": scale.unknown,
                "bands": [
                    [f"{b.lower:f}", None if b.upper is None else f"{b.upper:f}", b.points]
                    for b in scale.bands
                ],
            }
            for scale in card.scales
        ],
        "grades": [
            {
                "code": grade.code,
                "lowest": grade.lowest,
                "share_percent": grade.share_percent,
                "term_days": grade.term_days,
            }
            for grade in card.grades
        ],
        "limit_step_fen": card.limit_step_fen,
    }


def from_json(data: Mapping[str, Any]) -> Card:
    """The card again; raises ValueError for a factor that nobody knows."""
    scales = tuple(
        Scale(
            row["factor"],
            int(row["weight"]),
            tuple(
                Band(Decimal(lower), None if upper is None else Decimal(upper), int(points))
                for lower, upper, points in row["bands"]
            ),
            int(row.get("unknown", 0)),
        )
        for row in data["scales"]
    )
    grades = tuple(Grade(**row) for row in data["grades"])
    return Card(scales, grades, int(data.get("limit_step_fen", 100_000)))

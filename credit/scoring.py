"""The credit score card: weighted factors, bands from a figure to points, grades from points.

A band holds its lower bound and not its upper one. Points are whole (0 to 100) and weights are
whole percents, so that points × weight are whole hundredths of a point and the lines add up to
the score without any rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

#: Factor → (unit of its figure, whether more of it is better). Relationship warmth is none.
FACTORS: Final[Mapping[str, tuple[str, bool]]] = MappingProxyType(
    {
        "days_late": ("days", False),
        "overdue_count": ("count", False),
        "overdue_amount": ("fen", False),
        "turnover": ("fen", True),
        "months": ("months", True),
        "violations": ("count", False),
        "security": ("fen", True),
        "broken_promises": ("count", False),
        "late_reports": ("count", False),
    }
)

#: What a season may add to the suggested limit, in percent of it.
SEASON_PERCENT: Final = 50


@dataclass(frozen=True)
class Band:
    """Figures from `lower` up to, but not including, `upper` (None: and more) give `points`."""

    lower: Decimal
    upper: Decimal | None
    points: int

    def holds(self, figure: Decimal) -> bool:
        """Whether the figure lies in the band."""
        return self.lower <= figure and (self.upper is None or figure < self.upper)


@dataclass(frozen=True)
class Scale:
    """A factor's weight in percent of the score and its bands; `unknown` points without a figure.

    Raises ValueError for a factor that the card does not know.
    """

    factor: str
    weight: int
    bands: tuple[Band, ...]
    unknown: int = 0

    def __post_init__(self) -> None:
        if self.factor not in FACTORS:
            raise ValueError(f"no factor of the score card: {self.factor!r}")


@dataclass(frozen=True)
class Grade:
    """A grade from its lowest score on, with the share of a month's sales that it may owe."""

    code: str
    lowest: int
    share_percent: int
    term_days: int


@dataclass(frozen=True)
class Card:
    """A whole score card; suggested limits are rounded down to `limit_step_fen`."""

    scales: tuple[Scale, ...]
    grades: tuple[Grade, ...]
    limit_step_fen: int = 100_000


@dataclass(frozen=True)
class Line:
    """One factor of a score. `figure` is None where nothing is known; then no band was hit."""

    factor: str
    figure: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    points: int
    weight: int

    @property
    def e2(self) -> int:
        """What the line adds to the score, in hundredths of a point."""
        return self.points * self.weight


@dataclass(frozen=True)
class Scored:
    """The lines in the order of the card; their sum is the score."""

    lines: tuple[Line, ...]
    grade: Grade

    @property
    def e2(self) -> int:
        """The score in hundredths of a point, 0 to 10,000."""
        return total(self.lines)


@dataclass(frozen=True)
class Move:
    """A line that differs between two scores; `e2` is what it moved the score by."""

    factor: str
    old: Line | None
    new: Line | None

    @property
    def e2(self) -> int:
        """The difference in hundredths of a point."""
        return (self.new.e2 if self.new else 0) - (self.old.e2 if self.old else 0)


@dataclass(frozen=True)
class Suggestion:
    """A limit of `share_percent` of a month's average sales, rounded down to the step."""

    sales_fen: int
    average_fen: int
    share_percent: int
    step_fen: int
    limit_fen: int
    #: What a season may bring on top, rounded down to the step, too.
    season_fen: int


def total(lines: Sequence[Line]) -> int:
    """The score of the lines in hundredths of a point."""
    return sum(line.e2 for line in lines)


def score(card: Card, figures: Mapping[str, Decimal | None]) -> Scored:
    """Score the figures; a factor that is missing among them, or None, is not known.

    Raises ValueError where a sound card could not give an answer: no band, no grade.
    """
    lines = tuple(_line(scale, figures.get(scale.factor)) for scale in card.scales)
    return Scored(lines, grade_of(card, total(lines)))


def _line(scale: Scale, figure: Decimal | None) -> Line:
    if figure is None:
        return Line(scale.factor, None, None, None, scale.unknown, scale.weight)
    # Less than nothing (sales after returns, a balance) counts as nothing.
    figure = max(figure, Decimal(0))
    band = next((band for band in scale.bands if band.holds(figure)), None)
    if band is None:
        raise ValueError(f"no band of {scale.factor} holds {figure}")
    return Line(scale.factor, figure, band.lower, band.upper, band.points, scale.weight)


def grade_of(card: Card, e2: int) -> Grade:
    """The best grade whose lowest score is reached; the bound itself is enough."""
    reached = [grade for grade in card.grades if grade.lowest * 100 <= e2]
    if not reached:
        raise ValueError(f"no grade for a score of {e2} hundredths")
    return max(reached, key=lambda grade: grade.lowest)


def explain(old: Sequence[Line], new: Sequence[Line]) -> tuple[Move, ...]:
    """The lines whose figure, points or weight moved, in the order of the card.

    Their `e2` add up to the difference of the two scores.
    """
    before = {line.factor: line for line in old}
    after = {line.factor: line for line in new}
    both = {**after, **before}
    order = [factor for factor in FACTORS if factor in both]
    moves = (Move(factor, before.get(factor), after.get(factor)) for factor in order)
    return tuple(move for move in moves if _moved(move))


def _moved(move: Move) -> bool:
    def said(line: Line | None) -> tuple[object, ...]:
        return (line.figure, line.points, line.weight) if line else ()

    return said(move.old) != said(move.new)


def suggest(grade: Grade, sales_fen: int, step_fen: int) -> Suggestion:
    """The limit that a grade suggests for the sales of the last twelve months, incl. VAT.

    One rounding each: down to the step. Returns that exceed the sales suggest nothing.
    """
    sales = max(0, sales_fen)
    limit = sales * grade.share_percent // (12 * 100) // step_fen * step_fen
    season = limit * SEASON_PERCENT // 100 // step_fen * step_fen
    return Suggestion(sales_fen, sales // 12, grade.share_percent, step_fen, limit, season)


def lines_to_json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines as JSON, figures as text."""
    return [
        {
            "factor": line.factor,
            "figure": _text(line.figure),
            "lower": _text(line.lower),
            "upper": _text(line.upper),
            "points": line.points,
            "weight": line.weight,
        }
        for line in lines
    ]


def lines_from_json(data: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """The lines again; what a later version added has a default."""
    return tuple(
        Line(
            row["factor"],
            _decimal(row.get("figure")),
            _decimal(row.get("lower")),
            _decimal(row.get("upper")),
            int(row["points"]),
            int(row["weight"]),
        )
        for row in data
    )


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure:f}"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)

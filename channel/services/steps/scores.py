"""Credit grades made for a day: set-based, and nothing is written where nothing moved."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.models.scores import CreditGrade
from channel.queries import scores as reads
from channel.queries.scores_facts import Figures, figures
from channel.services.work import Work
from credit.scoring import Card, lines_to_json, score, suggest


@dataclass(frozen=True)
class Outcome:
    """How many scores a day brought: new ones, proposals put right, and days that stand."""

    made: int = 0
    moved: int = 0
    same: int = 0


def graded(card: Card, found: Figures) -> dict[str, Any]:
    """The columns of a grade that follow from the card and the figures."""
    scored = score(card, found.inputs)
    limit = suggest(scored.grade, found.sales_fen, card.limit_step_fen)
    return {
        "score_e2": scored.e2,
        "grade": scored.grade.code,
        "lines": lines_to_json(scored.lines),
        "currency": found.currency,
        "limit_fen": limit.limit_fen,
        "limit_facts": asdict(limit),
        "term_days": scored.grade.term_days,
    }


def make_grades(w: Work, on: date, only: int | None = None) -> Outcome:
    """Score one distributor or all for a day; the same statements for one as for thousands."""
    card_id, version, card = reads.card_on(on)
    found = figures(on, only)
    accepted = reads.newest(on, only, CreditGrade.state == "accepted")
    standing = reads.newest(on, only, CreditGrade.graded_on == on)
    new, moved, same = [], [], 0
    for owner, facts in found.items():
        counted, today = accepted.get(owner), standing.get(owner)
        values = graded(card, facts) | {
            "card_id": card_id,
            "card_version": version,
            "previous_score_e2": counted.score_e2 if counted else None,
            "previous_grade": counted.grade if counted else "",
        }
        if today is not None and _stands(today, values):
            same += 1
        elif today is not None and today.state == "proposed":
            made = {"made_by_id": w.actor.user_id, "made_at": w.now}
            moved.append({"id": today.id, **values, **made})
        else:
            turn = today.turn + 1 if today else 1
            row = {"distributor_id": owner, "graded_on": on, "turn": turn, "state": "proposed"}
            new.append({**row, **values, "made_by_id": w.actor.user_id, "made_at": w.now})
    if new:
        w.session.execute(sa.insert(CreditGrade), new)
    if moved:
        w.session.execute(sa.update(CreditGrade), moved)
    return Outcome(len(new), len(moved), same)


def _stands(grade: CreditGrade, values: dict[str, Any]) -> bool:
    """Whether what was scored already says the same: an accepted one is its own predecessor."""
    names = ["score_e2", "grade", "lines", "limit_fen", "term_days", "card_version"]
    if grade.state == "proposed":
        names += ["previous_score_e2", "previous_grade"]
    return all(getattr(grade, name) == values[name] for name in names)

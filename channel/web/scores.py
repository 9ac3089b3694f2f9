"""Credit grades: the list with its movers, one distributor's score with what moved, acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.scores import FACTOR_WORDS
from channel.models.partners import Distributor
from channel.models.scores import CreditGrade
from channel.queries import audit, credit_limits, partners, scores_facts
from channel.queries import scores as reads
from channel.queries.scope import get_visible
from channel.services import scores as service
from channel.services.steps.scores import graded
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.scores import RunForm
from channel.web.pages import actor, day_asked, flash_refusal, page, see_other, show
from channel.web.scores_tabs import tabs
from credit.scoring import Line, Move, explain, lines_from_json

bp = Blueprint("scores", __name__)

#: Scores whose acts are told at the foot of the page; the audit trail has all.
TRAIL_SHOWN = 4


@dataclass(frozen=True)
class Side:
    """A score as the page sets it beside another one."""

    e2: int
    grade: str
    lines: tuple[Line, ...]
    on: date
    card_version: int
    currency: str
    limit: dict[str, Any]
    limit_fen: int | None
    term_days: int | None

    def line(self, factor: str) -> Line | None:
        return next((line for line in self.lines if line.factor == factor), None)


def side_of(grade: CreditGrade | None) -> Side | None:
    """A stored score."""
    if grade is None:
        return None
    return Side(
        grade.score_e2,
        grade.grade,
        lines_from_json(grade.lines),
        grade.graded_on,
        grade.card_version,
        grade.currency,
        grade.limit_facts or {},
        grade.limit_fen,
        grade.term_days,
    )


def side_today(distributor_id: int, on: date) -> Side:
    """What the score would be on a day, by the card in force; nothing is stored."""
    _card_id, version, card = reads.card_on(on)
    found = scores_facts.figures(on, distributor_id)[distributor_id]
    values = graded(card, found)
    return Side(
        values["score_e2"],
        values["grade"],
        lines_from_json(values["lines"]),
        on,
        version,
        found.currency,
        values["limit_facts"],
        values["limit_fen"],
        values["term_days"],
    )


@page(bp, "/scores", Permission.SCORES_READ)
def index() -> Any:
    form = RunForm()
    form.on.data = clock.today()
    proposed, keeping = reads.waiting(actor())
    return lists.answer(
        reads.grades_listing(),
        template="scores/index.html",
        tabs=tabs("scores.index"),
        form=form,
        proposed=proposed,
        keeping=keeping,
    )


@page(bp, "/scores/run", Permission.CREDIT_WRITE, methods=("POST",))
def run() -> Any:
    """Score everybody for a day, as a job with progress."""
    form = RunForm()
    if not form.validate():
        for _field, message in form.errors_in_order():
            flash(message, "danger")
        return see_other("scores.index")
    try:
        return see_other("jobs.record", id=service.order_scores(actor(), form.on.data))
    except Refused as refused:
        flash_refusal(refused)
    return see_other("scores.index")


@page(bp, "/scores/accept", Permission.CREDIT_APPROVE, methods=("POST",))
def accept_unchanged() -> Any:
    count = service.accept_unchanged(actor())
    flash(_("%(n)s scores that keep their grade are accepted.", n=count), "success")
    return see_other("scores.index")


@page(bp, "/scores/<int:id>", Permission.SCORES_READ)
def record(id: int) -> Any:
    """The accepted score beside that of the day, the lines that moved, and the history."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    on = min(day_asked(), clock.today())
    rows = [row for row in reads.history(actor(), id) if row.graded_on <= on]
    counted = next((row for row in rows if row.state == "accepted"), None)
    newest = rows[0] if rows else None
    new = side_today(id, on)
    return _compare(
        distributor,
        side_of(counted),
        new,
        rows,
        on=on,
        is_live=True,
        waiting=newest if newest and newest.state == "proposed" else None,
        is_stored=newest is not None and _says_the_same(newest, new),
        counted=counted,
    )


def _says_the_same(grade: CreditGrade, side: Side) -> bool:
    """Whether the score of the day stands as it would be made now."""
    return grade.graded_on == side.on and (
        (lines_from_json(grade.lines), grade.card_version, grade.limit_fen)
        == (side.lines, side.card_version, side.limit_fen)
    )


@page(bp, "/scores/grades/<int:id>", Permission.SCORES_READ)
def grade(id: int) -> Any:
    """A stored score beside the one that counted before it."""
    found = reads.get_grade(actor(), id)
    rows = reads.history(actor(), found.distributor_id)
    earlier = [
        row
        for row in rows
        if row.state == "accepted" and (row.graded_on, row.turn) < (found.graded_on, found.turn)
    ]
    side = side_of(found)
    assert side is not None
    before = earlier[0] if earlier else None
    return _compare(
        found.distributor,
        side_of(before),
        side,
        rows,
        on=found.graded_on,
        is_live=False,
        waiting=found if found.state == "proposed" and rows[0].id == found.id else None,
        is_stored=True,
        counted=found if found.state == "accepted" else before,
    )


def _compare(
    distributor: Distributor,
    old: Side | None,
    new: Side,
    rows: Sequence[CreditGrade],
    **values: Any,
) -> Any:
    moves: tuple[Move, ...] = explain(old.lines, new.lines) if old else ()
    subjects = [("credit_grade", row.id) for row in rows[:TRAIL_SHOWN]]
    return show(
        "scores/record.html",
        distributor=distributor,
        old=old,
        new=new,
        moves={move.factor: move for move in moves},
        rows=rows,
        chart=_chart(rows),
        people=reads.person_names({p for r in rows for p in (r.made_by_id, r.accepted_by_id)}),
        words=FACTOR_WORDS,
        limits=credit_limits.limits_of_day(distributor.id, new.on),
        may_propose=may(actor(), Permission.CREDIT_WRITE),
        history_lines=audit.history(*subjects) if subjects else [],
        **values,
    )


def _chart(rows: Sequence[CreditGrade]) -> dict[str, Any] | None:
    """Accepted scores over time; a drawing of fewer than two says nothing."""
    counted = [row for row in reversed(rows) if row.state == "accepted"]
    if len(counted) < 2:
        return None
    return {
        "axis": _("scored on"),
        "labels": [f"{row.graded_on:%y-%m-%d}" for row in counted],
        "series": [
            {"label": _("score"), "kind": "line", "values": [r.score_e2 / 100 for r in counted]}
        ],
    }


@page(bp, "/scores/<int:id>/score", Permission.CREDIT_WRITE, methods=("POST",))
def score(id: int) -> Any:
    """Score one distributor for today."""
    try:
        outcome = service.score_one(actor(), id, clock.today())
    except Refused as refused:
        flash_refusal(refused)
    else:
        if outcome.same:
            flash(_("Nothing moved: the score of today stands already."), "info")
        else:
            flash(_("Scored. The grade counts when a second person accepts it."), "success")
    return see_other("scores.record", id=id)


@page(bp, "/scores/grades/<int:id>/accept", Permission.CREDIT_APPROVE, methods=("POST",))
def accept(id: int) -> Any:
    owner = reads.get_grade(actor(), id).distributor_id
    try:
        service.accept_grade(actor(), id)
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The grade counts. Its limit is a suggestion: propose it to bring it in force."),
              "success")  # fmt: skip
    return see_other("scores.record", id=owner)


@page(bp, "/credit/<int:id>/grade", Permission.CREDIT_READ)
def own(id: int) -> Any:
    """What a distributor sees of its grade: the accepted one with its lines, if the house says."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    if not actor().is_distributor:
        return see_other("scores.record", id=id)
    shown = partners.get_maker().shows_grades
    rows = reads.history(actor(), id) if shown else []
    counted = next((row for row in rows if row.state == "accepted"), None)
    return show(
        "scores/own.html",
        distributor=distributor,
        grade=counted,
        side=side_of(counted),
        is_shown=shown,
        words=FACTOR_WORDS,
    )

"""Reads of credit grades: the one that counts on a day, the card in force, history and lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload

from channel.access import Actor
from channel.db import db
from channel.models.accounts import User
from channel.models.partners import Distributor
from channel.models.scores import CreditGrade, ScoreCard
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible
from credit import score_cards
from credit.scoring import Card

#: Rows of the history and points of its chart.
HISTORY_SHOWN = 24

_newest = (CreditGrade.graded_on.desc(), CreditGrade.turn.desc())


def grade_on(distributor_id: int, on: date) -> str:
    """The grade that was accepted last for a day up to this one; '' when none was."""
    statement = (
        sa.select(CreditGrade.grade)
        .where(
            CreditGrade.distributor_id == distributor_id,
            CreditGrade.state == "accepted",
            CreditGrade.graded_on <= on,
        )
        .order_by(*_newest)
        .limit(1)
    )
    return db.session.scalar(statement) or ""


def card_on(on: date) -> tuple[int | None, int, Card]:
    """(id, version, card) in force on a day; (None, 0, the first card) before any approved one."""
    row = db.session.scalar(
        sa.select(ScoreCard)
        .where(ScoreCard.approved_at.is_not(None), ScoreCard.valid_from <= on)
        .order_by(ScoreCard.valid_from.desc(), ScoreCard.version_no.desc())
        .limit(1)
    )
    if row is None:
        return None, 0, score_cards.FIRST_CARD
    return row.id, row.version_no, score_cards.from_json(row.card)


def cards() -> list[ScoreCard]:
    """All versions, those that wait first."""
    waits = sa.case((ScoreCard.approved_at.is_(None), 0), else_=1)
    return list(
        db.session.scalars(sa.select(ScoreCard).order_by(waits, ScoreCard.version_no.desc()))
    )


def get_card(card_id: int) -> ScoreCard | None:
    """A version of the card, or None; it belongs to no distributor."""
    return db.session.get(ScoreCard, card_id)


def person_names(ids: set[int | None]) -> dict[int | None, str]:
    """Who the people are; nobody is the machine."""
    rows = db.session.execute(
        sa.select(User.id, User.name).where(User.id.in_({i for i in ids if i is not None}))
    )
    return {i: name for i, name in rows}


def visible_names(actor: Actor) -> list[tuple[int, str]]:
    """(id, «code name») of the distributors that the actor may see."""
    rows = db.session.execute(
        sa.select(Distributor.id, Distributor.code, Distributor.name)
        .where(visible(actor, Distributor.id))
        .order_by(Distributor.code)
    )
    return [(i, f"{code} {name}") for i, code, name in rows]


def get_grade(actor: Actor, grade_id: int) -> CreditGrade:
    """The score of a day with its distributor, or NotVisible."""
    found: CreditGrade = get_visible(
        actor, CreditGrade, grade_id, joinedload(CreditGrade.distributor)
    )
    return found


def history(actor: Actor, distributor_id: int) -> list[CreditGrade]:
    """The scores of a distributor, newest first."""
    return list(
        db.session.scalars(
            sa.select(CreditGrade)
            .where(
                CreditGrade.distributor_id == distributor_id,
                visible(actor, CreditGrade.distributor_id),
            )
            .order_by(*_newest)
            .limit(HISTORY_SHOWN)
        )
    )


def ranked(on: date | None, *conditions: Any) -> Any:
    """Grades with their place among their distributor's (1: the newest), as a subquery."""
    place = sa.func.row_number().over(partition_by=CreditGrade.distributor_id, order_by=_newest)
    statement = sa.select(CreditGrade.id.label("id"), place.label("place")).where(*conditions)
    if on is not None:
        statement = statement.where(CreditGrade.graded_on <= on)
    return statement.subquery()


def newest(on: date, only: int | None, *conditions: Any) -> dict[int, CreditGrade]:
    """Distributor → its newest grade up to the day that meets the conditions."""
    mine = sa.true() if only is None else CreditGrade.distributor_id == only
    first = ranked(on, mine, *conditions)
    rows = db.session.scalars(
        sa.select(CreditGrade).join(first, first.c.id == CreditGrade.id).where(first.c.place == 1)
    )
    return {grade.distributor_id: grade for grade in rows}


def is_newest(grade: CreditGrade) -> bool:
    """Whether no later score of the distributor stands."""
    later = sa.or_(
        CreditGrade.graded_on > grade.graded_on,
        sa.and_(CreditGrade.graded_on == grade.graded_on, CreditGrade.turn > grade.turn),
    )
    statement = sa.select(CreditGrade.id).where(
        CreditGrade.distributor_id == grade.distributor_id, later
    )
    return db.session.scalar(statement.limit(1)) is None


def waiting(actor: Actor) -> tuple[int, int]:
    """(proposed scores that are the newest, those of them that keep their grade)."""
    first = ranked(None)
    keeps = CreditGrade.grade == CreditGrade.previous_grade
    row = db.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((keeps, 1), else_=0)), 0))
        .join(first, first.c.id == CreditGrade.id)
        .where(
            first.c.place == 1,
            CreditGrade.state == "proposed",
            visible(actor, CreditGrade.distributor_id),
        )
    ).one()
    return int(row[0]), int(row[1])


def waiting_for(actor: Actor) -> int:
    """Newest scores that somebody else proposed."""
    first = ranked(None)
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(CreditGrade)
            .join(first, first.c.id == CreditGrade.id)
            .where(
                first.c.place == 1,
                CreditGrade.state == "proposed",
                sa.func.coalesce(CreditGrade.made_by_id, 0) != (actor.user_id or 0),
                visible(actor, CreditGrade.distributor_id),
            )
        )
        or 0
    )


def _grades() -> list[tuple[str, str]]:
    """The grades that were ever given, by name."""
    names = db.session.scalars(sa.select(CreditGrade.grade).distinct())
    return [(name, name) for name in sorted(names)]


def _moved(g: Any, change: Any) -> Any:
    """new, up, down or same: how a score stands to the one before it."""
    return sa.case(
        (g.previous_grade == "", "new"), (change > 0, "up"), (change < 0, "down"), else_="same"
    )


def _filters(g: Any, change: Any) -> list[Filter]:
    regraded = sa.and_(g.previous_grade != "", g.previous_grade != g.grade)
    moves = [
        ("up", _l("up")),
        ("down", _l("down")),
        ("same", _l("unchanged")),
        ("new", _l("first score")),
    ]
    states = [
        ("proposed", _l("waits for acceptance")),
        ("accepted", _l("accepted by a second person")),
    ]
    return [
        Filter("grade", _l("grade"), g.grade, choices=_grades),
        Filter("moved", _l("movers"), _moved(g, change), choices=moves),
        Filter(
            "regraded",
            _l("change of grade"),
            sa.type_coerce(regraded, sa.Boolean),
            choices=[("1", _l("another grade")), ("0", _l("the same grade"))],
        ),
        Filter("state", _l("state"), g.state, choices=states),
    ]


def grades_listing() -> Listing:
    """The newest score of every distributor, beside the one that counted before."""
    g = aliased(CreditGrade)
    first = ranked(None)
    change = g.score_e2 - sa.func.coalesce(g.previous_score_e2, g.score_e2)
    source = sa.join(g, first, sa.and_(first.c.id == g.id, first.c.place == 1)).join(
        Distributor, Distributor.id == g.distributor_id
    )
    return Listing(
        name="credit-grades",
        title=_l("Credit grades"),
        identity=g.distributor_id,
        source=source,
        columns=[
            Column("code", _l("code"), Distributor.code, "code"),
            Column("name", _l("distributor"), Distributor.name),
            Column("graded_on", _l("scored on"), g.graded_on, "date", wide=True),
            Column("previous", _l("score before"), g.previous_score_e2, "e2", wide=True),
            Column("score", _l("score"), g.score_e2, "e2"),
            Column("change", _l("score change"), change, "e2_change"),
            Column("was", _l("grade before"), g.previous_grade, wide=True),
            Column("grade", _l("grade"), g.grade),
            Column("limit_fen", _l("limit suggested"), g.limit_fen, "fen", wide=True),
            Column("currency", _l("currency"), g.currency, wide=True),
            Column("state", _l("state"), sa.literal("grade_") + g.state, "state"),
        ],
        default_sort="code",
        scope=lambda actor: visible(actor, g.distributor_id),
        filters=_filters(g, change),
        search=[Distributor.code, Distributor.name],
        endpoint="scores.record",
        empty=_l("Nobody has been scored yet: score all distributors for today."),
    )

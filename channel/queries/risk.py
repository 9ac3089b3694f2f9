"""Reads of risk scores: the weekly snapshots as a list with their movers, and one distributor's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from channel.access import Actor
from channel.db import db
from channel.models.partners import Distributor
from channel.models.scores import RiskSnapshot
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible
from credit.risk import HIGH_E1, WATCHED_E1

#: Weeks in the chart and the table of one distributor.
WEEKS_SHOWN = 26


def week_of(on: date) -> date:
    """The Monday of the day's week."""
    return on - timedelta(days=on.weekday())


def lacking(week: date) -> bool:
    """Whether an active distributor has no snapshot of the week yet."""
    taken = sa.select(RiskSnapshot.id).where(
        RiskSnapshot.week == week, RiskSnapshot.distributor_id == Distributor.id
    )
    statement = sa.select(Distributor.id).where(Distributor.is_active.is_(True), ~taken.exists())
    return db.session.scalar(statement.limit(1)) is not None


def taken_ids(week: date) -> set[int]:
    """Who has a snapshot of the week."""
    return set(
        db.session.scalars(sa.select(RiskSnapshot.distributor_id).where(RiskSnapshot.week == week))
    )


def latest_week(on: date) -> date:
    """The last week up to the day's that has snapshots; the day's own where there is none."""
    statement = sa.select(sa.func.max(RiskSnapshot.week)).where(RiskSnapshot.week <= week_of(on))
    return db.session.scalar(statement) or week_of(on)


def weeks(actor: Actor, distributor_id: int, on: date) -> list[RiskSnapshot]:
    """The snapshots of a distributor up to the day, oldest first."""
    rows = db.session.scalars(
        sa.select(RiskSnapshot)
        .where(
            RiskSnapshot.distributor_id == distributor_id,
            RiskSnapshot.week <= on,
            visible(actor, RiskSnapshot.distributor_id),
        )
        .order_by(RiskSnapshot.week.desc())
        .limit(WEEKS_SHOWN)
    )
    return list(reversed(rows.all()))


def scores_listing(week: date) -> Listing:
    """All distributors with the score of a week and of the week before, the riskiest first."""
    now, before = aliased(RiskSnapshot), aliased(RiskSnapshot)
    joined = sa.and_(
        before.distributor_id == now.distributor_id, before.week == week - timedelta(days=7)
    )
    change: Any = now.score_e1 - sa.func.coalesce(before.score_e1, now.score_e1)
    level = sa.case(
        (now.score_e1 >= HIGH_E1, "high"), (now.score_e1 >= WATCHED_E1, "watched"), else_="low"
    )
    return Listing(
        name="risk",
        title=_l("Risk scores"),
        identity=now.distributor_id,
        source=sa.join(now, Distributor, Distributor.id == now.distributor_id).outerjoin(
            before, joined
        ),
        columns=[
            Column("code", _l("code"), Distributor.code, "code"),
            Column("name", _l("distributor"), Distributor.name),
            Column("before", _l("week before"), before.score_e1, "e1", wide=True),
            Column("score", _l("risk score"), now.score_e1, "e1"),
            Column("change", _l("score change"), change, "e1_change"),
            Column("level", _l("level"), level, "state"),
        ],
        default_sort="-score",
        scope=lambda actor: sa.and_(now.week == week, visible(actor, now.distributor_id)),
        filters=[
            Filter(
                "level",
                _l("level"),
                level,
                choices=[("high", _l("high")), ("watched", _l("watched")), ("low", _l("low"))],
            ),
            Filter(
                "moved",
                _l("movers"),
                sa.case((change > 0, "up"), (change < 0, "down"), else_="same"),
                choices=[("up", _l("up")), ("down", _l("down")), ("same", _l("unchanged"))],
            ),
        ],
        search=[Distributor.code, Distributor.name],
        endpoint="risk.record",
        fixed={"week": week.isoformat()},
        empty=_l("No risk score of this week yet: the worker takes them each Monday."),
    )


def top_movers(actor: Actor, week: date, count: int = 5) -> list[Any]:
    """(distributor, score, change in tenths) of whom the score grew most since the week before."""
    now, before = aliased(RiskSnapshot), aliased(RiskSnapshot)
    change = now.score_e1 - before.score_e1
    return list(
        db.session.execute(
            sa.select(Distributor, now.score_e1, change.label("change"), now, before)
            .join(now, now.distributor_id == Distributor.id)
            .join(before, before.distributor_id == Distributor.id)
            .where(
                now.week == week,
                before.week == week - timedelta(days=7),
                change > 0,
                visible(actor, Distributor.id),
            )
            .order_by(change.desc(), Distributor.id)
            .limit(count)
        )
    )

"""Grades and risk scores of the demo: graded each month, risk kept each week, today's waiting."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel.access import SYSTEM
from channel.db import db
from channel.demo.world import World
from channel.models.scores import CreditGrade
from channel.services import risk, scores

#: The day of the month on which everybody is graded, once the invoices of the 6th are there.
DAY = 16


def on_day(world: World, day: date) -> None:
    """What the machine keeps on Mondays, and what finance and the owner do once a month."""
    if day.weekday() == 0:
        risk.take_week(SYSTEM, day)
    if day.day != DAY:
        return
    scores.score_all(world.actor("fin"), day)
    waiting = db.session.scalars(
        sa.select(CreditGrade.id)
        .where(CreditGrade.state == "proposed", CreditGrade.graded_on == day)
        .order_by(CreditGrade.id)
    ).all()
    for grade_id in waiting:
        scores.accept_grade(world.actor("boss"), grade_id)


def leave_open(world: World, today: date) -> None:
    """The scores of today wait for a second person."""
    scores.score_all(world.actor("fin"), today)
    risk.take_week(SYSTEM, today)

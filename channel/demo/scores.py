"""Grades and risk scores of the demo: graded each month, risk kept each week, today's waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from channel.access import SYSTEM
from channel.db import db
from channel.demo.world import World
from channel.models.partners import Distributor
from channel.models.scores import CreditGrade
from channel.services import risk, scores
from channel.services.partners import DistributorFacts, save_distributor
from channel.services.scores import CardWish
from credit.score_cards import FIRST_CARD

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
    """Today's scores and a heavier card wait for a second person; a licence ends soon."""
    scores.score_all(world.actor("fin"), today)
    risk.take_week(SYSTEM, today)
    weights = {"violations": 15, "turnover": 10}
    heavier = tuple(replace(s, weight=weights.get(s.factor, s.weight)) for s in FIRST_CARD.scales)
    card = replace(FIRST_CARD, scales=heavier)
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    scores.propose_card(world.actor("fin"), CardWish(card, first, "窜货增多，违规项加重"))
    _licence(world, today)


def _licence(world: World, today: date) -> None:
    """D2's business licence ends in three weeks."""
    record = db.session.get_one(Distributor, world.distributor("D2"))
    kept = {name: getattr(record, name) for name in DistributorFacts.__dataclass_fields__}
    facts = DistributorFacts(**kept | {"uscc": record.uscc or ""})
    ending = replace(facts, licence_until=today + timedelta(days=21))
    save_distributor(world.actor("cm"), record.id, ending, None)

"""Accruals at the end of each month, a tier that is expected, and drafts tried on the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.demo.cast import POLICY
from channel.demo.world import World
from channel.models.rebates import RebatePolicy
from channel.queries.rebates_looks import settled_span
from channel.services import rebates_accruals, rebates_policies, rebates_trials
from channel.services.rebates_accruals import Place
from channel.services.rebates_trials import Question
from channel.services.work import Refused
from contracts.rebates.model import Method, Tier
from contracts.values.periods import Period
from contracts.values.rates import Rate


def on_day(world: World, day: date, today: date) -> None:
    """Finance books the accruals of the month before, as far back as four months."""
    if day.day != 3 or (today - day).days > 125:
        return
    last = day - timedelta(days=3)
    try:
        rebates_accruals.book(world.actor("fin"), last)
    except Refused:
        return  # nothing was sold yet


def leave_open(world: World, today: date) -> None:
    """D3 is expected to reach the second tier; two ideas for next year were tried."""
    quarter = Period.containing(today, "quarter")
    with clock.at(clock.instant_of(today, 9, 40)):
        for code, tier, reason in (
            ("D3", 1, "十二月订货会已预订 4 万元，预计达到第二档"),
            ("D4", 2, "旺季订单已排到年底，预计达到最高档"),
        ):
            place = Place(POLICY, world.distributor(code), "CNY", quarter)
            rebates_accruals.expect(world.actor("fin"), place, tier, reason)
        policy = db.session.scalars(
            sa.select(RebatePolicy).where(RebatePolicy.code == POLICY, RebatePolicy.version_no == 1)
        ).one()
        past = settled_span(POLICY, today - timedelta(days=366))
        if past is None:
            return
        cm = world.actor("cm")
        rebates_trials.try_policy(cm, Question(policy.id, past))
        draft = rebates_policies.revise(cm, policy.id)
        present = rebates_policies.present_draft(db.session.get_one(RebatePolicy, draft))
        terms = replace(
            present.terms,
            method=Method.SEGMENT,
            tiers=(
                Tier(Decimal(0), Rate.percent("1")),
                Tier(Decimal(80_000), Rate.percent("2.5")),
                Tier(Decimal(180_000), Rate.percent("4")),
            ),
        )
        reason = "分段计算试算：减少临界冲量"
        rebates_policies.save_policy(cm, draft, replace(present, terms=terms, reason=reason))
        rebates_trials.try_policy(cm, Question(draft, past))

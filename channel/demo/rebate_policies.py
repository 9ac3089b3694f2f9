"""Rebate policies of several kinds in the demo, in force since its first day.

A group of two neighbours; growth over what was sold before, a scale that shrinks with late
money, a sum for a turnover reached, and money per box of the new product; what is settled shows
each of them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from channel import clock
from channel.demo.cast import POLICY
from channel.demo.world import World
from channel.services import rebates_baselines, rebates_groups, rebates_policies
from channel.services.rebates_baselines import Wish
from contracts.rebates.model import Base, Condition, Factor, Method, RebateTerms, Tier
from contracts.values.periods import Period
from contracts.values.rates import Rate

GROWTH = "YOY"
#: What a quarter brought before, in yuan without VAT.
BASELINES = {"D1": 150_000, "D2": 50_000, "D3": 70_000, "D4": 430_000}


def approve(world: World, start: date, today: date) -> None:
    """Drafted by one channel manager and approved by another, before the trade begins."""
    with clock.at(clock.instant_of(start, 9)):
        for terms in _policies():
            draft = rebates_policies.Draft(terms, start, "all", "年度渠道政策")
            policy = rebates_policies.draft_policy(world.actor("cm"), draft)
            rebates_policies.submit(world.actor("cm"), policy)
            rebates_policies.approve(world.actor("cm2"), policy)
        group = rebates_groups.create(world.actor("cm"), "川南片区")
        for code in ("D1", "D3"):
            rebates_groups.join(world.actor("cm"), group, world.distributor(code), start)
        quarter = Period.containing(start, "quarter")
        while quarter.start <= today:
            _baselines(world, quarter)
            quarter = Period.containing(quarter.end, "quarter")


def _policies() -> list[RebateTerms]:
    percent = Rate.percent
    collected = (
        Factor(Decimal(0), percent(100)),
        Factor(Decimal(16), percent(80)),
        Factor(Decimal(31), percent(0)),
    )
    return [
        RebateTerms(
            "REACH",
            "季度达标奖",
            Method.LUMP,
            (
                Tier(Decimal(100_000), amount=Decimal(500)),
                Tier(Decimal(500_000), amount=Decimal(3_000)),
            ),
            pays="amount",
            expires_months=12,
        ),
        RebateTerms(
            "SPEED",
            "回款奖",
            Method.SEGMENT,
            (Tier(Decimal(0), percent("0.3")), Tier(Decimal(200_000), percent("0.5"))),
            conditions=(Condition("collection", collected),),
            reduced_by=frozenset({POLICY}),
        ),
        RebateTerms(
            "VOL-N",
            "新品每箱奖励",
            Method.WHOLE,
            (Tier(Decimal(60), amount=Decimal("0.5")), Tier(Decimal(240), amount=Decimal(1))),
            base=Base(measure="quantity"),
            products=frozenset({"N"}),
            pays="per_unit",
        ),
        RebateTerms(
            GROWTH,
            "增长奖",
            Method.EXCESS,
            (Tier(Decimal(0), percent(2)), Tier(Decimal(20), percent(3))),
            gauge="growth",
            reference="typed",
        ),
    ]


def _baselines(world: World, quarter: Period) -> None:
    """Agreed by the channel and approved by finance; who has none grows from nothing."""
    for code, yuan in BASELINES.items():
        reason = "上年同期销售额，双方确认"
        wish = Wish(world.distributor(code), GROWTH, quarter, "CNY", yuan * 10_000, reason)
        made = rebates_baselines.propose(world.actor("cm"), wish)
        rebates_baselines.decide(world.actor("fin"), made, is_approved=True)

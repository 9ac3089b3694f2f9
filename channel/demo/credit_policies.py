"""A credit policy of the demo: proposed by finance, tried on last month, not signed yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from channel.demo.world import World
from channel.queries import credit_policies as reads
from channel.services import credit_policies, credit_trials
from contracts.values.periods import Period
from credit.holds import OverdueRule, Step
from credit.policy import Control, Ladder, Mode


def propose(world: World, today: date) -> None:
    """From next month on: a dynamic check of orders, and a ladder that begins with a reminder."""
    month = Period.containing(today, "month")
    present = reads.policy_of(reads.in_force(today))
    ladder = (
        OverdueRule(0, Step.REMIND),
        OverdueRule(15, Step.HOLD_ORDERS, 10_000),
        OverdueRule(30, Step.HOLD_SHIPMENTS, 10_000),
    )
    wished = replace(
        present,
        order=Control(mode=Mode.BLOCK, horizon_days=60, largest_fen=10_000_000),
        ladders=(Ladder("", ladder),),
        grace_days=2,
    )
    fin = world.actor("fin")
    draft = credit_policies.Draft(wished, month.end, "旺季前调整：大单先款，逾期分级处理")
    policy_id = credit_policies.propose(fin, draft)
    last = Period.containing(month.start - timedelta(days=1), "month")
    credit_trials.try_month(fin, policy_id, last.label)

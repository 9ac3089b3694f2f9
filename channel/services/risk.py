"""The weekly risk scores: taken once a week for every active distributor, never changed."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from channel import clock
from channel.access import Actor
from channel.db import lock
from channel.models.partners import Maker
from channel.models.scores import RiskSnapshot
from channel.queries import partners
from channel.queries import risk as reads
from channel.queries.scores_facts import signals
from channel.services.jobs import CHORES
from channel.services.work import work
from credit.risk import assess, to_json, total


def take_week(actor: Actor, on: date) -> int:
    """Keep the risk scores of the day's week for whom they are missing. How many were kept."""
    week = reads.week_of(on)
    if not reads.lacking(week):
        return 0
    with work(actor) as w:
        # Two workers follow one another; the second finds nothing left to do.
        [house] = lock(Maker, [partners.get_maker().id])
        taken = reads.taken_ids(week)
        rows = []
        for owner, found in signals(on).items():
            if owner in taken:
                continue
            steps = assess(found)
            rows.append(
                {
                    "distributor_id": owner,
                    "week": week,
                    "taken_on": on,
                    "score_e1": total(steps),
                    "steps": to_json(steps),
                    "taken_at": w.now,
                }
            )
        if rows:
            w.session.execute(sa.insert(RiskSnapshot), rows)
            w.audit("risk:snapshot", house, changes={"rows": len(rows)})
        return len(rows)


def take_this_week(actor: Actor) -> None:
    """The chore: the first round of a week keeps its scores."""
    take_week(actor, clock.today())


CHORES.append(take_this_week)

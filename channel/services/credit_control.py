"""The nightly control of credit: every balance counted anew from its documents, and kept.

It finds nothing, always; what it found stands on the risk board until the next count.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.access import Actor, Permission, require
from channel.db import db
from channel.models.credit import CreditControl
from channel.queries import credit_recount
from channel.services.jobs import CHORES, handles
from channel.services.work import work

#: The hour, Chinese time, from which the count of the day is ordered.
NIGHT = 2
#: Differences kept with a count; the first ones tell what is wrong.
KEPT = 200


def order_control(actor: Actor) -> None:
    """The chore: once a day, in the night or as soon as the machine is up again."""
    now = clock.now()
    today = clock.date_of(now)
    if now.astimezone(clock.ZONE).hour < NIGHT or db.session.scalar(
        sa.select(CreditControl.id).where(CreditControl.on_date == today).limit(1)
    ):
        return
    with work(actor) as w:
        w.job("credit_control", f"credit_control:{today}", {})


CHORES.append(order_control)


@handles("credit_control")
def run_control(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Count and keep the result; nobody is held up, because the count reads one moment."""
    control = _count(actor)
    return {"accounts": control.accounts, "differing": control.differing}


def count_now(actor: Actor) -> int:
    """Count on demand, for who looks after credit; gives the buckets that differ."""
    require(actor, Permission.CREDIT_WRITE)
    return _count(actor).differing


def _count(actor: Actor) -> CreditControl:
    found, accounts = credit_recount.differences(), credit_recount.count_accounts()
    # The count may take a while on a large house: it is over before anything is locked.
    db.session.rollback()
    with work(actor) as w:
        control = CreditControl(
            on_date=w.today,
            checked_at=w.now,
            accounts=accounts,
            differing=len(found),
            differences=[difference.to_json() for difference in found[:KEPT]],
        )
        w.session.add(control)
        return control

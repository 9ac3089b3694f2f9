"""The snapshot of stock in the channel made anew, distributor by distributor.

Every step leaves it right for one more of them, so that the work can be taken up where it broke.
"""

from __future__ import annotations

from typing import Any

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.partners import Distributor
from channel.queries.channel_stock import all_owners
from channel.services.jobs import handles, report_progress
from channel.services.steps import channel_stock
from channel.services.work import work

JOB = "channel_stock"
#: Distributors in one transaction.
AT_ONCE = 50


def order_rebuild(actor: Actor) -> int:
    """Order the snapshot anew; gives the job's id. Two clicks within a minute order one job."""
    with work(actor, Permission.SETTINGS_MANAGE) as w:
        return w.job(JOB, f"{JOB}:{w.now:%Y%m%d%H%M}", {}).id


@handles(JOB)
def rebuild_all(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Positions and standings of everybody from the reports in force."""
    owners = all_owners()
    for start in range(0, len(owners), AT_ONCE):
        report_progress(job_id, start, len(owners))
        with work(actor) as w:
            # As when a report is accepted: whoever files now waits, or is waited for.
            lock(Distributor, owners[start : start + AT_ONCE])
            for owner in owners[start : start + AT_ONCE]:
                channel_stock.rebuild(w, owner)
    return {"distributors": len(owners)}

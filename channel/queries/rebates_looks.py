"""As what the last runs saw settled periods: the marks up to which each was computed."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from channel.db import db
from channel.models.rebates import RebateRun, RebateStatement
from channel.queries.rebates_seen import TABLES, Seen, of_run
from contracts.values.periods import Period


def last_looks(span: Period) -> dict[Period, Seen]:
    """Settled period → what was seen by the last posted run that looked at it.

    A later run looks at all periods settled before it was proposed.
    """
    runs = db.session.scalars(
        sa.select(RebateRun).where(RebateRun.state == "posted").order_by(RebateRun.posted_at)
    ).all()
    found: dict[Period, Seen] = {}
    settled_at: dict[Period, datetime] = {}
    for run in runs:
        own, seen = Period(run.period_start, run.period_end), of_run(run)
        if seen is None:
            continue
        for period, posted_at in settled_at.items():
            if run.seen is not None and run.proposed_at >= posted_at:
                found[period] = later(found[period], seen)
        found[own] = later(found.get(own, seen), seen)
        settled_at.setdefault(own, run.posted_at or run.proposed_at)
    return {period: seen for period, seen in found.items() if period.overlaps(span)}


def later(one: Seen, two: Seen) -> Seen:
    """The further marks of two looks."""
    marks = {name: max(getattr(one, name), getattr(two, name)) for name in TABLES}
    return Seen(**marks, at=max(one.at, two.at))


def settled_span(code: str, since: date) -> Period | None:
    """From the first to the last period for which this policy was settled, since a day."""
    s, run = RebateStatement, RebateRun
    first, last = db.session.execute(
        sa.select(sa.func.min(s.period_start), sa.func.max(s.period_end))
        .join(run, run.id == s.run_id)
        .where(run.state == "posted", s.policy_code == code, s.period_start >= since)
    ).one()
    return None if first is None else Period(first, last)

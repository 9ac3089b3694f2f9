"""Who earns under a policy, and on which days: enrolments merged into spans of a period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import PolicyEnrolment
from contracts.values.periods import Period

#: [from, to) of the days on which a distributor was enrolled; None: the whole period.
Spans = tuple[tuple[date, date], ...] | None
#: distributor → its spans; None: every distributor is enrolled all the time.
Enrolled = Mapping[int, Spans] | None


def is_enrolled(code: str, owner: Any, day: Any) -> Any:
    """That the owner of a row was enrolled on the day of the row."""
    # EXISTS and not a join: overlapping enrolments must not count a line twice.
    enrolled = PolicyEnrolment
    return sa.exists().where(
        enrolled.distributor_id == owner,
        enrolled.policy_code == code,
        enrolled.valid_from <= day,
        enrolled.valid_to > day,
    )


def changed_within(code: str, period: Period) -> Any:
    """The distributors that an enrolment enters or leaves in the middle of a period."""
    enrolled = PolicyEnrolment
    return sa.select(enrolled.distributor_id).where(
        enrolled.policy_code == code,
        enrolled.valid_from < period.end,
        enrolled.valid_to > period.start,
        sa.or_(enrolled.valid_from > period.start, enrolled.valid_to < period.end),
    )


def enrolled_spans(
    code: str, period: Period, distributor_id: int | None = None
) -> dict[int, Spans]:
    """distributor → its enrolled days within the period, overlaps merged; None: all of it."""
    enrolled = PolicyEnrolment
    conditions = [
        enrolled.policy_code == code,
        enrolled.valid_from < period.end,
        enrolled.valid_to > period.start,
    ]
    if distributor_id is not None:
        conditions.append(enrolled.distributor_id == distributor_id)
    rows = db.session.execute(
        sa.select(enrolled.distributor_id, enrolled.valid_from, enrolled.valid_to)
        .where(*conditions, enrolled.valid_to > enrolled.valid_from)
        .order_by(enrolled.distributor_id, enrolled.valid_from)
    )
    merged: dict[int, list[tuple[date, date]]] = {}
    for owner, start, end in rows:
        start, end = max(start, period.start), min(end, period.end)
        spans = merged.setdefault(owner, [])
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    whole = [(period.start, period.end)]
    return {o: None if spans == whole else tuple(spans) for o, spans in merged.items()}


def within(spans: Spans, day: Any) -> list[Any]:
    """The condition that a row lies on enrolled days."""
    if spans is None:
        return []
    return [sa.or_(sa.false(), *(sa.and_(day >= start, day < end) for start, end in spans))]


def spans_to_json(spans: Spans) -> list[list[str]] | None:
    if spans is None:
        return None
    return [[start.isoformat(), end.isoformat()] for start, end in spans]


def spans_from_json(data: Any) -> Spans:
    if data is None:
        return None
    return tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in data)


def a_year_before(day: date) -> date:
    """The same day of the year before; the last of February for the 29th."""
    if (day.month, day.day) == (2, 29):
        return day.replace(year=day.year - 1, day=28)
    return day.replace(year=day.year - 1)


def last_year(period: Period) -> Period:
    """The same period of the year before."""
    return Period(a_year_before(period.start), a_year_before(period.end))


def last_years_spans(enrolled: Enrolled) -> Enrolled:
    """The same days of the year before; a day that there was not takes none with it."""
    if enrolled is None:
        return None
    return {
        owner: spans
        if spans is None
        else tuple(
            (a_year_before(start), a_year_before(end))
            for start, end in spans
            if a_year_before(start) < a_year_before(end)
        )
        for owner, spans in enrolled.items()
    }

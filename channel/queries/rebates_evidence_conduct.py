"""Cases as conditions of rebates: goods found elsewhere, price order, rival goods.

A case counts once it is decided as a breach, by the day of the breach; it no longer counts when
every consequence that was put in force was taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.diversions import CodeScan, ConductStep
from channel.models.market import Incident, PriceReport
from channel.models.rebates_evidence import ExclusivityDeclaration
from channel.queries.conduct import is_reversed
from channel.queries.conduct_facts import upheld
from channel.queries.rebates_evidence_asked import Asked
from contracts.rebates.figures import Evidence
from contracts.values.periods import Period, merge

_i = Incident


def diversion(asked: Asked) -> dict[int, Evidence]:
    """Cases of goods found outside the territory, with their numbers.

    A case counts in each period in which goods of it were found; one without a finding, on the
    day on which it became known.
    """
    of_case = sa.and_(CodeScan.incident_id == _i.id, CodeScan.verdict == "outside")
    any_found = sa.select(CodeScan.id).where(of_case).exists()
    in_days = sa.and_(CodeScan.found_on >= asked.period.start, CodeScan.found_on < asked.period.end)
    found = sa.select(CodeScan.id).where(of_case, in_days).exists()
    return _counted(_cases(asked, "diversion", sa.or_(found, sa.and_(~any_found, _known(asked)))))


def price_order(asked: Asked) -> dict[int, Evidence]:
    """Cases of prices outside their band, by the day on which the price was seen."""
    seen = sa.select(PriceReport.seen_on).where(PriceReport.id == _i.price_report_id)
    day = seen.scalar_subquery()
    in_days = sa.and_(day >= asked.period.start, day < asked.period.end)
    unseen = sa.and_(_i.price_report_id.is_(None), _known(asked))
    return _counted(_cases(asked, "price", sa.or_(in_days, unseen)))


def exclusivity(asked: Asked) -> dict[int, Evidence]:
    """1: declared for every day of the period and no sighting of rival goods confirmed in it;
    0: a sighting is confirmed, declared or not. Who has not declared all of it has no value."""
    sightings = _cases(asked, "rival", _known(asked))
    found = {}
    for owner, own in _declared(asked).items():
        days = merge(span for _number, span in own)
        if any(span.start <= asked.period.start and span.end >= asked.period.end for span in days):
            found[owner] = Evidence(Decimal(1), tuple(number for number, _span in own))
    for owner, numbers in sightings.items():
        found[owner] = Evidence(Decimal(0), tuple(numbers))
    return found


def _known(asked: Asked) -> Any:
    """The condition that a case became known within the period."""
    start, end = (clock.instant_of(day, 0) for day in (asked.period.start, asked.period.end))
    return sa.and_(_i.known_at >= start, _i.known_at < end)


def _undone() -> Any:
    """The condition that consequences were in force and every one of them was taken back."""
    step = ConductStep
    in_force = sa.select(step.id).where(
        step.incident_id == _i.id, step.state == "approved", step.reverses_id.is_(None)
    )
    return sa.and_(
        in_force.correlate(_i).exists(), ~in_force.where(~is_reversed()).correlate(_i).exists()
    )


def _cases(asked: Asked, kind: str, when: Any) -> Mapping[int, list[str]]:
    """distributor → numbers of the cases that count."""
    rows = db.session.execute(
        sa.select(_i.distributor_id, _i.number)
        .where(
            asked.own(_i.distributor_id),
            _i.kind == kind,
            upheld(),
            _i.closed_on <= asked.on,
            when,
            ~_undone(),
        )
        .order_by(_i.number)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for owner, number in rows:
        found[owner].append(number)
    return found


def _counted(cases: Mapping[int, list[str]]) -> dict[int, Evidence]:
    return {o: Evidence(Decimal(len(own)), tuple(own)) for o, own in cases.items()}


def _declared(asked: Asked) -> Mapping[int, list[tuple[str, Period]]]:
    """distributor → (number, days that it holds) of its declarations signed by then."""
    d = ExclusivityDeclaration
    until = sa.case((d.withdrawn_on < d.valid_to, d.withdrawn_on), else_=d.valid_to)
    rows = db.session.execute(
        sa.select(d.distributor_id, d.number, d.valid_from, sa.type_coerce(until, sa.Date))
        .where(
            asked.own(d.distributor_id),
            d.valid_from < asked.period.end,
            d.valid_to > asked.period.start,
            d.signed_at < clock.instant_of(asked.on, 23, 59),
        )
        .order_by(d.valid_from, d.id)
    )
    found: dict[int, list[tuple[str, Period]]] = defaultdict(list)
    for owner, number, start, end in rows:
        if end > start and end > asked.period.start:
            found[owner].append((number, Period(start, end)))
    return found

"""The base of rebates in SQL: which invoice lines count, summed for all distributors at once.

The same conditions sum a run, freeze the printed base lines and list the lines of a statement,
so that every figure re-adds from the invoices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import PolicyEnrolment
from channel.models.catalogue import ProductGroup
from channel.models.rebates import RebatePolicy, RebateRun, RebateStatement
from channel.models.receivables import InvoiceLine
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period

_l = InvoiceLine

#: [from, to) of the days on which a distributor was enrolled; None: the whole period.
Spans = tuple[tuple[date, date], ...] | None
#: distributor id, currency
Owner = tuple[int, str]


@dataclass(frozen=True)
class Base:
    """What counts of one distributor in one currency: exact sum and number of lines."""

    e4: int
    lines: int


@dataclass(frozen=True)
class GroupSum:
    """A part of a base: one month (or day) and product group."""

    on: date
    group_id: int
    lines: int
    invoiced_e4: int
    returned_e4: int


def amount(terms: RebateTerms) -> Any:
    """The column that the terms count: without VAT or with it."""
    return _l.net_e4 if terms.base.vat == "net" else _l.gross_e4


def group_ids() -> dict[str, int]:
    """code → id of every product group."""
    return dict(db.session.execute(sa.select(ProductGroup.code, ProductGroup.id)).all())


def counts(terms: RebateTerms, period: Period, groups: Mapping[str, int]) -> list[Any]:
    """The conditions under which a line is part of a base; free goods never are."""
    conditions = [
        _l.counts_on >= period.start,
        _l.counts_on < period.end,
        _l.is_free.is_(False),
    ]
    if terms.goods:
        conditions.append(_l.group_id.in_(sorted(groups[g] for g in terms.goods if g in groups)))
    if terms.goods_out:
        out = sorted(groups[g] for g in terms.goods_out if g in groups)
        conditions.append(_l.group_id.not_in(out))
    return conditions


def within(spans: Spans) -> list[Any]:
    """The condition that a line lies on enrolled days."""
    if spans is None:
        return []
    return [
        sa.or_(
            sa.false(),
            *(sa.and_(_l.counts_on >= start, _l.counts_on < end) for start, end in spans),
        )
    ]


def _is_enrolled(code: str) -> Any:
    # EXISTS and not a join: overlapping enrolments must not count a line twice.
    enrolled = PolicyEnrolment
    return sa.exists().where(
        enrolled.distributor_id == _l.distributor_id,
        enrolled.policy_code == code,
        enrolled.valid_from <= _l.counts_on,
        enrolled.valid_to > _l.counts_on,
    )


def _changed_within(code: str, period: Period) -> Any:
    """The distributors that an enrolment enters or leaves in the middle of a period."""
    enrolled = PolicyEnrolment
    return sa.select(enrolled.distributor_id).where(
        enrolled.policy_code == code,
        enrolled.valid_from < period.end,
        enrolled.valid_to > period.start,
        sa.or_(enrolled.valid_from > period.start, enrolled.valid_to < period.end),
    )


def base_sums(
    policy: RebatePolicy,
    terms: RebateTerms,
    period: Period,
    groups: Mapping[str, int],
    spans: Mapping[int, Spans] | None = None,
) -> dict[Owner, Base]:
    """The base of every distributor and currency; `spans` as of enrolled_spans, None: all are.

    One statement; two where some are enrolled for a part of the period only: the others are
    summed without a look at each line's day.
    """
    conditions = counts(terms, period, groups)
    if spans is None:
        return _summed(terms, conditions)
    found = {
        owner: part
        for owner, part in _summed(terms, conditions).items()
        if owner[0] in spans and spans[owner[0]] is None
    }
    if any(span is not None for span in spans.values()):
        changed = _l.distributor_id.in_(_changed_within(policy.code, period))
        parts = _summed(terms, [*conditions, changed, _is_enrolled(policy.code)])
        found |= {owner: part for owner, part in parts.items() if owner not in found}
    return found


def _summed(terms: RebateTerms, conditions: Sequence[Any]) -> dict[Owner, Base]:
    rows = db.session.execute(
        sa.select(_l.distributor_id, _l.currency, sa.func.sum(amount(terms)), sa.func.count())
        .where(*conditions)
        .group_by(_l.distributor_id, _l.currency)
    )
    # PostgreSQL sums bigint as numeric: made whole again here.
    return {(owner, currency): Base(int(e4), n) for owner, currency, e4, n in rows}


def daily_sums(
    terms: RebateTerms,
    period: Period,
    groups: Mapping[str, int],
    distributor_id: int,
    spans: Spans,
) -> dict[str, list[tuple[date, int]]]:
    """currency → (day, sum of that day) of one distributor's base."""
    rows = db.session.execute(
        sa.select(_l.currency, _l.counts_on, sa.func.sum(amount(terms)))
        .where(*counts(terms, period, groups), *within(spans), _l.distributor_id == distributor_id)
        .group_by(_l.currency, _l.counts_on)
        .order_by(_l.currency, _l.counts_on)
    )
    days: dict[str, list[tuple[date, int]]] = {}
    for currency, day, e4 in rows:
        days.setdefault(currency, []).append((day, int(e4)))
    return days


def group_sums(
    terms: RebateTerms,
    period: Period,
    groups: Mapping[str, int],
    through_line_id: int,
    distributors: Sequence[int],
    *,
    by_day: bool = False,
) -> dict[Owner, list[GroupSum]]:
    """The base of some distributors by month (or day) and product group."""
    value = amount(terms)
    day = _l.counts_on
    slots: list[Any] = [sa.extract("year", day), sa.extract("month", day)]
    if by_day:
        slots = [day]
    conditions = [
        *counts(terms, period, groups),
        _l.id <= through_line_id,
        _l.distributor_id.in_(distributors),
    ]
    rows = db.session.execute(
        sa.select(
            _l.distributor_id,
            _l.currency,
            sa.func.min(day),
            _l.group_id,
            sa.func.count(),
            sa.func.sum(sa.case((value > 0, value), else_=0)),
            sa.func.sum(sa.case((value < 0, -value), else_=0)),
        )
        .where(*conditions)
        .group_by(_l.distributor_id, _l.currency, _l.group_id, *slots)
    )
    found: dict[Owner, list[GroupSum]] = {}
    for owner, currency, on, group, lines, invoiced, returned in rows:
        part = GroupSum(on, group, lines, int(invoiced), int(returned))
        found.setdefault((owner, currency), []).append(part)
    return found


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


def spans_to_json(spans: Spans) -> list[list[str]] | None:
    if spans is None:
        return None
    return [[start.isoformat(), end.isoformat()] for start, end in spans]


def spans_from_json(data: Any) -> Spans:
    if data is None:
        return None
    return tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in data)


def granted(
    period: Period, policy_codes: Iterable[str], distributor_id: int | None = None
) -> dict[tuple[str, int, str], int]:
    """(policy code, distributor, currency) → fen that posted statements of the period gave.

    A key is there as soon as a statement was posted, even one of nothing.
    """
    s, run = RebateStatement, RebateRun
    conditions = [
        run.state == "posted",
        run.period_start == period.start,
        run.period_end == period.end,
        s.policy_code.in_(sorted(policy_codes)),
    ]
    if distributor_id is not None:
        conditions.append(s.distributor_id == distributor_id)
    rows = db.session.execute(
        sa.select(s.policy_code, s.distributor_id, s.currency, sa.func.sum(s.amount_fen))
        .join(run, run.id == s.run_id)
        .where(*conditions)
        .group_by(s.policy_code, s.distributor_id, s.currency)
    )
    return {(code, owner, currency): int(fen) for code, owner, currency, fen in rows}


def newest_line_id() -> int:
    """The last invoice line there is; 0 before the first."""
    return db.session.scalar(sa.select(sa.func.max(_l.id))) or 0

"""Steps of a rebate run: the input frozen, the facts of all distributors, the rows computed.

Everything is set-based: the number of SQL statements grows with the policies, never with the
distributors or the invoices.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.models.audit import NumberSeries
from channel.models.rebates import RebatePolicy, RebateRun
from channel.models.receivables import InvoiceLine
from channel.queries import rebates_base as base
from channel.queries.rebates_policies import terms_of
from channel.services.work import Work
from contracts.rebates.compute import compute, steps_to_json
from contracts.rebates.figures import plain
from contracts.values.periods import Period


@dataclass(frozen=True)
class PolicyFacts:
    """What one policy is computed from: bases, enrolled days and what was granted before."""

    policy: RebatePolicy
    bases: dict[base.Owner, base.Base]
    #: None: every distributor is enrolled all the time.
    spans: dict[int, base.Spans] | None
    granted: dict[base.Owner, int]


def freeze_lines(w: Work) -> int:
    """Keep new invoice lines out until the end of the transaction; gives the last line's id.

    Line ids are drawn before their transaction commits, so without the lock a line below the
    highest visible id could still appear. On SQLite the transaction excludes writers already.
    """
    if w.session.get_bind().dialect.name == "postgresql":
        w.session.execute(sa.text(f"LOCK TABLE {InvoiceLine.__tablename__} IN SHARE MODE"))
    return base.newest_line_id()


def gather(policies: Sequence[RebatePolicy], period: Period) -> list[PolicyFacts]:
    """The facts of all distributors for the policies of a period."""
    groups = base.group_ids()
    granted = base.granted(period, [policy.code for policy in policies])
    found = []
    for policy in policies:
        by_agreement = policy.enrols == "agreement"
        spans = base.enrolled_spans(policy.code, period) if by_agreement else None
        found.append(
            PolicyFacts(
                policy,
                base.base_sums(policy, terms_of(policy), period, groups, spans),
                spans,
                {
                    (owner, currency): fen
                    for (code, owner, currency), fen in granted.items()
                    if code == policy.code
                },
            )
        )
    return found


def inputs_hash(period: Period, facts: Sequence[PolicyFacts]) -> str:
    """SHA-256 over the period, the policies' texts, the bases and what was granted before."""
    data = [
        [
            one.policy.code,
            one.policy.version_no,
            one.policy.terms_hash,
            one.policy.enrols,
            sorted([*owner, b.e4, b.lines] for owner, b in one.bases.items()),
            sorted([*owner, fen] for owner, fen in one.granted.items()),
        ]
        for one in facts
    ]
    text = json.dumps([period.label, data], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def statement_rows(run: RebateRun, period: Period, facts: PolicyFacts) -> Iterator[dict[str, Any]]:
    """The statements of one policy as rows, one by one: entitlement so far less granted before.

    Who was granted something and has no base any more is computed on nothing, so that it is
    taken back. Where a posted statement exists and nothing changed, there is no row.
    """
    terms = terms_of(facts.policy)
    nothing = base.Base(0, 0)
    for owner in sorted(facts.bases.keys() | facts.granted.keys()):
        part = facts.bases.get(owner, nothing)
        result = compute(terms, plain(part.e4), owner[1])
        before = facts.granted.get(owner)
        amount = result.entitlement_fen - (before or 0)
        if before is not None and amount == 0:
            continue
        spans = None if facts.spans is None else facts.spans.get(owner[0], ())
        yield {
            "run_id": run.id,
            "distributor_id": owner[0],
            "policy_id": facts.policy.id,
            "policy_code": facts.policy.code,
            "currency": owner[1],
            "spans": base.spans_to_json(spans),
            "base_e4": part.e4,
            "line_count": part.lines,
            "base_fen": int(result.base.scaleb(2)),
            "tier_hit": result.tier_hit,
            "entitlement_fen": result.entitlement_fen,
            "granted_before_fen": before or 0,
            "amount_fen": amount,
            "steps": steps_to_json(result.steps),
            "period_start": period.start,
            "period_end": period.end,
        }


def draw_many(w: Work, prefix: str, on: date, count: int) -> list[str]:
    """The next numbers of a series, in one go; without gaps, because a rollback returns them.

    Drawing also makes postings wait for each other, since the series is one row.
    """
    if count == 0:
        return []
    series = f"{prefix}-{on.year}"
    first = w.number(series)
    w.session.execute(
        sa.update(NumberSeries)
        .where(NumberSeries.name == series)
        .values(value=NumberSeries.value + (count - 1))
    )
    return [f"{series}-{number:06d}" for number in range(first, first + count)]

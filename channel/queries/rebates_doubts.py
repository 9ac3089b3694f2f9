"""What is doubtful about a run as a whole, for its reviewer: counted in SQL before the list."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.db import db
from channel.models.rebates import RebatePolicy, RebateRun, RebateStatement
from channel.queries.rebates_policies import groups_of_products, terms_of
from contracts.rebates.beside import pays_same_lines, stands_to

_s = RebateStatement
#: What keeps a statement from being measured → the step that says so.
_LACKS = {
    "baseline": "rebate.step.no_baseline",
    "target": "rebate.step.no_target",
    "proof": "rebate.step.condition_unproven",
}


@dataclass(frozen=True)
class TrueUps:
    """How many statements put settled periods right in one currency, and by how much."""

    currency: str
    count: int
    fen: int


def lacking(run: RebateRun) -> list[tuple[str, str, int]]:
    """(policy, what is missing: baseline, target or proof, statements that pay nothing for it)."""
    steps = sa.cast(_s.steps, sa.Text)
    counts = [
        sa.func.sum(sa.case((steps.contains(code, autoescape=True), 1), else_=0))
        for code in _LACKS.values()
    ]
    rows = db.session.execute(
        sa.select(_s.policy_code, *counts)
        .where(_s.run_id == run.id)
        .group_by(_s.policy_code)
        .order_by(_s.policy_code)
    )
    return [
        (code, what, int(n))
        for code, *found in rows
        for what, n in zip(_LACKS, found, strict=True)
        if n
    ]


def true_ups(run: RebateRun) -> list[TrueUps]:
    """Statements of other periods than the run's own, by currency."""
    rows = db.session.execute(
        sa.select(_s.currency, sa.func.count(), sa.func.sum(_s.amount_fen))
        .where(
            _s.run_id == run.id,
            sa.or_(_s.period_start != run.period_start, _s.period_end != run.period_end),
        )
        .group_by(_s.currency)
        .order_by(_s.currency)
    )
    return [TrueUps(currency, count, int(fen)) for currency, count, fen in rows]


def paid_twice(run: RebateRun) -> list[tuple[str, str, int]]:
    """(policy, policy, distributors): both pay, an invoice line can count for both, and neither
    says how it stands to the other."""
    one, two = aliased(_s), aliased(_s)
    rows = db.session.execute(
        sa.select(one.policy_id, two.policy_id, sa.func.count(one.distributor_id.distinct()))
        .join(
            two,
            sa.and_(
                two.run_id == one.run_id,
                two.distributor_id == one.distributor_id,
                two.currency == one.currency,
                two.period_start == one.period_start,
                two.policy_code > one.policy_code,
            ),
        )
        .where(one.run_id == run.id, one.entitlement_fen > 0, two.entitlement_fen > 0)
        .group_by(one.policy_id, two.policy_id)
    ).all()
    if not rows:
        return []
    ids = {i for first, second, _n in rows for i in (first, second)}
    terms = {
        policy.id: terms_of(policy)
        for policy in db.session.scalars(sa.select(RebatePolicy).where(RebatePolicy.id.in_(ids)))
    }
    group_of = groups_of_products()
    return sorted(
        (terms[first].code, terms[second].code, count)
        for first, second, count in rows
        if not stands_to(terms[first], terms[second])
        and pays_same_lines(terms[first], terms[second], group_of)
    )

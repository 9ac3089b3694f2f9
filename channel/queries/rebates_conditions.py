"""What conditions of policies would leave today: distributor by distributor, before any run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.agreements import PolicyEnrolment
from channel.models.partners import Distributor
from channel.models.rebates import RebatePolicy
from channel.queries import rebates_evidence
from channel.queries.rebates_policies import ruling_on, terms_of
from channel.queries.scope import visible
from contracts.rebates.conditions import Judged, judge
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period

#: So many distributors on a page.
PAGE = 50


@dataclass(frozen=True)
class Found:
    """A distributor with each condition of the policy as it stands."""

    distributor: Distributor
    judged: tuple[Judged, ...]


@dataclass(frozen=True)
class Board:
    """One page of distributors under one policy in one period; `count` is of all pages."""

    terms: RebateTerms
    period: Period
    rows: tuple[Found, ...]
    count: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


def with_conditions(day: date) -> list[tuple[RebatePolicy, RebateTerms, Period]]:
    """The policies that rule on a day and have conditions, each with its period."""
    found = [(policy, terms_of(policy), period) for policy, period in ruling_on(day)]
    return [row for row in found if row[1].conditions]


def board(actor: Actor, policy: RebatePolicy, period: Period, on: date, page: int = 1) -> Board:
    """Whoever earns under the policy in the period, by code, with what the conditions found."""
    d, terms = Distributor, terms_of(policy)
    conditions = [visible(actor, d.id), d.is_active.is_(True)]
    if policy.enrols == "agreement":
        enrolled = PolicyEnrolment
        conditions.append(
            sa.exists().where(
                enrolled.distributor_id == d.id,
                enrolled.policy_code == policy.code,
                enrolled.valid_from < period.end,
                enrolled.valid_to > period.start,
            )
        )
    count = db.session.scalar(sa.select(sa.func.count()).select_from(d).where(*conditions)) or 0
    page = max(1, min(page, -(-count // PAGE) or 1))
    rows = db.session.scalars(
        sa.select(d).where(*conditions).order_by(d.code).limit(PAGE).offset((page - 1) * PAGE)
    ).all()
    evidence = rebates_evidence.evidence(terms, period, [row.id for row in rows], on)
    found = tuple(Found(row, judge(terms.conditions, evidence[row.id])) for row in rows)
    return Board(terms, period, found, count, page)

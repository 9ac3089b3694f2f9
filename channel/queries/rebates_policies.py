"""Reads of rebate policies: which version rules a period, the list, and what a version says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.catalogue import Product, ProductGroup
from channel.models.rebates import RebatePolicy, RebateRun, RebateStatement
from channel.queries.listing import Column, Filter, Listing
from contracts.rebates.model import PERIOD_KINDS, RebateTerms
from contracts.rebates.terms_json import from_json
from contracts.values.periods import Period, PeriodKind

_p = RebatePolicy


def ruling(period: Period) -> list[RebatePolicy]:
    """The versions that count for a calendar period, by code.

    Of each code the highest approved version that is valid at the period's start; it counts when
    it settles periods of this very kind.
    """
    newest = (
        sa.select(_p.code, sa.func.max(_p.version_no).label("version_no"))
        .where(_p.state == "approved", _p.valid_from <= period.start)
        .group_by(_p.code)
        .subquery()
    )
    rows = db.session.scalars(
        sa.select(_p)
        .join(newest, sa.and_(newest.c.code == _p.code, newest.c.version_no == _p.version_no))
        .order_by(_p.code)
    )
    return [policy for policy in rows if policy.terms["period_kind"] == period.kind]


def ruling_by_code(
    codes: Collection[str], day: date, known: datetime | None = None
) -> list[RebatePolicy]:
    """Of each of these codes the highest approved version that is valid on the day.

    `known`: what was approved later than this instant is not seen.
    """
    conditions = [_p.state == "approved", _p.valid_from <= day, _p.code.in_(sorted(codes))]
    if known is not None:
        conditions.append(sa.or_(_p.approved_at.is_(None), _p.approved_at <= known))
    newest: dict[str, RebatePolicy] = {}
    for policy in db.session.scalars(
        sa.select(_p).where(*conditions).order_by(_p.code, _p.version_no)
    ):
        newest[policy.code] = policy
    return list(newest.values())


def bundles_on(day: date, known: datetime | None = None) -> list[RebatePolicy]:
    """The policies that count bundles on the day; `known` as of `ruling_by_code`."""
    with_bundle = sa.select(_p.code).where(
        _p.state == "approved", sa.cast(_p.terms, sa.Text).contains('"bundle"')
    )
    codes = set(db.session.scalars(with_bundle))
    if not codes:
        return []
    return [p for p in ruling_by_code(codes, day, known) if p.terms.get("bundle")]


def ruling_on(day: date) -> list[tuple[RebatePolicy, Period]]:
    """Each policy with the period of its kind in which the day lies."""
    found = []
    for kind in PERIOD_KINDS:
        period = Period.containing(day, kind)
        found += [(policy, period) for policy in ruling(period)]
    return sorted(found, key=lambda pair: pair[0].code)


def terms_of(policy: RebatePolicy) -> RebateTerms:
    """The terms of the version, under its code and name."""
    return replace(from_json(policy.terms), code=policy.code, name=policy.name)


def kinds_in_use() -> list[PeriodKind]:
    """The kinds of period for which an approved policy exists, from the shortest up."""
    found = {
        terms["period_kind"]
        for terms in db.session.scalars(sa.select(_p.terms).where(_p.state == "approved"))
    }
    return [kind for kind in PERIOD_KINDS if kind in found]


def get_policy(actor: Actor, policy_id: int) -> RebatePolicy:
    """A version, for the house; a distributor reads its policy in its statements."""
    policy = db.session.get(_p, policy_id)
    if policy is None or actor.is_distributor:
        raise NotVisible
    return policy


def versions(code: str) -> list[RebatePolicy]:
    """All versions of a policy, the newest first."""
    return list(
        db.session.scalars(sa.select(_p).where(_p.code == code).order_by(_p.version_no.desc()))
    )


def standing() -> list[RebateTerms]:
    """The terms of the newest approved version of every policy, by code."""
    newest = (
        sa.select(_p.code, sa.func.max(_p.version_no).label("version_no"))
        .where(_p.state == "approved")
        .group_by(_p.code)
        .subquery()
    )
    rows = db.session.scalars(
        sa.select(_p)
        .join(newest, sa.and_(newest.c.code == _p.code, newest.c.version_no == _p.version_no))
        .order_by(_p.code)
    )
    return [terms_of(policy) for policy in rows]


def groups_of_products() -> dict[str, str]:
    """Product code → code of its group, of all goods: policies are told apart by them."""
    rows = db.session.execute(
        sa.select(Product.code, ProductGroup.code).join(
            ProductGroup, ProductGroup.id == Product.group_id
        )
    )
    return {product: group for product, group in rows}


def posted_until(code: str) -> date | None:
    """The end of the last period for which statements of this policy were posted."""
    return db.session.scalar(
        sa.select(sa.func.max(RebateRun.period_end))
        .join(RebateStatement, RebateStatement.run_id == RebateRun.id)
        .where(RebateStatement.policy_code == code, RebateRun.state == "posted")
    )


def codes() -> list[tuple[str, str]]:
    """(code, «code name») of the approved policies, for agreements that name them."""
    rows = db.session.execute(
        sa.select(_p.code, _p.name, _p.version_no)
        .where(_p.state == "approved")
        .order_by(_p.code, _p.version_no)
    )
    return list({code: (code, f"{code} {name}") for code, name, _version in rows}.values())


POLICIES = Listing(
    name="rebate-policies",
    title=_l("Rebate policies"),
    identity=_p.id,
    source=_p,
    columns=[
        Column("code", _l("code"), _p.code, "code"),
        Column("name", _l("name"), _p.name),
        Column("version_no", _l("version"), _p.version_no, "quantity"),
        Column("valid_from", _l("valid from"), _p.valid_from, "date"),
        Column("state", _l("state"), _p.state, "state"),
    ],
    default_sort="code",
    scope=lambda actor: sa.false() if actor.is_distributor else sa.true(),
    filters=[
        Filter(
            "state",
            _l("state"),
            _p.state,
            choices=[
                ("draft", _l("draft")),
                ("review", _l("in review")),
                ("approved", _l("approved")),
                ("retired", _l("retired")),
            ],
        ),
    ],
    search=[_p.code, _p.name],
    endpoint="rebates.policy",
    empty=_l("No rebate policy yet: draft the first one, then let a second person approve it."),
)

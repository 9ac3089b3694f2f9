"""Reads of credit policies: the one that rules on a date, with what a check needs beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.credit_policies import CreditPolicyVersion, CreditTrial
from channel.models.orders import Order, OrderLine
from channel.models.scores import CreditGrade
from channel.queries.listing import Column, Filter, Listing
from credit.holds import Point
from credit.policy import CreditPolicy, Mode, from_json

#: The version that the house began with: it rules documents from before all others, too.
FIRST_NUMBER = 1


@dataclass(frozen=True)
class Ruling:
    """The policy that rules on a date, with what else a check must know of the debtor.

    `grade` is the credit grade accepted by then, '' for none; `later` what of the open orders is
    wanted after the date, by day in fen.
    """

    number: int
    policy: CreditPolicy
    grade: str
    later: tuple[tuple[date, int], ...]


def ruling(distributor_id: int, currency: str, on: date, begun: Collection[int] = ()) -> Ruling:
    """One statement; orders that have begun to ship (`begun`) are wanted now, whole."""
    p = CreditPolicyVersion
    later = _later(distributor_id, currency, on, begun)
    rows = db.session.execute(
        sa.select(p.number, p.policy, _grade(distributor_id, on), later.c.deliver_on, later.c.fen)
        .select_from(p)
        .outerjoin(later, sa.true())
        .where(p.id == _ruling_id(on))
        .order_by(later.c.deliver_on)
    ).all()
    number, policy, grade, *_rest = rows[0]
    days = tuple((day, int(fen)) for *_rest, day, fen in rows if day is not None)
    return Ruling(number, from_json(policy), grade or "", days)


def _ruling_id(on: date) -> Any:
    p = CreditPolicyVersion.__table__.alias("ruling")
    return (
        sa.select(p.c.id)
        .where(
            p.c.state == "approved",
            sa.or_(p.c.valid_from <= on, p.c.number == FIRST_NUMBER),
        )
        .order_by(p.c.valid_from.desc(), p.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )


def _grade(distributor_id: int, on: date) -> Any:
    g = CreditGrade
    return (
        sa.select(g.grade)
        .where(g.distributor_id == distributor_id, g.state == "accepted", g.graded_on <= on)
        .order_by(g.graded_on.desc(), g.turn.desc())
        .limit(1)
        .scalar_subquery()
    )


def _later(distributor_id: int, currency: str, on: date, begun: Collection[int]) -> Any:
    """What is reserved for orders that are wanted after the date, by day."""
    rows = _wanted_after(distributor_id, currency, on).where(Order.id.not_in(begun)).subquery()
    return (
        sa.select(rows.c.deliver_on, sa.func.sum(rows.c.fen).label("fen"))
        .group_by(rows.c.deliver_on)
        .subquery()
    )


def _wanted_after(distributor_id: int, currency: str, on: date) -> Any:
    """(order, day, fen reserved) of each confirmed order that is wanted after the date."""
    line = OrderLine
    open_fen = line.unit_gross_fen * (line.quantity - line.shipped_quantity)
    goods = sa.func.coalesce(sa.func.sum(sa.case((line.is_free, 0), else_=open_fen)), 0)
    return (
        sa.select(Order.id, Order.deliver_on, (Order.freight_fen + goods).label("fen"))
        .join(line, line.order_id == Order.id)
        .where(
            Order.distributor_id == distributor_id,
            Order.currency == currency,
            Order.state == "confirmed",
            Order.deliver_on.is_not(None),
            Order.deliver_on > on,
        )
        .group_by(Order.id)
    )


def wanted_after(distributor_id: int, currency: str, on: date) -> list[tuple[int, date, int]]:
    """(order, day, fen reserved) of each confirmed order that is wanted after the date."""
    rows = db.session.execute(_wanted_after(distributor_id, currency, on))
    return [(order_id, day, int(fen)) for order_id, day, fen in rows]


def in_force(on: date) -> CreditPolicyVersion:
    """The version that rules on a date."""
    return db.session.scalars(
        sa.select(CreditPolicyVersion).where(CreditPolicyVersion.id == _ruling_id(on))
    ).one()


def firm_points(on: date) -> list[str]:
    """The control points at which the ruling policy lets no exception through."""
    policy = policy_of(in_force(on))
    return [point.value for point in Point if policy.at(point).mode is Mode.BLOCK]


def get_policy(actor: Actor, policy_id: int) -> CreditPolicyVersion:
    """The version; it is the house's own matter, so no distributor sees it."""
    found = None if actor.is_distributor else db.session.get(CreditPolicyVersion, policy_id)
    if found is None:
        raise NotVisible
    return found


def policy_of(version: CreditPolicyVersion) -> CreditPolicy:
    return from_json(version.policy)


def version_before(version: CreditPolicyVersion) -> CreditPolicyVersion | None:
    """What ruled, or would rule, when the version begins."""
    p = CreditPolicyVersion
    return db.session.scalars(
        sa.select(p)
        .where(
            p.state == "approved",
            p.id != version.id,
            sa.or_(
                p.valid_from < version.valid_from,
                sa.and_(p.valid_from == version.valid_from, p.number < version.number),
            ),
        )
        .order_by(p.valid_from.desc(), p.number.desc())
        .limit(1)
    ).first()


def has_trial(policy_id: int) -> bool:
    """Whether the version was tried on a whole month at least once."""
    t = CreditTrial
    done = sa.select(t.id).where(t.policy_id == policy_id, t.finished_at.is_not(None)).limit(1)
    return db.session.scalar(done) is not None


_p = CreditPolicyVersion
POLICIES = Listing(
    name="credit-policies",
    title=_l("Credit policies"),
    identity=_p.id,
    source=_p,
    columns=[
        Column("number", _l("version"), _p.number, "quantity"),
        Column("valid_from", _l("valid from"), _p.valid_from, "date"),
        Column("reason", _l("reason"), _p.reason, wide=True),
        Column("state", _l("state"), _p.state, "state"),
    ],
    default_sort="-number",
    scope=lambda actor: sa.false() if actor.is_distributor else sa.true(),
    filters=[
        Filter(
            "state",
            _l("state"),
            _p.state,
            choices=[
                ("proposed", _l("proposed")),
                ("approved", _l("approved")),
                ("withdrawn", _l("withdrawn")),
            ],
        ),
    ],
    search=[_p.reason],
    endpoint="credit_policies.record",
    empty=_l("No credit policy."),
)

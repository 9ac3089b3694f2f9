"""Reads for target plans: history by season and group, peers with their growth, and the lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.partners import Distributor
from channel.models.targets import TargetPlan
from channel.queries import targets, territories
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible
from contracts import plans
from contracts.plans import Weights
from contracts.values.findings import Finding
from contracts.values.money import allocate
from contracts.values.periods import Period
from contracts.values.rates import Rate


def base_span(year: int, today: date) -> Period:
    """What a year's target grows from: the year before, or while it runs the last twelve months
    that are over."""
    before = Period.year(year - 1)
    if before.last_day < today:
        return before
    end = today.replace(day=1)
    return Period(end.replace(year=end.year - 1), end)


def _a_year_before(span: Period) -> Period:
    return Period(span.start.replace(year=span.start.year - 1), span.start)


@dataclass(frozen=True)
class History:
    """What a distributor bought in the base span: in all, by month (1 to 12) and by group."""

    span: Period
    net_fen: int
    by_month: Mapping[int, int]
    by_group: Mapping[str, int]

    def weights(self, groups: Sequence[str]) -> Weights:
        """The seasons and the groups of the past as weights; even ones where nothing was sold."""
        months = [max(self.by_month.get(m, 0), 0) for m in range(1, 13)]
        quarters = [sum(months[q * 3 : q * 3 + 3]) for q in range(4)]
        goods = [max(self.by_group.get(g, 0), 0) for g in groups]
        shares = [
            share
            for q in range(4)
            for share in (allocate(100, months[q * 3 : q * 3 + 3]) if quarters[q] else [1, 1, 1])
        ]
        return Weights(
            tuple(allocate(100, quarters) if any(quarters) else [25] * 4),
            tuple(shares),
            tuple(
                zip(groups, allocate(100, goods) if any(goods) else [1] * len(goods), strict=True)
            ),
        )


def history(distributor_id: int, year: int, today: date) -> History:
    span = base_span(year, today)
    months = span.split("month")
    found = targets.sold([distributor_id], months, span.last_day)
    by_month: dict[int, int] = {}
    by_group: dict[str, int] = {}
    for month in months:
        for group, fen in found[distributor_id, month].net_by_group().items():
            by_month[month.start.month] = by_month.get(month.start.month, 0) + fen
            by_group[group] = by_group.get(group, 0) + fen
    return History(span, sum(by_month.values()), by_month, by_group)


@dataclass(frozen=True)
class Peer:
    """A distributor of the same parent territory, and by how much it grows."""

    code: str
    name: str
    #: None where neither a plan nor sales of two years tell.
    growth: Rate | None
    #: plan: what its plan of the year asks; sales: what it grew by.
    source: str


@dataclass(frozen=True)
class Grounds:
    """What a target is held against, with the findings."""

    span: Period
    base_fen: int
    growth: Rate | None
    parent: str
    peers: tuple[Peer, ...]
    mean: Rate | None
    bound: Rate
    findings: tuple[Finding, ...]

    @property
    def is_unreasonable(self) -> bool:
        return any(f.code == "target.unreasonable" for f in self.findings)


def grounds(plan: TargetPlan, bound_bp: int, today: date) -> Grounds:
    """The growth that a plan asks, against the growth of its peers and the house's bound."""
    span = base_span(plan.year, today)
    before = _a_year_before(span)
    parent, others = peers_of(plan.distributor, today)
    ids = [plan.distributor_id, *(d.id for d in others)]
    found = targets.sold(ids, [span, before], span.last_day)

    def net(owner: int, period: Period) -> int:
        shipped, returned = found[owner, period].within(())
        return shipped - returned

    planned = _planned([d.id for d in others], plan.year)
    peers = []
    for other in others:
        base = net(other.id, span)
        rate, source = plans.growth(base, net(other.id, before)), "sales"
        if other.id in planned and base > 0:
            rate, source = plans.growth(planned[other.id], base), "plan"
        peers.append(Peer(other.code, other.name, rate, source))
    asked = plans.growth(plan.total_fen, net(plan.distributor_id, span))
    known = [p.growth for p in peers if p.growth is not None]
    bound = Rate.basis_points(bound_bp)
    return Grounds(
        span,
        net(plan.distributor_id, span),
        asked,
        parent,
        tuple(peers),
        plans.average(known),
        bound,
        tuple(plans.check_growth(asked, known, bound)),
    )


def _planned(ids: Sequence[int], year: int) -> dict[int, int]:
    """distributor → the total of its plan of the year that is submitted or signed."""
    rows = db.session.execute(
        sa.select(TargetPlan.distributor_id, TargetPlan.total_fen)
        .where(
            TargetPlan.distributor_id.in_(ids),
            TargetPlan.year == year,
            TargetPlan.state.in_(("review", "signed")),
        )
        .order_by(TargetPlan.id)
    )
    return {owner: fen for owner, fen in rows}


def peers_of(owner: Distributor, on: date) -> tuple[str, list[Distributor]]:
    """(the parent territory, the other distributors directly below it).

    Where there are none, all below the nearest territory above that has any.
    """
    if owner.division_code is None:
        return "", []
    others = list(
        db.session.scalars(
            sa.select(Distributor).where(
                Distributor.id != owner.id,
                Distributor.is_active.is_(True),
                Distributor.division_code.is_not(None),
            ).order_by(Distributor.code)
        )
    )  # fmt: skip
    codes = {owner.division_code} | {d.division_code for d in others if d.division_code}
    tree = territories.ancestors(codes, on)

    def above(code: str | None) -> list[str]:
        path: list[str] = []
        while code is not None and code not in path:
            path.append(code)
            code = tree.get(code)
        return path

    paths = {d.id: above(d.division_code) for d in others}
    own = above(owner.division_code)
    siblings = [d for d in others if paths[d.id][1:2] == own[1:2] != []]
    if siblings:
        return own[1], siblings
    for parent in own[1:]:
        below = [d for d in others if parent in paths[d.id]]
        if below:
            return parent, below
    return "", []


def grounds_to_json(found: Grounds) -> dict[str, Any]:
    def percent(rate: Rate | None) -> str | None:
        return None if rate is None else str(rate.as_percent())

    return {
        "start": found.span.start.isoformat(),
        "end": found.span.end.isoformat(),
        "base_fen": found.base_fen,
        "growth": percent(found.growth),
        "parent": found.parent,
        "peers": [[p.code, p.name, percent(p.growth), p.source] for p in found.peers],
        "mean": percent(found.mean),
        "bound": percent(found.bound),
    }


def grounds_from_json(stored: Mapping[str, Any]) -> Grounds:
    """As it stood when the plan was submitted; the findings follow from the figures."""

    def rate(text: str | None) -> Rate | None:
        return None if text is None else Rate.percent(text)

    peers = tuple(Peer(code, name, rate(text), kind) for code, name, text, kind in stored["peers"])
    asked, bound = rate(stored["growth"]), Rate.percent(stored["bound"])
    known = [p.growth for p in peers if p.growth is not None]
    span = Period(date.fromisoformat(stored["start"]), date.fromisoformat(stored["end"]))
    return Grounds(
        span,
        stored["base_fen"],
        asked,
        stored["parent"],
        peers,
        rate(stored["mean"]),
        bound,
        tuple(plans.check_growth(asked, known, bound)),
    )


def get_plan(actor: Actor, plan_id: int) -> TargetPlan:
    """A plan with its distributor; a distributor sees signed plans only, and its own."""
    plan: TargetPlan = get_visible(actor, TargetPlan, plan_id, joinedload(TargetPlan.distributor))
    if actor.is_distributor and plan.state not in ("signed", "superseded"):
        raise NotVisible
    return plan


def drafts_of(distributor_id: int) -> list[tuple[str, str]]:
    """(version id, «CX-2026-D1 v2») of the agreement drafts that can take targets."""
    rows = db.session.execute(
        sa.select(AgreementVersion.id, Agreement.number, AgreementVersion.version_no)
        .join(Agreement, Agreement.id == AgreementVersion.agreement_id)
        .where(Agreement.distributor_id == distributor_id, AgreementVersion.state == "draft")
        .order_by(AgreementVersion.id.desc())
    )
    return [(str(i), f"{number} v{version}") for i, number, version in rows]


def plans_listing() -> Listing:
    p = TargetPlan

    def scope(actor: Actor) -> Any:
        own = visible(actor, p.distributor_id)
        if actor.is_distributor:
            return sa.and_(own, p.state.in_(("signed", "superseded")))
        return own

    return Listing(
        name="target-plans",
        title=_l("Target plans"),
        identity=p.id,
        source=sa.join(p, Distributor, Distributor.id == p.distributor_id),
        columns=[
            Column("number", _l("number"), p.number, "code"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("year", _l("year"), p.year, "code"),
            Column("total", _l("target of the year"), p.total_fen, "fen"),
            Column("signed_at", _l("signed on"), p.signed_at, "instant", wide=True),
            Column("state", _l("state"), p.state, "state"),
        ],
        default_sort="-number",
        scope=scope,
        filters=[
            Filter(
                "state",
                _l("state"),
                p.state,
                choices=[
                    ("draft", _l("draft")),
                    ("review", _l("in review")),
                    ("signed", _l("signed")),
                    ("superseded", _l("superseded")),
                ],
            ),
            Filter("year", _l("year"), p.year, choices=_years),
        ],
        search=[p.number, Distributor.code, Distributor.name],
        currency=p.currency,
        endpoint="targets.plan",
        empty=_l("No plan yet: build one from a distributor's history."),
    )


def _years() -> list[tuple[str, str]]:
    rows = db.session.scalars(sa.select(TargetPlan.year).distinct().order_by(TargetPlan.year))
    return [(str(y), str(y)) for y in rows]

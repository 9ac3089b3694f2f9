"""Safety stock by the method that fits each product's demand, and the order that follows from it.

Histories are the current reports of the same kind (months or weeks) up to the one at hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from channel.db import db
from channel.models.catalogue import Product
from channel.models.stock import InventoryReport
from channel.models.stock_advice import StockPolicy
from channel.queries.stock_advice import COVER_DAYS, SAFETY_DAYS, Ground, ground
from channel.queries.stock_facts import TRANSIT_DAYS, is_current
from channel.queries.stock_orders import lead_times
from channel.queries.stock_trend import by_report
from channel.rules.demand import Observation, Profile, deviation_of, mean_of
from channel.rules.replenishment import Suggestion, check_safety, days_of_cover, order_up_to
from channel.rules.replenishment_methods import Level, Method, Plan, choose, level
from channel.rules.replenishment_replay import Replay, replay
from contracts.values.findings import Finding, warn

#: So many reports make a history at most.
HISTORY_PERIODS = 24
#: What holds for a product without a policy of its own.
SERVICE_BP = 9500
REVIEW_DAYS = 14
#: Reports of at least so many days are months; the others are weeks.
MONTH_DAYS = 28


@dataclass(frozen=True)
class LeadTime:
    """How long goods take from order to arrival; `n` 0: nothing shipped, the road alone counts."""

    days: Decimal
    deviation: Decimal
    n: int


@dataclass(frozen=True)
class Advised:
    """One product: its demand, the method and why, the level, and the order up to it."""

    product: Product
    profile: Profile
    plan: Plan
    policy: StockPolicy | None
    #: The rule that chose the method; None where a policy did.
    choice: Finding | None
    level: Level
    #: What holds: the method's level, or days of cover where the method was refused.
    ruling: Level
    stock: int
    closing: int
    in_transit: int
    on_order: int
    cover: Decimal | None
    suggestion: Suggestion
    unit_fen: int | None
    warnings: tuple[Finding, ...]
    replay: Replay | None

    @property
    def value_fen(self) -> int | None:
        return None if self.unit_fen is None else self.unit_fen * self.suggestion.quantity


@dataclass(frozen=True)
class Advices:
    """All products of a report, in the order of their codes."""

    goods: tuple[Advised, ...]
    lead: LeadTime
    floor_fen: int
    ground: Ground

    @property
    def value_fen(self) -> int:
        return sum(one.value_fen or 0 for one in self.goods)

    @property
    def below(self) -> list[Finding]:
        return [finding for one in self.goods for finding in one.warnings]

    @property
    def has_order(self) -> bool:
        return any(one.suggestion.quantity for one in self.goods)

    @property
    def is_short(self) -> bool:
        return self.has_order and self.value_fen < self.floor_fen

    def of(self, product_id: int) -> Advised | None:
        return next((one for one in self.goods if one.product.id == product_id), None)


def rulings(report: InventoryReport, on: date, facts: Ground) -> dict[int, Level]:
    """product id → the level by the method that fits its demand."""
    return {one.product.id: one.ruling for one in advise_by_method(report, on, facts).goods}


def advise_by_method(report: InventoryReport, on: date, facts: Ground | None = None) -> Advices:
    """The advice at the end of the report's period, in a handful of statements."""
    facts = facts or ground(report, on)
    profiles = histories(report)
    held = policies(report.distributor_id, on)
    lead = lead_time(report.distributor_id, on)
    goods = tuple(
        _advised(facts, product, profiles[product.id], held.get(product.id), lead)
        for product in sorted(facts.products.values(), key=lambda one: one.code)
    )
    return Advices(goods, lead, facts.floor_fen, facts)


def _advised(
    facts: Ground, product: Product, profile: Profile, policy: StockPolicy | None, lead: LeadTime
) -> Advised:
    pace = facts.paces[product.id]
    plan = plan_of(policy, lead, (pace.sold, pace.days))
    method, choice = _method(profile, policy)
    found = level(profile, plan, method)
    ruling = level(profile, plan, Method.COVER) if found.is_refused else found
    assert ruling.safety is not None and ruling.target is not None  # days of cover always answer
    held = facts.sums[product.id]
    transit, on_order = facts.transit(product.id), facts.on_order.get(product.id, 0)
    interval = plan.lead_days + plan.review_days
    return Advised(
        product=product,
        profile=profile,
        plan=plan,
        policy=policy,
        choice=choice,
        level=found,
        ruling=ruling,
        stock=held.stock,
        closing=held.closing,
        in_transit=transit,
        on_order=on_order,
        cover=days_of_cover(held.stock, pace.sold, pace.days),
        suggestion=order_up_to(
            ruling.target, held.stock, transit, product.units_per_case, on_order
        ),
        unit_fen=facts.units[product.code],
        warnings=tuple(_warnings(product, held.closing, held.stock, ruling.safety)),
        replay=replay(profile.history, interval, ruling.target) if interval > 0 else None,
    )


def _warnings(product: Product, closing: int, stock: int, safety: int) -> list[Finding]:
    """Below the level; a negative closing is set apart, because no advice can stand on it."""
    if closing < 0:
        return [warn("stock.quarantined", product.code, product=product.name, quantity=closing)]
    return check_safety(product.name, stock, safety)


def _method(profile: Profile, policy: StockPolicy | None) -> tuple[Method, Finding | None]:
    if policy is not None and policy.method:
        return Method(policy.method), None
    return choose(profile)


def plan_of(policy: StockPolicy | None, lead: LeadTime, pace: tuple[int, int]) -> Plan:
    """The wishes of a policy, else the house's; a lead time set by hand has no deviation."""
    house = Plan(
        service=Decimal(SERVICE_BP) / 10_000,
        review_days=REVIEW_DAYS,
        lead_days=lead.days,
        lead_deviation=lead.deviation,
        safety_days=SAFETY_DAYS,
        cover_days=COVER_DAYS,
        pace=pace,
    )
    if policy is None:
        return house
    own = replace(
        house,
        service=Decimal(policy.service_bp) / 10_000,
        review_days=policy.review_days,
        safety_days=policy.safety_days,
        cover_days=policy.cover_days,
    )
    if policy.lead_days is None:
        return own
    return replace(own, lead_days=Decimal(policy.lead_days), lead_deviation=Decimal(0))


@dataclass(frozen=True)
class Alternative:
    """One method on the same history, and how its level would have done."""

    level: Level
    replay: Replay | None
    is_chosen: bool


def alternatives(one: Advised) -> list[Alternative]:
    """Every method, to be held beside the chosen one."""
    interval = one.plan.lead_days + one.plan.review_days
    found = []
    for method in Method:
        made = level(one.profile, one.plan, method)
        tried = None
        if made.target is not None and interval > 0:
            tried = replay(one.profile.history, interval, made.target)
        found.append(Alternative(made, tried, method is one.ruling.method))
    return found


def lead_time(distributor_id: int, on: date) -> LeadTime:
    """Mean and sample deviation of the last year's deliveries, to a hundredth of a day."""
    days = [Decimal(one) for one in lead_times(distributor_id, on)]
    mean = mean_of(days)
    if mean is None:
        return LeadTime(Decimal(TRANSIT_DAYS), Decimal(0), 0)
    spread = deviation_of(days) or Decimal(0)
    cent = Decimal("0.01")
    return LeadTime(mean.quantize(cent), spread.quantize(cent), len(days))


def histories(report: InventoryReport) -> dict[int, Profile]:
    """product id → what it sold in the reports up to this one; weeks and months are not mixed."""
    earlier = sa.and_(InventoryReport.period_end <= report.period_start, is_current())
    rows = db.session.execute(
        by_report()
        .where(
            InventoryReport.distributor_id == report.distributor_id,
            sa.or_(InventoryReport.id == report.id, earlier),
        )
        .order_by(InventoryReport.period_start)
    ).all()
    is_monthly = (report.period_end - report.period_start).days >= MONTH_DAYS
    found: dict[int, list[Observation]] = defaultdict(list)
    for row in rows:
        days = (row.period_end - row.period_start).days
        if (days >= MONTH_DAYS) is is_monthly:
            found[row.product_id].append(_observation(row, days))
    return {key: Profile(tuple(own[-HISTORY_PERIODS:])) for key, own in found.items()}


def _observation(row: Any, days: int) -> Observation:
    return Observation(row.period, days, int(row.sold), is_out=row.closing <= 0)


def policies(distributor_id: int, on: date) -> dict[int, StockPolicy]:
    """product id → the policy in force on the day."""
    rows = db.session.scalars(
        sa.select(StockPolicy)
        .where(StockPolicy.distributor_id == distributor_id, StockPolicy.valid_from <= on)
        .order_by(StockPolicy.valid_from, StockPolicy.id)
    )
    return {row.product_id: row for row in rows}


def policy_rows(distributor_id: int, product_id: int) -> list[StockPolicy]:
    """All that was decided for the product, the newest first."""
    return list(
        db.session.scalars(
            sa.select(StockPolicy)
            .options(joinedload(StockPolicy.made_by))
            .where(
                StockPolicy.distributor_id == distributor_id, StockPolicy.product_id == product_id
            )
            .order_by(StockPolicy.valid_from.desc(), StockPolicy.id.desc())
        )
    )


def safety_days(distributor_id: int, on: date) -> Mapping[int, int]:
    """product id → days of sales that the safety stock covers, where a policy says so."""
    return {key: one.safety_days for key, one in policies(distributor_id, on).items()}

"""Targets, mix, baselines and orders as rebates read them, for many distributors at once.

Targets and mix come from the agreement that rules on the last day of the period, or on its last
day in the period where it ended before. They include VAT, as targets do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.catalogue import Product, ProductGroup
from channel.models.orders import Order, OrderLine
from channel.models.partners import Distributor
from channel.models.rebates_evidence import GrowthBaseline
from channel.queries import agreements, targets
from channel.queries.rebates_evidence_asked import MOST_NAMED, Asked
from contracts import agreement as rules
from contracts import targets as target_rules
from contracts.clauses import MixRule
from contracts.rebates.figures import Evidence
from contracts.rebates.model import RebateTerms
from contracts.targets import Target
from contracts.values.periods import Period
from contracts.values.rates import EXACT

#: distributor id, currency
Owner = tuple[int, str]
#: (distributor, currency, number of the agreement, its terms)
Ruling = tuple[int, str, str, rules.Terms]
#: A percentage is cut, never rounded up, after so many places: 99.99999 is not yet 100.
PLACES = 4


def _ruling(period: Period, day: date, ids: Collection[int]) -> list[Ruling]:
    """What rules on a day of the period, else what ruled last in it; one statement."""
    version = AgreementVersion
    conditions = [
        version.state.in_(agreements.SIGNED),
        version.valid_from < period.end,
        version.valid_to > period.start,
    ]
    if len(ids) <= MOST_NAMED:
        conditions.append(Agreement.distributor_id.in_(ids))
    rows = db.session.execute(
        sa.select(version, Distributor.currency)
        .join(version.agreement)
        .join(Distributor, Distributor.id == Agreement.distributor_id)
        .options(contains_eager(version.agreement))
        .where(*conditions)
        .order_by(Agreement.id, version.version_no)
    )
    best: dict[int, tuple[bool, date, Any, str]] = {}
    for row, currency in rows:
        days = agreements.as_rule(row).binding
        span = days.intersection(period) if days is not None else None
        if days is None or span is None or row.agreement.distributor_id not in ids:
            continue
        owner, rank = row.agreement.distributor_id, (days.contains(day), span.end)
        # The newest agreement, and of it the highest version, wins among equals.
        if owner not in best or rank >= best[owner][:2]:
            best[owner] = (*rank, row, currency)
    return [
        (owner, currency, row.agreement.number, rules.from_json(row.terms))
        for owner, (_rules, _until, row, currency) in best.items()
    ]


def _target(own: Iterable[Target], goods: frozenset[str], period: Period) -> int | None:
    """The fen promised for these goods in the period: at once, or in parts that fill it."""
    inside = sorted(
        (
            t
            for t in own
            if t.goods == goods and t.period.start >= period.start and t.period.end <= period.end
        ),
        key=lambda t: t.period,
    )
    whole = [t for t in inside if t.period == period]
    if whole:
        return sum(t.amount_fen for t in whole)
    reached = period.start
    for target in inside:
        if target.period.start != reached:
            return None
        reached = target.period.end
    return sum(t.amount_fen for t in inside) if inside and reached == period.end else None


def targets_e4(terms: RebateTerms, period: Period, ids: Collection[int]) -> dict[Owner, int]:
    """(distributor, its own currency) → target of the period in ten-thousandths, incl. VAT.

    The agreement's target for the very goods of the policy (none named: for all goods); who has
    none is missing. Targets are amounts incl. VAT: a policy that measures quantities has none,
    and one that measures without VAT is to be compared with sales incl. VAT.
    """
    if terms.base.measure == "quantity":
        return {}
    found = {}
    for owner, currency, _number, agreed in _ruling(period, period.last_day, ids):
        fen = _target(agreed.targets, terms.goods, period)
        if fen:
            found[owner, currency] = fen * 100
    return found


def _percent(part: int, whole: Decimal) -> Decimal:
    """A share in percent, cut after four places."""
    tens = 10**PLACES
    return EXACT.scaleb(Decimal(int(Decimal(part * 100 * tens) // whole)), -PLACES)


def attainment(asked: Asked) -> dict[int, Evidence]:
    """Percent of the agreed target that was reached, goods shipped less returned.

    The target for the goods of the policy, else the one for all goods. No value without one.
    """
    promised: dict[int, tuple[str, frozenset[str], int]] = {}
    for owner, _currency, number, agreed in _ruling(asked.period, asked.last, asked.ids):
        for goods in dict.fromkeys((asked.terms.goods, frozenset[str]())):
            fen = _target(agreed.targets, goods, asked.period)
            if fen:
                promised[owner] = (number, goods, fen)
                break
    sold = _sold(asked, promised)
    found = {}
    for owner, (number, goods, fen) in promised.items():
        shipped, returned = sold[owner, asked.period].within(goods)
        value = _percent(shipped - returned, Decimal(fen))
        ref = f"{number}: {_units(shipped - returned)} / {_units(fen)}"
        found[owner] = Evidence(value, (ref,))
    return found


def mix(asked: Asked) -> dict[int, Evidence]:
    """Percent of the agreed share of goods that was reached; of several rules the least.

    No value where the agreement has no rule for such a period.
    """
    agreed: dict[int, list[MixRule]] = {}
    for owner, _currency, _number, terms in _ruling(asked.period, asked.last, asked.ids):
        own = [rule for rule in terms.mix if rule.period_kind == asked.period.kind]
        if own:
            agreed[owner] = own
    sold = _sold(asked, agreed)
    found = {}
    for owner, own in agreed.items():
        net = sold[owner, asked.period].net_by_group()
        values, refs = [], []
        for rule in own:
            whole = target_rules.MixRule(frozenset({rule.group}), rule.share)
            reached = target_rules.mix(whole, net)
            wanted = rule.share.of(Decimal(max(reached.whole_fen, 0)))
            values.append(_percent(reached.part_fen, wanted) if wanted else Decimal(0))
            refs.append(f"{rule.group}: {reached.percent} % / {rule.share}")
        found[owner] = Evidence(min(values), tuple(refs))
    return found


def _sold(asked: Asked, owners: Mapping[int, Any]) -> Mapping[tuple[int, Period], targets.Sold]:
    """What went out and came back in the period, of those who promised something."""
    if not owners:
        return {}
    few = sorted(owners) if len(owners) <= MOST_NAMED else None
    return targets.sold(few, [asked.period], asked.on)


def _units(fen: int) -> str:
    return f"{Decimal(fen).scaleb(-2):,.2f}"


def baselines_e4(terms: RebateTerms, period: Period, ids: Collection[int]) -> dict[Owner, int]:
    """(distributor, currency) → the typed baseline of growth, in ten-thousandths of the measure.

    Only what a second person approved for this policy and this very period; of several the one
    approved last.
    """
    g = GrowthBaseline
    conditions = [
        g.policy_code == terms.code,
        g.period_start == period.start,
        g.period_end == period.end,
        g.state == "approved",
    ]
    if len(ids) <= MOST_NAMED:
        conditions.append(g.distributor_id.in_(ids))
    rows = db.session.execute(
        sa.select(g.distributor_id, g.currency, g.value_e4)
        .where(*conditions)
        .order_by(g.decided_at, g.id)
    )
    wanted = set(ids)
    return {(owner, currency): e4 for owner, currency, e4 in rows if owner in wanted}


def orders(terms: RebateTerms, period: Period, ids: Collection[int] | None) -> dict[Owner, int]:
    """(distributor, currency) → orders of the period that qualify; who has none is missing.

    `ids` None asks for everybody.

    An order counts by its day, once it is confirmed and as long as it is not cancelled, when its
    goods come to `qualify_fen` or more, incl. VAT; of one that was closed, what was shipped.
    Where the policy names goods, only those are added up; free goods are worth nothing.
    """
    conditions = [
        Order.state.in_(("confirmed", "closed")),
        Order.order_date >= period.start,
        Order.order_date < period.end,
    ]
    if ids is not None and len(ids) <= MOST_NAMED:
        conditions.append(Order.distributor_id.in_(ids))
    # Of an order that was closed, what was never shipped is as good as cancelled.
    kept = sa.case(
        (Order.state == "closed", OrderLine.unit_gross_fen * OrderLine.shipped_quantity),
        else_=OrderLine.gross_fen,
    )
    worth = (
        sa.select(sa.func.coalesce(sa.func.sum(kept), 0))
        .join(Product, Product.id == OrderLine.product_id)
        .join(ProductGroup, ProductGroup.id == Product.group_id)
        .where(OrderLine.order_id == Order.id, OrderLine.is_free.is_(False), *_goods(terms))
        .correlate(Order)
        .scalar_subquery()
    )
    conditions += [worth >= terms.qualify_fen, worth > 0]
    rows = db.session.execute(
        sa.select(Order.distributor_id, Order.currency, sa.func.count())
        .where(*conditions)
        .group_by(Order.distributor_id, Order.currency)
    )
    wanted = None if ids is None else set(ids)
    return {
        (owner, currency): int(n)
        for owner, currency, n in rows
        if wanted is None or owner in wanted
    }


def _goods(terms: RebateTerms) -> list[Any]:
    """The conditions on goods that the terms name, by group and by product."""
    found: list[Any] = []
    if terms.goods:
        found.append(ProductGroup.code.in_(sorted(terms.goods)))
    if terms.goods_out:
        found.append(ProductGroup.code.not_in(sorted(terms.goods_out)))
    if terms.products:
        found.append(Product.code.in_(sorted(terms.products)))
    if terms.products_out:
        found.append(Product.code.not_in(sorted(terms.products_out)))
    return found

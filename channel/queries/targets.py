"""Reads of targets: what was sold in each period, net of returns, against what was promised.

Goods count from the day on which they are shipped, then by the invoice that is made of them;
credit notes count as returns. Free goods count for nothing. Amounts include VAT, as targets do.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from channel.access import Actor
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.catalogue import Product, ProductGroup
from channel.models.orders import Shipment, ShipmentLine
from channel.models.partners import Distributor
from channel.models.receivables import InvoiceLine
from channel.queries import agreements
from channel.queries.scope import visible
from contracts import agreement as rules
from contracts import targets as target_rules
from contracts.clauses import MixRule
from contracts.targets import Attainment, Mix, Pace, Target
from contracts.values.money import fen_from_e4
from contracts.values.periods import Period


@dataclass
class Sold:
    """What went out and what came back, exact, by group code."""

    shipped_e4: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    returned_e4: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, group: str, shipped_e4: int, returned_e4: int) -> None:
        self.shipped_e4[group] += shipped_e4
        self.returned_e4[group] += returned_e4

    def within(self, goods: Collection[str]) -> tuple[int, int]:
        """(shipped, returned) in fen of some groups; none named means all."""

        def sum_of(parts: Mapping[str, int]) -> int:
            return fen_from_e4(sum(e4 for g, e4 in parts.items() if not goods or g in goods))

        return sum_of(self.shipped_e4), sum_of(self.returned_e4)

    def net_by_group(self) -> dict[str, int]:
        """group → net fen."""
        groups = self.shipped_e4.keys() | self.returned_e4.keys()
        return {
            g: fen_from_e4(self.shipped_e4.get(g, 0) - self.returned_e4.get(g, 0)) for g in groups
        }


#: distributor id, period
Owner = tuple[int, Period]


def _slots(periods: Iterable[Period]) -> list[date]:
    return sorted({day for p in periods for day in (p.start, p.end)})


def _slot_of(column: Any, bounds: list[date]) -> Any:
    """The number of the stretch between two bounds in which a date lies."""
    return sa.case(
        *((column < bound, n) for n, bound in enumerate(bounds[1:])), else_=len(bounds) - 1
    )


def sold(
    distributor_ids: Collection[int] | None, periods: Collection[Period], through: date
) -> dict[Owner, Sold]:
    """What each distributor bought in each period, up to a day; two statements.

    None asks for all distributors. Only lines in the distributor's own currency count.
    """
    found: dict[Owner, Sold] = defaultdict(Sold)
    bounds = _slots(periods)
    if not bounds:
        return found
    codes = {
        i: code for i, code in db.session.execute(sa.select(ProductGroup.id, ProductGroup.code))
    }
    stretches = [
        [p for p in periods if p.start <= start and end <= p.end]
        for start, end in itertools.pairwise(bounds)
    ]
    end = min(bounds[-1], through + timedelta(days=1))
    for statement in (
        _invoiced(distributor_ids, bounds, end),
        _shipped(distributor_ids, bounds, end),
    ):
        for owner, slot, group, shipped, returned in db.session.execute(statement):
            for period in stretches[slot]:
                found[owner, period].add(codes[group], int(shipped), int(returned))
    return found


def _invoiced(ids: Collection[int] | None, bounds: list[date], end: date) -> Any:
    line, value = InvoiceLine, InvoiceLine.gross_e4
    slot = _slot_of(line.counts_on, bounds).label("slot")
    conditions = [
        line.counts_on >= bounds[0],
        line.counts_on < end,
        line.is_free.is_(False),
        line.currency == Distributor.currency,
    ]
    if ids is not None:
        conditions.append(line.distributor_id.in_(ids))
    return (
        sa.select(
            line.distributor_id,
            slot,
            line.group_id,
            sa.func.sum(sa.case((value > 0, value), else_=0)),
            sa.func.sum(sa.case((value < 0, -value), else_=0)),
        )
        .join(Distributor, Distributor.id == line.distributor_id)
        .where(*conditions)
        .group_by(line.distributor_id, sa.text("slot"), line.group_id)
    )


def _shipped(ids: Collection[int] | None, bounds: list[date], end: date) -> Any:
    """Goods that left and are not invoiced yet."""
    slot = _slot_of(Shipment.ship_date, bounds).label("slot")
    conditions = [
        Shipment.state == "shipped",
        Shipment.ship_date >= bounds[0],
        Shipment.ship_date < end,
        ShipmentLine.is_free.is_(False),
        Shipment.currency == Distributor.currency,
    ]
    if ids is not None:
        conditions.append(Shipment.distributor_id.in_(ids))
    return (
        sa.select(
            Shipment.distributor_id,
            slot,
            Product.group_id,
            sa.func.sum(ShipmentLine.gross_fen * 100),
            sa.literal(0),
        )
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .join(Product, Product.id == ShipmentLine.product_id)
        .join(Distributor, Distributor.id == Shipment.distributor_id)
        .where(*conditions)
        .group_by(Shipment.distributor_id, sa.text("slot"), Product.group_id)
    )


@dataclass(frozen=True)
class MixResult:
    """A rule of the agreement in one period, and what was sold of the group."""

    rule: MixRule
    period: Period
    mix: Mix


@dataclass(frozen=True)
class Standing:
    """A target of an agreement, how far it is reached, how fast, and the mix beside it."""

    distributor: Distributor
    version_id: int
    target: Target
    shipped_fen: int
    returned_fen: int
    attainment: Attainment
    pace: Pace
    mixes: tuple[MixResult, ...]

    @property
    def mix_word(self) -> str:
        """met, missed, or "" where no rule has this period."""
        if not self.mixes:
            return ""
        return "mix_met" if all(m.mix.met for m in self.mixes) else "mix_missed"


def _judge_mix(rule: MixRule, period: Period, goods: Sold) -> MixResult:
    whole = target_rules.MixRule(frozenset({rule.group}), rule.share)
    return MixResult(rule, period, target_rules.mix(whole, goods.net_by_group()))


def _standing(
    owner: Distributor, version_id: int, terms: rules.Terms, target: Target, goods: Sold, on: date
) -> Standing:
    shipped, returned = goods.within(target.goods)
    reached = target_rules.attainment(target, shipped, returned)
    return Standing(
        owner,
        version_id,
        target,
        shipped,
        returned,
        reached,
        target_rules.pace(target, reached.net_fen, on),
        tuple(
            _judge_mix(rule, target.period, goods)
            for rule in terms.mix
            if target.period.kind == rule.period_kind
        ),
    )


def ruling(actor: Actor, on: date) -> dict[int, tuple[Distributor, int, rules.Terms]]:
    """distributor id → (distributor, version, terms) of what rules on the day, in one statement."""
    rows = db.session.execute(
        sa.select(AgreementVersion, Distributor)
        .join(AgreementVersion.agreement)
        .join(Distributor, Distributor.id == Agreement.distributor_id)
        .options(contains_eager(AgreementVersion.agreement))
        .where(agreements.binds_on(on), visible(actor, Agreement.distributor_id))
        .order_by(Agreement.id, AgreementVersion.version_no)
    )
    # The newest agreement, and of it the highest version, is the last one read.
    return {d.id: (d, v.id, rules.from_json(v.terms)) for v, d in rows}


def board(actor: Actor, on: date) -> list[Standing]:
    """Every target that runs on the day, of every distributor that the actor may see."""
    running = [
        (owner, version_id, terms, target)
        for owner, version_id, terms in ruling(actor, on).values()
        for target in terms.targets
        if target.period.contains(on)
    ]
    periods = {target.period for _owner, _version, _terms, target in running}
    ids = {owner.id for owner, *_rest in running}
    goods = sold(ids if len(ids) < 500 else None, periods, on)
    return [
        _standing(owner, version_id, terms, target, goods[owner.id, target.period], on)
        for owner, version_id, terms, target in running
    ]


@dataclass(frozen=True)
class Year:
    """The targets of a distributor in a year, and the mix rules whose periods have no target."""

    standings: tuple[Standing, ...]
    mixes: tuple[MixResult, ...]


def year_of(owner: Distributor, year: Period, on: date) -> Year:
    """All targets that lie in a year, each by the version that rules on its last day or today."""
    versions = list(
        db.session.scalars(
            sa.select(AgreementVersion)
            .join(AgreementVersion.agreement)
            .where(
                Agreement.distributor_id == owner.id,
                AgreementVersion.state.in_(agreements.SIGNED),
                AgreementVersion.valid_from < year.end,
                AgreementVersion.valid_to > year.start,
            )
            .order_by(Agreement.id, AgreementVersion.version_no)
        )
    )
    promised: list[tuple[AgreementVersion, rules.Terms, Target]] = []
    mix_rules: dict[Period, list[MixRule]] = defaultdict(list)
    for version in versions:
        terms = rules.from_json(version.terms)
        for target in terms.targets:
            if target.period.overlaps(year) and _ruler(versions, target.period, on) is version:
                promised.append((version, terms, target))
        for rule in terms.mix:
            for period in year.split(rule.period_kind):
                if _ruler(versions, period, on) is version:
                    mix_rules[period].append(rule)
    periods = {t.period for _v, _terms, t in promised} | mix_rules.keys()
    goods = sold([owner.id], periods, on)
    standings = tuple(
        _standing(owner, version.id, terms, target, goods[owner.id, target.period], on)
        for version, terms, target in sorted(promised, key=lambda row: row[2].period)
    )
    beside = {m.period for s in standings for m in s.mixes}
    alone = tuple(
        _judge_mix(rule, period, goods[owner.id, period])
        for period in sorted(mix_rules.keys() - beside)
        if period.start <= on
        for rule in mix_rules[period]
    )
    return Year(standings, alone)


def _ruler(versions: list[AgreementVersion], period: Period, on: date) -> AgreementVersion | None:
    """The version that judges a period: in force on its last day, or today while it runs."""
    day = min(period.last_day, max(on, period.start))
    binding = [
        v for v in versions
        if (days := agreements.as_rule(v).binding) is not None and days.contains(day)
    ]  # fmt: skip
    return binding[-1] if binding else None

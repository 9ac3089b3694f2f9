"""The facts of all distributors for one policy and period, in a constant number of statements.

What is counted, what the tiers are compared with, baselines and targets, orders, evidence and
the rebates that come first. The reading of a policy says the same in words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from channel.queries import rebates_evidence, rebates_groups
from channel.queries.rebates_enrolled import (
    Enrolled,
    Spans,
    enrolled_spans,
    last_year,
    last_years_spans,
)
from channel.queries.rebates_references import (
    References,
    evidence_of,
    measured,
    targets,
    typed,
)
from channel.queries.rebates_seen import Seen
from channel.queries.rebates_settling import Settling
from channel.queries.rebates_sums import (
    Base,
    Owner,
    Sums,
    base_sums,
    counting,
    part_names,
    sums_within,
)
from contracts.rebates.figures import Evidence, Facts, Figures
from contracts.rebates.model import ConditionKind, Method
from contracts.values.money import allocate

_NOTHING = Base(0, 0)


@dataclass
class Gathered:
    """What was read, and the facts of each owner made from it."""

    settled: Settling
    enrolled: Enrolled
    own: Sums
    #: What the tiers are compared with, where it is not the base.
    wide: Sums | None
    references: References | None
    orders: Mapping[Owner, int]
    evidence: Mapping[int, Mapping[ConditionKind, Evidence]]
    reduced: Mapping[Owner, int]
    #: distributor → group
    groups: Mapping[int, int]
    names: Mapping[int | None, str]
    pooled: dict[tuple[int, str], Base] = field(default_factory=dict)

    def base_of(self, owner: Owner) -> Base:
        """All parts together."""
        total = _NOTHING
        for part in self.own.get(owner, {}).values():
            total += part
        return total

    def spans_of(self, owner: Owner) -> Spans:
        """The enrolled days; of who is not enrolled, none."""
        return None if self.enrolled is None else self.enrolled.get(owner[0], ())

    def of(self, owner: Owner) -> Facts:
        """The facts of one statement."""
        own = self.own.get(owner, {})
        wide = self.wide.get(owner, {}) if self.wide is not None else {}
        ids = sorted(own.keys() | wide.keys(), key=lambda i: self.names.get(i, ""))
        if not ids:
            ids = [None]
        shares = self._shares(owner, ids)
        parts = {self.names.get(i, ""): self._figures(owner, i, shares.get(i, 0)) for i in ids}
        return Facts(parts, self.evidence.get(owner[0], {}))

    def _shares(self, owner: Owner, ids: list[int | None]) -> dict[int | None, int]:
        """What comes off first, shared over the parts by their value."""
        off = self.reduced.get(owner, 0)
        if off <= 0 or len(ids) == 1:
            return {ids[0]: max(off, 0)}
        own = self.own.get(owner, {})
        weights = [max(own.get(i, _NOTHING).e4, 0) for i in ids]
        if not any(weights):
            return {ids[0]: off}
        return dict(zip(ids, allocate(off, weights), strict=True))

    def _figures(self, owner: Owner, part: int | None, reduced_e4: int) -> Figures:
        terms = self.settled.terms
        base = self.own.get(owner, {}).get(part, _NOTHING)
        gauge = self._gauge(owner, part)
        gauge_e4 = None if gauge is None else gauge.e4
        reference = None
        if self.references is not None:
            reference = self.references.get(self._key(owner), {}).get(part)
        compared = base if gauge is None else gauge
        if reference is not None and terms.gauge == "attainment" and terms.base.vat == "net":
            if terms.method in (Method.SEGMENT, Method.EXCESS):
                # Slices of sales without VAT need the target without it, at the same share.
                reference = _in_proportion(reference, compared.e4, compared.gross_e4)
            else:
                gauge_e4 = compared.gross_e4
        by_quantity = terms.base.measure == "quantity"
        return Figures(
            base_e4=base.e4,
            quantity=base.quantity,
            gauge_e4=None if by_quantity else gauge_e4,
            gauge_quantity=gauge.quantity if gauge is not None and by_quantity else None,
            reference_e4=reference,
            orders=self.orders.get(self._key(owner), 0),
            reduced_e4=reduced_e4,
        )

    def _key(self, owner: Owner) -> Owner:
        """Under whom references and orders are kept: the owner, or minus its group."""
        group = self.groups.get(owner[0])
        return owner if group is None else (-group, owner[1])

    def _gauge(self, owner: Owner, part: int | None) -> Base | None:
        if self.settled.terms.scope == "group":
            if owner[0] in self.groups:
                return self.pooled.get((self.groups[owner[0]], owner[1]), _NOTHING)
            return self._compared(owner).get(part, _NOTHING)
        if self.wide is None:
            return None
        return self.wide.get(owner, {}).get(part, _NOTHING)

    def _compared(self, owner: Owner) -> Mapping[int | None, Base]:
        return (self.own if self.wide is None else self.wide).get(owner, {})


def gather(
    settled: Settling,
    on: date,
    *,
    seen: Seen | None = None,
    more: Collection[Owner] = (),
    reduced: Mapping[Owner, int] | None = None,
    only: int | None = None,
) -> Gathered:
    """Read the facts of everybody, or of one distributor and those it is pooled with.

    `more`: owners who may have no sales, because something was granted to them; `reduced`: what
    other policies gave, in ten-thousandths; `on`: what was known at the end of that day.
    """
    terms, code = settled.terms, settled.policy.code
    alone = only if terms.scope != "group" else None
    asked = replace(counting(terms, settled.counted, seen, settled.period.start), only=alone)
    by_agreement = settled.policy.enrols == "agreement"
    enrolled = enrolled_spans(code, settled.counted) if by_agreement else None
    own = base_sums(asked, code, enrolled)
    wide = None
    if settled.counted != settled.so_far:
        spans = enrolled_spans(code, settled.so_far) if by_agreement else None
        wide = base_sums(asked.over(settled.so_far), code, spans)
    orders: dict[Owner, int] = {}
    if terms.gauge == "orders":
        whose = _asked_for(alone, enrolled)
        orders = rebates_evidence.orders(terms, settled.so_far, whose)
        # Who ordered and was not invoiced yet earns the amount all the same.
        own = {owner: {} for owner in orders} | own
    owners = own.keys() | set(more) | (wide.keys() if wide is not None else set())
    ids = {owner for owner, _currency in owners}
    groups = rebates_groups.members_on(settled.period.last_day) if terms.scope == "group" else {}
    references: References | None = None
    if terms.gauge == "growth" and terms.reference == "last_year":
        spans = enrolled_spans(code, settled.so_far) if by_agreement else None
        before = asked.over(last_year(settled.so_far))
        references = measured(terms, sums_within(before, last_years_spans(spans)))
    elif terms.gauge == "growth":
        references = {o: {None: e4} for o, e4 in typed(settled, ids).items()}
    elif terms.gauge == "attainment":
        references = targets(settled, ids, own, asked.names.groups)
    compared = own if wide is None else wide
    parts = {part for sums in (own, compared) for found in sums.values() for part in found}
    found = Gathered(
        settled, enrolled, own, wide, references, orders,
        evidence_of(settled, ids, on), reduced or {}, groups, part_names(terms, parts),
    )  # fmt: skip
    if groups:
        _pool(found, compared)
    return found


def _asked_for(only: int | None, enrolled: Enrolled | None) -> Collection[int] | None:
    """Whose orders are counted; None: everybody's."""
    if enrolled is None:
        return None if only is None else (only,)
    return [owner for owner in enrolled if only in (None, owner)]


def _pool(found: Gathered, compared: Sums) -> None:
    """Add up what the members of a group have together."""
    for (owner, currency), parts in compared.items():
        if owner in found.groups:
            pool = (found.groups[owner], currency)
            for base in parts.values():
                found.pooled[pool] = found.pooled.get(pool, _NOTHING) + base
    if found.references is not None:
        for who, parts_e4 in list(found.references.items()):
            if who[0] in found.groups:
                together = found.references.setdefault((-found.groups[who[0]], who[1]), {})
                for part, e4 in parts_e4.items():
                    together[part] = together.get(part, 0) + e4
    orders = dict(found.orders)
    for who, count in found.orders.items():
        if who[0] in found.groups:
            key = (-found.groups[who[0]], who[1])
            orders[key] = orders.get(key, 0) + count
    found.orders = orders


def _in_proportion(gross_target: int, net: int, gross: int) -> int:
    """The target incl. VAT without it, at the share of VAT in what was sold; in fen, downward."""
    if gross <= 0 or net <= 0:
        return gross_target
    return gross_target * net // gross // 100 * 100

"""The lines of a derivation: what each says, what it adds, and how they are stored.

The amounts of the steps of a statement re-add to its entitlement exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

from contracts.values.findings import Fact, Finding, Severity, facts_to_json, from_json

StepKind = Literal[
    # what is counted
    "base_rounding",
    "part",
    "reduced",
    "units",
    "group_total",
    "accumulated",
    "growth",
    "attainment",
    "orders",
    # why nothing is paid
    "no_baseline",
    "no_target",
    "negative_base",
    "negative_units",
    "below_first_tier",
    "below_first_units",
    "below_first_growth",
    "below_first_attainment",
    "below_first_orders",
    # the tier reached
    "reached_value",
    "reached_units",
    "reached_growth",
    "reached_attainment",
    "reached_orders",
    # what it pays
    "tier",
    "segment",
    "segment_units",
    "segment_growth",
    "segment_attainment",
    "segment_lump",
    "pays_percent",
    "pays_units",
    "pays_excess",
    "pays_excess_units",
    "lump",
    "lump_before",
    "multiple",
    "group_share",
    # what limits it
    "condition_attainment",
    "condition_mix",
    "condition_diversion",
    "condition_price_order",
    "condition_report",
    "condition_display",
    "condition_training",
    "condition_fifo",
    "condition_collection",
    "condition_overdue",
    "condition_exclusivity",
    "condition_unproven",
    "guarantee",
    "rounding",
    "cap",
    "minimum_payout",
]

_CODE_PREFIX = "rebate.step."


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the derivation; `amount` is what it adds to the rebate, in currency units.

    Facts by kind. Money is Money, or a Decimal where it may have more than two decimals;
    `number` counts tiers from 1 for people; pieces and orders are int (text where a bound cuts a
    piece); percents are text without the sign, growth with its plus or minus (`+50.0`).

    Counted, all of amount 0. base_rounding: exact, base. part (heads the steps of a product or
    product group): part, base. reduced: before, by, base. units: units. group_total and
    accumulated: total (Money or pieces). growth: actual, reference, percent. attainment: actual,
    target, percent. orders: orders, qualify (orders count from this amount on).

    Nothing paid, all of amount 0. no_baseline, no_target: actual. negative_base: base;
    negative_units: units. below_first_tier: base, lower, short; below_first_units: units, lower,
    short; below_first_growth and _attainment: percent, lower, short (Money or pieces);
    below_first_orders: orders, lower, short.

    Reached, all of amount 0: number, lower and base, units, percent, percent or orders.

    Paid. tier: number, base, lower, rate. segment: number, lower, slice, rate and, but for the
    last slice, until. segment_units: number, lower, slice, each, until. segment_growth and
    segment_attainment: number, lower, slice (Money or pieces), reward (Rate or Money per piece),
    until. segment_lump: number, lower, sum. pays_percent: base, rate. pays_units: units, each.
    pays_excess: excess, reference, rate; pays_excess_units: excess, reference, each. lump: sum.
    lump_before (taken off, because it was reached before the period): sum. multiple: times,
    each (Money, pieces, percent as text, or orders), each_unit (its `units.Unit`), sum (money for
    one). group_share: own, group
    (Money or pieces), before (what the group earned), share (exact, or to twelve decimals).

    Limits. condition_KIND: value (text), factor (Rate), refs (texts, perhaps none);
    condition_unproven: condition (its kind), refs. guarantee: guarantee, before. rounding: exact,
    rounded; cap: cap, before; minimum_payout: minimum, before.
    """

    kind: StepKind
    amount: Decimal
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The code under which the sentence of this step is kept."""
        return _CODE_PREFIX + self.kind

    def as_finding(self) -> Finding:
        """The step in the form that every other reason has, to be printed and stored alike."""
        return Finding(self.code, Severity.INFO, facts={**self.facts, "amount": self.amount})


_KINDS: Mapping[str, StepKind] = {_CODE_PREFIX + kind: kind for kind in get_args(StepKind)}


def steps_to_json(steps: Sequence[Step]) -> list[dict[str, object]]:
    """The steps as stored beside a statement line; amounts and facts survive unchanged.

    The same text as that of the findings, without making them: runs store many thousands.
    """
    return [
        {
            "code": step.code,
            "severity": Severity.INFO.value,
            "subject": "",
            "facts": facts_to_json({**step.facts, "amount": step.amount}),
        }
        for step in steps
    ]


def steps_from_json(data: Sequence[Mapping[str, object]]) -> tuple[Step, ...]:
    """The steps that `steps_to_json` wrote; ValueError for anything else."""
    return tuple(_step_of(finding) for finding in from_json(data))


def _step_of(finding: Finding) -> Step:
    facts = dict(finding.facts)
    amount = facts.pop("amount", None)
    kind = _KINDS.get(finding.code)
    if kind is None or not isinstance(amount, Decimal):
        raise ValueError(f"not a step of a rebate: {finding.code}")
    return Step(kind, amount, facts)

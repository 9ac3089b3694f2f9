"""What a rebate is computed from: the sums of one statement, and the evidence of its conditions.

The application reads these set-based from the database; the core never asks for anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from contracts.rebates.model import ConditionKind


@dataclass(frozen=True, slots=True)
class Evidence:
    """The value found for a condition; None where proof is owed and there is none.

    `refs` name what proves or breaks it, for people: case numbers, dates of late reports. They
    are printed beside the factor.
    """

    value: Decimal | None
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """The sums of one part of a statement (one distributor and currency, or one product of it).

    Values are ten-thousandths of the currency unit (`_e4`), exact; quantities are base units.

    base_e4, quantity: what the reward is applied to.
    gauge_e4, gauge_quantity: what the tiers are compared with where it is more than the base (the
    group's sales, or all sales since the accumulation began); None: the base.
    reference_e4: the baseline of growth or the target of attainment, in the unit of the measure
    (quantity × 10,000 where quantities are measured); None: there is none.
    orders: number of orders that qualify. reduced_e4: rebates of other policies that are taken
    off the value before anything else, at or above zero.
    """

    base_e4: int = 0
    quantity: int = 0
    gauge_e4: int | None = None
    gauge_quantity: int | None = None
    reference_e4: int | None = None
    orders: int = 0
    reduced_e4: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that one statement is computed from.

    `parts` has one entry, named "", but for scopes by product group or product, where each has
    its own and runs through the tiers alone.
    """

    parts: Mapping[str, Figures]
    evidence: Mapping[ConditionKind, Evidence] = field(default_factory=dict)


def plain(base_e4: int, quantity: int = 0) -> Facts:
    """The facts of a policy that looks at nothing but its base."""
    return Facts({"": Figures(base_e4=base_e4, quantity=quantity)})

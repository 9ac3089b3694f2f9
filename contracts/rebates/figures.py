"""What a rebate is computed from: the sums of one statement, and the evidence of its conditions.

The application reads these set-based from the database; the core never asks for anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contracts.rebates.model import CONDITION_KINDS, ConditionKind


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


_NUMBERS = (
    "base_e4",
    "quantity",
    "gauge_e4",
    "gauge_quantity",
    "reference_e4",
    "orders",
    "reduced_e4",
)
_NONE = Figures()


def facts_to_json(facts: Facts) -> dict[str, object]:
    """The facts as stored beside a statement, so that it can be recounted from them.

    Figures at their default are left out.
    """
    parts = {
        name: {
            number: value
            for number in _NUMBERS
            if (value := getattr(figures, number)) != getattr(_NONE, number)
        }
        for name, figures in sorted(facts.parts.items())
    }
    evidence = {
        kind: {
            "value": None if found.value is None else f"{found.value:f}",
            "refs": list(found.refs),
        }
        for kind, found in sorted(facts.evidence.items())
    }
    return {"parts": parts} | ({"evidence": evidence} if evidence else {})


def facts_from_json(data: Mapping[str, Any]) -> Facts:
    """The facts that `facts_to_json` wrote. ValueError for a condition that is not known."""
    parts = {
        name: Figures(**{number: int(value) for number, value in stored.items()})
        for name, stored in data["parts"].items()
    }
    return Facts(parts, dict(_found(data.get("evidence", {}))))


def _found(stored: Mapping[str, Any]) -> Iterator[tuple[ConditionKind, Evidence]]:
    for name, found in stored.items():
        kind = next((known for known in CONDITION_KINDS if known == name), None)
        if kind is None:
            raise ValueError(f"not a condition: {name}")
        value = None if found["value"] is None else Decimal(found["value"])
        yield kind, Evidence(value, tuple(found["refs"]))


def plain(base_e4: int, quantity: int = 0) -> Facts:
    """The facts of a policy that looks at nothing but its base."""
    return Facts({"": Figures(base_e4=base_e4, quantity=quantity)})

"""Reads the examples that contract managers write: policies, cases and what they pay."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from contracts.rebates.figures import Evidence, Facts, Figures
from contracts.rebates.model import Base, Condition, Factor, Method, RebateTerms, Tier
from contracts.values.rates import Rate

EXAMPLES = Path(__file__).parents[2] / "examples"
PAYS = {"percent": "percent", "per unit": "per_unit", "amount": "amount"}


def read_file(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))
    return found


def read_amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def read_e4(text: str) -> int:
    return int(read_amount(text) * 10_000)


def read_fen(text: str) -> int:
    return int(read_amount(text) * 100)


def read_rate(text: str) -> Rate:
    return Rate.percent(text.removesuffix(" %"))


def read_tier(lower: str, reward: str) -> Tier:
    """A reward is a percentage («2 %») or an amount of money («0.50»)."""
    if reward.endswith("%"):
        return Tier(read_amount(lower), read_rate(reward))
    return Tier(read_amount(lower), amount=read_amount(reward))


def read_terms(policy: Mapping[str, Any]) -> RebateTerms:
    gauge = policy["compares"]
    by_quantity = gauge == "quantity" or policy.get("quantity") == "yes"
    return RebateTerms(
        code="EXAMPLE",
        name=policy["policy"],
        method=Method(policy["method"]),
        tiers=tuple(read_tier(step["from"], step["reward"]) for step in policy["steps"]),
        base=Base(measure="quantity" if by_quantity else "value"),
        gauge="base" if gauge in ("value", "quantity") else gauge,
        pays=PAYS[policy["pays"]],  # type: ignore[arg-type]
        scope=policy.get("scope", "distributor"),
        each=read_amount(policy["each"]) if "each" in policy else None,
        accumulate=policy.get("accumulate"),
        catch_up=policy.get("catch up") != "no",
        cap_fen=read_fen(policy["cap"]) if "cap" in policy else None,
        floor_payout_fen=read_fen(policy.get("minimum payout", "0")),
        guarantee_fen=read_fen(policy.get("guarantee", "0")),
    )


def read_facts(terms: RebateTerms, case: Mapping[str, Any]) -> Facts:
    if products := case.get("products"):
        return Facts({name: Figures(base_e4=read_e4(base)) for name, base in products.items()})
    by_quantity = terms.base.measure == "quantity"
    gauge = case.get("group", case.get("since start"))
    reference = case.get("baseline", case.get("target"))
    figures = Figures(
        base_e4=read_e4(case.get("base", "0")),
        quantity=case.get("pieces", 0),
        gauge_e4=read_e4(gauge) if gauge and not by_quantity else None,
        gauge_quantity=int(read_amount(gauge)) if gauge and by_quantity else None,
        reference_e4=read_e4(reference) if reference else None,
        orders=case.get("orders", 0),
    )
    return Facts({"": figures})


def read_condition(one: Mapping[str, Any]) -> Condition:
    steps = tuple(Factor(read_amount(at), read_rate(left)) for at, left in one["shares"].items())
    return Condition(one["condition"], steps)


def read_evidence(case: Mapping[str, Any]) -> Evidence:
    value = None if case["found"] == "unproven" else read_amount(case["found"])
    return Evidence(value, tuple(case.get("refs", ())))

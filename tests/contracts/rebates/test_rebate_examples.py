"""The worked examples of tests/examples/rebates.yaml, one test per line, and those of the rows."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from rebate_builders import E02, some_terms

from contracts.rebates.compute import compute
from contracts.rebates.figures import plain
from contracts.rebates.model import Method, RebateTerms, Tier
from contracts.values.rates import Rate

EXAMPLES = Path(__file__).parents[2] / "examples" / "rebates.yaml"


def read_amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def read_fen(text: str) -> int:
    return int(read_amount(text) * 100)


def read_terms(policy: dict[str, Any]) -> RebateTerms:
    return RebateTerms(
        code="EXAMPLE",
        name=policy["policy"],
        method=Method(policy["method"]),
        tiers=tuple(
            Tier(read_amount(step["from"]), Rate.percent(step["rate"].removesuffix(" %")))
            for step in policy["steps"]
        ),
        cap_fen=read_fen(policy["cap"]) if "cap" in policy else None,
        floor_payout_fen=read_fen(policy.get("minimum payout", "0")),
    )


def examples() -> list[Any]:
    policies = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
    return [
        pytest.param(read_terms(policy), line, id=f"{policy['policy']}: {line['base']}")
        for policy in policies
        for line in policy["pays"]
    ]


@pytest.mark.row("E02")
@pytest.mark.parametrize(("terms", "line"), examples())
def test_the_examples_pay_what_they_say(terms: RebateTerms, line: dict[str, str]) -> None:
    result = compute(terms, plain(int(read_amount(line["base"]) * 10_000)))

    missing = None if line["missing"] == "-" else read_amount(line["missing"])
    assert result.entitlement_fen == read_fen(line["rebate"])
    assert result.to_next == missing
    assert sum(step.amount for step in result.steps) == read_amount(line["rebate"])


def test_the_examples_file_has_not_shrunk() -> None:
    assert len(examples()) >= 35


@pytest.mark.row("E02")
@pytest.mark.parametrize(
    ("method", "base", "rebate_fen", "tier_hit"),
    [
        (Method.WHOLE, 120_000, 2_400_00, 1),
        (Method.SEGMENT, 120_000, 1_400_00, 1),
        (Method.WHOLE, 100_000, 2_000_00, 1),
        (Method.SEGMENT, 100_000, 1_000_00, 1),
    ],
)
def test_the_lower_bound_belongs_to_the_tier(
    method: Method, base: int, rebate_fen: int, tier_hit: int
) -> None:
    result = compute(some_terms(*E02, method=method), plain(base * 10_000))

    assert (result.entitlement_fen, result.tier_hit) == (rebate_fen, tier_hit)


@pytest.mark.row("E05")
def test_what_is_missing_to_the_next_tier_is_shown() -> None:
    result = compute(some_terms(*E02), plain(95_000_0000))

    assert result.to_next == Decimal("5000.00")
    assert result.next_tier == 1
    assert result.entitlement_fen == 950_00

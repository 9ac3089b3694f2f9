"""The worked examples of formulas, conditions and stacks, one test per case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from rebate_builders import some_terms
from rebate_reading import (
    read_amount,
    read_condition,
    read_e4,
    read_evidence,
    read_facts,
    read_fen,
    read_file,
    read_rate,
    read_terms,
    read_tier,
)

from contracts.rebates.compute import Result, compute
from contracts.rebates.figures import (
    Facts,
    Figures,
    facts_from_json,
    facts_to_json,
    plain,
)
from contracts.rebates.model import Method, RebateTerms
from contracts.rebates.stacking import order, reductions_e4
from contracts.rebates.steps import steps_from_json, steps_to_json

Case = Mapping[str, Any]


def formula_cases() -> list[Any]:
    """(terms, case), those of an acceptance row under its mark."""
    found = []
    for policy in read_file("rebates_formulas.yaml"):
        row = policy["policy"].partition(" ")[0]
        marks = [pytest.mark.row(row)] if row in ("E02", "E16", "M01", "M02") else []
        for number, case in enumerate(policy["cases"], start=1):
            name = f"{policy['policy']}: {number}"
            found.append(pytest.param(read_terms(policy), case, id=name, marks=marks))
    return found


def assert_sound(result: Result, rebate: str) -> None:
    assert result.entitlement_fen == read_fen(rebate), [s.kind for s in result.steps]
    assert sum(step.amount for step in result.steps) == read_amount(rebate)
    assert steps_from_json(steps_to_json(result.steps)) == result.steps


@pytest.mark.parametrize(("terms", "case"), formula_cases())
def test_a_formula_pays_what_its_example_says(terms: RebateTerms, case: Case) -> None:
    facts = read_facts(terms, case)

    result = compute(terms, facts)

    assert_sound(result, case["rebate"])
    assert compute(terms, facts_from_json(facts_to_json(facts))) == result
    if "missing" in case:
        missing = None if case["missing"] == "-" else read_amount(case["missing"])
        assert result.to_next == missing
    if "shown" in case:
        assert case["shown"] in [step.facts.get("percent") for step in result.steps]


def test_the_examples_of_formulas_have_not_shrunk() -> None:
    assert len(formula_cases()) >= 80


def condition_cases() -> list[Any]:
    return [
        pytest.param(read_condition(one), case, id=f"{one['condition']}: {case['found']}")
        for one in read_file("rebates_conditions.yaml")
        for case in one["cases"]
    ]


@pytest.mark.row("E03")
@pytest.mark.parametrize(("condition", "case"), condition_cases())
def test_a_condition_leaves_its_share(condition: Any, case: Case) -> None:
    terms = some_terms(("0", "1"), ("100000", "2"), method=Method.SEGMENT, conditions=(condition,))
    facts = replace(plain(120_000_0000), evidence={condition.kind: read_evidence(case)})

    result = compute(terms, facts)

    assert_sound(result, case["rebate"])
    (judged,) = result.conditions
    assert judged.factor == read_rate(case["left"])
    step = next(step for step in result.steps if step.kind.startswith("condition_"))
    assert step.facts["refs"] == tuple(case.get("refs", ()))
    assert compute(terms, facts_from_json(facts_to_json(facts))) == result


def read_deal(deal: Case) -> RebateTerms:
    tier = read_tier("0", deal["pays"])
    lump = not deal["pays"].endswith("%")
    return RebateTerms(
        deal["deal"],
        deal["deal"],
        Method.LUMP if lump else Method.WHOLE,
        (tier,),
        pays="amount" if lump else "percent",
        reduced_by=frozenset(deal.get("reduced by", ())),
    )


def run_stack(stack: Case) -> tuple[tuple[str, ...], dict[str, int]]:
    """(order, fen by deal), each deal computed on what the deals before it left."""
    deals = {deal["deal"]: read_deal(deal) for deal in stack["deals"]}
    codes = order(deals.values()).codes
    granted: dict[str, int] = {}
    for code in codes:
        reduced = reductions_e4(deals[code], granted)
        facts = Facts({"": Figures(base_e4=read_e4(stack["base"]), reduced_e4=reduced)})
        result = compute(deals[code], facts)
        assert sum(step.amount for step in result.steps) * 100 == result.entitlement_fen
        granted[code] = result.entitlement_fen
    return codes, granted


@pytest.mark.parametrize(
    "stack", [pytest.param(s, id=s["stack"]) for s in read_file("rebates_stacking.yaml")]
)
def test_a_stack_pays_what_its_declaration_says(stack: Case) -> None:
    codes, granted = run_stack(stack)

    assert list(codes) == stack["order"]
    assert granted == {deal["deal"]: read_fen(deal["rebate"]) for deal in stack["deals"]}
    assert sum(granted.values()) == read_fen(stack["together"])


def some_deal(code: str, *reduced_by: str) -> RebateTerms:
    return replace(some_terms(), code=code, reduced_by=frozenset(reduced_by))


def test_policies_that_reduce_each_other_have_no_order() -> None:
    found = order(
        [some_deal("A"), some_deal("C", "B", "A"), some_deal("B", "D"), some_deal("D", "C")]
    )

    assert found.codes == ()
    assert [f.code for f in found.findings] == ["rebate.reduced_in_circle"]
    assert found.findings[0].facts["policies"] == ("B", "D", "C")


def test_a_policy_that_is_not_there_reduces_nothing() -> None:
    assert order([some_deal("B", "GONE"), some_deal("A")]).codes == ("A", "B")


@pytest.mark.row("E16")
def test_a_small_distributor_wins_by_growth_where_the_absolute_tier_is_the_first() -> None:
    absolute = compute(some_terms(), plain(80_000_0000))
    growth = replace(
        some_terms(("10", "1"), ("50", "3")), gauge="growth", code="GROWTH", name="Growth"
    )
    facts = Facts({"": Figures(base_e4=120_000_0000, reference_e4=80_000_0000)})

    result = compute(growth, facts)

    assert absolute.tier_hit == 0
    assert result.tier_hit == 1
    assert result.entitlement_fen == 3_600_00
    found = {step.kind: step.facts for step in result.steps}
    assert found["growth"]["percent"] == "+50.0"
    assert found["reached_growth"] == {"number": 2, "percent": "+50.0", "lower": "50"}


def test_a_guarantee_is_not_paid_where_a_condition_leaves_nothing() -> None:
    (condition,) = (read_condition(c) for c in read_file("rebates_conditions.yaml")[1:2])
    terms = some_terms(guarantee_fen=1_000_00, conditions=(condition,))
    upheld = replace(plain(50_000_0000), evidence={"diversion": read_evidence({"found": "1"})})
    clean = replace(plain(50_000_0000), evidence={"diversion": read_evidence({"found": "0"})})

    assert compute(terms, upheld).entitlement_fen == 0
    assert compute(terms, clean).entitlement_fen == 1_000_00
    assert compute(terms, clean).steps[-2].amount == Decimal(500)

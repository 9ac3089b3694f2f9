"""What the checks before activation say: terms that do not fit together, holes, cliffs, others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from rebate_builders import some_terms

from contracts.rebates.beside import check_beside
from contracts.rebates.model import (
    Base,
    BundlePart,
    Condition,
    Factor,
    Method,
    RebateTerms,
    Tier,
)
from contracts.rebates.validate import validate
from contracts.values.findings import Finding, Severity
from contracts.values.money import Money
from contracts.values.rates import Rate

PIECES = Base(measure="quantity")


def sums(*steps: tuple[str, str]) -> tuple[Tier, ...]:
    """Tiers from (lower bound, amount) texts."""
    return tuple(Tier(Decimal(lower), amount=Decimal(amount)) for lower, amount in steps)


LUMP = {"method": Method.LUMP, "pays": "amount", "tiers": sums(("5", "300"))}
MULTIPLE = {"method": Method.MULTIPLE, "pays": "amount", "tiers": sums(("0", "100"))}
PER_PIECE = {"pays": "per_unit", "tiers": sums(("100", "2"))}
GROWTH = {"gauge": "growth"}


def a_condition(kind: str, *steps: tuple[str, str]) -> Condition:
    return Condition(
        kind,  # type: ignore[arg-type]
        tuple(Factor(Decimal(lower), Rate.percent(percent)) for lower, percent in steps),
    )


def codes(findings: list[Finding], severity: Severity | None = None) -> set[str]:
    return {
        finding.code.removeprefix("rebate.")
        for finding in findings
        if severity is None or finding.severity is severity
    }


@pytest.mark.row("E01")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"pays": "amount", "tiers": sums(("0", "5"))}, "pays_and_method"),
        ({"method": Method.LUMP}, "pays_and_method"),
        ({"method": Method.EXCESS}, "excess_of_nothing"),
        ({"gauge": "orders"}, "orders_pay_amounts"),
        ({**PER_PIECE, "base": Base(measure="quantity", vat="gross")}, "quantity_with_vat"),
        ({"method": Method.SEGMENT, "base": PIECES}, "share_of_pieces"),
        ({**PER_PIECE, "method": Method.SEGMENT}, "pieces_of_value"),
        ({"base": Base(free_goods=True)}, "free_goods_value"),
        (MULTIPLE, "each_missing"),
        ({**MULTIPLE, "each": Decimal(0)}, "each_not_positive"),
        ({"each": Decimal(5)}, "each_elsewhere"),
        ({"accumulate": "month"}, "accumulate_shorter"),
        (
            {"method": Method.SEGMENT, "accumulate": "year", "catch_up": False},
            "catch_up_needed",
        ),
        (
            {**LUMP, "scope": "group", "accumulate": "year", "catch_up": False},
            "group_needs_catch_up",
        ),
        ({**LUMP, "gauge": "orders", "scope": "product"}, "orders_by_product"),
        (
            {"bundle": (BundlePart("A"), BundlePart("B")), "scope": "product_group"},
            "bundle_by_product",
        ),
        ({"bundle": (BundlePart("A"),)}, "bundle_one_part"),
        ({"bundle": (BundlePart("A"), BundlePart("A"))}, "bundle_twice"),
        ({"bundle": (BundlePart("A", 0), BundlePart("B"))}, "bundle_quantity"),
        (
            {"bundle": (BundlePart("A"), BundlePart("B")), "products_out": frozenset("A")},
            "bundle_part_out",
        ),
        ({"products": frozenset("A"), "products_out": frozenset("A")}, "products_in_and_out"),
        (
            {"territories": frozenset({"51"}), "territories_out": frozenset({"51"})},
            "territories_in_and_out",
        ),
        ({"cap_fen": 100, "guarantee_fen": 101}, "cap_below_guarantee"),
        ({"floor_payout_fen": 200, "guarantee_fen": 101}, "guarantee_below_minimum"),
        ({"guarantee_fen": -1}, "guarantee_negative"),
        ({"new_days": 0}, "new_days_not_positive"),
        ({"grace_days": -1, "base": Base(kind="paid_on_time")}, "grace_negative"),
        ({"expires_months": 0}, "expires_not_positive"),
        ({"tiers": (Tier(Decimal(0), Rate.percent(1), Decimal(5)),)}, "reward_elsewhere"),
        ({**LUMP, "tiers": sums(("0", "-1"))}, "amount_negative"),
        ({**LUMP, "tiers": sums(("0", "0.12345"))}, "amount_too_fine"),
        ({**PER_PIECE, "base": PIECES, "tiers": sums(("0.5", "1"))}, "bound_not_whole"),
        ({**GROWTH, "tiers": (Tier(Decimal(-101), Rate.percent(1)),)}, "growth_below_all"),
    ],
)
def test_terms_that_do_not_fit_together_are_blocked(changes: dict[str, object], code: str) -> None:
    assert code in codes(validate(some_terms(**changes)), Severity.BLOCK)


@pytest.mark.parametrize(
    "changes",
    [
        {**LUMP, "gauge": "orders"},
        {**MULTIPLE, "each": Decimal(10_000)},
        {**PER_PIECE, "base": PIECES},
        {**PER_PIECE, "base": PIECES, "method": Method.SEGMENT},
        {**GROWTH, "method": Method.EXCESS},
        {"gauge": "attainment", "tiers": (Tier(Decimal(90), Rate.percent(1)),)},
        {"base": Base(kind="paid_on_time"), "grace_days": 0},
        {"base": PIECES},
        {"method": Method.SEGMENT, "accumulate": "year"},
        {"accumulate": "year", "catch_up": False},
        {**GROWTH, "tiers": (Tier(Decimal(-10), Rate.percent(1)),)},
    ],
)
def test_terms_that_fit_together_are_not_blocked(changes: dict[str, object]) -> None:
    assert codes(validate(some_terms(**changes)), Severity.BLOCK) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grace_days": 3}, "grace_idle"),
        ({"qualify_fen": 100}, "qualify_idle"),
        ({"reference": "typed"}, "reference_idle"),
        ({"catch_up": False}, "catch_up_idle"),
        ({**PER_PIECE, "base": Base(measure="quantity", discounts=True)}, "discounts_idle"),
        ({**PER_PIECE, "base": PIECES, "reduced_by": frozenset("Q")}, "reduced_idle"),
        ({"gauge": "attainment", "base": PIECES}, "target_of_pieces"),
        ({"gauge": "attainment", "scope": "product"}, "target_of_parts"),
        ({**GROWTH, "reference": "typed", "scope": "product_group"}, "baseline_of_parts"),
    ],
)
def test_terms_without_effect_are_told(changes: dict[str, object], code: str) -> None:
    assert code in codes(validate(some_terms(**changes)), Severity.WARN)


@pytest.mark.row("E03", "E14")
@pytest.mark.parametrize(
    ("condition", "code", "severity"),
    [
        (a_condition("report"), "condition_no_steps", Severity.BLOCK),
        (
            a_condition("collection", ("16", "80"), ("0", "100")),
            "condition_not_ascending",
            Severity.BLOCK,
        ),
        (
            a_condition("collection", ("0", "100"), ("0", "80")),
            "condition_not_ascending",
            Severity.BLOCK,
        ),
        (a_condition("report", ("0", "-5")), "condition_negative", Severity.BLOCK),
        (a_condition("report", ("0", "0"), ("1", "0")), "condition_never_pays", Severity.BLOCK),
        (a_condition("exclusivity", ("2", "100")), "condition_never_pays", Severity.BLOCK),
        (a_condition("diversion", ("1", "100")), "condition_best_lost", Severity.WARN),
        (a_condition("report", ("0", "100")), "condition_idle", Severity.WARN),
        (a_condition("report", ("0", "50"), ("1", "50")), "condition_step_idle", Severity.WARN),
        (
            a_condition("report", ("0", "50"), ("1", "100")),
            "condition_rewards_worse",
            Severity.WARN,
        ),
        (
            a_condition("attainment", ("0", "100"), ("90", "50")),
            "condition_rewards_worse",
            Severity.WARN,
        ),
        (
            a_condition("attainment", ("90", "100"), ("110", "120")),
            "condition_over_hundred",
            Severity.WARN,
        ),
    ],
)
def test_conditions_are_checked_step_by_step(
    condition: Condition, code: str, severity: Severity
) -> None:
    assert code in codes(validate(some_terms(conditions=(condition,))), severity)


@pytest.mark.row("E03")
def test_usual_conditions_raise_no_findings() -> None:
    usual = (
        a_condition("diversion", ("0", "100"), ("1", "0")),
        a_condition("collection", ("0", "100"), ("16", "80"), ("31", "0")),
        a_condition("attainment", ("90", "100")),
        a_condition("exclusivity", ("1", "100")),
    )
    assert codes(validate(some_terms(method=Method.SEGMENT, conditions=usual))) == set()
    assert "condition_twice" in codes(validate(some_terms(conditions=usual[:1] * 2)))


def test_a_lump_sum_jumps_by_its_amount_and_growth_by_its_rates() -> None:
    lump = some_terms(**{**LUMP, "gauge": "orders", "tiers": sums(("5", "300"), ("10", "800"))})
    jumps = [f for f in validate(lump) if f.code == "rebate.jumps_at"]
    assert [f.facts["jump"] for f in jumps] == [Money.from_fen(300_00), Money.from_fen(500_00)]
    assert jumps[0].facts["unit"] == "orders"

    rising = some_terms(("0", "1"), ("50", "2"), gauge="growth")
    (jump,) = [f for f in validate(rising) if f.code == "rebate.reward_jumps"]
    assert (jump.facts["lower"], jump.facts["before"]) == (Rate.percent(50), Rate.percent(1))
    falling = some_terms(("0", "2"), ("50", "1"), gauge="growth")
    assert "reward_drops" in codes(validate(falling), Severity.WARN)


def test_money_per_piece_jumps_by_all_pieces() -> None:
    """At 1,000 pieces 2.00 a piece become 2.50: 2,000.00 becomes 2,500.00."""
    terms = some_terms(pays="per_unit", base=PIECES, tiers=sums(("0", "2"), ("1000", "2.5")))
    (jump,) = [f for f in validate(terms) if f.code == "rebate.jumps_at"]
    assert (jump.facts["below"], jump.facts["at"]) == (
        Money.from_fen(2_000_00),
        Money.from_fen(2_500_00),
    )


def test_below_the_reference_there_is_no_excess() -> None:
    terms = some_terms(("-20", "1"), ("0", "2"), gauge="growth", method=Method.EXCESS)
    assert "tier_below_reference" in codes(validate(terms), Severity.WARN)


def test_every_step_of_sums_pays_its_own() -> None:
    """Two steps of the same sum are two rewards; one of nothing is idle, and so is one over the
    cap."""
    steps = some_terms(method=Method.SEGMENT, pays="amount", tiers=sums(("1", "5"), ("2", "5")))
    assert codes(validate(steps)) == {"nothing_below"}
    idle = replace(steps, tiers=sums(("1", "5"), ("2", "0")))
    assert "tier_idle" in codes(validate(idle))
    assert "tier_over_cap" in codes(validate(replace(steps, cap_fen=5_00)))


GROUPS = {"A": "SAUCE", "B": "HOTPOT", "N": "NEW"}


def beside(terms: RebateTerms, *others: RebateTerms) -> list[Finding]:
    return list(check_beside(terms, others, GROUPS))


@pytest.mark.row("M02")
def test_two_policies_on_the_same_lines_are_named() -> None:
    one, two = some_terms(), some_terms(code="R2")

    (found,) = beside(one, two)
    assert (found.code, found.facts["policies"]) == ("rebate.pays_same_lines", ("R2",))
    for named in ({"reduced_by": frozenset({"R2"})}, {"not_with": frozenset({"R2"})}):
        assert beside(replace(one, **named), two) == []  # type: ignore[arg-type]
        back = {name: frozenset({"R1"}) for name in named}
        assert beside(one, replace(two, **back)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ({"goods": frozenset({"SAUCE"})}, {"goods": frozenset({"NEW"})}, False),
        ({"goods": frozenset({"SAUCE"})}, {"products": frozenset({"B"})}, False),
        ({"goods": frozenset({"SAUCE"})}, {"products": frozenset({"A"})}, True),
        ({"products_out": frozenset({"A", "B"})}, {"goods_out": frozenset({"NEW"})}, False),
        ({"territories": frozenset({"511000"})}, {"territories": frozenset({"511083"})}, True),
        ({"territories": frozenset({"510000"})}, {"territories": frozenset({"511083"})}, True),
        ({"territories": frozenset({"511000"})}, {"territories": frozenset({"510100"})}, False),
        ({"territories": frozenset({"511000"})}, {}, True),
    ],
)
def test_lines_are_told_apart_by_goods_and_place(
    first: dict[str, object], second: dict[str, object], overlap: bool
) -> None:
    found = beside(some_terms(**first), some_terms(**{"code": "R2", **second}))

    assert ("pays_same_lines" in codes(found)) is overlap


def test_names_that_nobody_bears_and_ones_own_are_blocked() -> None:
    terms = some_terms(reduced_by=frozenset({"R1", "R9"}))
    assert codes(beside(terms), Severity.BLOCK) == {"names_itself", "unknown_policy"}
    other = some_terms(code="R2", period_kind="year")
    both = frozenset({"R2"})
    found = beside(some_terms(reduced_by=both, not_with=both), other)
    assert codes(found, Severity.WARN) == {"reduced_and_excluded", "other_period"}

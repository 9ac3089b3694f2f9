"""A policy read aloud: every term has a sentence, the examples are computed, nothing is silent."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rebate_builders import RESELLERS, some_terms

from contracts.rebates.model import (
    BASE_KINDS,
    CONDITION_KINDS,
    GAUGES,
    MEASURES,
    PERIOD_KINDS,
    REWARDS,
    SCOPES,
    VAT_BASES,
    Base,
    BundlePart,
    Condition,
    Factor,
    Method,
    RebateTerms,
    Tier,
)
from contracts.rebates.reading import read_aloud
from contracts.rebates.validate import validate
from contracts.values.findings import Severity
from contracts.values.money import Money
from contracts.values.rates import Rate

COLLECTION = Condition(
    "collection",
    (
        Factor(Decimal(0), Rate.percent(100)),
        Factor(Decimal(16), Rate.percent(80)),
        Factor(Decimal(31), Rate.percent(0)),
    ),
)


def words(terms: RebateTerms) -> list[str]:
    return [finding.code.removeprefix("rebate.reads.") for finding in read_aloud(terms)]


def facts(terms: RebateTerms, word: str) -> dict[str, object]:
    return next(
        dict(finding.facts) for finding in read_aloud(terms) if finding.code.endswith(f".{word}")
    )


@pytest.mark.row("E02")
def test_a_policy_is_read_aloud_in_the_order_of_signing() -> None:
    terms = some_terms(
        *RESELLERS,
        goods_out=frozenset({"gifts", "exchange"}),
        cap_fen=10_000_00,
        floor_payout_fen=50_00,
    )

    spoken = read_aloud(terms, "USD")

    assert [finding.code.removeprefix("rebate.reads.") for finding in spoken] == [
        "base_invoiced_net",
        "returns_off",
        "free_goods_not",
        "exchanges_not",
        "discounts_stay",
        "goods_all",
        "goods_out",
        "scope_distributor",
        "within_quarter",
        "method_whole",
        "tier_between",
        "tier_between",
        "tier_between",
        "tier_between",
        "tier_top",
        "example",
        "beside_others",
        "unconditional",
        "cap",
        "minimum_payout",
        "period_quarter",
        "rounding",
        "expires_never",
    ]
    assert spoken[6].facts["groups"] == ("exchange", "gifts")
    example = next(finding for finding in spoken if finding.code == "rebate.reads.example")
    assert example.facts == {
        "base": Money(Decimal(100_000), "USD"),
        "rebate": Money(Decimal("4500.00"), "USD"),
    }


def test_the_two_methods_are_read_differently() -> None:
    whole, segment = (set(words(some_terms(("10", "1"), method=m))) for m in list(Method)[:2])

    assert whole - segment == {"method_whole"}
    assert segment - whole == {"method_segment"}
    assert "nothing_below" in whole


@pytest.mark.row("E03")
def test_a_condition_is_read_step_by_step_with_its_own_example() -> None:
    """E03: 1,400.00 by segment, collected in 16 days: 80 % is 1,120.00."""
    terms = some_terms(("0", "1"), ("100000", "2"), method=Method.SEGMENT, conditions=(COLLECTION,))
    terms = replace(terms, tiers=(*terms.tiers, Tier(Decimal(120_000), Rate.percent(3))))

    spoken = words(terms)

    at = spoken.index("condition")
    assert spoken[at : at + 5] == [
        "condition",
        "condition_between",
        "condition_between",
        "condition_top",
        "conditions_proof",
    ]
    assert facts(terms, "example")["rebate"] == Money.from_fen(1_400_00)
    shown = facts(terms, "example_condition")
    assert (shown["before"], shown["rebate"]) == (
        Money.from_fen(1_400_00),
        Money.from_fen(1_120_00),
    )
    assert (shown["value"], shown["case_unit"]) == (Decimal(16), "days")


@pytest.mark.row("E16")
def test_growth_is_read_in_percent_and_shown_on_a_pair_of_years() -> None:
    """From 50 % growth on 2 %: 100,000 before and 150,000 now are paid 3,000.00, or 1,000.00
    where only the excess is paid."""
    terms = some_terms(("0", "1"), ("50", "2"), gauge="growth")

    assert facts(terms, "tier_top")["lower"] == Rate.percent(50)
    assert facts(terms, "example_growth") == {
        "reference": Money(Decimal(100_000), "CNY"),
        "actual": Money(Decimal(150_000), "CNY"),
        "percent": Rate.percent(50),
        "rebate": Money.from_fen(3_000_00),
    }
    excess = replace(terms, method=Method.EXCESS)
    assert facts(excess, "example_growth")["rebate"] == Money.from_fen(1_000_00)
    assert "method_bands" in words(replace(terms, method=Method.SEGMENT))


@pytest.mark.row("M01")
def test_orders_are_counted_in_the_reading() -> None:
    """M01: five orders of 10,000 and more pay 300 once."""
    terms = some_terms(
        method=Method.LUMP,
        gauge="orders",
        pays="amount",
        qualify_fen=10_000_00,
        tiers=(Tier(Decimal(5), amount=Decimal(300)),),
    )

    assert facts(terms, "orders_from")["qualify"] == Money.from_fen(10_000_00)
    assert facts(terms, "tier_top")["unit"] == "orders"
    assert facts(terms, "example_orders") == {"orders": 5, "rebate": Money.from_fen(300_00)}


@pytest.mark.row("M02")
def test_a_bundle_is_read_with_its_quantities() -> None:
    parts = (BundlePart("A"), BundlePart("B", 2), BundlePart("N"))

    assert facts(some_terms(bundle=parts), "bundle")["parts"] == ("A × 1", "B × 2", "N × 1")


def test_multiples_and_pieces_say_their_units() -> None:
    """2.5 times 10,000 on top of the first tier hold two full multiples: 2 × 100."""
    multiple = some_terms(
        method=Method.MULTIPLE,
        pays="amount",
        each=Decimal(10_000),
        tiers=(Tier(Decimal(0), amount=Decimal(100)),),
    )
    assert facts(multiple, "method_multiple")["each"] == Money(Decimal(10_000), "CNY")
    assert facts(multiple, "tier_top")["how"] == "multiple"
    assert facts(multiple, "example")["rebate"] == Money.from_fen(200_00)

    pieces = some_terms(
        pays="per_unit",
        base=Base(measure="quantity"),
        tiers=(Tier(Decimal(100), amount=Decimal("1.25")),),
    )
    assert facts(pieces, "example_units") == {"units": 100, "rebate": Money.from_fen(125_00)}
    assert "method_whole_pieces" in words(pieces)


#: A change of each term away from its default, with which the reading must sound differently.
CHANGES: dict[str, object] = {
    "method": Method.SEGMENT,
    "tiers": (Tier(Decimal(0), Rate.percent(9)),),
    "base": Base(kind="paid"),
    "period_kind": "month",
    "goods": frozenset({"G"}),
    "goods_out": frozenset({"G"}),
    "floor_payout_fen": 100,
    "cap_fen": 100_000,
    "gauge": "growth",
    "pays": "per_unit",
    "scope": "group",
    "accumulate": "year",
    "products": frozenset({"A"}),
    "products_out": frozenset({"A"}),
    "territories": frozenset({"511000"}),
    "territories_out": frozenset({"511000"}),
    "new_days": 90,
    "bundle": (BundlePart("A"), BundlePart("B")),
    "conditions": (COLLECTION,),
    "reduced_by": frozenset({"OTHER"}),
    "not_with": frozenset({"OTHER"}),
    "guarantee_fen": 100,
    "expires_months": 12,
}
#: Terms that sound only beside another one: what has to stand there, and their change.
BESIDE: dict[str, tuple[dict[str, object], object]] = {
    "each": ({"method": Method.MULTIPLE, "pays": "amount"}, Decimal(10)),
    "reference": ({"gauge": "growth"}, "typed"),
    "catch_up": ({"accumulate": "year"}, False),
    "qualify_fen": ({"gauge": "orders", "method": Method.LUMP, "pays": "amount"}, 100),
    "grace_days": ({"base": Base(kind="paid_on_time")}, 3),
    "stacks_with": ({"bundle": (BundlePart("A"), BundlePart("B"))}, frozenset({"P2"})),
}


def test_every_term_is_heard() -> None:
    silent = []
    for term in fields(RebateTerms):
        if term.name in ("code", "name"):
            continue
        beside, change = BESIDE.get(term.name, ({}, CHANGES.get(term.name)))
        plain = some_terms(**beside)
        if read_aloud(plain) == read_aloud(replace(plain, **{term.name: change})):
            silent.append(term.name)
    assert silent == []


@pytest.mark.parametrize("flag", ["returns", "free_goods", "exchanges", "discounts"])
def test_every_switch_of_the_base_is_heard(flag: str) -> None:
    switched = replace(Base(), **{flag: not getattr(Base(), flag)})

    assert words(some_terms()) != words(some_terms(base=switched))


@pytest.mark.parametrize("kind", CONDITION_KINDS)
def test_every_condition_is_heard(kind: str) -> None:
    gate = Condition(kind, (Factor(Decimal(1), Rate.percent(100)),))  # type: ignore[arg-type]

    assert facts(some_terms(conditions=(gate,)), "condition")["condition"] == kind


FORMULAS = list(
    product(Method, GAUGES, REWARDS, MEASURES, VAT_BASES, (None, "year"), (True, False), SCOPES)
)


@pytest.mark.parametrize("kind", BASE_KINDS)
@given(formula=st.sampled_from(FORMULAS), period=st.sampled_from(PERIOD_KINDS))
def test_what_is_not_blocked_is_read_with_an_example(
    kind: str, formula: tuple[object, ...], period: str
) -> None:
    """Terms that the checks let pass can be computed, whatever is combined in them."""
    method, gauge, pays, measure, vat, accumulate, catch_up, scope = formula
    percent = pays == "percent"
    tiers = tuple(
        Tier(Decimal(lower), Rate.percent(percent * size), Decimal(size * (not percent)))
        for lower, size in ((0, 1), (50, 2))
    )
    terms = some_terms(
        method=method,
        gauge=gauge,
        pays=pays,
        base=Base(kind=kind, vat=vat, measure=measure),  # type: ignore[arg-type]
        accumulate=accumulate,
        catch_up=catch_up,
        scope=scope,
        period_kind=period,
        tiers=tiers,
        each=Decimal(10) if method is Method.MULTIPLE else None,
    )

    blocked = any(finding.severity is Severity.BLOCK for finding in validate(terms))
    assert blocked or any(word.startswith("example") for word in words(terms))

"""Policies and facts that nobody wrote: Hypothesis draws any formula that fits together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.rebates.figures import Evidence, Facts, Figures
from contracts.rebates.ladder import unreadable
from contracts.rebates.model import (
    CONDITION_KINDS,
    GAUGES,
    REWARDS,
    SCOPES,
    Base,
    Condition,
    Factor,
    Method,
    RebateTerms,
    Tier,
)
from contracts.values.rates import Rate

E4 = st.integers(-(10**9), 10**11)
COUNTS = st.integers(-1_000, 100_000)
SHARES = st.integers(0, 12_000).map(lambda bp: Rate(Decimal(bp).scaleb(-4)))


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    bounds = draw(st.lists(st.integers(0, 120), min_size=1, max_size=3, unique=True))
    steps = tuple(Factor(Decimal(bound), draw(SHARES)) for bound in sorted(bounds))
    return Condition(draw(st.sampled_from(CONDITION_KINDS)), steps)


@st.composite
def formulas(draw: st.DrawFn, **fixed: Any) -> RebateTerms:
    """Any policy whose formula fits together."""
    bounds = draw(st.lists(st.integers(0, 10**7), min_size=1, max_size=4, unique=True))
    gauge = fixed.get("gauge", draw(st.sampled_from(GAUGES)))
    places = {"base": -2, "orders": -5}.get(gauge, -4)
    tiers = tuple(
        Tier(
            Decimal(bound).scaleb(places),
            Rate(Decimal(draw(st.integers(0, 2_000))).scaleb(-4)),
            Decimal(draw(st.integers(0, 10**6))).scaleb(-4),
        )
        for bound in bounds
    )
    choices: dict[str, Any] = {
        "gauge": gauge,
        "method": draw(st.sampled_from(Method)),
        "pays": draw(st.sampled_from(REWARDS)),
        "scope": draw(st.sampled_from(SCOPES)),
        "base": Base(measure=draw(st.sampled_from(("value", "quantity")))),
        "accumulate": draw(st.sampled_from((None, "year"))),
        "catch_up": draw(st.booleans()),
        "each": draw(st.none() | st.integers(1, 10**6).map(lambda n: Decimal(n).scaleb(-2))),
        "conditions": tuple(draw(st.lists(conditions(), max_size=2, unique_by=lambda c: c.kind))),
        "guarantee_fen": draw(st.sampled_from((0, 0, 5_000_00))),
        "cap_fen": draw(st.none() | st.integers(1, 10**8)),
        "floor_payout_fen": draw(st.integers(0, 10**4)),
    }
    terms = RebateTerms("R", "Rebate", tiers=tiers, **(choices | fixed))
    if unreadable(terms):
        terms = replace(terms, method=Method.LUMP, pays="amount", catch_up=True)
    return terms


@st.composite
def statement_facts(draw: st.DrawFn, terms: RebateTerms) -> Facts:
    split = terms.scope in ("product", "product_group")
    names = draw(st.lists(st.sampled_from("ABCD"), min_size=1, unique=True)) if split else [""]
    gauges = draw(st.booleans()) or terms.scope == "group"
    parts = {
        name: Figures(
            base_e4=draw(E4),
            quantity=draw(COUNTS),
            gauge_e4=draw(E4) if gauges else None,
            gauge_quantity=draw(COUNTS) if gauges else None,
            reference_e4=draw(st.none() | E4),
            orders=draw(st.integers(0, 50)),
            reduced_e4=draw(st.sampled_from((0, 0, 1_000_0000))),
        )
        for name in names
    }
    evidence = {
        condition.kind: Evidence(draw(st.none() | st.integers(0, 200).map(Decimal)))
        for condition in terms.conditions
        if draw(st.booleans())
    }
    return Facts(parts, evidence)

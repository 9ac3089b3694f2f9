"""Every step of every formula has its sentence, in both languages, with all its figures."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import get_args

import pytest
from flask_babel import force_locale

from channel.messages import sentence
from contracts.rebates.compute import compute
from contracts.rebates.figures import Evidence, Facts, Figures
from contracts.rebates.ladder import unreadable
from contracts.rebates.model import (
    CONDITION_KINDS,
    GAUGES,
    MEASURES,
    REWARDS,
    SCOPES,
    Base,
    Condition,
    Factor,
    Method,
    RebateTerms,
    Tier,
)
from contracts.rebates.reading import read_aloud
from contracts.rebates.steps import StepKind
from contracts.values.rates import Rate

#: Figures of a statement that stands high, low, below zero, and without anything to compare with.
FIGURES = {
    "high": Figures(2_500_000, 250, 5_000_000, 500, 1_000_000, 12, 10_000),
    "alone": Figures(2_500_000, 250, None, None, 1_000_000, 12),
    "low": Figures(10_000, 1, None, None, 100_000_000, 1),
    "below": Figures(-10_000, -1, None, None, 1_000_000, 0),
    "unknown": Figures(2_500_000, 250),
}
HALF = tuple(
    Condition(kind, (Factor(Decimal(0), Rate.percent(100)), Factor(Decimal(5), Rate.percent(50))))
    for kind in CONDITION_KINDS
)
EVIDENCE = {kind: Evidence(Decimal(7), ("A-1",)) for kind in CONDITION_KINDS}


def formulas():
    combined = product(Method, GAUGES, REWARDS, MEASURES, SCOPES, (None, "year"), (True, False))
    for method, gauge, pays, measure, scope, accumulate, catch_up in combined:
        tiers = tuple(Tier(Decimal(lower), Rate.percent(lower), Decimal(lower)) for lower in (3, 5))
        terms = RebateTerms(
            "R",
            "Rebate",
            method,
            tiers,
            Base(measure=measure),
            gauge=gauge,
            pays=pays,
            scope=scope,
            accumulate=accumulate,
            catch_up=catch_up,
            each=Decimal(2) if method is Method.MULTIPLE else None,
            guarantee_fen=1,
        )
        if not unreadable(terms):
            yield terms


def steps():
    """Steps of all formulas on all figures, one of each set of facts."""
    found = {}
    for terms in formulas():
        for figures in FIGURES.values():
            facts = Facts({"part": figures})
            for step in compute(terms, facts).steps:
                kinds = tuple(sorted((n, type(f).__name__) for n, f in step.facts.items()))
                found.setdefault((step.kind, kinds), step)
    limits = RebateTerms(
        "R", "Rebate", Method.WHOLE, (Tier(Decimal(0), Rate.percent(3)),), conditions=HALF
    )
    for terms, evidence in (
        (limits, EVIDENCE),
        (limits, {}),
        (RebateTerms("R", "R", Method.WHOLE, limits.tiers, cap_fen=1), {}),
        (RebateTerms("R", "R", Method.WHOLE, limits.tiers, floor_payout_fen=10_000_000), {}),
        (RebateTerms("R", "R", Method.WHOLE, limits.tiers, guarantee_fen=10_000_000), {}),
    ):
        for step in compute(terms, Facts({"": FIGURES["alone"]}, evidence)).steps:
            found.setdefault((step.kind, len(step.facts.get("refs", ()))), step)
    return list(found.values())


@pytest.mark.row("E01", "E02", "E03")
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_kind_of_step_is_said_with_its_figures(app, lang):
    every = steps()
    assert {step.kind for step in every} == set(get_args(StepKind))
    with app.test_request_context(), force_locale(lang):
        for step in every:
            text = sentence(step.as_finding())
            assert text, step
            assert "%(" not in text and "rebate." not in text, text
            if lang == "en":
                assert not any("一" <= sign <= "鿿" for sign in text), text
            else:
                assert any("一" <= sign <= "鿿" for sign in text), text


def test_units_are_said_where_a_figure_is_no_money(app):
    """Pieces, percent and orders are told apart, and what proves a condition is printed."""
    terms = RebateTerms(
        "R",
        "R",
        Method.MULTIPLE,
        (Tier(Decimal(0), amount=Decimal(5)),),
        Base(measure="quantity"),
        pays="amount",
        each=Decimal(100),
        conditions=(Condition("report", (Factor(Decimal(0), Rate.percent(100)),)),),
    )
    facts = Facts({"": Figures(quantity=250)}, {"report": Evidence(Decimal(1), ("2026-07",))})
    with app.test_request_context(), force_locale("en"):
        said = [sentence(step.as_finding()) for step in compute(terms, facts).steps]
    assert "2 times a full 100 pieces: 2 × ¥5.00" in said
    assert "Inventory reports not filed in time, 1: 100 % is left (2026-07)" in said


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_formula_is_read_in_both_languages(app, lang):
    with app.test_request_context(), force_locale(lang):
        for terms in formulas():
            for finding in read_aloud(terms):
                text = sentence(finding)
                assert "%(" not in text and "rebate." not in text, text

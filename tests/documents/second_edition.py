"""Statements of the second edition to print and to recount: every formula kind, with its lines."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from statements import a_statement

from channel.documents.annex import Annex, InputLine, annex_of
from channel.documents.derived import derived
from channel.documents.model import RebateStatementDoc
from contracts.rebates.compute import compute, steps_to_json
from contracts.rebates.figures import Evidence, Facts, Figures
from contracts.rebates.model import Base, Condition, Factor, Method, RebateTerms, Tier
from contracts.rebates.terms_json import terms_hash
from contracts.values.money import vat_split
from contracts.values.rates import Rate

D = Decimal


def rate(*pairs: tuple[str, str]) -> tuple[Tier, ...]:
    """(bound, percent) pairs as tiers."""
    return tuple(Tier(D(lower), Rate.percent(percent)) for lower, percent in pairs)


def paid(*pairs: tuple[str, str]) -> tuple[Tier, ...]:
    """(bound, amount) pairs as tiers."""
    return tuple(Tier(D(lower), amount=D(amount)) for lower, amount in pairs)


def terms_of(method: Method = Method.WHOLE, tiers: tuple[Tier, ...] = (), **changes: Any) -> Any:
    tiers = tiers or rate(("0", "1"), ("100000", "2"), ("200000", "3"))
    return RebateTerms("RB-2026", "季度销量返利", method, tiers, **changes)


def steps(*pairs: tuple[str, str]) -> tuple[Factor, ...]:
    return tuple(Factor(D(lower), Rate.percent(percent)) for lower, percent in pairs)


GATE = Condition("diversion", steps(("0", "100"), ("1", "0")))
COLLECTION = Condition("collection", steps(("0", "100"), ("16", "80"), ("31", "50"), ("46", "0")))
UNITS = Base(measure="quantity")

#: name → (terms, figures of the one part): a case of every formula.
FORMULAS: dict[str, tuple[RebateTerms, Figures]] = {
    "whole": (terms_of(), Figures(1_200_000_000, 1000)),
    "segment": (terms_of(Method.SEGMENT), Figures(1_200_000_000, 1000)),
    "growth_whole": (
        terms_of(gauge="growth", tiers=rate(("10", "1"), ("50", "2"))),
        Figures(1_200_000_000, 900, reference_e4=800_000_000),
    ),
    "growth_excess": (
        terms_of(Method.EXCESS, gauge="growth", tiers=rate(("10", "3"), ("50", "5"))),
        Figures(1_200_000_000, 900, reference_e4=800_000_000),
    ),
    "growth_segment": (
        terms_of(Method.SEGMENT, gauge="growth", tiers=rate(("0", "3"), ("25", "5"))),
        Figures(1_200_000_000, 900, reference_e4=800_000_000),
    ),
    "attainment": (
        terms_of(gauge="attainment", tiers=rate(("90", "1"), ("100", "1.5"))),
        Figures(1_200_000_000, 900, reference_e4=1_250_000_000),
    ),
    "multiple": (
        terms_of(Method.MULTIPLE, tiers=paid(("50000", "300")), pays="amount", each=D(50_000)),
        Figures(1_200_000_000, 900),
    ),
    "per_unit": (
        terms_of(tiers=paid(("0", "0.5"), ("500", "0.8")), pays="per_unit", base=UNITS),
        Figures(1_200_000_000, 1000),
    ),
    "segment_units": (
        terms_of(Method.SEGMENT, paid(("0", "0.5"), ("500", "0.8")), pays="per_unit", base=UNITS),
        Figures(1_200_000_000, 1000),
    ),
    "lump": (
        terms_of(Method.LUMP, paid(("50000", "500"), ("100000", "1500")), pays="amount"),
        Figures(1_200_000_000, 1000),
    ),
    "orders": (
        terms_of(Method.LUMP, paid(("6", "200"), ("12", "600")), pays="amount", gauge="orders",
                 qualify_fen=500_000),
        Figures(1_200_000_000, 1000, orders=13),
    ),
    "reduced": (
        terms_of(reduced_by=frozenset({"RB-A"})),
        Figures(1_200_000_000, 1000, reduced_e4=24_000_000),
    ),
    "group": (
        terms_of(Method.SEGMENT, scope="group"),
        Figures(1_200_000_000, 1000, gauge_e4=3_100_000_000),
    ),
    "accumulated": (
        terms_of(Method.SEGMENT, accumulate="year", catch_up=False),
        Figures(1_200_000_000, 1000, gauge_e4=2_100_000_000),
    ),
    "lump_accumulated": (
        terms_of(Method.LUMP, paid(("50000", "500"), ("100000", "1500")), pays="amount",
                 accumulate="year", catch_up=False),
        Figures(600_000_000, 500, gauge_e4=1_200_000_000),
    ),
    "guarantee": (terms_of(guarantee_fen=300_000), Figures(1_200_000_000, 1000)),
    "cap": (terms_of(cap_fen=200_000), Figures(1_200_000_000, 1000)),
    "minimum": (terms_of(floor_payout_fen=240_001), Figures(1_200_000_000, 1000)),
    "below": (terms_of(tiers=rate(("200000", "1"))), Figures(1_200_000_000, 1000)),
    "negative": (terms_of(), Figures(-5_000_000, -3)),
    "no_baseline": (terms_of(gauge="growth"), Figures(1_200_000_000, 1000)),
}  # fmt: skip


def facts_of(figures: Figures, **evidence: Evidence) -> Facts:
    return Facts({"": figures}, evidence)  # type: ignore[arg-type]


def lines_of(facts: Facts, each: int = 3) -> list[InputLine]:
    """Some lines for every part, which add up to its value and its quantity."""
    made: list[InputLine] = []
    for part, figures in sorted(facts.parts.items()):
        for at in range(each):
            last = at + 1 == each
            value = figures.base_e4 // each
            units = figures.quantity // each
            made.append(
                InputLine(
                    document=f"IN-2026-{len(made) // 2 + 1:06d}", line=len(made) % 2 + 1,
                    date=f"2026-0{7 + at % 3}-1{at % 9}", part=part, product=part or "P01",
                    name="豆瓣酱 500g", share_fen=None,
                    value_e4=figures.base_e4 - value * (each - 1) if last else value,
                    quantity=figures.quantity - units * (each - 1) if last else units,
                )
            )  # fmt: skip
    return made


def a_second(
    terms: RebateTerms, facts: Facts, currency: str = "CNY", each: int = 3, **changes: Any
) -> tuple[RebateStatementDoc, Annex]:
    """A statement of these terms and facts, and its annex."""
    result = compute(terms, facts, currency)
    lines = lines_of(facts, each)
    base_e4 = sum(figures.base_e4 for figures in facts.parts.values())
    months: dict[tuple[str, str], list[InputLine]] = {}
    for line in lines:
        months.setdefault((line["date"][:7], line["part"]), []).append(line)
    base_lines = [
        {
            "month": month, "group": f"S {part or '酱料'}", "line_count": len(own), "part": part,
            "invoiced_e4": sum(max(0, one["value_e4"]) for one in own),
            "returned_e4": sum(max(0, -one["value_e4"]) for one in own),
            "net_e4": sum(one["value_e4"] for one in own),
            "quantity": sum(one["quantity"] for one in own),
        }
        for (month, part), own in sorted(months.items())
    ]  # fmt: skip
    granted = changes.pop("granted_before_fen", 0)
    amount = result.entitlement_fen - granted
    net, tax = vat_split(amount, 1300)
    doc: dict[str, Any] = {
        **a_statement(),
        **derived(terms, result),
        "currency": currency,
        "policy": {**a_statement()["policy"], "code": terms.code, "name": terms.name,
                   "method": terms.method.value,
                   "base_vat": terms.base.vat, "period_kind": terms.period_kind,
                   "terms_hash": terms_hash(terms)},
        "base_lines": base_lines, "base_e4": base_e4, "base_fen": int(result.base * 100),
        "tiers": [], "to_next": None if result.to_next is None else f"{result.to_next:f}",
        "steps": steps_to_json(result.steps), "entitlement_fen": result.entitlement_fen,
        "granted_before_fen": granted, "amount_fen": amount,
        "tax": {"rate_bp": 1300, "net_fen": net, "tax_fen": tax} if currency == "CNY" else None,
        "pool": {"opening_fen": 50_000, "earned_fen": amount, "used_fen": 20_000,
                 "expired_fen": 1_000, "reversed_fen": 2_000, "closing_fen": 27_000 + amount},
        "names": {"P01": "豆瓣酱 500g", "P02": "火锅底料"},
        "objection_until": "2026-10-19", "silence": "confirms",
        "verify": {"code": "K7QF2M9XW4TZ8RBN3HVC",
                   "url": "https://weir.example/verify/RS-2026-0001/K7QF2M9XW4TZ8RBN3HVC"},
        **changes,
    }  # fmt: skip
    annex = annex_of(doc, lines)
    doc["line_count"] = annex["count"]
    return doc, annex  # type: ignore[return-value]


def a_formula(name: str, **changes: Any) -> tuple[RebateStatementDoc, Annex]:
    terms, figures = FORMULAS[name]
    return a_second(terms, facts_of(figures), **changes)


def two_products() -> tuple[RebateStatementDoc, Annex]:
    """Each product through the tiers by itself, one that reaches none."""
    facts = Facts({"P01": Figures(900_000_000, 700), "P02": Figures(300_000_000, 300)})
    return a_second(terms_of(tiers=rate(("50000", "2")), scope="product"), facts)


def judged() -> tuple[RebateStatementDoc, Annex]:
    """1,400.00 by segment, collected within 16 to 30 days, one case upheld or none."""
    terms = replace(terms_of(Method.SEGMENT), conditions=(GATE, COLLECTION))
    facts = facts_of(
        Figures(1_200_000_000, 1000),
        diversion=Evidence(D(0)),
        collection=Evidence(D("21.4"), ("IN-2026-000001", "IN-2026-000004")),
    )
    return a_second(terms, facts)

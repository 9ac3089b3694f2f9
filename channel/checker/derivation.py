"""The steps that a statement must show, from the formula worked out again: kind, facts, amount."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from channel.checker.arithmetic import Rounded, half_up, number, to_places, whole
from channel.checker.tiers import NONE, Part, Terms

#: A fact as expected: a number, one that is printed rounded, a text, or a list of texts.
Expected = Fraction | Rounded | str | tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One line of the derivation as it must be."""

    kind: str
    amount: Fraction
    facts: Mapping[str, Expected]


@dataclass(frozen=True)
class Judgement:
    """A condition: what was found (None: no proof), and the share of the rebate that it leaves."""

    kind: str
    value: Fraction | None
    factor: Fraction
    refs: tuple[str, ...]


def judge(terms: Terms, evidence: Mapping[str, Any]) -> list[Judgement]:
    """Each condition by itself: the factor of the last step not above the value."""
    found = []
    for condition in terms.stored.get("conditions") or []:
        kind = condition["kind"]
        shown = evidence.get(kind) or {"value": None, "refs": []}
        refs = tuple(shown["refs"])
        if shown["value"] is None:
            found.append(Judgement(kind, None, NONE, refs))
            continue
        value = number(shown["value"], f"evidence.{kind}")
        steps = sorted(
            (number(step["lower"]), number(step["factor"])) for step in condition["steps"]
        )
        factor = NONE
        for lower, left in steps:
            factor = left if value >= lower else factor
        found.append(Judgement(kind, value, factor, refs))
    return found


class Recount:
    """The rebate of a statement from its terms and facts alone."""

    def __init__(self, terms: Terms, facts: Mapping[str, Any], earlier_fen: int | None) -> None:
        self.terms, self._earlier_fen = terms, earlier_fen
        parts = facts.get("parts") or {"": {}}
        self.parts = [Part(terms, name, parts[name]) for name in sorted(parts)]
        self.judged = judge(terms, facts.get("evidence") or {})
        self.base_e4 = sum(part.get("base_e4") for part in self.parts)
        self.base_fen = half_up(Fraction(self.base_e4, 100))
        self.steps: list[Step] = []
        self._amount, self._printed = NONE, NONE
        #: Whether the amount is a quotient, which is printed to twelve decimals.
        self._is_quotient = False
        self.entitlement_fen = self._count()

    def _note(self, kind: str, **facts: Expected) -> None:
        self.steps.append(Step(kind, NONE, facts))

    def _become(self, amount: Fraction, kind: str, **facts: Expected) -> None:
        before = self._printed
        self._amount = amount
        self._printed = to_places(amount, 12) if self._is_quotient else amount
        self.steps.append(Step(kind, self._printed - before, facts))

    def _count(self) -> int:
        self._note(
            "base_rounding", exact=Fraction(self.base_e4, 10_000), base=Fraction(self.base_fen, 100)
        )
        for part in self.parts:
            self._part(part)
        self._conditions()
        self._guarantee()
        return self._limits(self._round())

    def _part(self, part: Part) -> None:
        for kind, facts in _counted(part):
            self._note(kind, **facts)
        for step in _paid(part):
            self.steps.append(step)
            self._amount += step.amount
        self._printed = self._amount
        if (shares := part.shares) is not None:
            self._is_quotient = True
            scale = 1 if self.terms.in_pieces else 10_000
            self._become(
                self._amount - part.before_share + part.amount,
                "group_share",
                before=part.before_share,
                share=to_places(part.amount, 12),
                own=Fraction(shares[0], scale),
                group=Fraction(shares[1], scale),
            )

    def _conditions(self) -> None:
        for one in self.judged:
            left = self._amount * one.factor
            if one.value is None:
                self._become(left, "condition_unproven", condition=one.kind, refs=one.refs)
            else:
                kind = f"condition_{one.kind}"
                self._become(left, kind, value=one.value, factor=one.factor, refs=one.refs)

    def _guarantee(self) -> None:
        least = Fraction(whole(self.terms.stored.get("guarantee_fen", 0), "guarantee_fen"), 100)
        if least <= 0 or any(one.factor == 0 for one in self.judged) or self._amount >= least:
            return
        before, self._is_quotient = self._printed, False
        self._become(least, "guarantee", guarantee=least, before=before)

    def _round(self) -> int:
        fen = half_up(self._amount * 100)
        if any(part.hit is not None for part in self.parts):
            exact, self._is_quotient = self._printed, False
            self._become(Fraction(fen, 100), "rounding", exact=exact, rounded=Fraction(fen, 100))
        return fen

    def _limits(self, fen: int) -> int:
        cap, minimum = self.terms.stored.get("cap_fen"), self.terms.stored["floor_payout_fen"]
        if self._earlier_fen is not None:
            # The cap of one period, on top of what the periods before it were granted.
            cap = (cap or 0) + max(self._earlier_fen, 0)
        if cap is not None and fen > whole(cap, "terms.cap_fen"):
            self._limit("cap", "cap", cap, fen, cap)
            fen = cap
        if 0 < fen < whole(minimum, "terms.floor_payout_fen"):
            self._limit("minimum_payout", "minimum", minimum, fen, 0)
            fen = 0
        return fen

    def _limit(self, kind: str, name: str, limit: int, before: int, after: int) -> None:
        facts: dict[str, Expected] = {name: Fraction(limit, 100), "before": Fraction(before, 100)}
        self.steps.append(Step(kind, Fraction(after - before, 100), facts))


def _counted(part: Part) -> Iterator[tuple[str, dict[str, Expected]]]:
    """What was counted, before any tier is looked at."""
    terms = part.terms
    if terms.is_split and part.name:
        yield "part", {"part": part.name, "base": part.whole}
    if part.base != part.whole:
        off = Fraction(part.get("reduced_e4"), 10_000)
        yield "reduced", {"before": part.whole, "by": off, "base": part.base}
    if terms.in_pieces or terms.pays == "per_unit":
        yield "units", {"units": part.quantity}
    name = "gauge_quantity" if terms.in_pieces else "gauge_e4"
    pooled = terms.scope == "group" or bool(terms.stored.get("accumulate"))
    if pooled and name in part.figures and terms.gauge != "orders":
        yield ("group_total" if terms.scope == "group" else "accumulated"), {"total": part.value}
    if terms.gauge == "orders":
        least = Fraction(terms.stored.get("qualify_fen", 0), 100)
        yield "orders", {"orders": part.value, "qualify": least}
    elif part.reference is not None:
        name = "reference" if terms.gauge == "growth" else "target"
        yield terms.gauge, {
            "actual": part.value, name: part.reference, "percent": Rounded(part.percent or NONE),
        }  # fmt: skip


def _standing(part: Part) -> tuple[str, str, Expected]:
    """(ending of the kind, name of the fact, where the part stands)."""
    gauge = part.terms.gauge
    if gauge == "orders":
        return "orders", "orders", part.value
    if gauge != "base":
        return gauge, "percent", Rounded(part.percent or NONE)
    return ("units", "units", part.value) if part.terms.in_pieces else ("value", "base", part.value)


def _paid(part: Part) -> Iterator[Step]:
    """The tiers that pay, or the one reason why none does."""
    terms = part.terms
    if part.barred:
        in_units = (terms.in_pieces and part.quantity < 0) or (
            terms.pays == "per_unit" and part.base >= 0
        )
        if in_units:
            yield Step("negative_units", NONE, {"units": part.quantity})
        else:
            yield Step("negative_base", NONE, {"base": part.base})
    elif part.bounds is None:
        kind = "no_baseline" if terms.gauge == "growth" else "no_target"
        yield Step(kind, NONE, {"actual": part.value})
    elif part.hit is None:
        ending, name, value = _standing(part)
        kind = "below_first_" + ("tier" if ending == "value" else ending)
        short = part.to_next or NONE
        facts = {name: value, "lower": terms.tiers[0].lower, "short": short}
        yield Step(kind, NONE, facts)
    elif terms.method == "by segment":
        yield from _segments(part)
    else:
        yield from _reached(part, part.hit)


def _segments(part: Part) -> Iterator[Step]:
    terms, hit = part.terms, part.hit or 0
    for at in range(hit + 1):
        row, tier = part.rows[at], terms.tiers[at]
        if at != hit and not row.slice and not row.amount and part.start is not None:
            continue
        facts: dict[str, Expected] = {"number": Fraction(at + 1), "lower": tier.lower}
        if terms.pays == "amount":
            yield Step("segment_lump", row.amount, {**facts, "sum": tier.amount})
            continue
        facts["slice"] = row.slice
        each = tier.amount if terms.pays == "per_unit" else tier.rate
        if terms.gauge in ("growth", "attainment"):
            kind, name = f"segment_{terms.gauge}", "reward"
        else:
            kind, name = ("segment_units", "each") if terms.in_pieces else ("segment", "rate")
        facts[name] = each
        if at != hit:
            facts["until"] = terms.tiers[at + 1].lower
        yield Step(kind, row.amount, facts)


def _reached(part: Part, hit: int) -> Iterator[Step]:
    terms, row, tier = part.terms, part.rows[hit], part.terms.tiers[hit]
    at: dict[str, Expected] = {"number": Fraction(hit + 1), "lower": tier.lower}
    plain = terms.gauge == "base" and not terms.in_pieces
    if plain and terms.method == "whole amount" and terms.pays == "percent":
        yield Step("tier", row.amount, {**at, "base": part.base, "rate": tier.rate})
        return
    ending, name, value = _standing(part)
    yield Step(f"reached_{ending}", NONE, {**at, name: value})
    if terms.is_sum:
        yield Step("lump", row.amount, {"sum": tier.amount})
        if part.lump_before:
            yield Step("lump_before", -part.lump_before, {"sum": part.lump_before})
    elif terms.method == "per multiple":
        each = number(terms.stored["each"], "terms.each")
        facts: dict[str, Expected] = {"times": row.slice, "each": each, "sum": tier.amount}
        yield Step("multiple", row.amount, facts)
    elif terms.method == "on the excess":
        facts = {"excess": row.slice, "reference": part.reference or NONE}
        if terms.pays == "per_unit":
            yield Step("pays_excess_units", row.amount, {**facts, "each": tier.amount})
        else:
            yield Step("pays_excess", row.amount, {**facts, "rate": tier.rate})
    elif terms.pays == "per_unit":
        yield Step("pays_units", row.amount, {"units": row.slice, "each": tier.amount})
    else:
        yield Step("pays_percent", row.amount, {"base": row.slice, "rate": tier.rate})

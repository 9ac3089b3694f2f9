"""What a statement carries of its computation: terms, facts, the tier tables, the conditions.

Pure: from the terms, the facts and the result of contracts.rebates to plain JSON values.
"""

from __future__ import annotations

from decimal import Decimal

from channel.documents.parts import EDITION, JudgedDoc, PartDoc, RowDoc, SecondEdition
from contracts.rebates.compute import Part, Result
from contracts.rebates.derivation import percent_text
from contracts.rebates.figures import facts_to_json
from contracts.rebates.ladder import Rung, place_of
from contracts.rebates.model import Condition, RebateTerms
from contracts.rebates.terms_json import to_json


def derived(terms: RebateTerms, result: Result) -> SecondEdition:
    """The fields of the second edition that follow from the computation alone."""
    return SecondEdition(
        edition=EDITION,
        terms=to_json(terms),
        facts=facts_to_json(result.facts),
        parts=[_part(terms, part) for part in result.parts],
        judged=[
            JudgedDoc(
                kind=one.kind,
                value=None if one.value is None else text(one.value),
                factor=text(one.factor.fraction),
                refs=list(one.refs),
                steps=_scale(condition),
            )
            for one, condition in zip(result.conditions, terms.conditions, strict=True)
        ],
    )


def _part(terms: RebateTerms, part: Part) -> PartDoc:
    return PartDoc(
        name=part.name,
        measured=_measured(terms, part),
        rows=[_row(terms, rung) for rung in part.rungs],
        amount=text(part.amount),
        to_next=None if part.to_next is None else text(part.to_next),
    )


def _measured(terms: RebateTerms, part: Part) -> str | None:
    """Where the part stands, in the unit of the gauge."""
    place = place_of(terms, part.figures)
    if place.bounds is None:
        return None
    if terms.gauge in ("growth", "attainment"):
        return percent_text(terms, place).removeprefix("+")
    return text(place.value)


def _row(terms: RebateTerms, rung: Rung) -> RowDoc:
    reward = rung.rate.fraction if terms.pays == "percent" else rung.each
    return RowDoc(
        number=rung.number,
        lower=text(rung.lower),
        upper=None if rung.upper is None else text(rung.upper),
        reward=text(reward),
        slice=text(rung.slice),
        amount=text(rung.amount),
        hit=rung.hit,
    )


def _scale(condition: Condition) -> list[dict[str, str]]:
    steps = sorted(condition.steps, key=lambda step: step.lower)
    return [{"lower": text(step.lower), "factor": text(step.factor.fraction)} for step in steps]


def text(number: Decimal) -> str:
    """Shortest text of a decimal, without an exponent."""
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("", "-0") else plain

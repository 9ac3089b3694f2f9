"""The derivation as it is printed against the derivation as it must be, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from channel.checker.arithmetic import Rounded, number, shown, whole
from channel.checker.derivation import Expected, Recount, Step
from channel.checker.faults import Fault, same, same_number


def steps_add(doc: Mapping[str, Any]) -> Iterator[Fault]:
    total = sum((_plain(step["facts"]["amount"]) for step in doc["steps"]), Fraction(0))
    earned = Fraction(whole(doc["entitlement_fen"], "entitlement_fen"), 100)
    if total != earned:
        yield Fault("steps", "steps", shown(total), shown(earned))


def check_steps(doc: Mapping[str, Any], recount: Recount) -> Iterator[Fault]:
    """Line by line of the derivation: the kind, what it adds, and every fact in it."""
    yield from steps_add(doc)
    stored = doc["steps"]
    yield from same("steps", "steps", len(stored), len(recount.steps))
    for at, (told, found) in enumerate(zip(stored, recount.steps, strict=False)):
        place = f"steps[{at + 1}]"
        yield from same("step", f"{place}.code", told["code"], f"rebate.step.{found.kind}")
        facts = dict(told["facts"])
        amount = _plain(facts.pop("amount"))
        yield from same_number("step", f"{place}.amount", _text_of(amount), found.amount)
        yield from _step_facts(facts, found, place, doc["currency"])


def _step_facts(
    facts: Mapping[str, Any], found: Step, place: str, currency: str
) -> Iterator[Fault]:
    """Every fact of a step; words beside them are free, figures are not."""
    for name, expected in sorted(found.facts.items()):
        if name not in facts:
            yield Fault("step", f"{place}.{name}", "–", shown(expected))
        elif not _agrees(facts[name], expected, currency):
            yield Fault("step", f"{place}.{name}", _told(facts[name]), shown(expected))
    for name in sorted(facts.keys() - found.facts.keys()):
        if "str" not in facts[name]:
            yield Fault("step", f"{place}.{name}", _told(facts[name]), "–")


def _text_of(value: Fraction) -> Any:
    """A fraction that came from decimal text, as such text again."""
    return value.numerator if value.denominator == 1 else _decimal_text(value)


def _decimal_text(value: Fraction) -> str:
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    size = abs(value.numerator * 10**places // value.denominator)
    digits = f"{size:0{places + 1}d}"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def _plain(tagged: Mapping[str, Any]) -> Fraction:
    """A stored fact that is a number: money, decimal, rate, whole number or numeric text."""
    ((tag, stored),) = tagged.items()
    return number(stored[0] if tag == "money" else stored, tag)


def _told(tagged: Mapping[str, Any]) -> str:
    ((_tag, stored),) = tagged.items()
    return " ".join(map(str, stored)) if isinstance(stored, list) else str(stored)


def _agrees(tagged: Mapping[str, Any], expected: Expected, currency: str) -> bool:
    ((tag, stored),) = tagged.items()
    if isinstance(expected, tuple):
        return tag == "strs" and tuple(stored) == expected
    if isinstance(expected, str):
        return tag == "str" and stored == expected
    if isinstance(expected, Rounded):
        return tag == "str" and expected.agrees(stored)
    if tag == "money" and stored[1] != currency:
        return False
    return _plain(tagged) == expected

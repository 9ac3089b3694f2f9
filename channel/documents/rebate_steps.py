"""The derivation of a statement of the second edition: each step as a sentence and its amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from channel.documents.speech import Said, Speech
from channel.documents.statement import plain
from channel.messages.values import MINUS, SIGNS
from contracts.rebates.compute import Step, steps_from_json
from contracts.values.money import Money
from contracts.values.rates import Rate

#: Facts that are money or, where the base is counted in pieces, a whole number of them.
_MEASURED = frozenset(
    {"total", "actual", "reference", "target", "short", "slice", "own", "group", "excess"}
)
#: Kinds whose sentence names the unit of such facts itself.
_NAMED = frozenset({"segment_units", "pays_excess_units", "below_first_orders",
                    "below_first_units"})  # fmt: skip


def signed(amount: Decimal, currency: str) -> str:
    """¥1,400.00, −¥0.4045, USD 12.00: exact, at least two decimals."""
    lead = SIGNS.get(currency) or f"{currency} "
    text = plain(abs(amount))
    return f"{MINUS}{lead}{text}" if amount < 0 else f"{lead}{text}"


def number(value: Decimal | int | str) -> str:
    """1,200 and 1,200.5: a count, without decimals that say nothing."""
    text = f"{Decimal(value):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", MINUS)


def step_rows(steps: list[dict[str, Any]], speech: Speech, terms: dict[str, Any], currency: str,
              names: dict[str, str]) -> list[dict[str, str]]:  # fmt: skip
    """The lines of the derivation as printed: sentence, amount, and whether they add anything."""
    rows = []
    for step in steps_from_json(steps):
        key = f"step_{step.kind}"
        if step.kind.startswith("segment") and step.kind != "segment_lump":
            key += "" if "until" in step.facts else "_last"
        facts = {
            name: _fact(speech, step, name, value, currency, terms)
            for name, value in step.facts.items()
        }
        if "part" in facts:
            facts["part"] = _named(str(step.facts["part"]), names)
        said = speech.both(key, **facts)
        rows.append({"text": speech.print(said), "amount": plain(step.amount) if step.amount
                     else "", "head": "1" if step.kind == "part" else ""})  # fmt: skip
    return rows


def _named(code: str, names: dict[str, str]) -> str:
    name = names.get(code, "")
    return f"{code} {name}" if name and name != code else code


def _fact(
    speech: Speech, step: Step, name: str, value: object, currency: str, terms: dict[str, Any]
) -> Said | str:
    if name == "refs":
        refs = "、".join(value) if isinstance(value, tuple) else ""
        english = ", ".join(value) if isinstance(value, tuple) else ""
        return Said(f"（{refs}）", f" ({english})") if refs else Said("", "")
    if name == "condition":
        return speech.both(f"condition_{value}")
    if name == "share" and isinstance(value, Decimal):
        return signed(value, currency)
    if name == "each" and step.kind == "multiple" and not isinstance(value, Money):
        return _multiple_of(speech, value, terms)
    if isinstance(value, Money):
        return signed(value.amount, value.currency)
    if isinstance(value, Rate):
        return str(value)
    if isinstance(value, int) and name in _MEASURED and step.kind not in _NAMED:
        return speech.both("short_pieces", figure=number(value))
    if isinstance(value, int):
        return number(value)
    if isinstance(value, Decimal):
        return signed(value, currency)
    return str(value).replace("-", MINUS)


def _multiple_of(speech: Speech, value: object, terms: dict[str, Any]) -> Said | str:
    """What makes one multiple: pieces, orders, or percentage points of the reference."""
    gauge = terms.get("gauge", "base")
    if gauge in ("growth", "attainment"):
        return f"{value} %"
    kind = "short_orders" if gauge == "orders" else "short_pieces"
    return speech.both(kind, figure=number(str(value)))

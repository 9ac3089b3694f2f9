"""The formula of a policy as a statement prints it: gauge, base, tier tables, conditions.

Read from the frozen document alone, whose `terms` are those of contracts.rebates as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from channel.documents.drawing import Rise, progress
from channel.documents.model import RebateStatementDoc
from channel.documents.parts import JudgedDoc, PartDoc
from channel.documents.rebate_steps import number, signed
from channel.documents.speech import Said, Speech
from channel.documents.statement import plain
from channel.messages.values import format_fen
from contracts.values.rates import Rate

_DAYS = ("collection", "overdue")
_PERCENTS = ("attainment", "mix")


def gauge_said(speech: Speech, terms: Mapping[str, Any], currency: str) -> Said:
    """What the tiers are compared with, over whom and over which time."""
    gauge = terms.get("gauge", "base")
    if gauge == "growth":
        said = speech.both(f"gauge_growth_{terms.get('reference', 'last_year')}")
    elif gauge == "orders" and terms.get("qualify_fen"):
        said = speech.both("gauge_orders_from", least=format_fen(terms["qualify_fen"], currency))
    else:
        said = speech.both(f"gauge_{gauge}")
    if (scope := terms.get("scope", "distributor")) != "distributor":
        said = said.plus(speech.both(f"scope_{scope}"))
    if terms.get("accumulate"):
        said = said.plus(speech.both(f"accumulate_{terms['accumulate']}"))
    return said


def base_said(speech: Speech, terms: Mapping[str, Any]) -> Said:
    """What counts: when, with or without VAT, returns, discounts, free goods, exchanges."""
    base = terms.get("base", {"kind": "invoiced", "vat": "net", "measure": "value"})
    if base["kind"] == "paid_on_time" and terms.get("grace_days"):
        kind = speech.both("kind_paid_grace", days=terms["grace_days"])
    else:
        kind = speech.both(f"kind_{base['kind']}")
    by_quantity = base["measure"] == "quantity"
    said = kind.plus(speech.both("measure_quantity" if by_quantity else f"measure_{base['vat']}"))
    notes = ["with_returns" if base.get("returns", True) else "without_returns"]
    notes += ["with_discounts"] if base.get("discounts") else []
    notes += ["with_free" if base.get("free_goods") else "without_free"]
    notes += ["with_exchanges"] if base.get("exchanges") else []
    for note in notes:
        said = said.plus(Said("，", ", ")).plus(speech.both(note))
    return said


def parts_view(doc: RebateStatementDoc, speech: Speech) -> list[dict[str, Any]]:
    """The tier tables; the drawing where the part stands on the scale at all."""
    terms, currency = doc.get("terms", {}), doc["currency"]
    names = doc.get("names", {})
    return [_part(part, terms, currency, names, speech) for part in doc.get("parts", [])]


def _part(
    part: PartDoc, terms: Mapping[str, Any], currency: str, names: Mapping[str, str], speech: Speech
) -> dict[str, Any]:
    pays, unit = terms.get("pays", "percent"), _unit(terms)
    multiple = terms.get("method") == "per multiple"
    applied = "times" if multiple else "pieces" if pays == "per_unit" else "base"
    code = part["name"]
    name = part.get("label") or names.get(code, "")
    label = f"{code} {name}".strip() if name != code else code
    rows = [
        {
            "number": row["number"],
            "lower": _bound(row["lower"], unit),
            "upper": None if row["upper"] is None else _bound(row["upper"], unit),
            "reward": _reward(row["reward"], pays),
            "slice": number(row["slice"]) if applied != "base" else plain(row["slice"]),
            "amount": plain(row["amount"]),
            "hit": row["hit"],
        }
        for row in part["rows"]
    ]
    if pays == "amount":
        reward_word = "reward_multiple" if multiple else "reward_amount"
    else:
        reward_word = f"reward_{pays}"
    return {
        "label": label,
        "unit": speech.word(f"unit_{unit}", currency=currency),
        "reward_word": reward_word,
        "applied_word": f"applied_{applied}",
        "has_slice": pays != "amount" or multiple,
        "rows": rows,
        "amount": plain(part["amount"]),
        "chart": _chart(part, rows, unit, currency, speech),
        "to_next": _short(part["to_next"], terms, currency, speech),
        "each": _each(terms, unit, currency, speech) if multiple else "",
        "no_reference": part["measured"] is None,
    }


def _unit(terms: Mapping[str, Any]) -> str:
    gauge = terms.get("gauge", "base")
    if gauge == "base":
        by_quantity = terms.get("base", {}).get("measure") == "quantity"
        return "pieces" if by_quantity else "money"
    return {"growth": "growth", "attainment": "target", "orders": "orders"}[gauge]


def _bound(text: str, unit: str) -> str:
    if unit == "money":
        return plain(text)
    return f"{number(text)} %" if unit in ("growth", "target") else number(text)


def _reward(text: str, pays: str) -> str:
    return str(Rate(Decimal(text))) if pays == "percent" else plain(text)


def _chart(
    part: PartDoc, rows: list[dict[str, Any]], unit: str, currency: str, speech: Speech
) -> str:
    if part["measured"] is None or len(rows) > 8:
        return ""
    value = Decimal(part["measured"])
    here = signed(value, currency) if unit == "money" else _bound(part["measured"], unit)
    bounds = ", ".join(row["lower"] for row in rows)
    rises = [
        Rise(Decimal(stored["lower"]), row["lower"], row["reward"], row["hit"])
        for stored, row in zip(part["rows"], rows, strict=True)
    ]
    said = speech.title("chart_here", value=here)
    return progress(rises, value, said, speech.title("chart_alt", value=here, bounds=bounds))


def _short(text: str | None, terms: Mapping[str, Any], currency: str, speech: Speech) -> str:
    """What is missing to the next tier: money, pieces or orders, also where bounds are percent."""
    if text is None:
        return ""
    if terms.get("gauge") == "orders":
        short = speech.both("short_orders", figure=number(text))
    elif terms.get("base", {}).get("measure") == "quantity":
        short = speech.both("short_pieces", figure=number(text))
    else:
        short = Said(*[signed(Decimal(text), currency)] * 2)
    return speech.word("to_next", short=short)


def _each(terms: Mapping[str, Any], unit: str, currency: str, speech: Speech) -> str:
    each = str(terms.get("each", "1"))
    figure: Said | str = _bound(each, unit)
    if unit == "money":
        figure = signed(Decimal(each), currency)
    elif unit in ("pieces", "orders"):
        figure = speech.both(f"short_{unit}", figure=number(each))
    return speech.word("each_multiple", each=figure)


def condition_rows(doc: RebateStatementDoc, speech: Speech) -> list[dict[str, str]]:
    """Each condition: what was found, the agreed scale, yes or no or the factor, evidence."""
    return [_condition(one, speech) for one in doc.get("judged", [])]


def _condition(one: JudgedDoc, speech: Speech) -> dict[str, str]:
    kind, factor = one["kind"], Decimal(one["factor"])
    key = "factor_yes" if factor >= 1 else "factor_part" if factor > 0 else "factor_no"
    found = one["value"]
    value = speech.both("unproven") if found is None else _value(kind, found, speech)
    return {
        "name": speech.word(f"condition_{kind}"),
        "value": speech.print(value),
        "scale": _scale(kind, one["steps"], speech),
        "factor": speech.word(key, factor=str(Rate(factor))),
        "refs": "、".join(one["refs"]) if speech.lang != "en" else ", ".join(one["refs"]),
    }


def _value(kind: str, text: str, speech: Speech) -> Said:
    if kind == "exclusivity":
        return speech.both(f"value_declared_{1 if Decimal(text) >= 1 else 0}")
    unit = "percent" if kind in _PERCENTS else "days" if kind in _DAYS else "cases"
    return speech.both(f"value_{unit}", value=number(text))


def _scale(kind: str, steps: list[dict[str, str]], speech: Speech) -> str:
    said = []
    for step in steps:
        bound = _value(kind, step["lower"], speech)
        said.append(speech.both("from_on", bound=bound, factor=str(Rate(Decimal(step["factor"])))))
    both = Said("；".join(one.zh for one in said), "; ".join(one.en for one in said))
    return speech.print(both)

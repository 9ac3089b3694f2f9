"""What papers have in common: templates, days, names, exact figures; and the first edition.

A rebate statement that was frozen in its first edition prints the same bytes for good.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from channel.documents.model import (
    BaseLine,
    Lang,
    RebateStatementDoc,
    months_of,
)
from channel.documents.views import day_text, paper_view
from channel.documents.words import words_in
from channel.messages.values import MINUS, SIGNS, format_e4
from contracts.rebates.compute import Step, steps_from_json
from contracts.values.money import Money
from contracts.values.rates import Rate
from contracts.values.words import amount_in_words

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"


def first_edition_html(doc: RebateStatementDoc, lang: Lang) -> str:
    """The page of a statement that was frozen before the second edition, as it always was."""
    return template("rebate_statement_1.html").render(_view(doc, lang))


def template(name: str) -> Template:
    """A page of templates/pdf, escaping what it prints and refusing names it was not given."""
    return _environment().get_template(name)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _view(doc: RebateStatementDoc, lang: Lang) -> dict[str, Any]:
    currency = doc["currency"]
    last = dt.date.fromisoformat(doc["period_end"]) - dt.timedelta(days=1)
    return {
        **paper_view(doc, lang, words_in(lang)),
        "first_day": day_text(dt.date.fromisoformat(doc["period_start"]), lang),
        "last_day": day_text(last, lang),
        "date": day_text(dt.date.fromisoformat(doc["date"]), lang),
        "words": amount_in_words(doc["amount_fen"]) if currency == "CNY" else "",
        "exact": plain,
        "e4": e4_column(doc["base_lines"]),
        "percent": lambda fraction: str(Rate(Decimal(fraction))),
        "rate_bp": lambda points: str(Rate(Decimal(points).scaleb(-4))),
        "months": [month_view(month, lines) for month, lines in months_of(doc["base_lines"])],
        "totals": sums_of(doc["base_lines"]),
        "steps": [step_row(step, lang, currency) for step in steps_from_json(doc["steps"])],
        "to_next": _signed(Decimal(doc["to_next"]), currency) if doc["to_next"] else "",
    }


def e4_column(lines: list[BaseLine]) -> Callable[[int], str]:
    """How the base is written: two decimals, or four on every line where one line needs them."""
    figures = [line[name] for line in lines for name in ("invoiced_e4", "returned_e4")]
    if all(figure % 100 == 0 for figure in figures):
        return format_e4
    return lambda e4: f"{Decimal(e4).scaleb(-4):,.4f}".replace("-", MINUS)


def month_view(month: str, lines: list[Any]) -> dict[str, Any]:
    return {"label": month, "lines": lines, "sums": sums_of(lines)}


def sums_of(lines: list[Any]) -> dict[str, int]:
    names = ("line_count", "invoiced_e4", "returned_e4", "net_e4", "quantity")
    return {name: sum(line.get(name, 0) for line in lines) for name in names}


def plain(amount: Decimal | str) -> str:
    """1400 → 1,400.00; 274.61538 → 274.61538; −0.4 → −0.40: exact, at least two decimals."""
    number = Decimal(amount)
    whole, _, decimals = f"{abs(number):,f}".partition(".")
    text = f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
    return f"{MINUS}{text}" if number < 0 else text


def _signed(amount: Decimal, currency: str) -> str:
    lead = SIGNS.get(currency) or f"{currency} "
    text = plain(abs(amount))
    return f"{MINUS}{lead}{text}" if amount < 0 else f"{lead}{text}"


def step_row(step: Step, lang: Lang, currency: str) -> dict[str, str]:
    """One line of the derivation as printed: the sentence and what it adds."""
    key = f"step_{step.kind}"
    if step.kind == "segment" and "until" not in step.facts:
        key = "step_segment_last"
    facts = {name: _fact(value, currency) for name, value in step.facts.items()}
    return {"text": words_in(lang)(key, **facts), "amount": plain(step.amount)}


def _fact(value: object, currency: str) -> str:
    if isinstance(value, Money):
        return _signed(value.amount, value.currency)
    if isinstance(value, Decimal):
        return _signed(value, currency)
    return str(value)


def as_doc(stored: Mapping[str, Any]) -> RebateStatementDoc:
    """The frozen JSON of a statement under its type; ValueError names what is missing."""
    missing = RebateStatementDoc.__required_keys__ - stored.keys()
    if missing:
        raise ValueError(f"a statement without {', '.join(sorted(missing))}")
    return cast(RebateStatementDoc, dict(stored))

"""What the template of the second edition is given: figures written out, words of both languages.

The frozen document goes in as it is; nothing is computed here but sums of what is printed.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from channel.documents.amounts import chinese_words, english_words
from channel.documents.annex import Annex
from channel.documents.model import PaperLang, RebateStatementDoc, months_of
from channel.documents.parts import TakenOff
from channel.documents.rebate_formula import base_said, condition_rows, gauge_said, parts_view
from channel.documents.rebate_steps import signed, step_rows
from channel.documents.speech import Said, Speech
from channel.documents.statement import e4_column, month_view, plain, sums_of
from channel.documents.views import day_text, paper_view
from channel.documents.words import WORDS
from channel.documents.words_rebate import REBATE_WORDS
from channel.documents.words_rebate_steps import STEP_WORDS
from channel.messages.values import format_e4, format_number
from contracts.values.rates import Rate


def speech_of(lang: PaperLang) -> Speech:
    return Speech(lang, WORDS, REBATE_WORDS, STEP_WORDS)


def paper_of(doc: RebateStatementDoc, lang: PaperLang, annex: Annex | None) -> dict[str, Any]:
    """All that `rebate_statement.html` reads."""
    speech, currency = speech_of(lang), doc["currency"]
    last = dt.date.fromisoformat(doc["period_end"]) - dt.timedelta(days=1)
    terms = doc.get("terms", {})
    names = doc.get("names", {})
    return {
        **paper_view(doc, "en" if lang == "en" else "zh", speech.word),
        "paper": lang,
        "tt": speech.title,
        "first_day": _day(speech, doc["period_start"]),
        "last_day": _day(speech, last.isoformat()),
        "date": _day(speech, doc["date"]),
        "words": _amount_words(speech, doc),
        "number": format_number,
        "exact": plain,
        "e4": e4_column(doc["base_lines"]),
        "value": format_e4,
        "rate_bp": lambda points: str(Rate(Decimal(points).scaleb(-4))),
        "gauge": speech.print(gauge_said(speech, terms, currency)),
        "base_kind": speech.print(base_said(speech, terms)),
        "months": [month_view(month, lines) for month, lines in months_of(doc["base_lines"])],
        "by_quantity": any(line.get("quantity") for line in doc["base_lines"]),
        "totals": sums_of(doc["base_lines"]),
        "quantity": sum(line.get("quantity", 0) for line in doc["base_lines"]),
        "taken_off": [_taken_off(speech, one) for one in doc.get("taken_off", [])],
        "base_left": _base_left(doc),
        "group": _group(speech, doc),
        "parts": parts_view(doc, speech),
        "conditions": condition_rows(doc, speech),
        "steps": step_rows(doc["steps"], speech, terms, currency, names),
        "true_up": _true_up(speech, doc),
        "objection": _objection(speech, doc),
        "annex": annex,
    }


def _day(speech: Speech, text: str) -> str:
    day = dt.date.fromisoformat(text)
    return day_text(day, "en" if speech.lang == "en" else "zh")


def _amount_words(speech: Speech, doc: RebateStatementDoc) -> list[str]:
    """大写 always, as the law of both sides; English words beside them for English readers."""
    fen, currency = doc["amount_fen"], doc["currency"]
    chinese, english = chinese_words(fen, currency), english_words(fen, currency)
    if speech.lang == "zh":
        return [chinese]
    return [english, chinese] if speech.lang == "en" else [chinese, english]


def _taken_off(speech: Speech, one: TakenOff) -> dict[str, Any]:
    key = "taken_off" if one.get("statement") else "taken_off_bare"
    said = speech.both(
        key, policy=one["policy"], name=one.get("name", ""), statement=one.get("statement", "")
    )
    return {"text": speech.print(said), "fen": one["amount_fen"]}


def _base_left(doc: RebateStatementDoc) -> str:
    """The base less what other policies gave; never below zero, as the computation has it."""
    off = sum(one["amount_fen"] for one in doc.get("taken_off", []))
    left = max(0, doc["base_e4"] - off * 100) if doc["base_e4"] > 0 else doc["base_e4"]
    return format_e4(left)


def _group(speech: Speech, doc: RebateStatementDoc) -> str:
    if not (group := doc.get("group")):
        return ""
    said = speech.both(
        "group_share",
        members=", ".join(group["members"]),
        group=signed(Decimal(group["group_e4"]).scaleb(-4), doc["currency"]),
        own=signed(Decimal(group["own_e4"]).scaleb(-4), doc["currency"]),
    )
    return speech.print(said)


def _true_up(speech: Speech, doc: RebateStatementDoc) -> dict[str, Any] | None:
    found = doc.get("true_up")
    if not found:
        return None
    reasons = [speech.both(f"reason_{reason}") for reason in found["reasons"]]
    said = Said("；".join(r.zh for r in reasons), "; ".join(r.en for r in reasons))
    refs = ", ".join(found.get("refs", []))
    if refs:
        said = said.plus(Said(f"（{refs}）", f" ({refs})"))
    return {
        "said": speech.word("true_up_said", period=found["period_label"]),
        "earlier": found["earlier"],
        "reasons": speech.print(said) if reasons or refs else "",
    }


def _objection(speech: Speech, doc: RebateStatementDoc) -> list[str]:
    """The deadline, and what silence means."""
    if until := doc.get("objection_until"):
        day = dt.date.fromisoformat(until)
        on = Said(day_text(day, "zh"), day_text(day, "en"))
        deadline = speech.word("objection_by", until=on, days=doc["objection_days"])
    else:
        deadline = speech.word("objection_in", days=doc["objection_days"])
    silence = speech.word(f"silence_{doc.get('silence', 'confirms')}")
    return [deadline, silence, speech.word("not_invoice")]

"""A notice and a decision in a case → PDF bytes, from frozen words in both languages.

Neither names whose territory it was: the two sides never see each other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from channel.documents.model import Lang
from channel.documents.press import print_pdf
from channel.documents.statement import day_text, names_of, template
from channel.documents.words import words_in
from channel.documents.words_conduct import CONDUCT_WORDS
from channel.messages.values import format_fen


def render_case_paper(doc: Mapping[str, Any], lang: Lang) -> bytes:
    """PDF bytes of a notice (it has `reply_by`) or a decision (it has `kind`); always the same."""
    word = words_in(lang, CONDUCT_WORDS)
    is_notice = "reply_by" in doc
    title = "case_notice" if is_notice else "case_reversal" if doc["reverses"] else "case_decision"
    days = ("issued_on", "reply_by", "from_on", "until_on", "top_up_by")
    view = {
        "doc": doc,
        "lang": "zh-CN" if lang == "zh" else "en",
        "t": word,
        "title": word(title),
        "is_notice": is_notice,
        "digest": _digest(doc),
        "names": lambda party: names_of(party, lang),
        "money": lambda fen: format_fen(fen, doc["currency"]),
        "day": {name: _day(doc.get(name), lang) for name in days},
        "on": lambda text: _day(text, lang),
    }
    return print_pdf(template("conduct.html").render(view))


def _digest(doc: Mapping[str, Any]) -> str:
    """SHA-256 of the frozen content."""
    text = json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _day(text: str | None, lang: Lang) -> str:
    return day_text(dt.date.fromisoformat(text), lang) if text else ""

"""A notice and a decision in a case → PDF bytes, from frozen words in both languages.

Neither names whose territory it was: the two sides never see each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channel.documents.model import Lang
from channel.documents.press import print_pdf
from channel.documents.statement import template
from channel.documents.views import iso_day_text, page_view
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
        **page_view(doc, lang, word),
        "money": lambda fen: format_fen(fen, doc["currency"]),
        "title": word(title),
        "is_notice": is_notice,
        "day": {name: iso_day_text(doc.get(name), lang) for name in days},
        "on": lambda text: iso_day_text(text, lang),
    }
    return print_pdf(template("conduct.html").render(view))

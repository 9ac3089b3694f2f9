"""An amendment and a breach notice → PDF bytes, from frozen words in both languages."""

from __future__ import annotations

from typing import TypedDict

from channel.documents.agreement import Amendment, amendment_view
from channel.documents.clauses import HEADINGS
from channel.documents.model import Lang, Party
from channel.documents.press import print_pdf
from channel.documents.statement import template
from channel.documents.views import iso_day_text, page_view
from channel.documents.words import words_in


class AmendmentDoc(TypedDict):
    """One amendment on paper; `term` is that of the agreement, `valid_to` exclusive."""

    number: str
    maker: Party
    distributor: Party
    amendment: Amendment


class DutyPoint(TypedDict):
    """A free duty that was not kept."""

    text: str
    due: str


class NoticeDoc(TypedDict):
    """A breach notice: the clauses and duties that were not kept, and what is demanded by when."""

    number: str
    contract: str
    version: int
    terms_hash: str
    issued_on: str
    reply_by: str
    maker: Party
    distributor: Party
    clauses: list[int]
    duties: list[DutyPoint]
    text: str
    issued_by: str


def render_amendment(doc: AmendmentDoc, lang: Lang) -> bytes:
    """PDF bytes; the same document gives the same bytes."""
    return print_pdf(
        template("amendment.html").render(
            {**page_view(doc, lang, words_in(lang)), "one": amendment_view(doc["amendment"], lang)}
        )
    )


def render_notice(doc: NoticeDoc, lang: Lang) -> bytes:
    """PDF bytes; the same document gives the same bytes."""
    side = 0 if lang == "zh" else 1
    word = words_in(lang)
    points = [f"{number}. {HEADINGS[number][side]}" for number in doc["clauses"]]
    points += [
        word("notice_duty", text=duty["text"], due=iso_day_text(duty["due"], lang))
        for duty in doc["duties"]
    ]
    view = {
        **page_view(doc, lang, word),
        "points": points,
        "issued_on": iso_day_text(doc["issued_on"], lang),
        "reply_by": iso_day_text(doc["reply_by"], lang),
    }
    return print_pdf(template("notice.html").render(view))

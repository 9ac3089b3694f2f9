"""An amendment and a breach notice → PDF bytes, from frozen words in both languages."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, TypedDict

from channel.documents.agreement import Amendment, amendment_view
from channel.documents.clauses import HEADINGS
from channel.documents.model import Lang, Party
from channel.documents.press import print_pdf
from channel.documents.statement import day_text, names_of, template
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


def digest_of(doc: AmendmentDoc | NoticeDoc) -> str:
    """SHA-256 of the frozen content."""
    text = json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def render_amendment(doc: AmendmentDoc, lang: Lang) -> bytes:
    """PDF bytes; the same document gives the same bytes."""
    return print_pdf(
        template("amendment.html").render(
            {**_common(doc, lang), "one": amendment_view(doc["amendment"], lang)}
        )
    )


def render_notice(doc: NoticeDoc, lang: Lang) -> bytes:
    """PDF bytes; the same document gives the same bytes."""
    side = 0 if lang == "zh" else 1
    word = words_in(lang)
    points = [f"{number}. {HEADINGS[number][side]}" for number in doc["clauses"]]
    points += [
        word("notice_duty", text=duty["text"], due=_day(duty["due"], lang))
        for duty in doc["duties"]
    ]
    view = {
        **_common(doc, lang),
        "points": points,
        "issued_on": _day(doc["issued_on"], lang),
        "reply_by": _day(doc["reply_by"], lang),
    }
    return print_pdf(template("notice.html").render(view))


def _day(text: str, lang: Lang) -> str:
    return day_text(dt.date.fromisoformat(text), lang)


def _common(doc: AmendmentDoc | NoticeDoc, lang: Lang) -> dict[str, Any]:
    return {
        "doc": doc,
        "lang": "zh-CN" if lang == "zh" else "en",
        "t": words_in(lang),
        "digest": digest_of(doc),
        "names": lambda party: names_of(party, lang),
    }

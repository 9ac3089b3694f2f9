"""One agreement version → PDF bytes: parties, eleven numbered clauses, signatures, its hash.

An approved version is printed once and kept; a new version is a new document with a new hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, NotRequired, TypedDict

from channel.documents.clauses import HEADINGS, Clause
from channel.documents.model import Lang, Party
from channel.documents.press import print_pdf
from channel.documents.statement import template
from channel.documents.views import day_text, names_of
from channel.documents.words import words_in


class Change(TypedDict):
    """A clause that reads differently: the sentences that went, and those that came."""

    number: int
    old: Clause
    new: Clause


class Amendment(TypedDict):
    """An amendment as printed; `valid_to` is exclusive."""

    version: int
    reason: str
    valid_from: str
    valid_to: str
    approved_by: str
    date: str
    terms_hash: str
    changes: list[Change]


class AgreementDoc(TypedDict):
    """An agreement version as frozen JSON; `valid_to` is exclusive, dates are ISO text.

    `clauses` is clauses_of(terms, names); `terms_hash` contracts.agreement.terms_hash.
    `date` is the day of approval, '' for a draft, which is marked as one on every page.
    """

    number: str
    version: int
    reason: str
    date: str
    valid_from: str
    valid_to: str
    maker: Party
    distributor: Party
    clauses: list[Clause]
    terms_hash: str
    approved_by: str
    amendments: NotRequired[list[Amendment]]
    #: Who reviewed a fixed resale price; empty where it is only suggested.
    resale_reviewer: NotRequired[str]


def agreement_hash(doc: AgreementDoc) -> str:
    """SHA-256 of the frozen content."""
    text = json.dumps(doc, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def render_agreement(doc: AgreementDoc, lang: Lang) -> bytes:
    """PDF bytes; the same document gives the same bytes."""
    return print_pdf(agreement_html(doc, lang))


def agreement_html(doc: AgreementDoc, lang: Lang) -> str:
    """The page before it is printed. ValueError unless all eleven clauses are there in order."""
    if [clause["number"] for clause in doc["clauses"]] != list(HEADINGS):
        raise ValueError(f"{doc['number']}: an agreement has eleven clauses in their order")
    return template("agreement.html").render(_view(doc, lang))


def _ordinal(number: int, lang: Lang) -> str:
    """第一条 … 第十一条, or 1. … 11."""
    if lang == "en":
        return f"{number}."
    tens, ones = divmod(number, 10)
    return f"第{'十' if tens else ''}{'一二三四五六七八九'[ones - 1] if ones else ''}条"


def amendment_view(one: Amendment, lang: Lang) -> dict[str, Any]:
    """An amendment with its days and changes in one language."""
    side = 0 if lang == "zh" else 1
    last = dt.date.fromisoformat(one["valid_to"]) - dt.timedelta(days=1)
    return {
        "version": one["version"],
        "reason": one["reason"],
        "approved_by": one["approved_by"],
        "date": day_text(dt.date.fromisoformat(one["date"]), lang) if one["date"] else "",
        "first_day": day_text(dt.date.fromisoformat(one["valid_from"]), lang),
        "last_day": day_text(last, lang),
        "terms_hash": one["terms_hash"],
        "changes": [
            {
                "called": f"{_ordinal(change['number'], lang)} {HEADINGS[change['number']][side]}",
                "old": change["old"][lang],
                "new": change["new"][lang],
            }
            for change in one["changes"]
        ],
    }


def _view(doc: AgreementDoc, lang: Lang) -> dict[str, Any]:
    side = 0 if lang == "zh" else 1
    last = dt.date.fromisoformat(doc["valid_to"]) - dt.timedelta(days=1)
    return {
        "doc": doc,
        "lang": "zh-CN" if lang == "zh" else "en",
        "t": words_in(lang),
        "digest": agreement_hash(doc),
        "first_day": day_text(dt.date.fromisoformat(doc["valid_from"]), lang),
        "last_day": day_text(last, lang),
        "date": day_text(dt.date.fromisoformat(doc["date"]), lang) if doc["date"] else "",
        "reviewer": doc.get("resale_reviewer", ""),
        "amendments": [amendment_view(one, lang) for one in doc.get("amendments", ())],
        "names": lambda party: names_of(party, lang),
        "clauses": [
            {
                "number": clause["number"],
                "called": _ordinal(clause["number"], lang),
                "heading": HEADINGS[clause["number"]][side],
                "lines": clause["zh"] if lang == "zh" else clause["en"],
            }
            for clause in doc["clauses"]
        ],
    }

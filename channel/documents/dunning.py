"""A dunning letter → PDF bytes: the overdue items, what of them rests, what is to be paid by when.

The figures come frozen with the letter; a letter that does not re-add is never printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, cast

from channel.documents.model import Lang, Party
from channel.documents.press import print_pdf
from channel.documents.statement import template
from channel.documents.views import paper_view
from channel.documents.words_dunning import word_of
from contracts.values.words import amount_in_words


class DunningItem(TypedDict):
    """An overdue item; `asked_fen` is what of it neither is disputed nor rests otherwise."""

    number: str
    date: str
    pay_by: str
    days: int
    amount_fen: int
    open_fen: int
    asked_fen: int


class DunningDoc(TypedDict):
    """One letter; overdue = disputed + covered + promised + demanded = sum of the open items."""

    number: str
    run: str
    level: int
    levels: int
    on: str
    pay_until: str
    currency: str
    maker: Party
    distributor: Party
    items: list[DunningItem]
    overdue_fen: int
    disputed_fen: int
    covered_fen: int
    promised_fen: int
    demanded_fen: int
    text_zh: str
    text_en: str
    account: str
    issued_by: str


class DunningInconsistentError(Exception):
    """The figures of a letter do not re-add."""


def as_letter(stored: Mapping[str, Any]) -> DunningDoc:
    """A stored letter as its type."""
    return cast(DunningDoc, stored)


def check_letter(doc: DunningDoc) -> None:
    """Raise DunningInconsistentError unless all sums agree to the fen."""
    if sum(item["open_fen"] for item in doc["items"]) != doc["overdue_fen"]:
        raise DunningInconsistentError(f"{doc['number']}: items and overdue")
    if sum(item["asked_fen"] for item in doc["items"]) != doc["demanded_fen"]:
        raise DunningInconsistentError(f"{doc['number']}: items and demanded")
    rests = doc["disputed_fen"] + doc["covered_fen"] + doc["promised_fen"]
    if doc["overdue_fen"] - rests != doc["demanded_fen"]:
        raise DunningInconsistentError(f"{doc['number']}: overdue, what rests, and demanded")


def render_letter(doc: DunningDoc, lang: Lang) -> bytes:
    """PDF bytes of one letter in one language; the same letter gives the same bytes."""
    return print_pdf(letter_html(doc, lang))


def letter_html(doc: DunningDoc, lang: Lang) -> str:
    """The page before it is printed."""
    check_letter(doc)
    word, currency = word_of(lang), doc["currency"]

    rests = [
        (word("dunning_disputed"), doc["disputed_fen"]),
        (word("dunning_covered"), doc["covered_fen"]),
        (word("dunning_promised"), doc["promised_fen"]),
    ]
    return template("dunning_letter.html").render(
        {
            **paper_view(doc, lang, word),
            "words": amount_in_words(doc["demanded_fen"]) if currency == "CNY" else "",
            "text": doc["text_zh"] if lang == "zh" else doc["text_en"],
            "rests": [(label, fen) for label, fen in rests if fen],
            "level": word(f"dunning_level_{min(doc['level'], 5)}"),
        }
    )

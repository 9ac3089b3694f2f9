"""What the templates of all papers are given beside their own figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from channel.documents.model import Lang, Party, document_hash
from channel.messages.values import format_fen


def page_view(doc: Mapping[str, Any], lang: Lang, word: Callable[..., str]) -> dict[str, Any]:
    """The document with its language and hash, and how days and names are written."""
    return {
        "doc": doc,
        "lang": "zh-CN" if lang == "zh" else "en",
        "t": word,
        "day": lambda text: iso_day_text(text, lang),
        "digest": document_hash(doc),
        "names": lambda party: names_of(party, lang),
    }


def paper_view(doc: Mapping[str, Any], lang: Lang, word: Callable[..., str]) -> dict[str, Any]:
    """The same for a paper with money: its unit, and how figures are written."""
    currency = doc["currency"]
    return {
        **page_view(doc, lang, word),
        "unit": word("unit_cny") if currency == "CNY" else word("unit_other", currency=currency),
        "money": lambda fen: format_fen(fen, currency),
        "figure": lambda fen: format_fen(fen, currency, sign=False),
    }


def names_of(party: Party, lang: Lang) -> tuple[str, str]:
    """(name to go by, the other name or ''): English readers see the English name first."""
    english = party.get("name_en", "")
    return (english, party["name"]) if lang == "en" and english else (party["name"], english)


def day_text(day: dt.date, lang: Lang) -> str:
    """2026年11月21日 or 2026-11-21."""
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else day.isoformat()


def iso_day_text(text: str | None, lang: Lang) -> str:
    """The same from ISO text; nothing from nothing."""
    return day_text(dt.date.fromisoformat(text), lang) if text else ""

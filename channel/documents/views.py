"""What the templates of all papers about a debtor are given beside their own figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from channel.documents.model import Lang, document_hash
from channel.documents.statement import day_text, names_of
from channel.messages.values import format_fen


def paper_view(doc: Mapping[str, Any], lang: Lang, word: Callable[..., str]) -> dict[str, Any]:
    """The document with its language, hash, unit, and how days, money and names are written."""
    currency = doc["currency"]
    return {
        "doc": doc,
        "lang": "zh-CN" if lang == "zh" else "en",
        "t": word,
        "day": lambda text: day_text(dt.date.fromisoformat(text), lang),
        "digest": document_hash(doc),
        "unit": word("unit_cny") if currency == "CNY" else word("unit_other", currency=currency),
        "money": lambda fen: format_fen(fen, currency),
        "figure": lambda fen: format_fen(fen, currency, sign=False),
        "names": lambda party: names_of(party, lang),
    }

"""A statement for machines: the frozen document, its hash and its input lines as one JSON file.

The format is written down in docs/statement-format.md; `weir verify-statement` recounts it.
"""

from __future__ import annotations

import json
from typing import Any

from channel.documents.annex import Annex
from channel.documents.model import RebateStatementDoc, document_hash

FORMAT = "weir.rebate-statement"
VERSION = 1


def statement_json(doc: RebateStatementDoc, annex: Annex | None) -> bytes:
    """UTF-8 JSON with sorted keys: the same statement gives the same bytes."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "format_version": VERSION,
        "document": doc,
        "document_sha256": document_hash(doc),
        "lines": annex["lines"] if annex and annex["lines"] else None,
        "line_count": annex["count"] if annex else None,
        "lines_sha256": annex["sha256"] if annex else None,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
    return (text + "\n").encode("utf-8")


def json_name(number: str) -> str:
    return f"{number}.json"

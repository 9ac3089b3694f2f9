"""Verification of a printed statement without sign-in: by its number and the code on the paper.

A wrong code is counted by client, as a wrong password is; who tries too many waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from typing import Any

from channel.access import SYSTEM
from channel.documents.model import document_hash
from channel.models.accounts import LoginAttempt
from channel.queries import accounts as people
from channel.queries.statement_records import find_posted, has_later
from channel.services.work import Refused, work
from contracts.values.findings import block


@dataclass(frozen=True)
class Record:
    """All that is told: whether the content still has its hash, and whether a later one is out."""

    number: str
    on: date
    amount_fen: int
    currency: str
    sha256: str
    holds: bool
    is_superseded: bool


def look_up(number: str, code: str, client: str) -> Record | None:
    """What may be told of a statement; None where number and code are not of one paper.

    Raises Refused («throttled») after too many wrong codes of the client.
    """
    key = f"verify:{client}"[:300]
    if people.is_throttled(key):
        raise Refused([block("statement.verify_throttled", number)])
    record = _record(number, code)
    if record is None:
        with work(SYSTEM) as w:
            w.session.add(LoginAttempt(key=key, at=w.now))
    return record


def _record(number: str, code: str) -> Record | None:
    """The record of this number, if the code is the one on its paper."""
    statement = find_posted(number)
    document: dict[str, Any] = (statement.document if statement else None) or {}
    told = str((document.get("verify") or {}).get("code") or "")
    same = compare_digest(told.encode(), code.upper().encode())
    if statement is None or not told or not same:
        return None
    digest = document_hash(document)
    return Record(
        number=document["number"],
        on=date.fromisoformat(document["date"]),
        amount_fen=document["amount_fen"],
        currency=document["currency"],
        sha256=digest,
        holds=digest == statement.document_sha256
        and document["amount_fen"] == statement.amount_fen
        and document["number"] == statement.number,
        is_superseded=has_later(statement),
    )

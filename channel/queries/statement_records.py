"""The record behind a printed statement, for whoever holds the paper and its code.

Not scoped by actor: nobody is signed in. What may be told is chosen by the one use case that asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from channel.db import db
from channel.documents.model import document_hash
from channel.models.rebates import RebateRun, RebateStatement

_s = RebateStatement


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


def find_record(number: str, code: str) -> Record | None:
    """The posted statement of this number, if the code is the one on its paper."""
    statement = db.session.scalar(
        sa.select(_s)
        .join(_s.run)
        .options(undefer(_s.document))
        .where(_s.number == number[:64], RebateRun.state == "posted")
    )
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
        is_superseded=_has_later(statement),
    )


def _has_later(statement: RebateStatement) -> bool:
    """Whether the same period of the same policy was settled again since."""
    found = db.session.scalar(
        sa.select(
            sa.exists().where(
                _s.distributor_id == statement.distributor_id,
                _s.policy_code == statement.policy_code,
                _s.currency == statement.currency,
                _s.period_start == statement.period_start,
                _s.period_end == statement.period_end,
                _s.number.is_not(None),
                _s.id > statement.id,
            )
        )
    )
    return bool(found)

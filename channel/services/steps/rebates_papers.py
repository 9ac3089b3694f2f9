"""The PDFs of statements: in which languages, and how they are kept; nothing here renders."""

from __future__ import annotations

import hashlib

from channel.access import Actor, NotVisible, Permission
from channel.db import lock
from channel.documents.model import PaperLang
from channel.models.rebates import RebateStatement, StatementFile
from channel.queries import rebates as reads
from channel.services.work import Work, work

LANGS: tuple[PaperLang, ...] = ("zh", "en", "bi")
#: So many documents are printed and stored before the progress is told.
CHUNK = 24


def language_of(lang: str) -> PaperLang:
    """The language by its code; NotVisible for any other."""
    for known in LANGS:
        if lang == known:
            return known
    raise NotVisible


def keep(w: Work, statement_id: int, lang: str, data: bytes) -> bytes:
    """Store the bytes, or give those that somebody stored meanwhile."""
    lock(RebateStatement, [statement_id])
    kept = reads.file_bytes(statement_id, lang)
    if kept is not None:
        return kept
    w.session.add(
        StatementFile(
            statement_id=statement_id,
            lang=lang,
            sha256=hashlib.sha256(data).hexdigest(),
            data=data,
            created_at=w.now,
        )
    )
    return data


def store(actor: Actor, lang: str, waiting: list[tuple[int, bytes]]) -> int:
    """Store what is printed, in a short transaction; gives how many and empties the list."""
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        for statement_id, data in waiting:
            keep(w, statement_id, lang, data)
    stored = len(waiting)
    waiting.clear()
    return stored

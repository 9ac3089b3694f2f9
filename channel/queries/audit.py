"""The audit trail: per record for its page, and whole for those who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from channel.db import db
from channel.messages import format_fen
from channel.messages.acts import SUBJECTS, act_words, field_word, value_word
from channel.models.audit import AuditEntry
from channel.queries.listing import Column, Filter, Listing

SHOWN = 100


@dataclass(frozen=True)
class HistoryLine:
    """One act, ready for a page."""

    at: datetime
    words: str
    actor_name: str
    reason: str
    changes: list[str]


def _shown(name: str, value: Any) -> str:
    """A stored value as people read it: fen as money, coded values as words."""
    if value in (None, ""):
        return "—"
    if name.endswith("_fen") and isinstance(value, int):
        return format_fen(value, sign=False)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return value_word(name, str(value))


def change_words(changes: Any) -> list[str]:
    """«field: old → new», or «field: value» for what was set once."""
    lines = []
    for name, value in (changes or {}).items():
        if isinstance(value, list) and len(value) == 2:
            shown = " → ".join(_shown(name, v) for v in value)
        else:
            shown = _shown(name, value)
        lines.append(gettext("%(field)s: %(value)s", field=field_word(name), value=shown))
    return lines


def history(*subjects: Any) -> list[HistoryLine]:
    """The acts on one record, newest first: history(kind, id) or several (kind, id) pairs."""
    pairs = [subjects] if isinstance(subjects[0], str) else list(subjects)
    where = sa.or_(
        *(
            sa.and_(AuditEntry.subject_kind == kind, AuditEntry.subject_id == record_id)
            for kind, record_id in pairs
        )
    )
    rows = db.session.scalars(
        sa.select(AuditEntry).where(where).order_by(AuditEntry.id.desc()).limit(SHOWN)
    )
    return [
        HistoryLine(
            r.at,
            act_words(r.tag),
            value_word("actor_name", r.actor_name),
            r.reason,
            change_words(r.changes),
        )
        for r in rows
    ]


AUDIT = Listing(
    name="audit",
    title=_l("Audit trail"),
    identity=AuditEntry.id,
    source=AuditEntry,
    columns=[
        Column("at", _l("time"), AuditEntry.at, "instant"),
        Column("actor_name", _l("who"), AuditEntry.actor_name, "actor_name"),
        Column("tag", _l("act"), AuditEntry.tag, "act"),
        Column("subject_kind", _l("record"), AuditEntry.subject_kind, "subject", wide=True),
        Column("subject_label", _l("number"), AuditEntry.subject_label),
        Column("reason", _l("reason"), AuditEntry.reason, wide=True),
        Column(
            "changes", _l("old → new"), AuditEntry.changes, "changes", wide=True, sortable=False
        ),
    ],
    default_sort="-at",
    filters=[
        Filter("from", _l("from"), AuditEntry.at, kind="from"),
        Filter("to", _l("to"), AuditEntry.at, kind="to"),
        Filter("kind", _l("record"), AuditEntry.subject_kind, choices=list(SUBJECTS.items())),
    ],
    search=[AuditEntry.actor_name, AuditEntry.tag, AuditEntry.subject_label, AuditEntry.reason],
)

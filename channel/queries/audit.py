"""The audit trail: per record for its page, and whole for those who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.db import db
from channel.messages.acts import act_words
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


def change_words(changes: Any) -> list[str]:
    """«field: old → new», or «field: value» for what was set once."""
    lines = []
    for name, value in (changes or {}).items():
        if isinstance(value, list) and len(value) == 2:
            old, new = ("—" if v in (None, "") else v for v in value)
            lines.append(f"{name}: {old} → {new}")
        else:
            lines.append(f"{name}: {value}")
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
        HistoryLine(r.at, act_words(r.tag), r.actor_name, r.reason, change_words(r.changes))
        for r in rows
    ]


AUDIT = Listing(
    name="audit",
    title=_l("Audit trail"),
    identity=AuditEntry.id,
    source=AuditEntry,
    columns=[
        Column("at", _l("time"), AuditEntry.at, "instant"),
        Column("actor_name", _l("who"), AuditEntry.actor_name),
        Column("tag", _l("act"), AuditEntry.tag, "act"),
        Column("subject_kind", _l("record"), AuditEntry.subject_kind, wide=True),
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
        Filter("kind", _l("record"), AuditEntry.subject_kind, kind="text"),
    ],
    search=[AuditEntry.actor_name, AuditEntry.tag, AuditEntry.subject_label, AuditEntry.reason],
)

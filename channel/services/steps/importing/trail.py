"""The audit lines of an import: one per record, written in bulk, with the file as the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from channel.models.audit import AuditEntry
from channel.services.steps.importing.plan import insert_many
from channel.services.work import Work, plain, request_id


@dataclass(frozen=True)
class Trace:
    """What happened to one record; `changes` is {field: (old, new)} or {field: value}."""

    tag: str
    subject_kind: str
    subject_id: int | None
    label: str
    distributor_id: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)


def leave(w: Work, traces: Iterable[Trace], reason: str) -> None:
    """Write the lines in the order given."""
    rows = [
        {
            "at": w.now,
            "actor_id": w.actor.user_id,
            "actor_name": w.actor.name,
            "tag": trace.tag,
            "subject_kind": trace.subject_kind,
            "subject_id": trace.subject_id,
            "subject_label": trace.label,
            "distributor_id": trace.distributor_id,
            "reason": reason,
            "changes": {
                key: [plain(v) for v in value] if isinstance(value, tuple) else plain(value)
                for key, value in trace.changes.items()
            },
            "request_id": request_id.get(),
        }
        for trace in traces
    ]
    insert_many(w, AuditEntry, rows)

"""Master data by its code: what is new is opened, what differs is changed, the rest is the same.

A blank cell says nothing: it never empties what stands. Each change leaves its old and new value
in the audit trail of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from channel.services.steps.importing.plan import by_key, insert_many
from channel.services.steps.importing.trail import Trace, leave
from channel.services.work import Work


@dataclass
class Difference:
    """Rows to insert by key, and the changed fields of standing records by key."""

    new: dict[Any, dict[str, Any]] = field(default_factory=dict)
    changed: dict[Any, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    same: int = 0
    ids: dict[Any, int] = field(default_factory=dict)


def compare(
    standing: Mapping[Any, Any], wanted: Mapping[Any, Mapping[str, Any]], identity: str = "id"
) -> Difference:
    """What has to happen so that the records hold the wanted values; None and '' say nothing."""
    result = Difference()
    for key, values in wanted.items():
        said = {name: value for name, value in values.items() if value not in (None, "")}
        record = standing.get(key)
        if record is None:
            result.new[key] = said
            continue
        differing = {
            name: (getattr(record, name), value)
            for name, value in said.items()
            if getattr(record, name) != value
        }
        if differing:
            result.changed[key] = differing
            result.ids[key] = getattr(record, identity)
        else:
            result.same += 1
    return result


def write(
    w: Work,
    model: Any,
    key: Any,
    difference: Difference,
    *,
    noun: str,
    reason: str,
    defaults: Mapping[str, Any] | None = None,
    owner: Callable[[int], int | None] = lambda record_id: None,
    versioned: bool = False,
) -> None:
    """Insert and change in bulk, with a line in the audit trail for each record.

    `defaults` fill what a new record needs and the file does not say; `versioned` records move
    their row_version, so that an open form notices.
    """
    names = {name for values in difference.new.values() for name in values}
    # One statement inserts them all, so each row must name the same columns.
    blank = {name: default_of(model, name) for name in names}
    rows = [{**blank, **(defaults or {}), **values} for values in difference.new.values()]
    insert_many(w, model, rows)
    for name in sorted({n for values in difference.changed.values() for n in values}):
        changes = [
            {"id": difference.ids[k], name: values[name][1]}
            for k, values in difference.changed.items()
            if name in values
        ]
        w.session.execute(sa.update(model), changes)
    if versioned and difference.changed:
        ids = sorted(difference.ids.values())
        w.session.execute(
            sa.update(model)
            .where(model.id.in_(ids))
            .values(row_version=model.row_version + 1)
            .execution_options(synchronize_session=False)
        )
    fresh = by_key(key, list(difference.new), model.id)
    table = model.__tablename__
    traces = [
        Trace(f"{noun}:create", table, fresh[k][1], str(k), owner(fresh[k][1]))
        for k in difference.new
    ]
    traces += [
        Trace(f"{noun}:save", table, difference.ids[k], str(k), owner(difference.ids[k]), changes)
        for k, changes in difference.changed.items()
    ]
    leave(w, traces, reason)


def default_of(model: Any, name: str) -> Any:
    """What a column holds when nothing is said: its own default, else nothing."""
    default = model.__table__.c[name].default
    return default.arg if default is not None and default.is_scalar else None

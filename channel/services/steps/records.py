"""Steps that every form of master data shares: what changed, and whose code it is already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from channel.db import Model
from channel.services.work import Work


def put(record: Any, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set the values on the record; gives {field: (old, new)} of those that differ."""
    changed = {
        name: (getattr(record, name), value)
        for name, value in values.items()
        if getattr(record, name) != value
    }
    for name, (_old, new) in changed.items():
        setattr(record, name, new)
    return changed


def other_with(
    w: Work, model: type[Model], column: str, value: Any, record_id: int | None
) -> Any | None:
    """Another record of the model that bears this value already, or None."""
    columns = model.__table__.c
    statement = sa.select(model).where(columns[column] == value)
    if record_id is not None:
        statement = statement.where(columns["id"] != record_id)
    return w.session.scalar(statement.limit(1))

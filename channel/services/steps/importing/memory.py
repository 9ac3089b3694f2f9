"""What a column label meant the last time, for the whole house, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping as MappingType

import sqlalchemy as sa

from channel.models.uploads import ColumnMemory
from channel.services.work import Work

#: The owner of what the house itself has learned; distributors have their own memory.
HOUSE = 0
LABEL_MAX = 200


def remember(w: Work, kind: str, columns: MappingType[str, str]) -> None:
    """Keep {field: label} for the next file of the kind."""
    standing = {
        row.label: row
        for row in w.session.scalars(
            sa.select(ColumnMemory).where(ColumnMemory.kind == kind, ColumnMemory.owner_id == HOUSE)
        )
    }
    for field, label in columns.items():
        if len(label) > LABEL_MAX:
            continue  # a title that long is no label; it is asked for again
        if label in standing:
            standing[label].field = field
        else:
            w.session.add(ColumnMemory(kind=kind, owner_id=HOUSE, label=label, field=field))

"""What a column label meant the last time, for the whole house, kind by kind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as MappingType
from collections.abc import Sequence

import sqlalchemy as sa

from channel.models.uploads import ColumnMemory
from channel.services.work import Work
from channel.tabular.wording import label_key

#: The owner of what the house itself has learned; distributors have their own memory.
HOUSE = 0
LABEL_MAX = 200


def layout(kind: str, header: Sequence[str]) -> str:
    """The name under which columns of this kind are remembered for a file with these titles.

    Two banks may use one word for two things; the whole row of titles tells them apart.
    """
    shape = "\x1f".join(label_key(label) for label in header)
    return f"{kind[:15]}:{hashlib.sha256(shape.encode()).hexdigest()[:24]}"


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

"""What a distributor's column labels mean, learned from its last file."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from channel.models.uploads import ColumnMemory
from channel.queries.stock_facts import KIND
from channel.services.work import Work


def remember(w: Work, distributor_id: int, labels: Mapping[str, str]) -> None:
    """Keep {file label: field} for the next file; '' means that nobody reads the column."""
    standing = {
        row.label: row
        for row in w.session.scalars(
            sa.select(ColumnMemory).where(
                ColumnMemory.kind == KIND, ColumnMemory.owner_id == distributor_id
            )
        )
    }
    for label, field in labels.items():
        if len(label) > 200:
            continue  # a title that long is no label; it is asked for again
        if label in standing:
            standing[label].field = field
        else:
            w.session.add(
                ColumnMemory(kind=KIND, owner_id=distributor_id, label=label, field=field)
            )

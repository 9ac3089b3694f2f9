"""The tables of posted rows are changed with their rows, their indexes and their refusals."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from channel.db import db
from channel.services import write_offs
from tests.builders import delivered, paid

pytestmark = pytest.mark.database

WATCHED = "SELECT name FROM sqlite_master WHERE tbl_name IN ('invoice','allocation')"


def kinds():
    rows = db.session.execute(sa.text("SELECT kind, sum(gross_fen) FROM invoice GROUP BY kind"))
    return sorted((kind, int(fen)) for kind, fen in rows)


def settled():
    db.session.rollback()
    return int(db.session.scalar(sa.text("SELECT sum(amount_fen) FROM allocation")) or 0)


@pytest.mark.row("P05")
def test_going_down_and_up_keeps_rows_indexes_and_refusals(world):
    invoice = delivered(world, on=date(2026, 11, 2), A=100)
    paid(world, "D1", 400_000)
    made = write_offs.propose(world.actor("fin"), invoice, 5_000, "小额差异")
    write_offs.sign(world.actor("fin2"), made)
    assert kinds() == [("invoice", 1_000_000), ("write_off", -5_000)]
    # The write-off takes as much from its own note as from the invoice.
    assert settled() == 400_000
    before = _parts()
    db.session.remove()
    downgrade(revision="0010")
    assert kinds() == [("credit_note", -5_000), ("invoice", 1_000_000)]
    assert settled() == 400_000
    db.session.remove()
    upgrade()
    assert _parts() == before
    assert kinds() == [("credit_note", -5_000), ("invoice", 1_000_000)]
    for table in ("invoice", "allocation"):
        for act in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                with db.engine.begin() as connection:
                    connection.execute(sa.text(act))


def _parts():
    """Indexes and triggers that hang on the two tables, by name."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        found = db.session.scalars(sa.text(WATCHED)).all()
    else:
        inspector = sa.inspect(db.engine)
        found = [
            str(index["name"])
            for table in ("invoice", "allocation")
            for index in inspector.get_indexes(table)
        ]
    return sorted(found)

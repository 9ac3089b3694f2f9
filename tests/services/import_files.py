"""Files for the import tests, as text in Chinese columns, imported as one of the world's users."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from channel.access import SYSTEM, Actor
from channel.db import db
from channel.services.steps.importing.outcome import Outcome
from channel.services.uploads_commands import Order, import_file
from channel.tabular.mapping import Mapping


def imported(kind: str, text: str, actor: Actor = SYSTEM, **constants: str) -> Outcome:
    """The outcome of importing a CSV text; `constants` fill fields for all rows."""
    columns = Mapping(constants=constants)
    return import_file(actor, Order(kind, "file.csv", text.encode(), columns))


def counts(outcome: Outcome) -> tuple[int, int, int]:
    """(new, changed, same) of a file that was not refused."""
    assert not outcome.is_refused, [(f.code, f.facts) for f in outcome.findings]
    return outcome.plan.new, outcome.plan.changed, outcome.plan.same


def refused(outcome: Outcome) -> list[tuple[str, int]]:
    """(code, row) of everything that stops the file."""
    assert outcome.upload_id is None
    return [(f.code, int(str(f.facts.get("row", 0)))) for f in outcome.findings if f.is_blocking]


def told(outcome: Outcome) -> set[str]:
    return {f.code for f in outcome.findings}


def all_rows() -> dict[str, int]:
    """Rows of every table, to show that nothing was saved."""
    return {
        t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) or 0
        for t in db.metadata.sorted_tables
    }


def one(statement: Any) -> Any:
    db.session.rollback()
    return db.session.scalars(statement).one()

"""Imports from the command line: a file, and what it is joined to, in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.uploads import Upload
from channel.queries import uploads as reads
from channel.services.steps.importing import recipe
from channel.services.steps.importing.bulk import in_bulk
from channel.services.steps.importing.outcome import (
    SERIES,
    Outcome,
    Tell,
    keep,
    leave_trail,
    may_import,
    outcome_of,
    quiet,
    understand,
)
from channel.services.steps.importing.recipe import Recipe
from channel.services.work import Work, work
from channel.tabular.kinds import KINDS
from channel.tabular.mapping import Mapping as Columns
from channel.tabular.mapping import propose
from channel.tabular.tables import TableRefused


@dataclass(frozen=True)
class Order:
    """A file as the command line hands it in, with the second files that it is joined to."""

    kind: str
    filename: str
    data: bytes
    columns: Columns = field(default_factory=Columns)
    recipe: Recipe = field(default_factory=Recipe)
    lookups: Mapping[str, bytes] = field(default_factory=dict)


@in_bulk
def import_file(actor: Actor, wish: Order, tell: Tell = quiet, *, dry_run: bool = False) -> Outcome:
    """Read, check and save a file in one go; a refused or known file leaves nothing behind."""
    may_import(actor, wish.kind)
    try:
        table = recipe.read(wish.filename, wish.data, wish.recipe, wish.lookups)
        for label in wish.columns.columns.values():
            if label not in table.header:
                facts = {"file": table.filename, "column": label}
                raise TableRefused("column.not_there", facts)
    except TableRefused as refusal:
        return Outcome(findings=[refusal.finding()])
    columns = propose(table.header, KINDS[wish.kind].fields, wish.columns)
    parsed = understand(wish.kind, table, columns, tell)
    if parsed.is_refused or dry_run:
        return outcome_of(wish.kind, table, columns, parsed)
    with work(actor, Permission.IMPORTS) as w:
        w.number(SERIES)
        outcome = outcome_of(wish.kind, table, columns, parsed)
        if outcome.is_refused or not (outcome.plan.new or outcome.plan.changed):
            w.session.rollback()
            return outcome
        outcome.plan.write(w, wish.filename)
        outcome.upload_id = _keep_order(w, wish, columns, outcome)
    tell("saved", outcome.rows, outcome.rows)
    return outcome


def _keep_order(w: Work, wish: Order, columns: Columns, outcome: Outcome) -> int:
    """The files as they came, with all that is needed to read them again."""
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in wish.lookups.items()}
    kept = set(
        w.session.scalars(
            sa.select(Upload.sha256).where(
                Upload.kind == reads.LOOKUP, Upload.sha256.in_(hashes.values())
            )
        )
    )
    common = {"uploaded_by_id": w.actor.user_id, "uploaded_at": w.now, "row_version": 1}
    for name, data in wish.lookups.items():
        if hashes[name] not in kept:
            w.session.add(
                Upload(kind=reads.LOOKUP, filename=name, sha256=hashes[name], size=len(data),
                       data=data, state="confirmed", options={}, **common)
            )  # fmt: skip
    upload = Upload(
        kind=wish.kind, filename=wish.filename[-255:], size=len(wish.data), data=wish.data,
        sha256=hashlib.sha256(wish.data).hexdigest(), mapping=columns.to_json(),
        options={**wish.recipe.to_json(), "hashes": hashes}, confirmed_at=w.now, **common,
    )  # fmt: skip
    keep(upload, outcome, "confirmed")
    w.session.add(upload)
    w.session.flush()  # the audit line needs upload.id
    leave_trail(w, upload, outcome)
    return upload.id

"""Imports of what exists: handed in, checked, confirmed; all of a file is saved or nothing.

Nothing is written before the second step. Every check is made again under the locks of the
writing transaction, and the same file twice changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from channel.access import Actor, Permission
from channel.models.uploads import Upload
from channel.queries import uploads as reads
from channel.services.jobs import handles, report_progress
from channel.services.steps.importing import memory, recipe
from channel.services.steps.importing.bank_lines import UPLOAD
from channel.services.steps.importing.bulk import in_bulk
from channel.services.steps.importing.files import load, lookups, open_upload
from channel.services.steps.importing.outcome import (
    FINDINGS_KEPT,
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
from channel.services.work import Refused, work
from channel.tabular.kinds import KINDS
from channel.tabular.mapping import Mapping as Columns
from channel.tabular.mapping import mapping_findings, propose
from channel.tabular.tables import Table, TableRefused

#: A file with more bytes than these is checked and imported as a job.
AT_ONCE_BYTES = 1_500_000


@dataclass(frozen=True)
class Received:
    """The file's record; known files are not kept twice."""

    upload_id: int
    is_known: bool


def receive(
    actor: Actor, kind: str, filename: str, data: bytes, settings: Columns | None = None
) -> Received:
    """Keep a file byte for byte and propose what its columns mean; refused if unreadable."""
    may_import(actor, kind)
    sha256 = hashlib.sha256(data).hexdigest()
    standing = reads.same_file(kind, sha256)
    if standing is not None:
        return Received(standing.id, True)
    try:
        table = recipe.read(filename, data, Recipe())
    except TableRefused as refusal:
        raise Refused([refusal.finding()]) from None
    columns = proposed(kind, table, settings or Columns())
    with work(actor, Permission.IMPORTS) as w:
        upload = Upload(
            kind=kind, filename=filename[-255:], sha256=sha256, size=len(data), data=data,
            state="received", mapping=columns.to_json(), options=Recipe().to_json(),
            uploaded_by_id=actor.user_id, uploaded_at=w.now, row_version=1,
        )  # fmt: skip
        w.session.add(upload)
        w.session.flush()  # the page that follows needs upload.id
        return Received(upload.id, False)


def proposed(kind: str, table: Table, settings: Columns) -> Columns:
    """Columns by what the house learned, then by label; `settings` fill what the file lacks."""
    learned = {
        field_name: label
        for name in (kind, memory.layout(kind, table.header))
        for label, field_name in reads.learned(name).items()
        if label in table.header
    }
    columns = propose(table.header, KINDS[kind].fields, Columns(columns=learned))
    return replace(
        columns, constants=dict(settings.constants), date_orders=dict(settings.date_orders)
    )


def is_large(upload: Upload) -> bool:
    return upload.size > AT_ONCE_BYTES


def is_mapped(kind: str, table: Table, columns: Columns) -> bool:
    return not mapping_findings(KINDS[kind], table, columns)


def map_columns(
    actor: Actor,
    upload_id: int,
    columns: Columns,
    wanted: Recipe | None = None,
    seen_version: int | None = None,
) -> None:
    """Say what the columns mean and which rows count; the file has to be checked again."""
    upload = reads.get_upload(actor, upload_id, with_data=True)
    may_import(actor, upload.kind)
    options = dict(upload.options or {})
    if wanted is not None:
        options |= wanted.to_json()
        try:
            table = recipe.read(upload.filename, upload.data, wanted, lookups(wanted, options))
        except TableRefused as refusal:
            raise Refused([refusal.finding()]) from None
        if not set(columns.columns.values()) <= set(table.header):
            # Another sheet has other titles: begin again with what they say.
            columns = proposed(upload.kind, table, columns)
    with work(actor, Permission.IMPORTS) as w:
        upload = open_upload(w, upload_id, seen_version)
        upload.mapping, upload.options = columns.to_json(), options
        upload.state, upload.findings, upload.summary = "received", None, None


@in_bulk
def check(actor: Actor, upload_id: int, tell: Tell = quiet) -> Outcome:
    """Understand the file and say what it would change; nothing of it is saved."""
    upload, table, columns = load(actor, upload_id)
    kind = upload.kind
    outcome = outcome_of(kind, table, columns, understand(kind, table, columns, tell))
    with work(actor, Permission.IMPORTS) as w:
        keep(open_upload(w, upload_id, None), outcome, "checked")
    return outcome


@in_bulk
def confirm(
    actor: Actor, upload_id: int, seen_version: int | None = None, tell: Tell = quiet
) -> Outcome:
    """Import a checked file: planned again under the locks, then all of it or nothing."""
    upload, table, columns = load(actor, upload_id)
    kind = upload.kind
    parsed = understand(kind, table, columns, tell)
    with work(actor, Permission.IMPORTS) as w:
        upload = open_upload(w, upload_id, seen_version)
        w.number(SERIES)
        outcome = outcome_of(kind, table, columns, parsed)
        if outcome.is_refused:
            raise Refused([f for f in outcome.findings if f.is_blocking][:FINDINGS_KEPT])
        w.memo[UPLOAD] = upload_id
        outcome.plan.write(w, upload.filename)
        keep(upload, outcome, "confirmed")
        upload.confirmed_at = w.now
        memory.remember(w, kind, columns.columns)
        memory.remember(w, memory.layout(kind, table.header), columns.columns)
        leave_trail(w, upload, outcome)
    tell("saved", outcome.rows, outcome.rows)
    outcome.upload_id = upload_id
    return outcome


def discard(
    actor: Actor, upload_id: int, reason: str = "", seen_version: int | None = None
) -> None:
    """Give a file up; it is kept, and may be handed in again."""
    may_import(actor, reads.get_upload(actor, upload_id).kind)
    with work(actor, Permission.IMPORTS) as w:
        upload = open_upload(w, upload_id, seen_version)
        upload.state = "refused"
        w.audit("import:discard", upload, label=upload.filename, reason=reason)


def order(actor: Actor, upload_id: int, act: str, seen_version: int | None) -> int:
    """Order the check or the import of a large file as a job; two clicks are one job."""
    assert act in ("check", "confirm")
    upload = reads.get_upload(actor, upload_id)
    may_import(actor, upload.kind)
    with work(actor, Permission.IMPORTS) as w:
        seen = upload.row_version if seen_version is None else seen_version
        payload = {"upload_id": upload_id, "act": act, "seen_version": seen}
        return w.job("import", f"import:{upload_id}:{act}:{seen}", payload).id


@handles("import")
def _as_job(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """The check, or the whole import in one transaction; a second attempt finds it done."""

    def tell(step: str, done: int, total: int) -> None:
        # The writing itself cannot be told of: it is one transaction and shows nothing before.
        if step != "saved":
            report_progress(job_id, done // (4 if step == "read" else 2), max(total, 1))

    upload_id = int(payload["upload_id"])
    if payload["act"] == "check":
        check(actor, upload_id, tell)
    elif reads.get_upload(actor, upload_id).state != "confirmed":
        confirm(actor, upload_id, payload["seen_version"], tell)
    return {"upload_id": upload_id}

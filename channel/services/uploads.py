"""Imports of what exists: handed in, checked, confirmed; all of a file is saved or nothing.

Nothing is written before the second step. Every check is made again under the locks of the
writing transaction, and the same file twice changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.access import SYSTEM, Actor, Permission, require
from channel.db import lock
from channel.models.uploads import Upload
from channel.queries import uploads as reads
from channel.services.jobs import handles, report_progress
from channel.services.steps.importing import known, memory, recipe
from channel.services.steps.importing.bulk import in_bulk
from channel.services.steps.importing.plan import Plan, Task
from channel.services.steps.importing.planners import PLANNERS
from channel.services.steps.importing.recipe import Recipe
from channel.services.work import Refused, Work, assert_seen, work
from channel.tabular.fields import Source
from channel.tabular.kinds import KINDS, read_kind
from channel.tabular.mapping import Mapping as Columns
from channel.tabular.mapping import mapping_findings, propose
from channel.tabular.tables import Table, TableRefused
from channel.tabular.understanding import Parsed
from contracts.values.findings import Finding, block, to_json

#: A file with more bytes than these is checked and imported as a job.
AT_ONCE_BYTES = 1_500_000
#: So many findings are kept with the file; more are told as a number.
FINDINGS_KEPT = 200
#: Imports wait for one another at the row of this series.
SERIES = "import"

#: (step, rows done, rows in all)
Tell = Callable[[str, int, int], None]


def quiet(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def may_import(actor: Actor, kind: str) -> None:
    """Raise Forbidden unless the actor may import and may write such records by hand, too."""
    require(actor, Permission.IMPORTS)
    if actor is not SYSTEM:
        require(actor, PLANNERS[kind][1])


@dataclass
class Outcome:
    """What came of a file: its findings, and what it changed or would change."""

    rows: int = 0
    plan: Plan = field(default_factory=Plan)
    findings: list[Finding] = field(default_factory=list)
    upload_id: int | None = None

    @property
    def is_refused(self) -> bool:
        return any(f.is_blocking for f in self.findings)

    def summary(self) -> dict[str, Any]:
        """The counts as they are kept with the file."""
        return {
            "rows": self.rows,
            "new": self.plan.new,
            "changed": self.plan.changed,
            "same": self.plan.same,
            "totals": [list(total) for total in self.plan.totals],
            "findings": len(self.findings),
        }


def _understood(kind: str, table: Table, columns: Columns, tell: Tell) -> Parsed:
    tell("read", len(table.rows), len(table.rows))
    parsed = read_kind(kind, table, columns, known.context(KINDS[kind]))
    tell("checked", parsed.row_count, len(table.rows))
    return parsed


def _plan(kind: str, table: Table, columns: Columns, parsed: Parsed) -> Plan:
    """What the sound rows would change, as the database stands now."""
    source = Source(table.filename, table.sheet, dict(columns.columns))
    given = frozenset(columns.columns) | frozenset(columns.constants)
    return PLANNERS[kind][0](Task(kind, parsed.rows, source, given, clock.today()))


def _outcome(kind: str, table: Table, columns: Columns, parsed: Parsed) -> Outcome:
    if parsed.is_refused:
        return Outcome(parsed.row_count, Plan(), parsed.findings)
    plan = _plan(kind, table, columns, parsed)
    return Outcome(parsed.row_count, plan, [*parsed.findings, *plan.findings])


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
    learned = {field_name: label for label, field_name in reads.learned(kind).items()
               if label in table.header}  # fmt: skip
    columns = propose(table.header, KINDS[kind].fields, Columns(columns=learned))
    return replace(
        columns, constants=dict(settings.constants), date_orders=dict(settings.date_orders)
    )


def load(actor: Actor, upload_id: int) -> tuple[Upload, Table, Columns]:
    """The file with its bytes as a table, and what its columns mean."""
    upload = reads.get_upload(actor, upload_id, with_data=True)
    may_import(actor, upload.kind)
    options = dict(upload.options or {})
    hashes = options.get("hashes", {})
    wanted = Recipe.from_json(options)
    lookups = reads.lookup_data([j.file for j in wanted.joins], hashes) if wanted.joins else {}
    table = recipe.read(upload.filename, upload.data, wanted, lookups)
    return upload, table, Columns.from_json(upload.mapping or {})


def is_large(upload: Upload) -> bool:
    return upload.size > AT_ONCE_BYTES


def is_mapped(kind: str, table: Table, columns: Columns) -> bool:
    return not mapping_findings(KINDS[kind], table, columns)


def map_columns(
    actor: Actor, upload_id: int, columns: Columns, seen_version: int | None = None
) -> None:
    """Say what the columns mean; what was checked before is checked again."""
    upload = reads.get_upload(actor, upload_id)
    may_import(actor, upload.kind)
    with work(actor, Permission.IMPORTS) as w:
        upload = _open(w, upload_id, seen_version)
        upload.mapping, upload.state = columns.to_json(), "received"
        upload.findings = upload.summary = None


def _open(w: Work, upload_id: int, seen_version: int | None) -> Upload:
    """The file, locked, as long as nobody has confirmed or refused it."""
    found = lock(Upload, [upload_id])
    upload: Upload = found[0] if found else reads.get_upload(w.actor, upload_id)
    if upload.state not in ("received", "checked"):
        raise Refused([block("import.not_now", upload.filename, state=upload.state)])
    assert_seen(upload, seen_version)
    return upload


@in_bulk
def check(actor: Actor, upload_id: int, tell: Tell = quiet) -> Outcome:
    """Understand the file and say what it would change; nothing of it is saved."""
    upload, table, columns = load(actor, upload_id)
    kind = upload.kind
    outcome = _outcome(kind, table, columns, _understood(kind, table, columns, tell))
    with work(actor, Permission.IMPORTS) as w:
        _keep(_open(w, upload_id, None), outcome, "checked")
    return outcome


def _keep(upload: Upload, outcome: Outcome, state: str) -> None:
    worst_first = sorted(outcome.findings, key=lambda f: -f.severity.rank)
    upload.findings = to_json(worst_first[:FINDINGS_KEPT])
    upload.summary = outcome.summary()
    upload.state = state


@in_bulk
def confirm(
    actor: Actor, upload_id: int, seen_version: int | None = None, tell: Tell = quiet
) -> Outcome:
    """Import a checked file: planned again under the locks, then all of it or nothing."""
    upload, table, columns = load(actor, upload_id)
    kind = upload.kind
    parsed = _understood(kind, table, columns, tell)
    with work(actor, Permission.IMPORTS) as w:
        upload = _open(w, upload_id, seen_version)
        w.number(SERIES)
        outcome = _outcome(kind, table, columns, parsed)
        if outcome.is_refused:
            raise Refused([f for f in outcome.findings if f.is_blocking][:FINDINGS_KEPT])
        outcome.plan.write(w, upload.filename)
        _keep(upload, outcome, "confirmed")
        upload.confirmed_at = w.now
        memory.remember(w, kind, columns.columns)
        _audit(w, upload, outcome)
    tell("saved", outcome.rows, outcome.rows)
    outcome.upload_id = upload_id
    return outcome


def _audit(w: Work, upload: Upload, outcome: Outcome) -> None:
    changes = {
        "kind": upload.kind,
        "new": outcome.plan.new,
        "changed": outcome.plan.changed,
        "same": outcome.plan.same,
        "sha256": upload.sha256[:12],
    }
    w.audit("import:confirm", upload, label=upload.filename, changes=changes)


def discard(
    actor: Actor, upload_id: int, reason: str = "", seen_version: int | None = None
) -> None:
    """Give a file up; it is kept, and may be handed in again."""
    may_import(actor, reads.get_upload(actor, upload_id).kind)
    with work(actor, Permission.IMPORTS) as w:
        upload = _open(w, upload_id, seen_version)
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
    parsed = _understood(wish.kind, table, columns, tell)
    if parsed.is_refused or dry_run:
        return _outcome(wish.kind, table, columns, parsed)
    with work(actor, Permission.IMPORTS) as w:
        w.number(SERIES)
        outcome = _outcome(wish.kind, table, columns, parsed)
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
    _keep(upload, outcome, "confirmed")
    w.session.add(upload)
    w.session.flush()  # the audit line needs upload.id
    _audit(w, upload, outcome)
    return upload.id

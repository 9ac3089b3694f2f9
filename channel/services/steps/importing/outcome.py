"""What comes of a file: understood, planned, kept with its findings; shared by both ways in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from channel import clock
from channel.access import SYSTEM, Actor, Permission, require
from channel.models.uploads import Upload
from channel.services.steps.importing import known
from channel.services.steps.importing.plan import Plan, Task
from channel.services.steps.importing.planners import PLANNERS
from channel.services.work import Work
from channel.tabular.fields import Source
from channel.tabular.kinds import KINDS, read_kind
from channel.tabular.mapping import Mapping
from channel.tabular.tables import Table
from channel.tabular.understanding import Parsed
from contracts.values.findings import Finding, to_json

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


def understand(kind: str, table: Table, columns: Mapping, tell: Tell) -> Parsed:
    tell("read", len(table.rows), len(table.rows))
    parsed = read_kind(kind, table, columns, known.context(KINDS[kind]))
    tell("checked", parsed.row_count, len(table.rows))
    return parsed


def _plan(kind: str, table: Table, columns: Mapping, parsed: Parsed) -> Plan:
    """What the sound rows would change, as the database stands now."""
    source = Source(table.filename, table.sheet, dict(columns.columns))
    given = frozenset(columns.columns) | frozenset(columns.constants)
    return PLANNERS[kind][0](Task(kind, parsed.rows, source, given, clock.today()))


def outcome_of(kind: str, table: Table, columns: Mapping, parsed: Parsed) -> Outcome:
    if parsed.is_refused:
        return Outcome(parsed.row_count, Plan(), parsed.findings)
    plan = _plan(kind, table, columns, parsed)
    return Outcome(parsed.row_count, plan, [*parsed.findings, *plan.findings])


def keep(upload: Upload, outcome: Outcome, state: str) -> None:
    worst_first = sorted(outcome.findings, key=lambda f: -f.severity.rank)
    upload.findings = to_json(worst_first[:FINDINGS_KEPT])
    upload.summary = outcome.summary()
    upload.state = state


def leave_trail(w: Work, upload: Upload, outcome: Outcome) -> None:
    changes = {
        "kind": upload.kind,
        "new": outcome.plan.new,
        "changed": outcome.plan.changed,
        "same": outcome.plan.same,
        "sha256": upload.sha256[:12],
    }
    w.audit("import:confirm", upload, label=upload.filename, changes=changes)

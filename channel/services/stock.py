"""Inventory reports: a file is received, checked, mended and accepted as an immutable version.

Nothing of a file is saved as stock before every hard finding is gone; a second click and the
same file again change nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channel.access import Actor, Permission, require
from channel.db import lock
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport, InventoryRow
from channel.models.uploads import Upload
from channel.queries import catalogue, stock_facts
from channel.queries import stock as reports
from channel.queries.scope import get_visible
from channel.queries.stock_facts import KIND
from channel.rules.stock_filing import check_period, due_on, late_days
from channel.services.steps import stock_alerts
from channel.services.steps.stock_columns import remember
from channel.services.steps.stock_sheet import (
    LEFT_OUT,
    Sheet,
    check_sheet,
    open_table,
    propose_columns,
)
from channel.services.work import Refused, Work, assert_seen, work
from channel.tabular.tables import TableRefused
from contracts.values.findings import Severity, block, to_json
from contracts.values.periods import Period

#: Quantities and dates of a line are stored under the same names as the rules use.
STORED = tuple(
    c.key
    for c in InventoryRow.__table__.columns
    if c.key not in ("id", "report_id", "row_number", "product_id", "reason", "findings")
)


@dataclass(frozen=True)
class Received:
    """Which upload stands for the file now; `is_known`: the same file was here before."""

    upload_id: int
    is_known: bool


def receive_report(
    actor: Actor, distributor_id: int, period: Period | str, filename: str, data: bytes
) -> Received:
    """Keep the file and check it. Raises Refused when it cannot be read as a table at all."""
    require(actor, Permission.STOCK_FILE)
    period = _period(period)
    digest = hashlib.sha256(data).hexdigest()
    try:
        # Reading takes time and must not stand inside a write transaction.
        table = open_table(data, filename)
    except TableRefused as refusal:
        raise Refused([refusal.finding()]) from None
    with work(actor, Permission.STOCK_FILE) as w:
        distributor = get_visible(actor, Distributor, distributor_id)
        lock(Distributor, [distributor.id])
        _refuse_period(w, distributor.id, period)
        known = reports.same_file(distributor.id, period.label, digest)
        if known is not None:
            return Received(known, is_known=True)
        upload = Upload(
            kind=KIND,
            distributor_id=distributor.id,
            filename=filename[-255:],
            sha256=digest,
            size=len(data),
            data=data,
            mapping=propose_columns(table.header, stock_facts.remembered_columns(distributor.id)),
            options={"period": period.label, "repairs": {}},
            uploaded_by_id=actor.user_id,
            uploaded_at=w.now,
        )
        w.session.add(upload)
        w.session.flush()  # the audit line and the page that follows need upload.id
        _keep_check(upload, _checked(upload, table))
        changes = {"period": period.label, "filename": filename}
        w.audit("stock:receive", upload, label=filename, changes=changes)
        return Received(upload.id, is_known=False)


def _period(period: Period | str) -> Period:
    """The period as a value; Refused for a text that is none."""
    if isinstance(period, Period):
        return period
    try:
        return Period.parse(period)
    except ValueError:
        raise Refused([block("stock.period_kind", period=period)]) from None


def _refuse_period(w: Work, distributor_id: int, period: Period) -> None:
    """A report tells of a month or a week that is over and that no other report cuts across."""
    findings = check_period(period, w.today)
    other = stock_facts.overlapping(distributor_id, period)
    if other:
        findings.append(block("stock.period_overlaps", period=period.label, other=other))
    if findings:
        raise Refused(findings)


def _checked(upload: Upload, table: Any = None) -> Sheet:
    """The upload read and checked against what is known now."""
    assert upload.distributor_id is not None
    known = stock_facts.context(upload.distributor_id, Period.parse(upload.options["period"]))
    repairs = {int(n): cells for n, cells in upload.options.get("repairs", {}).items()}
    raw = table or open_table(upload.data, upload.filename)
    return check_sheet(raw, upload.mapping or {}, repairs, known)


def _keep_check(upload: Upload, sheet: Sheet) -> None:
    """Write what the check found beside the file."""
    upload.state = "checked"
    upload.findings = to_json(sheet.findings)
    upload.summary = {
        "rows": len(sheet.table.rows),
        "blocked": len({f.facts.get("row") for f in sheet.findings if f.is_blocking}),
        "flagged": len({f.facts.get("row") for f in sheet.findings if f.severity is Severity.WARN}),
    }


def review(actor: Actor, upload_id: int) -> tuple[Upload, Sheet]:
    """The upload with everything found in it as of now; saves nothing."""
    require(actor, Permission.STOCK_FILE)
    upload = reports.get_upload(actor, upload_id)
    return upload, _checked(upload)


def _open_upload(w: Work, upload_id: int, seen_version: int | None) -> Upload | None:
    """The upload, locked, when it may still change; None when its report stands already."""
    upload = reports.get_upload(w.actor, upload_id)
    lock(Distributor, [upload.distributor_id or 0])
    lock(Upload, [upload.id])
    if upload.state == "confirmed":
        return None
    assert_seen(upload, seen_version)
    return upload


def map_columns(
    actor: Actor, upload_id: int, labels: Mapping[str, str], seen_version: int | None
) -> None:
    """Say by hand which column is which; remembered for the distributor's next file."""
    with work(actor, Permission.STOCK_FILE) as w:
        upload = _open_upload(w, upload_id, seen_version)
        if upload is None:
            return
        fields = [field for field in labels.values() if field]
        twice = sorted({field for field in fields if fields.count(field) > 1})
        if twice:
            raise Refused([block("stock.column_twice", column=name) for name in twice])
        old = dict(upload.mapping or {})
        upload.mapping = {label: labels.get(label, old[label]) for label in old}
        remember(w, upload.distributor_id or 0, upload.mapping)
        _keep_check(upload, _checked(upload))
        changes = {k: (old[k], v) for k, v in upload.mapping.items() if v != old[k]}
        w.audit("stock:map", upload, label=upload.filename, changes=changes)


def mend_cells(
    actor: Actor,
    upload_id: int,
    repairs: Mapping[int, Mapping[str, str]],
    seen_version: int | None,
) -> None:
    """Lay repaired cells over the file: {row: {field: text}}; the file itself stays as it came."""
    with work(actor, Permission.STOCK_FILE) as w:
        upload = _open_upload(w, upload_id, seen_version)
        if upload is None:
            return
        standing = {n: dict(cells) for n, cells in upload.options.get("repairs", {}).items()}
        changes = {}
        for number, cells in repairs.items():
            row = standing.setdefault(str(number), {})
            for field, text in cells.items():
                if field == LEFT_OUT and not text:
                    row.pop(field, None)
                    continue
                changes[f"{number} {field}"] = (row.get(field, ""), text)
                row[field] = text
        upload.options = {**upload.options, "repairs": {n: c for n, c in standing.items() if c}}
        _keep_check(upload, _checked(upload))
        w.audit("stock:mend", upload, label=upload.filename, changes=changes)


def accept_report(actor: Actor, upload_id: int, seen_version: int | None, reason: str = "") -> int:
    """Check again and write the report as a new version; gives the report's id.

    Blocking findings refuse the whole file. `reason` says why a filed period is filed again.
    """
    with work(actor, Permission.STOCK_FILE) as w:
        upload = _open_upload(w, upload_id, seen_version)
        if upload is None:
            return reports.report_of_upload(upload_id)
        sheet = _checked(upload)
        if sheet.is_blocked:
            raise Refused([f for f in sheet.findings if f.is_blocking])
        period = Period.parse(upload.options["period"])
        _refuse_period(w, upload.distributor_id or 0, period)
        report = _new_version(w, upload, period, reason.strip())
        w.session.add(report)
        w.session.flush()  # rows, the audit line and the page need report.id
        _write_rows(w, report, sheet)
        upload.state, upload.confirmed_at = "confirmed", w.now
        _keep_summary(upload, sheet)
        columns = {label: field for label, field in (upload.mapping or {}).items() if field}
        remember(w, report.distributor_id, columns)
        changes = {"version": report.version_no, "rows": len(sheet.lines), "late": report.late_days}
        w.audit("stock:accept", report, label=report.period, reason=report.reason, changes=changes)
        w.session.flush()  # the alert reads the rows back
        stock_alerts.tell_below_safety(w, report)
        return report.id


def _keep_summary(upload: Upload, sheet: Sheet) -> None:
    """The findings as accepted, beside the file that led to them."""
    state = upload.state
    _keep_check(upload, sheet)
    upload.state = state


def _new_version(w: Work, upload: Upload, period: Period, reason: str) -> InventoryReport:
    """The report as the next version of its period; lateness stays that of the first filing."""
    distributor_id = upload.distributor_id or 0
    versions = stock_facts.versions_of(distributor_id, period)
    calendar = catalogue.work_calendar()
    if versions and not reason:
        number = versions[0].version_no
        raise Refused([block("stock.restated", period=period.label, version=number)])
    due = versions[-1].due_on if versions else due_on(period, calendar)
    first = versions[-1].first_filed_on if versions else w.today
    late = versions[-1].late_days if versions else late_days(due, first, calendar)
    return InventoryReport(
        distributor_id=distributor_id,
        period_start=period.start,
        period_end=period.end,
        period=period.label,
        version_no=len(versions) + 1,
        upload_id=upload.id,
        reason=reason if versions else "",
        filed_on=w.today,
        first_filed_on=first,
        due_on=due,
        late_days=late,
        filed_by_id=w.actor.user_id,
        created_at=w.now,
    )


def _write_rows(w: Work, report: InventoryReport, sheet: Sheet) -> None:
    """The lines as understood, with the soft findings that were accepted on each."""
    for line in sheet.lines:
        soft = sheet.accepted_on(line.row_number)
        w.session.add(
            InventoryRow(
                report_id=report.id,
                row_number=line.row_number,
                product_id=sheet.product_ids[line.product],
                reason=line.reason[:500],
                findings=to_json(soft) if soft else None,
                **{name: getattr(line, name) for name in STORED},
            )
        )

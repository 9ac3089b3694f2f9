"""Inventory reports: a file is received, checked, mended and accepted as an immutable version.

Nothing of a file is saved as stock before every hard finding is gone; a second click and the
same file again change nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channel.access import Actor, Permission, require
from channel.db import lock
from channel.models.partners import Distributor
from channel.models.uploads import Upload
from channel.queries import stock as reports
from channel.queries.scope import get_visible
from channel.queries.stock_facts import KIND
from channel.services.jobs import handles, report_progress
from channel.services.steps import (
    channel_stock,
    stock_alerts,
    stock_preview,
    stock_preview_data,
    stock_scoring,
)
from channel.services.steps.stock_columns import remember
from channel.services.steps.stock_preview import Review
from channel.services.steps.stock_sheet import LEFT_OUT, Sheet, open_table
from channel.services.steps.stock_upload import (
    AT_ONCE_BYTES,
    CHECK_JOB,
    FILE_JOB,
    check_again,
    checked,
    first_columns,
    is_large,
    keep_check,
    keep_summary,
    open_upload,
    order,
    period_of,
    refuse_other_days,
    refuse_period,
)
from channel.services.steps.stock_versions import new_version, write_rows
from channel.services.steps.stock_words import FILLED, SUM
from channel.services.work import Refused, Stale, work
from channel.tabular.tables import TableRefused
from contracts.values.findings import block
from contracts.values.periods import Period


@dataclass(frozen=True)
class Received:
    """Which upload stands for the file now; `is_known`: the same file was here before."""

    upload_id: int
    is_known: bool


def receive_report(
    actor: Actor,
    distributor_id: int,
    period: Period | str,
    filename: str,
    data: bytes,
    key: str = "",
) -> Received:
    """Keep the file and check it. Raises Refused when it cannot be read as a table at all.

    `key` is the sender's own name of the report: the same key is the same report. A large file
    is read by a job, and what is wrong with it stands on its page.
    """
    require(actor, Permission.STOCK_FILE)
    period = period_of(period)
    digest = hashlib.sha256(data).hexdigest()
    table = None
    if len(data) <= AT_ONCE_BYTES:
        try:
            # Reading takes time and must not stand inside a write transaction.
            table = open_table(data, filename)
        except TableRefused as refusal:
            raise Refused([refusal.finding()]) from None
        refuse_other_days(table, period)
    with work(actor, Permission.STOCK_FILE) as w:
        distributor = get_visible(actor, Distributor, distributor_id)
        lock(Distributor, [distributor.id])
        refuse_period(w, distributor.id, period)
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
            options={"period": period.label, "repairs": {}, **({"key": key} if key else {})},
            uploaded_by_id=actor.user_id,
            uploaded_at=w.now,
            row_version=1,
        )
        w.session.add(upload)
        w.session.flush()  # the audit line and the page that follows need upload.id
        if table is not None:
            first_columns(upload, table)
        check_again(w, upload, table)
        changes = {"period": period.label, "filename": filename}
        w.audit("stock:receive", upload, label=filename, changes=changes)
        return Received(upload.id, is_known=False)


def review(actor: Actor, upload_id: int) -> tuple[Upload, Sheet]:
    """The upload with everything found in it as of now, however large; saves nothing."""
    require(actor, Permission.STOCK_FILE)
    upload = reports.get_upload(actor, upload_id)
    return upload, checked(upload)


def preview(actor: Actor, upload_id: int, show_all: bool = False) -> tuple[Upload, Review | None]:
    """The upload and what its page shows as of now; saves nothing.

    None: a large file whose check is still under way, or failed (the job says why).
    """
    require(actor, Permission.STOCK_FILE)
    upload = reports.get_upload(actor, upload_id)
    if is_large(upload):
        return upload, stock_preview_data.from_data(upload.preview) if upload.preview else None
    sheet = checked(upload)
    codes = {line.product for line in sheet.lines} | {
        str(f.facts["product"]) for f in sheet.findings if "product" in f.facts
    }
    names = reports.product_names(codes)
    return upload, stock_preview.build(upload, sheet, names, show_all)


def map_columns(
    actor: Actor, upload_id: int, labels: Mapping[str, str], seen_version: int | None
) -> None:
    """Say by hand which column is which; remembered for the distributor's next file."""
    with work(actor, Permission.STOCK_FILE) as w:
        upload = open_upload(w, upload_id, seen_version)
        if upload is None:
            return
        fields = [field for field in labels.values() if field]
        twice = sorted({field for field in fields if fields.count(field) > 1})
        if twice:
            raise Refused([block("stock.column_twice", column=name) for name in twice])
        old = dict(upload.mapping or {})
        upload.mapping = {label: labels.get(label, old[label]) for label in old}
        remember(w, upload.distributor_id or 0, upload.mapping)
        check_again(w, upload)
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
        upload = open_upload(w, upload_id, seen_version)
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
        check_again(w, upload)
        w.audit("stock:mend", upload, label=upload.filename, changes=changes)


def fill_blanks(
    actor: Actor, upload_id: int, names: Sequence[str], seen_version: int | None
) -> None:
    """Fill in what the file does not say from what we know, or leave it blank again ([])."""
    with work(actor, Permission.STOCK_FILE) as w:
        upload = open_upload(w, upload_id, seen_version)
        if upload is None:
            return
        old = tuple(upload.options.get("fill", ()))
        wanted = tuple(name for name in (*FILLED, SUM) if name in names)
        upload.options = {**upload.options, "fill": list(wanted)}
        check_again(w, upload)
        w.audit("stock:fill", upload, label=upload.filename,
                changes={"columns": (", ".join(old), ", ".join(wanted))})  # fmt: skip


def accept_report(actor: Actor, upload_id: int, seen_version: int | None, reason: str = "") -> int:
    """Check again and write the report as a new version; gives the report's id.

    Blocking findings refuse the whole file. `reason` says why a filed period is filed again.
    """
    with work(actor, Permission.STOCK_FILE) as w:
        upload = open_upload(w, upload_id, seen_version)
        if upload is None:
            return reports.report_of_upload(upload_id)
        sheet = checked(upload)
        if sheet.is_blocked:
            raise Refused([f for f in sheet.findings if f.is_blocking])
        period = Period.parse(upload.options["period"])
        refuse_period(w, upload.distributor_id or 0, period)
        report = new_version(w, upload, period, reason.strip(), sheet)
        w.session.add(report)
        w.session.flush()  # rows, the audit line and the page need report.id
        write_rows(w, report, sheet)
        upload.state, upload.confirmed_at = "confirmed", w.now
        keep_summary(upload, sheet)
        columns = {label: field for label, field in (upload.mapping or {}).items() if field}
        remember(w, report.distributor_id, columns)
        changes = {"version": report.version_no, "rows": len(sheet.lines), "late": report.late_days}
        w.audit("stock:accept", report, label=report.period, reason=report.reason, changes=changes)
        w.session.flush()  # the snapshot and the alert read the rows back
        channel_stock.keep_report(w, report)
        stock_scoring.keep_score(w, report)
        stock_alerts.tell_below_safety(w, report)
        return report.id


def is_long(actor: Actor, upload_id: int) -> bool:
    """Whether filing it is the work of a job."""
    upload = reports.get_upload(actor, upload_id)
    return is_large(upload) and upload.state != "confirmed"


def order_filing(actor: Actor, upload_id: int, seen_version: int | None, reason: str) -> int:
    """Order the filing of a large report; gives the job's id. Two clicks order one job."""
    with work(actor, Permission.STOCK_FILE) as w:
        upload = reports.get_upload(w.actor, upload_id)
        if seen_version is not None and upload.row_version != seen_version:
            raise Stale
        return order(w, FILE_JOB, upload, reason=reason)


@handles(CHECK_JOB)
def _check_large(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Read and check a large file; its page is kept beside it."""
    upload = reports.get_upload(actor, int(payload["upload_id"]))
    period = Period.parse(upload.options["period"])
    report_progress(job_id, 0, 4)
    try:
        table = open_table(upload.data, upload.filename)
    except TableRefused as refusal:
        raise Refused([refusal.finding()]) from None
    refuse_other_days(table, period)
    report_progress(job_id, 2, 4)
    with work(actor, Permission.STOCK_FILE) as w:
        upload = reports.get_upload(w.actor, int(payload["upload_id"]))
        if upload.state == "confirmed" or upload.row_version != payload["seen_version"]:
            return {"upload_id": upload.id}  # a later act has ordered its own check
        if upload.mapping is None:
            first_columns(upload, table)
        keep_check(upload, checked(upload, table))
    report_progress(job_id, 4, 4)
    return {"upload_id": upload.id}


@handles(FILE_JOB)
def _file_large(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """File a large report in one transaction; a second attempt finds it filed."""
    report_progress(job_id, 0, 1)
    upload_id = int(payload["upload_id"])
    report_id = accept_report(actor, upload_id, payload["seen_version"], payload["reason"])
    return {"upload_id": upload_id, "report_id": report_id}

"""The file of a report under the hands of a use case: opened, checked again, kept with its finding.

A large file is checked by a job; its page is kept beside it, and every act orders the next check.
"""

from __future__ import annotations

from typing import Any

from channel.db import lock
from channel.models.partners import Distributor
from channel.models.uploads import Upload
from channel.queries import stock as reports
from channel.queries import stock_facts
from channel.rules.stock_filing import check_period
from channel.services.steps import stock_preview, stock_preview_data
from channel.services.steps.stock_sheet import Sheet, check_sheet, open_table, propose_columns
from channel.services.work import Refused, Work, assert_seen
from channel.tabular.tables import Table
from contracts.values.findings import Severity, block, to_json
from contracts.values.periods import Period

#: A file with more bytes than these is checked and filed as a job.
AT_ONCE_BYTES = 400_000
#: So many findings are kept with the file; the page of the file finds them all anew.
FINDINGS_KEPT = 500
CHECK_JOB = "stock_check"
FILE_JOB = "stock_file"


def is_large(upload: Upload) -> bool:
    return upload.size > AT_ONCE_BYTES


def period_of(period: Period | str) -> Period:
    """The period as a value; Refused for a text that is none."""
    if isinstance(period, Period):
        return period
    try:
        return Period.parse(period)
    except ValueError:
        raise Refused([block("stock.period_kind", period=period)]) from None


def refuse_period(w: Work, distributor_id: int, period: Period) -> None:
    """A report tells of a month or a week that is over and that no other report cuts across."""
    findings = check_period(period, w.today)
    other = stock_facts.overlapping(distributor_id, period)
    if other:
        findings.append(block("stock.period_overlaps", period=period.label, other=other))
    if findings:
        raise Refused(findings)


def refuse_other_days(table: Table, period: Period) -> None:
    """A message that says which days it is about must be about those of the period."""
    start, end = table.start, table.end
    if (start is None or start == period.start) and (end is None or end == period.last_day):
        return
    told = f"{start or '…'}..{end or '…'}"
    raise Refused([block("stock.other_days", told=told, period=period.label)])


def checked(upload: Upload, table: Table | None = None) -> Sheet:
    """The upload read and checked against what is known now."""
    assert upload.distributor_id is not None
    known = stock_facts.context(upload.distributor_id, Period.parse(upload.options["period"]))
    repairs = {int(n): cells for n, cells in upload.options.get("repairs", {}).items()}
    raw = table if table is not None else open_table(upload.data, upload.filename)
    fill = tuple(upload.options.get("fill", ()))
    return check_sheet(raw, upload.mapping or {}, repairs, known, fill)


def keep_check(upload: Upload, sheet: Sheet) -> None:
    """Write what the check found beside the file, and of a large one its page."""
    upload.state = "checked"
    keep_summary(upload, sheet)
    if is_large(upload):
        codes = {line.product for line in sheet.lines[: stock_preview.ROWS_SHOWN]} | {
            str(f.facts["product"]) for f in sheet.findings[:FINDINGS_KEPT] if "product" in f.facts
        }
        names = reports.product_names(codes)
        upload.preview = stock_preview_data.to_data(
            stock_preview.build(upload, sheet, names, False)
        )


def keep_summary(upload: Upload, sheet: Sheet) -> None:
    """The findings and counts, beside the file that led to them."""
    kept = sorted(sheet.findings, key=lambda f: not f.is_blocking)[:FINDINGS_KEPT]
    upload.findings = to_json(kept)
    upload.summary = {
        "rows": len(sheet.table.rows),
        "blocked": len({f.facts.get("row") for f in sheet.findings if f.is_blocking}),
        "flagged": len({f.facts.get("row") for f in sheet.findings if f.severity is Severity.WARN}),
    }


def first_columns(upload: Upload, table: Table) -> None:
    """What the columns are taken for, until somebody says otherwise."""
    learned = stock_facts.remembered_columns(upload.distributor_id or 0)
    upload.mapping = propose_columns(table.header, learned)


def open_upload(w: Work, upload_id: int, seen_version: int | None) -> Upload | None:
    """The upload, locked, when it may still change; None when its report stands already."""
    upload = reports.get_upload(w.actor, upload_id)
    lock(Distributor, [upload.distributor_id or 0])
    lock(Upload, [upload.id])
    if upload.state == "confirmed":
        return None
    assert_seen(upload, seen_version)
    return upload


def check_again(w: Work, upload: Upload, table: Table | None = None) -> None:
    """Check at once, or order the check of a large file; two clicks order one job."""
    if not is_large(upload):
        keep_check(upload, checked(upload, table))
        return
    upload.state, upload.preview = "received", None
    order(w, CHECK_JOB, upload)


def order(w: Work, kind: str, upload: Upload, **values: Any) -> int:
    """The job for this version of the file; the same version orders one job."""
    payload = {"upload_id": upload.id, "seen_version": upload.row_version, **values}
    return w.job(kind, f"{kind}:{upload.id}:{upload.row_version}", payload).id

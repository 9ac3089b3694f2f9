"""A checked file becomes a version of its period's report, with its rows; nothing is overwritten.

Lateness stays that of the first filing. Differences beyond the hard tolerance let the version
wait for the channel manager.
"""

from __future__ import annotations

from channel.models.stock import InventoryReport, InventoryRow
from channel.models.uploads import Upload
from channel.queries import catalogue, stock_evidence, stock_facts
from channel.rules.stock_filing import due_on, late_days
from channel.services.steps.closing import assert_open
from channel.services.steps.stock_sheet import Sheet
from channel.services.steps.stock_suspicions import beyond
from channel.services.steps.stock_words import own_words
from channel.services.work import Refused, Work
from contracts.values.findings import Severity, block, to_json
from contracts.values.periods import Period

#: Quantities and dates of a line are stored under the same names as the rules use.
STORED = tuple(
    c.key
    for c in InventoryRow.__table__.columns
    if c.key
    not in (
        "id", "report_id", "row_number", "product_id", "reason", "findings", "own_code", "own_unit",
    )
)  # fmt: skip


def new_version(
    w: Work, upload: Upload, period: Period, reason: str, sheet: Sheet
) -> InventoryReport:
    """The report as the next version of its period; refused for a month that is closed.

    A period filed again needs a reason.
    """
    distributor_id = upload.distributor_id or 0
    versions = stock_facts.versions_of(distributor_id, period)
    calendar = catalogue.work_calendar()
    if versions and not reason:
        number = versions[0].version_no
        raise Refused([block("stock.restated", period=period.label, version=number)])
    if versions:
        assert_open(w, period.last_day)
    due = versions[-1].due_on if versions else due_on(period, calendar)
    first = versions[-1].first_filed_on if versions else w.today
    late = versions[-1].late_days if versions else late_days(due, first, calendar)
    clause = stock_evidence.clause_on(distributor_id, period.last_day)
    soft = [f for f in sheet.findings if f.severity is Severity.WARN]
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
        state="submitted" if beyond(soft, clause.hard) else "accepted",
    )


def write_rows(w: Work, report: InventoryReport, sheet: Sheet) -> None:
    """The lines as understood, with the soft findings that were accepted on each."""
    for line in sheet.lines:
        soft = sheet.accepted_on(line.row_number)
        w.session.add(
            InventoryRow(
                report_id=report.id,
                row_number=line.row_number,
                product_id=sheet.product_ids[line.product],
                reason=line.reason[:500],
                own_code=own_words(sheet.own, line.row_number)[0],
                own_unit=own_words(sheet.own, line.row_number)[1],
                findings=to_json(soft) if soft else None,
                **{name: getattr(line, name) for name in STORED},
            )
        )

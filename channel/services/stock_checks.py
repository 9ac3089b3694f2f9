"""Reports that wait are accepted or sent back by the channel manager; scores that are missing.

A version that is sent back stays as it was filed and no longer counts; the one before counts
again. Nobody decides about a report of his own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from channel.access import Actor, Permission, require
from channel.db import lock
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport
from channel.queries import stock as reports
from channel.queries import stock_facts, stock_quality
from channel.queries.scope import get_visible
from channel.queries.stock_advice import line_of
from channel.rules.stock import RowFinding, check_report
from channel.services.jobs import CHORES
from channel.services.steps import channel_stock, stock_mails
from channel.services.steps.stock_scoring import keep_score
from channel.services.steps.stock_suspicions import CAUSE, by_place, causes, place, suspicions
from channel.services.work import Refused, Work, work
from contracts.values.findings import Finding, Severity, block
from contracts.values.periods import Period

#: Reports scored in one round of the worker.
SCORED_AT_ONCE = 50


@dataclass(frozen=True)
class Checks:
    """What is found in a report today: by line, each finding before the causes that explain it.

    `by_restatement`: openings that were right when the report was filed, and that the report
    before no longer agrees with since it was filed again; they are no fault of this one.
    """

    findings: list[Finding]
    notes: list[Finding]
    by_restatement: list[Finding]


def look(actor: Actor, report_id: int) -> tuple[InventoryReport, Checks]:
    """The report and its checks against what is known now; saves nothing."""
    require(actor, Permission.STOCK_READ)
    report = reports.get_report(actor, report_id)
    period = Period(report.period_start, report.period_end)
    known = stock_facts.context(report.distributor_id, period)
    lines = [line_of(row) for row in report.rows]
    found = check_report(
        lines, known.previous_closings, known.shipped, known.in_transit,
        tolerance=known.evidence.clause.soft,
    )  # fmt: skip
    found += suspicions(lines, known.evidence)
    found += causes(lines, found, known.evidence)
    then = stock_quality.before_as_filed(report)
    told, notes, excused = [], [], []
    placed = [_placed(f) for f in found]
    why = by_place(placed)
    keys = {row.row_number: line.key for row, line in zip(report.rows, lines, strict=True)}
    for finding in placed:
        if finding.code.startswith(CAUSE):
            continue
        key = keys.get(int(str(finding.facts.get("row", 0))))
        was = then.get(key, 0) if then is not None and key is not None else None
        if finding.code == "stock.continuity" and finding.facts["entered"] == was:
            excused.append(finding)
        elif finding.severity is Severity.INFO:
            notes.append(finding)
        else:
            told += [finding, *why.get(place(finding), ())]
    return report, Checks(told, notes, excused)


def _placed(found: RowFinding) -> Finding:
    """The finding of a rule with its row and field, for the page."""
    facts = dict(found.finding.facts)
    if found.row_number is not None:
        facts = {"row": found.row_number, "field": found.column or "", **facts}
    severity = min(found.severity, Severity.WARN)
    return replace(found.finding, facts=facts, severity=severity)


def accept_version(actor: Actor, report_id: int, note: str = "") -> None:
    """Let a submitted version count for good, differences and all."""
    with work(actor, Permission.STOCK_ACCEPT) as w:
        report = _waiting(w, report_id)
        _decide(w, report, "accepted", note)
        w.audit("stock:approve", report, label=report.period, reason=note)


def send_back(actor: Actor, report_id: int, note: str) -> None:
    """A submitted version does not count; its distributor is told why and files again."""
    if not note.strip():
        raise Refused([block("stock.decision_reason")])
    with work(actor, Permission.STOCK_ACCEPT) as w:
        report = _waiting(w, report_id)
        _decide(w, report, "returned", note)
        w.session.flush()  # what stands in the channel is read anew without it
        channel_stock.rebuild(w, report.distributor_id)
        stock_mails.tell_sent_back(w, report)
        w.audit("stock:send_back", report, label=report.period, reason=note)


def _waiting(w: Work, report_id: int) -> InventoryReport:
    """The report, locked; Refused when it does not wait, or waits for somebody else."""
    report: InventoryReport = get_visible(w.actor, InventoryReport, report_id)
    lock(Distributor, [report.distributor_id])
    w.session.refresh(report)
    if report.state != "submitted":
        raise Refused([block("stock.not_submitted", period=report.period)])
    if report.filed_by_id == w.actor.user_id:
        raise Refused([block("stock.own_report", period=report.period)])
    return report


def _decide(w: Work, report: InventoryReport, state: str, note: str) -> None:
    report.state, report.decision = state, note.strip()[:500]
    report.decided_by_id, report.decided_at = w.actor.user_id, w.now


def score_missing(actor: Actor) -> None:
    """The chore: reports that were filed before scores were kept get theirs."""
    if not stock_quality.unscored(1):
        return
    with work(actor) as w:
        for report_id in stock_quality.unscored(SCORED_AT_ONCE):
            keep_score(w, w.session.get_one(InventoryReport, report_id))


CHORES.append(score_missing)

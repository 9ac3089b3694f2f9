"""Reports that wait are accepted or sent back by the channel manager; scores that are missing.

A version that is sent back stays as it was filed and no longer counts; the one before counts
again. Nobody decides about a report of his own.
"""

from __future__ import annotations

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport
from channel.queries import stock_quality
from channel.queries.scope import get_visible
from channel.services.jobs import CHORES
from channel.services.steps import channel_stock, stock_mails
from channel.services.steps.stock_scoring import keep_score
from channel.services.work import Refused, Work, work
from contracts.values.findings import block

#: Reports scored in one round of the worker.
SCORED_AT_ONCE = 50


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

"""Rebate runs: propose a period, review the biggest changes first, post by a second person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.rebates_desk import line_words
from channel.messages.rebates_words import PERIOD_WORDS
from channel.queries import audit, rebates_policies
from channel.queries import rebates_replies as replies
from channel.queries import rebates_review as reviews
from channel.queries import rebates_runs as reads
from channel.services import rebates as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.rebates import RunForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, is_partial, page, see_other, seen_version, show
from channel.web.rebates.blueprint import bp, period_words
from contracts.values.findings import Finding, block, warn
from contracts.values.periods import Period

#: How many past periods of each kind are offered.
OFFERED = 5


@page(bp, "/rebates/runs", Permission.REBATES_READ)
def runs() -> Any:
    actions = []
    if may(actor(), Permission.REBATES_WRITE):
        actions.append(
            {"url": url_for("rebates.run_new"), "icon": "plus", "label": _("Propose a run")}
        )
    if may(actor(), Permission.STATEMENTS_EXPORT):
        actions.append(
            {"url": url_for("rebates.exports"), "icon": "download", "label": _("Log of exports")}
        )
    return lists.answer(reads.RUNS, actions=actions)


def _offers() -> list[tuple[str, list[Period]]]:
    """Per kind of period that an approved policy settles: the present one and those before."""
    offers = []
    for kind in rebates_policies.kinds_in_use():
        periods = [Period.containing(clock.today(), kind)]
        while len(periods) < OFFERED:
            periods.append(Period.containing(periods[-1].start - timedelta(days=1), kind))
        offers.append((str(PERIOD_WORDS[kind]), periods))
    return offers


def _read_period(text: str) -> Period:
    try:
        return Period.parse(text.strip().upper())
    except ValueError:
        raise Refused([block("rebate.run.unreadable", text=text)]) from None


@page(bp, "/rebates/runs/new", Permission.REBATES_WRITE, methods=("GET", "POST"))
def run_new() -> Any:
    """Choose a period. A small one is computed at once, a large one as a job with progress."""
    form = RunForm()
    offers = _offers()
    if request.method == "GET":
        form.period.data = request.args.get("period") or (offers[0][1][1].label if offers else "")
    status = 200
    if form.validate_on_submit():
        try:
            period = _read_period(form.period.data or "")
            if reads.is_small(period, service.AT_ONCE_INVOICES):
                return see_other("rebates.run", id=service.propose(actor(), period))
            return see_other("jobs.record", id=service.order_run(actor(), period))
        except Refused as refused:
            show_refusal(form, refused, {"rebate.": "period"})
    if request.method == "POST":
        status = 422
    return show("rebates/run_new.html", form=form, offers=offers), status


def _notes(run: Any) -> list[Finding]:
    notes = service.warnings(run)
    period = reads.period_of(run)
    if run.state in ("proposed", "reviewed") and period.contains(clock.today()):
        notes.append(warn("rebate.run.period_open", run.number, last=period.last_day))
    if run.state in ("proposed", "reviewed"):
        notes += [
            warn(
                "rebate.run.to_correct",
                run.number,
                number=dispute.number,
                distributor=dispute.distributor.name,
                line=line_words(dispute),
            )
            for dispute in replies.to_correct(run.period_end)
        ]
    return notes


@page(bp, "/rebates/runs/<int:id>", Permission.REBATES_READ)
def run(id: int) -> Any:
    record = reads.get_run(actor(), id)
    listing = reviews.review_of(record)
    if is_partial() or request.args.get("format"):
        return lists.answer(listing)
    period = reads.period_of(record)
    return lists.answer(
        listing,
        "rebates/run.html",
        run=record,
        period=period_words(period),
        totals=reads.run_totals(actor(), id),
        flags=reviews.counts(actor(), record),
        flag_words=reviews.FLAGS,
        notes=_notes(record),
        acts=service.WORKFLOW.actions(record.state),
        names=reads.names_of(record.proposed_by_id, record.reviewed_by_id, record.posted_by_id),
        is_own=record.proposed_by_id == actor().user_id,
        entries=audit.history("rebate_run", id),
    )


@page(bp, "/rebates/runs/<int:id>/act", Permission.REBATES_READ, methods=("POST",))
def run_act(id: int) -> Any:
    """Mark as reviewed, post, or discard; each use case demands its own permission."""
    act, seen = request.form.get("act", ""), seen_version()
    try:
        if act == "review":
            service.review(actor(), id, seen_version=seen)
            flash(_("Marked as reviewed. A second person can post it now."), "success")
        elif act == "post" and reads.statement_count(id) > service.AT_ONCE_STATEMENTS:
            job_id = service.order_posting(actor(), id, seen_version=seen)
            return see_other("jobs.record", id=job_id)
        elif act == "post":
            service.post(actor(), id, seen_version=seen)
            flash(_("Posted. The statements are numbered and frozen."), "success")
        elif act == "discard":
            reason = request.form.get("reason", "").strip()[:500]
            service.discard(actor(), id, reason=reason, seen_version=seen)
            flash(_("Discarded."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("rebates.run", id=id)

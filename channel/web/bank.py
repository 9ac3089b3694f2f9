"""Bank lines in the browser: whose money came, what waits for a person, and booking it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from channel.access import Permission, may
from channel.messages.cash import MATCH_WORDS
from channel.queries import audit, partners
from channel.queries import bank as reads
from channel.services import bank as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.cash import AssignForm
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show

bp = Blueprint("bank", __name__)


@page(bp, "/bank", Permission.AUDIT_READ)
def index() -> Any:
    """Lines by state; what waits for a person comes first."""
    counts, here = reads.counts(), request.args.get("state", "")
    tabs = [{"url": url_for("bank.index"), "label": _("All lines"), "here": not here}]
    tabs += [
        {
            "url": url_for("bank.index", state=state),
            "label": f"{word} {counts[state]}" if counts.get(state) else str(word),
            "here": here == state,
        }
        for state, word in reads.STATES.items()
    ]
    may_write = may(actor(), Permission.RECEIPTS_WRITE)
    actions = []
    if may_write:
        url = url_for("uploads.new", kind="bank_lines")
        actions.append({"url": url, "icon": "upload", "label": _("Import a bank statement")})
    return lists.answer(
        reads.LINES,
        template="bank/index.html",
        actions=actions,
        tabs=tabs,
        subtitle=_("Money that came in is booked once, however often its statement is imported."),
        ready=counts.get("matched", 0) if may_write else 0,
    )


@page(bp, "/bank/book", Permission.RECEIPTS_WRITE, methods=("POST",))
def book() -> Any:
    """Book all that is matched, or the one line that is asked for."""
    chosen = [int(text) for text in request.form.getlist("line") if text.isdecimal()] or None
    try:
        job = service.order(actor(), chosen)
        if job is not None:
            return see_other("jobs.record", id=job)
        done = service.book(actor(), chosen)
    except Refused as refused:
        flash_refusal(refused)
    else:
        _tell(done)
    if chosen and len(chosen) == 1:
        return see_other("bank.record", id=chosen[0])
    return see_other("bank.index")


def _tell(done: service.Booked) -> None:
    if done.counted:
        flash(
            ngettext(
                "%(num)d line is booked: it pays debts and frees what waited.",
                "%(num)d lines are booked: they pay debts and free what waited.",
                done.counted,
            ),
            "success",
        )
    if done.parked:
        flash(
            ngettext(
                "%(num)d line is parked: it frees no credit until it is approved.",
                "%(num)d lines are parked: they free no credit until they are approved.",
                done.parked,
            ),
            "warning",
        )
    if done.twins:
        flash(
            ngettext(
                "%(num)d line may be booked by hand already: open it and decide.",
                "%(num)d lines may be booked by hand already: open them and decide.",
                done.twins,
            ),
            "warning",
        )
    if done.closed:
        flash(
            ngettext(
                "%(num)d line lies in a closed month and stays: book it by hand in the open one.",
                "%(num)d lines lie in a closed month and stay: book them by hand in the open one.",
                done.closed,
            ),
            "warning",
        )


@page(bp, "/bank/<int:id>", Permission.AUDIT_READ)
def record(id: int) -> Any:
    line = reads.get_line(actor(), id)
    can_act = may(actor(), Permission.RECEIPTS_WRITE)
    form = AssignForm()
    candidates = reads.candidates(line)
    named = [(one.id, f"{one.code} {one.name}") for one in candidates]
    others = [pair for pair in partners.choices(actor()) if pair[0] not in {i for i, _n in named}]
    form.distributor_id.choices = [("", _("choose")), *named, *others]
    return show(
        "bank/record.html",
        line=line,
        form=form if can_act and line.state in ("unassigned", "matched") else None,
        candidates=candidates,
        twins=reads.twins_of(line),
        can_act=can_act,
        ways=MATCH_WORDS,
        entries=audit.history("bank_line", id),
    )


@page(bp, "/bank/<int:id>/assign", Permission.RECEIPTS_WRITE, methods=("POST",))
def assign(id: int) -> Any:
    whose = request.form.get("distributor_id", "")
    if not whose.isdecimal():
        flash(_("Choose a distributor."), "danger")
        return see_other("bank.record", id=id)
    try:
        found = service.assign(
            actor(), id, int(whose), learn="learn" in request.form, seen_version=seen_version()
        )
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The line is assigned: look at it once more, then book it."), "success")
        if found:
            flash(
                ngettext(
                    "%(num)d other line found its distributor by what was learned.",
                    "%(num)d other lines found their distributor by what was learned.",
                    found,
                ),
                "info",
            )
    return see_other("bank.record", id=id)


@page(bp, "/bank/<int:id>/leave-out", Permission.RECEIPTS_WRITE, methods=("POST",))
def leave_out(id: int) -> Any:
    """No distributor's payment: kept, and never booked."""
    try:
        service.leave_out(actor(), id, request.form.get("reason", ""), seen_version())
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The line is left out."), "success")
    return see_other("bank.record", id=id)


@page(bp, "/bank/<int:id>/take-back", Permission.RECEIPTS_WRITE, methods=("POST",))
def take_back(id: int) -> Any:
    try:
        service.take_back(actor(), id, seen_version())
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The line is unassigned again."), "success")
    return see_other("bank.record", id=id)


@page(bp, "/bank/<int:id>/settle", Permission.RECEIPTS_WRITE, methods=("POST",))
def settle(id: int) -> Any:
    """The line is the money of a receipt that stands already."""
    which = request.form.get("receipt", "")
    try:
        service.settle(actor(), id, int(which) if which.isdecimal() else 0, seen_version())
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The line belongs to the receipt now; nothing was booked again."), "success")
    return see_other("bank.record", id=id)

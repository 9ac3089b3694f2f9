"""Accruals: choosing the tier that is expected, booking the difference, and what was booked."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.queries import audit
from channel.queries import rebates_accrual as standing
from channel.queries import rebates_expected as reads
from channel.queries.rebates_runs import names_of
from channel.services import rebates_accruals as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.rebates_trials import AccrualForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, day_asked, flash_refusal, is_partial, page, see_other, show
from channel.web.rebates.blueprint import bp
from channel.web.rebates.statements import statement_tabs
from contracts.values.periods import Period, preceding


@page(bp, "/rebates/standing/expect", Permission.REBATES_WRITE, methods=("POST",))
def expect() -> Any:
    """Choose the tier; a reason is asked for."""
    typed = request.form
    distributor = standing.get_distributor(actor(), _whole(typed.get("distributor", "")) or 0)
    tier = _whole(typed.get("tier", ""))
    try:
        period = Period(
            date.fromisoformat(typed.get("start", "")), date.fromisoformat(typed.get("end", ""))
        )
        place = service.Place(
            typed.get("policy", ""), distributor.id, typed.get("currency", ""), period
        )
        service.expect(actor(), place, tier, typed.get("reason", "")[:500])
        flash(_("Noted. The next booking of accruals takes it into account."), "success")
    except ValueError:
        flash(_("The period of this policy has changed: look at the page again."), "warning")
    except Refused as refused:
        flash_refusal(refused)
    on = day_asked("on").isoformat()
    return see_other("rebates.accrual", distributor=distributor.id, on=on)


def _whole(text: str) -> int | None:
    return int(text) if text.isdigit() else None


@page(bp, "/rebates/accruals", Permission.REBATES_READ)
def accruals() -> Any:
    actions = []
    if may(actor(), Permission.REBATES_POST):
        url = url_for("rebates.accrual_new")
        actions.append({"url": url, "icon": "plus", "label": _("Book accruals")})
    return lists.answer(reads.RUNS, actions=actions, tabs=statement_tabs("rebates.accruals"))


@page(bp, "/rebates/accruals/new", Permission.REBATES_POST, methods=("GET", "POST"))
def accrual_new() -> Any:
    """Choose the day; the last month's end is offered."""
    form = AccrualForm()
    last = reads.last_booked()
    if request.method == "GET":
        month_end = preceding(clock.today(), "month").last_day
        form.on.data = month_end if last is None or last <= month_end else clock.today()
    if form.validate_on_submit():
        try:
            return see_other("rebates.accrual_run", id=service.book(actor(), form.on.data))
        except Refused as refused:
            show_refusal(form, refused, {"rebate.": "on"})
    status = 422 if request.method == "POST" else 200
    return show("rebates/accrual_new.html", form=form, last=last), status


@page(bp, "/rebates/accruals/<int:id>", Permission.REBATES_READ)
def accrual_run(id: int) -> Any:
    """What a run booked, and how each entry comes about."""
    run = reads.get_run(actor(), id)
    listing = reads.entries_of(run)
    if is_partial():
        return lists.answer(listing)
    return lists.answer(
        listing,
        "rebates/accrual_run.html",
        run=run,
        names=names_of(run.posted_by_id),
        entries=audit.history("rebate_accrual_run", id),
    )

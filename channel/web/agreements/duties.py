"""Free duties with their state, and what leaving a commitment early would cost."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from channel import clock
from channel.access import Permission, may
from channel.messages.clauses import DUTY_KINDS
from channel.queries import agreements as reads
from channel.queries import agreements_papers
from channel.queries.agreements_lists import obligations_listing
from channel.services import agreements_duties as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.agreements.blueprint import bp, tabs
from channel.web.forms.agreements import SIDES
from channel.web.forms.fields import ChoiceField, DayField, Form, TextField
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from contracts import agreement as rules
from contracts.commitments import last_day


class DutyForm(Form):
    text = TextField(_l("what is to be done"), [DataRequired(), Length(max=500)])
    due_on = DayField(_l("due on"), [DataRequired()])
    owner = ChoiceField(_l("by whom"), choices=SIDES, default="distributor")
    kind = ChoiceField(_l("kind"), choices=list(DUTY_KINDS.items()), default="other")


def _day(text: str) -> date | None:
    """The day as a date field sends it; anything else: none was named."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class ExitForm(Form):
    on = DayField(_l("leaving on"))


@page(bp, "/agreements/obligations", Permission.AGREEMENTS_READ)
def obligations() -> Any:
    return lists.answer(obligations_listing(), tabs=tabs("agreements.obligations"))


@page(bp, "/agreements/<int:id>/obligations", Permission.AGREEMENTS_WRITE, methods=("POST",))
def add_obligation(id: int) -> Any:
    """Note a duty on a running agreement."""
    form = DutyForm()
    if not form.validate() or form.due_on.data is None:
        for _field, message in form.errors_in_order():
            flash(message, "danger")
        return see_other("agreements.record", id=id)
    duty = service.NewDuty(
        form.text.data or "", form.due_on.data, form.owner.data or "", form.kind.data or ""
    )
    try:
        service.add_obligation(actor(), id, duty)
        flash(_("The duty is on the calendar."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("agreements.record", id=id)


@page(bp, "/agreements/obligations/<int:id>", Permission.OBLIGATIONS_FULFIL, methods=("POST",))
def fulfil(id: int) -> Any:
    """Say that a duty was done, with what shows it."""
    row = agreements_papers.get_obligation(actor(), id)
    agreement_id = row.agreement_id
    try:
        service.fulfil_obligation(
            actor(),
            id,
            request.form.get("evidence", ""),
            seen_version(),
            _day(request.form.get("done_on", "")),
        )
        flash(_("Noted as fulfilled."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("agreements.newest", id=agreement_id)


@page(bp, "/agreements/<int:id>/exit", Permission.AGREEMENTS_READ, methods=("GET", "POST"))
def exit(id: int) -> Any:
    """What leaving on a day would cost, with its working; the house can put it on record."""
    version = reads.get_version(actor(), id)
    commitment = rules.from_json(version.terms).commitment
    issuing = request.method == "POST"
    form = ExitForm(request.form if issuing else request.args)
    today = clock.today()
    start = service.committed_from(version)
    readable = not form.on.data or not form.on.errors
    on = form.on.data or max(today, start)
    form.on.data = on
    found, status = None, 200
    try:
        if issuing:
            service.issue_quotation(actor(), id, on)
            flash(_("The quotation is on record; the distributor sees it too."), "success")
            return see_other("agreements.record", id=id)
        found = service.quote_exit(version, on, today)
    except Refused as refused:
        flash_refusal(refused)
        status = 422
    return show(
        "agreements/exit.html",
        form=form,
        version=version,
        commitment=commitment,
        quotation=found if readable else None,
        start=start,
        last=last_day(commitment, start) if commitment else None,
        may_issue=may(actor(), Permission.AGREEMENTS_WRITE) and version.state in reads.SIGNED,
    ), status

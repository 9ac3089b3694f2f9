"""Late-payment interest in the browser: tried, proposed with its working, posted by another."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.queries import audit, cash, partners
from channel.queries import interest as reads
from channel.services import interest as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.cash import InterestForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from channel.web.tabs import invoice_tabs

bp = Blueprint("interest", __name__)

PLACES = {
    "interest.future": "up_to",
    "interest.nothing": "up_to",
    "interest.waits": "distributor_id",
}


@page(bp, "/interest", Permission.INVOICES_READ)
def index() -> Any:
    actions = []
    if may(actor(), Permission.RECEIPTS_WRITE):
        url = url_for("interest.new")
        actions.append({"url": url, "icon": "plus", "label": _("Propose a note")})
    subtitle = _("Outstanding × yearly rate × days ÷ 365; each day is charged once.")
    return lists.answer(reads.NOTES, actions=actions, subtitle=subtitle, tabs=invoice_tabs())


@page(bp, "/interest/new", Permission.RECEIPTS_WRITE, methods=("GET", "POST"))
def new() -> Any:
    """What a debtor's late items bear up to a day; looking saves nothing."""
    form = InterestForm()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    items, distributor = [], None
    if request.method == "GET":
        form.up_to.data = clock.today()
        chosen = request.args.get("distributor", "")
        form.distributor_id.data = int(chosen) if chosen.isdecimal() else None
    elif form.validate():
        distributor = partners.get_distributor(actor(), form.distributor_id.data)
        try:
            if request.form.get("act") == "propose":
                note = service.propose(actor(), distributor.id, form.up_to.data)
                flash(_("Proposed: another person posts it."), "success")
                return see_other("interest.record", id=note)
            items = _looked_at(distributor, form.up_to.data)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
    is_looked = request.method == "POST" and not form.errors
    return show(
        "interest/new.html",
        form=form,
        rate_bp=cash.rules().interest_bp,
        items=items,
        is_looked=is_looked,
        distributor=distributor,
        total_fen=sum(item.interest.amount_fen for item in items),
    ), 200 if request.method == "GET" or is_looked else 422


def _looked_at(distributor: Any, up_to: date) -> list[reads.LateItem]:
    rate = cash.rules().interest_bp
    return reads.late_items(distributor.id, distributor.currency, up_to, rate)


@page(bp, "/interest/<int:id>", Permission.INVOICES_READ)
def record(id: int) -> Any:
    note = reads.get_note(actor(), id)
    is_open = note.state == "proposed"
    return show(
        "interest/record.html",
        note=note,
        is_own=note.proposed_by_id == actor().user_id,
        can_post=is_open and may(actor(), Permission.RECEIPTS_APPROVE),
        can_drop=is_open and may(actor(), Permission.RECEIPTS_WRITE),
        entries=[] if actor().is_distributor else audit.history("interest_note", id),
    )


@page(bp, "/interest/<int:id>/post", Permission.RECEIPTS_APPROVE, methods=("POST",))
def post(id: int) -> Any:
    try:
        invoice = service.post(actor(), id, seen_version())
    except Refused as refused:
        flash_refusal(refused)
        return see_other("interest.record", id=id)
    flash(_("The interest is posted and due at once."), "success")
    return see_other("receivables.invoice", id=invoice)


@page(bp, "/interest/<int:id>/drop", Permission.RECEIPTS_WRITE, methods=("POST",))
def drop(id: int) -> Any:
    try:
        service.drop(actor(), id, request.form.get("reason", ""), seen_version())
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("Dropped: its days may be charged later."), "success")
    return see_other("interest.record", id=id)

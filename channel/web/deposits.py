"""Deposits: balances of all, and one distributor's movements with what its agreement asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.deposits import DEPOSIT_KINDS
from channel.models.deposits import DepositEntry
from channel.queries import audit
from channel.queries import deposits as reads
from channel.queries.scope import get_visible
from channel.services import deposits as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.deposits import PLACES, MovementForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, show

bp = Blueprint("deposits", __name__)

#: Offered as the day by which a deduction is to be filled up.
USUAL_TOP_UP = timedelta(days=15)


@page(bp, "/deposits", Permission.CREDIT_READ)
def index() -> Any:
    if actor().is_distributor:
        return see_other("deposits.record", id=actor().distributor_id)
    subtitle = _("A deposit is neither revenue nor credit: it moves no limit and no exposure.")
    return lists.answer(reads.balances_listing(clock.today()), subtitle=subtitle)


@page(bp, "/deposits/<int:id>", Permission.CREDIT_READ, methods=("GET", "POST"))
def record(id: int) -> Any:
    """The balance beside what is agreed, every movement, and the form of the next one."""
    distributor = reads.get_distributor(actor(), id)
    today = clock.today()
    form = MovementForm()
    if request.method == "GET":
        form.on.data, form.top_up_by.data = today, today + USUAL_TOP_UP
    elif form.validate():
        try:
            service.enter(actor(), id, form.movement())
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Saved."), "success")
            return see_other("deposits.record", id=id)
    entries = reads.entries(id, distributor.currency)
    subjects = [("deposit_entry", entry.id) for entry in entries[-20:]]
    return show(
        "deposits/record.html",
        distributor=distributor,
        standing=reads.standing_on(distributor, today),
        entries=list(reversed(entries)),
        restored={entry.restores_id for entry in entries if entry.restores_id},
        kinds=DEPOSIT_KINDS,
        form=form if may(actor(), Permission.RECEIPTS_WRITE) else None,
        can_decide=may(actor(), Permission.RECEIPTS_APPROVE),
        today=today,
        history_lines=audit.history(*subjects) if subjects and not actor().is_distributor else [],
    ), 422 if request.method == "POST" else 200


@page(bp, "/deposits/entries/<int:id>", Permission.RECEIPTS_APPROVE, methods=("POST",))
def decide(id: int) -> Any:
    """Approve, drop or restore; each use case looks again."""
    owner = get_visible(actor(), DepositEntry, id).distributor_id
    act, note = request.form.get("act", ""), request.form.get("note", "")
    try:
        if act == "restore":
            service.restore(actor(), id, note)
            flash(_("Restored: both entries stay."), "success")
        elif act in ("approve", "drop"):
            service.decide(actor(), id, is_approved=act == "approve", note=note)
            flash(_("Done."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("deposits.record", id=owner)

"""Disputes: what is contested, opened on an invoice, closed by finance with an outcome."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.messages.dunning import DISPUTE_REASONS, OUTCOMES
from channel.queries import audit, receivables
from channel.queries import disputes as reads
from channel.services import disputes as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.dunning_tabs import tabs
from channel.web.forms.dunning import PLACES, CloseForm, DisputeForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, page, see_other, seen_version, show

bp = Blueprint("disputes", __name__)


@page(bp, "/disputes", Permission.CREDIT_READ)
def index() -> Any:
    return lists.answer(reads.LISTING, tabs=tabs())


@page(bp, "/invoices/<int:id>/dispute", Permission.DISPUTES_OPEN, methods=("GET", "POST"))
def new(id: int) -> Any:
    """Contest an invoice or a part of it."""
    invoice = receivables.get_invoice(actor(), id)
    open_fen = reads.open_fen(invoice)
    form = DisputeForm()
    if request.method == "GET":
        form.amount_fen.data = max(0, open_fen)
    elif form.validate():
        try:
            dispute_id = service.open_dispute(
                actor(),
                id,
                kind=form.kind.data,
                reason=form.reason.data or "",
                amount_fen=form.amount_fen.data,
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The dispute is open: no letter asks for this amount until it is closed."),
                  "success")  # fmt: skip
            return see_other("disputes.record", id=dispute_id)
    return show(
        "disputes/form.html", form=form, invoice=invoice, open_fen=open_fen
    ), 422 if request.method == "POST" else 200


@page(bp, "/disputes/<int:id>", Permission.CREDIT_READ)
def record(id: int) -> Any:
    return _record(id, CloseForm())


def _record(id: int, form: CloseForm, status: int = 200) -> Any:
    dispute = reads.get_dispute(actor(), id)
    can_close = dispute.closed_on is None and may(actor(), Permission.DISPUTES_CLOSE)
    return show(
        "disputes/record.html",
        dispute=dispute,
        grounds=DISPUTE_REASONS,
        outcomes=OUTCOMES,
        form=form if can_close else None,
        history_lines=[] if actor().is_distributor else audit.history("dispute", id),
    ), status


@page(bp, "/disputes/<int:id>/close", Permission.DISPUTES_CLOSE, methods=("POST",))
def close(id: int) -> Any:
    """Close it; a form that lacks something is shown again with what was typed."""
    form = CloseForm()
    if not form.validate():
        return _record(id, form, 422)
    try:
        service.close_dispute(
            actor(),
            id,
            outcome=form.outcome.data,
            note=form.note.data or "",
            seen_version=seen_version(),
        )
    except Refused as refused:
        show_refusal(form, refused, PLACES)
        return _record(id, form, 422)
    flash(_("The dispute is closed."), "success")
    return see_other("disputes.record", id=id)

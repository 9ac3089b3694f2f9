"""Write-offs in the browser: proposed on an open invoice, signed by others, listed with totals."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.messages.cash import REASON_WORDS, WRITE_OFF_KINDS
from channel.messages.coded import ROLES
from channel.queries import audit, cash, instalments, receivables
from channel.queries import write_offs as reads
from channel.services import write_offs as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.cash import WriteOffForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from channel.web.tabs import invoice_tabs

bp = Blueprint("write_offs", __name__)

#: Where a refusal is shown.
PLACES = {
    "write_off.amount": "amount_fen",
    "write_off.too_much": "amount_fen",
    "write_off.reason_needed": "reason",
    "write_off.which_part": "instalment_id",
}


@page(bp, "/write-offs", Permission.INVOICES_READ)
def index() -> Any:
    subtitle = _("Debts that are given up; each is a document of its own and can be undone.")
    return lists.answer(reads.WRITE_OFFS, subtitle=subtitle, tabs=invoice_tabs())


@page(bp, "/write-offs/new", Permission.RECEIPTS_WRITE, methods=("GET", "POST"))
def new() -> Any:
    """Propose to give up a part of what is open of one invoice."""
    chosen = request.args.get("invoice", "")
    if not chosen.isdecimal():
        flash(_("Choose the open invoice that is to be lowered."), "info")
        return see_other("receivables.invoices")
    invoice = receivables.get_invoice(actor(), int(chosen))
    parts = [part for part in instalments.instalments_of(invoice.id) if part.open_fen > 0]
    open_fen = invoice.gross_fen - sum(
        share.amount_fen for share, _source in receivables.payments_of(invoice.id)
    )
    form = WriteOffForm()
    form.instalment_id.choices = [
        ("", _("the whole invoice") if not parts else _("choose")),
        *((part.part.id, f"{part.part.number} · {part.part.pay_by}") for part in parts),
    ]
    if request.method == "GET":
        form.amount_fen.data = open_fen
    elif form.validate():
        try:
            made = service.propose(
                actor(), invoice.id, form.amount_fen.data, form.reason.data or "",
                form.instalment_id.data,
            )  # fmt: skip
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Proposed: another person approves it before it counts."), "success")
            return see_other("write_offs.record", id=made)
    return show(
        "write_offs/new.html",
        form=form,
        invoice=invoice,
        parts=parts,
        open_fen=open_fen,
        band_fen=cash.rules().write_off_band_fen,
    ), 422 if request.method == "POST" else 200


@page(bp, "/write-offs/<int:id>", Permission.INVOICES_READ)
def record(id: int) -> Any:
    write_off = reads.get_write_off(actor(), id)
    waits = reads.waits_for(write_off) if write_off.state == "proposed" else []
    may_decide = may(actor(), Permission.RECEIPTS_APPROVE)
    return show(
        "write_offs/record.html",
        write_off=write_off,
        kinds=WRITE_OFF_KINDS,
        reasons=REASON_WORDS,
        waits=[ROLES[role] for role in waits],
        can_sign=may_decide and reads.may_sign(actor(), write_off),
        is_own=write_off.proposed_by_id == actor().user_id,
        can_refuse=may_decide and write_off.state == "proposed",
        can_reverse=may_decide and write_off.state == "posted" and not write_off.receipt_id,
        entries=[] if actor().is_distributor else audit.history("write_off", id),
    )


@page(bp, "/write-offs/<int:id>/act", Permission.RECEIPTS_APPROVE, methods=("POST",))
def act(id: int) -> Any:
    """Sign, refuse or reverse; each use case looks again."""
    chosen, note = request.form.get("act", ""), request.form.get("note", "")
    try:
        if chosen == "sign":
            posted = service.sign(actor(), id, seen_version())
            flash(
                _("The write-off is posted; the debt is lower.")
                if posted
                else _("Signed; one more signature is needed."),
                "success",
            )
        elif chosen == "refuse":
            service.refuse(actor(), id, note, seen_version())
            flash(_("The write-off is refused; the debt stands."), "success")
        elif chosen == "reverse":
            service.reverse(actor(), id, note, seen_version())
            flash(_("The write-off is undone by its opposite; the debt stands again."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("write_offs.record", id=id)

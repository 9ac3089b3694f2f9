"""Invoices, receipts and ageing."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.queries import audit, partners
from channel.queries import receivables as reads
from channel.services import receivables as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.receivables import METHODS, ReceiptForm
from channel.web.pages import actor, flash_refusal, page, see_other, show

bp = Blueprint("receivables", __name__)


@page(bp, "/invoices", Permission.INVOICES_READ)
def invoices() -> Any:
    return lists.answer(reads.INVOICES)


@page(bp, "/invoices/<int:id>", Permission.INVOICES_READ)
def invoice(id: int) -> Any:
    record = reads.get_invoice(actor(), id)
    payments = reads.payments_of(id)
    return show(
        "receivables/invoice.html",
        invoice=record,
        lines=reads.invoice_lines(id),
        payments=payments,
        open_fen=record.gross_fen - sum(a.amount_fen for a, _r in payments),
        history_lines=audit.history("invoice", id),
    )


@page(bp, "/receipts", Permission.INVOICES_READ)
def receipts() -> Any:
    actions = []
    if may(actor(), Permission.RECEIPTS_WRITE):
        actions.append(
            {"url": url_for("receivables.new"), "icon": "plus", "label": _("Book a receipt")}
        )
    return lists.answer(reads.RECEIPTS, actions=actions)


@page(bp, "/receipts/new", Permission.RECEIPTS_WRITE, methods=("GET", "POST"))
def new() -> Any:
    form = ReceiptForm()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    if request.method == "GET":
        form.received_on.data = clock.today()
        chosen = request.args.get("distributor", "")
        form.distributor_id.data = int(chosen) if chosen.isdigit() else None
    if form.validate_on_submit():
        money = service.Money(
            distributor_id=form.distributor_id.data,
            received_on=form.received_on.data or clock.today(),
            amount_fen=form.amount_fen.data,
            currency=(form.currency.data or "").upper(),
            method=form.method.data,
            payer_name=form.payer_name.data or "",
            reference=form.reference.data or "",
        )
        try:
            receipt_id = service.book_receipt(actor(), money)
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(_("The receipt is booked, oldest debts first."), "success")
            return see_other("receivables.receipt", id=receipt_id)
    status = 422 if request.method == "POST" else 200
    return show("receivables/receipt_form.html", form=form), status


@page(bp, "/receipts/<int:id>", Permission.INVOICES_READ)
def receipt(id: int) -> Any:
    record = reads.get_receipt(actor(), id)
    paid = reads.paid_by(id)
    can_reverse = (
        may(actor(), Permission.RECEIPTS_WRITE)
        and record.amount_fen > 0
        and not reads.is_reversed(record)
    )
    return show(
        "receivables/receipt.html",
        receipt=record,
        paid=paid,
        rest_fen=record.amount_fen - sum(a.amount_fen for a, _i in paid),
        can_reverse=can_reverse,
        methods=dict(METHODS),
        history_lines=audit.history("receipt", id),
    )


@page(bp, "/receipts/<int:id>/reverse", Permission.RECEIPTS_WRITE, methods=("POST",))
def reverse(id: int) -> Any:
    try:
        opposite = service.reverse_receipt(actor(), id, request.form.get("reason", ""))
    except Refused as refused:
        flash_refusal(refused)
        return see_other("receivables.receipt", id=id)
    flash(_("The receipt is reversed; what it paid is open again."), "success")
    return see_other("receivables.receipt", id=opposite)


@page(bp, "/ageing", Permission.CREDIT_READ)
def ageing() -> Any:
    """Open items by age as of any date; later payments do not change the past."""
    try:
        as_of = date.fromisoformat(request.args.get("as_of", ""))
    except ValueError:
        as_of = clock.today()
    return lists.answer(
        reads.ageing_listing(as_of), template="receivables/ageing.html", as_of=as_of
    )

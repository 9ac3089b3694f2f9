"""Returns in the browser: booked from an invoice, line by line, and listed."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.queries import receivables
from channel.queries import returns as reads
from channel.services import returns as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.refusals import show_refusal
from channel.web.forms.returns import ReturnForm, read_quantities
from channel.web.pages import actor, page, see_other, show
from channel.web.tabs import invoice_tabs

bp = Blueprint("returns", __name__)

#: Where a refusal is shown.
PLACES = {
    "return.reason_needed": "reason",
    "return.future": "on",
    "return.before_sale": "on",
}


@page(bp, "/returns", Permission.INVOICES_READ)
def index() -> Any:
    subtitle = _("Credit notes that undo a sale; rebates and targets count them on its day.")
    return lists.answer(reads.RETURNS, subtitle=subtitle, tabs=invoice_tabs())


@page(bp, "/invoices/<int:id>/return", Permission.INVOICES_WRITE, methods=("GET", "POST"))
def new(id: int) -> Any:
    """Choose lines and quantities of an invoice that come back."""
    invoice = receivables.get_invoice(actor(), id)
    lines = reads.sold_lines(invoice.id) if invoice.kind == "invoice" else []
    form = ReturnForm()
    typed: dict[int, str] = {}
    problems: list[str] = []
    if request.method == "GET":
        form.on.data, form.key.data = clock.today(), uuid.uuid4().hex
    else:
        units, typed, problems = read_quantities(one.line.id for one in lines)
        if form.validate() and not problems:
            wish = service.Wish(
                units, form.on.data, form.reason.data or "", bool(form.is_goods_back.data),
                (form.key.data or "")[:64],
            )  # fmt: skip
            try:
                note = service.book(actor(), invoice.id, wish)
            except Refused as refused:
                show_refusal(form, refused, PLACES)
            else:
                flash(
                    _("The return is booked: rebates count it on the day of the sale."), "success"
                )
                return see_other("receivables.invoice", id=note)
    return show(
        "returns/new.html",
        form=form,
        invoice=invoice,
        lines=lines,
        typed=typed,
        problems=problems,
        can_book=any(one.left for one in lines),
    ), 422 if request.method == "POST" else 200

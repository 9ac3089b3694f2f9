"""A receipt taken off what it paid, and set against debts again, by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel.access import Permission
from channel.messages import format_fen
from channel.queries import receivables as reads
from channel.services import receivables as service
from channel.services.work import Refused
from channel.web.forms.cash import amount_of
from channel.web.pages import actor, flash_refusal, page, see_other

bp = Blueprint("allocating", __name__)


@page(bp, "/receipts/<int:id>/unapply", Permission.RECEIPTS_WRITE, methods=("POST",))
def unapply(id: int) -> Any:
    """Off the invoices that are ticked, or off all."""
    ticked = {int(text) for text in request.form.getlist("invoice") if text.isdecimal()}
    receipt = reads.get_receipt(actor(), id)
    try:
        freed = service.unapply_receipt(actor(), id, ticked or None, request.form.get("reason", ""))
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(
            _(
                "%(amount)s wait as unapplied until you set them against something.",
                amount=format_fen(freed, receipt.currency),
            ),
            "success",
        )
    return see_other("receivables.receipt", id=id)


@page(bp, "/receipts/<int:id>/reapply", Permission.RECEIPTS_WRITE, methods=("POST",))
def reapply(id: int) -> Any:
    """What waits is set against debts by the policy chosen, or as typed beside the invoices."""
    receipt = reads.get_receipt(actor(), id)
    named, wrong = [], []
    for key, text in request.form.items():
        if key.startswith("pay-") and text.strip():
            fen = amount_of(text.strip())
            if fen is None:
                wrong.append(text.strip())
            else:
                named.append((key.removeprefix("pay-"), fen))
    if wrong:
        flash(_("«%(text)s» is not an amount: write 12345.60", text=wrong[0]), "danger")
        return see_other("receivables.receipt", id=id)
    try:
        policy = request.form.get("policy", "")
        spent = service.reapply_receipt(actor(), id, policy, tuple(named))
    except Refused as refused:
        flash_refusal(refused)
    else:
        amount = format_fen(spent, receipt.currency)
        flash(_("%(amount)s are set against debts.", amount=amount), "success")
    return see_other("receivables.receipt", id=id)

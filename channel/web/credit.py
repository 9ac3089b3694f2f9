"""Credit: debtors, the figures with their lines, limits proposed and approved."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.models.credit import CreditLimit
from channel.models.partners import Distributor
from channel.queries import audit
from channel.queries import credit as reads
from channel.queries.scope import get_visible
from channel.services import credit as service
from channel.services.steps.credit import exposure_of, limit_of
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.receivables import LimitForm
from channel.web.pages import actor, flash_refusal, page, see_other, show

bp = Blueprint("credit", __name__)


@page(bp, "/credit", Permission.CREDIT_READ)
def index() -> Any:
    if actor().is_distributor:
        return see_other("credit.record", id=actor().distributor_id)
    pending = reads.pending_limits() if may(actor(), Permission.CREDIT_APPROVE) else []
    return lists.answer(
        reads.accounts_listing(clock.today()), template="credit/index.html", pending=pending
    )


@page(bp, "/credit/<int:id>", Permission.CREDIT_READ)
def record(id: int) -> Any:
    """What the debtor uses, of which limit, and the lines behind each figure."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    today = clock.today()
    accounts = []
    for account in reads.accounts(actor(), id):
        exposure = exposure_of(account)
        limit = limit_of(id, account.currency, today, exposure.used_fen)
        free = None if limit.amount_fen is None else limit.amount_fen - exposure.used_fen
        accounts.append(
            {
                "account": account,
                "exposure": exposure,
                "limit": limit,
                "free_fen": free,
                "entries": reads.entries(account.id, request.args.get("bucket") or None),
            }
        )
    form = LimitForm() if may(actor(), Permission.CREDIT_WRITE) else None
    if form is not None and form.valid_from.data is None:
        form.valid_from.data = today
    limits = reads.limit_rows(id)
    subjects = [("credit_limit", limit.id) for limit in limits[:20]]
    return show(
        "credit/record.html",
        distributor=distributor,
        accounts=accounts,
        limits=limits,
        form=form,
        bucket=request.args.get("bucket", ""),
        history_lines=audit.history(*subjects) if subjects else [],
    )


@page(bp, "/credit/<int:id>/limits", Permission.CREDIT_WRITE, methods=("POST",))
def propose(id: int) -> Any:
    form = LimitForm()
    if not form.validate() or (form.amount_fen.data is None and not form.is_unlimited.data):
        for field, message in form.errors_in_order():
            flash(f"{field.label.text}: {message}", "danger")
        if form.amount_fen.data is None and not form.is_unlimited.data:
            flash(
                _("Enter the limit; 0 means no credit. For none at all tick «unlimited»."), "danger"
            )
        return see_other("credit.record", id=id)
    try:
        service.propose_limit(
            actor(),
            id,
            amount_fen=None if form.is_unlimited.data else form.amount_fen.data,
            valid_from=form.valid_from.data or clock.today(),
            reason=form.reason.data or "",
        )
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The limit waits for a second person."), "success")
    return see_other("credit.record", id=id)


@page(bp, "/credit/limits/<int:id>", Permission.CREDIT_APPROVE, methods=("POST",))
def decide(id: int) -> Any:
    """Approve or reject a proposed limit."""
    distributor_id = get_visible(actor(), CreditLimit, id).distributor_id
    try:
        if request.form.get("act") == "approve":
            service.approve_limit(actor(), id)
            flash(_("The limit is in force from its date."), "success")
        else:
            service.reject_limit(actor(), id, request.form.get("reason", ""))
            flash(_("The proposal is rejected."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("credit.record", id=distributor_id)

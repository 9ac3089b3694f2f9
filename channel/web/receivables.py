"""Invoices, receipts with those that are parked, ageing, and payment terms tried out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.cash import POLICY_WORDS
from channel.messages.exchanges import POSTING_WORDS
from channel.messages.payment import method_words
from channel.queries import (
    audit,
    cash,
    catalogue,
    disputes,
    exchanges,
    instalments,
    interest,
    parked,
    partners,
    rebates_pool_facts,
    returns,
    write_offs,
)
from channel.queries import receivables as reads
from channel.services import receivables as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.cash import read_named
from channel.web.forms.payment_terms import PreviewForm, example_problems
from channel.web.forms.receivables import METHODS, NAMED_CODES, ReceiptForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import (
    actor,
    day_asked,
    flash_refusal,
    is_partial,
    page,
    see_other,
    seen_version,
    show,
)
from channel.web.tabs import invoice_tabs, receipt_tabs
from contracts.payment_terms import schedule
from contracts.values.money import vat_split

bp = Blueprint("receivables", __name__)


@page(bp, "/invoices", Permission.INVOICES_READ)
def invoices() -> Any:
    return lists.answer(reads.INVOICES, tabs=invoice_tabs())


@page(bp, "/invoices/<int:id>", Permission.INVOICES_READ)
def invoice(id: int) -> Any:
    record = reads.get_invoice(actor(), id)
    payments = reads.payments_of(id)
    contested = disputes.of_invoice(id)
    open_fen = record.gross_fen - sum(a.amount_fen for a, _r in payments)
    lines = reads.invoice_lines(id)
    can_dispute = open_fen > 0 and all(dispute.closed_on for dispute in contested)
    return show(
        "receivables/invoice.html",
        disputes=contested,
        can_dispute=can_dispute and may(actor(), Permission.DISPUTES_OPEN),
        invoice=record,
        lines=lines,
        exchanged=[] if lines else exchanges.postings_of(id),
        exchange_words=POSTING_WORDS,
        payments=payments,
        parts=instalments.instalments_of(id),
        today=clock.today(),
        charges=instalments.charges_of(id),
        discounts=rebates_pool_facts.discounts_of(id),
        pool_use=rebates_pool_facts.use_of_note(id) if record.kind == "credit_note" else None,
        write_offs=write_offs.of_invoice(id),
        returned=returns.of_note(id) if record.kind == "credit_note" else None,
        undone=returns.undone_by(record),
        returns=returns.of_invoice(id) if record.kind == "invoice" else [],
        can_return=bool(lines)
        and record.kind == "invoice"
        and may(actor(), Permission.INVOICES_WRITE),
        interest=interest.of_invoice(id) if record.kind == "interest" else None,
        can_write_off=open_fen > 0 and may(actor(), Permission.RECEIPTS_WRITE),
        open_fen=open_fen,
        history_lines=audit.history("invoice", id),
    )


@page(bp, "/receipts", Permission.INVOICES_READ)
def receipts() -> Any:
    actions = []
    if may(actor(), Permission.RECEIPTS_WRITE):
        actions.append(
            {"url": url_for("receivables.new"), "icon": "plus", "label": _("Book a receipt")}
        )
    return lists.answer(reads.RECEIPTS, actions=actions, tabs=receipt_tabs())


@page(bp, "/receipts/parked", Permission.INVOICES_READ)
def receipts_parked() -> Any:
    """What came by a method that is not agreed, or from somebody else."""
    return lists.answer(parked.PARKED, tabs=receipt_tabs())


@page(bp, "/receipts/parked/<int:id>", Permission.INVOICES_READ)
def receipt_parked(id: int) -> Any:
    record = parked.get_parked(actor(), id)
    is_open = record.state == "parked" and may(actor(), Permission.RECEIPTS_APPROVE)
    return show(
        "receivables/parked.html",
        parked=record,
        receipt=record.receipt,
        allowed=method_words(parked.allowed_methods(record)),
        methods=dict(METHODS),
        is_own=record.receipt.created_by_id == actor().user_id,
        can_decide=is_open,
        history_lines=audit.history("receipt", record.receipt_id),
    )


@page(bp, "/receipts/parked/<int:id>/act", Permission.RECEIPTS_APPROVE, methods=("POST",))
def decide_parked(id: int) -> Any:
    """A second person lets the money count, or sends it back."""
    chosen = request.form.get("act", "")
    if chosen in ("approve", "return"):
        try:
            service.decide_parked(
                actor(),
                id,
                chosen,
                request.form.get("note", ""),
                seen_version(),
            )
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(
                _("The receipt counts: it pays the oldest debts and frees credit.")
                if chosen == "approve"
                else _("The money is sent back; it never counted."),
                "success",
            )
    return see_other("receivables.receipt_parked", id=id)


@page(bp, "/payment-terms", Permission.AGREEMENTS_READ, methods=("GET", "POST"))
def payment_preview() -> Any:
    """A payment term tried on an example: the dates and amounts, before anything is saved."""
    form, parts, net_fen = PreviewForm(), None, 0
    problems: list[str] = []
    if form.validate_on_submit():
        term, amount = form.payment_term(), form.example_fen.data or 1_000_000
        on = form.example_on.data or clock.today()
        rate = catalogue.vat_rates({"standard"}, on).get("standard", 0)
        net_fen = vat_split(amount, rate)[0]
        problems = example_problems(term, amount)
        parts = schedule(term, amount, on, catalogue.work_calendar(), net_fen)
    elif request.method == "POST":
        problems = [message for _field, message in form.errors_in_order()]
    values = {
        "parts": parts,
        "problems": problems,
        "term": form.payment_term() if parts else None,
        "net_fen": net_fen,
    }
    if is_partial():
        return show("receivables/payment_schedule.html", **values)
    status = 422 if problems else 200
    return show("receivables/payment_preview.html", form=form, **values), status


@page(bp, "/receipts/new", Permission.RECEIPTS_WRITE, methods=("GET", "POST"))
def new() -> Any:
    form = ReceiptForm()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    if request.method == "GET":
        form.received_on.data = clock.today()
        chosen = request.args.get("distributor", "")
        form.distributor_id.data = int(chosen) if chosen.isdigit() else None
    house = cash.rules().policy
    form.policy.choices[0] = ("", _("usual: %(policy)s", policy=POLICY_WORDS[house]))
    wishes, wrong = read_named(form.named.data or "")
    if form.validate_on_submit() and _said(form, wrong):
        money = service.Money(
            distributor_id=form.distributor_id.data,
            received_on=form.received_on.data or clock.today(),
            amount_fen=form.amount_fen.data,
            currency=(form.currency.data or "").upper(),
            method=form.method.data,
            payer_name=form.payer_name.data or "",
            reference=form.reference.data or "",
            policy=form.policy.data or None,
            named=tuple(wishes) if form.policy.data == "named" else (),
        )
        try:
            receipt_id = service.book_receipt(actor(), money)
        except Refused as refused:
            show_refusal(form, refused, dict.fromkeys(NAMED_CODES, "named"))
        else:
            if (aside := parked.of_receipt(receipt_id)) is not None:
                flash(
                    _("The receipt is parked: it frees no credit until it is approved."), "danger"
                )
                return see_other("receivables.receipt_parked", id=aside.id)
            flash(
                _("The receipt is booked: %(policy)s.", policy=POLICY_WORDS[money.policy or house]),
                "success",
            )
            return see_other("receivables.receipt", id=receipt_id)
    status = 422 if request.method == "POST" else 200
    return show("receivables/receipt_form.html", form=form, usual=POLICY_WORDS[house]), status


def _said(form: ReceiptForm, wrong: list[str]) -> bool:
    """Whether the named invoices can be read; what cannot is told at their field."""
    if form.policy.data == "named" and wrong:
        form.named.errors = [*form.named.errors, *wrong]
        return False
    return True


@page(bp, "/receipts/<int:id>", Permission.INVOICES_READ)
def receipt(id: int) -> Any:
    record = reads.get_receipt(actor(), id)
    paid, aside = reads.paid_by(id), parked.of_receipt(id)
    rest_fen = record.amount_fen - sum(a.amount_fen for a, _i in paid)
    sums: dict[int, tuple[Any, int]] = {}
    for share, document in paid:
        before = sums.get(document.id, (document, 0))[1]
        sums[document.id] = (document, before + share.amount_fen)
    can_reverse = (
        may(actor(), Permission.RECEIPTS_WRITE)
        and record.amount_fen > 0
        and (aside is None or aside.state == "approved")
        and not reads.is_reversed(record)
    )
    return show(
        "receivables/receipt.html",
        receipt=record,
        paid=paid,
        parked=aside,
        rest_fen=rest_fen,
        is_kept=rest_fen > 0 and cash.is_kept(id),
        policies=POLICY_WORDS,
        usual=POLICY_WORDS[cash.rules().policy],
        settled=sorted({(i.number, i.id) for i, fen in sums.values() if fen and i.gross_fen > 0}),
        can_apply=can_reverse and rest_fen > 0,
        open_items=reads.open_numbers(record) if can_reverse and rest_fen > 0 else [],
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
    as_of = day_asked("as_of")
    return lists.answer(
        reads.ageing_listing(as_of), template="receivables/ageing.html", as_of=as_of
    )

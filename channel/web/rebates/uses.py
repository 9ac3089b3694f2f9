"""Uses of the rebate pool: on an order, as a request of money or an offset, and what follows."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.rebates_pool import FORM_WORDS
from channel.models.partners import Distributor
from channel.models.rebate_pool import PoolUse
from channel.queries import audit, catalogue, orders
from channel.queries import rebates_pool as reads
from channel.queries import rebates_pool_facts as facts
from channel.queries.rebates_pool_offers import offer_of
from channel.queries.scope import get_visible
from channel.services import rebates_payments as payments
from channel.services import rebates_pool as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.rebates_pool import (
    GOODS_PLACES,
    PLACES,
    GoodsForm,
    PaidForm,
    RequestForm,
    TakeOffForm,
)
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from channel.web.rebates.blueprint import bp
from channel.web.rebates.pool import pool_tabs


@page(bp, "/rebates/uses", Permission.REBATES_READ)
def uses() -> Any:
    subtitle = _("What waits for an invoice or a signature counts as used already.")
    return lists.answer(reads.uses_listing(), subtitle=subtitle, tabs=pool_tabs("rebates.uses"))


@page(bp, "/rebates/uses/<int:id>", Permission.REBATES_READ)
def use(id: int) -> Any:
    """One use with its movements, and only the steps that are legal now."""
    record = facts.get_use(actor(), id)
    form = PaidForm()
    form.paid_on.data = clock.today()
    return show(
        "rebates/pool_use.html",
        use=record,
        forms=FORM_WORDS,
        entries=facts.entries_of_use(id),
        steps=_steps(record),
        is_own=record.requested_by_id is not None and record.requested_by_id == actor().user_id,
        form=form,
        can_name_red=may(actor(), Permission.INVOICES_WRITE),
        history_lines=[] if actor().is_distributor else audit.history("pool_use", id),
    )


def _steps(record: PoolUse) -> set[str]:
    """The steps that are legal now and for this person."""
    who = actor()
    is_own = record.requested_by_id == who.user_id
    steps = set()
    if record.state == "requested":
        if may(who, Permission.REBATES_POST):
            steps |= {"refuse"} if is_own else {"approve", "refuse"}
        if may(who, Permission.REBATES_USE) and payments.may_withdraw(who, record):
            steps.add("withdraw")
    elif record.state == "approved" and may(who, Permission.RECEIPTS_WRITE):
        steps.add("pay")
    elif record.state == "reserved" and may(who, Permission.ORDERS_WRITE):
        steps.add("give_back")
    if record.state == "approved" and may(who, Permission.REBATES_POST):
        steps.add("refuse")
    if (record.state, record.form) == ("used", "transfer") and may(who, Permission.REBATES_POST):
        steps.add("return")
    return steps


@page(bp, "/rebates/uses/<int:id>/act", Permission.REBATES_READ, methods=("POST",))
def act_on_use(id: int) -> Any:
    """One step; each use case demands its own permission and looks again."""
    chosen, note = request.form.get("act", ""), request.form.get("note", "")
    seen = seen_version()
    try:
        if chosen == "approve":
            state = payments.approve(actor(), id, note, seen)
            flash(
                _("Approved: the credit note is posted and settles what is owed.")
                if state == "used"
                else _("Approved: finance pays it and types the reference."),
                "success",
            )
        elif chosen == "pay":
            form = PaidForm()
            if not form.validate() or form.paid_on.data is None:
                for _field, message in form.errors_in_order():
                    flash(message, "danger")
                return see_other("rebates.use", id=id)
            payments.pay(actor(), id, form.paid_on.data, form.reference.data or "", seen)
            flash(_("Paid: the rebate is used."), "success")
        elif _plain_step(chosen, id, note, seen):
            flash(_("Done: the rebate can be used again."), "success")
        elif chosen == "red_invoice":
            payments.name_red_invoice(actor(), id, note, seen)
            flash(_("Saved."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("rebates.use", id=id)


def _plain_step(chosen: str, id: int, note: str, seen: int | None) -> bool:
    """The steps after which the money is in the pool again."""
    if chosen == "refuse":
        payments.refuse(actor(), id, note, seen)
    elif chosen == "withdraw":
        payments.withdraw(actor(), id, seen)
    elif chosen == "return":
        payments.take_back(actor(), id, note, seen)
    elif chosen == "give_back":
        service.give_back(actor(), id, seen)
    else:
        return False
    return True


@page(bp, "/rebates/pool/<int:id>/request", Permission.REBATES_USE, methods=("GET", "POST"))
def ask_payment(id: int) -> Any:
    """Ask for money or an offset; what the agreement does not name is not offered."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    today = clock.today()
    clause = facts.clause_on(id, today)
    allowed = [form for form in payments.FORMS if form in clause.forms]
    form = RequestForm()
    form.form.choices = [(one, FORM_WORDS[one]) for one in allowed]
    standing = facts.standing_on(id, distributor.currency, today)
    if request.method == "GET":
        form.amount_fen.data = max(0, standing.pool.free_fen) or None
    elif allowed and form.validate():
        wish = payments.Wish(id, form.form.data, form.amount_fen.data or 0, form.reason.data or "")
        try:
            made = payments.request(actor(), wish)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(
                _("Asked for: a second person approves it. It is reserved until then."), "success"
            )
            return see_other("rebates.use", id=made)
    return show(
        "rebates/pool_request.html",
        distributor=distributor,
        standing=standing,
        allowed=allowed,
        form=form,
    ), 422 if request.method == "POST" else 200


@page(bp, "/orders/<int:id>/rebate", Permission.ORDERS_WRITE, methods=("GET", "POST"))
def use_on_order(id: int) -> Any:
    """What of the pool this order may use, why not more, and the two forms of using it."""
    order = orders.get_order(actor(), id)
    off, goods = TakeOffForm(prefix="off"), GoodsForm(prefix="goods")
    goods.product_id.choices = [("", _("choose")), *catalogue.product_choices()]
    if request.method == "POST":
        chosen = request.form.get("act", "")
        form = goods if chosen == "goods" else off
        if form.validate():
            try:
                if chosen == "goods":
                    service.add_goods(
                        actor(), id, goods.product_id.data, goods.quantity.data or 0, seen_version()
                    )
                else:
                    service.take_off(actor(), id, off.amount_fen.data or 0, seen_version())
            except Refused as refused:
                show_refusal(form, refused, GOODS_PLACES if chosen == "goods" else PLACES)
            else:
                flash(_("Reserved: it is used when the goods are invoiced."), "success")
                return see_other("orders.record", id=id)
    order = orders.get_order(actor(), id)
    offer = offer_of(order)
    if request.method == "GET" and offer.most_fen:
        off.amount_fen.data = offer.most_fen
    return show(
        "rebates/pool_order.html",
        order=order,
        offer=offer,
        forms=FORM_WORDS,
        off=off,
        goods=goods,
        back=url_for("orders.record", id=id),
    ), 422 if request.method == "POST" else 200

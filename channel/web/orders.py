"""Orders: list, entry with the verdict beside it, record with the legal next steps."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.rebates_pool import FORM_WORDS
from channel.models.orders import Order, OrderLine
from channel.queries import audit, catalogue, credit_held, partners, rebates_accrual
from channel.queries import orders as reads
from channel.queries.rebates_pool_offers import offer_of
from channel.services import deliveries
from channel.services import orders as service
from channel.services.orders import Draft
from channel.services.steps.orders import WORKFLOW
from channel.services.work import Refused, Stale
from channel.web import lists
from channel.web.applying import apply_link, holder_note
from channel.web.changing import change_place
from channel.web.forms.orders import OrderForm, ReasonForm, line_numbers, order_lines
from channel.web.forms.refusals import seen_again, show_meanwhile
from channel.web.pages import (
    actor,
    flash_refusal,
    page,
    see_other,
    seen_version,
    show,
)
from contracts.values.findings import to_json
from contracts.values.money import vat_split

bp = Blueprint("orders", __name__)

ROWS = 5


@page(bp, "/orders", Permission.ORDERS_READ)
def index() -> Any:
    actions = []
    if may(actor(), Permission.ORDERS_WRITE):
        actions.append({"url": url_for("orders.new"), "icon": "plus", "label": _("New order")})
    return lists.answer(reads.ORDERS, actions=actions)


def _form(order: Order | None) -> OrderForm:
    """The form with the choices that the actor has; a distributor's is bound to itself."""
    form = OrderForm(obj=order)
    who = actor()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(who)]
    is_new = order is None and request.method == "GET"
    if is_new:
        chosen = request.args.get("distributor", "")
        form.distributor_id.data = int(chosen) if chosen.isdigit() else None
    if is_new and (copied := _copied()) is not None:
        form.distributor_id.data = copied.distributor_id
        form.ship_to_id.data, form.note.data = copied.ship_to_id, copied.note
    if who.is_distributor:
        form.distributor_id.data = who.distributor_id
    places = (
        reads.ship_to_choices(who, form.distributor_id.data) if form.distributor_id.data else []
    )
    form.ship_to_id.choices = [("", _("choose")), *places]
    if order is not None and order.state == "confirmed":
        # Place and day of a confirmed order are changed by a notice, not here.
        form.ship_to_id.data, form.deliver_on.data = order.ship_to_id, order.deliver_on
    if form.order_date.data is None and request.method == "GET":
        form.order_date.data = clock.today()
    if order is None and request.method == "GET" and places and not form.ship_to_id.data:
        form.ship_to_id.data = reads.usual_place(form.distributor_id.data, places)
    return form


def _rows(order: Order | None) -> list[dict[str, str]]:
    """What stands in the line fields: as typed, else as stored, else blank rows."""
    if request.method == "POST":
        return [
            {k: request.form.get(f"{k}-{n}", "") for k in ("product", "quantity", "free")}
            for n in line_numbers(request.form)
        ]
    rows = (
        [_row(line) for line in order.lines if line.pool_use_id is None] if order else _suggested()
    )
    return rows + [{"product": "", "quantity": "", "free": ""}] * max(1, ROWS - len(rows))


def _row(line: OrderLine) -> dict[str, str]:
    return {
        "product": str(line.product_id),
        "quantity": str(line.quantity),
        "free": "1" if line.is_free else "",
    }


def _suggested() -> list[dict[str, str]]:
    """Lines that the address names: those of an order to copy, or product and quantity pairs."""
    if (copied := _copied()) is not None:
        return [
            _row(line)
            for line in copied.lines
            if line.pool_use_id is None
            if not line.is_free or may(actor(), Permission.ORDERS_FREE)
        ]
    pairs = zip(request.args.getlist("product"), request.args.getlist("quantity"), strict=False)
    return [
        {"product": product, "quantity": quantity, "free": ""}
        for product, quantity in pairs
        if product.isdigit() and quantity.isdigit() and int(quantity) > 0
    ][:100]


def _copied() -> Order | None:
    """The order that is to be written once more; its prices are those of the new date."""
    number = request.args.get("copy", "")
    return reads.get_order(actor(), int(number)) if number.isdigit() else None


def _draft(form: OrderForm) -> tuple[Draft | None, list[str]]:
    lines, errors = order_lines(request.form, line_numbers(request.form))
    if errors or form.distributor_id.data is None or form.order_date.data is None:
        return None, errors
    return (
        Draft(
            form.distributor_id.data,
            form.order_date.data,
            form.ship_to_id.data,
            tuple(lines),
            form.note.data or "",
            form.deliver_on.data,
        ),
        [],
    )


def _entry(
    form: OrderForm,
    order: Order | None,
    errors: list[str],
    status: int = 200,
    *,
    moved: bool = False,
) -> Any:
    """The form with what was typed; `moved` when somebody else saved meanwhile."""
    return show(
        "orders/form.html",
        form=form,
        order=order,
        seen_version="" if order is None else seen_again(order.row_version, moved=moved),
        rows=_rows(order),
        errors=errors,
        products=catalogue.product_choices(),
    ), status


@page(bp, "/orders/new", Permission.ORDERS_WRITE, methods=("GET", "POST"))
def new() -> Any:
    """Write an order: keep it as a draft, or submit it at once."""
    form = _form(None)
    if request.method == "GET":
        return _entry(form, None, [])
    valid = form.validate()
    draft, errors = _draft(form)
    if not valid or draft is None:
        return _entry(form, None, errors, 422)
    write = service.draft_order if request.form.get("act") == "draft" else service.place_order
    key = f"form:{form.once.data}" if form.once.data else None
    if (known := reads.order_by_key(actor(), key)) is not None:
        return see_other("orders.record", id=known)
    try:
        order_id = write(actor(), draft, external_key=key)
    except Refused as refused:
        flash_refusal(refused)
        return _entry(form, None, [], 422)
    return see_other("orders.record", id=order_id)


@page(bp, "/orders/verdict", Permission.ORDERS_WRITE, methods=("POST",))
def verdict() -> Any:
    """What the order would get if it were submitted now; saves nothing."""
    form = _form(None)
    form.validate()
    draft, errors = _draft(form)
    if draft is None or not draft.lines:
        return show(
            "orders/verdict.html", verdict=None, lines=[], errors=errors, hints=_hints(form)
        )
    try:
        number = request.form.get("changes", "")
        changed = reads.get_order(actor(), int(number)) if number.isdigit() else None
        judged, lines = service.preview(actor(), draft, changed)
    except Refused as refused:
        judged, lines = {"decision": "refuse", "findings": to_json(refused.findings)}, []
    return show(
        "orders/verdict.html", verdict=judged, lines=lines, errors=errors, hints=_hints(form)
    )


def _hints(form: OrderForm) -> list[Any]:
    """What is missing to the next tier of the buyer's rebates, for who may read them."""
    if form.distributor_id.data is None or not may(actor(), Permission.REBATES_READ):
        return []
    buyer = rebates_accrual.get_distributor(actor(), form.distributor_id.data)
    return rebates_accrual.hints(buyer, clock.today())


@page(bp, "/orders/places", Permission.ORDERS_WRITE)
def places() -> Any:
    """The ship-to choices of a distributor, when another one is chosen in the form."""
    chosen = request.args.get("distributor_id", "")
    found = reads.ship_to_choices(actor(), int(chosen)) if chosen.isdigit() else []
    usual = reads.usual_place(int(chosen), found) if found else None
    return show("orders/places.html", places=found, usual=str(usual))


@page(bp, "/orders/<int:id>", Permission.ORDERS_READ)
def record(id: int) -> Any:
    """The order with its verdict, and only the steps that are legal now."""
    order = reads.get_order(actor(), id)
    acts = WORKFLOW.actions(order.state) if may(actor(), Permission.ORDERS_WRITE) else ()
    shipments = reads.shipments_of_order(id)
    is_planned = any(s.state in reads.PLANNED for s in shipments)
    if any(line.shipped_quantity for line in order.lines):
        acts = tuple(a for a in acts if a != "cancel" and (a, order.state) != ("edit", "confirmed"))
    if is_planned:
        acts = tuple(a for a in acts if a not in ("cancel", "close", "edit"))
    may_write = may(actor(), Permission.ORDERS_WRITE)
    return show(
        "orders/record.html",
        order=order,
        acts=acts,
        shipments=shipments,
        is_planned=is_planned,
        can_copy=may_write,
        can_move=may_write and order.state == "confirmed" and not is_planned,
        changes=reads.place_changes(order_id=id),
        vat=[vat_split(line.gross_fen, line.vat_rate_bp) for line in order.lines],
        history_lines=audit.history("sales_order", id),
        apply=apply_link("order", order),
        holder=holder_note(actor(), order, order.order_date),
        pay_fen=credit_held.pay_of(order) if order.state == "held" else None,
        form=ReasonForm(),
        rebate=offer_of(order),
        payout_forms=FORM_WORDS,
        can_use_rebate=may_write,
    )


@page(bp, "/orders/<int:id>/edit", Permission.ORDERS_WRITE, methods=("GET", "POST"))
def edit(id: int) -> Any:
    order = reads.get_order(actor(), id)
    form = _form(order)
    if request.method == "GET":
        return _entry(form, order, [])
    form.distributor_id.data = order.distributor_id
    valid = form.validate()
    draft, errors = _draft(form)
    if not valid or draft is None:
        return _entry(form, order, errors, 422)
    try:
        state = service.edit_order(actor(), id, draft, seen_version())
        if state == "confirmed":
            flash(_("The order is changed and stays confirmed."), "success")
        elif request.form.get("act") != "draft":
            service.submit_order(actor(), id)
    except Refused as refused:
        flash_refusal(refused)
        return _entry(form, reads.get_order(actor(), id), [], 422)
    except Stale:
        show_meanwhile("sales_order", id)
        return _entry(form, reads.get_order(actor(), id), [], 422, moved=True)
    return see_other("orders.record", id=id)


@page(bp, "/orders/<int:id>/place", Permission.ORDERS_WRITE, methods=("GET", "POST"))
def place(id: int) -> Any:
    """Send a confirmed order elsewhere: in time for nothing, late with freight."""
    order = reads.get_order(actor(), id)
    return change_place("orders", order, order.number, deliveries.change_place_of_order)


@page(bp, "/orders/<int:id>/act", Permission.ORDERS_WRITE, methods=("POST",))
def act(id: int) -> Any:
    """One step of the workflow: submit, cancel, close, reopen."""
    chosen = request.form.get("act", "")
    reason = request.form.get("reason", "").strip()
    if chosen == "submit":
        state = service.submit_order(actor(), id, seen_version())
        if state == "confirmed":
            flash(_("The order is confirmed and its credit reserved."), "success")
    elif chosen in ("cancel", "close"):
        service.end_order(actor(), id, chosen, reason, seen_version())
        flash(_("Done: reserved credit is free again."), "success")
    elif chosen == "reopen":
        service.reopen_order(actor(), id, seen_version())
        flash(_("The order is confirmed and its credit reserved."), "success")
    return see_other("orders.record", id=id)

"""Shipments: plan from open order lines, see the verdict, dispatch, invoice."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.models.orders import Shipment
from channel.models.partners import Distributor
from channel.queries import audit, credit_held, partners
from channel.queries import orders as reads
from channel.queries.scope import get_visible
from channel.services import deliveries
from channel.services import shipments as service
from channel.services.steps.shipments import WORKFLOW
from channel.services.work import Refused
from channel.web import lists
from channel.web.applying import apply_link, holder_note
from channel.web.changing import change_place
from channel.web.forms.fields import DayField, Form
from channel.web.forms.orders import ShipmentForm, loads
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show

bp = Blueprint("shipments", __name__)

#: Each step with the permission that it demands.
STEPS = {
    "check": Permission.SHIPMENTS_WRITE,
    "dispatch": Permission.SHIPMENTS_WRITE,
    "cancel": Permission.SHIPMENTS_WRITE,
    "invoice": Permission.INVOICES_WRITE,
}


class InvoiceForm(Form):
    invoice_date = DayField(label="")


@page(bp, "/shipments", Permission.ORDERS_READ)
def index() -> Any:
    actions = []
    if may(actor(), Permission.SHIPMENTS_WRITE):
        actions.append(
            {"url": url_for("shipments.choose"), "icon": "plus", "label": _("Plan a shipment")}
        )
    return lists.answer(reads.SHIPMENTS, actions=actions)


@page(bp, "/shipments/new", Permission.SHIPMENTS_WRITE)
def choose() -> Any:
    """Whose goods? Then the open lines of that distributor."""
    chosen = request.args.get("distributor", "")
    if chosen.isdigit():
        return see_other("shipments.new", id=int(chosen))
    return show("shipments/choose.html", choices=partners.choices(actor()))


@page(bp, "/shipments/new/<int:id>", Permission.SHIPMENTS_WRITE, methods=("GET", "POST"))
def new(id: int) -> Any:
    """Open order lines of one distributor; several orders may go in one shipment."""
    distributor: Distributor = get_visible(actor(), Distributor, id)
    form = ShipmentForm()
    places = reads.ship_to_choices(actor(), id)
    form.ship_to_id.choices = [("", _("choose")), *places]
    if request.method == "GET":
        form.ship_date.data = clock.today()
        asked = request.args.get("order", "")
        place = reads.get_order(actor(), int(asked)).ship_to_id if asked.isdigit() else None
        form.ship_to_id.data = place or (reads.usual_place(id, places) if places else None)
    errors: list[str] = []
    if request.method == "POST":
        valid = form.validate()
        wanted, errors = loads(request.form)
        if valid and not errors:
            assert form.ship_date.data is not None
            try:
                shipment_id = service.plan_shipment(
                    actor(), id, form.ship_date.data, form.ship_to_id.data, wanted
                )
            except Refused as refused:
                flash_refusal(refused)
            else:
                return see_other("shipments.record", id=shipment_id)
    only = request.args.get("order", "")
    lines = reads.open_lines(actor(), id)
    page_ = show(
        "shipments/form.html",
        form=form,
        distributor=distributor,
        lines=lines,
        only=int(only) if only.isdigit() else None,
        typed=request.form,
        errors=errors,
    )
    return page_, 422 if request.method == "POST" else 200


@page(bp, "/shipments/<int:id>", Permission.ORDERS_READ)
def record(id: int) -> Any:
    shipment: Shipment = reads.get_shipment(actor(), id)
    acts = [
        a
        for a in WORKFLOW.actions(shipment.state)
        if may(actor(), STEPS[a]) and not (a == "check" and shipment.state == "released")
    ]
    return show(
        "shipments/record.html",
        shipment=shipment,
        acts=acts,
        can_move=shipment.state in reads.PLANNED and may(actor(), Permission.ORDERS_WRITE),
        changes=reads.place_changes(shipment_id=id),
        invoice=reads.invoice_of_shipment(id),
        today=clock.today(),
        history_lines=audit.history("shipment", id),
        apply=apply_link("shipment", shipment),
        holder=holder_note(actor(), shipment, shipment.ship_date),
        pay_fen=credit_held.pay_of(shipment) if shipment.state == "held" else None,
    )


@page(bp, "/shipments/<int:id>/place", Permission.ORDERS_WRITE, methods=("GET", "POST"))
def place(id: int) -> Any:
    """Send a planned shipment elsewhere: in time for nothing, late with freight."""
    shipment: Shipment = reads.get_shipment(actor(), id)
    return change_place("shipments", shipment, shipment.number, deliveries.change_place_of_shipment)


@page(bp, "/shipments/<int:id>/act", Permission.ORDERS_READ, methods=("POST",))
def act(id: int) -> Any:
    """One step of the workflow; each use case demands its own permission."""
    chosen = request.form.get("act", "")
    seen = seen_version()
    if chosen == "check":
        state = service.check_shipment(actor(), id, seen)
        if state == "released":
            flash(_("The shipment passes every rule and may leave."), "success")
    elif chosen == "dispatch":
        if service.dispatch_shipment(actor(), id, seen) == "shipped":
            flash(_("The goods are shipped; finance can invoice them."), "success")
        else:
            flash(_("A rule stands against it since the last check; see below."), "danger")
    elif chosen == "cancel":
        service.cancel_shipment(actor(), id, request.form.get("reason", "").strip(), seen)
        flash(_("The shipment is cancelled; its order lines are open again."), "success")
    elif chosen == "invoice":
        form = InvoiceForm()
        if not form.validate() or form.invoice_date.data is None:
            flash(_("Choose the invoice date."), "danger")
            return see_other("shipments.record", id=id)
        invoice_id = service.invoice_shipment(actor(), id, form.invoice_date.data, seen)
        flash(_("The invoice is posted."), "success")
        return see_other("receivables.invoice", id=invoice_id)
    return see_other("shipments.record", id=id)

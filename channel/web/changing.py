"""Another delivery place, asked for on an order or on a shipment: one page for both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.messages import format_fen
from channel.models.orders import Order, Shipment
from channel.queries import orders as reads
from channel.services import deliveries
from channel.services.work import Refused
from channel.web.forms.orders import PlaceForm
from channel.web.pages import actor, flash_refusal, see_other, seen_version, show


def change_place(
    room: str, document: Order | Shipment, number: str, change: Callable[..., int]
) -> Any:
    """Show what the change would cost today, and make it."""
    form = PlaceForm()
    choices = reads.ship_to_choices(actor(), document.distributor_id)
    others = [choice for choice in choices if choice[0] != str(document.ship_to_id)]
    form.ship_to_id.choices = [("", _("choose")), *others]
    notice, flat_fen = deliveries.told(document)
    if form.validate_on_submit():
        try:
            freight = change(
                actor(),
                document.id,
                form.ship_to_id.data,
                form.reason.data or "",
                seen_version(),
                form.freight_fen.data,
            )
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(
                _("The place is changed; freight of %(amount)s is charged.",
                  amount=format_fen(freight, document.currency))
                if freight
                else _("The place is changed; no freight is charged."),
                "success",
            )  # fmt: skip
            return see_other(f"{room}.record", id=document.id)
    return show(
        "orders/place.html",
        room=room,
        document=document,
        number=number,
        form=form,
        notice=notice,
        flat_fen=flat_fen,
        may_charge=notice.is_late and not flat_fen and may(actor(), Permission.SHIPMENTS_WRITE),
        has_others=bool(others),
    ), 422 if request.method == "POST" else 200

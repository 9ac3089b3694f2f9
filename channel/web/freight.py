"""The maker's freight: the report by distributor, the shipments behind it, and its recording."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, Length

from channel.access import Permission, may
from channel.queries import audit
from channel.queries import freight as reads
from channel.services import freight as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.fields import Form, MoneyField, TextField
from channel.web.pages import actor, flash_refusal, page, see_other, show

bp = Blueprint("freight", __name__)


class FreightForm(Form):
    amount_fen = MoneyField(_l("freight paid by the maker"), [InputRequired()])
    carrier = TextField(_l("carrier"), [Length(max=255)])
    note = TextField(_l("note"), [Length(max=500)])


@page(bp, "/freight", Permission.FREIGHT_READ)
def index() -> Any:
    return lists.answer(
        reads.freight_listing(),
        template="freight/index.html",
        report=reads.by_distributor(actor(), request.args.get("month", "")),
    )


@page(bp, "/freight/<int:id>", Permission.FREIGHT_READ, methods=("GET", "POST"))
def record(id: int) -> Any:
    """The freight of one shipment; who may ship may record it."""
    shipment, cost = reads.get_shipment(actor(), id), reads.cost_of(id)
    form = FreightForm(obj=cost)
    if form.validate_on_submit():
        try:
            service.record_freight(
                actor(), id, form.amount_fen.data or 0, form.carrier.data or "",
                form.note.data or "",
            )  # fmt: skip
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(_("The freight is recorded."), "success")
            return see_other("freight.index")
    return show(
        "freight/record.html",
        form=form,
        shipment=shipment,
        cost=cost,
        may_write=may(actor(), Permission.SHIPMENTS_WRITE) and shipment.state in reads.SENT,
        entries=audit.history("freight_cost", cost.id) if cost else [],
    ), 422 if form.is_submitted() else 200

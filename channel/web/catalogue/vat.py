"""Pages about VAT rates: each class with its rates by date."""

from __future__ import annotations

from typing import Any

from flask import abort, flash
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.messages.goods import VAT_CLASSES
from channel.queries import catalogue as reads
from channel.services import catalogue as service
from channel.services.work import Refused
from channel.web.catalogue.blueprint import bp, goods_tabs
from channel.web.forms.catalogue import VatForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, show


@page(bp, "/vat", Permission.CATALOGUE_READ, methods=("GET", "POST"))
def vat() -> Any:
    if actor().is_distributor:
        abort(404)
    form = VatForm()
    if form.validate_on_submit():
        try:
            service.add_vat_rate(
                actor(), form.vat_class.data or "", form.rate_bp, form.valid_from.data
            )
        except Refused as refused:
            show_refusal(form, refused, {"vat.known": "valid_from"})
        else:
            flash(_("The rate is added."), "success")
            return see_other("catalogue.vat")
    status = 422 if form.is_submitted() else 200
    today = clock.today()
    return show(
        "catalogue/vat.html",
        form=form,
        rates=reads.vat_table(),
        now=reads.vat_rates(None, today),
        today=today,
        words=VAT_CLASSES,
        tabs=goods_tabs("catalogue.vat"),
    ), status


@page(bp, "/vat/<int:id>/remove", Permission.CATALOGUE_WRITE, methods=("POST",))
def remove_vat(id: int) -> Any:
    try:
        service.remove_vat_rate(actor(), id)
        flash(_("The rate is removed."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("catalogue.vat")

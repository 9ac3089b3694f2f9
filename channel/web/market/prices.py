"""Resale prices as they were seen: the list, a report, and what it was held against."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.models.market import Incident
from channel.queries import catalogue, market_areas, partners, territories
from channel.queries import market_prices as reads
from channel.services import market_prices as service
from channel.services.market_prices import Seen
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.market import PriceReportForm
from channel.web.forms.refusals import show_refusal
from channel.web.market.blueprint import bp, sent_files, tabs
from channel.web.pages import actor, page, see_other, show

PLACES = {
    "market.place_needed": "place",
    "market.division_needed": "division_code",
    "market.other_outlet": "outlet_id",
    "resale.in_future": "seen_on",
    "market.not_a_photo": "files",
    "market.too_large": "files",
}


@page(bp, "/market/prices", Permission.MARKET_READ)
def price_reports() -> Any:
    actions = []
    if may(actor(), Permission.MARKET_FILE):
        actions.append(
            {"url": url_for("market.new_price"), "icon": "tag", "label": _("Report a price")}
        )
    if may(actor(), Permission.IMPORTS):
        actions.append(
            {
                "url": url_for("uploads.new", kind="price_reports"),
                "icon": "upload",
                "label": _("Import price reports"),
            }
        )
    return lists.answer(reads.reports_listing(), actions=actions, tabs=tabs("market.price_reports"))


def offer_places(form: Any) -> None:
    """Distributors and outlets that the actor may name."""
    who = actor()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(who)]
    form.outlet_id.choices = [("", _("none of these")), *market_areas.outlet_choices(who)]
    if not form.is_submitted():
        form.distributor_id.data = who.distributor_id
        text = request.args.get("outlet", "")
        if text.isdigit():
            form.outlet_id.data = int(text)


@page(bp, "/market/prices/new", Permission.MARKET_FILE, methods=("GET", "POST"))
def new_price() -> Any:
    form = PriceReportForm()
    offer_places(form)
    form.product_id.choices = [("", _("choose")), *catalogue.product_choices()]
    if not form.is_submitted():
        form.seen_on.data = clock.today()
    elif form.validate():
        seen = Seen(**{n: form[n].data for n in Seen.__dataclass_fields__})
        try:
            report_id = service.report_price(actor(), seen, sent_files())
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The price is reported."), "success")
            if request.form.get("next"):
                return see_other("market.new_price")
            return see_other("market.price_report", id=report_id)
    status = 422 if form.is_submitted() else 200
    return show("market/price_form.html", form=form), status


@page(bp, "/market/prices/<int:id>", Permission.MARKET_READ)
def price_report(id: int) -> Any:
    report = reads.get_report(actor(), id)
    names = territories.names([report.division_code], clock.today())
    return show(
        "market/price.html",
        report=report,
        division=f"{report.division_code} {names[report.division_code]}".strip(),
        incident=reads.incident_of(Incident.price_report_id, id),
        proofs=market_areas.evidence_of("price_report", id),
    )

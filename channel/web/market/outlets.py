"""Outlets: the shops that sell the goods, with their displays and POP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.queries import audit, market_display, partners, territories
from channel.queries import outlets as reads
from channel.services import market_prices as service
from channel.services.market_prices import OutletFacts
from channel.services.outlets import Visit, log_visit
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.market import OutletForm, VisitForm
from channel.web.forms.refusals import show_refusal
from channel.web.market.blueprint import bp, tabs
from channel.web.pages import actor, flash_refusal, page, see_other, show

VISIT_PLACES = {
    "visit.in_future": "visited_on",
    "visit.nothing": "is_visit",
    "visit.quantity": "quantity",
}


@page(bp, "/market/outlets", Permission.MARKET_READ)
def outlets() -> Any:
    actions = []
    if may(actor(), Permission.MARKET_FILE):
        actions.append(
            {"url": url_for("market.new_outlet"), "icon": "plus", "label": _("New outlet")}
        )
    actions.append(
        {"url": url_for("market.upkeep"), "icon": "chart-bar", "label": _("Outlets counted")}
    )
    return lists.answer(
        reads.outlets_list(clock.today()), actions=actions, tabs=tabs("market.outlets")
    )


@page(bp, "/market/outlets/upkeep", Permission.MARKET_READ)
def upkeep() -> Any:
    """Outlets counted by state, by distributor or by area."""
    by = "area" if request.args.get("by") == "area" else "distributor"
    other = ("distributor", _("By distributor")) if by == "area" else ("area", _("By area"))
    return lists.answer(
        replace(reads.upkeep_list(actor(), clock.today(), by), fixed={"by": by}),
        actions=[
            {"url": url_for("market.upkeep", by=other[0]), "icon": "list-details",
             "label": other[1]}
        ],
        tabs=tabs("market.outlets"),
    )  # fmt: skip


@page(bp, "/market/outlets/of/<int:id>", Permission.MARKET_READ)
def outlets_of(id: int) -> Any:
    """From a distributor's row to its outlets."""
    return see_other("market.outlets", owner=id)


@page(bp, "/market/outlets/in/<int:id>", Permission.MARKET_READ)
def outlets_in(id: int) -> Any:
    """From an area's row to its outlets."""
    return see_other("market.outlets", place=f"{id:06}")


@page(bp, "/market/outlets/<int:id>/visit", Permission.MARKET_FILE, methods=("GET", "POST"))
def new_visit(id: int) -> Any:
    """Log a visit or an order."""
    outlet, form = market_display.get_outlet(actor(), id), VisitForm()
    if not form.is_submitted():
        form.visited_on.data, form.is_visit.data = clock.today(), True
    if form.validate_on_submit():
        visit = Visit(
            form.visited_on.data, form.is_visit.data, form.has_order.data, form.quantity.data,
            form.note.data or "",
        )  # fmt: skip
        try:
            log_visit(actor(), id, visit)
        except Refused as refused:
            show_refusal(form, refused, VISIT_PLACES)
        else:
            flash(_("Saved."), "success")
            return see_other("market.outlet", id=id)
    status = 422 if form.is_submitted() else 200
    return show("market/visit_form.html", form=form, outlet=outlet), status


@page(bp, "/market/outlets/new", Permission.MARKET_FILE, methods=("GET", "POST"))
def new_outlet() -> Any:
    return _form(None)


@page(bp, "/market/outlets/<int:id>/edit", Permission.MARKET_FILE, methods=("GET", "POST"))
def edit_outlet(id: int) -> Any:
    return _form(market_display.get_outlet(actor(), id))


def _form(outlet: Any) -> Any:
    form = OutletForm(obj=outlet)
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    if outlet is not None and not form.is_submitted():
        form.distributor_id.data = outlet.distributor_id
    elif not form.is_submitted():
        form.distributor_id.data = actor().distributor_id
    if form.validate_on_submit():
        facts = OutletFacts(**{n: form[n].data for n in OutletFacts.__dataclass_fields__})
        try:
            outlet_id = service.save_outlet(actor(), outlet and outlet.id, facts)
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(_("Saved."), "success")
            return see_other("market.outlet", id=outlet_id)
    status = 422 if form.is_submitted() else 200
    return show("market/outlet_form.html", form=form, outlet=outlet), status


@page(bp, "/market/outlets/<int:id>", Permission.MARKET_READ)
def outlet(id: int) -> Any:
    record, today = market_display.get_outlet(actor(), id), clock.today()
    names = territories.names([record.division_code], today)
    checks = market_display.checks_of(id)
    return show(
        "market/outlet.html",
        outlet=record,
        division=f"{record.division_code} {names[record.division_code]}".strip(),
        checks=[(c, market_display.score_of(c)) for c in checks],
        placements=market_display.placements_of(id),
        standard=market_display.standard_on(record.kind, today),
        upkeep=reads.state_of(id, today),
        visits=reads.visits_of(id),
        entries=[] if actor().is_distributor else audit.history("outlet", id),
    )


@page(bp, "/market/outlets/<int:id>/act", Permission.MARKET_FILE, methods=("POST",))
def outlet_act(id: int) -> Any:
    service.set_outlet_active(actor(), id, request.form.get("act") == "reopen")
    flash(_("Done."), "success")
    return see_other("market.outlet", id=id)

"""Findings of goods: scan, list, patterns; trace codes: lookup, list, those of a shipment."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import NotVisible, Permission, may
from channel.models.orders import Shipment
from channel.queries import diversions as reads
from channel.queries import market_areas, partners, territories, trace_codes
from channel.queries import orders as order_reads
from channel.services import diversions as service
from channel.services import trace_codes as codes_service
from channel.services.diversions import Found
from channel.services.steps.trace_codes import BINDABLE
from channel.services.work import Refused
from channel.web import lists
from channel.web.diversions_tabs import tabs
from channel.web.forms.diversions import CodesForm, FindingForm
from channel.web.forms.refusals import show_refusal
from channel.web.market.blueprint import sent_files
from channel.web.pages import actor, flash_refusal, page, see_other, show

bp = Blueprint("diversions", __name__)

PLACES = {
    "trace.code_needed": "code",
    "diversion.whose": "code",
    "diversion.proof_needed": "files",
    "diversion.in_future": "found_on",
    "market.place_needed": "place",
    "market.division_needed": "division_code",
    "market.not_a_photo": "files",
    "market.too_large": "files",
}
CODE_PLACES = {
    "trace.code_needed": "first",
    "trace.taken": "first",
    "trace.other_series": "last",
    "trace.backwards": "last",
    "trace.too_many": "last",
    "trace.units_each": "units_each",
    "trace.line_needed": "line_id",
}


@page(bp, "/diversions", Permission.MARKET_READ)
def index() -> Any:
    """All findings; a distributor sees those of its own goods."""
    if actor().is_distributor:
        return lists.answer(reads.own_listing(), tabs=tabs("diversions.index"))
    actions = []
    if may(actor(), Permission.MARKET_FILE):
        actions.append(
            {"url": url_for("diversions.new"), "icon": "plus", "label": _("Record a finding")}
        )
    return lists.answer(reads.scans_listing(), actions=actions, tabs=tabs("diversions.index"))


@page(bp, "/diversions/here", Permission.MARKET_READ)
def here() -> Any:
    """What was found in a distributor's own territory, without whose it was."""
    if not actor().is_distributor:
        return see_other("diversions.index")
    return lists.answer(reads.victim_listing(), tabs=tabs("diversions.here"))


@page(bp, "/diversions/patterns", Permission.MARKET_HANDLE)
def patterns() -> Any:
    """The year of each distributor: score, where goods lay, and what was never scanned."""
    found = reads.patterns(actor(), clock.today())
    return show("diversions/patterns.html", patterns=found, tabs=tabs("diversions.patterns"))


@page(bp, "/diversions/new", Permission.MARKET_FILE, methods=("GET", "POST"))
def new() -> Any:
    if actor().is_distributor:
        return see_other("diversions.here")
    form = FindingForm()
    form.distributor_id.choices = [("", _("the code says it")), *partners.choices(actor())]
    if not form.is_submitted():
        form.found_on.data = clock.today()
        form.code.data = request.args.get("code", "")
    elif form.validate():
        found = Found(**{n: form[n].data or Found.__dataclass_fields__[n].default
                         for n in Found.__dataclass_fields__})  # fmt: skip
        try:
            scan_id = service.record(actor(), found, sent_files())
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            return _recorded(scan_id)
    status = 422 if form.is_submitted() else 200
    return show("diversions/new.html", form=form), status


def _recorded(scan_id: int) -> Any:
    """Say what the finding means; a rep may not see whose goods it found."""
    try:
        scan = reads.get_scan(actor(), scan_id)
    except NotVisible:
        flash(_("The finding is recorded; the desk of the distributor sees to it."), "success")
        return see_other("diversions.index")
    said = {
        "outside": _("Outside its territory: the case is open."),
        "home": _("Found in the territory of the distributor that bought it: no case."),
        "allowed": _("An exception or our own delivery allows it there: no case."),
        "no_contract": _("No agreement was in force on that day: no case."),
        "unknown": _("The code is unknown: no case. Import the codes of the shipment."),
    }
    flash(said[scan.verdict], "danger" if scan.verdict == "outside" else "success")
    return see_other("diversions.record", id=scan_id)


@page(bp, "/diversions/<int:id>", Permission.MARKET_READ)
def record(id: int) -> Any:
    """One finding: what the code says, whose place it was (for the house), and its case."""
    scan = reads.get_scan(actor(), id)
    names = territories.names([scan.division_code], clock.today())
    return show(
        "diversions/record.html",
        scan=scan,
        staff=not actor().is_distributor,
        division=f"{scan.division_code} {names.get(scan.division_code, '')}".strip(),
        proofs=market_areas.evidence_of("code_scan", id),
    )


@page(bp, "/diversions/codes", Permission.ORDERS_READ)
def codes() -> Any:
    """All ranges; with `code` in the address what a single one says."""
    if code := request.args.get("code", "").strip():
        held = trace_codes.trace(actor(), code)
        return show("diversions/trace.html", code=code, held=held, tabs=tabs("diversions.codes"))
    actions = [
        {"url": url_for("diversions.lookup"), "icon": "search", "label": _("Look up a code")}
    ]
    if may(actor(), Permission.SHIPMENTS_WRITE) and may(actor(), Permission.IMPORTS):
        actions.append(
            {
                "url": url_for("uploads.new", kind="trace_codes"),
                "icon": "upload",
                "label": _("Import trace codes"),
            }
        )
    return lists.answer(
        trace_codes.ranges_listing(), actions=actions, tabs=tabs("diversions.codes")
    )


@page(bp, "/diversions/codes/lookup", Permission.ORDERS_READ)
def lookup() -> Any:
    """Whose goods a code is on: shipment, distributor, product, batch and day."""
    return show("diversions/trace.html", code="", held=None, tabs=tabs("diversions.codes"))


@page(bp, "/shipments/<int:id>/codes", Permission.ORDERS_READ, methods=("GET", "POST"))
def shipment_codes(id: int) -> Any:
    """The codes that the goods of a shipment bear, and the form to enter more."""
    shipment: Shipment = order_reads.get_shipment(actor(), id)
    form = CodesForm()
    form.line_id.choices = [
        (str(line.id), f"{line.line_no} · {line.product.code} {line.product.name}"
                       f" × {line.quantity}")
        for line in shipment.lines
    ]  # fmt: skip
    can = may(actor(), Permission.SHIPMENTS_WRITE) and shipment.state in BINDABLE
    if request.method == "POST" and form.validate():
        try:
            codes_service.bind(actor(), id, form.binding())
        except Refused as refused:
            show_refusal(form, refused, CODE_PLACES)
        else:
            flash(_("The codes are entered."), "success")
            return see_other("diversions.shipment_codes", id=id)
    status = 422 if request.method == "POST" else 200
    return show(
        "diversions/shipment.html",
        shipment=shipment,
        form=form,
        can=can,
        ranges=trace_codes.ranges_of(id),
    ), status


@page(bp, "/diversions/codes/<int:id>/off", Permission.SHIPMENTS_WRITE, methods=("POST",))
def take_off(id: int) -> Any:
    """Take codes off that were entered by mistake."""
    try:
        codes_service.take_off(actor(), id)
        flash(_("The codes are taken off."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("diversions.codes")

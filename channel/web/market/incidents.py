"""The dashboard, the list that its numbers open, and one incident from filing to its result."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.market import INCIDENT_KINDS
from channel.queries import audit, market_areas, market_prices, partners, territories
from channel.queries import market_incidents as reads
from channel.rules.incidents import WORKFLOW, State, is_overdue
from channel.services import market_incidents as service
from channel.services.market_incidents import Filing
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.market import IncidentForm
from channel.web.forms.refusals import show_refusal
from channel.web.market.blueprint import bp, sent_files, tabs
from channel.web.pages import actor, download, flash_refusal, page, see_other, seen_version, show

PLACES = {
    "incident.not_yours": "kind",
    "incident.in_future": "known_time",
    "incident.what_needed": "what",
    "market.division_needed": "division_code",
    "market.place_needed": "place",
    "market.not_a_photo": "files",
    "market.too_large": "files",
}
#: How many months the dashboard shows.
MONTHS = 6


@page(bp, "/market", Permission.MARKET_READ)
def index() -> Any:
    """Incidents by kind, area and month; every number opens the list that it counts."""
    kind = request.args.get("kind", "")
    kind = kind if kind in INCIDENT_KINDS else ""
    months = [label for label, _word in market_areas.month_choices(clock.today(), MONTHS)]
    return show(
        "market/index.html",
        board=reads.dashboard(actor(), months, kind),
        kind=kind,
        kinds=INCIDENT_KINDS,
        tabs=tabs("market.index"),
    )


def _actions() -> list[dict[str, Any]]:
    if not may(actor(), Permission.MARKET_FILE):
        return []
    return [
        {
            "url": url_for("market.new_incident"),
            "icon": "alert-triangle",
            "label": _("File an incident"),
        }
    ]


@page(bp, "/market/incidents", Permission.MARKET_READ)
def incidents() -> Any:
    return lists.answer(
        reads.incidents_listing(), actions=_actions(), tabs=tabs("market.incidents")
    )


@page(bp, "/market/incidents/new", Permission.MARKET_FILE, methods=("GET", "POST"))
def new_incident() -> Any:
    form = IncidentForm()
    who = actor()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(who)]
    if who.is_distributor:
        form.kind.choices = form.kind.choices[:1]
    if not form.is_submitted():
        local = clock.now().astimezone(clock.ZONE)
        form.known_on.data, form.known_time.data = local.date(), local.time()
        form.distributor_id.data = who.distributor_id
        if request.args.get("kind") == "rival" and not who.is_distributor:
            form.kind.data = "rival"
    elif form.validate():
        filing = Filing(
            distributor_id=form.distributor_id.data,
            kind=form.kind.data or "local",
            what=form.what.data or "",
            known_at=form.known_at(),
            topic=form.topic.data or "other",
            severity=form.severity.data or "medium",
            place=form.place.data or "",
            division_code=form.division_code.data,
            interest=form.interest.data or "",
            actions=form.actions.data or "",
        )
        try:
            incident_id = service.file_incident(who, filing, sent_files())
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The incident is filed; the clock to acknowledge it runs."), "success")
            return see_other("market.incident", id=incident_id)
    status = 422 if form.is_submitted() else 200
    return show("market/incident_form.html", form=form), status


@page(bp, "/market/incidents/<int:id>", Permission.MARKET_READ)
def incident(id: int) -> Any:
    """One incident: what happened, the clock, notice, answer and result."""
    record, now = reads.get_incident(actor(), id), clock.now()
    names = territories.names([record.division_code], clock.today())
    acts = {a.value for a in WORKFLOW.actions(State(record.state))}
    staff = not actor().is_distributor
    proofs = market_areas.evidence_of("market_incident", id)
    for kind, subject in (
        ("price_report", record.price_report_id),
        ("promotion_log", record.promotion_log_id),
    ):
        if subject:
            proofs = [*proofs, *market_areas.evidence_of(kind, subject)]
    end = record.closed_at or now
    return show(
        "market/incident.html",
        incident=record,
        division=f"{record.division_code} {names[record.division_code]}".strip(),
        acts=acts,
        to_report=int((record.reported_at - record.known_at).total_seconds()),
        elapsed=int((end - record.reported_at).total_seconds()),
        overdue=is_overdue(record.due_at, record.acknowledged_at, now)
        and record.state != State.CLOSED,
        proofs=proofs,
        entries=audit.history("market_incident", id) if staff else [],
        staff=staff,
    )


@page(bp, "/market/incidents/<int:id>/act", Permission.MARKET_READ, methods=("POST",))
def incident_act(id: int) -> Any:
    """One step; each use case demands its own permission."""
    chosen, text = request.form.get("act", ""), request.form.get("text", "")
    who, seen = actor(), seen_version()
    try:
        if chosen == "acknowledge":
            service.acknowledge(who, id, seen)
        elif chosen == "notify":
            service.notify(who, id, text, seen)
        elif chosen == "answer":
            service.answer(who, id, text, sent_files(), seen)
        elif chosen == "record":
            service.record_actions(who, id, text, seen)
        elif chosen == "close":
            said = {"1": True, "0": False}.get(request.form.get("upheld", ""))
            service.close(who, id, text, seen, is_upheld=said)
        flash(_("Done."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("market.incident", id=id)


@page(bp, "/market/evidence/<int:id>", Permission.MARKET_READ)
def evidence(id: int) -> Any:
    """A photo or paper, as it was handed in."""
    filename, mimetype, data = market_prices.get_evidence(actor(), id)
    return download(data, filename, mimetype)

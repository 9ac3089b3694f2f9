"""A case on its page: notice with deadline, answer, decision, and the consequences signed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import NotVisible, Permission, Role, may
from channel.documents.conduct import render_case_paper
from channel.models.diversions import ConductStep
from channel.models.market import Incident
from channel.queries import audit, catalogue, market_areas, territories
from channel.queries import conduct as reads
from channel.queries import diversions as findings
from channel.queries import market_incidents as incident_reads
from channel.queries.exceptions import names
from channel.rules.incidents import WORKFLOW, State
from channel.services import conduct as service
from channel.services import market_incidents as incidents
from channel.services.steps.conduct import ladder_for
from channel.services.work import Refused
from channel.web import lists
from channel.web.diversions_tabs import tabs
from channel.web.forms.diversions import ConsequenceForm, DecisionForm, NoticeForm
from channel.web.forms.refusals import show_refusal
from channel.web.market.blueprint import sent_files
from channel.web.pages import (
    actor,
    download,
    flash_refusal,
    page,
    see_other,
    seen_version,
    show,
)
from contracts.consequences import REPLY_WORKING_DAYS, needs_owner

bp = Blueprint("conduct", __name__)

PLACES = {
    "conduct.result_needed": "result",
    "conduct.verdict_needed": "upheld",
    "conduct.amount_needed": "amount_fen",
    "conduct.no_amount": "amount_fen",
    "conduct.differs": "amount_fen",
    "conduct.no_contract_amount": "basis",
    "conduct.why_needed": "why",
    "conduct.reason_needed": "why",
    "conduct.day_needed": "start",
    "conduct.span": "end",
    "conduct.not_upheld": "kind",
    "conduct.kind": "kind",
    "incident.notice_needed": "text",
    "conduct.reply_passed": "reply_by",
}


@page(bp, "/conduct", Permission.MARKET_READ)
def index() -> Any:
    """All consequences; a distributor sees those against itself that are in force."""
    return lists.answer(reads.steps_listing(), tabs=tabs("conduct.index"))


@page(bp, "/conduct/<int:id>", Permission.MARKET_READ, methods=("GET", "POST"))
def record(id: int) -> Any:
    """The case with its next step; what was typed stays when it is refused."""
    case = _case(id)
    forms = {"notice": NoticeForm(), "decision": DecisionForm(), "further": ConsequenceForm()}
    chosen = request.form.get("act", "")
    if request.method == "POST":
        form = forms.get({"notify": "notice", "decide": "decision"}.get(chosen, "further"))
        assert form is not None
        if form.validate():
            try:
                _act(case, chosen, form)
            except Refused as refused:
                show_refusal(form, refused, PLACES)
            else:
                return see_other("conduct.record", id=id)
        case = _case(id)
    return _shown(case, forms, chosen), 422 if request.method == "POST" else 200


def _case(id: int) -> Incident:
    case = incident_reads.get_incident(actor(), id)
    if case.kind != "diversion":
        raise NotVisible
    return case


def _act(case: Incident, chosen: str, form: Any) -> None:
    """One step; each use case demands its own permission."""
    who, seen = actor(), seen_version()
    if chosen == "notify":
        service.notify(who, case.id, form.text.data or "", form.reply_by.data, seen)
        flash(_("The notice is sent."), "success")
    elif chosen == "decide":
        said = {"1": True, "0": False}.get(form.upheld.data or "")
        step = service.decide(
            who, case.id, form.result.data or "", is_upheld=said,
            consequence=form.consequence(), seen=seen,
        )  # fmt: skip
        waits = _("The case is decided; the consequence waits for a second person.")
        flash(waits if step else _("The case is decided."), "success")
    else:
        wish = form.consequence()
        if wish is not None:
            service.propose(who, case.id, wish, seen)
            flash(_("Proposed: a second person signs it."), "success")


def _shown(case: Incident, forms: dict[str, Any], chosen: str) -> str:
    who = actor()
    staff = not who.is_distributor
    steps = [s for s in reads.steps_of(case.id) if staff or s.step.state == "approved"]
    ladder = ladder_for(case.distributor_id, clock.today())
    notices = reads.notices_of(case.id)
    if not forms["notice"].is_submitted():
        days = catalogue.work_calendar()
        forms["notice"].reply_by.data = days.add(clock.today(), REPLY_WORKING_DAYS)
    if not request.form:
        for name in ("decision", "further"):
            if ladder.penalty_fen:
                forms[name].amount_fen.data = ladder.penalty_fen
            else:
                forms[name].basis.data = "settlement"
    people = {p for s in steps for p in (s.step.proposed_by_id, s.step.decided_by_id) if p}
    place = territories.names([case.division_code], clock.today())
    late = notices and case.answered_at and clock.date_of(case.answered_at) > notices[-1].reply_by
    return show(
        "conduct/record.html",
        case=case,
        staff=staff,
        division=f"{case.division_code} {place.get(case.division_code, '')}".strip(),
        scans=findings.scans_of(case.id, with_victims=staff),
        acts={a.value for a in WORKFLOW.actions(State(case.state))},
        notices=notices,
        is_late=bool(late),
        may_decide=case.answered_at is not None
        or (bool(notices) and clock.today() > notices[-1].reply_by),
        steps=steps,
        can_sign=_can_sign,
        ladder=ladder,
        forms=forms,
        chosen=chosen,
        people=names(people) if staff else {},
        proofs=[
            *market_areas.evidence_of("market_incident", case.id),
        ],
        entries=audit.history("market_incident", case.id) if staff else [],
    )


def _can_sign(step: ConductStep) -> bool:
    """Whether the actor is a second person who may sign this step."""
    who = actor()
    if step.state != "proposed" or not may(who, Permission.CONDUCT_SIGN):
        return False
    owner = needs_owner(step.kind, abs(step.amount_fen)) and who.role is not Role.OWNER
    return step.proposed_by_id != who.user_id and not owner


@page(bp, "/conduct/<int:id>/answer", Permission.MARKET_FILE, methods=("POST",))
def answer(id: int) -> Any:
    """The distributor's answer with its papers."""
    _case(id)
    try:
        text = request.form.get("text", "")
        incidents.answer(actor(), id, text, sent_files(), seen_version())
        flash(_("The answer is sent."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("conduct.record", id=id)


@page(bp, "/conduct/steps/<int:id>", Permission.MARKET_READ, methods=("POST",))
def step(id: int) -> Any:
    """Sign, refuse or reverse a step; each use case demands its own permission."""
    found = reads.get_step(actor(), id)
    chosen, note = request.form.get("act", ""), request.form.get("note", "")
    try:
        if chosen in ("approve", "reject"):
            service.sign(actor(), id, is_approved=chosen == "approve", note=note)
            flash(_("Signed.") if chosen == "approve" else _("Refused."), "success")
        elif chosen == "reverse":
            service.reverse(actor(), id, note)
            flash(_("The reversal is proposed: a second person signs it."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("conduct.record", id=found.incident_id)


@page(bp, "/conduct/notices/<int:id>.pdf", Permission.MARKET_READ)
def notice_paper(id: int) -> Any:
    """A notice as PDF."""
    notice = reads.get_notice(actor(), id)
    return _paper(notice.number, notice.document)


@page(bp, "/conduct/steps/<int:id>.pdf", Permission.MARKET_READ)
def decision_paper(id: int) -> Any:
    """A signed decision as PDF; before the signature there is none."""
    found = reads.get_step(actor(), id)
    if found.document is None:
        raise NotVisible
    return _paper(found.number, found.document)


def _paper(number: str, document: Any) -> Any:
    lang = "en" if request.args.get("lang") == "en" else "zh"
    return download(render_case_paper(document, lang), f"{number}-{lang}.pdf", "application/pdf")

"""Support: budgets and what is left of them, the ledger of supports, and the season months."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import NotVisible, Permission, may
from channel.messages.supports import TRIGGERS
from channel.queries import audit, partners
from channel.queries import supports as reads
from channel.services import supports as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.applying import apply_link
from channel.web.formats import decode_findings
from channel.web.forms.refusals import show_refusal
from channel.web.forms.supports import PLACES, BudgetForm, ClaimForm, ProofForm, SeasonForm
from channel.web.pages import actor, download, flash_refusal, page, see_other, seen_version, show

bp = Blueprint("supports", __name__)


def _tabs(here: str) -> list[dict[str, Any]]:
    found = [("supports.index", _("Budgets"), "index"), ("supports.ledger", _("Ledger"), "ledger")]
    if not actor().is_distributor:
        found.append(("supports.seasons", _("When to support"), "seasons"))
    return [{"url": url_for(e), "label": label, "here": key == here} for e, label, key in found]


@page(bp, "/supports", Permission.SUPPORTS_READ)
def index() -> Any:
    actions = []
    if may(actor(), Permission.SUPPORTS_WRITE):
        url = url_for("supports.new")
        actions.append({"url": url, "icon": "plus", "label": _("New budget")})
    return lists.answer(
        reads.BUDGETS,
        actions=actions,
        tabs=_tabs("index"),
        subtitle=_("What is left of each budget; a support over it needs an exception."),
    )


@page(bp, "/supports/ledger", Permission.SUPPORTS_READ)
def ledger() -> Any:
    return lists.answer(reads.LEDGER, tabs=_tabs("ledger"))


@page(bp, "/supports/new", Permission.SUPPORTS_WRITE, methods=("GET", "POST"))
def new() -> Any:
    form = BudgetForm()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    if form.validate_on_submit():
        budget = service.Budget(
            form.distributor_id.data,
            form.title.data or "",
            form.amount_fen.data or 0,
            form.valid_from.data,
            form.last_day.data + timedelta(days=1),
        )
        try:
            record_id = service.set_budget(actor(), budget)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The budget is set."), "success")
            return see_other("supports.record", id=record_id)
    return show("supports/budget_form.html", form=form), 422 if form.is_submitted() else 200


@page(bp, "/supports/<int:id>", Permission.SUPPORTS_READ, methods=("GET", "POST"))
def record(id: int) -> Any:
    """The budget, what became of it, and the next support."""
    budget = reads.get_budget(actor(), id)
    may_plan = may(actor(), Permission.SUPPORTS_CLAIM)
    form = ClaimForm()
    form.group_id.choices = [("", _("all goods")), *reads.group_choices()]
    if not form.is_submitted():
        form.on_date.data = max(budget.valid_from, min(clock.today(), budget.valid_to))
    if may_plan and form.validate_on_submit():
        claim = service.Claim(
            form.kind.data,
            form.trigger.data,
            form.on_date.data,
            form.title.data or "",
            form.asked_fen.data or 0,
            form.group_id.data,
        )
        try:
            claim_id = service.plan_support(actor(), id, claim)
        except Refused as refused:
            show_refusal(form, refused, {**PLACES, "support.amount": "asked_fen"})
        else:
            flash(_("The support is planned."), "success")
            return see_other("supports.claim", id=claim_id)
    claims = reads.claims_of(id)
    return show(
        "supports/record.html",
        budget=budget,
        last_day=budget.valid_to - timedelta(days=1),
        claims=claims,
        figures=reads.figures(claims),
        form=form if may_plan else None,
        history_lines=[] if actor().is_distributor else audit.history("support_budget", id),
    ), 422 if form.is_submitted() else 200


@page(bp, "/supports/claims/<int:id>", Permission.SUPPORTS_READ, methods=("GET", "POST"))
def claim(id: int) -> Any:
    """One support: what is granted, what proves it, what it brought."""
    found = reads.get_claim(actor(), id)
    form = ProofForm(obj=found)
    if not form.is_submitted():
        form.seen_version.data = str(found.row_version)
    may_claim = may(actor(), Permission.SUPPORTS_CLAIM)
    if may_claim and form.validate_on_submit():
        file = request.files.get("file")
        try:
            service.prove_support(
                actor(),
                id,
                used_fen=form.used_fen.data,
                evidence=form.evidence.data or "",
                result=form.result.data or "",
                file=(file.filename, file.read()) if file and file.filename else None,
                seen_version=seen_version(),
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Evidence and use are kept."), "success")
            return see_other("supports.claim", id=id)
    return show(
        "supports/claim.html",
        claim=found,
        findings=decode_findings(found.findings),
        apply=apply_link("support", found) if found.state == "planned" else None,
        form=form if may_claim and found.state == "planned" else None,
        may_pay=may(actor(), Permission.SUPPORTS_PAY) and found.state == "planned",
        groups=dict(reads.group_choices()),
        history_lines=[] if actor().is_distributor else audit.history("support_claim", id),
    ), 422 if form.is_submitted() else 200


@page(bp, "/supports/claims/<int:id>/act", Permission.SUPPORTS_READ, methods=("POST",))
def act(id: int) -> Any:
    """Pay or cancel; each use case demands its own permission."""
    seen = seen_version()
    try:
        if request.form.get("act") == "pay":
            service.pay_support(actor(), id, seen)
            flash(_("Paid."), "success")
        elif request.form.get("act") == "cancel":
            service.cancel_support(actor(), id, request.form.get("reason", ""), seen)
            flash(_("Cancelled: the budget has it again."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("supports.claim", id=id)


@page(bp, "/supports/claims/<int:id>/evidence", Permission.SUPPORTS_READ)
def evidence(id: int) -> Any:
    """The file that proves a support."""
    name, media, data = reads.evidence_of(actor(), id)
    if not data:
        raise NotVisible
    return download(data, name, media)


@page(bp, "/supports/seasons", Permission.SUPPORTS_READ, methods=("GET", "POST"))
def seasons() -> Any:
    """When to support: the triggers, and which months are season for which goods."""
    if actor().is_distributor:
        raise NotVisible
    form = SeasonForm()
    form.group_id.choices = reads.group_choices()
    may_set = may(actor(), Permission.SUPPORTS_WRITE)
    if may_set and form.validate_on_submit():
        months = [int(month) for month in form.months.data or []]
        service.set_season(actor(), form.group_id.data, months)
        flash(_("The season months are set."), "success")
        return see_other("supports.seasons")
    return show(
        "supports/seasons.html",
        form=form if may_set else None,
        seasons=reads.seasons(),
        triggers=TRIGGERS,
        tabs=_tabs("seasons"),
    ), 422 if form.is_submitted() else 200

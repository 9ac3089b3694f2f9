"""Target plans: built from history, checked against peers, signed, handed to an agreement."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.models.targets import TargetPlan
from channel.queries import audit, partners, territories
from channel.queries import targets_plans as reads
from channel.services import targets as service
from channel.services.targets import PlanFacts
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.refusals import show_refusal
from channel.web.forms.targets import ChooseForm, PlanForm, typed_weights
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from channel.web.targets.blueprint import bp, tabs
from channel.web.targets.board import group_names
from contracts import plans as rules

PLACES = {"target.nothing": "total_fen", "target.reason_needed": "reason"}


@page(bp, "/targets/plans", Permission.TARGETS_READ)
def plans() -> Any:
    actions = []
    if may(actor(), Permission.TARGETS_WRITE):
        actions.append(
            {"url": url_for("targets.new_plan"), "icon": "plus", "label": _("Build a plan")}
        )
    return lists.answer(reads.plans_listing(), actions=actions, tabs=tabs("targets.plans"))


@page(bp, "/targets/plans/new", Permission.TARGETS_WRITE, methods=("GET", "POST"))
def new_plan() -> Any:
    """First for whom and which year; then the amount and weights, filled in from history."""
    chosen, year = request.args.get("distributor", ""), request.args.get("year", "")
    if not (chosen.isdigit() and year.isdigit() and 2000 <= int(year) <= 2100):
        return _choose()
    owner = partners.get_distributor(actor(), int(chosen))
    return _form(None, owner, int(year))


def _choose() -> Any:
    form = ChooseForm()
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    if form.validate_on_submit():
        return redirect(
            url_for("targets.new_plan", distributor=form.distributor_id.data, year=form.year.data),
            code=303,
        )
    if not form.is_submitted():
        form.year.data = clock.today().year + 1
        chosen = request.args.get("distributor", "")
        form.distributor_id.data = int(chosen) if chosen.isdigit() else None
    return show("targets/choose.html", form=form), 422 if form.is_submitted() else 200


@page(bp, "/targets/plans/<int:id>/edit", Permission.TARGETS_WRITE, methods=("GET", "POST"))
def edit_plan(id: int) -> Any:
    plan = reads.get_plan(actor(), id)
    return _form(plan, plan.distributor, plan.year)


def _form(plan: TargetPlan | None, owner: Any, year: int) -> Any:
    names = group_names()
    past = reads.history(owner.id, year, clock.today())
    form = PlanForm(obj=plan)
    errors: list[str] = []
    typed: Any = request.form
    if not form.is_submitted():
        form.year.data = year
        weights = rules.from_json(plan.weights) if plan else past.weights(list(names))
        typed = typed_weights(weights)
    elif form.validate():
        weights, errors = form.weights(request.form, list(names))
        if weights is not None:
            facts = PlanFacts(
                form.year.data or year, form.total_fen.data, weights, form.reason.data or ""
            )
            try:
                plan_id = _keep(plan, owner.id, facts)
            except Refused as refused:
                show_refusal(form, refused, PLACES)
            else:
                flash(_("The plan is kept as a draft."), "success")
                return see_other("targets.plan", id=plan_id)
    return show(
        "targets/plan_form.html",
        form=form,
        plan=plan,
        distributor=owner,
        past=past,
        typed=typed,
        groups=names,
        errors=errors,
    ), 422 if form.is_submitted() else 200


def _keep(plan: TargetPlan | None, distributor_id: int, facts: PlanFacts) -> int:
    if plan is None:
        return service.draft_plan(actor(), distributor_id, facts)
    service.save_plan(actor(), plan.id, facts, seen_version())
    return plan.id


@page(bp, "/targets/plans/<int:id>", Permission.TARGETS_READ)
def plan(id: int) -> Any:
    """The plan with all its parts, what it is held against, and the legal next step."""
    record = reads.get_plan(actor(), id)
    maker, today = partners.get_maker(), clock.today()
    staff = not actor().is_distributor
    found = None
    if staff:
        found = (
            reads.grounds_from_json(record.grounds)
            if record.grounds and record.state != "draft"
            else reads.grounds(record, maker.growth_bound_bp, today)
        )
    parent = found.parent if found else ""
    return show(
        "targets/plan.html",
        plan=record,
        built=rules.build(record.year, record.total_fen, rules.from_json(record.weights)),
        grounds=found,
        findings=list(found.findings) if found else [],
        parent=f"{parent} {territories.names([parent], today).get(parent, '')}" if parent else "",
        groups=group_names(),
        drafts=reads.drafts_of(record.distributor_id) if staff else [],
        history_lines=audit.history("target_plan", id) if staff else [],
    )


@page(bp, "/targets/plans/<int:id>/act", Permission.TARGETS_READ, methods=("POST",))
def plan_act(id: int) -> Any:
    """One step; each use case demands its own permission."""
    chosen, reason = request.form.get("act", ""), request.form.get("reason", "")
    try:
        if chosen == "submit":
            service.submit_plan(actor(), id, reason, seen_version())
            flash(_("Submitted: a second person signs it."), "success")
        elif chosen == "sign":
            service.sign_plan(actor(), id, seen_version())
            flash(_("Signed. Its targets can be put into the draft of an agreement."), "success")
        elif chosen == "send_back":
            service.send_back_plan(actor(), id, reason, seen_version())
            flash(_("Sent back to be changed."), "success")
        elif chosen == "discard":
            service.discard_plan(actor(), id, seen_version())
            flash(_("The draft is given up."), "success")
            return see_other("targets.plans")
        elif chosen == "hand_over":
            version = request.form.get("version", "")
            level = request.form.get("level", "quarter")
            if version.isdigit() and level in ("quarter", "month", "group"):
                count = service.put_into_draft(actor(), id, int(version), level)
                flash(_("%(n)s targets stand in the draft now.", n=count), "success")
                return see_other("agreements.record", id=int(version))
            flash(_("Choose the draft that takes the targets."), "danger")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("targets.plan", id=id)

"""Rebate policies: list, entry with the policy read aloud beside it, record, approval."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.documents.statement import plain
from channel.models.rebates import RebatePolicy
from channel.queries import audit, catalogue, rebates_runs
from channel.queries import rebates_policies as reads
from channel.services import rebates_policies as service
from channel.services.rebates_policies import Draft
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.rebates import (
    SPARE_ROWS,
    PolicyForm,
    ReasonForm,
    Scale,
    TierForm,
    draft_of,
    fill,
    offer,
    read_scale,
    scale_of,
)
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from channel.web.rebates.blueprint import bp
from contracts.rebates.compute import ladder
from contracts.rebates.figures import Figures
from contracts.rebates.reading import read_aloud
from contracts.values.periods import Period

PLACES = {"rebate.policy.known": "code", "rebate.unnamed": "code"}


@page(bp, "/rebates/policies", Permission.REBATES_READ)
def policies() -> Any:
    actions = []
    if may(actor(), Permission.REBATES_WRITE):
        actions.append(
            {"url": url_for("rebates.policy_new"), "icon": "plus", "label": _("New policy")}
        )
    return lists.answer(reads.POLICIES, actions=actions)


def _form(policy: RebatePolicy | None) -> tuple[PolicyForm, Scale]:
    """The form and its tier rows: as typed, else as stored, else for a new policy."""
    form = PolicyForm()
    offer(form, catalogue.group_codes())
    if policy is not None:
        form.code.data = policy.code
    if request.method == "POST":
        return form, read_scale(request.form)
    if policy is None:
        form.valid_from.data = Period.containing(clock.today(), "quarter").end
        return form, scale_of(None)
    present = service.present_draft(policy)
    fill(form, present)
    return form, scale_of(present.terms)


def _reading(draft: Draft | None, policy: RebatePolicy | None) -> dict[str, Any]:
    """A draft read aloud, with what is wrong or surprising; None: it could not be read."""
    if draft is None:
        return {"sentences": [], "findings": [], "readable": False}
    findings = service.check(draft, present=policy)
    blocked = any(f.is_blocking for f in findings)
    return {
        "sentences": [] if blocked else read_aloud(draft.terms),
        "findings": sorted(findings, key=lambda f: -f.severity.rank),
        "readable": True,
    }


def _typed(form: PolicyForm, scale: Scale) -> Draft | None:
    """The draft as typed, or None when something in the form cannot be read."""
    readable = form.validate() and not scale.errors
    return draft_of(form, scale.tiers) if readable else None


def _show_form(
    form: PolicyForm,
    scale: Scale,
    policy: RebatePolicy | None,
    draft: Draft | None,
    status: int = 200,
) -> Any:
    spare = [TierForm() for _n in range(max(SPARE_ROWS, 4 - len(scale.rows)))]
    body = show(
        "rebates/policy_form.html",
        form=form,
        rows=[*scale.rows, *spare],
        errors=scale.errors,
        policy=policy,
        reading=_reading(draft, policy),
    )
    return body, status


@page(bp, "/rebates/policies/new", Permission.REBATES_WRITE, methods=("GET", "POST"))
def policy_new() -> Any:
    form, scale = _form(None)
    if request.method == "GET":
        return _show_form(form, scale, None, None)
    draft = _typed(form, scale)
    if draft is None:
        return _show_form(form, scale, None, None, 422)
    try:
        policy_id = service.draft_policy(actor(), draft)
    except Refused as refused:
        show_refusal(form, refused, PLACES)
        return _show_form(form, scale, None, draft, 422)
    flash(_("The draft is kept. It pays nothing until a second person approves it."), "success")
    return see_other("rebates.policy", id=policy_id)


@page(bp, "/rebates/policies/<int:id>/edit", Permission.REBATES_WRITE, methods=("GET", "POST"))
def policy_edit(id: int) -> Any:
    policy = reads.get_policy(actor(), id)
    if policy.state != "draft":
        flash(_("Only drafts can be changed; write a new version."), "warning")
        return see_other("rebates.policy", id=id)
    form, scale = _form(policy)
    if request.method == "GET":
        return _show_form(form, scale, policy, service.present_draft(policy))
    draft = _typed(form, scale)
    if draft is None:
        return _show_form(form, scale, policy, None, 422)
    service.save_policy(actor(), id, draft, seen_version=seen_version())
    flash(_("Saved."), "success")
    return see_other("rebates.policy", id=id)


@page(bp, "/rebates/policies/preview", Permission.REBATES_WRITE, methods=("POST",))
def policy_preview() -> Any:
    """The reading beside the form, as it is typed."""
    text = request.form.get("policy_id", "")
    policy = reads.get_policy(actor(), int(text)) if text.isdigit() else None
    form, scale = _form(policy)
    return show("rebates/reading.html", reading=_reading(_typed(form, scale), policy))


@page(bp, "/rebates/policies/<int:id>", Permission.REBATES_READ)
def policy(id: int) -> Any:
    record = reads.get_policy(actor(), id)
    terms = reads.terms_of(record)
    reading = _reading(service.present_draft(record), record)
    blocked = any(f.is_blocking for f in reading["findings"])
    return show(
        "rebates/policy.html",
        policy=record,
        terms=terms,
        reading=reading,
        rungs=[] if blocked else ladder(terms, Figures()),
        versions=reads.versions(record.code),
        acts=service.WORKFLOW.actions(record.state),
        is_own=actor().user_id in (record.drafted_by_id, record.submitted_by_id),
        names=rebates_runs.names_of(
            record.drafted_by_id, record.submitted_by_id, record.approved_by_id
        ),
        entries=audit.history("rebate_policy", id),
        reason=ReasonForm(),
        plain=plain,
        words={
            "period": reads.PERIOD_WORDS,
            "method": reads.METHOD_WORDS,
            "base": reads.BASE_WORDS,
            "enrols": reads.ENROL_WORDS,
        },
    )


@page(bp, "/rebates/policies/<int:id>/act", Permission.REBATES_WRITE, methods=("POST",))
def policy_act(id: int) -> Any:
    """Submit, approve, send back, give up, or begin a new version."""
    act, seen = request.form.get("act", ""), seen_version()
    try:
        if act == "submit":
            service.submit(actor(), id, seen_version=seen)
            flash(_("Submitted. A second person has to approve it."), "success")
        elif act == "approve":
            service.approve(actor(), id, seen_version=seen)
            flash(
                _("Approved. It counts for periods that begin on its first day or later."),
                "success",
            )
        elif act == "send_back":
            reason = request.form.get("reason", "").strip()[:500]
            service.send_back(actor(), id, reason, seen_version=seen)
            flash(_("Sent back to draft."), "success")
        elif act == "retire":
            service.retire(actor(), id, seen_version=seen)
            flash(_("The draft is given up."), "success")
        elif act == "revise":
            return see_other("rebates.policy_edit", id=service.revise(actor(), id))
    except Refused as refused:
        flash_refusal(refused)
    return see_other("rebates.policy", id=id)

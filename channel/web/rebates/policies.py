"""Rebate policies: list, entry with the policy read aloud beside it, record, approval."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.documents.statement import plain
from channel.messages import sentence
from channel.messages.rebates_words import (
    CONDITION_WORDS,
    ENROL_WORDS,
    GAUGE_WORDS,
    METHOD_WORDS,
    PAYS_WORDS,
    PERIOD_WORDS,
    base_words,
)
from channel.models.rebates import RebatePolicy
from channel.queries import audit, catalogue, rebates_runs
from channel.queries import rebates_policies as reads
from channel.services import rebates_policies as service
from channel.services.rebates_policies import Draft
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms import rebates_policy as forms
from channel.web.forms.rebates import ReasonForm
from channel.web.forms.rebates_kinds import KINDS, READY
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from channel.web.rebates.baselines import evidence_tabs
from channel.web.rebates.blueprint import bp
from contracts.rebates.compute import ladder
from contracts.rebates.figures import Figures
from contracts.values.findings import Finding
from contracts.values.periods import Period


@page(bp, "/rebates/policies", Permission.REBATES_READ)
def policies() -> Any:
    actions = []
    if may(actor(), Permission.REBATES_WRITE):
        actions.append(
            {"url": url_for("rebates.policy_new"), "icon": "plus", "label": _("New policy")}
        )
    return lists.answer(reads.POLICIES, actions=actions, tabs=evidence_tabs("rebates.policies"))


def _offers(code: str = "") -> forms.Offers:
    """What the form lets choose; a policy is no choice beside itself."""
    policies = [choice for choice in reads.codes() if choice[0] != code]
    return forms.Offers(catalogue.group_codes(), catalogue.product_codes(), policies)


def _reading(draft: Draft | None, policy: RebatePolicy | None) -> dict[str, Any]:
    """A draft read aloud, with what is wrong or surprising; None: it could not be read."""
    if draft is None:
        return {"sentences": [], "findings": [], "readable": False}
    # Code and name are asked for at their fields; the terms are read aloud without them.
    findings = [f for f in service.check(draft, present=policy) if f.code != "rebate.unnamed"]
    blocked = any(f.is_blocking for f in findings)
    return {
        "sentences": [] if blocked else service.sentences(draft),
        "findings": sorted(findings, key=lambda f: -f.severity.rank),
        "readable": True,
    }


def _show_form(parts: forms.Parts, policy: RebatePolicy | None, status: int = 200) -> Any:
    """The form with the reading beside it; the table of tiers has the unit that was chosen."""
    head = parts.head
    body = show(
        "rebates/policy_form.html",
        parts=parts,
        form=head,
        policy=policy,
        kind=KINDS.get(request.args.get("kind", "")),
        ready=READY,
        kinds_of_condition=CONDITION_WORDS,
        pays=head.pays.data or "percent",
        reading=_reading(parts.seen, policy),
    )
    return body, status


def _asked(parts: forms.Parts) -> bool:
    """Whether the form was sent to look at it and not to keep it: a check, a ready condition."""
    act = request.form.get("act", "")
    if act.startswith("ready:"):
        forms.add_ready(parts, act.removeprefix("ready:"))
    return bool(act)


@page(bp, "/rebates/policies/new", Permission.REBATES_WRITE, methods=("GET", "POST"))
def policy_new() -> Any:
    """First the kind of policy, then the form that it fills in."""
    if request.method == "GET":
        kind = KINDS.get(request.args.get("kind", ""))
        if kind is None:
            return show("rebates/policy_kinds.html", kinds=KINDS)
        first = Period.containing(clock.today(), "quarter").end
        return _show_form(forms.shown(_offers(), Draft(kind.terms, first), kind.opens), None)
    parts = forms.read(_offers(), request.form)
    if _asked(parts):
        return _show_form(parts, None)
    if parts.draft is None:
        return _show_form(parts, None, 422)
    try:
        policy_id = service.draft_policy(actor(), parts.draft)
    except Refused as refused:
        show_refusal(parts.head, refused, forms.PLACES)
        return _show_form(parts, None, 422)
    flash(_("The draft is kept. It pays nothing until a second person approves it."), "success")
    return see_other("rebates.policy", id=policy_id)


@page(bp, "/rebates/policies/<int:id>/edit", Permission.REBATES_WRITE, methods=("GET", "POST"))
def policy_edit(id: int) -> Any:
    policy = reads.get_policy(actor(), id)
    if policy.state != "draft":
        flash(_("Only drafts can be changed; write a new version."), "warning")
        return see_other("rebates.policy", id=id)
    offers = _offers(policy.code)
    if request.method == "GET":
        return _show_form(forms.shown(offers, service.present_draft(policy)), policy)
    parts = forms.read(offers, request.form, policy.code)
    if _asked(parts):
        return _show_form(parts, policy)
    if parts.draft is None:
        return _show_form(parts, policy, 422)
    service.save_policy(actor(), id, parts.draft, seen_version=seen_version())
    flash(_("Saved."), "success")
    return see_other("rebates.policy", id=id)


@page(bp, "/rebates/policies/preview", Permission.REBATES_WRITE, methods=("POST",))
def policy_preview() -> Any:
    """The reading beside the form, as it is typed."""
    text = request.form.get("policy_id", "")
    policy = reads.get_policy(actor(), int(text)) if text.isdigit() else None
    code = policy.code if policy else ""
    parts = forms.read(_offers(code), request.form, code)
    return show("rebates/reading.html", reading=_reading(parts.seen, policy))


def _changes(
    policy: RebatePolicy, versions: list[RebatePolicy], said: list[Finding]
) -> dict[str, Any] | None:
    """What this version says otherwise than another one, in words; by default the one before."""
    asked = request.args.get("against", "")
    other = next((v for v in versions if str(v.version_no) == asked and v.id != policy.id), None)
    if other is None:
        other = next((v for v in versions if v.version_no < policy.version_no), None)
    if other is None:
        return None
    examples = "rebate.reads.example"
    new, old = (
        [sentence(f) for f in each if not f.code.startswith(examples)]
        for each in (said, service.sentences(service.present_draft(other)))
    )
    if policy.name != other.name:
        new, old = [policy.name, *new], [other.name, *old]
    return {
        "other": other,
        "come": [text for text in new if text not in old],
        "gone": [text for text in old if text not in new],
    }


@page(bp, "/rebates/policies/<int:id>", Permission.REBATES_READ)
def policy(id: int) -> Any:
    record = reads.get_policy(actor(), id)
    terms = reads.terms_of(record)
    reading = _reading(service.present_draft(record), record)
    blocked = any(f.is_blocking for f in reading["findings"])
    versions = reads.versions(record.code)
    return show(
        "rebates/policy.html",
        policy=record,
        terms=terms,
        reading=reading,
        rungs=[] if blocked else ladder(terms, Figures()),
        versions=versions,
        changes=None if blocked else _changes(record, versions, reading["sentences"]),
        acts=service.WORKFLOW.actions(record.state),
        is_own=actor().user_id in (record.drafted_by_id, record.submitted_by_id),
        names=rebates_runs.names_of(
            record.drafted_by_id, record.submitted_by_id, record.approved_by_id
        ),
        entries=audit.history("rebate_policy", id),
        reason=ReasonForm(),
        plain=plain,
        base=base_words(terms.base),
        words={
            "period": PERIOD_WORDS,
            "method": METHOD_WORDS,
            "gauge": GAUGE_WORDS,
            "pays": PAYS_WORDS,
            "enrols": ENROL_WORDS,
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

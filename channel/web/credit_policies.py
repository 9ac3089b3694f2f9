"""Credit policies: the versions, one in plain words, the proposal, the dry run, the approval."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import NotVisible, Permission, may
from channel.messages.credit_policies import LACKS, POINTS
from channel.models.credit_policies import CreditPolicyVersion
from channel.queries import audit, rebates_runs
from channel.queries import credit_policies as reads
from channel.queries import credit_trials as trials
from channel.services import credit_policies as service
from channel.services import credit_trials as trying
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms import credit_policies as forms
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from contracts.values.findings import Finding, from_json
from contracts.values.periods import Period
from credit.policy import CreditPolicy, read_aloud, validate

bp = Blueprint("credit_policies", __name__)


@page(bp, "/credit/policies", Permission.CREDIT_READ)
def index() -> Any:
    """All versions; the house's own matter, so no distributor sees them."""
    if actor().is_distributor:
        raise NotVisible
    actions = []
    if may(actor(), Permission.CREDIT_WRITE):
        url = url_for("credit_policies.new")
        actions.append({"url": url, "icon": "plus", "label": _("Propose a policy")})
    ruling = reads.in_force(clock.today())
    subtitle = _("Version %(n)s rules today. On a date the approved version rules that began last.",
                 n=ruling.number)  # fmt: skip
    return lists.answer(reads.POLICIES, actions=actions, subtitle=subtitle)


@page(bp, "/credit/policies/<int:id>", Permission.CREDIT_READ)
def record(id: int) -> Any:
    """One version in plain words, with what is new in it and its dry runs."""
    version = reads.get_policy(actor(), id)
    policy, before = reads.policy_of(version), reads.version_before(version)
    sentences = read_aloud(policy)
    added, gone = _differences(sentences, before)
    today = clock.today()
    this_month = Period.containing(today, "month")
    return show(
        "credit_policies/record.html",
        version=version,
        before=before,
        sentences=sentences,
        added=added,
        gone=gone,
        findings=validate(policy),
        trials=trials.trials_of(id),
        is_ruling=reads.in_force(today).id == id,
        is_own=actor().user_id is not None and version.proposed_by_id == actor().user_id,
        names=rebates_runs.names_of(version.proposed_by_id, version.approved_by_id),
        month=Period.containing(this_month.start - timedelta(days=1), "month").label,
        this_month=this_month.label,
        history_lines=audit.history("credit_policy", id),
    )


def _differences(
    sentences: list[Finding], before: CreditPolicyVersion | None
) -> tuple[list[Finding], list[Finding]]:
    """(what this version says anew, what the one before said and this one does not)."""
    if before is None:
        return [], []
    old = read_aloud(reads.policy_of(before))
    return [s for s in sentences if s not in old], [s for s in old if s not in sentences]


@page(bp, "/credit/policies/new", Permission.CREDIT_WRITE, methods=("GET", "POST"))
def new() -> Any:
    """A proposal: a copy of the version in force, or of another one, to be changed."""
    if request.method == "GET":
        copied = request.args.get("copy", "")
        source = (
            reads.get_policy(actor(), int(copied))
            if copied.isdecimal()
            else reads.in_force(clock.today())
        )
        parts = forms.shown(reads.policy_of(source))
        parts.head.valid_from.data = Period.containing(clock.today(), "month").end
        return _show_form(parts, reads.policy_of(source))
    parts, draft = forms.read(request.form)
    if draft is None:
        return _show_form(parts, None), 422
    try:
        policy_id = service.propose(actor(), draft)
    except Refused as refused:
        show_refusal(parts.head, refused, forms.PLACES)
        return _show_form(parts, draft.policy), 422
    flash(_("Proposed. Try it on a month; a second person approves it then."), "success")
    return see_other("credit_policies.record", id=policy_id)


def _show_form(parts: forms.Parts, policy: CreditPolicy | None) -> Any:
    return show("credit_policies/form.html", parts=parts, points=POINTS, **_reading(policy))


def _reading(policy: CreditPolicy | None) -> dict[str, Any]:
    """A policy read aloud with what would surprise; None could not be read."""
    if policy is None:
        return {"sentences": [], "findings": []}
    return {"sentences": read_aloud(policy), "findings": validate(policy)}


@page(bp, "/credit/policies/preview", Permission.CREDIT_WRITE, methods=("POST",))
def preview() -> Any:
    """The reading beside the form, as it is typed."""
    _parts, draft = forms.read(request.form)
    return show("credit_policies/reading.html", **_reading(draft.policy if draft else None))


@page(bp, "/credit/policies/<int:id>/try", Permission.CREDIT_APPROVE, methods=("POST",))
def attempt(id: int) -> Any:
    """The dry run: at once where it is small, else as a job."""
    try:
        month = request.form.get("month", "").strip()
        trial_id, job_id = trying.try_month(actor(), id, month)
    except Refused as refused:
        flash_refusal(refused)
        return see_other("credit_policies.record", id=id)
    if job_id is not None:
        return see_other("jobs.record", id=job_id)
    return see_other("credit_policies.trial", id=trial_id)


@page(bp, "/credit/policies/<int:id>/approve", Permission.CREDIT_APPROVE, methods=("POST",))
def approve(id: int) -> Any:
    try:
        service.approve(actor(), id, seen_version())
        flash(_("Approved. It rules from its first day on."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("credit_policies.record", id=id)


@page(bp, "/credit/policies/<int:id>/withdraw", Permission.CREDIT_WRITE, methods=("POST",))
def withdraw(id: int) -> Any:
    try:
        service.withdraw(actor(), id, request.form.get("reason", "")[:500], seen_version())
        flash(_("The proposal is withdrawn."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("credit_policies.record", id=id)


@page(bp, "/credit/trials/<int:id>", Permission.CREDIT_READ)
def trial(id: int) -> Any:
    """What a dry run found: the sums, then every document."""
    found = trials.get_trial(actor(), id)
    return lists.answer(
        trials.trial_listing(id),
        template="credit_policies/trial.html",
        trial=found,
        tallies=trials.tallies(actor(), id),
        lacking=trials.lacking(actor(), id),
        words=LACKS,
    )


@page(bp, "/credit/trials/lines/<int:id>", Permission.CREDIT_READ)
def line(id: int) -> Any:
    """From a line of a dry run to the reasons and the document."""
    found = trials.get_line(actor(), id)
    return show(
        "credit_policies/line.html",
        line=found,
        trial=trials.get_trial(actor(), found.trial_id),
        reasons=[] if found.change == "unknown" else from_json(found.reasons),
        lacks=trials.lacks_of(found),
        target="orders.record" if found.kind == "order" else "shipments.record",
        words=LACKS,
    )

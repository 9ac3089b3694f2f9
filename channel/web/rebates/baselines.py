"""Baselines of growth in the browser: typed with their reason, approved by a second person."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.queries import audit, partners
from channel.queries import rebates_baselines as reads
from channel.services import rebates_baselines as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.rebates_evidence import BaselineForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, show
from channel.web.rebates.blueprint import bp, period_words
from contracts.values.findings import block
from contracts.values.periods import Period

PLACES = {
    "baseline.policy": "policy_code",
    "baseline.period": "period",
    "rebate.run.unreadable": "period",
    "baseline.value": "value",
    "baseline.reason_needed": "reason",
}


def evidence_tabs(here: str) -> list[dict[str, Any]]:
    """Policies, and what they are judged by."""
    pages = [
        ("rebates.policy_evidence", _("Conditions")),
        ("rebates.policy_baselines", _("Baselines of growth")),
        ("rebates.exclusivity", _("Exclusivity")),
    ]
    if not actor().is_distributor:
        pages.insert(0, ("rebates.policies", _("Policies")))
        pages.append(("rebates.groups", _("Groups")))
        pages.append(("rebates.trials", _("Trials on the past")))
    return [{"url": url_for(e), "label": label, "here": e == here} for e, label in pages]


@page(bp, "/rebates/baselines", Permission.REBATES_READ)
def policy_baselines() -> Any:
    actions = []
    if may(actor(), Permission.REBATES_WRITE):
        label = _("Type a baseline")
        actions.append({"url": url_for("rebates.baseline_new"), "icon": "plus", "label": label})
    return lists.answer(
        reads.BASELINES,
        actions=actions,
        subtitle=_("What growth is measured from where last year's figure is not to count."),
        tabs=evidence_tabs("rebates.policy_baselines"),
    )


def _read_period(text: str) -> Period:
    try:
        return Period.parse(text.strip().upper())
    except ValueError:
        raise Refused([block("rebate.run.unreadable", text=text)]) from None


@page(bp, "/rebates/baselines/new", Permission.REBATES_WRITE, methods=("GET", "POST"))
def baseline_new() -> Any:
    """Type a figure for one distributor, policy and period."""
    form, wanting = BaselineForm(), reads.wanting()
    form.policy_code.choices = [("", _("choose")), *((c, f"{c} {n}") for c, n, _t in wanting)]
    form.distributor_id.choices = [("", _("choose")), *partners.choices(actor())]
    if form.validate_on_submit():
        try:
            wish = service.Wish(
                distributor_id=form.distributor_id.data,
                policy_code=form.policy_code.data,
                period=_read_period(form.period.data or ""),
                currency=(form.currency.data or "").upper(),
                value_e4=form.value.data * 100,
                reason=form.reason.data or "",
            )
            made = service.propose(actor(), wish)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Proposed: another person approves it before it counts."), "success")
            return see_other("rebates.policy_baseline", id=made)
    status = 422 if request.method == "POST" else 200
    return show("rebates/baseline_new.html", form=form, wanting=wanting), status


@page(bp, "/rebates/baselines/<int:id>", Permission.REBATES_READ)
def policy_baseline(id: int) -> Any:
    record = reads.get_baseline(actor(), id)
    return show(
        "rebates/baseline.html",
        baseline=record,
        period=period_words(reads.period_of(record)),
        before=reads.before(record) if record.state == "proposed" else None,
        is_own=record.proposed_by_id == actor().user_id,
        can_decide=record.state == "proposed" and may(actor(), Permission.REBATES_POST),
        entries=[] if actor().is_distributor else audit.history("growth_baseline", id),
    )


@page(bp, "/rebates/baselines/<int:id>/act", Permission.REBATES_POST, methods=("POST",))
def baseline_act(id: int) -> Any:
    """A second person approves or refuses."""
    chosen = request.form.get("act", "")
    if chosen in ("approve", "reject"):
        try:
            service.decide(
                actor(), id, is_approved=chosen == "approve", note=request.form.get("note", "")
            )
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(
                _("Approved: growth of this period is measured from it.")
                if chosen == "approve"
                else _("Refused: the baseline counts for nothing."),
                "success",
            )
    return see_other("rebates.policy_baseline", id=id)

"""Use cases about target plans: drafted from history, submitted with their grounds, signed.

A second person signs; the signed plan hands its targets to the draft of an agreement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.db import lock_where
from channel.models.agreements import AgreementVersion
from channel.models.partners import Distributor
from channel.models.targets import TargetPlan
from channel.queries import agreements, partners
from channel.queries import targets_plans as reads
from channel.queries.scope import get_visible
from channel.services.work import Refused, Work, assert_seen, work
from contracts import agreement as rules
from contracts import plans
from contracts.plans import Weights
from contracts.values.findings import Finding, block
from contracts.values.money import Money


@dataclass(frozen=True)
class PlanFacts:
    """A year's amount in fen with its weights, and the reason where it passes the bound."""

    year: int
    total_fen: int
    weights: Weights
    reason: str = ""


def _check(facts: PlanFacts) -> None:
    if facts.total_fen < 1:
        raise Refused([block("target.nothing")])


def draft_plan(actor: Actor, distributor_id: int, facts: PlanFacts) -> int:
    """A new plan as a draft; its id."""
    with work(actor, Permission.TARGETS_WRITE) as w:
        owner: Distributor = get_visible(actor, Distributor, distributor_id)
        _check(facts)
        plan = TargetPlan(
            number=w.draw("TP", w.today),
            distributor_id=owner.id,
            year=facts.year,
            currency=owner.currency,
            total_fen=facts.total_fen,
            weights=plans.to_json(facts.weights),
            reason=facts.reason,
            drafted_by_id=actor.user_id,
            drafted_at=w.now,
            row_version=1,
        )
        w.session.add(plan)
        w.session.flush()  # the audit entry needs its id
        _audit(w, "target:draft", plan, amount_fen=facts.total_fen)
        return plan.id


def _audit(w: Work, tag: str, plan: TargetPlan, reason: str = "", **changes: object) -> None:
    w.audit(tag, plan, label=plan.number, reason=reason, changes=changes)


def _open(w: Work, actor: Actor, plan_id: int, seen: int | None, state: str) -> TargetPlan:
    """The plan under its lock, in the state that the act needs."""
    reads.get_plan(actor, plan_id)
    (plan,) = lock_where(TargetPlan, TargetPlan.id == plan_id)
    assert_seen(plan, seen)
    if plan.state != state:
        raise Refused([block("target.not_now")])
    return plan  # type: ignore[no-any-return]


def save_plan(actor: Actor, plan_id: int, facts: PlanFacts, seen: int | None = None) -> None:
    """Change a draft."""
    with work(actor, Permission.TARGETS_WRITE) as w:
        plan = _open(w, actor, plan_id, seen, "draft")
        _check(facts)
        old = plan.total_fen
        plan.year, plan.total_fen = facts.year, facts.total_fen
        plan.weights, plan.reason = plans.to_json(facts.weights), facts.reason
        _audit(w, "target:save", plan, amount_fen=(old, facts.total_fen))


def submit_plan(actor: Actor, plan_id: int, reason: str = "", seen: int | None = None) -> None:
    """Hand a plan to a second person with the figures that it is held against.

    A target beyond the bound of the house needs a written reason.
    """
    with work(actor, Permission.TARGETS_WRITE) as w:
        plan = _open(w, actor, plan_id, seen, "draft")
        found = reads.grounds(plan, partners.get_maker().growth_bound_bp, w.today)
        plan.reason = reason.strip() or plan.reason
        if found.is_unreasonable and not plan.reason:
            raise Refused([*found.findings, block("target.reason_needed")])
        plan.grounds = reads.grounds_to_json(found)
        plan.state = "review"
        plan.submitted_by_id, plan.submitted_at = actor.user_id, w.now
        _audit(w, "target:submit", plan, plan.reason, state=("draft", "review"))


def send_back_plan(actor: Actor, plan_id: int, reason: str, seen: int | None = None) -> None:
    """Give a plan back to be changed, with the reason."""
    with work(actor, Permission.TARGETS_SIGN) as w:
        plan = _open(w, actor, plan_id, seen, "review")
        if not reason.strip():
            raise Refused([block("target.why_needed")])
        plan.state = "draft"
        _audit(w, "target:send_back", plan, reason.strip(), state=("review", "draft"))


def sign_plan(actor: Actor, plan_id: int, seen: int | None = None) -> None:
    """Sign a plan that somebody else wrote: its parts are frozen, an earlier one is superseded."""
    with work(actor, Permission.TARGETS_SIGN) as w:
        plan = _open(w, actor, plan_id, seen, "review")
        if actor.user_id in (plan.submitted_by_id, plan.drafted_by_id):
            raise Refused([block("target.own_plan")])
        for former in lock_where(
            TargetPlan,
            TargetPlan.distributor_id == plan.distributor_id,
            TargetPlan.year == plan.year,
            TargetPlan.state == "signed",
        ):
            former.state = "superseded"
        built = plans.build(plan.year, plan.total_fen, plans.from_json(plan.weights))
        lowest = built.groups or built.months
        plan.parts = [[p.period.label, p.group, p.amount_fen] for p in lowest]
        plan.state = "signed"
        plan.signed_by_id, plan.signed_at = actor.user_id, w.now
        _audit(w, "target:sign", plan, state=("review", "signed"))


def put_into_draft(actor: Actor, plan_id: int, version_id: int, level: str = "quarter") -> int:
    """Give a draft of the distributor's agreement the targets of a signed plan; how many.

    `level` is "quarter", "month" or "group". Targets of other years in the draft stay.
    """
    with work(actor, Permission.AGREEMENTS_WRITE) as w:
        plan = reads.get_plan(actor, plan_id)
        if plan.state != "signed":
            raise Refused([block("target.not_signed")])
        version: AgreementVersion = agreements.get_version(actor, version_id)
        if version.agreement.distributor_id != plan.distributor_id:
            raise Refused([block("target.other_distributor")])
        if version.state != rules.State.DRAFT:
            raise Refused([block("agreement.not_draft")])
        built = plans.build(plan.year, plan.total_fen, plans.from_json(plan.weights))
        new = built.targets("quarter" if level == "group" and not built.groups else level)
        outside = [
            t for t in new
            if not (version.valid_from < t.period.end and t.period.start < version.valid_to)
        ]  # fmt: skip
        if len(outside) == len(new):
            raise Refused([_outside(plan, version)])
        terms = rules.from_json(version.terms)
        kept = tuple(t for t in terms.targets if t.period.start.year != plan.year)
        taken = tuple(t for t in new if t not in outside)
        version.terms = rules.to_json(replace(terms, targets=kept + taken))
        version.row_version += 1
        w.audit(
            "target:hand_over",
            version,
            label=f"{version.agreement.number} v{version.version_no}",
            reason=plan.number,
            changes={"targets": str(Money.from_fen(sum(t.amount_fen for t in taken)))},
            distributor_id=plan.distributor_id,
        )
        return len(taken)


def _outside(plan: TargetPlan, version: AgreementVersion) -> Finding:
    return block(
        "target.outside_draft",
        year=str(plan.year),
        start=version.valid_from,
        end=version.valid_to,
    )


def discard_plan(actor: Actor, plan_id: int, seen: int | None = None) -> None:
    """Give a draft up; what it said stays in the audit trail."""
    with work(actor, Permission.TARGETS_WRITE) as w:
        plan = _open(w, actor, plan_id, seen, "draft")
        _audit(w, "target:discard", plan, amount_fen=plan.total_fen)
        w.session.execute(sa.delete(TargetPlan).where(TargetPlan.id == plan.id))

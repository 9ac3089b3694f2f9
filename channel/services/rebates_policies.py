"""Rebate policies: drafted, checked, submitted, approved by a second person, changed by versions.

Only an approved version can pay. An approved version never changes: what follows is a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import sqlalchemy as sa

from channel import clock
from channel.access import Actor, Permission
from channel.db import lock
from channel.models.rebates import RebatePolicy
from channel.queries import rebates_policies as reads
from channel.queries import territories
from channel.services.work import Refused, Work, assert_seen, work
from contracts.rebates import stacking
from contracts.rebates.beside import check_beside
from contracts.rebates.model import RebateTerms
from contracts.rebates.reading import read_aloud
from contracts.rebates.terms_json import terms_hash, to_json
from contracts.rebates.validate import validate
from contracts.values.findings import Fact, Finding, block, info
from contracts.values.periods import Period
from contracts.values.transitions import IllegalTransition, Transitions

WORKFLOW: Transitions[str, str] = Transitions(
    {
        ("draft", "edit"): "draft",
        ("draft", "submit"): "review",
        ("draft", "retire"): "retired",
        ("review", "approve"): "approved",
        ("review", "send_back"): "draft",
    }
)


@dataclass(frozen=True)
class Draft:
    """A version as somebody wants it; code and name stand in the terms."""

    terms: RebateTerms
    valid_from: date
    enrols: str = "all"
    reason: str = ""


def check(draft: Draft, *, present: RebatePolicy | None = None) -> list[Finding]:
    """All findings on a draft: on its terms, and on how it follows the versions before it.

    `present` is the draft's own record, which is no version before it.
    """
    findings = [*validate(draft.terms), *_beside(draft.terms)]
    own_no = present.version_no if present else None
    before = next(
        (
            version
            for version in reads.versions(draft.terms.code)
            if version.state == "approved" and (own_no is None or version.version_no < own_no)
        ),
        None,
    )
    return [*findings, *_follows(draft, before)]


def _beside(terms: RebateTerms) -> list[Finding]:
    """Findings beside the other policies: the same lines, names that nobody bears, circles."""
    others = [other for other in reads.standing() if other.code != terms.code]
    circles = [
        finding
        for finding in stacking.order([*others, terms]).findings
        if terms.code in cast("tuple[str, ...]", finding.facts["policies"])
    ]
    beside = check_beside(terms, others, reads.groups_of_products())
    return [*beside, *circles, *_places(terms)]


def _places(terms: RebateTerms) -> list[Finding]:
    """Divisions that nobody knows would count for nothing without a word."""
    named = territories.names(terms.territories | terms.territories_out, clock.today())
    unknown = tuple(sorted(code for code, name in named.items() if not name))
    return [block("rebate.unknown_division", terms.code, divisions=unknown)] if unknown else []


def sentences(draft: Draft) -> list[Finding]:
    """The draft in words: from when and for whom, then its terms in the order of signing."""
    facts: dict[str, Fact] = {"first": draft.valid_from}
    return [
        info("rebate.reads.since", draft.terms.code, **facts),
        info(f"rebate.reads.enrols_{draft.enrols}", draft.terms.code),
        *read_aloud(draft.terms),
    ]


def _follows(draft: Draft, before: RebatePolicy | None) -> list[Finding]:
    """Whether the first day suits the periods, and the version before, if there is one."""
    code, kind = draft.terms.code, draft.terms.period_kind
    own = Period.containing(draft.valid_from, kind)
    found = []
    if own.start != draft.valid_from:
        found.append(info("rebate.policy.counts_from", code, first=own.end))
    if before is None:
        return found
    old_kind = reads.terms_of(before).period_kind
    if old_kind == kind:
        return found
    starts = {own.start, Period.containing(draft.valid_from, old_kind).start}
    if starts != {draft.valid_from}:
        found.append(block("rebate.policy.kind_midway", code, day=draft.valid_from))
    until = reads.posted_until(code)
    if until is not None and draft.valid_from < until:
        found.append(block("rebate.policy.kind_posted", code, until=until))
    return found


def _fill(policy: RebatePolicy, draft: Draft) -> None:
    policy.name = draft.terms.name
    policy.valid_from = draft.valid_from
    policy.enrols = draft.enrols
    policy.terms = to_json(draft.terms)
    policy.terms_hash = terms_hash(draft.terms)
    policy.reason = draft.reason


def draft_policy(actor: Actor, draft: Draft) -> int:
    """Write the first version of a new policy; gives its id."""
    code = draft.terms.code
    with work(actor, Permission.REBATES_WRITE) as w:
        if not code.strip() or not draft.terms.name.strip():
            raise Refused([block("rebate.unnamed", code)])
        if reads.versions(code):
            raise Refused([block("rebate.policy.known", code, code=code)])
        policy = RebatePolicy(code=code, version_no=1, state="draft", drafted_by_id=actor.user_id)
        _fill(policy, draft)
        w.session.add(policy)
        w.session.flush()  # the audit line needs policy.id
        w.audit("policy:draft", policy, label=_label(policy), reason=draft.reason)
        return policy.id


def _label(policy: RebatePolicy) -> str:
    return f"{policy.code} v{policy.version_no}"


def _open(w: Work, policy_id: int, act: str, seen_version: int | None) -> RebatePolicy:
    """The version, locked, in the state to which the act leads; refused where it is not legal."""
    found = lock(RebatePolicy, [policy_id])
    policy: RebatePolicy = found[0] if found else reads.get_policy(w.actor, policy_id)
    try:
        state = WORKFLOW.next(policy.state, act)
    except IllegalTransition:
        raise Refused([block("rebate.policy.state", policy.code, state=policy.state)]) from None
    assert_seen(policy, seen_version)
    policy.state = state
    return policy


def save_policy(
    actor: Actor, policy_id: int, draft: Draft, *, seen_version: int | None = None
) -> None:
    """Change a draft. The code of a policy stays what it is."""
    with work(actor, Permission.REBATES_WRITE) as w:
        policy = _open(w, policy_id, "edit", seen_version)
        old_hash = policy.terms_hash
        _fill(policy, replace(draft, terms=replace(draft.terms, code=policy.code)))
        policy.drafted_by_id = actor.user_id
        w.audit(
            "policy:save",
            policy,
            label=_label(policy),
            reason=draft.reason,
            changes={"terms": (old_hash[:12], policy.terms_hash[:12])},
        )


def present_draft(policy: RebatePolicy) -> Draft:
    """The version as a draft again."""
    return Draft(reads.terms_of(policy), policy.valid_from, policy.enrols, policy.reason)


def submit(actor: Actor, policy_id: int, *, seen_version: int | None = None) -> None:
    """Ask a second person to approve; refused while anything blocks."""
    with work(actor, Permission.REBATES_WRITE) as w:
        policy = _open(w, policy_id, "submit", seen_version)
        blocking = [f for f in check(present_draft(policy), present=policy) if f.is_blocking]
        if blocking:
            raise Refused(blocking)
        policy.submitted_by_id, policy.submitted_at = actor.user_id, w.now
        w.audit("policy:submit", policy, label=_label(policy))


def approve(actor: Actor, policy_id: int, *, seen_version: int | None = None) -> None:
    """Switch the version on; neither who drafted nor who submitted it may do that."""
    with work(actor, Permission.REBATES_WRITE) as w:
        policy = _open(w, policy_id, "approve", seen_version)
        if actor.user_id in (policy.drafted_by_id, policy.submitted_by_id):
            raise Refused([block("rebate.policy.own", policy.code)])
        blocking = [f for f in check(present_draft(policy), present=policy) if f.is_blocking]
        if blocking:
            raise Refused(blocking)
        policy.approved_by_id, policy.approved_at = actor.user_id, w.now
        w.audit(
            "policy:approve",
            policy,
            label=_label(policy),
            changes={"state": ("review", "approved"), "terms": policy.terms_hash[:12]},
        )


def send_back(
    actor: Actor, policy_id: int, reason: str = "", *, seen_version: int | None = None
) -> None:
    """Back to draft: refused by a second person, or withdrawn by who submitted it."""
    with work(actor, Permission.REBATES_WRITE) as w:
        policy = _open(w, policy_id, "send_back", seen_version)
        policy.submitted_by_id = policy.submitted_at = None
        w.audit("policy:send_back", policy, label=_label(policy), reason=reason)


def retire(actor: Actor, policy_id: int, *, seen_version: int | None = None) -> None:
    """Give up a draft; approved versions stay, because periods were computed from them."""
    with work(actor, Permission.REBATES_WRITE) as w:
        policy = _open(w, policy_id, "retire", seen_version)
        w.audit("policy:retire", policy, label=_label(policy))


def revise(actor: Actor, policy_id: int) -> int:
    """A new version as a draft, equal to the one given; the open one if there is one already."""
    with work(actor, Permission.REBATES_WRITE) as w:
        source = reads.get_policy(actor, policy_id)
        every = reads.versions(source.code)
        standing = next((v for v in every if v.state in ("draft", "review")), None)
        if standing is not None:
            return standing.id
        last_no = w.session.scalar(
            sa.select(sa.func.max(RebatePolicy.version_no)).where(RebatePolicy.code == source.code)
        )
        policy = RebatePolicy(
            code=source.code,
            version_no=(last_no or 0) + 1,
            state="draft",
            drafted_by_id=actor.user_id,
        )
        following = Period.containing(w.today, reads.terms_of(source).period_kind)
        _fill(policy, replace(present_draft(source), valid_from=following.end, reason=""))
        w.session.add(policy)
        w.session.flush()  # the audit line and the page need policy.id
        w.audit("policy:revise", policy, label=_label(policy))
        return policy.id

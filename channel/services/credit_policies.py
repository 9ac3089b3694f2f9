"""Credit policies: proposed, tried on a month, approved by a second person, never changed.

What rules on a date is the approved version that began last; what follows is a new version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from channel import clock
from channel.access import Actor, Permission
from channel.db import lock
from channel.models.credit_policies import CreditPolicyVersion
from channel.queries import credit_policies as reads
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import Finding, block
from credit.policy import CreditPolicy, to_json, validate


@dataclass(frozen=True)
class Draft:
    """A version as somebody wants it."""

    policy: CreditPolicy
    valid_from: date
    reason: str


def check(draft: Draft) -> list[Finding]:
    """What stands against a proposal, and what it warns of."""
    found = validate(draft.policy)
    today = clock.today()
    if draft.valid_from < today:
        found.append(block("credit_policy.past", "valid_from", on=draft.valid_from, today=today))
    ruling = reads.in_force(draft.valid_from)
    if reads.policy_of(ruling) == draft.policy:
        found.append(block("credit_policy.unchanged", number=ruling.number))
    if not draft.reason.strip():
        found.append(block("credit_policy.reason_needed", "reason"))
    return found


def propose(actor: Actor, draft: Draft) -> int:
    """Hand in a version; gives its id. It checks nothing until a second person approves it."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        if blocking := [finding for finding in check(draft) if finding.is_blocking]:
            raise Refused(blocking)
        version = CreditPolicyVersion(
            number=w.number("credit_policy"),
            valid_from=draft.valid_from,
            state="proposed",
            policy=to_json(draft.policy),
            reason=draft.reason.strip(),
            proposed_by_id=actor.user_id,
            proposed_at=w.now,
        )
        w.session.add(version)
        w.session.flush()  # the audit line needs its id
        _tell(w, "propose", version, draft.reason)
        return version.id


def _tell(w: Work, act: str, version: CreditPolicyVersion, reason: str = "") -> None:
    changes = {"valid_from": version.valid_from} if act != "withdraw" else {}
    label = str(version.number)
    w.audit(f"credit_policy:{act}", version, label=label, reason=reason, changes=changes)


def _open(w: Work, policy_id: int, seen_version: int | None) -> CreditPolicyVersion:
    """A proposal, locked against a second decision of the same moment."""
    reads.get_policy(w.actor, policy_id)
    [version] = lock(CreditPolicyVersion, [policy_id])
    if version.state != "proposed":
        raise Refused([block("credit_policy.decided")])
    assert_seen(version, seen_version)
    return version  # type: ignore[no-any-return]


def approve(actor: Actor, policy_id: int, seen_version: int | None = None) -> None:
    """Put the version in force from its day on: by a second person, after a dry run."""
    with work(actor, Permission.CREDIT_APPROVE) as w:
        version = _open(w, policy_id, seen_version)
        found = []
        if actor.user_id is not None and version.proposed_by_id == actor.user_id:
            found.append(block("credit_policy.own"))
        if not reads.has_trial(policy_id):
            found.append(block("credit_policy.no_trial"))
        if version.valid_from < w.today:
            found.append(block("credit_policy.too_late", on=version.valid_from))
        if found:
            raise Refused(found)
        version.state, version.approved_at = "approved", w.now
        version.approved_by_id = actor.user_id
        _tell(w, "approve", version)


def withdraw(
    actor: Actor, policy_id: int, reason: str = "", seen_version: int | None = None
) -> None:
    """Take a proposal off the table; it stays to be read."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        version = _open(w, policy_id, seen_version)
        version.state = "withdrawn"
        _tell(w, "withdraw", version, reason.strip())

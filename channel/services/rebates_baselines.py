"""Typed baselines of growth: proposed by one person with a reason, approved by another.

A decided one never changes; another figure for the same period is a new proposal.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.partners import Distributor
from channel.models.rebates_evidence import GrowthBaseline
from channel.queries import rebates_baselines as reads
from channel.queries.scope import get_visible
from channel.services.work import Refused, work
from contracts.values.findings import Finding, block
from contracts.values.periods import Period


@dataclass(frozen=True)
class Wish:
    """A figure for one distributor, policy and period; ten-thousandths of what it measures."""

    distributor_id: int
    policy_code: str
    period: Period
    currency: str
    value_e4: int
    reason: str


def propose(actor: Actor, wish: Wish) -> int:
    """Propose a baseline; its id. It counts for nothing until a second person approves it."""
    with work(actor, Permission.REBATES_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, wish.distributor_id)
        if found := _faults(wish):
            raise Refused(found)
        row = GrowthBaseline(
            number=w.draw("GB", w.today),
            distributor_id=distributor.id,
            policy_code=wish.policy_code,
            period_start=wish.period.start,
            period_end=wish.period.end,
            currency=wish.currency,
            value_e4=wish.value_e4,
            reason=wish.reason.strip()[:500],
            state="proposed",
            proposed_by_id=actor.user_id,
            proposed_at=w.now,
        )
        w.session.add(row)
        w.session.flush()  # the page that follows needs row.id
        changes = {
            "policy_code": row.policy_code,
            "period": wish.period.label,
            "baseline": _units(row.value_e4),
        }
        w.audit("growth_baseline:propose", row, reason=row.reason, changes=changes)
        return row.id


def _faults(wish: Wish) -> list[Finding]:
    terms = {code: terms for code, _name, terms in reads.wanting()}.get(wish.policy_code)
    if terms is None:
        return [block("baseline.policy", policy=wish.policy_code)]
    found = []
    kinds = {terms.period_kind, terms.accumulate or terms.period_kind}
    if wish.period.kind not in kinds:
        found.append(block("baseline.period", period=wish.period.label))
    if wish.value_e4 <= 0:
        found.append(block("baseline.value"))
    if not wish.reason.strip():
        found.append(block("baseline.reason_needed"))
    return found


def _units(e4: int) -> str:
    return f"{Decimal(e4).scaleb(-4):,.2f}"


def decide(actor: Actor, baseline_id: int, *, is_approved: bool, note: str = "") -> None:
    """Let a baseline count, or refuse it; by another person than the one who proposed it."""
    with work(actor, Permission.REBATES_POST) as w:
        reads.get_baseline(actor, baseline_id)
        [row] = lock(GrowthBaseline, [baseline_id])
        if row.state != "proposed":
            raise Refused([block("baseline.decided", number=row.number)])
        if row.proposed_by_id == actor.user_id:
            raise Refused([block("approval.own_request")])
        if not is_approved and not note.strip():
            raise Refused([block("baseline.reason_needed")])
        row.state = "approved" if is_approved else "rejected"
        row.note = note.strip()[:500]
        row.decided_by_id, row.decided_at = actor.user_id, w.now
        tag = "growth_baseline:approve" if is_approved else "growth_baseline:reject"
        changes = {"baseline": _units(row.value_e4), "period": reads.period_of(row).label}
        w.audit(tag, row, reason=row.note, changes=changes)

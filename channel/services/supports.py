"""Support: budgets, claims cut to what is left, evidence before payment, season months."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.catalogue import ProductGroup
from channel.models.partners import Distributor
from channel.models.supports import SupportBudget, SupportClaim, SupportSeason
from channel.queries import supports as reads
from channel.queries.scope import get_visible
from channel.services.steps import supports as steps
from channel.services.work import Refused, assert_seen, work
from contracts.supports import check_payable, check_season
from contracts.values.findings import block, to_json

#: What a file begins with → its media type.
SIGNS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
MOST_BYTES = 8_000_000


@dataclass(frozen=True)
class Budget:
    """A budget as typed; `valid_to` is exclusive."""

    distributor_id: int
    title: str
    amount_fen: int
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class Claim:
    """A support as planned; `group_id` is needed for the trigger «season»."""

    kind: str
    trigger: str
    on_date: date
    title: str
    asked_fen: int
    group_id: int | None = None


def set_budget(actor: Actor, budget: Budget) -> int:
    """A budget for a distributor between two dates; gives its id."""
    with work(actor, Permission.SUPPORTS_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, budget.distributor_id)
        if budget.amount_fen <= 0:
            raise Refused([block("support.amount", "amount_fen")])
        if budget.valid_to <= budget.valid_from:
            raise Refused([block("support.span", "last_day")])
        row = SupportBudget(
            number=w.draw("SB", budget.valid_from),
            distributor_id=distributor.id,
            title=budget.title.strip(),
            currency=distributor.currency,
            amount_fen=budget.amount_fen,
            valid_from=budget.valid_from,
            valid_to=budget.valid_to,
            created_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(row)
        w.session.flush()  # the audit line needs row.id
        w.audit("support:budget", row, changes={"amount_fen": row.amount_fen})
        return row.id


def plan_support(actor: Actor, budget_id: int, claim: Claim) -> int:
    """Plan a support: the budget grants what it has left, and warnings are kept with it."""
    with work(actor, Permission.SUPPORTS_CLAIM) as w:
        budget = reads.get_budget(actor, budget_id)
        # Two claims at once must see each other: one at a time for each budget.
        lock(SupportBudget, [budget.id])
        if claim.asked_fen <= 0:
            raise Refused([block("support.amount", "asked_fen")])
        if not budget.valid_from <= claim.on_date < budget.valid_to:
            last = budget.valid_to - timedelta(days=1)
            facts = {"on": claim.on_date, "start": budget.valid_from, "last": last}
            raise Refused([block("support.outside", "on_date", **facts)])
        if claim.trigger == "season" and claim.group_id is None:
            raise Refused([block("support.group_needed", "group_id")])
        row = SupportClaim(
            number=w.draw("SU", claim.on_date),
            budget_id=budget.id,
            distributor_id=budget.distributor_id,
            kind=claim.kind,
            trigger=claim.trigger,
            group_id=claim.group_id,
            on_date=claim.on_date,
            title=claim.title.strip(),
            asked_fen=claim.asked_fen,
            granted_fen=0,
            over_fen=0,
            created_by_id=actor.user_id,
            created_at=w.now,
        )
        group = w.session.get(ProductGroup, claim.group_id) if claim.group_id else None
        season = reads.season_of(claim.group_id)
        warnings = check_season(claim.trigger, claim.on_date, group.name if group else "", season)
        row.findings = to_json(warnings)
        w.session.add(row)
        w.session.flush()  # the use of an exception refers to row.id
        steps.grant_claim(w, budget, row, warnings)
        changes = {"asked_fen": row.asked_fen, "granted_fen": row.granted_fen}
        w.audit("support:plan", row, changes=changes)
        return row.id


def prove_support(
    actor: Actor,
    claim_id: int,
    *,
    used_fen: int | None,
    evidence: str,
    result: str,
    file: tuple[str, bytes] | None = None,
    seen_version: int | None = None,
) -> None:
    """What was used, the paper that proves it (name and bytes), and what it brought."""
    with work(actor, Permission.SUPPORTS_CLAIM) as w:
        claim = reads.get_claim(actor, claim_id)
        assert_seen(claim, seen_version)
        if claim.state != "planned":
            raise Refused([block("support.not_now")])
        old = claim.used_fen
        claim.used_fen, claim.evidence, claim.result = used_fen, evidence.strip(), result.strip()
        if file is not None and file[1]:
            name, data = file
            media = next((kind for sign, kind in SIGNS.items() if data.startswith(sign)), None)
            if media is None or len(data) > MOST_BYTES:
                raise Refused([block("support.file_kind", "file", name=name)])
            claim.evidence_name, claim.evidence_type = name[:255], media
            claim.evidence_data = data
            claim.evidence_sha256 = hashlib.sha256(data).hexdigest()
        changes = {"used_fen": (old, used_fen), "evidence": claim.evidence or claim.evidence_name}
        w.audit("support:prove", claim, changes=changes)


def pay_support(actor: Actor, claim_id: int, seen_version: int | None = None) -> None:
    """Pay what was used; without evidence it is not payable."""
    with work(actor, Permission.SUPPORTS_PAY) as w:
        claim = reads.get_claim(actor, claim_id)
        lock(SupportBudget, [claim.budget_id])
        w.session.refresh(claim)
        assert_seen(claim, seen_version)
        if claim.state != "planned":
            raise Refused([block("support.not_now")])
        has_evidence = bool(claim.evidence or claim.evidence_sha256)
        if findings := check_payable(claim.granted_fen, claim.used_fen, has_evidence):
            raise Refused(findings)
        claim.state, claim.paid_by_id, claim.paid_at = "paid", actor.user_id, w.now
        changes = {"state": ("planned", "paid"), "used_fen": claim.used_fen}
        w.audit("support:pay", claim, changes=changes)


def cancel_support(
    actor: Actor, claim_id: int, reason: str, seen_version: int | None = None
) -> None:
    """Give back to the budget what a support would have taken."""
    with work(actor, Permission.SUPPORTS_CLAIM) as w:
        claim = reads.get_claim(actor, claim_id)
        lock(SupportBudget, [claim.budget_id])
        w.session.refresh(claim)
        assert_seen(claim, seen_version)
        if claim.state != "planned":
            raise Refused([block("support.not_now")])
        steps.release_claim(w, claim)
        claim.state = "cancelled"
        w.audit("support:cancel", claim, reason=reason, changes={"state": ("planned", "cancelled")})


def set_season(actor: Actor, group_id: int, months: Collection[int]) -> None:
    """The months that are season for a product group; none takes the season away."""
    with work(actor, Permission.SUPPORTS_WRITE) as w:
        wanted = sorted(set(months))
        if any(not 1 <= month <= 12 for month in wanted):
            raise Refused([block("support.month")])
        row = w.session.scalar(sa.select(SupportSeason).where(SupportSeason.group_id == group_id))
        old = list(row.months) if row else []
        if row is None:
            row = SupportSeason(group_id=group_id, months=[])
            w.session.add(row)
        row.months = wanted
        w.session.flush()  # the audit line needs row.id
        group = w.session.get_one(ProductGroup, group_id)
        said = (", ".join(map(str, old)), ", ".join(map(str, wanted)))
        w.audit("support:season", row, label=group.name, changes={"months": said})

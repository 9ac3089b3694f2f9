"""What a budget grants of a claim, and what an approved exception adds; shared with rechecks."""

from __future__ import annotations

from collections.abc import Sequence

from channel.models.supports import SupportBudget, SupportClaim
from channel.queries import supports as reads
from channel.services.steps import waivers
from channel.services.work import Work
from contracts.supports import check_grant, grant
from contracts.values.findings import Finding, from_json, to_json


def grant_claim(
    w: Work, budget: SupportBudget, claim: SupportClaim, warnings: Sequence[Finding] = ()
) -> None:
    """Cut the claim to what is left; the budget is locked already."""
    left = budget.amount_fen - reads.taken_fen(budget.id, but=claim.id)
    lefts = waivers.of_type(waivers.in_force(claim.distributor_id, claim.on_date), "support")
    over = max(lefts, key=lambda x: x.value_fen or 0, default=None)
    found = grant(claim.asked_fen, left, (over.value_fen or 0) if over else 0)
    claim.granted_fen, claim.over_fen = found.granted_fen, found.over_fen
    claim.findings = to_json([*warnings, *check_grant(claim.asked_fen, found)])
    if over is not None and found.over_fen:
        waivers.use(
            w, over.waiver.id, claim, value_fen=found.over_fen, quantity=0, on=claim.on_date
        )


def release_claim(w: Work, claim: SupportClaim) -> None:
    """Give back what the claim used of an exception."""
    waivers.give_back(w, claim, w.today)


def regrant(w: Work, claim: SupportClaim) -> None:
    """Look again after an exception was approved; what is planned only."""
    if claim.state != "planned":
        return
    old = claim.granted_fen
    kept = [f for f in from_json(claim.findings or []) if f.code != "support.capped"]
    release_claim(w, claim)
    w.session.flush()  # what is left of the exception is read anew
    claim.row_version += 1
    grant_claim(w, claim.budget, claim, kept)
    w.audit("support:regrant", claim, changes={"granted_fen": (old, claim.granted_fen)})

"""Accruals of rebates: the tier expected, and what is booked for it at the end of a month.

A run books only the difference between what is due so far and the open balance, never the sum of
all that was ever booked; what statements have settled is released. Entries never change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.rebates import RebatePolicy
from channel.models.rebates_trials import RebateAccrual, RebateAccrualRun, RebateExpectation
from channel.queries import rebates_expected as reads
from channel.queries import rebates_policies
from channel.queries.rebates_settling import Settling
from channel.queries.rebates_so_far import Estimates, gather_until, in_order
from channel.queries.rebates_sums import Owner
from channel.services.steps.rebates import as_settled
from channel.services.work import Refused, Work, work
from contracts.rebates.compute import compute
from contracts.rebates.expecting import expected_fen
from contracts.values.findings import block
from contracts.values.periods import Period, preceding

CHUNK = 1_000


@dataclass(frozen=True)
class Place:
    """Whose rebate of which period is meant."""

    policy_code: str
    distributor_id: int
    currency: str
    period: Period


def expect(actor: Actor, place: Place, tier: int | None, reason: str) -> None:
    """Choose the tier (position from 0) that a distributor is expected to reach; None takes it
    back, so that the tier reached counts again."""
    with work(actor, Permission.REBATES_WRITE) as w:
        if not reason.strip():
            raise Refused([block("rebate.expectation.reason", place.policy_code)])
        policies = [p for p in rebates_policies.ruling(place.period) if p.code == place.policy_code]
        tiers = len(rebates_policies.terms_of(policies[0]).tiers) if policies else 0
        if not policies or (tier is not None and not 0 <= tier < tiers):
            raise Refused([block("rebate.expectation.tier", place.policy_code)])
        chosen = RebateExpectation(
            policy_code=place.policy_code,
            distributor_id=place.distributor_id,
            currency=place.currency,
            period_start=place.period.start,
            period_end=place.period.end,
            tier=tier,
            reason=reason.strip(),
            chosen_by_id=actor.user_id,
            chosen_at=w.now,
        )
        w.session.add(chosen)
        w.session.flush()
        changes = {"policy_code": place.policy_code, "period": place.period.label}
        told = "" if tier is None else str(tier + 1)
        w.audit(
            "rebate_expectation:choose",
            chosen,
            label=place.policy_code,
            reason=reason.strip(),
            changes={**changes, "tier": told},
        )


def book(actor: Actor, on: date) -> int:
    """Book what is due by the end of a day; gives the id of the run.

    Refused for a day to come, for one before the last booking, and where nothing has changed.
    """
    with work(actor, Permission.REBATES_POST) as w:
        _assert_day(w, on)
        run = RebateAccrualRun(
            number=w.draw("RA", on), on_date=on, posted_by_id=actor.user_id, posted_at=w.now
        )
        w.session.add(run)
        w.session.flush()
        rows = _entries(run, on)
        count, total = 0, dict[str, int]()
        insert = sa.insert(RebateAccrual.__table__)
        while some := list(islice(rows, CHUNK)):
            w.session.execute(insert, some)
            count += len(some)
            for row in some:
                total[row["currency"]] = total.get(row["currency"], 0) + row["amount_fen"]
        if not count:
            raise Refused([block("rebate.accrual.nothing", day=on)])
        changes: dict[str, Any] = {"up_to": on, "entries": count}
        changes |= {f"total {c}": Decimal(fen).scaleb(-2) for c, fen in sorted(total.items())}
        w.audit("rebate_accrual_run:book", run, changes=changes)
        return run.id


def _assert_day(w: Work, on: date) -> None:
    if on > w.today:
        raise Refused([block("rebate.accrual.future", day=on)])
    last = reads.last_booked()
    if last is not None and on < last:
        raise Refused([block("rebate.accrual.before_last", last=last)])


def _concerned(on: date) -> list[tuple[RebatePolicy, Period]]:
    """The periods in which the day lies, the one before each, and those with an open balance."""
    found: dict[tuple[str, Period], RebatePolicy] = {}
    for policy, period in rebates_policies.ruling_on(on):
        found[policy.code, period] = policy
        assert period.kind is not None
        before = preceding(period.start, period.kind)
        for earlier in rebates_policies.ruling(before):
            if earlier.code == policy.code:
                found[policy.code, before] = earlier
    for code, period in reads.open_periods():
        for policy in rebates_policies.ruling(period):
            if policy.code == code:
                found.setdefault((code, period), policy)
    return [(policy, period) for (_code, period), policy in found.items()]


def _entries(run: RebateAccrualRun, on: date) -> Iterator[dict[str, Any]]:
    """The rows of all policies and periods in which something is to be booked."""
    estimates = Estimates()
    for settled in in_order(_concerned(on)):
        for row in _of_policy(settled, on, estimates):
            if row["amount_fen"]:
                yield {**row, "run_id": run.id}


def _of_policy(settled: Settling, on: date, estimates: Estimates) -> Iterator[dict[str, Any]]:
    """What is due to everybody of one policy and period, less what is settled and booked."""
    policy, period = settled.policy, settled.period
    given = reads.settled_by(policy.code, settled.counted, period, on)
    chosen = reads.expectations(policy.code, period, on)
    is_over = on >= period.last_day
    booked = reads.booked(policy.code, period)
    found = gather_until(settled, on, reduced=estimates.reductions(settled))
    for owner in sorted(found.own.keys() | given.keys() | booked.keys()):
        fen, earlier = given.get(owner, (0, 0))
        open_fen = booked.get(owner, 0)
        terms = as_settled(settled.terms, settled, earlier)
        facts = found.of(owner)
        result = compute(terms, facts, owner[1])
        estimates.add(settled, owner, result.entitlement_fen - earlier)
        due, tier, is_chosen = result.entitlement_fen, result.tier_hit, False
        # Once the period is over the tier is known: nothing is expected any more.
        if not is_over and owner in chosen:
            tier, is_chosen = chosen[owner].tier, True
            due = expected_fen(terms, facts, min(tier or 0, len(terms.tiers) - 1), owner[1])
        yield {
            **_key(policy, owner, period),
            "base_fen": int(result.base.scaleb(2)),
            "tier": tier,
            "is_chosen": is_chosen,
            "due_fen": due,
            "settled_fen": fen,
            "open_fen": open_fen,
            "amount_fen": due - fen - open_fen,
        }


def _key(policy: RebatePolicy, owner: Owner, period: Period) -> dict[str, Any]:
    return {
        "policy_id": policy.id,
        "policy_code": policy.code,
        "distributor_id": owner[0],
        "currency": owner[1],
        "period_start": period.start,
        "period_end": period.end,
    }

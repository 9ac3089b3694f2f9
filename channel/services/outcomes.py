"""Outcome reviews: set for their days, decided by a second person with the figures frozen.

«End» closes the waiver by an entry of its own; «widen» leads to a new application.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.exceptions import ExceptionRequest, Waiver
from channel.models.outcomes import OutcomeReview, WaiverEnd
from channel.queries import exceptions as requests
from channel.queries import outcomes as reads
from channel.services.steps import carving, credit
from channel.services.work import Refused, Work, assert_seen, work
from contracts.outcomes import Outcome
from contracts.values.findings import block
from contracts.values.periods import Period
from contracts.values.rates import Rate

DECISIONS = ("keep", "widen", "end")


@dataclass(frozen=True)
class Verdict:
    """What a person decides: `margin_bp` is the gross margin where it is known, `ends_on` the
    first day without the exception (with «end» only)."""

    decision: str
    reason: str
    margin_bp: int | None = None
    ends_on: date | None = None


def set_reviews(actor: Actor, request_id: int, days: Sequence[date]) -> None:
    """Set the open reviews of a request anew; what was decided stays."""
    with work(actor, Permission.EXCEPTIONS_DECIDE) as w:
        request = requests.get_request(actor, request_id)
        lock(ExceptionRequest, [request.id])
        wanted = sorted(set(days))
        for on in wanted:
            if not request.valid_from < on <= request.valid_to:
                raise Refused([block("exception.review_outside", "review_on", on=on)])
        old = [str(day) for day in request.review_on or ()]
        request.review_on = [on.isoformat() for on in wanted]
        request.row_version += 1
        if request.state == "approved":
            _rewrite(w, request, wanted)
        w.audit(
            "exception:set_reviews",
            request,
            changes={"review_on": (", ".join(old), ", ".join(request.review_on))},
        )


def _rewrite(w: Work, request: ExceptionRequest, wanted: Sequence[date]) -> None:
    rows = reads.reviews_of(request.id)
    for row in rows:
        if row.decided_at is None and row.due_on not in wanted:
            w.session.delete(row)
    known = {row.due_on for row in rows}
    for on in wanted:
        if on not in known:
            w.session.add(OutcomeReview(request_id=request.id, due_on=on, row_version=1))


def decide_review(
    actor: Actor, review_id: int, verdict: Verdict, seen_version: int | None = None
) -> str:
    """Keep, widen or end, with a reason; gives the decision. The figures freeze with it."""
    with work(actor, Permission.EXCEPTIONS_DECIDE) as w:
        review = reads.get_review(actor, review_id)
        request = review.request
        credit.lock_account(w, request.distributor_id, request.currency)
        lock(OutcomeReview, [review.id])
        w.session.refresh(review)
        if review.decided_at is not None:
            raise Refused([block("outcome.decided")])
        assert_seen(review, seen_version)
        _check(w, review, verdict)
        margin = Rate(Decimal(verdict.margin_bp).scaleb(-4)) if verdict.margin_bp else None
        found = reads.measure(request, review.due_on, margin)
        if found is not None:
            review.figures = frozen(*found)
        review.decision, review.reason = verdict.decision, verdict.reason.strip()
        review.decided_by_id, review.decided_at = actor.user_id, w.now
        if verdict.decision == "end":
            _end(w, request, verdict)
        w.audit(
            "exception:review",
            request,
            reason=verdict.reason.strip(),
            changes={"decision": verdict.decision, "due_on": review.due_on},
        )
        return verdict.decision


def _check(w: Work, review: OutcomeReview, verdict: Verdict) -> None:
    if verdict.decision not in DECISIONS:
        raise Refused([block("outcome.no_decision", "decision")])
    if review.due_on > w.today:
        raise Refused([block("outcome.too_early", on=review.due_on)])
    if review.request.requester_id == w.actor.user_id:
        raise Refused([block("outcome.own_request")])
    if not verdict.reason.strip():
        raise Refused([block("outcome.reason_needed", "reason")])


def _end(w: Work, request: ExceptionRequest, verdict: Verdict) -> None:
    """A new entry closes the waiver from a day on; never back in time, never twice."""
    waiver = w.session.scalars(sa.select(Waiver).where(Waiver.request_id == request.id)).one()
    ends_on = verdict.ends_on or w.today
    if reads.early_end(request.id) is not None:
        raise Refused([block("outcome.ended_already")])
    if ends_on >= waiver.valid_to:
        return  # it ends by itself no later
    if ends_on < max(w.today, waiver.valid_from):
        raise Refused([block("outcome.end_past", "ends_on", on=max(w.today, waiver.valid_from))])
    if waiver.type == "level" and (held := carving.still_held(waiver, ends_on)):
        raise Refused([block("outcome.still_held", contracts=tuple(held), on=ends_on)])
    w.session.add(
        WaiverEnd(
            waiver_id=waiver.id,
            ends_on=ends_on,
            reason=verdict.reason.strip(),
            ended_by_id=w.actor.user_id,
            created_at=w.now,
        )
    )
    w.session.flush()  # what was taken out of others' agreements reads it
    if waiver.type == "level":
        carving.give_back(w, waiver, ends_on, request.number)
    w.audit("exception:end", request, reason=verdict.reason.strip(), changes={"valid_to": ends_on})


def frozen(outcome: Outcome, period: Period, comparison: reads.Comparison | None) -> dict[str, Any]:
    """The figures as they stand at the decision, for ever."""
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "actual_fen": outcome.actual_fen,
        "before_fen": outcome.before_fen,
        "forecast_fen": outcome.forecast_fen,
        "rank": outcome.rank,
        "of": outcome.of,
        "incremental_fen": outcome.incremental_fen,
        "margin_bp": None
        if outcome.margin is None
        else int((outcome.margin.fraction * 10_000).to_integral_value()),
        "incremental_margin_fen": outcome.incremental_margin_fen,
        "parent": comparison.parent if comparison else None,
        "parent_name": comparison.name if comparison else "",
        "peers": [
            {"name": p.name, "sales_fen": p.sales_fen, "own": p.is_own}
            for p in (comparison.peers if comparison else ())
        ],
    }

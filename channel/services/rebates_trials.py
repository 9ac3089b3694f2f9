"""A version of a policy tried on the past: what it would have cost, and for whom.

Nothing is granted and nothing is changed: a trial is a question with its answer. A year is
answered while the page waits, because everything is read for all distributors at once; what is
longer becomes a job.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.rebates import RebatePolicy
from channel.models.rebates_trials import RebateTrial, RebateTrialLine
from channel.queries import rebates_looks, rebates_policies, rebates_trials
from channel.queries.rebates_sums import Owner
from channel.services.jobs import handles, report_progress
from channel.services.steps.rebates_replay import (
    Replay,
    Replayed,
    is_replayed,
    periods_within,
    years_of,
)
from channel.services.work import Refused, Work, work
from contracts.rebates.closeness import Close, closest
from contracts.rebates.figures import facts_to_json
from contracts.rebates.model import PERIOD_KINDS
from contracts.values.findings import block
from contracts.values.periods import Period

#: So many days are answered while the page waits.
AT_ONCE_DAYS = 366
CHUNK = 1_000
MOST_CLOSE_BP = 5_000


@dataclass(frozen=True)
class Question:
    """What is tried: a version, over the periods within `span`, for whom, beside which policy.

    `as_settled`: periods that were settled as their last run saw them, so that what ruled gives
    what was paid; else with all that has come in since. `everybody`: as if every distributor were
    enrolled; else those who were. `distributor_ids`: None for all. `close_bp`: basis points under
    a bound within which somebody counts as close.
    """

    policy_id: int
    span: Period
    everybody: bool = False
    distributor_ids: tuple[int, ...] | None = None
    against: str = ""
    close_bp: int = 500
    as_settled: bool = True


@dataclass
class _Line:
    """What is collected for one distributor, currency and period."""

    base_fen: int = 0
    now_fen: int = 0
    then_fen: int = 0
    paid_fen: int = 0
    close: Close | None = None
    facts: Any = None


Key = tuple[Owner, Period]


def is_long(span: Period) -> bool:
    """Whether the question is answered by a job."""
    return span.days > AT_ONCE_DAYS


def try_policy(actor: Actor, question: Question) -> int:
    """Answer at once; gives the id of the trial."""
    with work(actor, Permission.REBATES_WRITE) as w:
        trial = _new_trial(w, question)
        _answer(w, trial)
        return trial.id


def order_trial(actor: Actor, question: Question) -> int:
    """Order the answer as a job; gives the id of the job."""
    with work(actor, Permission.REBATES_WRITE) as w:
        trial = _new_trial(w, question)
        return w.job("rebate_trial", f"rebate_trial:{trial.id}", {"trial_id": trial.id}).id


@handles("rebate_trial")
def _answer_as_job(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """One transaction, so that a trial is answered whole or not at all."""
    report_progress(job_id, 0, 1)
    with work(actor, Permission.REBATES_WRITE) as w:
        trial = w.session.get_one(RebateTrial, payload["trial_id"])
        if trial.state == "waiting":
            _answer(w, trial)
        return {"trial_id": trial.id}


def _new_trial(w: Work, question: Question) -> RebateTrial:
    policy = rebates_policies.get_policy(w.actor, question.policy_id)
    _assert_answerable(policy, question)
    trial = RebateTrial(
        number=w.draw("RT", w.today),
        policy_id=policy.id,
        policy_code=policy.code,
        version_no=policy.version_no,
        name=policy.name,
        state="waiting",
        terms=policy.terms,
        terms_hash=policy.terms_hash,
        enrols="all" if question.everybody else policy.enrols,
        against=question.against or policy.code,
        period_start=question.span.start,
        period_end=question.span.end,
        distributor_ids=sorted(question.distributor_ids) if question.distributor_ids else None,
        close_bp=question.close_bp,
        as_settled=question.as_settled,
        made_by_id=w.actor.user_id,
        made_at=w.now,
    )
    w.session.add(trial)
    w.session.flush()
    w.audit(
        "rebate_trial:make", trial, changes={"policy_code": policy.code, "period": trial.span.label}
    )
    return trial


def _assert_answerable(policy: RebatePolicy, question: Question) -> None:
    """Refused: terms that cannot be computed, and a span without a whole period."""
    terms = rebates_policies.terms_of(policy)
    if findings := rebates_trials.blocking(terms):
        raise Refused(findings)
    if not periods_within(question.span, terms.period_kind):
        raise Refused([block("rebate.trial.no_period", policy.code, period=question.span.label)])
    if not 0 <= question.close_bp <= MOST_CLOSE_BP:
        raise Refused([block("rebate.trial.closeness", policy.code)])


def _answer(w: Work, trial: RebateTrial) -> None:
    """Compute and write all lines of a trial."""
    lines: dict[Key, _Line] = {}
    wanted = None if trial.distributor_ids is None else set(trial.distributor_ids)
    looks = rebates_looks.last_looks(years_of(trial.span)) if trial.as_settled else {}
    for found in _under_what_ruled(trial, Replay(w.today, looks)):
        line = lines.setdefault((found.owner, found.period), _Line())
        line.now_fen += found.amount_fen
        line.base_fen = int(found.result.base.scaleb(2))
    for found in _under_what_is_tried(trial, Replay(w.today, looks)):
        line = lines.setdefault((found.owner, found.period), _Line())
        line.then_fen = found.amount_fen
        line.base_fen = int(found.result.base.scaleb(2))
        line.close = closest(found.terms, found.result, trial.close_bp)
        line.facts = {**facts_to_json(found.facts), "earlier_fen": found.earlier_fen}
    for owner, period, fen in rebates_trials.paid(trial.against, trial.span):
        lines.setdefault((owner, period), _Line()).paid_fen = fen
    rows = (
        _row(trial, owner, period, line)
        for (owner, period), line in lines.items()
        if wanted is None or owner[0] in wanted
    )
    insert = sa.insert(RebateTrialLine.__table__)
    while some := list(islice(rows, CHUNK)):
        w.session.execute(insert, some)
    trial.state = "done"


def _under_what_ruled(trial: RebateTrial, replay: Replay) -> Iterator[Replayed]:
    """Each period under the version that ruled it, whatever kind of period that was."""
    for kind in PERIOD_KINDS:
        for period in periods_within(years_of(trial.span), kind):
            for policy in rebates_policies.ruling(period):
                if policy.code == trial.against and is_replayed(policy, period, trial.span):
                    yield from _in_span(trial, replay.of(policy, period))


def _under_what_is_tried(trial: RebateTrial, replay: Replay) -> Iterator[Replayed]:
    tried = RebatePolicy(
        id=trial.policy_id,
        code=trial.policy_code,
        version_no=trial.version_no,
        name=trial.name,
        terms=trial.terms,
        terms_hash=trial.terms_hash,
        enrols=trial.enrols,
        valid_from=trial.period_start,
        state="draft",
    )
    kind = rebates_policies.terms_of(tried).period_kind
    for period in periods_within(years_of(trial.span), kind):
        if is_replayed(tried, period, trial.span):
            yield from _in_span(trial, replay.of(tried, period))


def _in_span(trial: RebateTrial, replayed: Iterator[Replayed]) -> Iterator[Replayed]:
    """What is asked for; earlier periods were replayed because later ones add up on them."""
    for one in replayed:
        if one.period.start >= trial.period_start:
            yield one


def _row(trial: RebateTrial, owner: Owner, period: Period, line: _Line) -> dict[str, Any]:
    close = line.close
    return {
        "trial_id": trial.id,
        "distributor_id": owner[0],
        "currency": owner[1],
        "period_start": period.start,
        "period_end": period.end,
        "base_fen": line.base_fen,
        "now_fen": line.now_fen,
        "then_fen": line.then_fen,
        "paid_fen": line.paid_fen,
        "short_fen": close.short_fen if close else None,
        "short_units": close.short_units if close else None,
        "gain_fen": close.gain_fen if close else None,
        "is_close": close is not None,
        "facts": line.facts,
    }

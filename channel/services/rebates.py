"""Rebate runs: proposed over all distributors at once, reviewed, posted by a second person.

A posted statement never changes. A later run of the same period grants only the difference, so
a late credit note or a changed policy becomes a delta and a run without new facts grants nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.rebates import RebateRun, RebateStatement
from channel.queries import (
    partners,
    rebates_doubts,
    rebates_policies,
    rebates_replies,
    rebates_runs,
    rebates_seen,
)
from channel.services.jobs import handles
from channel.services.steps import rebates as steps
from channel.services.steps import (
    rebates_desk,
    rebates_filling,
    rebates_pool_paper,
    rebates_stacked,
    rebates_tax,
)
from channel.services.steps import rebates_documents as papers
from channel.services.steps import rebates_inputs as inputs
from channel.services.steps import rebates_reasons as reasons
from channel.services.steps.importing.bulk import in_bulk
from channel.services.work import Refused, Stale, Work, assert_seen, work
from contracts.values.findings import Finding, block, info, warn
from contracts.values.money import Money
from contracts.values.periods import Period
from contracts.values.transitions import IllegalTransition, Transitions

WORKFLOW: Transitions[str, str] = Transitions(
    {
        ("proposed", "review"): "reviewed",
        ("reviewed", "post"): "posted",
        ("proposed", "discard"): "discarded",
        ("reviewed", "discard"): "discarded",
    }
)

#: A period with so few invoices is computed while the page waits.
AT_ONCE_INVOICES = 5_000
#: So few statements are posted while the page waits.
AT_ONCE_STATEMENTS = 200
#: So many statements are written at a time, or frozen with one read of their lines.
CHUNK = 500


@in_bulk
def propose(actor: Actor, period: Period) -> int:
    """Compute the period for all policies and distributors; gives the run's id.

    An unposted run of the period is replaced. Refused when no approved policy settles the period.
    """
    with work(actor, Permission.REBATES_WRITE) as w:
        # The number comes first: its row makes proposals and what they read wait for each other.
        run = _new_run(w, period)
        if not rebates_policies.ruling(period):
            raise Refused([_no_policy(period)])
        replaced = _discard_open(w, period)
        seen = steps.freeze(w)
        run.through_line_id, run.seen = seen.lines, rebates_seen.to_json(seen)
        tasks = steps.tasks_of(period)
        run.inputs_hash = ""
        w.session.add(run)
        w.session.flush()  # the statements need run.id
        digest, ledger, statements = steps.digest_of(period), steps.ledger_for(tasks), 0
        for task in tasks:
            statements += _write(w, steps.computed(run, task, ledger, w.today, digest))
        run.inputs_hash = digest.hexdigest()
        changes: dict[str, Any] = {"period": period.label, "statements": statements}
        if replaced:
            changes["replaces"] = ", ".join(replaced)
        w.audit("rebate_run:propose", run, changes=changes)
        return run.id


def _write(w: Work, computed: steps.Computed) -> int:
    """Insert the statements, some at a time, so that memory stays flat; gives their number."""
    insert, written = sa.insert(RebateStatement.__table__), 0
    rows, task = computed.rows(), computed.task
    while some := list(islice(rows, CHUNK)):
        if task.since is not None:
            reasons.say(some, task.settled, task.since)
        w.session.execute(insert, some)
        written += len(some)
    return written


def _new_run(w: Work, period: Period) -> RebateRun:
    return RebateRun(
        number=w.draw("RR", w.today),
        period_start=period.start,
        period_end=period.end,
        state="proposed",
        proposed_by_id=w.actor.user_id,
        proposed_at=w.now,
    )


def _no_policy(period: Period) -> Finding:
    if period.kind is None:
        return block("rebate.run.not_calendar", period.label, period=period.label)
    return block("rebate.run.no_policy", period.label, period=period.label)


def _discard_open(w: Work, period: Period) -> list[str]:
    """Discard what was proposed for the period and not posted; gives the numbers."""
    numbers = w.session.scalars(
        sa.update(RebateRun)
        .where(
            RebateRun.period_start == period.start,
            RebateRun.period_end == period.end,
            RebateRun.state.in_(("proposed", "reviewed")),
        )
        .values(state="discarded", row_version=RebateRun.row_version + 1)
        .returning(RebateRun.number)
    )
    return sorted(numbers)


def order_run(actor: Actor, period: Period) -> int:
    """Order the computation as a job; two clicks give one job. Gives the job's id."""
    with work(actor, Permission.REBATES_WRITE) as w:
        if not rebates_policies.ruling(period):
            raise Refused([_no_policy(period)])
        key = f"rebate_run:{period.label}:{rebates_runs.runs_of(period)}"
        return w.job("rebate_run", key, {"period": period.label}).id


@handles("rebate_run")
def _propose_as_job(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """One transaction: the page shows that it moves, and at the end the run."""
    return {"run_id": propose(actor, Period.parse(payload["period"]))}


def warnings(run: RebateRun) -> list[Finding]:
    """What a reviewer should know before the run is posted."""
    if run.state not in ("proposed", "reviewed"):
        return []
    found = []
    if since := rebates_runs.lines_since(run):
        found.append(warn("rebate.run.lines_since", run.number, lines=since))
    for one, other, count in rebates_doubts.paid_twice(run):
        facts = {"one": one, "other": other, "count": count}
        found.append(warn("rebate.run.paid_twice", run.number, **facts))
    for code, what, count in rebates_doubts.lacking(run):
        found.append(warn(f"rebate.run.no_{what}", run.number, policy=code, count=count))
    for late in rebates_doubts.true_ups(run):
        sum_of = Money.from_fen(late.fen, late.currency)
        found.append(info("rebate.run.true_ups", run.number, count=late.count, sum=sum_of))
    return found


def _open_run(w: Work, run_id: int, act: str, seen_version: int | None) -> tuple[RebateRun, str]:
    """(the run, locked; the state to which the act leads); refused where it is not legal."""
    found = lock(RebateRun, [run_id])
    run: RebateRun = found[0] if found else rebates_runs.get_run(w.actor, run_id)
    try:
        state = WORKFLOW.next(run.state, act)
    except IllegalTransition:
        raise Refused([block("rebate.run.state", run.number, state=run.state)]) from None
    assert_seen(run, seen_version)
    return run, state


def review(actor: Actor, run_id: int, *, seen_version: int | None = None) -> None:
    """Say that the run was looked at; only then can it be posted."""
    with work(actor, Permission.REBATES_WRITE) as w:
        run, state = _open_run(w, run_id, "review", seen_version)
        run.state = state
        run.reviewed_by_id, run.reviewed_at = actor.user_id, w.now
        w.audit("rebate_run:review", run, changes={"state": ("proposed", "reviewed")})


def discard(
    actor: Actor, run_id: int, *, reason: str = "", seen_version: int | None = None
) -> None:
    """Give up a run that was not posted."""
    with work(actor, Permission.REBATES_WRITE) as w:
        run, state = _open_run(w, run_id, "discard", seen_version)
        run.state = state
        w.audit("rebate_run:discard", run, reason=reason)


def post(actor: Actor, run_id: int, *, seen_version: int | None = None) -> None:
    """Post a reviewed run: draw numbers, freeze what is printed, fill the rebate pool.

    The poster is not the proposer. Refused when statements were posted since for the same period.
    """
    with work(actor, Permission.REBATES_POST) as w:
        run, state = _open_run(w, run_id, "post", seen_version)
        _assert_second(run, actor)
        statements = _statements(w, run)
        numbers = steps.draw_many(w, "RS", w.today, len(statements))
        _assert_granted(run, statements)
        # Only now: until here the run must not count among what was granted before.
        run.state = state
        run.posted_by_id, run.posted_at = actor.user_id, w.now
        waived = rebates_filling.beyond(w, statements)
        _freeze(w, run, statements, numbers, waived)
        rebates_filling.fill(w, statements, numbers, waived)
        rebates_desk.correct_by_run(w, statements, numbers)
        sums: dict[str, int] = {}
        for s in statements:
            sums[s.currency] = sums.get(s.currency, 0) + s.amount_fen
        changes: dict[str, Any] = {"state": ("reviewed", "posted"), "statements": len(statements)}
        changes |= {f"total {c}": Decimal(fen).scaleb(-2) for c, fen in sorted(sums.items())}
        w.audit("rebate_run:post", run, changes=changes)


def _assert_second(run: RebateRun, actor: Actor) -> None:
    if run.proposed_by_id == actor.user_id:
        raise Refused([block("rebate.run.own", run.number)])


def order_posting(actor: Actor, run_id: int, *, seen_version: int | None = None) -> int:
    """Order the posting of a large run as a job; two clicks give one job. Gives the job's id.

    What refuses it already now is said now; the job asks everything again.
    """
    with work(actor, Permission.REBATES_POST) as w:
        run: RebateRun = rebates_runs.get_run(actor, run_id)
        if "post" not in WORKFLOW.actions(run.state):
            raise Refused([block("rebate.run.state", run.number, state=run.state)])
        _assert_second(run, actor)
        seen = run.row_version if seen_version is None else seen_version
        key = f"rebate_post:{run.id}:{seen}"
        return w.job("rebate_post", key, {"run_id": run.id, "seen_version": seen}).id


@handles("rebate_post")
def _post_as_job(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """One transaction: posted whole or not at all."""
    try:
        post(actor, payload["run_id"], seen_version=payload["seen_version"])
    except Stale:
        raise Refused([block("rebate.run.moved")]) from None
    return {"run_id": payload["run_id"]}


def _statements(w: Work, run: RebateRun) -> list[RebateStatement]:
    """The run's statements in the order of their numbers."""
    rows = w.session.scalars(
        sa.select(RebateStatement)
        .options(joinedload(RebateStatement.distributor), joinedload(RebateStatement.policy))
        .where(RebateStatement.run_id == run.id)
    )
    return sorted(
        rows, key=lambda s: (s.distributor.code, s.policy_code, s.currency, s.period_start)
    )


def _assert_granted(run: RebateRun, statements: Sequence[RebateStatement]) -> None:
    """Refuse when «granted before» is no longer what the proposal read."""
    for settled, some in inputs.by_settling(statements):
        ledger = steps.Ledger({settled.policy.code: {}})
        for s in statements:
            if s.policy_code == settled.policy.code and s.period_end < settled.period.end:
                period = Period(s.period_start, s.period_end)
                ledger.add(s.policy_code, (s.distributor_id, s.currency), period, s.amount_fen)
        before = steps.granted_before(settled, ledger)
        for s in some:
            granted = before.get((s.distributor_id, s.currency))
            if (granted.fen if granted else 0) != s.granted_before_fen:
                label = settled.period.label
                raise Refused([block("rebate.run.outdated", run.number, period=label)])


def _freeze(
    w: Work,
    run: RebateRun,
    statements: Sequence[RebateStatement],
    numbers: Sequence[str],
    waived: dict[int, int],
) -> None:
    """Number and freeze the statements, some at a time, so that memory stays flat."""
    if not statements:
        return
    names = rebates_runs.names_of(run.proposed_by_id, run.reviewed_by_id)
    shared = papers.Papers(
        run=run,
        maker=partners.get_maker(),
        signatures=papers.Signatures(
            names.get(run.proposed_by_id, "system"),
            names.get(run.reviewed_by_id, "system"),
            w.actor.name,
        ),
        posted_on=w.today.isoformat(),
        contracts=inputs.contract_numbers(statements),
        pool=rebates_pool_paper.read(run.id, waived),
        replies=rebates_replies.rules_on({s.distributor_id for s in statements}, w.today),
        rates=rebates_tax.read_rates(statements),
        given=rebates_stacked.given_by(statements, numbers),
    )
    for start in range(0, len(statements), CHUNK):
        some = statements[start : start + CHUNK]
        shared.lines = inputs.base_lines(run, some)
        shared.reports = inputs.reports_filed(some, w.today)
        shared.earlier = inputs.earlier_statements(some)
        rows = [
            papers.frozen(s.id, papers.document(shared, s, number))
            for s, number in zip(some, numbers[start : start + CHUNK], strict=True)
        ]
        w.session.execute(sa.update(RebateStatement), rows)
    rebates_desk.open_replies(w, statements, shared.replies)
    shared.pool.keep_shown(w)

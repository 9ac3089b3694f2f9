"""Dry runs of a credit policy: the documents of a month judged again, from their own figures.

Each document is judged by the figures that its verdict kept, on its own: that an order which the
policy stops would have left credit for the next is not replayed. Nothing is saved but the trial.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.db import db
from channel.models.credit_policies import CreditTrial, CreditTrialLine
from channel.models.orders import Order, Shipment
from channel.queries import credit_past
from channel.queries import credit_policies as reads
from channel.services.jobs import handles, report_progress
from channel.services.work import Refused, Work, work
from contracts.values.findings import block, from_json, to_json
from contracts.values.periods import Period
from credit.checking import try_on, unknown_to
from credit.policy import CreditPolicy

#: So many documents are tried while the reader waits; more are a job with progress.
AT_ONCE = 200
CHUNK = 500

#: kind → (model, its date, its amount)
KINDS: dict[str, tuple[Any, Any, Any]] = {
    "order": (Order, Order.order_date, Order.gross_fen),
    "shipment": (Shipment, Shipment.ship_date, Shipment.goods_gross_fen),
}


def try_month(actor: Actor, policy_id: int, month: str) -> tuple[int, int | None]:
    """(trial, job or None): try a version on the documents of a month such as «2026-10»."""
    with work(actor, Permission.CREDIT_APPROVE) as w:
        version = reads.get_policy(actor, policy_id)
        period = _month(month, w.today)
        trial = CreditTrial(
            policy_id=version.id,
            first_day=period.start,
            end_day=period.end,
            unjudged=sum(_count(kind, period.start, period.end, False) for kind in KINDS),
            created_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(trial)
        w.session.flush()  # lines, the job and the audit line refer to it
        label = str(version.number)
        w.audit("credit_policy:try", version, label=label, changes={"period": period.label})
        if sum(_count(kind, period.start, period.end, True) for kind in KINDS) > AT_ONCE:
            job = w.job("credit_trial", f"credit_trial:{trial.id}", {"trial_id": trial.id})
            return trial.id, job.id
        policy = reads.policy_of(version)
        while _try_some(w, trial, policy):
            pass
        trial.finished_at = w.now
        return trial.id, None


def _month(text: str, today: date) -> Period:
    try:
        period = Period.parse(text)
    except ValueError:
        raise Refused([block("credit_policy.month", "month", month=text)]) from None
    is_month = (period.start.day, period.days <= 31) == (1, True)
    if not is_month or period.start > today or period.start.year < 1990:
        raise Refused([block("credit_policy.month", "month", month=text)])
    return period


def _span(kind: str, start: date, end: date, *, judged: bool) -> Any:
    """The documents of the days that were, or were never, judged."""
    model, day, _amount = KINDS[kind]
    verdict = sa.cast(model.verdict, sa.Text)
    is_judged = sa.and_(model.verdict.is_not(None), verdict != "null")
    return sa.and_(day >= start, day < end, is_judged if judged else sa.not_(is_judged))


def _count(kind: str, start: date, end: date, judged: bool) -> int:
    model = KINDS[kind][0]
    where = _span(kind, start, end, judged=judged)
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(where)) or 0


@handles("credit_trial")
def run_trial(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Try the rest of a trial, some documents at a time; taken up again where it was left."""
    trial_id = int(payload["trial_id"])
    trial = db.session.get_one(CreditTrial, trial_id)
    total = sum(_count(kind, trial.first_day, trial.end_day, True) for kind in KINDS)
    more = True
    while more:
        with work(actor, Permission.CREDIT_APPROVE) as w:
            trial = w.session.get_one(CreditTrial, trial_id)
            more = bool(_try_some(w, trial, reads.policy_of(trial.policy)))
            if not more:
                trial.finished_at = w.now
        line = CreditTrialLine
        done = db.session.scalar(
            sa.select(sa.func.count()).select_from(line).where(line.trial_id == trial_id)
        )
        report_progress(job_id, done or 0, total)
    return {"trial_id": trial_id}


def _try_some(w: Work, trial: CreditTrial, policy: CreditPolicy) -> int:
    """Try the next documents that have no line yet; gives how many there were."""
    for kind, (model, day, _amount) in KINDS.items():
        tried = sa.select(CreditTrialLine.document_id).where(
            CreditTrialLine.trial_id == trial.id, CreditTrialLine.kind == kind
        )
        documents = w.session.scalars(
            sa.select(model)
            .where(_span(kind, trial.first_day, trial.end_day, judged=True))
            .where(model.id.not_in(tried))
            .order_by(day, model.id)
            .limit(CHUNK)
        ).all()
        if documents:
            past = credit_past.facts_of(kind, documents)
            rows = [_line(trial.id, kind, each, policy, past[each.id]) for each in documents]
            w.session.execute(sa.insert(CreditTrialLine), rows)
            return len(rows)
    return 0


def _line(
    trial_id: int, kind: str, document: Any, policy: CreditPolicy, past: credit_past.Past
) -> dict[str, Any]:
    """One document under the policy: the other rules' findings stay what they were."""
    _model, day, amount = KINDS[kind]
    verdict = document.verdict
    was = verdict["decision"]
    others = [f for f in from_json(verdict["findings"]) if not credit_past.is_of_policy(f)]
    lacks = list(past.lacks)
    now, reasons = "unknown", []
    if past.facts is not None:
        if unknown_to(policy, past.facts):
            lacks.append("later")
        decision, found = try_on(policy, past.facts, past.offers, others)
        now, reasons = decision.value, to_json(found)
        if past.matters(policy, decision.value, lacks):
            now, reasons = "unknown", []
    change = "unknown" if now == "unknown" else "same"
    if change == "same" and (was == "accept") != (now == "accept"):
        change = "stopped" if was == "accept" else "freed"
    return {
        "trial_id": trial_id,
        "kind": kind,
        "document_id": document.id,
        "number": document.number,
        "document_date": getattr(document, day.key),
        "distributor_id": document.distributor_id,
        "currency": document.currency,
        "amount_fen": getattr(document, amount.key),
        "was": was,
        "now": now,
        "change": change,
        "reasons": reasons if change != "unknown" else [{"lacks": sorted(set(lacks))}],
    }

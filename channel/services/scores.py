"""Use cases of credit grades and score cards: scored by one, accepted by another person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.jobs import Job
from channel.models.partners import Distributor, Maker
from channel.models.scores import CreditGrade, ScoreCard
from channel.queries import partners
from channel.queries import scores as reads
from channel.queries.scope import get_visible, visible
from channel.services.jobs import handles
from channel.services.steps.scores import Outcome, make_grades
from channel.services.work import Refused, Work, work
from contracts.values.findings import block
from credit import score_cards
from credit.scoring import Card


@dataclass(frozen=True)
class CardWish:
    """A score card as somebody proposes it."""

    card: Card
    valid_from: date
    reason: str


def _not_ahead(w: Work, on: date) -> None:
    if on > w.today:
        raise Refused([block("score.future", on=on)])


def score_one(actor: Actor, distributor_id: int, on: date) -> Outcome:
    """Score one distributor for a day; nothing is written when nothing moved."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        _not_ahead(w, on)
        lock(Distributor, [distributor.id])
        outcome = make_grades(w, on, distributor.id)
        if not outcome.same:
            grade = reads.newest(on, distributor.id, CreditGrade.graded_on == on)[distributor.id]
            changes = {"grade": (grade.previous_grade, grade.grade), "graded_on": on}
            w.audit("grade:make", grade, label=distributor.code, changes=changes)
        return outcome


def order_scores(actor: Actor, on: date) -> int:
    """Order the scores of all distributors for a day as a job; two clicks give one. Its id."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        _not_ahead(w, on)
        running = w.session.scalar(
            sa.select(Job.id).where(
                Job.kind == "credit_grades", Job.state.in_(("waiting", "running"))
            )
        )
        if running is not None:
            return running
        count = w.number("credit-grades")
        return w.job("credit_grades", f"credit-grades:{on}:{count}", {"on": on.isoformat()}).id


def score_all(actor: Actor, on: date) -> Outcome:
    """All active distributors in one transaction: run twice, it writes once."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        _not_ahead(w, on)
        house = _lock_house(w)
        outcome = make_grades(w, on)
        if outcome.made or outcome.moved:
            w.audit("grade:run", house, changes={"graded_on": on})
        return outcome


@handles("credit_grades")
def _score_all(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    outcome = score_all(actor, date.fromisoformat(payload["on"]))
    return {"on": payload["on"], **asdict(outcome)}


def _lock_house(w: Work) -> Maker:
    """The one row that makes runs and versions of cards follow one another."""
    [house] = lock(Maker, [partners.get_maker().id])
    return house  # type: ignore[no-any-return]


def accept_grade(actor: Actor, grade_id: int) -> None:
    """A second person lets a score count; the limit stays what it is."""
    with work(actor, Permission.CREDIT_APPROVE) as w:
        get_visible(actor, CreditGrade, grade_id)
        [grade] = lock(CreditGrade, [grade_id])
        if grade.state != "proposed" or not reads.is_newest(grade):
            raise Refused([block("score.stale")])
        if grade.made_by_id is not None and grade.made_by_id == actor.user_id:
            raise Refused([block("score.own")])
        _accept(w, grade)


def _accept(w: Work, grade: CreditGrade) -> None:
    grade.state, grade.accepted_by_id, grade.accepted_at = "accepted", w.actor.user_id, w.now
    w.audit(
        "grade:accept",
        grade,
        label=grade.distributor.code,
        changes={"grade": (grade.previous_grade, grade.grade), "graded_on": grade.graded_on},
    )


def accept_unchanged(actor: Actor) -> int:
    """Accept the newest scores of others that keep their grade; who moved is looked at. Count."""
    with work(actor, Permission.CREDIT_APPROVE) as w:
        first = reads.ranked(None)
        ids = w.session.scalars(
            sa.select(CreditGrade.id)
            .join(first, first.c.id == CreditGrade.id)
            .where(
                first.c.place == 1,
                CreditGrade.state == "proposed",
                CreditGrade.grade == CreditGrade.previous_grade,
                sa.func.coalesce(CreditGrade.made_by_id, 0) != (actor.user_id or 0),
                visible(actor, CreditGrade.distributor_id),
            )
        ).all()
        found = [grade for grade in lock(CreditGrade, ids) if grade.state == "proposed"]
        owners = sa.select(Distributor).where(
            Distributor.id.in_({grade.distributor_id for grade in found})
        )
        w.session.scalars(owners).all()  # read once; the lines of the trail name them
        for grade in found:
            _accept(w, grade)
        return len(found)


def propose_card(actor: Actor, wish: CardWish) -> int:
    """Hand in a version of the score card for a second person. Its id."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        findings = score_cards.validate(wish.card)
        if not wish.reason.strip():
            findings.append(block("score.reason_needed"))
        if wish.valid_from < w.today:
            findings.append(block("score.past", start=wish.valid_from))
        if findings:
            raise Refused(findings)
        _lock_house(w)
        last = w.session.scalar(sa.select(sa.func.max(ScoreCard.version_no))) or 0
        card = ScoreCard(
            version_no=last + 1,
            valid_from=wish.valid_from,
            card=score_cards.to_json(wish.card),
            reason=wish.reason.strip(),
            proposed_by_id=actor.user_id,
            proposed_at=w.now,
        )
        w.session.add(card)
        w.session.flush()  # the audit line needs card.id
        changes = {"version": card.version_no, "valid_from": card.valid_from}
        w.audit("score_card:propose", card, reason=card.reason, changes=changes)
        return card.id


def decide_card(actor: Actor, card_id: int, *, approve: bool, reason: str = "") -> None:
    """A second person approves a version, or takes it off the table; the trail keeps it."""
    with work(actor, Permission.CREDIT_APPROVE) as w:
        found = lock(ScoreCard, [card_id])
        if not found or found[0].approved_at is not None:
            raise Refused([block("score.card_decided")])
        [card] = found
        changes = {"version": card.version_no, "valid_from": card.valid_from}
        if not approve:
            w.audit("score_card:reject", card, reason=reason, changes=changes)
            w.session.delete(card)
            return
        if card.proposed_by_id is not None and card.proposed_by_id == actor.user_id:
            raise Refused([block("score.card_own")])
        card.approved_by_id, card.approved_at = actor.user_id, w.now
        w.audit("score_card:approve", card, changes=changes)

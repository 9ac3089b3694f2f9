"""Use cases about promotions: filed before, approved by a second person, logged as they happen.

A promotion that took place without its approval number, or outside its days, is an incident;
with it, it is evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.market import Promotion, PromotionLog
from channel.queries.scope import get_visible
from channel.rules.incidents import Filed, check_promotion
from channel.services.steps import market
from channel.services.steps.market import File
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import block, to_json


@dataclass(frozen=True)
class PromotionPlan:
    """What is planned; both days count, the budget is in fen."""

    distributor_id: int
    title: str
    plan: str
    budget_fen: int
    starts_on: date
    ends_on: date
    division_code: str | None = None


def file_promotion(actor: Actor, wish: PromotionPlan, files: Sequence[File] = ()) -> int:
    """File a promotion for approval; its id."""
    with work(actor, Permission.MARKET_FILE) as w:
        if wish.ends_on < wish.starts_on:
            raise Refused([block("promotion.span", start=wish.starts_on, end=wish.ends_on)])
        at = market.where(actor, w, wish.distributor_id, None, wish.title, wish.division_code)
        promotion = Promotion(
            number=w.draw("PM", w.today),
            distributor_id=at.distributor.id,
            division_code=at.division_code,
            title=wish.title.strip(),
            plan=wish.plan,
            currency=at.distributor.currency,
            budget_fen=wish.budget_fen,
            starts_on=wish.starts_on,
            ends_on=wish.ends_on,
            state="filed",
            filed_by_id=actor.user_id,
            filed_at=w.now,
            row_version=1,
        )
        w.session.add(promotion)
        w.session.flush()  # the audit entry needs its id
        market.attach(w, promotion, at.distributor.id, files)
        w.audit("promotion:file", promotion, changes={"budget_fen": wish.budget_fen})
        return promotion.id


def _open(w: Work, actor: Actor, promotion_id: int, seen: int | None, state: str) -> Promotion:
    get_visible(actor, Promotion, promotion_id)
    [promotion] = lock(Promotion, [promotion_id])
    assert_seen(promotion, seen)
    if promotion.state != state:
        raise Refused([block("promotion.not_now")])
    return promotion  # type: ignore[no-any-return]


def decide_promotion(
    actor: Actor, promotion_id: int, approves: bool, note: str = "", seen: int | None = None
) -> None:
    """Approve (a number is given) or reject with the reason; not by the one who filed it."""
    with work(actor, Permission.MARKET_HANDLE) as w:
        promotion = _open(w, actor, promotion_id, seen, "filed")
        if promotion.filed_by_id == actor.user_id:
            raise Refused([block("promotion.own")])
        if approves and promotion.ends_on < w.today:
            raise Refused([block("promotion.over", end=promotion.ends_on)])
        if not approves and not note.strip():
            raise Refused([block("promotion.reason_needed")])
        promotion.state = "approved" if approves else "rejected"
        promotion.note, promotion.decided_at = note.strip(), w.now
        if approves:
            promotion.approved_by_id = actor.user_id
            promotion.approval_number = w.draw("PA", w.today)
        tag = "promotion:approve" if approves else "promotion:reject"
        changes = {"state": ("filed", promotion.state)}
        if approves:
            changes["approval_number"] = ("", promotion.approval_number or "")
        w.audit(tag, promotion, reason=note.strip(), changes=changes)


def close_promotion(
    actor: Actor, promotion_id: int, result: str, spent_fen: int | None, seen: int | None = None
) -> None:
    """Write down what came of an approved promotion and what it cost."""
    with work(actor, Permission.MARKET_FILE) as w:
        promotion = _open(w, actor, promotion_id, seen, "approved")
        if not result.strip():
            raise Refused([block("promotion.result_needed")])
        promotion.state, promotion.result = "closed", result.strip()
        promotion.spent_fen = spent_fen
        changes = {"state": ("approved", "closed"), "spent_fen": spent_fen}
        w.audit("promotion:close", promotion, changes=changes)


@dataclass(frozen=True)
class Happened:
    """A promotion as it took place on a day; the approval number as it was stated."""

    distributor_id: int
    took_place_on: date
    what: str
    stated_number: str = ""
    outlet_id: int | None = None
    place: str = ""
    division_code: str | None = None


def log_promotion(actor: Actor, happened: Happened, files: Sequence[File] = ()) -> int:
    """Log a promotion: evidence of an approved one, else an incident. The id of the log."""
    with work(actor, Permission.MARKET_FILE) as w:
        if happened.took_place_on > w.today:
            raise Refused([block("promotion.in_future", on=happened.took_place_on)])
        if not happened.what.strip():
            raise Refused([block("incident.what_needed")])
        at = market.where(
            actor,
            w,
            happened.distributor_id,
            happened.outlet_id,
            happened.place,
            happened.division_code,
        )
        stated = happened.stated_number.strip()
        promotion = w.session.scalar(
            sa.select(Promotion).where(
                Promotion.approval_number == stated,
                Promotion.distributor_id == at.distributor.id,
            )
        ) if stated else None  # fmt: skip
        findings = []
        if market.duties(at.distributor.id, w).promotion_needs_approval or stated:
            filed = promotion and Filed(stated, promotion.starts_on, promotion.ends_on)
            findings = check_promotion(stated, filed, happened.took_place_on)
        log = PromotionLog(
            distributor_id=at.distributor.id,
            promotion_id=promotion.id if promotion else None,
            stated_number=stated,
            took_place_on=happened.took_place_on,
            place=at.place,
            division_code=at.division_code,
            what=happened.what.strip(),
            verdict="incident" if findings else "evidence",
            finding=to_json(findings) if findings else None,
            logged_by_id=actor.user_id,
            logged_at=w.now,
        )
        w.session.add(log)
        w.session.flush()  # the incident and the evidence need its id
        market.attach(w, log, at.distributor.id, files)
        w.audit("promotion:log", log, label=stated or at.place)
        if findings:
            market.open_incident(
                w, "promotion", at, finding=findings[0], what=log.what, promotion_log_id=log.id
            )
        return log.id

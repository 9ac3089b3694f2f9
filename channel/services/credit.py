"""Credit limits: proposed by one person, signed by others, dated, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.credit import CreditLimit
from channel.models.partners import Distributor
from channel.queries import credit_limits, credit_pools, limit_routes, partners
from channel.queries.scope import get_visible
from channel.services.work import Refused, Work, work
from contracts import approval
from contracts.approval import Act, ActKind, Case, CaseState, Route
from contracts.values.findings import Finding, block
from credit.limits import ENDING, Limit, LimitKind, is_large_raise, lift_of, limit_on

#: Kinds of limit that a pool can have: the others belong to one debtor.
POOL_KINDS_OF_LIMIT = ("fixed", "replacing", "seasonal")


@dataclass(frozen=True)
class LimitWish:
    """A limit as somebody proposes it; `valid_to` is exclusive.

    A guarantee names its value and the share that counts; its amount follows from the two.
    """

    kind: LimitKind
    valid_from: date
    reason: str
    amount_fen: int | None = None
    valid_to: date | None = None
    review_on: date | None = None
    guarantor: str = ""
    guarantee_fen: int | None = None
    share_bp: int | None = None
    project: str = ""
    currency: str | None = None


def check_wish(wish: LimitWish) -> list[Finding]:
    """What stands against a proposal before anybody else looks at it."""
    found = []
    if not wish.reason.strip():
        found.append(block("limit.reason_needed"))
    if wish.kind in ENDING and wish.valid_to is None:
        found.append(block("limit.end_needed"))
    if wish.valid_to is not None and wish.valid_to <= wish.valid_from:
        found.append(block("limit.span", start=wish.valid_from))
    if wish.review_on is not None and (
        wish.review_on <= wish.valid_from
        or (wish.valid_to is not None and wish.review_on >= wish.valid_to)
    ):
        found.append(block("limit.review_outside", start=wish.valid_from))
    if wish.kind == "guarantee":
        if not wish.guarantor.strip() or not wish.guarantee_fen or not wish.share_bp:
            found.append(block("limit.guarantee_needed"))
        elif wish.share_bp > 10_000:
            found.append(block("limit.share"))
    elif wish.kind in ENDING and wish.amount_fen is None:
        found.append(block("limit.amount_needed"))
    if wish.kind == "project" and not wish.project.strip():
        found.append(block("limit.project_needed"))
    return found


def propose_limit(actor: Actor, distributor_id: int, wish: LimitWish) -> int:
    """Hand in a dated limit; of a fixed one, None is unlimited and 0 is none."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        if findings := check_wish(wish):
            raise Refused(findings)
        currency = wish.currency or distributor.currency
        limit = _hand_in(w, wish, currency, credit_limits.limits(distributor.id, currency))
        limit.distributor_id = distributor.id
        return _announce(w, limit, distributor.code)


def propose_pool_limit(actor: Actor, pool_id: int, wish: LimitWish) -> int:
    """Hand in a dated limit of a group, or the budget of the house."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        pool = credit_pools.get_pool(actor, pool_id)
        if wish.kind not in POOL_KINDS_OF_LIMIT:
            raise Refused([block("pool.kind_of_limit")])
        if findings := check_wish(wish):
            raise Refused(findings)
        rows = credit_pools.limits_of_pools([pool.id])[pool.id]
        limit = _hand_in(w, wish, pool.currency, rows)
        limit.pool_id = pool.id
        return _announce(w, limit, pool.name)


def _hand_in(w: Work, wish: LimitWish, currency: str, rows: list[Limit]) -> CreditLimit:
    """The proposal beside the approved limits of its owner, with the route of its signatures."""
    is_bond = wish.kind == "guarantee"
    amount_fen = wish.amount_fen
    if is_bond:
        assert wish.guarantee_fen is not None and wish.share_bp is not None
        amount_fen = lift_of(wish.guarantee_fen, wish.share_bp)
    return CreditLimit(
        currency=currency,
        kind=wish.kind,
        amount_fen=amount_fen,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        review_on=wish.review_on,
        guarantor=wish.guarantor.strip() if is_bond else "",
        guarantee_fen=wish.guarantee_fen if is_bond else None,
        share_bp=wish.share_bp if is_bond else None,
        project=wish.project.strip() if wish.kind == "project" else "",
        reason=wish.reason.strip(),
        route=approval.route_to_json(_route(wish, rows, amount_fen)),
        signatures=[],
        proposed_by_id=w.actor.user_id,
        proposed_at=w.now,
    )


def _announce(w: Work, limit: CreditLimit, label: str) -> int:
    w.session.add(limit)
    w.session.flush()  # the audit line needs limit.id
    changes = {
        "limit_kind": limit.kind,
        "amount_fen": limit.amount_fen,
        "valid_from": limit.valid_from,
        "valid_to": limit.valid_to,
        "review_on": limit.review_on,
        "project": limit.project or None,
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    w.audit("limit:propose", limit, label=label, reason=limit.reason, changes=changes)
    return limit.id


def _route(wish: LimitWish, rows: list[Limit], amount_fen: int | None) -> Route:
    """One desk signs a small raise or a cut; the channel, finance and the owner a large one."""
    on = wish.valid_from
    wished = Limit(wish.kind, amount_fen, wish.valid_from, wish.valid_to)
    before, after = limit_on(rows, on), limit_on([*rows, wished], on)
    share_bp = partners.get_maker().limit_raise_bp
    return limit_routes.route(is_large=is_large_raise(before, after, share_bp))


def sign_limit(actor: Actor, limit_id: int) -> bool:
    """One signature on a proposed limit; True when it was the last and the limit is in force."""
    with work(actor, Permission.CREDIT_APPROVE) as w:
        limit = _open_limit(w, limit_id)
        assert actor.user_id is not None
        act = Act(actor.user_id, actor.role.value, ActKind.APPROVE)
        moved = approval.advance(limit_routes.case_of(limit), act)
        if not isinstance(moved, Case):
            raise Refused(moved)
        signed = {
            "person": actor.user_id,
            "role": actor.role.value,
            "name": actor.name,
            "at": w.now.isoformat(),
        }
        limit.signatures = [*(limit.signatures or []), signed]
        if moved.state is not CaseState.APPROVED:
            w.audit("limit:sign", limit, changes={"amount_fen": limit.amount_fen})
            return False
        limit.approved_by_id, limit.approved_at = actor.user_id, w.now
        w.audit("limit:approve", limit, changes={"amount_fen": limit.amount_fen})
        return True


def _open_limit(w: Work, limit_id: int) -> CreditLimit:
    """The proposal, locked against a second signature of the same moment."""
    limit: CreditLimit = get_visible(w.actor, CreditLimit, limit_id)
    if limit.pool_id is not None:
        credit_pools.get_pool(w.actor, limit.pool_id)
    found = lock(CreditLimit, [limit.id])
    if not found or found[0].approved_at is not None:
        raise Refused([block("limit.decided")])
    return found[0]  # type: ignore[no-any-return]


def reject_limit(actor: Actor, limit_id: int, reason: str) -> None:
    """Take a proposal off the table; the audit trail keeps what was asked."""
    with work(actor, Permission.CREDIT_APPROVE) as w:
        limit = _open_limit(w, limit_id)
        w.audit("limit:reject", limit, reason=reason, changes={"amount_fen": limit.amount_fen})
        w.session.delete(limit)

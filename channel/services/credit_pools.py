"""Limits that debtors share: pools opened, and debtors who join and leave them on stated days."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.db import db, lock
from channel.models.credit import CreditAccount, CreditPool, CreditPoolMember
from channel.models.partners import Distributor
from channel.queries import credit_pools as reads
from channel.queries.scope import get_visible
from channel.services.jobs import handles, report_progress
from channel.services.steps import credit, rechecking
from channel.services.work import Refused, Work, work
from contracts.values.findings import Finding, block


def open_pool(actor: Actor, name: str, kind: str, currency: str) -> int:
    """A group without members yet, or the house's one budget in a currency; without a limit
    either of them holds nothing."""
    assert kind in ("group", "house")
    with work(actor, Permission.CREDIT_WRITE) as w:
        name = name.strip()
        if w.session.scalar(sa.select(CreditPool.id).where(CreditPool.name == name)):
            raise Refused([block("pool.name", name=name)])
        former = w.session.scalar(
            sa.select(CreditPool.name).where(
                CreditPool.kind == "house", CreditPool.currency == currency
            )
        )
        if kind == "house" and former is not None:
            raise Refused([block("pool.house", name=former, currency=currency)])
        pool = CreditPool(name=name, kind=kind, currency=currency, created_at=w.now)
        w.session.add(pool)
        w.session.flush()  # the audit line needs pool.id
        w.audit("pool:open", pool, label=name, changes={"pool_kind": kind, "currency": currency})
        return pool.id


def join(
    actor: Actor, pool_id: int, distributor_id: int, start: date, end: date | None = None
) -> int:
    """Take a debtor into a group from a day on; `end` is exclusive."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        pool = _locked(w, pool_id)
        owner: Distributor = get_visible(actor, Distributor, distributor_id)
        if findings := _check(w, pool, owner, start, end):
            raise Refused(findings)
        member = CreditPoolMember(
            pool_id=pool.id, distributor_id=owner.id, valid_from=start, valid_to=end
        )
        w.session.add(member)
        w.session.flush()
        changes = {"member": f"{owner.code} {owner.name}", "valid_from": start, "valid_to": end}
        changes = {name: value for name, value in changes.items() if value is not None}
        w.audit("pool:join", pool, label=pool.name, changes=changes)
        return member.id


def _check(
    w: Work, pool: CreditPool, owner: Distributor, start: date, end: date | None
) -> list[Finding]:
    if pool.kind == "house":
        return [block("pool.house_members")]
    if start < w.today:
        return [block("pool.past", on=start, today=w.today)]
    if end is not None and end <= start:
        return [block("pool.span", start=start)]
    others = w.session.execute(
        sa.select(CreditPoolMember, CreditPool)
        .join(CreditPool, CreditPool.id == CreditPoolMember.pool_id)
        .where(
            CreditPoolMember.distributor_id == owner.id,
            CreditPool.currency == pool.currency,
            sa.or_(CreditPoolMember.valid_to.is_(None), CreditPoolMember.valid_to > start),
            CreditPoolMember.valid_from < end if end is not None else sa.true(),
        )
    ).all()
    for former, group in others:
        if group.id == pool.id:
            return [block("pool.member_twice", member=owner.name, start=former.valid_from)]
        return [block("pool.elsewhere", member=owner.name, pool=group.name)]
    return []


def leave(actor: Actor, member_id: int, last_day: date) -> int:
    """End a membership after a day, today at the earliest; gives the pool."""
    with work(actor, Permission.CREDIT_WRITE) as w:
        member = w.session.get_one(CreditPoolMember, member_id)
        pool = _locked(w, member.pool_id)
        owner: Distributor = get_visible(actor, Distributor, member.distributor_id)
        end = date.fromordinal(last_day.toordinal() + 1)
        if last_day < w.today:
            raise Refused([block("pool.past", on=last_day, today=w.today)])
        if end <= member.valid_from:
            raise Refused([block("pool.span", start=member.valid_from)])
        old, member.valid_to = member.valid_to, end
        changes = {"member": f"{owner.code} {owner.name}", "valid_to": (old, end)}
        w.audit("pool:leave", pool, label=pool.name, changes=changes)
        return pool.id


def _locked(w: Work, pool_id: int) -> CreditPool:
    reads.get_pool(w.actor, pool_id)
    [pool] = lock(CreditPool, [pool_id])
    return pool  # type: ignore[no-any-return]


@handles("recheck_shared")
def recheck_shared(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Judge what the others hold on whom money has made room, one debtor a transaction."""
    account = db.session.get_one(CreditAccount, payload["account"])
    waiting, currency = rechecking.waiting_beside(account), account.currency
    for done, distributor_id in enumerate(waiting, start=1):
        with work(actor) as w:
            rechecking.recheck_held(
                w, credit.lock_account(w, distributor_id, currency), is_first=False
            )
        report_progress(job_id, done, len(waiting))
    return {"debtors": len(waiting)}

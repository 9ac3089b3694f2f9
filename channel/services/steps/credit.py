"""The debtor's account: locked before it is read, moved only by entries, checked in one place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from channel.db import is_writing, lock_where
from channel.models.credit import CreditAccount, CreditEntry, CreditPool
from channel.queries import credit as reads
from channel.queries import credit_limits, credit_policies, credit_pools
from channel.queries.credit_memberships import shares_group, that_bind
from channel.services.steps.closing import assert_open
from channel.services.work import Work
from contracts.payment_terms import PaymentTerm
from contracts.values.findings import Finding
from credit.checking import check as check_policy
from credit.exposure import Bucket, Exposure, Room
from credit.facts import CreditFacts, Offer, by_day
from credit.facts import to_json as facts_to_json
from credit.holds import Point
from credit.limits import LimitOn, check_review, limit_on
from credit.policy import CreditPolicy, days_of
from credit.pools import PoolUse


def lock_account(w: Work, distributor_id: int, currency: str) -> CreditAccount:
    """The debtor's one row, locked; made on first use. Take it before reading any figure."""
    whose = (CreditAccount.distributor_id == distributor_id, CreditAccount.currency == currency)
    found = lock_where(CreditAccount, *whose)
    if not found:
        insert = _insert_unless_there(w)
        w.session.execute(
            insert.values(
                distributor_id=distributor_id,
                currency=currency,
                ordered_fen=0,
                shipped_fen=0,
                invoiced_fen=0,
                unapplied_fen=0,
            ).on_conflict_do_nothing(index_elements=["distributor_id", "currency"])
        )
        found = lock_where(CreditAccount, *whose)
    [account] = found
    return account  # type: ignore[no-any-return]


def shared_limits(account: CreditAccount, on: date) -> list[PoolUse]:
    """What the debtor shares with others: locked after its own account, then summed.

    Nobody who holds a pool waits for an account, so that no circle of waiting can close. A
    preview that saves nothing locks nothing.
    """
    bound = that_bind(account.distributor_id, account.currency, on)
    if is_writing() and not lock_where(CreditPool, *bound):
        return []
    return credit_pools.uses(account.distributor_id, account.currency, on)


def _insert_unless_there(w: Work) -> Any:
    """Two first documents at once must not fail on the second row."""
    from sqlalchemy.dialects import postgresql, sqlite

    dialect = w.session.get_bind().dialect.name
    return (postgresql if dialect == "postgresql" else sqlite).insert(CreditAccount)


def move(
    w: Work,
    account: CreditAccount,
    moves: Iterable[tuple[str, int]],
    *,
    act: str,
    document: Any,
    on: date,
) -> None:
    """Write (bucket, signed fen) entries for a document and keep the balances with them.

    Refused on a day of a closed month.
    """
    assert_open(w, on)
    for bucket, amount in moves:
        if amount == 0:
            continue
        w.session.add(
            CreditEntry(
                account_id=account.id,
                bucket=bucket,
                amount_fen=amount,
                act=act,
                document_kind=document.__tablename__.removeprefix("sales_"),
                document_id=document.id,
                on_date=on,
                created_at=w.now,
            )
        )
        name = f"{bucket}_fen"
        setattr(account, name, getattr(account, name) + amount)


def exposure_of(account: CreditAccount) -> Exposure:
    return Exposure(
        ordered_fen=account.ordered_fen,
        shipped_fen=account.shipped_fen,
        invoiced_fen=account.invoiced_fen,
        unapplied_fen=account.unapplied_fen,
    )


def limit_of(distributor_id: int, currency: str, on: date, used_fen: int = 0) -> LimitOn:
    """The approved limit on a date; without any row the limit is nil."""
    rows = credit_limits.limits(distributor_id, currency)
    return limit_on(rows, on, used_fen, is_shared=shares_group(distributor_id, currency, on))


@dataclass(frozen=True)
class Document:
    """What is checked. `new_fen` is what is not reserved yet, `value_fen` what the order is worth
    or the shipment would take away; `orders` are the orders of a shipment."""

    at: Point
    on: date
    new_fen: int
    value_fen: int
    deliver_on: date | None = None
    orders: Collection[int] = ()
    confirmed_on: date | None = None
    freight_fen: int = 0


@dataclass(frozen=True)
class Checked:
    """What credit says, with the version that ruled and all the figures, to be stored."""

    number: int
    policy: CreditPolicy
    facts: CreditFacts
    findings: list[Finding]

    def stored(self, offers: Sequence[Offer]) -> dict[str, Any]:
        """For the verdict: any other policy can be tried on it."""
        control = self.policy.at(self.facts.at)
        return {
            "policy": self.number,
            "mode": control.mode.value,
            "buckets": [bucket.value for bucket in Bucket if bucket in control.buckets],
            "horizon_days": control.horizon_days,
            "grade": self.facts.grade,
            "facts": facts_to_json(self.facts),
            "offers": [[offer.amount_fen, offer.left_fen] for offer in offers],
        }


def check(account: CreditAccount, payment: PaymentTerm | None, document: Document) -> Checked:
    """Everything that credit says at one of the two control points, by the day's policy."""
    exposure, on, currency = exposure_of(account), document.on, account.currency
    who = account.distributor_id
    ruling = credit_policies.ruling(who, currency, on, document.orders)
    facts = CreditFacts(
        at=document.at,
        on=on,
        exposure=exposure,
        room=Room(0),
        new_fen=document.new_fen,
        value_fen=document.value_fen,
        later=ruling.later,
        is_prepaid=payment is not None and payment.kind == "prepaid",
        term_days=None if payment is None else days_of(payment),
        grade=ruling.grade,
        deliver_on=document.deliver_on,
        confirmed_on=document.confirmed_on,
        freight_fen=document.freight_fen,
        currency=currency,
    )
    findings = []
    if not facts.is_prepaid:
        # Who pays in advance needs no limit and owes nothing that could be overdue.
        pools = tuple(shared_limits(account, on))
        limit = limit_on(
            credit_limits.limits(who, currency),
            on,
            exposure.used_fen,
            is_shared=any(pool.kind == "group" for pool in pools),
        )
        items = [(due, fen) for _, due, fen in reads.open_items(who, currency) if due < on]
        facts = replace(facts, room=Room.of(limit), overdue=by_day(items), pools=pools)
        findings = check_review(limit, on)
    return Checked(
        ruling.number, ruling.policy, facts, check_policy(ruling.policy, facts) + findings
    )

"""Held documents with what must be paid for their release, as of now.

The debtor's figures are read anew; what the document itself is stands in its verdict. A fixed
number of statements, however many documents are held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.credit_policies import CreditPolicyVersion
from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.queries import credit, credit_limits, credit_pools
from channel.queries.credit_memberships import shares_group
from channel.queries.credit_policies import FIRST_NUMBER, wanted_after
from channel.queries.scope import visible
from contracts.values.findings import from_json
from credit.checking import pay_to_release
from credit.exposure import Exposure, Room
from credit.facts import CreditFacts, Offer, by_day
from credit.facts import from_json as facts_from_json
from credit.limits import limit_on
from credit.policy import CreditPolicy
from credit.policy import from_json as policy_from_json
from credit.waiting import Waiting, pay_for_all


@dataclass(frozen=True)
class Held:
    """A document that waits for money. `pay_fen` None: money alone does not release it."""

    kind: str
    document: Any
    pay_fen: int | None


@dataclass(frozen=True)
class Waits:
    """What of a debtor waits in one currency, and what releases all that money can release."""

    currency: str
    held: tuple[Held, ...]
    all_fen: int


def waiting_of(actor: Actor, distributor_id: int) -> list[Waits]:
    """By currency: held shipments, then held orders, in the order of their release."""
    documents: list[tuple[str, Any]] = []
    for kind, model in (("shipment", Shipment), ("order", Order)):
        documents += [
            (kind, row)
            for row in db.session.scalars(
                sa.select(model)
                .where(
                    model.distributor_id == distributor_id,
                    visible(actor, model.distributor_id),
                    model.state == "held",
                )
                .order_by(model.id)
            )
        ]
    found = []
    for currency in sorted({row.currency for _kind, row in documents}):
        own = [(kind, row) for kind, row in documents if row.currency == currency]
        waiting = _waiting(distributor_id, currency, [row for _kind, row in own])
        held = tuple(
            Held(kind, row, _pay(row, each)) for (kind, row), each in zip(own, waiting, strict=True)
        )
        known = [each for each in waiting if each is not None]
        found.append(Waits(currency, held, pay_for_all(known)))
    return found


def pay_of(document: Any) -> int | None:
    """What must be paid to release one held document, as of now."""
    [waiting] = _waiting(document.distributor_id, document.currency, [document])
    return _pay(document, waiting)


def _pay(document: Any, waiting: Waiting | None) -> int | None:
    """Of a verdict from before credit policies, what it said itself."""
    if waiting is not None:
        return waiting.pay_fen()
    return pay_to_release(from_json(document.verdict["findings"]))


def _waiting(distributor_id: int, currency: str, documents: Sequence[Any]) -> list[Waiting | None]:
    """The documents' facts with the debtor's figures of now; None where none were kept."""
    kept = [(document.verdict or {}).get("credit") for document in documents]
    days = [date.fromisoformat(each["facts"]["on"]) for each in kept if each]
    if not days:
        return [None for _ in documents]
    debtor = _Debtor(distributor_id, currency, days)
    begun = _orders_of([each.id for each in documents if isinstance(each, Shipment)])
    found: list[Waiting | None] = []
    for document, stored in zip(documents, kept, strict=True):
        if not stored:
            found.append(None)
            continue
        own = begun[document.id] if isinstance(document, Shipment) else set()
        facts = debtor.now(facts_from_json(stored["facts"]), own)
        offers = tuple(Offer(*offer) for offer in stored.get("offers", ()))
        found.append(Waiting(debtor.policy_on(facts.on), facts, offers))
    return found


def _orders_of(shipments: Sequence[int]) -> dict[int, set[int]]:
    """The orders whose goods go with each shipment."""
    found: dict[int, set[int]] = defaultdict(set)
    if shipments:
        for shipment_id, order_id in db.session.execute(
            sa.select(ShipmentLine.shipment_id, OrderLine.order_id)
            .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
            .where(ShipmentLine.shipment_id.in_(shipments))
        ):
            found[shipment_id].add(order_id)
    return found


class _Debtor:
    """The figures of a debtor in one currency, read once for documents of some days.

    What is shared with others is that of the last of these days.
    """

    def __init__(self, distributor_id: int, currency: str, days: Sequence[date]) -> None:
        account = db.session.scalar(
            sa.select(CreditAccount).where(
                CreditAccount.distributor_id == distributor_id, CreditAccount.currency == currency
            )
        )
        self.exposure = Exposure()
        if account is not None:
            self.exposure = Exposure(
                account.ordered_fen,
                account.shipped_fen,
                account.invoiced_fen,
                account.unapplied_fen,
            )
        self.limits = credit_limits.limits(distributor_id, currency)
        self.items = [(due, fen) for _, due, fen in credit.open_items(distributor_id, currency)]
        self.later = wanted_after(distributor_id, currency, min(days))
        self.is_shared = shares_group(distributor_id, currency, max(days))
        self.pools = tuple(credit_pools.uses(distributor_id, currency, max(days)))
        p = CreditPolicyVersion
        self.policies = db.session.execute(
            sa.select(p.valid_from, p.number, p.policy)
            .where(p.state == "approved")
            .order_by(p.valid_from.desc(), p.number.desc())
        ).all()

    def policy_on(self, on: date) -> CreditPolicy:
        """The version that rules on the date, as credit_policies.ruling finds it."""
        ruling = next(
            policy
            for start, number, policy in self.policies
            if start <= on or number == FIRST_NUMBER
        )
        return policy_from_json(ruling)

    def now(self, facts: CreditFacts, begun: Collection[int]) -> CreditFacts:
        """The document's facts beside the debtor's present figures."""
        on, used = facts.on, self.exposure.used_fen
        limit = limit_on(self.limits, on, used, is_shared=self.is_shared)
        later = [(day, fen) for order, day, fen in self.later if day > on and order not in begun]
        return replace(
            facts,
            exposure=self.exposure,
            room=Room.of(limit),
            overdue=by_day((due, fen) for due, fen in self.items if due < on),
            later=tuple(later),
            pools=() if facts.is_prepaid else self.pools,
        )

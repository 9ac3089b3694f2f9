"""What waits for money, in the order in which it is judged again: what to pay for one, and for all.

A payment has documents judged again: held shipments first, whose goods are reserved already, then
held orders, each of which takes its credit before the next one is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from credit.checking import check, pay_to_release, soften
from credit.facts import CreditFacts, Offer
from credit.holds import Point
from credit.limits import LimitOn
from credit.policy import CreditPolicy


@dataclass(frozen=True)
class Waiting:
    """A held document: the policy of its day, its facts as of now, the exceptions at hand."""

    policy: CreditPolicy
    facts: CreditFacts
    offers: tuple[Offer, ...] = ()

    def pay_fen(self) -> int | None:
        """What releases it alone; 0 where nothing is missing, None where money does not do it."""
        found = soften(check(self.policy, self.facts), self.offers, self.facts.goods_fen)
        blocking = [finding for finding, *_ in found if finding.is_blocking]
        return pay_to_release(blocking) if blocking else 0


def pay_for_all(waiting: Sequence[Waiting]) -> int:
    """The one payment that releases every document that money can release, in their order."""
    most, ahead = 0, list[CreditFacts]()
    for each in waiting:
        pay = replace(each, facts=behind(each.facts, ahead)).pay_fen()
        if pay is not None:
            most = max(most, pay)
            ahead.append(each.facts)
    return most


def behind(facts: CreditFacts, ahead: Iterable[CreditFacts]) -> CreditFacts:
    """The debtor's figures once the orders ahead have reserved their credit."""
    for order in ahead:
        if order.at is not Point.ORDER:
            continue
        new, exposure = order.new_fen, facts.exposure
        later = facts.later
        if later is not None and order.deliver_on is not None and order.deliver_on > facts.on:
            later = (*later, (order.deliver_on, new))
        facts = replace(
            facts,
            exposure=replace(exposure, ordered_fen=exposure.ordered_fen + new),
            room=facts.room.after(exposure.used_fen, new),
            later=later,
            pools=tuple(
                replace(
                    pool,
                    used_fen=pool.used_fen + new,
                    limit=LimitOn(pool.limit.amount_fen, ()),
                )
                for pool in facts.pools
            ),
        )
    return facts

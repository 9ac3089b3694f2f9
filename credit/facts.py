"""The facts of a check as one value, and how they are stored with the verdict.

Whoever has them can judge the same moment again under another policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from credit.exposure import Bucket, Counted, Exposure, Room
from credit.holds import Point
from credit.limits import LimitOn
from credit.policy import Control
from credit.pools import PoolUse


@dataclass(frozen=True)
class CreditFacts:
    """What a check knew, in fen.

    `exposure` and `room` are the debtor's whole figures; `new_fen` what the document adds to
    them, `value_fen` what it is worth. `overdue` are open items past their day, `later` what of
    the open orders is wanted after the day of the check (None: not known). `term_days` is how
    long the agreement lets one pay (see credit.policy.days_of), None without an agreement.
    `confirmed_on` is the earliest day on which an order of the shipment was confirmed.
    """

    at: Point
    on: date
    exposure: Exposure
    room: Room
    new_fen: int
    value_fen: int
    overdue: tuple[tuple[date, int], ...] = ()
    later: tuple[tuple[date, int], ...] | None = ()
    is_prepaid: bool = False
    term_days: int | None = None
    grade: str = ""
    deliver_on: date | None = None
    confirmed_on: date | None = None
    currency: str = "CNY"
    #: The part of the value that is no goods: an exception is for the goods.
    freight_fen: int = 0
    #: What the debtor shares with others.
    pools: tuple[PoolUse, ...] = ()

    @property
    def goods_fen(self) -> int:
        """What the goods are worth."""
        return self.value_fen - self.freight_fen

    def counted(self, control: Control) -> Counted:
        """The parts that count under a policy; the document itself always does, unless it is an
        order whose goods are wanted after the horizon."""
        if control.horizon_days is None:
            end = date.max
        else:
            end = self.on + timedelta(days=control.horizon_days)
        is_beyond = self.at is Point.ORDER and self.deliver_on is not None and self.deliver_on > end
        new = min(0, self.new_fen) if is_beyond else self.new_fen
        if self.at is Point.SHIPMENT and Bucket.ORDERED not in control.buckets:
            new = self.value_fen  # the goods leave the bucket that does not count
        return Counted(
            self.exposure,
            control.buckets,
            new_fen=new,
            later_fen=sum(fen for day, fen in self.later or () if day > end),
        )


@dataclass(frozen=True)
class Offer:
    """A credit exception that could be used: up to this amount at once, and what is left of it
    (None: no bound)."""

    amount_fen: int
    left_fen: int | None = None


def to_json(facts: CreditFacts) -> dict[str, Any]:
    """The facts as plain JSON values."""
    exposure, room = facts.exposure, facts.room
    return {
        "at": facts.at.value,
        "on": facts.on.isoformat(),
        "exposure": [
            exposure.ordered_fen,
            exposure.shipped_fen,
            exposure.invoiced_fen,
            exposure.unapplied_fen,
        ],
        "room": [room.base_fen, room.left_fen, room.drawn_fen],
        "new_fen": facts.new_fen,
        "value_fen": facts.value_fen,
        "overdue": _days_to_json(facts.overdue),
        "later": None if facts.later is None else _days_to_json(facts.later),
        "is_prepaid": facts.is_prepaid,
        "term_days": facts.term_days,
        "grade": facts.grade,
        "deliver_on": facts.deliver_on and facts.deliver_on.isoformat(),
        "confirmed_on": facts.confirmed_on and facts.confirmed_on.isoformat(),
        "currency": facts.currency,
        "freight_fen": facts.freight_fen,
        "pools": [
            [pool.name, pool.kind, pool.used_fen, pool.limit.amount_fen] for pool in facts.pools
        ],
    }


def from_json(stored: Mapping[str, Any]) -> CreditFacts:
    """The inverse of `to_json`; what was not stored yet has its default."""
    later = stored.get("later")
    return CreditFacts(
        at=Point(stored["at"]),
        on=date.fromisoformat(stored["on"]),
        exposure=Exposure(*stored["exposure"]),
        room=Room(*stored["room"]),
        new_fen=stored["new_fen"],
        value_fen=stored["value_fen"],
        overdue=_days_from_json(stored.get("overdue", ())),
        later=None if later is None else _days_from_json(later),
        is_prepaid=stored.get("is_prepaid", False),
        term_days=stored.get("term_days"),
        grade=stored.get("grade", ""),
        deliver_on=_day(stored.get("deliver_on")),
        confirmed_on=_day(stored.get("confirmed_on")),
        currency=stored.get("currency", "CNY"),
        freight_fen=stored.get("freight_fen", 0),
        pools=tuple(
            PoolUse(name, kind, used, LimitOn(limit, ()))
            for name, kind, used, limit in stored.get("pools", ())
        ),
    )


def by_day(items: Any) -> tuple[tuple[date, int], ...]:
    """(day, fen) summed by day, oldest first; what is owed apart from what is in credit, so that
    an unused credit note never hides a debt of its day."""
    sums: dict[tuple[date, bool], int] = {}
    for day, fen in items:
        key = (day, fen < 0)
        sums[key] = sums.get(key, 0) + fen
    return tuple((day, fen) for (day, _), fen in sorted(sums.items()) if fen)


def _days_to_json(days: tuple[tuple[date, int], ...]) -> list[list[Any]]:
    return [[day.isoformat(), fen] for day, fen in days]


def _days_from_json(stored: Any) -> tuple[tuple[date, int], ...]:
    return tuple((date.fromisoformat(day), fen) for day, fen in stored)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

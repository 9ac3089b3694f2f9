"""The clauses of an agreement that are more than one figure: duties, mix, resale price, commitment.

Frozen values with their JSON. Every field that came after the first release has a default when
read, so that agreements stored before it still say what they said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from contracts.values.periods import PeriodKind
from contracts.values.rates import Rate

ResaleKind = Literal["suggested", "fixed"]
Side = Literal["distributor", "maker"]
#: What goods that come back are worth: what was paid for them, or the book price where that is
#: lower.
ExchangePrice = Literal["last", "lower"]
#: What it means when nobody objects to a statement in time.
Silence = Literal["confirms", "open"]


@dataclass(frozen=True)
class Duties:
    """Clauses 5 to 11 as figures; days are calendar days unless the name says working days.

    `exchange_window_days` 0 means that nothing is exchanged. `late_delivery_freight_fen` is the
    flat freight for one late change of the delivery place, 0 when freight is charged as it falls.
    """

    promotion_needs_approval: bool = True
    incident_report_hours: int = 24
    exchange_window_days: int = 90
    delivery_notice_working_days: int = 3
    display_pass_percent: int = 90
    pop_places: str = ""
    other: str = ""
    late_delivery_freight_fen: int = 0
    exchange_freight_by: Side = "distributor"
    #: How many faces the display standard asks for; 0 when the agreement names none.
    display_faces: int = 0
    #: Most of the net value invoiced in the quarter before, in basis points; None is no cap.
    exchange_cap_bp: int | None = None
    exchange_price: ExchangePrice = "last"
    #: How many claims a quarter takes; None for any number.
    exchange_times: int | None = None
    #: Calendar days from the approval by which the goods are sent back.
    exchange_return_days: int = 30
    #: Whether goods of at least the same value are taken in return, and no mere credit.
    exchange_needs_goods: bool = False
    exchange_sealed: bool = True
    #: For each case of selling outside the territory; 0 when the agreement names no amount.
    diversion_penalty_fen: int = 0
    #: Calendar days to fill the deposit up again after a deduction.
    deposit_top_up_days: int = 15


@dataclass(frozen=True)
class MixRule:
    """A product group must make up at least this share of the net value of each period."""

    group: str
    share: Rate
    period_kind: PeriodKind = "quarter"

    def __post_init__(self) -> None:
        if not self.group or not 0 < self.share.fraction <= 1:
            raise ValueError(f"not a mix rule: {self.group!r} {self.share}")


@dataclass(frozen=True)
class ResaleClause:
    """What the retail price is: a suggestion, or fixed under a named person's legal review."""

    kind: ResaleKind = "suggested"
    reviewer: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.kind not in get_args(ResaleKind):
            raise ValueError(f"not a resale clause: {self.kind!r}")


@dataclass(frozen=True)
class Commitment:
    """A promise to stay for so many months and buy so much; leaving early costs a rate of the rest.

    The rest is what is still to be bought on the day of leaving.
    """

    months: int
    committed_fen: int
    rate: Rate

    def __post_init__(self) -> None:
        if self.months <= 0 or self.committed_fen < 0 or not 0 <= self.rate.fraction <= 1:
            raise ValueError(f"not a commitment: {self}")


@dataclass(frozen=True)
class Obligation:
    """A duty in words with the day by which it is done and the side that owes it."""

    text: str
    due: date
    owner: Side = "distributor"

    def __post_init__(self) -> None:
        if not self.text.strip() or self.owner not in get_args(Side):
            raise ValueError(f"not an obligation: {self}")


@dataclass(frozen=True)
class Replies:
    """How a statement is replied to: days to object, and what silence means; None: the house's."""

    days: int | None = None
    silence: Silence | None = None

    def __post_init__(self) -> None:
        known = self.silence is None or self.silence in get_args(Silence)
        if not known or (self.days is not None and not 0 <= self.days <= 365):
            raise ValueError(f"not a clause on replies: {self}")


def replies_to_json(clause: Replies) -> dict[str, Any]:
    return {"days": clause.days, "silence": clause.silence}


def replies_from_json(stored: Mapping[str, Any] | None) -> Replies:
    """Nothing stored is the house's clause."""
    return Replies(**stored) if stored else Replies()


def duties_to_json(duties: Duties) -> dict[str, Any]:
    return dict(sorted(vars(duties).items()))


def mix_to_json(rule: MixRule) -> dict[str, Any]:
    return {
        "group": rule.group,
        "share": str(rule.share.as_percent()),
        "period_kind": rule.period_kind,
    }


def mix_from_json(stored: Mapping[str, Any]) -> MixRule:
    return MixRule(stored["group"], Rate.percent(stored["share"]), stored["period_kind"])


def resale_to_json(clause: ResaleClause) -> dict[str, Any]:
    return {"kind": clause.kind, "reviewer": clause.reviewer, "reason": clause.reason}


def commitment_to_json(commitment: Commitment) -> dict[str, Any]:
    return {
        "months": commitment.months,
        "committed_fen": commitment.committed_fen,
        "rate": str(commitment.rate.as_percent()),
    }


def commitment_from_json(stored: Mapping[str, Any]) -> Commitment:
    return Commitment(stored["months"], stored["committed_fen"], Rate.percent(stored["rate"]))


def obligation_to_json(obligation: Obligation) -> dict[str, Any]:
    return {
        "text": obligation.text,
        "due": obligation.due.isoformat(),
        "owner": obligation.owner,
    }


def obligation_from_json(stored: Mapping[str, Any]) -> Obligation:
    return Obligation(stored["text"], date.fromisoformat(stored["due"]), stored["owner"])

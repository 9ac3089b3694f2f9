"""An agreement version as executable terms: what it promises, whether it is whole, when it rules.

Pure data. A version is drafted, reviewed and approved; on a date the highest approved version
whose span holds the date is in force, and every document is judged by that one.
"""

from __future__ import annotations

import enum
import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts import clauses, payment_terms, reporting
from contracts.clauses import Commitment, Duties, MixRule, Obligation, Replies, ResaleClause
from contracts.payment_terms import PaymentTerm
from contracts.rebates import payout
from contracts.rebates.payout import Payout
from contracts.reporting import Reporting
from contracts.targets import Target
from contracts.territory import Territory
from contracts.values.findings import Finding, Severity
from contracts.values.periods import Period
from contracts.values.schedules import Dated
from contracts.values.transitions import Transitions

__all__ = ["Commitment", "Duties", "MixRule", "Obligation", "ResaleClause", "Terms", "Version"]

#: The eleven clauses by number; names are translated where they are shown.
CLAUSES: Mapping[int, str] = {
    1: "territory",
    2: "price",
    3: "targets",
    4: "collection",
    5: "promotions",
    6: "local_incidents",
    7: "exchange",
    8: "delivery_place",
    9: "display",
    10: "pop",
    11: "other",
}


class State(enum.StrEnum):
    """What people decided. Whether it rules on a date is told by `standing`."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


class Action(enum.StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    REVISE = "revise"
    SUSPEND = "suspend"
    RESUME = "resume"
    TERMINATE = "terminate"


WORKFLOW: Transitions[State, Action] = Transitions(
    {
        (State.DRAFT, Action.SUBMIT): State.REVIEW,
        (State.REVIEW, Action.WITHDRAW): State.DRAFT,
        (State.REVIEW, Action.APPROVE): State.APPROVED,
        (State.REVIEW, Action.REJECT): State.REJECTED,
        (State.REJECTED, Action.REVISE): State.DRAFT,
        (State.APPROVED, Action.SUSPEND): State.SUSPENDED,
        (State.SUSPENDED, Action.RESUME): State.APPROVED,
        (State.APPROVED, Action.TERMINATE): State.TERMINATED,
        (State.SUSPENDED, Action.TERMINATE): State.TERMINATED,
    }
)

#: Signed once: what these say binds on the days that `ruled_days` gives.
SIGNED = (State.APPROVED, State.SUSPENDED, State.TERMINATED)


@dataclass(frozen=True)
class Terms:
    """The clauses of one version. `min_shipment_fen` None means the house's default."""

    territory: Territory
    price_book: str | None
    payment: PaymentTerm | None
    exclusive: bool = True
    #: Product groups covered; empty: all goods.
    goods: frozenset[str] = frozenset()
    kind: str = "standard"
    payment_methods: tuple[str, ...] = ("transfer",)
    min_shipment_fen: int | None = None
    targets: tuple[Target, ...] = ()
    rebate_policies: tuple[str, ...] = ()
    duties: Duties = field(default_factory=Duties)
    mix: tuple[MixRule, ...] = ()
    resale: ResaleClause = field(default_factory=ResaleClause)
    #: To be paid on signing; 0 when the agreement asks for none.
    deposit_fen: int = 0
    commitment: Commitment | None = None
    #: Calendar days before the end by which either side speaks about renewal.
    renewal_notice_days: int = 30
    obligations: tuple[Obligation, ...] = ()
    #: Tolerances and weights of inventory reports.
    reporting: Reporting = field(default_factory=Reporting)
    replies: Replies = field(default_factory=Replies)
    #: How rebates are used; None: as the house does.
    payout: Payout | None = None


@dataclass(frozen=True)
class Version:
    """A version for `in_force`: number, state, span (half-open) and terms.

    `ended_on` is the first day after a termination; `suspended_from` the first day without goods.
    """

    number: int
    state: State
    span: Period
    terms: Terms | None = None
    ended_on: date | None = None
    suspended_from: date | None = None

    @property
    def binding(self) -> Period | None:
        """The days on which it binds: its span, up to a termination; none before approval."""
        if self.state in (State.APPROVED, State.SUSPENDED):
            return self.span
        if self.state is not State.TERMINATED or self.ended_on is None:
            return None
        end = min(self.span.end, self.ended_on)
        return Period(self.span.start, end) if self.span.start < end else None

    def is_suspended(self, on: date) -> bool:
        """Whether goods are stopped on this day."""
        return self.state is State.SUSPENDED and (self.suspended_from or on) <= on


def in_force(versions: Sequence[Version], on: date) -> Version | None:
    """The version that rules on a date, or None: of those that bind, the highest number."""
    ruling = [v for v in versions if (days := v.binding) is not None and days.contains(on)]
    return max(ruling, key=lambda v: v.number, default=None)


def ruled_days(versions: Sequence[Version]) -> list[tuple[Version, Period]]:
    """Each stretch of days with the version that rules it, by date and without overlap.

    A dated amendment rules within its own dates; after its end the earlier version rules again,
    so that one version may have several stretches.
    """
    bounds = sorted({d for v in versions if v.binding for d in (v.binding.start, v.binding.end)})
    stretches: list[tuple[Version, Period]] = []
    for start, end in itertools.pairwise(bounds):
        ruling = in_force(versions, start)
        if ruling is None:
            continue
        if stretches and stretches[-1][0] is ruling and stretches[-1][1].end == start:
            stretches[-1] = (ruling, Period(stretches[-1][1].start, end))
        else:
            stretches.append((ruling, Period(start, end)))
    return stretches


def standing(version: Version, versions: Sequence[Version], on: date) -> str:
    """The word for people: an approved version is «in_force» only within its dates.

    «superseded» where a later version rules instead of it, today or on its last day.
    """
    if version.state is State.TERMINATED:
        days = version.binding
        return "in_force" if days is not None and days.contains(on) else "terminated"
    if version.state not in (State.APPROVED, State.SUSPENDED):
        return version.state.value
    ruling = in_force(versions, min(on, version.span.last_day))
    if on >= version.span.start and ruling is not None and ruling.number > version.number:
        return "superseded"
    if on >= version.span.end:
        return "expired"
    if version.is_suspended(on):
        return "suspended"
    return "in_force" if on >= version.span.start else "approved"


def check_complete(terms: Terms, span: Period) -> list[Finding]:
    """What is missing before the version may be submitted; blocks name the clause."""
    findings = []

    def missing(number: int) -> None:
        findings.append(
            Finding(
                "agreement.clause_missing",
                Severity.BLOCK,
                CLAUSES[number],
                {"number": number, "clause": CLAUSES[number]},
            )
        )

    if not terms.territory.includes:
        missing(1)
    if not terms.price_book:
        missing(2)
    if terms.payment is None or not terms.payment_methods:
        missing(4)
    if not terms.targets:
        findings.append(Finding("agreement.no_target", Severity.WARN, CLAUSES[3], {}))
    for target in terms.targets:
        # An amendment carries the year's targets on; only one that it never meets is a slip.
        if not target.period.overlaps(span):
            findings.append(
                Finding(
                    "agreement.target_outside",
                    Severity.BLOCK,
                    CLAUSES[3],
                    {"period": target.period.label, "start": span.start, "end": span.last_day},
                )
            )
    return findings


def to_json(terms: Terms) -> dict[str, Any]:
    """Plain data, sorted, so that equal terms give equal text."""
    return {
        "territory": {
            "includes": sorted(terms.territory.includes),
            "excludes": sorted(terms.territory.excludes),
            "carve_outs": [
                [c.value, c.valid_from.isoformat(), c.valid_to and c.valid_to.isoformat()]
                for c in terms.territory.carve_outs
            ],
        },
        "exclusive": terms.exclusive,
        "goods": sorted(terms.goods),
        "kind": terms.kind,
        "price_book": terms.price_book,
        "payment": terms.payment and payment_terms.to_json(terms.payment),
        "payment_methods": list(terms.payment_methods),
        "min_shipment_fen": terms.min_shipment_fen,
        "targets": [
            {
                "start": t.period.start.isoformat(),
                "end": t.period.end.isoformat(),
                "goods": sorted(t.goods),
                "amount_fen": t.amount_fen,
            }
            for t in terms.targets
        ],
        "rebate_policies": list(terms.rebate_policies),
        "duties": clauses.duties_to_json(terms.duties),
        "mix": [clauses.mix_to_json(rule) for rule in terms.mix],
        "resale": clauses.resale_to_json(terms.resale),
        "deposit_fen": terms.deposit_fen,
        "commitment": terms.commitment and clauses.commitment_to_json(terms.commitment),
        "renewal_notice_days": terms.renewal_notice_days,
        "obligations": [clauses.obligation_to_json(one) for one in terms.obligations],
        "reporting": reporting.to_json(terms.reporting),
        "replies": clauses.replies_to_json(terms.replies),
        "payout": terms.payout and payout.to_json(terms.payout),
    }


def from_json(data: Mapping[str, Any]) -> Terms:
    """The inverse of `to_json`."""
    place = data["territory"]
    return Terms(
        territory=Territory(
            includes=frozenset(place["includes"]),
            excludes=frozenset(place["excludes"]),
            carve_outs=tuple(
                Dated(code, date.fromisoformat(start), date.fromisoformat(end) if end else None)
                for code, start, end in place["carve_outs"]
            ),
        ),
        exclusive=data["exclusive"],
        goods=frozenset(data["goods"]),
        kind=data["kind"],
        price_book=data["price_book"],
        payment=payment_terms.from_json(data["payment"]) if data["payment"] else None,
        payment_methods=tuple(data["payment_methods"]),
        min_shipment_fen=data["min_shipment_fen"],
        targets=tuple(
            Target(
                period=Period(date.fromisoformat(t["start"]), date.fromisoformat(t["end"])),
                goods=frozenset(t["goods"]),
                amount_fen=t["amount_fen"],
            )
            for t in data["targets"]
        ),
        rebate_policies=tuple(data["rebate_policies"]),
        duties=Duties(**data["duties"]),
        # What came after the first release: absent in what was stored before it.
        mix=tuple(clauses.mix_from_json(rule) for rule in data.get("mix", ())),
        resale=ResaleClause(**data.get("resale", {})),
        deposit_fen=data.get("deposit_fen", 0),
        commitment=(kept := data.get("commitment")) and clauses.commitment_from_json(kept),
        renewal_notice_days=data.get("renewal_notice_days", 30),
        obligations=tuple(clauses.obligation_from_json(one) for one in data.get("obligations", ())),
        reporting=reporting.from_json(data.get("reporting")),
        replies=clauses.replies_from_json(data.get("replies")),
        payout=payout.from_json(data["payout"]) if data.get("payout") else None,
    )


def stored_hash(stored: Mapping[str, Any], span: Period) -> str:
    """sha256 over the terms as they are stored, and the span.

    Not over the terms as they are read: a field that a later release adds would change the
    hash of every version approved before it.
    """
    text = json.dumps(
        {"terms": stored, "from": span.start.isoformat(), "to": span.end.isoformat()},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def terms_hash(terms: Terms, span: Period) -> str:
    """sha256 of the canonical text; a changed word changes it."""
    return stored_hash(to_json(terms), span)

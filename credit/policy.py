"""A credit policy as a value: what is checked at the order and at the shipment, and how strictly.

It is stored as JSON, checked before anybody approves it, and read aloud in plain sentences.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from contracts.payment_terms import PaymentTerm
from contracts.values.findings import Fact, Finding, Severity, block, info, warn
from contracts.values.money import Money
from credit.exposure import Bucket
from credit.holds import OverdueRule, Point, Step

#: When goods that are paid in advance wait for the money: only before they leave, or as orders.
Prepaid = Literal["shipment", "both"]


@enum.unique
class Mode(enum.Enum):
    """What happens at a control point when a bound is passed.

    APPROVE holds; money or an approved exception releases. BLOCK holds, too, and no exception
    softens it: only money, a higher limit or a smaller document does.
    """

    WARN = "warn"
    APPROVE = "approve"
    BLOCK = "block"

    @property
    def severity(self) -> Severity:
        """How grave a finding of this point is."""
        return Severity.WARN if self is Mode.WARN else Severity.BLOCK


@dataclass(frozen=True)
class Control:
    """The bounds of one control point; None is no bound, and what equals a bound passes.

    `buckets` are the parts of the exposure that count beside the document itself. Of the open
    orders only those count whose goods are wanted within `horizon_days` of the check; an order
    without a day always counts. `oldest_days` bounds how long the oldest open item is overdue,
    `largest_fen` one document incl. VAT, `longest_days` the payment term agreed.
    """

    mode: Mode = Mode.APPROVE
    buckets: frozenset[Bucket] = frozenset(Bucket)
    horizon_days: int | None = None
    oldest_days: int | None = None
    largest_fen: int | None = None
    longest_days: int | None = None

    def __post_init__(self) -> None:
        bounds = (self.horizon_days, self.oldest_days, self.largest_fen, self.longest_days)
        if any(bound is not None and bound < 0 for bound in bounds):
            raise ValueError(f"bounds are not negative: {self}")


@dataclass(frozen=True)
class Ladder:
    """The overdue rules of a credit grade; the grade '' is everybody without one of their own."""

    grade: str
    rules: tuple[OverdueRule, ...]


@dataclass(frozen=True)
class CreditPolicy:
    """Both control points, the ladders by grade, the days of grace and how prepayment works.

    A shipment is not checked again up to `grace_days` days after its orders were confirmed:
    confirmed on the 1st with 2 days, it is checked from the 4th on. ValueError for two ladders
    of one grade.
    """

    order: Control = Control()
    shipment: Control = Control()
    ladders: tuple[Ladder, ...] = ()
    grace_days: int = 0
    prepaid: Prepaid = "shipment"

    def __post_init__(self) -> None:
        if self.grace_days < 0 or self.prepaid not in get_args(Prepaid):
            raise ValueError(f"not a policy: {self.grace_days} days, {self.prepaid!r}")
        if len({ladder.grade for ladder in self.ladders}) != len(self.ladders):
            raise ValueError("two ladders of one grade")

    def at(self, point: Point) -> Control:
        """The bounds at a control point."""
        return self.order if point is Point.ORDER else self.shipment

    def rules_of(self, grade: str) -> tuple[OverdueRule, ...]:
        """The ladder of the grade, else everybody's; none is an empty ladder."""
        by_grade = {ladder.grade: ladder.rules for ladder in self.ladders}
        return by_grade.get(grade, by_grade.get("", ()))


#: What every house begins with: exceptions release, and one day overdue stops goods.
FIRST: Final = CreditPolicy(ladders=(Ladder("", (OverdueRule(0, Step.HOLD_SHIPMENTS),)),))

_LONGEST_MONTH: Final = 31


def days_of(term: PaymentTerm) -> int:
    """The most days after its basis date at which the term can fall due: terms are ranked by it.

    A month has at most 31 days, so «end of the month» counts 30 days and «day D of the month
    that follows» 30 + D.
    """
    days = max((share.days for share in term.shares), default=term.days)
    if term.kind in ("end_of_month_plus", "days_end_of_month"):
        return days + term.after + _LONGEST_MONTH - 1
    if term.kind == "day_of_month" and term.day is not None:
        return days + _LONGEST_MONTH - 1 + term.day
    return days


def validate(policy: CreditPolicy) -> list[Finding]:
    """What is wrong with a policy, and what would surprise its author."""
    found = []
    for point in Point:
        control = policy.at(point)
        if not control.buckets - {Bucket.UNAPPLIED}:
            found.append(block("credit_policy.nothing_counts", point.value, point=point.value))
        if Bucket.UNAPPLIED not in control.buckets:
            found.append(warn("credit_policy.money_ignored", point.value, point=point.value))
        if control.horizon_days is not None and Bucket.ORDERED not in control.buckets:
            found.append(warn("credit_policy.horizon_idle", point.value, point=point.value))
    for ladder in policy.ladders:
        steps = [(rule.over_days, rule.tolerance_fen, rule.step) for rule in ladder.rules]
        if len(set(steps)) != len(steps):
            found.append(block("credit_policy.rule_twice", ladder.grade, grade=ladder.grade))
    if not any(rule.step is not Step.REMIND for each in policy.ladders for rule in each.rules):
        found.append(warn("credit_policy.overdue_idle"))
    if policy.order.mode is Mode.WARN and policy.shipment.mode is Mode.WARN:
        found.append(warn("credit_policy.only_warns"))
    return found


def read_aloud(policy: CreditPolicy, currency: str = "CNY") -> list[Finding]:
    """The policy in plain sentences: INFO findings `credit_policy.reads.*`, in reading order."""
    found = []
    for point in Point:
        found += _read_control(point, policy.at(point), currency)
    for ladder in policy.ladders:
        for rule in sorted(ladder.rules, key=lambda r: (r.over_days, r.tolerance_fen)):
            facts: dict[str, Fact] = {
                "grade": ladder.grade,
                "days": rule.over_days,
                "tolerance": Money.from_fen(rule.tolerance_fen, currency),
                "step": rule.step.value,
            }
            code = "overdue_grade" if ladder.grade else "overdue"
            found.append(Finding(f"credit_policy.reads.{code}", Severity.INFO, "", facts))
        if not ladder.rules:
            found.append(info("credit_policy.reads.no_ladder", grade=ladder.grade))
    if policy.grace_days:
        first = policy.grace_days + 2
        found.append(info("credit_policy.reads.grace", days=policy.grace_days, first=first))
    found.append(info(f"credit_policy.reads.prepaid_{policy.prepaid}"))
    return found


def _read_control(point: Point, control: Control, currency: str) -> list[Finding]:
    at = point.value
    counted = tuple(bucket.value for bucket in Bucket if bucket in control.buckets)
    found = [
        info(f"credit_policy.reads.{control.mode.value}", at, point=at),
        info("credit_policy.reads.buckets", at, point=at, buckets=counted),
    ]
    for name in ("horizon_days", "oldest_days", "longest_days"):
        if (days := getattr(control, name)) is not None:
            code = name.removesuffix("_days")
            found.append(info(f"credit_policy.reads.{code}", at, point=at, days=days))
    if control.largest_fen is not None:
        most = Money.from_fen(control.largest_fen, currency)
        found.append(info("credit_policy.reads.largest", at, point=at, most=most))
    return found


def to_json(policy: CreditPolicy) -> dict[str, Any]:
    """The policy as plain JSON values."""
    return {
        "order": _control_to_json(policy.order),
        "shipment": _control_to_json(policy.shipment),
        "ladders": [
            {
                "grade": ladder.grade,
                "rules": [
                    {
                        "over_days": rule.over_days,
                        "step": rule.step.value,
                        "tolerance_fen": rule.tolerance_fen,
                    }
                    for rule in ladder.rules
                ],
            }
            for ladder in policy.ladders
        ],
        "grace_days": policy.grace_days,
        "prepaid": policy.prepaid,
    }


def from_json(stored: Mapping[str, Any]) -> CreditPolicy:
    """The inverse of `to_json`; what an older policy did not know yet has its default."""
    return CreditPolicy(
        order=_control_from_json(stored.get("order", {})),
        shipment=_control_from_json(stored.get("shipment", {})),
        ladders=tuple(
            Ladder(
                ladder.get("grade", ""),
                tuple(
                    OverdueRule(rule["over_days"], Step(rule["step"]), rule["tolerance_fen"])
                    for rule in ladder["rules"]
                ),
            )
            for ladder in stored.get("ladders", ())
        ),
        grace_days=stored.get("grace_days", 0),
        prepaid=stored.get("prepaid", "shipment"),
    )


def _control_to_json(control: Control) -> dict[str, Any]:
    return {
        "mode": control.mode.value,
        "buckets": [bucket.value for bucket in Bucket if bucket in control.buckets],
        "horizon_days": control.horizon_days,
        "oldest_days": control.oldest_days,
        "largest_fen": control.largest_fen,
        "longest_days": control.longest_days,
    }


def _control_from_json(stored: Mapping[str, Any]) -> Control:
    buckets = stored.get("buckets")
    return Control(
        mode=Mode(stored.get("mode", "approve")),
        buckets=frozenset(Bucket) if buckets is None else frozenset(map(Bucket, buckets)),
        horizon_days=stored.get("horizon_days"),
        oldest_days=stored.get("oldest_days"),
        largest_fen=stored.get("largest_fen"),
        longest_days=stored.get("longest_days"),
    )

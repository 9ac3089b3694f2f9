"""Overdue debt stops goods: dated items against a ladder of rules, cured by payment alone.

Nothing is stored: the same rules over the ledger of the moment hold or let go, so that a
receipt releases at once and without anyone's act.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from contracts.values.findings import Fact, Finding, Severity
from contracts.values.money import Money
from credit.ageing import days_overdue


@enum.unique
class Step(enum.Enum):
    """What a rule does where it applies."""

    REMIND = "remind"
    HOLD_ORDERS = "hold_orders"
    HOLD_SHIPMENTS = "hold_shipments"


@enum.unique
class Point(enum.Enum):
    """Where in the life of an order the check is made."""

    ORDER = "order"
    SHIPMENT = "shipment"


_HELD_AT = {Step.HOLD_ORDERS: Point.ORDER, Step.HOLD_SHIPMENTS: Point.SHIPMENT}


@dataclass(frozen=True)
class OverdueRule:
    """Applies when items overdue by more than `over_days` sum to more than the tolerance.

    The tolerance forgives left-over cents: a sum equal to it still passes. Days are calendar
    days from the date by which to pay.
    """

    over_days: int
    step: Step
    tolerance_fen: int = 0

    def __post_init__(self) -> None:
        if self.over_days < 0 or self.tolerance_fen < 0:
            raise ValueError(f"days and tolerance are not negative: {self}")

    def excess_fen(self, items: Iterable[tuple[object, date, int]], on: date) -> int:
        """What must be paid for the rule not to apply; 0 when it does not."""
        overdue = sum(fen for _, due, fen in items if days_overdue(due, on) > self.over_days)
        return max(0, overdue - self.tolerance_fen)


def check_overdue(
    items: Collection[tuple[object, date, int]], rules: Iterable[OverdueRule], on: date, at: Point
) -> list[Finding]:
    """One `credit.overdue` finding on (reference, due date, open fen), or none.

    It blocks where a rule that applies holds this point, and warns where rules apply that
    only remind or hold another point. The amount to pay satisfies every rule that blocks or,
    in a warning, every one that applies.
    """
    applying = [(rule, fen) for rule in rules if (fen := rule.excess_fen(items, on))]
    holding = [(rule, fen) for rule, fen in applying if _HELD_AT.get(rule.step) is at]
    if not applying:
        return []
    severity = Severity.BLOCK if holding else Severity.WARN
    overdue = [(days, fen) for _, due, fen in items if (days := days_overdue(due, on))]
    # An unused credit note lessens the sum, but it is nobody's oldest debt.
    oldest = max(days for days, fen in overdue if fen > 0)
    facts: dict[str, Fact] = {
        "overdue": Money.from_fen(sum(fen for _, fen in overdue)),
        "days": oldest,
        "pay": Money.from_fen(max(fen for _, fen in holding or applying)),
        "steps": tuple(rule.step.value for rule, _ in applying),
    }
    return [Finding("credit.overdue", severity, facts=facts)]

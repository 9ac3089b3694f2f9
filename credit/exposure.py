"""What a debtor has in use of the limit, bucket by bucket, and whether a new order still fits.

Amounts are fen, VAT included. An exposure equal to the limit passes; a limit of None is
unlimited and one of 0 is no credit.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from contracts.values.findings import Finding, Severity
from contracts.values.money import Money
from credit.limits import LimitOn


@enum.unique
class Bucket(enum.Enum):
    """Where an amount stands on its way from the order to the money."""

    #: Approved orders whose goods have not left.
    ORDERED = "ordered"
    #: Goods that have left and are not invoiced.
    SHIPPED = "shipped"
    #: Invoices that are not paid.
    INVOICED = "invoiced"
    #: Receipts not matched to an invoice; ledger lines of it are negative.
    UNAPPLIED = "unapplied"


@dataclass(frozen=True)
class Exposure:
    """The buckets of one debtor in fen. `unapplied_fen` is money received, given as positive."""

    ordered_fen: int = 0
    shipped_fen: int = 0
    invoiced_fen: int = 0
    unapplied_fen: int = 0

    @classmethod
    def of(cls, lines: Iterable[tuple[Bucket, int]]) -> Exposure:
        """The sum of signed ledger lines; their order does not matter."""
        sums = dict.fromkeys(Bucket, 0)
        for bucket, fen in lines:
            sums[bucket] += fen
        return cls(
            ordered_fen=sums[Bucket.ORDERED],
            shipped_fen=sums[Bucket.SHIPPED],
            invoiced_fen=sums[Bucket.INVOICED],
            unapplied_fen=-sums[Bucket.UNAPPLIED],
        )

    @property
    def unpaid_fen(self) -> int:
        """What has left and is not paid, invoiced or not."""
        return self.shipped_fen + self.invoiced_fen

    @property
    def used_fen(self) -> int:
        """What is in use of the limit; negative where more was received than is owed."""
        return self.ordered_fen + self.unpaid_fen - self.unapplied_fen


def check_limit(
    exposure: Exposure, new_fen: int, limit: LimitOn, severity: Severity = Severity.BLOCK
) -> list[Finding]:
    """Stop what would raise the exposure above the limit: `credit.over_limit`.

    `new_fen` is what is not yet among the approved orders: the order itself when it is
    submitted, 0 when its shipment is checked. A change that lowers the exposure always passes.
    `severity` is the policy's word for this control point. The excess is what must be paid.
    """
    if limit.amount_fen is None or new_fen < 0:
        return []
    used = exposure.used_fen + new_fen
    if used <= limit.amount_fen:
        return []
    amounts = {
        "unpaid": exposure.unpaid_fen,
        "unshipped": exposure.ordered_fen,
        "unapplied": exposure.unapplied_fen,
        "new": new_fen,
        "used": used,
        "limit": limit.amount_fen,
        "excess": used - limit.amount_fen,
    }
    facts = {name: Money.from_fen(fen) for name, fen in amounts.items()}
    return [Finding("credit.over_limit", severity, facts=facts)]


def check_prepaid(
    received_fen: int, committed_fen: int, new_fen: int, severity: Severity = Severity.BLOCK
) -> list[Finding]:
    """Stop goods that are not paid for in advance: `credit.prepaid_short`.

    `committed_fen` is what earlier orders have already claimed of the money received; the
    shortfall is what must still come in. No limit is asked for, and none helps.
    """
    short = committed_fen + new_fen - received_fen
    if short <= 0 or new_fen < 0:
        return []
    amounts = {
        "received": received_fen,
        "committed": committed_fen,
        "new": new_fen,
        "short": short,
    }
    facts = {name: Money.from_fen(fen) for name, fen in amounts.items()}
    return [Finding("credit.prepaid_short", severity, facts=facts)]

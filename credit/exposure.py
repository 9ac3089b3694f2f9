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
from credit.limits import ONE_OFF, LimitOn


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


@dataclass(frozen=True)
class Room:
    """The limit of a day in its parts: what revolves (None: unlimited), what one-off limits have
    left, and what was drawn on them, which they carry as long as it is owed."""

    base_fen: int | None
    left_fen: int = 0
    drawn_fen: int = 0

    @classmethod
    def of(cls, limit: LimitOn) -> Room:
        """The parts of a limit that credit.limits worked out."""
        if limit.amount_fen is None:
            return cls(None)
        lines = limit.lines
        return cls(
            sum(line.amount_fen or 0 for line in lines if line.kind not in ONE_OFF),
            limit.one_off_left_fen,
            sum(line.drawn_fen for line in lines),
        )

    def fen(self, used_fen: int) -> int | None:
        """The limit while so much is in use."""
        if self.base_fen is None:
            return None
        still_owed = min(self.drawn_fen, max(0, used_fen - self.base_fen))
        return self.base_fen + self.left_fen + still_owed

    def after(self, used_fen: int, new_fen: int) -> Room:
        """The same limits once an order took what it needs of the one-off ones."""
        if self.base_fen is None:
            return self
        drawn = max(0, min(new_fen, used_fen + new_fen - self.base_fen, self.left_fen))
        return Room(self.base_fen, self.left_fen - drawn, self.drawn_fen + drawn)


@dataclass(frozen=True)
class Counted:
    """The part of an exposure that a policy counts, and what a document adds to it.

    `later_fen` is what of the open orders lies beyond the policy's horizon.
    """

    exposure: Exposure
    buckets: frozenset[Bucket] = frozenset(Bucket)
    new_fen: int = 0
    later_fen: int = 0

    def of(self, bucket: Bucket, fen: int) -> int:
        """The fen of a bucket if it counts, else 0."""
        return fen if bucket in self.buckets else 0

    @property
    def unshipped_fen(self) -> int:
        """Open orders that count."""
        return self.of(Bucket.ORDERED, self.exposure.ordered_fen - self.later_fen)

    @property
    def unpaid_fen(self) -> int:
        """What has left, is not paid and counts."""
        return self.of(Bucket.SHIPPED, self.exposure.shipped_fen) + self.of(
            Bucket.INVOICED, self.exposure.invoiced_fen
        )

    @property
    def unapplied_fen(self) -> int:
        """Money received and not matched, if it counts."""
        return self.of(Bucket.UNAPPLIED, self.exposure.unapplied_fen)

    @property
    def used_fen(self) -> int:
        """What is in use of the limit with the document."""
        return self.unshipped_fen + self.unpaid_fen - self.unapplied_fen + self.new_fen

    @property
    def left_out_fen(self) -> int:
        """What is owed or committed and does not count."""
        parts = self.exposure
        whole = parts.ordered_fen + parts.unpaid_fen
        return whole - self.unshipped_fen - self.unpaid_fen


def check_limit(counted: Counted, room: Room, severity: Severity = Severity.BLOCK) -> list[Finding]:
    """Stop what would raise the exposure above the limit: `credit.over_limit`.

    What the document adds is what is not yet among the approved orders: the order itself when
    it is submitted, nothing when its shipment is checked. A change that lowers the exposure
    always passes. `severity` is the policy's word for this control point. `pay` is what must
    come in for it to pass; it is left out where no payment would do.
    """
    limit = room.fen(counted.exposure.used_fen)
    if limit is None or counted.new_fen < 0:
        return []
    used = counted.used_fen
    if used <= limit:
        return []
    amounts = {
        "unpaid": counted.unpaid_fen,
        "unshipped": counted.unshipped_fen,
        "unapplied": counted.unapplied_fen,
        "new": counted.new_fen,
        "used": used,
        "limit": limit,
        "excess": used - limit,
    }
    if (pay := payment_for(counted, room)) is not None:
        amounts["pay"] = pay
    facts = {name: Money.from_fen(fen) for name, fen in amounts.items()}
    return [Finding("credit.over_limit", severity, facts=facts)]


def payment_for(counted: Counted, room: Room) -> int | None:
    """The least payment after which the limit is kept; None where none does.

    A payment settles invoices first and is money not applied beyond them. While one-off limits
    carry what was drawn on them, paying lowers the limit as it lowers the use.
    """
    if room.base_fen is None:
        return 0
    whole, invoiced = counted.exposure.used_fen, max(0, counted.exposure.invoiced_fen)

    def over(paid: int) -> int:
        settled = counted.of(Bucket.INVOICED, min(paid, invoiced))
        settled += counted.of(Bucket.UNAPPLIED, max(0, paid - invoiced))
        return counted.used_fen - settled - (room.fen(whole - paid) or 0)

    # Between these payments the overrun falls, stands still or rises by one fen a fen.
    bends = {0, invoiced, whole - room.base_fen - room.drawn_fen, whole - room.base_fen}
    starts = sorted(paid for paid in bends if paid >= 0)
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        above = over(start)
        if above <= 0:
            return start
        if (end is None or above <= end - start) and over(start + above) <= 0:
            return start + above
    return None


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

"""Deposits: which movements there are, what each may do, and what is short of the agreement.

A deposit is neither revenue nor credit: it moves no limit and no exposure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contracts.values.findings import Finding, block
from contracts.values.money import Money

KINDS = ("paid", "topped_up", "deducted", "refunded", "restored")
#: These take money away and need a second person.
TAKING = ("deducted", "refunded")


@dataclass(frozen=True)
class Standing:
    """The balance in fen beside what the agreement asks, and the gap with its day.

    `short_fen` is what the agreement's deposit lacks, or what was deducted to be filled up again
    where that is more.
    """

    balance_fen: int
    required_fen: int
    short_fen: int
    top_up_by: date | None

    def is_late(self, on: date) -> bool:
        """Whether the day for filling it up has passed and something is still missing."""
        return bool(self.short_fen) and self.top_up_by is not None and on > self.top_up_by


def signed(kind: str, amount_fen: int) -> int:
    """The amount as the ledger keeps it; ValueError for an unknown kind or no amount."""
    if kind not in KINDS or amount_fen <= 0:
        raise ValueError(f"not a movement of a deposit: {kind} {amount_fen}")
    return -amount_fen if kind in TAKING else amount_fen


def check_move(kind: str, amount_fen: int, balance_fen: int, currency: str) -> list[Finding]:
    """Nothing is taken that is not there; `amount_fen` is without sign."""
    if amount_fen <= 0:
        return [block("deposit.amount")]
    if kind in TAKING and amount_fen > balance_fen:
        amounts = {"asked": amount_fen, "balance": balance_fen, "excess": amount_fen - balance_fen}
        facts = {name: Money.from_fen(fen, currency) for name, fen in amounts.items()}
        return [block("deposit.too_much", **facts)]
    return []


def standing(entries: Iterable[tuple[str, int, date | None]], required_fen: int) -> Standing:
    """From (kind, signed fen, top up by) in the order in which they counted.

    Money that comes in fills up first what was deducted. The earliest day asked for stands
    until nothing is missing.
    """
    balance, to_fill, until = 0, 0, None
    for _kind, fen, top_up_by in entries:
        balance += fen
        if fen > 0:
            to_fill = max(0, to_fill - fen)
        elif top_up_by is not None:
            to_fill -= fen
            until = top_up_by if until is None else min(until, top_up_by)
        short = max(to_fill, required_fen - balance)
        if short <= 0:
            until = None
    short = max(to_fill, required_fen - balance, 0)
    return Standing(balance, required_fen, short, until)

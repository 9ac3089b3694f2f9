"""Limits that several debtors share: a group's, and the budget of the whole house.

The limits given may add up to more than a pool holds; what is used of it may not exceed it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.values.findings import Fact, Finding, Severity
from contracts.values.money import Money
from credit.limits import LimitOn

#: A group of named debtors, or everybody who owes in the currency.
KINDS = ("group", "house")


@dataclass(frozen=True)
class PoolUse:
    """A pool on a day: what all its debtors have in use together, in fen, and its limit."""

    name: str
    kind: str
    used_fen: int
    limit: LimitOn

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"not a kind of pool: {self.kind!r}")

    @property
    def free_fen(self) -> int | None:
        """What its debtors may still take; negative when over; None without bound."""
        return None if self.limit.amount_fen is None else self.limit.amount_fen - self.used_fen


def check_pools(
    pools: Iterable[PoolUse], new_fen: int, severity: Severity = Severity.BLOCK
) -> list[Finding]:
    """One `credit.pool_over` for each pool that the new amount would take above its limit.

    Equality passes, and a change that lowers the exposure always does. The finding names the
    pool and the excess alone: a debtor must not learn what the others have in use.
    """
    found = []
    for pool in pools:
        limit = pool.limit.amount_fen
        if limit is None or new_fen < 0 or pool.used_fen + new_fen <= limit:
            continue
        excess = Money.from_fen(pool.used_fen + new_fen - limit)
        facts: dict[str, Fact] = {"pool": pool.name, "excess": excess, "pay": excess}
        found.append(Finding("credit.pool_over", severity, pool.name, facts))
    return found

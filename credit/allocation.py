"""Receipts pay the items that fell due first, in full, until the money is spent.

What is paid and what is left over always add up to the receipt.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

Ref = TypeVar("Ref")


def allocate_oldest(
    items: Iterable[tuple[Ref, date, int]], receipt_fen: int
) -> tuple[list[tuple[Ref, int]], int]:
    """([(reference, fen paid)], rest) for open items of (reference, due date, open fen).

    Items due on the same day are paid in the order given; those with nothing open are passed
    over. The rest stays on the account as money not applied. ValueError for a negative receipt.
    """
    if receipt_fen < 0:
        raise ValueError(f"a receipt is not negative: {receipt_fen}")
    paid = []
    rest = receipt_fen
    for ref, _, open_fen in sorted(items, key=lambda item: item[1]):
        share = min(open_fen, rest)
        if share > 0:
            paid.append((ref, share))
            rest -= share
    return paid, rest

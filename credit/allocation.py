"""Receipts pay the items that fell due first, in full, until the money is spent.

What is paid and what is left over always add up to the receipt.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from contracts.values.money import divide_half_up

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


def with_discount(
    open_fen: int, amount_fen: int, discount_fen: int, money_fen: int
) -> tuple[int, int]:
    """(fen of money, fen of discount) that an early payment sets against one open item.

    `discount_fen` is what paying all of `amount_fen` early takes off; what is still open carries
    its share of it. Money that does not settle the item earns its own part: of 1,000.00 with 2 %
    off, 485.00 paid take 485 ÷ 980 × 20 = 9.90 with them. Half-up; never more than is open.
    """
    if min(open_fen, amount_fen, money_fen) <= 0 or not 0 <= discount_fen < amount_fen:
        return max(0, min(open_fen, money_fen)), 0
    whole = divide_half_up(discount_fen * open_fen, amount_fen)
    if money_fen >= open_fen - whole:
        return open_fen - whole, whole
    return money_fen, min(
        whole, divide_half_up(money_fen * discount_fen, amount_fen - discount_fen)
    )

"""Receipts pay items in the order of a stated policy, in full, until the money is spent.

What is paid and what is left over always add up to the receipt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from contracts.values.findings import Finding, block
from contracts.values.money import Money, divide_half_up

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


#: What a receipt may be told to pay first.
OLDEST, NAMED, INTEREST_FIRST = POLICIES = ("oldest", "named", "interest_first")
#: Those that a house may choose as its usual one: what is named differs from receipt to receipt.
HOUSE_POLICIES = (OLDEST, INTEREST_FIRST)


def in_order(
    items: Iterable[tuple[Ref, date, bool]],
    policy: str,
) -> list[Ref]:
    """References of (reference, due date, is interest) in the order in which they are paid.

    Oldest due first; under «interest before principal» all notes over late-payment interest come
    before all goods, each of the two oldest first. Equals keep the order given.
    """
    interest_first = policy == INTEREST_FIRST
    ordered = sorted(items, key=lambda item: (interest_first and not item[2], item[1]))
    return [ref for ref, _due, _is_interest in ordered]


def tolerance(amount_fen: int, most_fen: int, most_bp: int) -> int:
    """The fen by which a payment of an item of `amount_fen` may differ: the smaller of the amount
    and the share. A share is cut to whole fen, so that it is never exceeded. 0 tolerates nothing.
    """
    return max(0, min(most_fen, abs(amount_fen) * most_bp // 10_000))


def is_tolerated(difference_fen: int, amount_fen: int, most_fen: int, most_bp: int) -> bool:
    """Whether a difference is small enough; exactly the tolerance passes."""
    return 0 < difference_fen <= tolerance(amount_fen, most_fen, most_bp)


def check_named(
    wishes: Iterable[tuple[str, int]], open_fen: Mapping[str, int], money_fen: int
) -> list[Finding]:
    """What keeps money from being set against invoices by name: (number, fen) wished."""
    found, asked, seen = [], 0, set()
    for number, fen in wishes:
        if number not in open_fen:
            found.append(block("receipt.named_unknown", number, number=number))
        elif number in seen:
            found.append(block("receipt.named_twice", number, number=number))
        elif fen <= 0:
            found.append(block("receipt.named_nothing", number, number=number))
        elif fen > open_fen[number]:
            found.append(
                block(
                    "receipt.named_too_much", number, number=number,
                    asked=Money.from_fen(fen), open=Money.from_fen(open_fen[number]),
                )
            )  # fmt: skip
        seen.add(number)
        asked += fen
    if asked > money_fen:
        found.append(
            block(
                "receipt.named_beyond", asked=Money.from_fen(asked), money=Money.from_fen(money_fen)
            )
        )
    return found

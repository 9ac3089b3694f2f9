"""Receipts pay the oldest debt first, and every fen of them is accounted for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.allocation import POLICIES, allocate_oldest, check_named, in_order, is_tolerated

DUES = st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=8, unique=True)
ITEMS = DUES.flatmap(
    lambda dues: st.tuples(
        *(st.tuples(st.just(due.isoformat()), st.just(due), st.integers(0, 10**6)) for due in dues)
    ).map(list)
)
Items = list[tuple[str, date, int]]

OPEN: Items = [
    ("IV-3", date(2026, 9, 1), 300),
    ("IV-1", date(2026, 7, 1), 100),
    ("IV-2", date(2026, 8, 1), 200),
]


@pytest.mark.row("A07")
@pytest.mark.parametrize(
    ("receipt", "paid", "rest"),
    [
        (0, [], 0),
        (1, [("IV-1", 1)], 0),
        (100, [("IV-1", 100)], 0),
        (250, [("IV-1", 100), ("IV-2", 150)], 0),
        (600, [("IV-1", 100), ("IV-2", 200), ("IV-3", 300)], 0),
        (601, [("IV-1", 100), ("IV-2", 200), ("IV-3", 300)], 1),
    ],
)
def test_the_oldest_due_is_paid_first(receipt: int, paid: list[tuple[str, int]], rest: int) -> None:
    assert allocate_oldest(OPEN, receipt) == (paid, rest)


def test_items_of_one_day_are_paid_in_the_order_given() -> None:
    day = date(2026, 7, 1)
    assert allocate_oldest([("b", day, 5), ("a", day, 5)], 6) == ([("b", 5), ("a", 1)], 0)


def test_paid_items_and_credit_notes_are_passed_over() -> None:
    items = [("paid", date(2026, 1, 1), 0), ("credit", date(2026, 1, 2), -50), *OPEN]
    assert allocate_oldest(items, 100) == ([("IV-1", 100)], 0)


def test_a_receipt_is_not_negative() -> None:
    with pytest.raises(ValueError, match="not negative"):
        allocate_oldest(OPEN, -1)


@given(ITEMS, st.integers(0, 10**7), st.randoms(use_true_random=False))
def test_every_fen_is_accounted_for(items: Items, receipt: int, random: Any) -> None:
    paid, rest = allocate_oldest(items, receipt)
    assert sum(fen for _, fen in paid) + rest == receipt
    still_open = {ref: fen for ref, _, fen in items}
    assert all(0 < fen <= still_open[ref] for ref, fen in paid)
    assert rest == 0 or sum(fen for _, fen in paid) == sum(still_open.values())
    random.shuffle(items)
    assert allocate_oldest(items, receipt) == (paid, rest)


@given(ITEMS, st.integers(0, 10**6), st.integers(0, 10**6))
def test_two_receipts_pay_what_one_of_their_sum_pays(items: Items, a: int, b: int) -> None:
    def left_after(rows: Items, receipt: int) -> tuple[Items, int]:
        paid, rest = allocate_oldest(rows, receipt)
        shares = dict(paid)
        return [(ref, due, fen - shares.get(ref, 0)) for ref, due, fen in rows], rest

    after_a, rest_a = left_after(items, a)
    after_both, rest_b = left_after(after_a, b)
    assert (after_both, rest_a + rest_b) == left_after(items, a + b)


OLD, NEW = date(2026, 7, 1), date(2026, 9, 1)


@pytest.mark.row("A07")
def test_interest_before_principal_pays_the_notes_first_and_each_kind_oldest_first() -> None:
    items = [("goods new", NEW, False), ("note new", NEW, True), ("goods old", OLD, False),
             ("note old", OLD, True)]  # fmt: skip
    assert in_order(items, "interest_first") == ["note old", "note new", "goods old", "goods new"]
    assert in_order(items, "oldest") == ["goods old", "note old", "goods new", "note new"]


@pytest.mark.parametrize(
    ("difference", "amount", "most_fen", "most_bp", "passes"),
    [
        # 1.00 and 0.1 % of 1,000.00 are the same: exactly 1.00 passes, a fen more does not.
        (100, 100_000, 100, 10, True),
        (101, 100_000, 100, 10, False),
        # The smaller of the two applies, whichever it is.
        (100, 100_000, 500, 10, True),
        (101, 100_000, 500, 10, False),
        (50, 100_000, 50, 1_000, True),
        (51, 100_000, 50, 1_000, False),
        # A share is never rounded up: 0.1 % of 9.99 is 0.9 fen, which is none.
        (1, 999, 100, 10, False),
        (0, 100_000, 100, 10, False),
        (-5, 100_000, 100, 10, False),
        (1, 100_000, 0, 10_000, False),
        (1, 100_000, 100, 0, False),
    ],
)
def test_a_difference_is_tolerated_up_to_the_smaller_bound(
    difference: int, amount: int, most_fen: int, most_bp: int, passes: bool
) -> None:
    assert is_tolerated(difference, amount, most_fen, most_bp) is passes


@pytest.mark.parametrize(
    ("wishes", "codes"),
    [
        ([("IV-1", 100)], []),
        ([("IV-1", 100), ("IV-2", 150)], []),
        ([("IV-1", 101)], ["receipt.named_too_much"]),
        ([("IV-9", 1)], ["receipt.named_unknown"]),
        ([("IV-1", 0)], ["receipt.named_nothing"]),
        ([("IV-1", 1), ("IV-1", 1)], ["receipt.named_twice"]),
        ([("IV-1", 100), ("IV-2", 151)], ["receipt.named_beyond"]),
    ],
)
def test_named_invoices_take_what_they_were_promised(
    wishes: list[tuple[str, int]], codes: list[str]
) -> None:
    found = check_named(wishes, {"IV-1": 100, "IV-2": 200}, 250)
    assert [finding.code for finding in found] == codes


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.dates(OLD, NEW), st.booleans()), unique=True),
    st.sampled_from(POLICIES),
)
def test_an_order_loses_nothing(items: list[tuple[int, date, bool]], policy: str) -> None:
    assert sorted(in_order(items, policy)) == sorted(ref for ref, _due, _is_interest in items)

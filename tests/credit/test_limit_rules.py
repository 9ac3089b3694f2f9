"""Credit limits by day: the fixed one revolves, temporary ones are spent and end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.exposure import Counted, Exposure, Room, check_limit
from credit.limits import (
    Limit,
    Movement,
    check_review,
    draw,
    explain,
    lift_of,
    limit_on,
    with_draws,
)
from tests.golden import cases, fen

AUGUST = date(2026, 8, 1)
FIXED = Limit("fixed", 5_000_000, date(2026, 1, 1))
SUMMER = Limit("temporary", 2_000_000, date(2026, 7, 1), date(2026, 10, 1))
SHORT = Limit("temporary", 500_000, date(2026, 7, 1), date(2026, 9, 1))


def a_limit(row: dict[str, Any]) -> Limit:
    return Limit(
        kind=row["kind"],
        amount_fen=None if row["amount"] == "unlimited" else fen(row["amount"]),
        valid_from=row["first"],
        valid_to=row["last"] + timedelta(days=1) if "last" in row else None,
        drawn_fen=fen(row.get("drawn", "0")),
    )


@pytest.mark.parametrize("case", cases("credit_limits"))
def test_the_limit_of_a_day(case: dict[str, Any]) -> None:
    limits = [a_limit(row) for row in case["limits"]]
    expected = None if case["limit"] == "unlimited" else fen(case["limit"])
    for rows in (limits, limits[::-1]):
        found = limit_on(rows, case["day"], fen(case.get("used", "0")))
        assert found.amount_fen == expected
        assert found.one_off_left_fen == fen(case.get("left", "0"))


@pytest.mark.row("B01")
def test_the_rows_that_make_up_the_limit_are_named() -> None:
    old = Limit("fixed", 1, date(2025, 1, 1), note="2025")
    assert limit_on([old, SUMMER, FIXED, SHORT], AUGUST).lines == (FIXED, SHORT, SUMMER)
    assert limit_on([old, SUMMER, FIXED, SHORT], date(2025, 6, 1)).lines == (old,)


def test_a_correction_of_the_same_day_rules() -> None:
    corrected = Limit("fixed", 4_000_000, date(2026, 1, 1))
    assert limit_on([FIXED, corrected], AUGUST).amount_fen == 4_000_000


@pytest.mark.parametrize(
    ("used", "new", "draws"),
    [
        (0, 5_000_000, []),
        (5_000_000, 100, [(SHORT, 100)]),
        (4_999_950, 100, [(SHORT, 50)]),
        (5_000_000, 600_000, [(SHORT, 500_000), (SUMMER, 100_000)]),
        (0, 9_000_000, [(SHORT, 500_000), (SUMMER, 2_000_000)]),
        (6_000_000, 100, [(SHORT, 100)]),
        (5_000_000, 0, []),
    ],
)
def test_an_order_draws_on_the_limit_that_ends_first(
    used: int, new: int, draws: list[tuple[Limit, int]]
) -> None:
    assert draw([FIXED, SUMMER, SHORT], AUGUST, used, new) == draws


def test_an_unlimited_debtor_draws_on_nothing() -> None:
    unlimited = Limit("fixed", None, date(2026, 1, 1))
    assert draw([unlimited, SUMMER], AUGUST, 10**12, 100) == []
    assert with_draws([unlimited, SUMMER], [Movement(AUGUST, 10**12)])[1].drawn_fen == 0
    undone = [Movement(AUGUST, 10**12), Movement(AUGUST, -(10**12), restores=True)]
    assert with_draws([unlimited], undone) == (unlimited,)
    with pytest.raises(ValueError, match="no remainder"):
        _ = unlimited.left_fen


@pytest.mark.row("B04")
def test_a_temporary_limit_does_not_come_back_when_repaid() -> None:
    history = [Movement(AUGUST, 7_000_000), Movement(date(2026, 8, 20), -7_000_000)]
    fixed, summer = with_draws([FIXED, SUMMER], history)
    assert (fixed, summer.drawn_fen) == (FIXED, 2_000_000)
    after = limit_on([fixed, summer], date(2026, 8, 21), used_fen=0)
    assert (after.amount_fen, after.one_off_left_fen) == (5_000_000, 0)
    room = Room.of(after)
    assert not check_limit(Counted(Exposure(), new_fen=5_000_000), room)
    assert check_limit(Counted(Exposure(), new_fen=5_000_001), room)


@pytest.mark.row("B04")
def test_the_published_comparison_of_the_two_kinds() -> None:
    """Limit 100, use 80, use 20, repay 50: fixed leaves 50 free, temporary nothing."""
    uses = [Movement(AUGUST, 80), Movement(AUGUST, 20), Movement(AUGUST, -50)]
    fixed = Limit("fixed", 100, date(2026, 1, 1))
    (fixed,) = with_draws([fixed], uses)
    assert (limit_on([fixed], AUGUST, used_fen=50).amount_fen or 0) - 50 == 50
    temporary = Limit("temporary", 100, date(2026, 1, 1), date(2027, 1, 1))
    (temporary,) = with_draws([temporary], uses)
    assert (limit_on([temporary], AUGUST, used_fen=50).amount_fen or 0) - 50 == 0


def test_a_cancelled_order_gives_back_what_it_drew() -> None:
    history = [
        Movement(AUGUST, 5_600_000),
        Movement(AUGUST, -300_000, restores=True),
    ]
    limits = with_draws([FIXED, SUMMER, SHORT], history)
    assert [limit.drawn_fen for limit in limits] == [0, 0, 300_000]


def test_a_cancellation_gives_back_only_what_still_stands_above_the_fixed_limit() -> None:
    history = [
        Movement(AUGUST, 5_500_000),
        Movement(AUGUST, -400_000),
        Movement(AUGUST, -300_000, restores=True),
    ]
    limits = with_draws([FIXED, SHORT], history)
    assert [limit.drawn_fen for limit in limits] == [0, 400_000]


def test_two_equal_limits_are_two_limits() -> None:
    twins = [Limit("temporary", 100, date(2026, 1, 1), date(2027, 1, 1)) for _ in range(2)]
    drawn = with_draws(twins, [Movement(AUGUST, 150)])
    assert [limit.drawn_fen for limit in drawn] == [100, 50]


@given(st.lists(st.tuples(st.integers(-(10**7), 10**7), st.booleans()), max_size=8))
def test_draws_stay_within_the_limit_and_payments_never_restore(
    steps: list[tuple[int, bool]],
) -> None:
    limits, used, before = [FIXED, SUMMER, SHORT], 0, 0
    movements: list[Movement] = []
    for amount, restores in steps:
        movements.append(Movement(AUGUST, amount, restores))
        rows = with_draws(limits, movements)
        drawn = sum(row.drawn_fen for row in rows)
        assert all(0 <= row.drawn_fen <= (row.amount_fen or 0) for row in rows)
        if amount <= 0 and not restores:
            assert drawn == before
        used += amount
        before = drawn
        found = limit_on(rows, AUGUST, used)
        assert found.amount_fen is not None
        assert 5_000_000 <= found.amount_fen <= 7_500_000


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_what_is_drawn_is_what_exceeds_the_fixed_limit(used: int, new: int) -> None:
    """An order that passes is carried by the fixed limit and its draws together."""
    limits = with_draws([FIXED, SUMMER], [Movement(AUGUST, used)])
    used = min(used, 7_000_000)
    limit = limit_on(limits, AUGUST, used)
    if not check_limit(Counted(Exposure(ordered_fen=used), new_fen=new), Room.of(limit)):
        draws = sum(share for _, share in draw(limits, AUGUST, used, new))
        assert draws == max(0, used + new - 5_000_000) - max(0, used - 5_000_000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "yearly"},
        {"amount_fen": -1},
        {"valid_to": date(2026, 1, 1)},
        {"drawn_fen": 1},
        {"kind": "temporary"},
        {"kind": "temporary", "amount_fen": None, "valid_to": date(2027, 1, 1)},
        {"kind": "temporary", "drawn_fen": 101, "valid_to": date(2027, 1, 1)},
    ],
)
@pytest.mark.row("D10")
def test_limits_that_make_no_sense(wrong: dict[str, Any]) -> None:
    row: dict[str, Any] = {"kind": "fixed", "amount_fen": 100, "valid_from": date(2026, 1, 1)}
    with pytest.raises(ValueError, match=r"kind|negative|end|revolves|drawn"):
        Limit(**(row | wrong))


@pytest.mark.parametrize(
    ("value", "share_bp", "lift"),
    [(8_000_000, 8_000, 6_400_000), (1, 9_999, 0), (333, 3_333, 110), (100, 10_000, 100)],
)
def test_a_guarantee_adds_its_share_and_never_a_fen_more(
    value: int, share_bp: int, lift: int
) -> None:
    assert lift_of(value, share_bp) == lift


@pytest.mark.parametrize("share_bp", [-1, 10_001])
def test_a_share_lies_between_nothing_and_all(share_bp: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        lift_of(100, share_bp)


@pytest.mark.row("B01")
def test_a_review_that_nobody_made_is_told_and_stops_nothing() -> None:
    limit = Limit("fixed", 100, date(2026, 1, 1), review_on=AUGUST)
    before = limit_on([limit], AUGUST - timedelta(days=1))
    assert check_review(before, AUGUST - timedelta(days=1)) == []
    (finding,) = check_review(limit_on([limit], AUGUST), AUGUST)
    assert (finding.code, finding.facts) == ("credit.limit_review", {"since": AUGUST})
    assert not finding.is_blocking
    assert limit_on([limit], AUGUST).amount_fen == 100


@pytest.mark.row("B01")
def test_every_row_says_what_it_gives_and_why() -> None:
    old = Limit("fixed", 1_000, date(2025, 1, 1))
    lower = Limit("replacing", 300, date(2026, 8, 1), date(2026, 9, 1))
    bond = Limit("guarantee", 50, date(2026, 1, 1), date(2027, 1, 1))
    once = Limit("temporary", 40, date(2026, 8, 1), date(2026, 9, 1), drawn_fen=30)
    gone = Limit("seasonal", 9, date(2026, 1, 1), date(2026, 2, 1))
    later = Limit("fixed", 2_000, date(2026, 12, 1))
    rows = [old, FIXED, lower, bond, once, gone, later]
    parts = explain(rows, AUGUST, used_fen=370)
    assert [(part.fen, part.why) for part in parts] == [
        (0, "replaced"),
        (0, "replaced"),
        (300, "base"),
        (50, "adds"),
        (30, "carries"),
        (0, "ended"),
        (0, "not_begun"),
    ]
    assert limit_on(rows, AUGUST, 370).amount_fen == 380
    assert [part.why for part in explain([old, FIXED], AUGUST)] == ["superseded", "base"]


@given(
    st.lists(
        st.builds(
            lambda kind, fen, first, days: Limit(
                kind, fen, AUGUST + timedelta(days=first), AUGUST + timedelta(days=first + days)
            ),
            st.sampled_from(["fixed", "replacing", "seasonal", "guarantee", "temporary"]),
            st.integers(0, 10**6),
            st.integers(-40, 5),
            st.integers(1, 60),
        ),
        max_size=6,
    ),
    st.integers(0, 10**7),
    st.lists(st.integers(-(10**6), 10**6), max_size=5),
)
def test_the_parts_add_up_to_the_limit_of_the_day(
    limits: list[Limit], used: int, amounts: list[int]
) -> None:
    rows = with_draws(limits, [Movement(AUGUST, amount) for amount in amounts])
    parts = explain(rows, AUGUST, used)
    assert len(parts) == len(rows)
    assert sum(part.fen or 0 for part in parts) == limit_on(rows, AUGUST, used).amount_fen

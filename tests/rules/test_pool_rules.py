"""The rebate pool as a ledger: balanced pairs, first earned first used, expiry and gaps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.pool import (
    ACCOUNTS,
    COUNTERS,
    Movement,
    balance,
    due,
    lots,
    months_later,
    pair,
    to_warn,
)

DAY = date(2026, 1, 1)


def days(n: int) -> date:
    return DAY + timedelta(days=n)


def left_of(movements) -> list[tuple[int, int]]:
    found, _gap = lots(movements)
    return [(lot.id, lot.left_fen) for lot in found]


@pytest.mark.row("E06")
def test_what_was_earned_first_is_used_first():
    earned = [Movement(1, days(0), "earned", 100), Movement(2, days(5), "earned", 50)]
    assert left_of([*earned, Movement(3, days(6), "used", -120)]) == [(1, 0), (2, 30)]
    reserved = Movement(3, days(6), "reserved", -80)
    assert left_of([*earned, reserved]) == [(1, 20), (2, 50)]
    back = Movement(4, days(7), "released", 80)
    assert left_of([*earned, reserved, back]) == [(1, 100), (2, 50)]


@pytest.mark.row("E06")
def test_what_is_over_expires_but_not_what_is_reserved():
    earned = Movement(1, days(0), "earned", 100, days(30))
    reserved = Movement(2, days(1), "reserved", -60)
    assert due([earned, reserved], days(29)) == []
    [lot] = due([earned, reserved], days(30))
    assert (lot.id, lot.left_fen) == (1, 40)
    gone = Movement(3, days(30), "expired", -40, lot_id=1)
    assert due([earned, reserved, gone], days(40)) == []
    back = Movement(4, days(41), "released", 60)
    [lot] = due([earned, reserved, gone, back], days(41))
    assert lot.left_fen == 60


@pytest.mark.row("E06")
def test_an_expiry_undone_gives_a_new_day():
    movements = [
        Movement(1, days(0), "earned", 100, days(30)),
        Movement(2, days(30), "expired", -100, lot_id=1),
        Movement(3, days(31), "expired", 100, days(60), lot_id=1),
    ]
    assert due(movements, days(59)) == []
    assert [lot.left_fen for lot in due(movements, days(60))] == [100]


@pytest.mark.row("E13")
def test_the_next_earning_fills_the_gap_first():
    """500 earned and used, then taken back: −500; 800 earned next leave 300."""
    movements = [
        Movement(1, days(0), "earned", 50_000),
        Movement(2, days(1), "used", -50_000),
        Movement(3, days(2), "reversed", -50_000),
    ]
    assert balance(movements, days(2)) == -50_000
    assert lots(movements)[1] == -50_000
    movements.append(Movement(4, days(3), "earned", 80_000))
    assert balance(movements, days(3)) == 30_000
    assert left_of(movements) == [(1, 0), (4, 30_000)]


@pytest.mark.row("E06")
def test_warnings_of_30_and_7_days():
    earned = [Movement(1, days(0), "earned", 100, days(100))]
    assert to_warn(earned, days(69)) == []
    assert [n for n, _lot in to_warn(earned, days(70))] == [30]
    assert [n for n, _lot in to_warn(earned, days(92))] == [30]
    assert [n for n, _lot in to_warn(earned, days(93))] == [7]
    assert to_warn(earned, days(100)) == []
    assert to_warn([*earned, Movement(2, days(1), "used", -100)], days(93)) == []


@pytest.mark.parametrize(
    ("on", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 15), 12, date(2027, 11, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 1), -12, date(2025, 5, 1)),
    ],
)
def test_months_later(on, months, then):
    assert months_later(on, months) == then


KINDS = st.sampled_from(sorted(COUNTERS))


@st.composite
def ledgers(draw) -> list[Movement]:
    """Any movements, each expiry of a lot within what the lot was."""
    found: list[Movement] = []
    for number in range(1, draw(st.integers(1, 20))):
        kind = draw(KINDS)
        on = days(draw(st.integers(0, 50)))
        fen = draw(st.integers(1, 1_000))
        if kind == "earned":
            expires = draw(st.none() | st.integers(1, 90))
            found.append(Movement(number, on, kind, fen, expires and days(expires)))
        elif kind == "expired":
            found += [
                Movement(number, on, kind, -lot.left_fen, lot_id=lot.id)
                for lot in due(found, on)[:1]
                if lot.id
            ]
        else:
            gives = kind in ("released", "freed") or (kind == "reversed" and draw(st.booleans()))
            found.append(Movement(number, on, kind, fen if gives else -fen))
    return found


@pytest.mark.row("E06")
@given(ledgers())
def test_every_pair_sums_to_nothing_and_the_lots_to_the_balance(movements):
    for movement in movements:
        sides = pair(movement)
        assert sum(fen for _account, fen in sides) == 0
        assert {account for account, _fen in sides} <= set(ACCOUNTS)
    left, gap = lots(movements)
    assert sum(lot.left_fen for lot in left) + gap == balance(movements, days(50))
    assert gap <= 0
    assert gap == 0 or all(lot.left_fen <= 0 for lot in left)


@pytest.mark.row("E06")
@given(ledgers(), st.integers(0, 50))
def test_the_balance_of_a_day_is_the_sum_up_to_it(movements, n):
    on = days(n)
    later = sum(m.fen for m in movements if m.on > on)
    assert balance(movements, on) == balance(movements, days(50)) - later


@pytest.mark.row("E06")
@given(ledgers())
def test_the_opposite_pair_undoes_a_movement(movements):
    last = movements[-1] if movements else Movement(1, DAY, "used", -5)
    back = Movement(99, last.on, last.kind, -last.fen, lot_id=last.lot_id)
    both = [a + b for (_x, a), (_y, b) in zip(pair(last), pair(back), strict=True)]
    assert both == [0, 0]

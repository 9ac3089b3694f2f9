"""Dunning levels by age and by letters sent, and what of the arrears a letter asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.dunning import (
    BELOW_MINIMUM,
    LAST_LEVEL,
    NOT_OVERDUE,
    OFFERED,
    RESTS,
    WAITS,
    Item,
    Level,
    Policy,
    check_policy,
    check_run,
    offered_level,
    policy_from_json,
    policy_to_json,
    propose,
)

ON = date(2026, 11, 21)
USUAL = Policy((Level(1), Level(16), Level(46)))


def late(days: int, open_fen: int = 10_000, **facts: object) -> Item:
    return Item(f"IV-{days}", ON - timedelta(days=days), open_fen, **facts)  # type: ignore[arg-type]


@pytest.mark.row("B11")
@pytest.mark.parametrize(
    ("days", "level"),
    [(-1, 0), (0, 0), (1, 1), (15, 1), (16, 2), (45, 2), (46, 3), (400, 3)],
)
def test_an_item_without_a_letter_is_offered_the_level_of_its_age(days, level):
    assert offered_level(USUAL, late(days), ON) == level


@pytest.mark.row("B11")
@pytest.mark.parametrize(
    ("days", "reached", "level"),
    [(15, 1, 0), (16, 1, 2), (60, 1, 2), (45, 2, 0), (46, 2, 3), (400, 3, 0)],
)
def test_after_a_letter_the_levels_follow_one_another(days, reached, level):
    item = late(days, level=reached, last_sent=ON - timedelta(days=1))
    assert offered_level(USUAL, item, ON) == level


def test_end_of_month_and_days_after_the_last_letter():
    policy = Policy((Level(10), Level(30, "end_of_month"), Level(10, "previous")))
    item = Item("IV", date(2026, 9, 20), 100)
    # 20 September + 30 days is 20 October: the level fires at the end of that month.
    assert offered_level(policy, item, date(2026, 10, 30)) == 1
    assert offered_level(policy, item, date(2026, 10, 31)) == 2
    sent = replace(item, level=2, last_sent=date(2026, 11, 2))
    assert offered_level(policy, sent, date(2026, 11, 11)) == 0
    assert offered_level(policy, sent, date(2026, 11, 12)) == 3
    # However old, the last level needs the letter before it.
    assert offered_level(policy, item, date(2027, 6, 1)) == 2


@pytest.mark.row("B11")
def test_what_is_disputed_covered_or_promised_rests():
    items = [late(50, 30_000, disputed_fen=10_000), late(20, 20_000), late(3, 5_000)]
    made = propose(USUAL, items, ON, credit_fen=4_000, promised_fen=16_000)
    assert [line.asked_fen for line in made.lines] == [0, 20_000, 5_000]
    assert (made.level, made.why) == (2, OFFERED)
    assert (made.overdue_fen, made.disputed_fen, made.covered_fen) == (55_000, 10_000, 4_000)
    assert (made.promised_fen, made.demanded_fen, made.oldest_days) == (16_000, 25_000, 50)
    # The item that rests stays on its level: it is listed and not raised.
    assert [line.offered for line in made.lines] == [0, 2, 1]
    assert propose(USUAL, items, ON, promised_fen=45_000).why == RESTS


def test_why_nothing_is_offered():
    assert propose(USUAL, [late(0)], ON).why == NOT_OVERDUE
    waits = propose(USUAL, [late(10, level=1, last_sent=ON)], ON)
    assert (waits.why, waits.next_on) == (WAITS, ON + timedelta(days=6))
    assert propose(USUAL, [late(99, level=3, last_sent=ON)], ON).why == LAST_LEVEL
    small = Policy((Level(1, minimum_fen=10_001),))
    assert propose(small, [late(1)], ON).why == BELOW_MINIMUM
    assert propose(Policy((Level(1, minimum_fen=10_000),)), [late(1)], ON).why == OFFERED


def test_a_run_is_of_no_day_before_the_last_and_of_none_to_come():
    assert check_run(ON, ON, ON) == []
    assert [f.code for f in check_run(ON - timedelta(days=1), ON, ON)] == ["dunning.run.before"]
    assert [f.code for f in check_run(ON + timedelta(days=1), None, ON)] == ["dunning.run.future"]


def test_a_policy_is_checked():
    assert check_policy(USUAL) == []
    codes = {f.code for f in check_policy(Policy((Level(3, "previous"), Level(5), Level(5))))}
    assert codes == {"dunning.policy.first_previous", "dunning.policy.order"}
    assert [f.code for f in check_policy(Policy(()))] == ["dunning.policy.empty"]
    assert policy_from_json(policy_to_json(USUAL)) == USUAL
    # A policy stored before a field was known has the usual value.
    assert policy_from_json({"levels": [{"delay": 1}]}).remind_before == 3


@given(
    st.lists(
        st.tuples(st.integers(-20, 90), st.integers(1, 10**6), st.integers(0, 10**6)), max_size=8
    ),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
)
def test_the_parts_of_a_proposal_add_up(rows, credit, promised):
    items = [
        Item(n, ON - timedelta(days=days), fen, disputed)
        for n, (days, fen, disputed) in enumerate(rows)
    ]
    made = propose(USUAL, items, ON, credit_fen=credit, promised_fen=promised)
    rests = made.disputed_fen + made.covered_fen + made.promised_fen
    assert made.overdue_fen == rests + made.demanded_fen
    assert made.demanded_fen == sum(line.asked_fen for line in made.lines)
    assert made.level == 0 or made.demanded_fen > 0


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(1, 60))
def test_no_level_is_left_out_once_letters_are_sent(gaps, first):
    """Whenever somebody looks and sends what is offered, each level is the next one."""
    item, on, reached = Item("IV", ON, 100), ON + timedelta(days=first), 0
    for gap in gaps:
        on += timedelta(days=gap)
        level = offered_level(USUAL, item, on)
        if level:
            assert reached == 0 or level == reached + 1
            reached = level
            item = replace(item, level=level, last_sent=on)

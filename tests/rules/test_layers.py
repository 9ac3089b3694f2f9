"""Layers of stock by our deliveries: hand-worked, and against a toy warehouse that keeps boxes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.layers import (
    Closing,
    Delivery,
    Holding,
    Layer,
    ages,
    bucket_of,
    life,
    replay,
    sell_through,
    stack,
)

START = date(2026, 1, 1)


def day(n: int) -> date:
    return START + timedelta(days=n)


def test_the_newest_deliveries_explain_the_stock_first() -> None:
    found = stack(
        [Holding("", 120)], [Delivery(day(1), 100, 100_000), Delivery(day(9), 80, 88_000)]
    )
    assert found.layers == (
        Layer("", 80, day(9), 88_000),
        Layer("", 40, day(1), 40_000),
    )
    assert (found.quantity, found.unexplained, found.value_fen) == (120, 0, 128_000)


def test_what_no_delivery_explains_is_shown_and_has_neither_age_nor_value() -> None:
    found = stack([Holding("", 50)], [Delivery(day(1), 30, 3_000)])
    assert found.layers[-1] == Layer("", 20)
    assert found.unexplained == 20
    aged = ages(found.layers, day(31))
    assert (aged.buckets, aged.unexplained, aged.average_days) == ((30, 0, 0, 0, 0), 20, 30)


def test_a_batch_is_explained_by_its_own_deliveries_and_the_rest_by_the_others() -> None:
    deliveries = [
        Delivery(day(1), 50, 5_000, "B1"),
        Delivery(day(5), 50, 6_000, "B2"),
        Delivery(day(8), 40, 8_000, "B3"),
    ]
    found = stack([Holding("B1", 30), Holding("", 60)], deliveries)
    assert [(one.batch, one.quantity, one.delivered_on) for one in found.layers] == [
        ("B1", 30, day(1)), ("", 40, day(8)), ("", 20, day(5)),
    ]  # fmt: skip


def test_deliveries_of_a_batch_that_is_used_up_explain_no_other_stock() -> None:
    deliveries = [Delivery(day(1), 50, 5_000, "B1")]
    found = stack([Holding("", 10)], deliveries, named=["B1"])
    assert found.unexplained == 10


def test_a_batch_delivered_twice_has_two_layers() -> None:
    deliveries = [Delivery(day(1), 50, 5_000, "B1"), Delivery(day(40), 50, 5_500, "B1")]
    found = stack([Holding("B1", 70)], deliveries)
    assert [(one.quantity, one.value_fen) for one in found.layers] == [(50, 5_500), (20, 2_000)]


def test_a_negative_closing_is_set_apart_and_makes_no_layer() -> None:
    found = stack([Holding("B1", -10), Holding("B2", 5)], [Delivery(day(1), 5, 500, "B2")])
    assert found.quarantined == (Holding("B1", -10),)
    assert found.quantity + sum(held.quantity for held in found.quarantined) == -5


def test_nothing_in_stock_vanishes() -> None:
    assert stack([Holding("B1", 0)], [Delivery(day(1), 5, 500, "B1")]).layers == ()


@pytest.mark.row("F06")
@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (89, 2), (90, 2), (91, 3), (180, 3), (181, 4)],
)
def test_a_bound_belongs_to_the_bucket_below_it(days: int, bucket: int) -> None:
    assert bucket_of(days) == bucket


@pytest.mark.row("F06")
def test_the_average_age_is_weighted_by_quantity() -> None:
    layers = [Layer("", 90, day(0), 900), Layer("", 10, day(80), 100)]
    aged = ages(layers, day(100))
    assert aged.average_days == Decimal("92.0")  # not 60, the average of 100 and 20
    assert aged.buckets == (10, 0, 0, 90, 0)
    assert aged.values_fen == (100, 0, 0, 900, 0)


@pytest.mark.row("F06")
def test_twelve_month_goods_are_in_their_last_third_with_seventy_days_left() -> None:
    found = life(date(2026, 2, 1), None, 365, date(2026, 11, 23))
    assert found is not None and (found.days_left, found.bucket) == (70, "third")


@pytest.mark.row("F06")
@pytest.mark.parametrize(
    ("left", "bucket"),
    [(-1, "expired"), (0, "third"), (119, "third"), (120, "two_thirds"), (239, "two_thirds"),
     (240, "fresh"), (360, "fresh")],
)  # fmt: skip
def test_goods_sell_on_their_expiry_day_and_thirds_begin_on_their_bound(
    left: int, bucket: str
) -> None:
    end = date(2026, 12, 31)
    found = life(end - timedelta(days=360), end, None, end - timedelta(days=left))
    assert found is not None and found.bucket == bucket


def test_life_without_dates_is_not_known() -> None:
    assert life(None, None, 365, START) is None
    assert life(START, None, None, START) is None
    only_end = life(None, day(10), None, START)
    assert only_end is not None and (only_end.days_left, only_end.bucket) == (10, "unknown")


def test_sell_through_is_of_all_that_was_there() -> None:
    assert sell_through(80, 60, 40) == Decimal("80.0")
    assert sell_through(0, 0, 0) is None


def test_a_correction_runs_through_all_later_periods() -> None:
    deliveries = [Delivery(day(5), 100, 10_000), Delivery(day(35), 100, 20_000)]
    as_filed = [Closing(day(31), (Holding("", 40),)), Closing(day(59), (Holding("", 120),))]
    corrected = [Closing(day(31), (Holding("", 20),)), as_filed[1]]
    before, after = (replay(one, deliveries, day(31)) for one in (as_filed, corrected))
    assert [made.quantity for _end, made in before] == [40, 120]
    assert [made.quantity for _end, made in after] == [20, 120]
    # The count of the second period stands as it was made: a fixed point.
    assert after[1] == before[1]
    assert [end for end, _made in replay(as_filed, deliveries, day(32))] == [day(59)]


def test_a_delivery_after_the_period_explains_nothing_of_it() -> None:
    found = replay([Closing(day(31), (Holding("", 10),))], [Delivery(day(31), 10, 1)], START)
    assert found[0][1].unexplained == 10


MOVES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12)


@pytest.mark.row("F01")
@given(MOVES, st.integers(0, 30))
def test_layers_sum_to_the_balance_and_agree_with_a_warehouse_that_keeps_boxes(
    moves: list[tuple[int, int]], opening: int
) -> None:
    """The toy takes the oldest box first; what it is left with is what the rule finds."""
    boxes: list[date | None] = [None] * opening
    deliveries = []
    for n, (came, wanted) in enumerate(moves):
        if came:
            deliveries.append(Delivery(day(n), came, came * 100))
        boxes.extend([day(n)] * came)
        del boxes[: min(wanted, len(boxes))]
    found = stack([Holding("", len(boxes))], deliveries)
    assert found.quantity == len(boxes)
    by_day = {one.delivered_on: one.quantity for one in found.layers}
    assert by_day == {on: boxes.count(on) for on in set(boxes)}


@pytest.mark.row("F01")
@given(MOVES, st.sets(st.integers(1, 11)))
def test_any_split_of_the_time_into_periods_gives_the_same_layers(
    moves: list[tuple[int, int]], cuts: set[int]
) -> None:
    deliveries = [Delivery(day(n), came, came * 7) for n, (came, _out) in enumerate(moves) if came]
    balance, balances = 0, []
    for came, wanted in moves:
        balance = max(balance + came - wanted, 0)
        balances.append(balance)
    ends = sorted({n for n in cuts if n < len(moves)} | {len(moves)})
    split = [Closing(day(n), (Holding("", balances[n - 1]),)) for n in ends]
    whole = replay(split[-1:], deliveries, START)
    assert replay(split, deliveries, START)[-1] == whole[-1]


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 60), st.sampled_from(["", "B1", "B2"])),
             max_size=10),
    st.dictionaries(st.sampled_from(["", "B1", "B2", "B3"]), st.integers(-5, 90), min_size=1),
)  # fmt: skip
def test_every_unit_is_in_one_layer_or_set_apart(
    delivered: list[tuple[int, int, str]], held: dict[str, int]
) -> None:
    deliveries = [
        Delivery(day(n), quantity, quantity * 11, batch, i)
        for i, (n, quantity, batch) in enumerate(delivered)
    ]
    found = stack([Holding(batch, quantity) for batch, quantity in held.items()], deliveries)
    apart = sum(one.quantity for one in found.quarantined)
    assert found.quantity + apart == sum(held.values())
    aged = ages(found.layers, day(100))
    assert sum(aged.buckets) + aged.unexplained == found.quantity
    assert sum(aged.values_fen) == found.value_fen

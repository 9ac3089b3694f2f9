"""Classes of demand: bounds, what is left out, and what cannot be told from too little."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.demand import Kind, Observation, Profile, deviation_of, mean_of

D = Decimal


def a_history(*sold: int, out: tuple[int, ...] = (), days: int = 30) -> Profile:
    return Profile(
        tuple(Observation(f"P{n}", days, q, is_out=n in out) for n, q in enumerate(sold))
    )


@pytest.mark.row("F03")
@pytest.mark.parametrize(
    ("sold", "kind"),
    [
        ((10, 11, 9, 10, 12, 8), Kind.SMOOTH),
        ((1, 40, 2, 35, 1, 50), Kind.ERRATIC),
        ((0, 10, 0, 11, 0, 9, 0, 10), Kind.INTERMITTENT),
        ((0, 1, 0, 60, 0, 2, 0, 90), Kind.LUMPY),
        ((0, 0, 0), Kind.NONE),
        ((0, 0, 0, 7), Kind.INTERMITTENT),  # one size has no spread
        ((), Kind.NONE),
    ],
)
def test_a_demand_is_classed_by_its_rhythm_and_its_sizes(sold: tuple[int, ...], kind: Kind) -> None:
    assert a_history(*sold).kind is kind


def test_the_cut_of_the_rhythm_belongs_to_the_intermittent() -> None:
    # 33 periods with 25 sales: 33 / 25 is 1.32 exactly.
    exactly = a_history(*([10] * 25), *([0] * 8))
    less = a_history(*([10] * 25), *([0] * 7))
    assert exactly.adi == D("1.32")
    assert (exactly.kind, less.kind) == (Kind.INTERMITTENT, Kind.SMOOTH)


def test_the_cut_of_the_sizes_belongs_to_the_varying() -> None:
    # 3 and 17 about 10: the sample variance is 98, 98 / 100 = 0.98; four of them give 0.6533.
    profile = a_history(3, 17, 3, 17)
    assert profile.cv2 is not None and profile.cv2.quantize(D("1.0000")) == D("0.6533")
    assert profile.kind is Kind.ERRATIC
    # The same by the divisor n would be 0.49, on the cut itself: the choice of divisor is stated.
    assert sum((D(s) - 10) ** 2 for s in (3, 17, 3, 17)) / 4 / 100 == D("0.49")


def test_periods_without_stock_are_left_out_and_stay_to_be_seen() -> None:
    profile = a_history(30, 6, 30, 30, out=(1,))
    assert (profile.n, profile.mean, profile.mean_with_all) == (3, 30, 24)
    assert [one.label for one in profile.left_out] == ["P1"]
    assert profile.deviation == 0


def test_one_period_has_a_mean_and_no_deviation() -> None:
    profile = a_history(12)
    assert (profile.mean, profile.deviation, profile.cv2) == (12, None, None)
    assert deviation_of([]) is None and mean_of([]) is None


def test_more_returned_than_sold_is_no_demand() -> None:
    profile = a_history(-5, 10)
    assert profile.demands == (0, 10)


def test_silence_is_counted_from_the_end() -> None:
    assert a_history(5, 0, 5, 0, 0, 0).silence == 3
    assert a_history(0, 5).silence == 0


def test_a_period_has_days() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Observation("P", 0, 1)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=30), st.integers(2, 50))
def test_the_class_does_not_depend_on_the_unit(sold: list[int], factor: int) -> None:
    """Bottles instead of boxes: the same rhythm and the same relative spread."""
    boxes, bottles = a_history(*sold), a_history(*(q * factor for q in sold))
    assert boxes.adi == bottles.adi
    if boxes.cv2 is not None and bottles.cv2 is not None:
        assert abs(boxes.cv2 - bottles.cv2) < D("1e-18")

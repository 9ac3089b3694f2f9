"""What a budget grants, when a season is one, what is payable (D07, D08)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.supports import check_grant, check_payable, check_season, grant

FEN = st.integers(0, 10**12)


@pytest.mark.row("D08")
@pytest.mark.parametrize(
    ("asked", "left", "over_left", "granted", "over"),
    [
        (1_200_000, 2_000_000, 0, 1_200_000, 0),
        (900_000, 800_000, 0, 800_000, 0),
        (900_000, 800_000, 100_000, 900_000, 100_000),
        (900_000, 800_000, 50_000, 850_000, 50_000),
        (900_000, -5, 0, 0, 0),
    ],
)
def test_a_claim_is_cut_to_the_budget_and_its_exception(asked, left, over_left, granted, over):
    found = grant(asked, left, over_left)
    assert (found.granted_fen, found.over_fen) == (granted, over)
    assert bool(check_grant(asked, found)) == (granted < asked)


@pytest.mark.row("D08")
@given(asked=st.integers(1, 10**12), left=FEN, over_left=FEN)
def test_never_more_than_asked_nor_than_there_is(asked, left, over_left):
    found = grant(asked, left, over_left)
    assert 0 <= found.over_fen <= min(found.granted_fen, over_left)
    assert found.granted_fen <= asked
    assert found.granted_fen - found.over_fen <= left


@pytest.mark.row("D07")
@pytest.mark.parametrize(
    ("trigger", "month", "season", "code"),
    [
        ("season", 12, [1, 12], None),
        ("season", 11, [1, 12], "support.out_of_season"),
        ("season", 11, None, "support.no_season"),
        ("recovery", 11, [1, 12], None),
    ],
)
def test_the_season_of_the_goods(trigger, month, season, code):
    found = check_season(trigger, date(2026, month, 1), "火锅底料", season)
    assert [f.code for f in found] == ([code] if code else [])
    assert not any(f.is_blocking for f in found)


@pytest.mark.row("D08")
def test_payable_with_evidence_and_within_what_is_granted():
    assert check_payable(100, 100, True) == []
    assert [f.code for f in check_payable(100, 100, False)] == ["support.no_evidence"]
    assert [f.code for f in check_payable(100, 101, True)] == ["support.over_granted"]
    assert [f.code for f in check_payable(100, 0, True)] == ["support.nothing_used"]

"""The ladder of consequences: what each rung needs, who signs, and how it is undone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.consequences import (
    OWNER_ABOVE_FEN,
    RUNGS,
    Consequence,
    Ladder,
    check,
    needs_owner,
    opposite,
    skipped_rungs,
)

pytestmark = pytest.mark.row("A16")
AGREED = Ladder(500_000)
DAY = date(2026, 11, 21)


def codes(step: Consequence, ladder: Ladder = AGREED) -> list[str]:
    return [f.code for f in check(step, ladder, {"warning"}) if f.is_blocking]


@pytest.mark.parametrize(
    ("step", "ladder", "found"),
    [
        (Consequence("warning"), AGREED, []),
        (Consequence("warning", 1), AGREED, ["conduct.no_amount"]),
        (Consequence("fine"), AGREED, ["conduct.amount_needed"]),
        (Consequence("fine", 500_000), AGREED, []),
        (Consequence("fine", 500_001), AGREED, ["conduct.differs"]),
        (Consequence("deposit", 500_000), Ladder(), ["conduct.no_contract_amount"]),
        (Consequence("deposit", 201_633, "court"), AGREED, ["conduct.why_needed"]),
        (Consequence("deposit", 201_633, "court", "（2025）武汉"), AGREED, []),
        (Consequence("withhold", 123), AGREED, []),
        (Consequence("stop"), AGREED, ["conduct.day_needed"]),
        (Consequence("stop", start=DAY, end=date(2026, 11, 20)), AGREED, ["conduct.span"]),
        (Consequence("stop", start=DAY, end=DAY), AGREED, []),
        (Consequence("terminate"), AGREED, ["conduct.day_needed"]),
        (Consequence("prison"), AGREED, ["conduct.kind"]),
    ],
)
def test_what_a_rung_needs(step: Consequence, ladder: Ladder, found: list[str]) -> None:
    assert codes(step, ladder) == found


def test_a_heavy_step_without_a_lighter_one_is_warned_of_and_not_refused() -> None:
    [found] = check(Consequence("stop", start=DAY), AGREED, set())
    assert (found.code, found.is_blocking) == ("conduct.skips", False)
    assert found.facts["rungs"] == ("warning", "fine", "deposit", "withhold")
    assert check(Consequence("stop", start=DAY), AGREED, {"fine"}) == []
    assert skipped_rungs("warning", ()) == ()


@pytest.mark.parametrize(
    ("kind", "fen", "owner"),
    [
        ("fine", OWNER_ABOVE_FEN, False),
        ("fine", OWNER_ABOVE_FEN + 1, True),
        ("stop", 0, False),
        ("terminate", 0, True),
    ],
)
def test_the_owner_signs_above_the_band_and_the_end(kind: str, fen: int, owner: bool) -> None:
    assert needs_owner(kind, fen) is owner


@given(st.lists(st.tuples(st.sampled_from(RUNGS), st.integers(0, 10**12))))
def test_entries_and_their_reversals_sum_to_nothing(steps: list[tuple[str, int]]) -> None:
    assert sum(fen + opposite(fen) for _kind, fen in steps) == 0

"""The score card: hand-worked scores, what a sound card is, and properties over any figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit import score_cards
from credit.score_cards import FIRST_CARD, from_json, to_json, validate
from credit.scoring import (
    FACTORS,
    Band,
    Card,
    Grade,
    Scale,
    explain,
    grade_of,
    lines_from_json,
    lines_to_json,
    score,
    suggest,
    total,
)

BEST = {
    "days_late": Decimal(0),
    "overdue_count": Decimal(0),
    "overdue_amount": Decimal(0),
    "turnover": Decimal(600_000_000),
    "months": Decimal(40),
    "violations": Decimal(0),
    "security": Decimal(30_000_000),
    "broken_promises": Decimal(0),
    "late_reports": Decimal(0),
}

FIGURES = st.fixed_dictionaries(
    {
        name: st.none()
        | (
            st.integers(0, 10**10).map(Decimal)
            if unit == "fen"
            else st.integers(0, 900).map(lambda n: Decimal(n).scaleb(-1))
        )
        for name, (unit, _better) in FACTORS.items()
    }
)


@pytest.mark.row("B08")
def test_the_first_card_worked_by_hand():
    assert score(FIRST_CARD, BEST).e2 == 10_000
    figures = BEST | {"days_late": Decimal("4.9"), "overdue_count": Decimal(2)}
    scored = score(FIRST_CARD, figures)
    # 80 × 20 % = 16 instead of 20; 60 × 10 % = 6 instead of 10.
    assert scored.e2 == 9_200
    assert scored.grade.code == "A"
    line = scored.lines[0]
    assert (line.figure, line.lower, line.upper, line.points, line.weight) == (
        Decimal("4.9"),
        Decimal("0.1"),
        Decimal(5),
        80,
        20,
    )


@pytest.mark.row("B08")
@pytest.mark.parametrize(
    ("factor", "old", "new", "e2"),
    [
        ("days_late", "4.9", "5", -400),
        ("overdue_count", "0", "1", -400),
        ("overdue_amount", "0", "1", -450),
        ("turnover", "499999999", "500000000", 300),
        ("months", "11", "12", 200),
        ("violations", "0", "1", -500),
        ("security", "4999999", "5000000", 300),
        ("broken_promises", "1", "2", -250),
        ("late_reports", "0", "1", -200),
    ],
)
def test_one_input_moves_one_line(factor, old, new, e2):
    before = score(FIRST_CARD, BEST | {factor: Decimal(old)})
    after = score(FIRST_CARD, BEST | {factor: Decimal(new)})
    [move] = explain(before.lines, after.lines)
    assert (move.factor, move.e2) == (factor, e2)
    assert after.e2 - before.e2 == e2


def test_a_figure_that_moved_inside_its_band_is_told_with_nothing_added():
    before = score(FIRST_CARD, BEST | {"turnover": Decimal(600_000_000)})
    after = score(FIRST_CARD, BEST | {"turnover": Decimal(700_000_000)})
    [move] = explain(before.lines, after.lines)
    assert move.e2 == 0 and move.old.figure != move.new.figure


def test_what_is_not_known_gets_the_points_of_not_known():
    scored = score(FIRST_CARD, BEST | {"days_late": None, "broken_promises": None})
    by_name = {line.factor: line for line in scored.lines}
    assert (by_name["days_late"].points, by_name["days_late"].figure) == (50, None)
    assert by_name["broken_promises"].points == 100


def test_more_returned_than_sold_counts_as_nothing_sold():
    scored = score(FIRST_CARD, BEST | {"turnover": Decimal(-5)})
    assert next(line for line in scored.lines if line.factor == "turnover").points == 0


@pytest.mark.parametrize(
    ("e2", "code"),
    [(10_000, "A"), (8_500, "A"), (8_499, "B"), (7_000, "B"), (4_999, "D"), (0, "D")],
)
def test_the_bound_belongs_to_the_better_grade(e2, code):
    assert grade_of(FIRST_CARD, e2).code == code


@pytest.mark.row("B08")
@pytest.mark.parametrize(
    ("sales", "share", "limit", "season"),
    [
        # 1,260,000.00 a year is 105,000.00 a month; 80 % is 84,000.00, down to 80,000.00.
        (126_000_000, 80, 8_000_000, 4_000_000),
        (120_000_000, 100, 10_000_000, 5_000_000),
        (119_999_999, 100, 9_000_000, 4_000_000),
        (126_000_000, 0, 0, 0),
        (-5, 100, 0, 0),
    ],
)
def test_the_suggested_limit(sales, share, limit, season):
    found = suggest(Grade("B", 70, share, 45), sales, 1_000_000)
    assert (found.limit_fen, found.season_fen) == (limit, season)


@given(st.integers(0, 10**12), st.integers(0, 300), st.integers(1, 10**8))
def test_a_suggestion_never_exceeds_the_share_of_a_months_sales(sales, share, step):
    found = suggest(Grade("X", 0, share, 0), sales, step)
    assert found.limit_fen % step == 0
    assert found.limit_fen * 1200 <= sales * share < (found.limit_fen + step) * 1200


@pytest.mark.row("B08")
@given(FIGURES)
def test_the_lines_add_up_to_the_score(figures):
    scored = score(FIRST_CARD, figures)
    assert scored.e2 == sum(line.points * line.weight for line in scored.lines)
    assert 0 <= scored.e2 <= 10_000
    assert lines_from_json(lines_to_json(scored.lines)) == scored.lines


@given(FIGURES, FIGURES)
def test_the_moves_add_up_to_the_difference(old, new):
    before, after = score(FIRST_CARD, old), score(FIRST_CARD, new)
    assert sum(m.e2 for m in explain(before.lines, after.lines)) == after.e2 - before.e2


@given(FIGURES, st.randoms(use_true_random=False))
def test_the_order_of_the_inputs_does_not_matter(figures, dice):
    names = list(figures)
    dice.shuffle(names)
    shuffled = {name: figures[name] for name in names}
    scales = list(FIRST_CARD.scales)
    dice.shuffle(scales)
    card = replace(FIRST_CARD, scales=tuple(scales))
    assert score(card, shuffled).e2 == score(FIRST_CARD, figures).e2
    assert total(score(card, shuffled).lines) == total(score(FIRST_CARD, shuffled).lines)


@st.composite
def sound_cards(draw):
    """Any card that passes the check."""
    names = list(FACTORS)
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=8, max_size=8)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    scales = []
    for name, weight in zip(names, weights, strict=True):
        bounds = sorted(draw(st.sets(st.integers(1, 10**8), max_size=4)))
        size = len(bounds) + 1
        points = sorted(draw(st.lists(st.integers(0, 100), min_size=size, max_size=size)))
        if not FACTORS[name][1]:
            points.reverse()
        lowers = [Decimal(0), *map(Decimal, bounds)]
        uppers = [*lowers[1:], None]
        bands = tuple(Band(*band) for band in zip(lowers, uppers, points, strict=True))
        scales.append(Scale(name, weight, bands, draw(st.integers(0, 100))))
    return Card(tuple(scales), FIRST_CARD.grades)


@pytest.mark.row("B08")
@given(sound_cards(), FIGURES, st.sampled_from(list(FACTORS)), st.integers(0, 10**9))
def test_a_score_follows_the_direction_of_each_factor(card, figures, factor, more):
    assert validate(card) == []
    if figures[factor] is None:
        figures = figures | {factor: Decimal(0)}
    changed = figures | {factor: figures[factor] + more}
    less, greater = score(card, figures).e2, score(card, changed).e2
    assert greater >= less if FACTORS[factor][1] else greater <= less


@given(sound_cards())
def test_a_card_survives_storage(card):
    assert from_json(to_json(card)) == card


def test_the_first_card_is_sound():
    assert validate(FIRST_CARD) == []
    assert from_json(to_json(FIRST_CARD)) == FIRST_CARD


def _with(factor: str, **changes) -> Card:
    return replace(
        FIRST_CARD,
        scales=tuple(replace(s, **changes) if s.factor == factor else s for s in FIRST_CARD.scales),
    )


def _graded(more: Grade) -> Card:
    return replace(FIRST_CARD, grades=(*FIRST_CARD.grades, more))


def _band(lower, upper, points):
    return Band(Decimal(lower), None if upper is None else Decimal(upper), points)


@pytest.mark.row("B08")
@pytest.mark.parametrize(
    ("card", "code"),
    [
        (_with("violations", weight=11), "score.weights"),
        (_with("violations", weight=-1), "score.weight"),
        (_with("violations", bands=()), "score.no_bands"),
        (_with("violations", bands=(_band(1, None, 5),)), "score.band_start"),
        (_with("violations", bands=(_band(0, 4, 5),)), "score.band_end"),
        (_with("violations", bands=(_band(0, 2, 9), _band(3, None, 5))), "score.band_gap"),
        (_with("violations", bands=(_band(0, 4, 9), _band(3, None, 5))), "score.band_overlap"),
        (_with("violations", bands=(_band(0, None, 9), _band(3, None, 5))), "score.band_overlap"),
        (_with("violations", bands=(_band(0, 0, 9), _band(0, None, 5))), "score.band_empty"),
        (_with("violations", bands=(_band(0, 2, 5), _band(2, None, 9))), "score.direction"),
        (_with("turnover", bands=(_band(0, 2, 9), _band(2, None, 5))), "score.direction"),
        (_with("violations", bands=(_band(0, None, 101),)), "score.points"),
        (_with("violations", unknown=101), "score.points"),
        (replace(FIRST_CARD, scales=FIRST_CARD.scales[1:]), "score.factor_missing"),
        (replace(FIRST_CARD, grades=FIRST_CARD.grades[:3]), "score.grade_floor"),
        (_graded(Grade("A", 10, 0, 0)), "score.grade_twice"),
        (_graded(Grade("E", 0, 0, 0)), "score.grade_twice"),
        (_graded(Grade("", 9, 0, 0)), "score.grade_bound"),
        (_graded(Grade("E", 9, -1, 0)), "score.grade_gives"),
        (replace(FIRST_CARD, limit_step_fen=0), "score.step"),
    ],
)  # fmt: skip
def test_what_makes_a_card_unsound(card, code):
    assert code in [finding.code for finding in validate(card)]


def test_unknown_factors_and_missing_bands_are_our_own_mistakes():
    with pytest.raises(ValueError, match="no factor"):
        Scale("warmth", 10, ())
    with pytest.raises(ValueError, match="no band"):
        score(_with("violations", bands=(_band(5, None, 0),)), BEST)
    with pytest.raises(ValueError, match="no grade"):
        grade_of(Card((), (Grade("A", 85, 0, 0),)), 10)


def test_relationship_warmth_is_no_input():
    assert not any("warm" in name or "relation" in name for name in FACTORS)
    assert {scale.factor for scale in score_cards.FIRST_CARD.scales} == set(FACTORS)

"""Rebate terms as data: what the checks before signing say, how terms are read aloud and kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from rebate_builders import some_terms

from contracts.rebates.model import Base, Method
from contracts.rebates.terms_json import from_json, terms_hash, to_json
from contracts.rebates.validate import validate
from contracts.values.findings import Severity
from contracts.values.money import Money
from contracts.values.rates import Rate


def codes(*steps: tuple[str, str], **changes: object) -> list[str]:
    return [finding.code for finding in validate(some_terms(*steps, **changes))]


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([("0", "1"), ("0.00", "2")], "rebate.bound_twice"),
        ([("-1", "1")], "rebate.bound_negative"),
        ([("0", "1"), ("100.005", "2")], "rebate.bound_not_fen"),
        ([("0", "-1")], "rebate.rate_negative"),
        ([("0", "100.01")], "rebate.rate_over_hundred"),
    ],
)
def test_scales_that_could_be_read_two_ways_are_blocked(
    steps: list[tuple[str, str]], code: str
) -> None:
    (finding,) = validate(some_terms(*steps))

    assert (finding.code, finding.severity) == (code, Severity.BLOCK)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tiers": ()}, "rebate.no_tiers"),
        ({"name": " "}, "rebate.unnamed"),
        ({"cap_fen": 0}, "rebate.cap_not_positive"),
        ({"cap_fen": 100, "floor_payout_fen": 101}, "rebate.cap_below_minimum"),
        ({"floor_payout_fen": -1}, "rebate.minimum_payout_negative"),
        (
            {"goods": frozenset({"A"}), "goods_out": frozenset({"A", "B"})},
            "rebate.goods_in_and_out",
        ),
    ],
)
def test_terms_that_contradict_themselves_are_blocked(
    changes: dict[str, object], code: str
) -> None:
    (finding,) = validate(some_terms(**changes))

    assert (finding.code, finding.severity) == (code, Severity.BLOCK)


def test_a_rate_of_exactly_one_hundred_percent_is_allowed() -> None:
    assert codes(("0", "100")) == []


def test_the_jump_at_each_bound_of_a_whole_amount_scale_is_told() -> None:
    jumps = [finding for finding in validate(some_terms()) if finding.code == "rebate.jumps_at"]

    assert [finding.severity for finding in jumps] == [Severity.INFO, Severity.INFO]
    assert [str(finding.facts["jump"]) for finding in jumps] == ["1000.00 CNY", "2000.00 CNY"]
    assert jumps[1].facts["below"] == Money.from_fen(4_000_00)


def test_a_segmented_scale_has_no_jumps() -> None:
    assert codes(method=Method.SEGMENT) == []


def test_a_scale_that_begins_above_zero_warns_and_its_first_bound_is_a_jump() -> None:
    assert codes(("10000", "1")) == ["rebate.nothing_below", "rebate.jumps_at"]
    assert codes(("10000", "1"), method=Method.SEGMENT) == ["rebate.nothing_below"]


def test_a_falling_rate_warns_by_its_effect() -> None:
    falling = [("0", "3"), ("1000", "2")]
    (drop,) = validate(some_terms(*falling))
    (slower,) = validate(some_terms(*falling, method=Method.SEGMENT))

    assert (drop.code, drop.severity) == ("rebate.drops_at", Severity.WARN)
    assert drop.facts["jump"] == Money(Decimal(10), "CNY")
    assert (slower.code, slower.facts["before"]) == ("rebate.rate_falls", Rate.percent(3))


def test_a_tier_with_the_rate_of_the_one_before_is_idle() -> None:
    assert codes(("0", "1"), ("1000", "1")) == ["rebate.tier_idle"]


@pytest.mark.parametrize(
    ("method", "cap_fen", "expected"),
    [
        (Method.WHOLE, 10_00, ["rebate.tier_over_cap"]),
        (Method.WHOLE, 10_01, ["rebate.jumps_at"]),
        (Method.SEGMENT, 10_00, ["rebate.tier_over_cap"]),
        (Method.SEGMENT, 10_01, []),
    ],
)
def test_a_tier_that_the_cap_makes_unreachable_warns(
    method: Method, cap_fen: int, expected: list[str]
) -> None:
    assert codes(("0", "1"), ("1000", "2"), method=method, cap_fen=cap_fen) == expected


def test_a_lower_rate_that_pays_less_than_the_cap_is_told_as_a_drop() -> None:
    falling = [("0", "2"), ("1000", "1")]

    assert codes(*falling, cap_fen=15_00) == ["rebate.drops_at"]
    assert codes(*falling, cap_fen=10_00) == ["rebate.tier_over_cap"]


def test_unsorted_tiers_and_scales_of_nothing_warn() -> None:
    assert codes(("1000", "2"), ("0", "1"), method=Method.SEGMENT) == ["rebate.tiers_not_ascending"]
    assert codes(("0", "0")) == ["rebate.pays_nothing"]


def test_goods_out_win_over_goods_in() -> None:
    terms = some_terms(goods=frozenset({"sauce"}), goods_out=frozenset({"gifts"}))

    assert [terms.counts(group) for group in ("sauce", "gifts", "soup")] == [True, False, False]
    all_but_gifts = some_terms(goods_out=frozenset({"gifts"}))
    assert [all_but_gifts.counts(group) for group in ("gifts", "soup")] == [False, True]


def test_any_change_of_the_terms_changes_their_hash() -> None:
    terms = some_terms()
    changed = [
        replace(terms, method=Method.SEGMENT),
        replace(terms, base=Base(vat="gross")),
        replace(terms, cap_fen=1),
        replace(terms, name="Other"),
        some_terms(("0", "1"), ("100000", "2"), ("200000", "3.01")),
    ]

    assert len({terms_hash(each) for each in (terms, *changed)}) == 1 + len(changed)


def test_a_bound_written_with_needless_zeros_is_the_same_bound() -> None:
    assert terms_hash(some_terms(("1E+5", "2.0"))) == terms_hash(some_terms(("100000.00", "2")))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("method", "the best one"),
        ("period_kind", "week"),
        ("tiers", [{"lower": 0.1, "rate": "0.01"}]),
        ("tiers", [{"lower": "x", "rate": "0.01"}]),
        ("tiers", [{"lower": "NaN", "rate": "0.01"}]),
        ("tiers", ["0"]),
        ("goods", [1]),
        ("cap_fen", 1.5),
        ("cap_fen", True),
        ("base", None),
        ("code", None),
    ],
)
def test_terms_that_cannot_be_read_are_refused_by_field(field: str, value: object) -> None:
    stored = {**to_json(some_terms()), field: value}
    expected = "lower" if isinstance(value, list) and isinstance(value[0], dict) else field

    with pytest.raises(ValueError, match=expected):
        from_json(stored)

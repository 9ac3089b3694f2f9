"""Territories: the nearest division decides, day by day, and one area has one owner."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.territory import Grant, Territory, check_exclusive, check_ship_to, covers, overlap
from contracts.values.findings import Severity
from contracts.values.periods import Period
from contracts.values.schedules import Dated
from tests.golden import cases

#: 四川 with two prefectures and some of their counties, and a city that has no counties.
TREE: dict[str, str | None] = {
    "510000": None,
    "510300": "510000",
    "510302": "510300",
    "511000": "510000",
    "511002": "511000",
    "511083": "511000",
    "441900": None,
}
YEAR = Period.year(2026)
ALL_GOODS: frozenset[str] = frozenset()
CODES = st.sampled_from(sorted(TREE))
SETS = st.frozensets(CODES, max_size=4)
SPANS = st.builds(
    lambda month, length: Period(date(2026, month, 1), date(2026, min(12, month + length), 15)),
    st.integers(1, 12),
    st.integers(0, 11),
)
CARVE_OUTS = st.lists(
    st.builds(
        lambda code, span, open_end: Dated(code, span.start, None if open_end else span.end),
        CODES,
        SPANS,
        st.booleans(),
    ),
    max_size=2,
).map(tuple)
GRANTS = st.builds(
    Grant,
    territory=st.builds(Territory, includes=SETS, excludes=SETS, carve_outs=CARVE_OUTS),
    goods=st.frozensets(st.sampled_from("ABN"), max_size=2),
    period=SPANS,
    exclusive=st.booleans(),
    reference=st.just("HT-2026-001"),
)


def a_territory(*includes: str, out: tuple[str, ...] = ()) -> Territory:
    return Territory(frozenset(includes), frozenset(out))


def a_grant(
    territory: Territory,
    goods: frozenset[str] = ALL_GOODS,
    period: Period = YEAR,
    exclusive: bool = True,
    reference: str = "HT-2026-001",
) -> Grant:
    return Grant(territory, goods, period, exclusive, reference)


def from_case(case: dict[str, Any]) -> Territory:
    carve_outs: tuple[Dated[str], ...] = ()
    if "carved" in case:
        carved = case["carved"]
        end = carved["last"] + timedelta(days=1) if "last" in carved else None
        carve_outs = (Dated(carved["place"], carved["first"], end),)
    return Territory(
        includes=frozenset(str(code) for code in case["in"]),
        excludes=frozenset(str(code) for code in case.get("out", [])),
        carve_outs=carve_outs,
    )


@pytest.mark.parametrize("case", cases("territories"))
def test_who_may_sell_where(case: dict[str, Any]) -> None:
    territory = from_case(case)
    assert covers(territory, case["place"], TREE, case["day"]) is case["covered"]
    findings = check_ship_to(territory, case["place"], "somewhere", TREE, case["day"])
    assert (not findings) is case["covered"]


@pytest.mark.row("A01")
def test_a_refusal_names_the_division() -> None:
    territory = a_territory("511000", out=("511083",))
    (finding,) = check_ship_to(territory, "511083", "隆昌市", TREE, date(2026, 8, 1))
    assert finding.code == "territory.outside"
    assert finding.severity is Severity.BLOCK
    assert finding.facts == {"division": "511083", "name": "隆昌市"}


def test_a_tree_that_bites_its_tail_ends() -> None:
    tree = {"1": "2", "2": "1"}
    assert not covers(a_territory("3"), "1", tree, date(2026, 1, 1))
    assert covers(a_territory("2"), "1", tree, date(2026, 1, 1))


@pytest.mark.row("A02")
@pytest.mark.parametrize(
    ("other", "divisions"),
    [
        (a_grant(a_territory("511000")), ["511000"]),
        (a_grant(a_territory("511000"), period=Period.year(2027)), []),
        (a_grant(a_territory("511000"), period=Period.parse("2026-12-31..2027-12-31")), ["511000"]),
        (a_grant(a_territory("510300")), []),
        (a_grant(a_territory("511083")), ["511083"]),
        (a_grant(a_territory("510000")), ["511000"]),
        (a_grant(a_territory("510000", out=("511000",))), []),
        (a_grant(a_territory("510000", "511083", out=("511000",))), ["511083"]),
        (a_grant(a_territory("511002", "511083")), ["511002", "511083"]),
        (a_grant(a_territory("511000"), goods=frozenset("A")), ["511000"]),
    ],
)
def test_areas_given_twice(other: Grant, divisions: list[str]) -> None:
    assert overlap(a_grant(a_territory("511000")), other, TREE) == divisions
    assert overlap(other, a_grant(a_territory("511000")), TREE) == divisions


def test_different_goods_may_have_different_owners() -> None:
    a, b, both = (frozenset(goods) for goods in ("A", "B", "AB"))
    first = a_grant(a_territory("511000"), goods=a)
    assert overlap(first, a_grant(a_territory("511000"), goods=b), TREE) == []
    assert overlap(first, a_grant(a_territory("511000"), goods=both), TREE) == ["511000"]


@pytest.mark.row("A02", "D05")
def test_a_county_carved_out_in_july_can_be_given_from_july_on() -> None:
    carved = Territory(frozenset({"511000"}), carve_outs=(Dated("511083", date(2026, 7, 1)),))
    county = a_territory("511083")
    from_june = a_grant(county, period=Period.parse("2026-06-30..2026-12-31"))
    from_july = a_grant(county, period=Period.parse("2026H2"))
    assert overlap(a_grant(carved), from_june, TREE) == ["511083"]
    assert overlap(a_grant(carved), from_july, TREE) == []


def test_a_county_that_comes_back_meets_its_second_owner() -> None:
    carved = Territory(
        frozenset({"511000"}),
        carve_outs=(Dated("511083", date(2026, 1, 1), date(2026, 10, 1)),),
    )
    assert overlap(a_grant(carved), a_grant(a_territory("511083")), TREE) == ["511083"]


@pytest.mark.row("A02")
def test_a_second_contract_is_refused_by_the_first_ones_number() -> None:
    first = a_grant(a_territory("511000"), reference="HT-2026-001")
    far = a_grant(a_territory("441900"), reference="HT-2026-002")
    new = a_grant(a_territory("511000"), period=Period.parse("2026H2"), reference="HT-2026-003")
    (finding,) = check_exclusive(new, [first, far], TREE)
    assert finding.code == "territory.overlap"
    assert finding.severity is Severity.BLOCK
    assert finding.facts == {
        "contract": "HT-2026-001",
        "divisions": ("511000",),
        "start": date(2026, 7, 1),
        "last_day": date(2026, 12, 31),
    }


@pytest.mark.parametrize(
    ("mine", "theirs", "refused"),
    [(True, True, True), (True, False, True), (False, True, True), (False, False, False)],
)
def test_either_side_can_be_exclusive(mine: bool, theirs: bool, refused: bool) -> None:
    new = a_grant(a_territory("511000"), exclusive=mine)
    other = a_grant(a_territory("511000"), exclusive=theirs)
    assert bool(check_exclusive(new, [other], TREE)) is refused


def descendants(code: str) -> set[str]:
    found = {code}
    for place, parent in sorted(TREE.items()):
        if parent in found:
            found.add(place)
    return found


@given(GRANTS, GRANTS)
def test_overlap_is_found_exactly_where_both_cover_a_division(a: Grant, b: Grant) -> None:
    """Against the slow way: every division on every day of the year."""
    found = overlap(a, b, TREE)
    assert found == overlap(b, a, TREE)
    common = a.period.intersection(b.period)
    goods_meet = not a.goods or not b.goods or bool(a.goods & b.goods)
    covered = set()
    if common is not None and goods_meet:
        for day in range(common.start.toordinal(), common.end.toordinal()):
            on = date.fromordinal(day)
            covered |= {
                code
                for code in TREE
                if covers(a.territory, code, TREE, on) and covers(b.territory, code, TREE, on)
            }
    assert set(found) <= covered
    assert all(any(code in descendants(top) for top in found) for code in covered)
    assert all(top not in descendants(other) for top in found for other in found if top != other)

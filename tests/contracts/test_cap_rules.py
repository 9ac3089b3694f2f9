"""Caps on contracts of an area: counted by level and day, refused one too many (G01)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.caps import Cap, Holding, check_caps, counted, ruling
from contracts.territory import Territory, carved, cut_through
from contracts.values.periods import Period
from contracts.values.schedules import Dated

TREE = {"510000": None, "511000": "510000", "511002": "511000", "511083": "511000"}
LEVELS = {
    "510000": "province",
    "511000": "prefecture",
    "511002": "county",
    "511083": "county",
}
YEAR = Period.year(2026)


def held(contract: str, *codes: str, period: Period = YEAR) -> Holding:
    return Holding(contract, period, frozenset(codes))


@pytest.mark.row("G01")
def test_the_second_contract_of_an_area_is_one_too_many():
    caps = [Cap("511000", "prefecture", 1, date(2026, 1, 1))]
    [finding] = check_caps(held("B", "511000"), [held("A", "511000")], caps, TREE, LEVELS)
    assert finding.code == "territory.cap"
    assert finding.is_blocking
    assert finding.facts["contracts"] == ("A",)
    assert finding.facts["most"] == 1


@pytest.mark.row("G01")
@pytest.mark.parametrize(
    ("new", "others", "why"),
    [
        (held("B", "511000"), [], "nobody is there"),
        (held("B", "511083"), [held("A", "511000")], "another level"),
        (held("A", "511000"), [held("A", "511000")], "the same contract amended"),
        (
            held("B", "511000", period=Period(date(2027, 1, 1), date(2028, 1, 1))),
            [held("A", "511000")],
            "other days",
        ),
    ],
)
def test_what_a_cap_lets_pass(new, others, why):
    caps = [Cap("511000", "prefecture", 1, date(2026, 1, 1))]
    assert check_caps(new, others, caps, TREE, LEVELS) == [], why


@pytest.mark.row("G01")
def test_a_cap_counts_the_counties_inside_its_area():
    caps = [Cap("511000", "county", 2, date(2026, 1, 1))]
    others = [held("A", "511002"), held("B", "511083"), held("P", "511000")]
    assert counted(caps[0], others, TREE, LEVELS, date(2026, 6, 1)) == ("A", "B")
    assert check_caps(held("C", "511002"), others, caps, TREE, LEVELS)
    assert not check_caps(held("C", "511002"), others[:1], caps, TREE, LEVELS)


@pytest.mark.row("G01")
def test_a_later_cap_takes_over_on_its_day():
    early, late = (
        Cap("511000", "prefecture", 1, date(2026, 1, 1), date(2026, 7, 1)),
        Cap("511000", "prefecture", 2, date(2026, 7, 1)),
    )
    assert ruling([late, early], date(2026, 6, 30)) == [early]
    assert ruling([late, early], date(2026, 7, 1)) == [late]
    after = held("B", "511000", period=Period(date(2026, 7, 1), date(2027, 1, 1)))
    assert not check_caps(after, [held("A", "511000")], [early, late], TREE, LEVELS)


@pytest.mark.row("G01")
@given(most=st.integers(0, 4), standing=st.integers(0, 6))
def test_refused_exactly_when_the_cap_is_full(most, standing):
    others = [held(f"C{i}", "511000") for i in range(standing)]
    caps = [Cap("511000", "prefecture", most, date(2026, 1, 1))]
    refused = bool(check_caps(held("new", "511000"), others, caps, TREE, LEVELS))
    assert refused == (standing >= most)


@pytest.mark.row("D05")
def test_an_opened_county_is_cut_from_the_prefecture_but_not_from_who_names_it():
    wide, own = Territory(frozenset({"511000"})), Territory(frozenset({"511083"}))
    on = date(2026, 7, 1)
    assert cut_through(wide, "511083", TREE, on)
    assert not cut_through(own, "511083", TREE, on)
    cut = carved(wide, [Dated("511083", on, date(2027, 1, 1))])
    assert not cut_through(cut, "511083", TREE, on)
    assert cut_through(cut, "511083", TREE, date(2026, 6, 30))
    assert cut_through(cut, "511083", TREE, date(2027, 1, 1))

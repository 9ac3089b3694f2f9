"""The tables that ship with the product: complete, consistent, and readable by our own importer."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from channel.tabular.kinds import KINDS, read_kind
from channel.tabular.kinds.divisions import DivisionRow
from channel.tabular.kinds.working_days import WorkingDayRow
from channel.tabular.mapping import propose
from channel.tabular.reading import read_table
from contracts.values.workdays import WorkCalendar

FOLDER = Path(__file__).resolve().parents[2] / "channel" / "reference"
TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def divisions() -> list[DivisionRow]:
    table = read_table((FOLDER / "divisions.csv").read_bytes(), "divisions.csv")
    result = read_kind("divisions", table, propose(table.header, KINDS["divisions"].fields))
    assert result.findings == []
    return list(result.rows)


@pytest.fixture(scope="module")
def days() -> list[WorkingDayRow]:
    table = read_table((FOLDER / "workdays.csv").read_bytes(), "workdays.csv")
    result = read_kind("working_days", table, propose(table.header, KINDS["working_days"].fields))
    assert result.findings == []
    return list(result.rows)


def in_force(rows: list[DivisionRow], on: dt.date) -> dict[str, DivisionRow]:
    found = {}
    for row in rows:
        if (row.valid_from or dt.date.min) <= on < (row.valid_to or dt.date.max):
            assert row.code not in found, f"{row.code} means two things on {on}"
            found[row.code] = row
    return found


@pytest.mark.row("G05")
def test_sichuan_has_21_prefecture_level_divisions(divisions: list[DivisionRow]) -> None:
    now = in_force(divisions, TODAY)
    sichuan = {r.code for r in now.values() if r.parent == "510000" and r.level == "prefecture"}
    assert len(sichuan) == 21
    assert {"510100", "511000", "513200", "513300", "513400"} <= sichuan


def test_the_whole_country_is_there(divisions: list[DivisionRow]) -> None:
    now = in_force(divisions, TODAY)
    assert Counter(row.level for row in now.values()) == {
        "province": 34, "prefecture": 333, "county": 2842,
    }  # fmt: skip


@pytest.mark.parametrize(
    "on", [dt.date(2010, 12, 29), dt.date(2017, 6, 1), dt.date(2021, 1, 1), TODAY]
)
def test_on_any_day_every_parent_is_in_force(divisions: list[DivisionRow], on: dt.date) -> None:
    now = in_force(divisions, on)
    for row in now.values():
        if row.level == "province":
            assert row.parent == ""
            continue
        assert row.parent in now, (row, on)
        assert row.parent[:2] == row.code[:2]
        assert now[row.parent].level != "county"


def test_longchang_became_a_city_in_june_2017(divisions: list[DivisionRow]) -> None:
    before, after = in_force(divisions, dt.date(2017, 5, 31)), in_force(divisions, TODAY)
    assert before["511028"].name == "隆昌县"
    assert "511083" not in before
    assert "511028" not in after
    city = after["511083"]
    assert (city.name, city.parent, city.predecessor) == ("隆昌市", "511000", "511028")
    assert city.valid_from == dt.date(2017, 6, 1)


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("429004", "county", "420000"),
        ("419001", "county", "410000"),
        ("469021", "county", "460000"),
        ("441900", "prefecture", "440000"),
        ("442000", "prefecture", "440000"),
        ("620200", "prefecture", "620000"),
        ("460400", "prefecture", "460000"),
        ("110101", "county", "110000"),
        ("500101", "county", "500000"),
        ("500235", "county", "500000"),
    ],
)
def test_odd_places_have_their_parent(
    divisions: list[DivisionRow], code: str, level: str, parent: str
) -> None:
    row = in_force(divisions, TODAY)[code]
    assert (row.level, row.parent) == (level, parent)


def test_nothing_exists_for_statistics_only(divisions: list[DivisionRow]) -> None:
    codes = {row.code for row in divisions}
    assert not codes & {"110100", "500100", "429000", "620201", "130171", "460321"}
    assert not {row.name for row in divisions} & {"市辖区", "县", "省直辖县级行政区划"}


def test_three_provinces_are_listed_but_not_offered(divisions: list[DivisionRow]) -> None:
    closed = {row.code for row in divisions if not row.is_selectable}
    assert closed == {"710000", "810000", "820000"}


def test_every_predecessor_is_known_and_ended_no_earlier(divisions: list[DivisionRow]) -> None:
    for row in divisions:
        if row.predecessor:
            ends = [r.valid_to for r in divisions if r.code == row.predecessor and r.valid_to]
            assert ends, row
            assert max(ends) >= (row.valid_from or dt.date.min), row


def test_2026_is_as_the_notice_says(days: list[WorkingDayRow]) -> None:
    official = frozenset(range(2020, 2027))
    calendar = WorkCalendar({row.date: row.is_working for row in days}, official)
    off = ["2026-01-01", "2026-02-17", "2026-02-23", "2026-04-06", "2026-05-05", "2026-06-19",
           "2026-09-25", "2026-10-01", "2026-10-07", "2026-10-03"]  # fmt: skip
    on = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert not any(calendar.is_working(dt.date.fromisoformat(day)) for day in off)
    assert all(calendar.is_working(dt.date.fromisoformat(day)) for day in on)
    assert calendar.roll(dt.date(2026, 10, 1), "next") == dt.date(2026, 10, 8)


def test_only_exceptions_are_listed_and_2027_is_a_forecast(days: list[WorkingDayRow]) -> None:
    for row in days:
        assert row.is_working != (row.date.weekday() < 5), row
        assert row.name
        assert row.state == ("forecast" if row.date.year >= 2027 else "official")
    assert {row.date.year for row in days} == set(range(2020, 2028))


def test_vat_rates_of_a_class_follow_each_other_without_gap() -> None:
    with (FOLDER / "vat_rates.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_class: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_class.setdefault(row["class"], []).append(row)
    for spans in by_class.values():
        for earlier, later in pairwise(spans):
            assert earlier["valid_to"] == later["valid_from"]
    now = {r["class"]: int(r["rate_bp"]) for r in rows if not r["valid_to"]}
    assert (now["standard"], now["reduced"], now["services"]) == (1300, 900, 600)

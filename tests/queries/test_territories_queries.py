"""Divisions by date: the tree upwards, names, search, and who holds a place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from channel.db import db
from channel.models.territories import Division
from channel.queries import territories, territory_holders
from channel.queries.territories import parent_by_digits
from contracts.territory import Territory, covers

pytestmark = pytest.mark.database

ON = date(2026, 11, 21)


def reads(statements: list[str]) -> int:
    """How many of them read; SQLite's BEGIN is none."""
    return sum(s.startswith(("SELECT", "WITH")) for s in statements)


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        ("511083", "511000"),
        ("511000", "510000"),
        ("510000", None),
        ("429004", "420000"),
        ("419001", "410000"),
        ("469021", "460000"),
        ("500101", "500100"),
    ],
)
def test_parents_by_digits(code: str, parent: str | None) -> None:
    assert parent_by_digits(code) == parent


def test_the_way_up_is_one_statement_for_many_codes(app: Any, count_sql: list[str]) -> None:
    tree = territories.ancestors(["511083", "510104", "429004", "500101", "441900"], ON)
    assert reads(count_sql) == 1
    assert tree["511000"] == "510000"
    assert tree["510000"] is None
    assert tree["510104"] == "510100"
    assert tree["429004"] == "420000"
    # A municipality has no prefectures, Dongguan has no counties.
    assert tree["500101"] == "500000"
    assert tree["441900"] == "440000"


def test_no_codes_need_no_statement(app: Any, count_sql: list[str]) -> None:
    assert territories.ancestors([], ON) == {}
    assert territories.names([], ON) == {}
    assert reads(count_sql) == 0


def test_a_contract_that_names_the_former_code_still_holds(app: Any) -> None:
    tree = territories.ancestors(["511083"], ON)
    assert tree["511083"] == "511028"
    assert tree["511028"] == "511000"
    assert covers(Territory(frozenset({"511028"})), "511083", tree, ON)
    kept_out = Territory(frozenset({"511000"}), frozenset({"511028"}))
    assert not covers(kept_out, "511083", tree, ON)


def test_before_the_recoding_only_the_former_code_stands(app: Any) -> None:
    tree = territories.ancestors(["511028", "511083"], date(2016, 5, 31))
    assert tree["511028"] == "511000"
    assert tree["511083"] == "511000"


def test_a_county_that_moved_lies_in_its_new_prefecture(app: Any) -> None:
    # 简阳 left 资阳 (512000) for 成都 (510100) in 2016.
    before = territories.ancestors(["512081"], date(2016, 4, 30))
    assert before["512081"] == "512000"
    after = territories.ancestors(["510185"], ON)
    assert (after["510185"], after["512081"]) == ("512081", "510100")
    assert covers(Territory(frozenset({"510100"})), "510185", after, ON)
    assert not covers(Territory(frozenset({"512000"})), "510185", after, ON)


def test_codes_that_the_table_lacks_go_by_their_digits(app: Any) -> None:
    tree = territories.ancestors(["511099", "990101"], ON)
    assert tree["511099"] == "511000"
    assert (tree["990101"], tree["990100"], tree["990000"]) == ("990100", "990000", None)


def test_names_are_those_of_the_day_and_unknown_codes_have_none(app: Any) -> None:
    assert territories.names(["511083", "511028", "999999"], ON) == {
        "511083": "隆昌市",
        "511028": "隆昌县",
        "999999": "",
    }


def test_search_finds_by_name_and_by_the_beginning_of_the_code(app: Any) -> None:
    assert [d.code for d in territories.find("隆昌", ON)] == ["511083", "511028"]
    assert {d.code for d in territories.find("5110", ON)} >= {"511000", "511002", "511083"}
    assert territories.find("  ", ON) == []
    assert territories.find("%", ON) == []


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("511083", ["511083"]),
        ("511083 隆昌市", ["511083"]),
        ("隆昌市", ["511083"]),
        ("隆昌县", []),
        ("511028", []),
        ("朝阳区", ["110105", "220104"]),
        ("", []),
    ],
)
def test_a_typed_place_is_understood(app: Any, typed: str, codes: list[str]) -> None:
    assert [d.code for d in territories.resolve(typed, ON)] == codes


def test_choices_leave_out_what_is_not_sold_in(app: Any) -> None:
    offered = {code for code, _label in territories.choices(ON)}
    assert {"510000", "511000"} <= offered
    assert not {"710000", "810000", "820000", "511083"} & offered
    assert "710000" in {code for code, _label in territories.choices(ON, all_=True)}
    assert ("511083", "511083 隆昌市") in territories.choices(ON, ("county",))


@pytest.mark.parametrize(
    ("code", "on", "now"),
    [
        ("511028", ON, "511083"),
        ("511028", date(2017, 5, 31), "511028"),
        ("511083", ON, "511083"),
        ("512081", ON, "510185"),
        ("999999", ON, "999999"),
    ],
)
def test_a_former_code_means_the_present_place(app: Any, code: str, on: date, now: str) -> None:
    assert territories.current(code, on) == now


def test_a_code_split_among_several_stays(app: Any) -> None:
    for new in ("511091", "511092"):
        db.session.add(
            Division(
                code=new, name=new, level="county", parent_code="511000",
                valid_from=date(2026, 6, 1), predecessor_code="511024",
            )
        )  # fmt: skip
    old = db.session.scalars(db.select(Division).where(Division.code == "511024")).one()
    old.valid_to = date(2026, 6, 1)
    db.session.commit()
    assert territories.current("511024", ON) == "511024"
    assert territories.ancestors(["511091"], ON)["511091"] == "511024"


def test_history_goes_back_over_former_codes(app: Any) -> None:
    assert [d.code for d in territories.history_of("511083")] == ["511028", "511083"]
    assert [d.code for d in territories.successors_of("511028")] == ["511083"]


def held_by(world: Any, who: str, *codes: str, on: date = ON) -> dict[str, list[str]]:
    found = territory_holders.holders(world.actor(who), codes, on)
    return {code: [h.name[:2] if h.is_known else "?" for h in hs] for code, hs in found.items()}


@pytest.mark.row("A02")
def test_the_nearest_grant_decides_who_holds_a_place(world: Any) -> None:
    assert held_by(world, "cm", "511000", "511002", "511083", "510300", "510000") == {
        "511000": ["D1"],
        "511002": ["D1"],
        # Kept out of D1's prefecture, granted to D2.
        "511083": ["D2"],
        "510300": ["D3"],
        "510000": [],
    }


def test_nobody_holds_a_place_before_its_contract(world: Any) -> None:
    assert held_by(world, "cm", "511000", on=date(2025, 12, 31)) == {"511000": []}


def test_a_rep_sees_that_a_place_is_taken_but_not_by_whom(world: Any) -> None:
    from channel.models.partners import Distributor

    other = db.session.get_one(Distributor, world.distributor("D3"))
    other.sales_rep_id = world.actor("cm").user_id
    db.session.commit()
    mine = world.actor("rep").user_id
    owned = {d.code for d in db.session.scalars(db.select(Distributor)) if d.sales_rep_id == mine}
    assert "D3" not in owned
    assert held_by(world, "rep", "510300") == {"510300": ["?"]}
    [holder] = territory_holders.holders(world.actor("rep"), ["510300"], ON)["510300"]
    assert (holder.name, holder.agreement) == ("", "")


@pytest.mark.row("G05")
def test_sichuan_shows_its_21_prefectures_and_how_many_are_held(
    world: Any, count_sql: list[str]
) -> None:
    count_sql.clear()
    tree = territory_holders.tree(world.actor("cm"), ["510000"], ON)
    assert reads(count_sql) == 5
    places = {p.division.code: p for p in tree.below["510000"]}
    assert len([p for p in places.values() if p.division.level == "prefecture"]) == 21
    assert {c for c, p in places.items() if p.holders} == {"510100", "510300", "511000"}
    province = next(p for p in tree.below[None] if p.division.code == "510000")
    assert (province.prefectures, province.prefectures_held) == (21, 3)
    assert (province.state, places["511000"].state, places["510400"].state) == (
        "part",
        "held",
        "white",
    )


@pytest.mark.row("G05")
def test_places_without_a_prefecture_are_not_lost(world: Any) -> None:
    tree = territory_holders.tree(world.actor("cm"), ["420000", "500000"], ON)
    hubei = {p.division.code for p in tree.below["420000"]}
    assert {"420100", "429004"} <= hubei
    assert "500101" in {p.division.code for p in tree.below["500000"]}


def test_more_divisions_need_no_more_statements(world: Any, count_sql: list[str]) -> None:
    def asked(opened: list[str]) -> int:
        db.session.rollback()
        count_sql.clear()
        territory_holders.tree(world.actor("cm"), opened, ON)
        return reads(count_sql)

    few = asked(["510000"])
    many = asked(list(db.session.scalars(db.select(Division.code).limit(200))))
    assert few == many

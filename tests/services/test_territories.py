"""Divisions that come, change and go: the past is never rewritten."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from channel.access import Forbidden
from channel.db import db
from channel.models.partners import ShipTo
from channel.models.territories import Division
from channel.queries import territories as reads
from channel.services import territories
from channel.services.territories import DivisionFacts
from channel.services.work import Refused
from tests.builders import an_order, codes_of, the_order

pytestmark = pytest.mark.database

SINCE = date(2026, 12, 1)


def row_of(code: str, on: date) -> Division:
    return db.session.scalars(
        db.select(Division)
        .where(Division.code == code, reads.in_force(on))
        .execution_options(populate_existing=True)
    ).one()


def change(world: Any, standing: str, on: date = SINCE, **new: Any) -> int:
    old = row_of(standing, date(2026, 11, 21))
    values = {"code": old.code, "name": old.name, "parent_code": old.parent_code} | new
    return territories.change_division(world.actor("cm"), old.id, valid_from=on, **values)


def refusals(act: Any, *args: Any, **kwargs: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return [f.code for f in refused.value.findings]


def test_a_new_name_holds_from_its_day_and_the_old_one_before(world: Any) -> None:
    change(world, "511024", name="威远市")
    assert reads.names(["511024"], date(2026, 11, 30)) == {"511024": "威远县"}
    assert reads.names(["511024"], SINCE) == {"511024": "威远市"}
    assert [d.name for d in reads.history_of("511024")] == ["威远县", "威远市"]


def test_a_new_code_remembers_the_former_one(world: Any) -> None:
    change(world, "511024", code="511084", name="威远市")
    assert row_of("511084", SINCE).predecessor_code == "511024"
    assert not reads.is_known("511024", SINCE)
    assert reads.is_known("511024", date(2026, 11, 30))
    tree = reads.ancestors(["511084"], SINCE)
    assert (tree["511084"], tree["511024"]) == ("511024", "511000")


def test_the_parts_follow_a_new_code_from_the_same_day(world: Any) -> None:
    change(world, "511000", code="512100")
    assert row_of("511002", SINCE).parent_code == "512100"
    assert row_of("511002", date(2026, 11, 30)).parent_code == "511000"
    tree = reads.ancestors(["511002"], SINCE)
    assert tree["511002"] == "512100"
    assert tree["512100"] == "511000"
    assert tree["511000"] == "510000"


@pytest.mark.parametrize(
    ("new", "on", "codes"),
    [
        ({}, SINCE, ["division.unchanged"]),
        ({"name": "威远市"}, date(2000, 1, 1), ["division.too_early"]),
        ({"code": "511025"}, SINCE, ["division.code_taken"]),
        ({"code": "5110"}, SINCE, ["division.code_shape"]),
        ({"parent_code": None}, SINCE, ["division.parent_needed"]),
        ({"parent_code": "511028"}, SINCE, ["division.unknown"]),
        ({"parent_code": "511025"}, SINCE, ["division.parent_level"]),
    ],
)
def test_changes_that_cannot_stand_are_refused(
    world: Any, new: dict[str, Any], on: date, codes: list[str]
) -> None:
    assert refusals(change, world, "511024", on, **new) == codes


def test_a_row_that_ended_is_not_changed_again(world: Any) -> None:
    old = row_of("511028", date(2016, 1, 1))
    found = refusals(
        territories.change_division, world.actor("cm"), old.id,
        code="511028", name="隆昌", parent_code="511000", valid_from=SINCE,
    )  # fmt: skip
    assert found == ["division.ended"]


def facts(**changes: Any) -> DivisionFacts:
    values: dict[str, Any] = {
        "code": "511085", "name": "新城区", "level": "county", "parent_code": "511000",
        "valid_from": SINCE,
    } | changes  # fmt: skip
    return DivisionFacts(**values)


def test_a_new_division_stands_from_its_day(world: Any) -> None:
    territories.create_division(world.actor("admin"), facts())
    assert not reads.is_known("511085", date(2026, 11, 30))
    assert reads.ancestors(["511085"], SINCE)["511085"] == "511000"


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"code": "511024"}, ["division.code_taken"]),
        ({"level": "province"}, ["division.parent_needed"]),
        ({"level": "prefecture"}, ["division.parent_level"]),
        ({"code": "abc"}, ["division.code_shape"]),
    ],
)
def test_new_divisions_that_cannot_stand_are_refused(
    world: Any, changes: dict[str, Any], codes: list[str]
) -> None:
    assert refusals(territories.create_division, world.actor("cm"), facts(**changes)) == codes


def test_a_division_ends_when_nothing_lies_in_it(world: Any) -> None:
    cm = world.actor("cm")
    county = row_of("511024", SINCE)
    territories.end_division(cm, county.id, SINCE)
    assert not reads.is_known("511024", SINCE)
    prefecture = row_of("511000", SINCE)
    assert refusals(territories.end_division, cm, prefecture.id, SINCE) == ["division.has_parts"]


def test_what_is_offered_as_territory_is_switched(world: Any) -> None:
    hong_kong = row_of("810000", SINCE)
    territories.set_selectable(world.actor("cm"), hong_kong.id, True)
    assert "810000" in {code for code, _label in reads.choices(SINCE)}


@pytest.mark.row("P01")
@pytest.mark.parametrize("who", ["rep", "fin", "auditor", "d1", "boss"])
def test_only_those_who_may_change_divisions(world: Any, who: str) -> None:
    with pytest.raises(Forbidden):
        territories.create_division(world.actor(who), facts())


@pytest.mark.row("A02")
@pytest.mark.parametrize(("who", "codes"), [("D1", ["territory.outside"]), ("D2", [])])
def test_an_address_with_a_former_code_is_judged_as_the_present_place(
    world: Any, who: str, codes: list[str]
) -> None:
    # 511028 became 511083, which is kept out of D1's territory and granted to D2.
    place = db.session.get_one(ShipTo, world.ship_to(who))
    place.division_code = "511028"
    db.session.commit()
    order = the_order(an_order(world, who, A=100))
    assert [c for c in codes_of(order) if c.startswith("territory.")] == codes

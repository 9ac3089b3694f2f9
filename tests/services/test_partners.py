"""Distributors, their ship-to places and the house rules as use cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from channel.access import Forbidden, NotVisible
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.partners import Distributor, ShipTo
from channel.queries import partners as reads
from channel.services import partners
from channel.services.partners import DistributorFacts, MakerFacts, ShipToFacts
from channel.services.work import Refused, Stale

pytestmark = pytest.mark.database

NEW = DistributorFacts(
    code="D9", name="宜宾江味商贸有限公司", uscc="91110000600037341L", division_code="511500"
)


def refusals(act: Any, *args: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(*args)
    return [f.code for f in refused.value.findings]


def facts_of(distributor_id: int) -> DistributorFacts:
    record = db.session.get_one(Distributor, distributor_id, populate_existing=True)
    names = DistributorFacts.__dataclass_fields__
    return DistributorFacts(**{n: getattr(record, n) for n in names} | {"uscc": record.uscc or ""})


@pytest.mark.row("I12", "P05")
def test_a_distributor_is_opened_with_its_code_checked_and_written_down(world: Any) -> None:
    record_id = partners.create_distributor(world.actor("cm"), NEW)
    record = db.session.get_one(Distributor, record_id)
    assert (record.code, record.uscc, record.row_version) == ("D9", "91110000600037341L", 1)
    entry = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.tag, entry.subject_label, entry.distributor_id) == (
        "distributor:create", "D9", record_id,
    )  # fmt: skip


@pytest.mark.row("I12")
def test_a_code_with_its_last_letter_changed_is_refused(world: Any) -> None:
    cm = world.actor("cm")
    ok = replace(NEW, uscc="91110000600037341L")
    wrong = replace(NEW, uscc="91110000600037341M")
    assert refusals(partners.create_distributor, cm, wrong) == ["identity.uscc_check"]
    assert refusals(partners.create_distributor, cm, replace(NEW, uscc="9111")) == [
        "identity.uscc_shape"
    ]
    assert partners.create_distributor(cm, ok)


def test_codes_are_stored_in_capitals_and_blank_ones_as_none(world: Any) -> None:
    cm = world.actor("cm")
    first = partners.create_distributor(cm, replace(NEW, uscc=" 91110000 600037341l"))
    second = partners.create_distributor(
        cm, replace(NEW, code="D10", uscc="", kind="foreign", division_code=None)
    )
    third = partners.create_distributor(cm, replace(NEW, code="D11", uscc=""))
    stored = [db.session.get_one(Distributor, i).uscc for i in (first, second, third)]
    assert stored == ["91110000600037341L", None, None]


def test_all_that_is_wrong_is_told_at_once(world: Any) -> None:
    facts = replace(
        NEW, code="D1", uscc="91511000MA0000000Q", division_code="511028",
        sales_rep_id=world.actor("cm").user_id,
    )  # fmt: skip
    assert refusals(partners.create_distributor, world.actor("cm"), facts) == [
        "division.unknown",
        "partner.code_taken",
        "partner.uscc_taken",
        "partner.rep_unknown",
    ]


def test_a_change_is_kept_with_old_and_new(world: Any) -> None:
    record_id = world.distributor("D1")
    before = facts_of(record_id)
    after = replace(before, name="内江新味商贸有限公司", licence_until=date(2026, 12, 21))
    partners.save_distributor(world.actor("cm"), record_id, after, 1)
    assert facts_of(record_id) == after
    entry = db.session.scalars(
        db.select(AuditEntry).where(AuditEntry.tag == "distributor:save")
    ).one()
    assert entry.changes == {
        "name": [before.name, "内江新味商贸有限公司"],
        "licence_until": [None, "2026-12-21"],
    }


def test_a_page_drawn_before_the_last_change_is_refused(world: Any) -> None:
    record_id = world.distributor("D1")
    facts = facts_of(record_id)
    seen = db.session.get_one(Distributor, record_id).row_version
    partners.save_distributor(world.actor("cm"), record_id, replace(facts, contact="甲"), seen)
    with pytest.raises(Stale):
        partners.save_distributor(world.actor("cm2"), record_id, replace(facts, contact="乙"), seen)
    assert facts_of(record_id).contact == "甲"


def test_a_rep_who_left_stays_until_another_is_chosen(world: Any) -> None:
    record_id = world.distributor("D1")
    facts = replace(facts_of(record_id), sales_rep_id=world.actor("rep").user_id)
    partners.save_distributor(world.actor("cm"), record_id, facts, None)
    world.users["rep"] = db.session.merge(world.users["rep"])
    world.users["rep"].is_active = False
    db.session.commit()
    partners.save_distributor(
        world.actor("cm"), record_id, replace(facts, contact="新联系人"), None
    )
    assert facts_of(record_id).contact == "新联系人"
    other = world.distributor("D3")
    moved = replace(facts_of(other), sales_rep_id=world.actor("rep").user_id)
    if facts_of(other).sales_rep_id != moved.sales_rep_id:
        assert refusals(partners.save_distributor, world.actor("cm"), other, moved, None) == [
            "partner.rep_unknown"
        ]


@pytest.mark.row("P01")
@pytest.mark.parametrize("who", ["rep", "fin", "d1", "auditor", "boss"])
def test_only_those_who_may_open_or_change_distributors(world: Any, who: str) -> None:
    with pytest.raises(Forbidden):
        partners.create_distributor(world.actor(who), NEW)
    with pytest.raises(Forbidden):
        partners.save_distributor(
            world.actor(who), world.distributor("D1"), facts_of(world.distributor("D1")), None
        )


@pytest.mark.row("P01")
def test_a_distributor_reads_its_own_record_only(world: Any) -> None:
    d1 = world.actor("d1")
    assert reads.get_distributor(d1, world.distributor("D1")).code == "D1"
    with pytest.raises(NotVisible):
        reads.get_distributor(d1, world.distributor("D2"))
    with pytest.raises(NotVisible):
        reads.get_ship_to(d1, world.ship_to("D2"))
    assert [label[:2] for _id, label in reads.choices(d1)] == ["D1"]
    assert reads.agreements_of(d1, world.distributor("D2"), date(2026, 11, 21)) == []


def test_ship_to_places_are_added_changed_closed_and_reopened(world: Any) -> None:
    cm = world.actor("cm")
    place_id = partners.add_ship_to(
        cm, world.distributor("D1"), ShipToFacts("东兴仓", "511011", "太白路 8 号")
    )
    partners.save_ship_to(cm, place_id, ShipToFacts("东兴新仓", "511024"))
    place = db.session.get_one(ShipTo, place_id, populate_existing=True)
    assert (place.name, place.division_code, place.address) == ("东兴新仓", "511024", "")
    owner = partners.set_ship_to_active(cm, place_id, False)
    assert owner == world.distributor("D1")
    assert not db.session.get_one(ShipTo, place_id, populate_existing=True).is_active
    partners.set_ship_to_active(cm, place_id, False)
    partners.set_ship_to_active(cm, place_id, True)
    tags = db.session.scalars(
        db.select(AuditEntry.tag)
        .where(AuditEntry.subject_kind == "ship_to", AuditEntry.subject_id == place_id)
        .order_by(AuditEntry.id)
    ).all()
    assert tags == ["ship_to:add", "ship_to:save", "ship_to:close", "ship_to:reopen"]


def test_a_place_needs_a_division_that_stands_today(world: Any) -> None:
    cm, owner = world.actor("cm"), world.distributor("D1")
    assert refusals(partners.add_ship_to, cm, owner, ShipToFacts("旧址", "511028")) == [
        "division.unknown"
    ]


def test_agreements_of_a_distributor_show_the_version_in_force(world: Any) -> None:
    cm, owner = world.actor("cm"), world.distributor("D1")
    [line] = reads.agreements_of(cm, owner, date(2026, 11, 21))
    assert (line.state, line.valid_from, line.last_day) == (
        "in_force", date(2026, 1, 1), date(2026, 12, 31),
    )  # fmt: skip
    [later] = reads.agreements_of(cm, owner, date(2027, 1, 1))
    assert later.state == "expired"


def maker_facts() -> MakerFacts:
    house = reads.get_maker()
    values = {n: getattr(house, n) for n in MakerFacts.__dataclass_fields__}
    return MakerFacts(**values | {"levels_open": tuple(values["levels_open"])})


def test_house_rules_are_changed_with_their_old_values_kept(world: Any) -> None:
    before = maker_facts()
    after = replace(before, min_shipment_fen=1_200_000, levels_open=("province",))
    partners.save_maker(world.actor("admin"), after)
    db.session.expire_all()
    assert maker_facts() == after
    entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.tag == "maker:save")).one()
    assert entry.changes["min_shipment_fen"] == [before.min_shipment_fen, 1_200_000]
    assert entry.changes["levels_open"][1] == "province"


def test_house_rules_belong_to_the_administrator(world: Any) -> None:
    with pytest.raises(Forbidden):
        partners.save_maker(world.actor("cm"), maker_facts())
    wrong = replace(maker_facts(), uscc="91510100MA0000000J")
    assert refusals(partners.save_maker, world.actor("admin"), wrong) == ["identity.uscc_check"]

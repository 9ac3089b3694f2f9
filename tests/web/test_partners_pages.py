"""The pages of distributors and of the maker, fetched as the people who use them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from channel.db import db
from channel.models.partners import Distributor, ShipTo
from channel.queries import partners as reads
from channel.services import partners

FORM = {
    "code": "D9",
    "name": "宜宾江味商贸有限公司",
    "kind": "company",
    "uscc": "91110000600037341L",
    "division_code": "511500 宜宾市",
    "currency": "CNY",
    "is_active": "y",
}


def inputs(page: Any) -> dict[str, str]:
    """What the form on a page would send unchanged."""
    found = dict(re.findall(r'<input[^>]*? name="(\w+)"[^>]*? value="([^"]*)"', page.text))
    for name, body in re.findall(r'<select[^>]*? name="(\w+)".*?>(.*?)</select>', page.text, re.S):
        if chosen := re.search(r'<option selected value="([^"]*)"', body):
            found[name] = chosen[1]
    # The client sends its own token, and «next» belongs to the switch of languages.
    return {k: v for k, v in found.items() if k not in ("csrf_token", "next", "q")}


@pytest.mark.row("I12")
def test_a_distributor_is_opened_by_form(world: Any, sign_in: Any) -> None:
    cm = sign_in("cm")
    cm.get("/distributors/new")
    page = cm.follow(cm.post("/distributors/new", FORM))
    assert "宜宾江味商贸有限公司" in page.text
    record = db.session.scalars(db.select(Distributor).where(Distributor.code == "D9")).one()
    assert record.division_code == "511500"


@pytest.mark.row("I12")
def test_a_mistyped_code_is_told_at_its_field_and_the_typed_text_survives(
    world: Any, sign_in: Any
) -> None:
    typed = FORM | {"uscc": "91110000600037341M", "division_code": "宜宾"}
    page = sign_in("cm").post("/distributors/new", typed, status=422)
    assert 'value="宜宾江味商贸有限公司"' in page.text
    assert 'value="宜宾"' in page.text
    assert "没有“宜宾”这个区划" in page.text
    page = sign_in("cm").post("/distributors/new", typed | {"division_code": "宜宾市"}, status=422)
    assert "91110000600037341M 的校验码不符" in page.text
    assert 'href="#uscc"' in page.text
    assert db.session.scalar(db.select(Distributor.id).where(Distributor.code == "D9")) is None


@pytest.mark.row("I12")
def test_a_licence_near_its_end_is_warned_of_on_the_record(world: Any, sign_in: Any) -> None:
    record = db.session.get_one(Distributor, world.distributor("D1"))
    record.licence_until = date(2026, 12, 21)
    db.session.commit()
    page = sign_in("cm").get(f"/distributors/{record.id}")
    assert "营业执照将于 2026-12-21 到期，还有 30 天" in page.text
    record.licence_until = date(2026, 12, 22)
    db.session.commit()
    assert "营业执照将于" not in sign_in("cm").get(f"/distributors/{record.id}").text


def test_a_change_by_form_keeps_what_was_not_touched(world: Any, sign_in: Any) -> None:
    cm, owner = sign_in("cm"), world.distributor("D1")
    form = inputs(cm.get(f"/distributors/{owner}/edit"))
    before = db.session.get_one(Distributor, owner)
    kept = (before.code, before.uscc, before.division_code, before.kind, before.sales_rep_id)
    cm.post(f"/distributors/{owner}/edit", form | {"contact": "罗店长"})
    after = db.session.get_one(Distributor, owner, populate_existing=True)
    assert after.contact == "罗店长"
    assert (after.code, after.uscc, after.division_code, after.kind, after.sales_rep_id) == kept


@pytest.mark.row("P01")
@pytest.mark.parametrize("path", ["/distributors/{}", "/distributors/{}/edit"])
def test_a_distributor_cannot_open_the_record_of_another(
    world: Any, sign_in: Any, path: str
) -> None:
    d1 = sign_in("d1")
    assert d1.get(f"/distributors/{world.distributor('D1')}").text
    d1.get(path.format(world.distributor("D2")), status=403 if "edit" in path else 404)
    page = d1.get("/distributors")
    assert "D1" in page.text
    assert "隆昌川味经营部" not in page.text
    assert "隆昌川味经营部" not in d1.get("/distributors?format=csv").text


def test_a_rep_sees_own_accounts_only(world: Any, sign_in: Any) -> None:
    record = db.session.get_one(Distributor, world.distributor("D3"))
    record.sales_rep_id = world.actor("cm").user_id
    db.session.commit()
    rep = sign_in("rep")
    rep.get(f"/distributors/{record.id}", status=404)
    assert "自贡盐都" not in rep.get("/distributors").text


def test_ship_to_places_by_form(world: Any, sign_in: Any) -> None:
    cm, owner = sign_in("cm"), world.distributor("D1")
    page = cm.post(f"/distributors/{owner}/places/new", {"name": "东兴仓"}, status=422)
    assert 'value="东兴仓"' in page.text
    cm.post(f"/distributors/{owner}/places/new", {"name": "东兴仓", "division_code": "511011"})
    place = db.session.scalars(db.select(ShipTo).where(ShipTo.name == "东兴仓")).one()
    assert "511011 东兴区" in cm.get(f"/distributors/{owner}").text
    cm.post(f"/places/{place.id}", {"name": "东兴新仓", "division_code": "511011 东兴区"})
    cm.post(f"/places/{place.id}/close")
    assert not db.session.get_one(ShipTo, place.id, populate_existing=True).is_active
    cm.post(f"/places/{place.id}/reopen")
    assert "东兴新仓" in cm.get(f"/distributors/{owner}").text


def test_phones_are_masked_for_those_who_only_read(world: Any, sign_in: Any) -> None:
    owner = world.distributor("D1")
    db.session.get_one(Distributor, owner).phone = "13812348000"
    db.session.commit()
    assert "138****8000" in sign_in("auditor").get(f"/distributors/{owner}").text
    assert "13812348000" in sign_in("cm").get(f"/distributors/{owner}").text


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("division=511000", {"D1", "D2"}),
        ("division=510000", {"D1", "D2", "D3", "D4"}),
        ("kind=sole_trader", {"D2"}),
        ("active=0", set()),
        ("q=盐都", {"D3"}),
        ("licence=2026-12-21", {"D4"}),
    ],
)
def test_the_list_is_filtered(world: Any, sign_in: Any, query: str, codes: set[str]) -> None:
    db.session.get_one(Distributor, world.distributor("D4")).licence_until = date(2026, 12, 21)
    db.session.commit()
    text = sign_in("cm").get(f"/distributors?{query}&format=csv").text
    assert {line.split(",")[0] for line in text.splitlines()[1:] if line} == codes


def test_the_list_and_the_record_need_the_same_statements_for_many(
    world: Any, sign_in: Any, count_sql: list[str]
) -> None:
    cm = sign_in("cm")

    def asked(path: str) -> int:
        cm.get(path)
        count_sql.clear()
        cm.get(path)
        return sum(s.startswith(("SELECT", "WITH")) for s in count_sql)

    record = f"/distributors/{world.distributor('D1')}"
    before = asked("/distributors"), asked(record)
    for n in range(40):
        db.session.add(
            Distributor(code=f"X{n}", name=f"客户{n}", created_at=world.users["cm"].created_at)
        )
    db.session.commit()
    for n in range(20):
        partners.add_ship_to(
            world.actor("cm"), world.distributor("D1"), partners.ShipToFacts(f"仓{n}", "511002")
        )
    assert (asked("/distributors"), asked(record)) == before


def test_the_maker_is_changed_by_form(world: Any, sign_in: Any) -> None:
    admin = sign_in("admin")
    form = inputs(admin.get("/maker"))
    form |= {"min_shipment_fen": "12,000.00", "levels_open": ["province", "county"]}
    page = admin.follow(admin.post("/maker", form))
    assert "12000.00" in page.text
    house = reads.get_maker()
    db.session.refresh(house)
    assert (house.min_shipment_fen, house.levels_open) == (1_200_000, ["province", "county"])
    wrong = admin.post("/maker", form | {"min_shipment_fen": "很多"}, status=422)
    assert 'value="很多"' in wrong.text
    sign_in("cm").get("/maker", status=403)


def test_the_later_of_two_editors_keeps_what_was_typed(world: Any, sign_in: Any) -> None:
    cm, admin = sign_in("cm"), sign_in("admin")
    url = f"/distributors/{world.distributor('D1')}/edit"
    mine, theirs = inputs(cm.get(url)), inputs(admin.get(url))
    admin.post(url, theirs | {"contact": "王先生"})
    page = cm.post(url, mine | {"contact": "李女士"}, status=422)
    assert "王先生" in page.text, "what the other one saved is told"
    assert 'value="李女士"' in page.text, "what was typed is kept"
    stored = db.session.get_one(Distributor, world.distributor("D1"), populate_existing=True)
    assert stored.contact == "王先生", "nothing is overwritten unseen"
    cm.post(url, inputs(page))
    db.session.refresh(stored)
    assert stored.contact == "李女士"

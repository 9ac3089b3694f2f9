"""Shared limits in the browser: opened, signed, joined, exceeded, and hidden from who may not."""

from __future__ import annotations

from datetime import date

import pytest

from channel.db import db
from channel.models.credit import CreditLimit, CreditPool, CreditPoolMember
from tests.builders import an_order, codes_of, the_order

TODAY = "2026-11-21"


@pytest.mark.row("B02")
def test_a_group_is_opened_limited_filled_and_binds(world, sign_in):
    fin = sign_in("fin")
    fin.post("/credit/pools/new", {"name": "川南集团", "kind": "group", "currency": "CNY"})
    pool = db.session.scalars(db.select(CreditPool)).one()
    url = f"/credit/pools/{pool.id}"
    limit = {"kind": "fixed", "amount_fen": "40,000.00", "valid_from": TODAY, "reason": "集团授信"}
    fin.post(f"{url}/limits/new", limit)
    proposal = db.session.scalars(db.select(CreditLimit).filter_by(pool_id=pool.id)).one()
    for name in ("cm", "fin2", "boss"):
        assert "川南集团" in sign_in(name).get(url).text
        sign_in(name).post(f"/credit/limits/{proposal.id}", {"act": "approve"})
    for code in ("D1", "D2"):
        fin.post(url, {"distributor_id": str(world.distributor(code)), "first_day": TODAY})
    assert the_order(an_order(world, "D1", on=date(2026, 11, 21), A=390)).state == "confirmed"
    held = the_order(an_order(world, "D2", on=date(2026, 11, 21), A=110))
    assert codes_of(held) == ["credit.pool_over"]
    page = sign_in("d2").get(f"/orders/{held.id}").text
    assert "将超出「川南集团」的共享额度" in page
    assert "10,000.00" in page
    assert "39,000.00" not in page, "what D1 uses is no business of D2"
    text = fin.get(url).text
    assert "39,000.00" in text
    assert "1,000.00" in text
    assert "川南集团" in fin.get("/credit/pools?over=0").text
    assert "川南集团" not in fin.get("/credit/pools?over=1").text


def test_a_wrong_membership_is_refused_where_it_was_typed(world, sign_in):
    fin = sign_in("fin")
    fin.post("/credit/pools/new", {"name": "川南集团", "kind": "group", "currency": "CNY"})
    pool = db.session.scalars(db.select(CreditPool)).one()
    d1 = str(world.distributor("D1"))
    page = fin.post(
        f"/credit/pools/{pool.id}",
        {"distributor_id": d1, "first_day": "2026-11-20"},
        status=422,
    )
    assert "2026-11-20 已过去" in page.text
    fin.post(f"/credit/pools/{pool.id}", {"distributor_id": d1, "first_day": TODAY})
    member = db.session.scalars(db.select(CreditPoolMember)).one()
    fin.post(f"/credit/pools/members/{member.id}", {})
    db.session.refresh(member)
    assert member.valid_to == date(2026, 11, 22)
    again = {"name": "川南集团", "kind": "group", "currency": "CNY"}
    assert "已有共享额度「川南集团」" in fin.post("/credit/pools/new", again, status=422).text


@pytest.mark.row("P01")
def test_shared_limits_are_for_the_house_alone(world, sign_in):
    sign_in("fin").post("/credit/pools/new", {"name": "集团", "kind": "group", "currency": "CNY"})
    pool = db.session.scalars(db.select(CreditPool)).one()
    for name in ("d1", "rep"):
        sign_in(name).get("/credit/pools", status=403)
        sign_in(name).get(f"/credit/pools/{pool.id}", status=403)
        own = f"/credit/{world.distributor('D1')}" if name == "d1" else "/credit"
        assert "/credit/pools" not in sign_in(name).get(own).text
    sign_in("auditor").get(f"/credit/pools/{pool.id}")
    member = {"distributor_id": str(world.distributor("D1")), "first_day": TODAY}
    sign_in("auditor").post(f"/credit/pools/{pool.id}", member, status=403)
    assert db.session.scalars(db.select(CreditPoolMember)).all() == []


@pytest.mark.row("B04")
def test_a_limit_for_a_project_names_it(world, sign_in):
    fin, url = sign_in("fin"), f"/credit/{world.distributor('D2')}"
    wish = {
        "kind": "project",
        "amount_fen": "20,000.00",
        "valid_from": "2026-11-01",
        "last_day": "2026-12-31",
        "reason": "新店铺货",
    }
    assert "项目额度须写明项目" in fin.post(f"{url}/limits/new", wish, status=422).text
    fin.post(f"{url}/limits/new", {**wish, "project": "隆昌新店"})
    assert "隆昌新店" in fin.get(url).text

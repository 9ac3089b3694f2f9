"""Every refusal offers the exception that can help, with what is known filled in (D01)."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.exceptions import ExceptionRequest
from channel.models.partners import ShipTo
from channel.services import orders
from channel.services.steps.pricing import Wanted
from tests.builders import a_shipment, an_order, delivered


def apply_address(page: str) -> str:
    found = re.search(r'href="(/exceptions/new\?[^"]+)"', page)
    assert found, "no «apply for exception» on the page"
    return html.unescape(found[1])


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page) or re.search(
        rf'<input[^>]*value="([^"]*)"[^>]*name="{name}"', page
    )
    return found[1] if found else ""


def other_place(world, code="D1", division="511083") -> int:
    place = ShipTo(distributor_id=world.distributor(code), name="隆昌", division_code=division)
    db.session.add(place)
    db.session.commit()
    return place.id


@pytest.mark.row("D01", "D02")
def test_minimum(world, sign_in):
    shipment = a_shipment(world, an_order(world, "D2", A=60), code="D2")
    page = sign_in("d2").get(f"/shipments/{shipment}").text
    assert "¥6,000.00" in page
    assert "¥10,000.00" in page
    form = sign_in("d2").get(apply_address(page)).text
    assert value_of(form, "floor_fen") == "6000.00"
    assert value_of(form, "document") == str(shipment)


@pytest.mark.row("D01", "B02")
def test_credit_names_the_parts_and_the_excess(world, sign_in):
    delivered(world, B=750)
    an_order(world, B=150)
    order = an_order(world, B=125)
    page = sign_in("d1").get(f"/orders/{order}").text
    for figure in ("150,000.00", "30,000.00", "25,000.00", "5,000.00"):
        assert figure in page
    form = sign_in("d1").get(apply_address(page)).text
    assert value_of(form, "amount_fen") == "5000.00"


@pytest.mark.row("D01", "A01")
def test_territory_names_the_owner_to_the_desk_only(world, sign_in):
    order = an_order(world, ship_to=other_place(world), A=100)
    desk = sign_in("cm").get(f"/orders/{order}").text
    assert "511083" in desk
    assert "隆昌市" in desk
    assert "隆昌川味经营部" in desk
    own = sign_in("d1").get(f"/orders/{order}").text
    assert "隆昌市" in own
    assert "隆昌川味经营部" not in own
    form = sign_in("d1").get(apply_address(own)).text
    assert value_of(form, "division_code") == "511083 隆昌市"


@pytest.mark.row("D01", "C01")
def test_price(world, sign_in):
    draft = orders.Draft(
        world.distributor("D1"),
        date(2026, 11, 21),
        world.ship_to("D1"),
        (Wanted(world.product("A"), 100, typed_fen=9_900),),
    )
    order = orders.place_order(world.actor("d1"), draft)
    form = sign_in("d1").get(apply_address(sign_in("d1").get(f"/orders/{order}").text)).text
    assert value_of(form, "unit_gross_fen") == "99.00"


@pytest.mark.row("D01", "A21")
def test_expiry(world, sign_in):
    order = an_order(world, on=date(2027, 1, 1), A=100)
    form = sign_in("rep").get(apply_address(sign_in("rep").get(f"/orders/{order}").text)).text
    assert value_of(form, "amount_fen") == "10000.00"


@pytest.mark.row("D01", "P02")
def test_handed_in_decided_in_the_inbox_and_gone_from_it(world, sign_in):
    shipment = a_shipment(world, an_order(world, "D2", A=60), code="D2")
    client = sign_in("d2")
    address = apply_address(client.get(f"/shipments/{shipment}").text)
    client.get(address)
    answer = client.post(
        address,
        {
            "type": "minimum",
            "kind": "shipment",
            "document": str(shipment),
            "code": "minimum.below",
            "distributor_id": str(world.distributor("D2")),
            "floor_fen": "5000",
            "valid_from": "2026-11-20",
            "last_day": "2026-12-31",
            "max_uses": "3",
            "reason": "县级市场",
            "ground_means": "门店一家",
            "ground_market": "三十万人",
        },
    )
    number = db.session.scalars(
        sa.select(ExceptionRequest.number).where(ExceptionRequest.type == "minimum")
    ).one()
    assert number in client.follow(answer).text
    manager = sign_in("cm")
    inbox = manager.get("/inbox").text
    assert number in inbox
    act = re.search(r'action="(/exceptions/\d+/act)"', inbox)
    assert act
    manager.post(act[1], {"act": "approve", "seen_version": "1", "from": "inbox"})
    assert number not in manager.get("/inbox").text
    assert "已放行" in sign_in("d2").get(f"/shipments/{shipment}").text


@pytest.mark.row("D10")
def test_without_a_last_day_the_form_says_so_and_keeps_what_was_typed(world, sign_in):
    client = sign_in("rep")
    client.get("/exceptions/new?type=minimum")
    page = client.post(
        "/exceptions/new?type=minimum",
        {
            "type": "minimum",
            "distributor_id": str(world.distributor("D2")),
            "floor_fen": "5000",
            "valid_from": "2026-11-20",
            "reason": "独特的理由",
            "ground_means": "a",
            "ground_market": "b",
        },
        status=422,
    ).text
    assert "独特的理由" in page
    assert "期限" in page or "截止" in page or "最后" in page


@pytest.mark.row("D01", "A12")
def test_a_late_change_of_place_offers_to_waive_the_freight(world, sign_in):
    order = an_order(world, A=100)
    other_place(world, division="511002")
    client = sign_in("cm")
    db.session.execute(sa.text("UPDATE sales_order SET deliver_on = '2026-11-23'"))
    db.session.commit()
    page = client.get(f"/orders/{order}/place").text
    form = client.get(apply_address(page)).text
    assert value_of(form, "document") == str(order)
    assert value_of(form, "max_uses") == "1"

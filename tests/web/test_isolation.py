"""A distributor can never see, guess, export or change another's record (P01)."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import AgreementVersion
from channel.models.exceptions import ExceptionRequest
from channel.models.orders import Order, OrderLine, Shipment
from channel.models.receivables import Receipt
from channel.services import exceptions, orders
from tests.builders import a_draft, a_shipment, an_application, an_order, delivered, paid

pytestmark = pytest.mark.row("P01")


@pytest.fixture
def foreign(world):
    """One record of D2 of each kind, by its address."""
    invoice = delivered(world, "D2", B=60)
    order = an_order(world, "D2", B=60)
    shipment = a_shipment(world, order, code="D2")
    receipt = paid(world, "D2", 100_000)
    request = exceptions.request_exception(world.actor("d2"), an_application(world, "D2"))
    draft = orders.draft_order(world.actor("d2"), a_draft(world, "D2", date(2026, 11, 21), A=10))
    version = db.session.scalar(
        sa.select(AgreementVersion.id)
        .join(AgreementVersion.agreement)
        .where(AgreementVersion.agreement.has(distributor_id=world.distributor("D2")))
    )
    db.session.rollback()
    return {
        "order": f"/orders/{order}",
        "order edit": f"/orders/{draft}/edit",
        "shipment": f"/shipments/{shipment}",
        "invoice": f"/invoices/{invoice}",
        "receipt": f"/receipts/{receipt}",
        "exception": f"/exceptions/{request}",
        "agreement": f"/agreements/{version}",
        "credit": f"/credit/{world.distributor('D2')}",
        "distributor": f"/distributors/{world.distributor('D2')}",
    }


def test_every_record_of_another_is_not_found(sign_in, foreign):
    client = sign_in("d1")
    for address in foreign.values():
        client.get(address, status=404)


def test_the_owner_and_the_desk_see_them(sign_in, foreign):
    for address in foreign.values():
        sign_in("d2").get(address)
        sign_in("cm").get(address)


def test_acts_on_another_change_nothing(sign_in, foreign, world):
    client = sign_in("d1")
    client.post(foreign["order"] + "/act", {"act": "cancel"}, status=404)
    client.post(foreign["exception"] + "/act", {"act": "withdraw"}, status=404)
    client.post(
        "/orders/new",
        {
            "distributor_id": str(world.distributor("D2")),
            "order_date": "2026-11-21",
            "ship_to_id": "",
            "product-0": str(world.product("A")),
            "quantity-0": "10",
            "act": "draft",
        },
    )  # the form's distributor is replaced by the user's own
    newest = db.session.scalars(sa.select(Order).order_by(Order.id.desc()).limit(1)).one()
    assert newest.distributor_id == world.distributor("D1")
    assert db.session.scalar(sa.select(sa.func.count()).where(Order.state == "cancelled")) == 0
    states = sa.select(ExceptionRequest.state).where(ExceptionRequest.type == "minimum")
    assert db.session.scalars(states).all() == ["pending"]


@pytest.mark.parametrize("name", ["orders", "shipments", "invoices", "receipts", "exceptions"])
@pytest.mark.row("P04")
def test_lists_and_exports_hold_own_rows_only(sign_in, foreign, world, name):
    delivered(world, "D1", A=100)
    for kind in ("csv", "xlsx"):
        assert sign_in("d1").get(f"/{name}?format={kind}").data
    text = sign_in("d1").get(f"/{name}?format=csv").data.decode("utf-8-sig")
    assert "隆昌" not in text
    assert "隆昌川味" not in sign_in("d1").get(f"/{name}?q=隆昌").text


def test_search_finds_own_records_only(sign_in, foreign):
    assert (
        "没有" in sign_in("d1").get("/search?q=隆昌").text
        or "Nothing found" in sign_in("d1").get("/search?q=隆昌").text
    )


def test_the_distributor_sees_no_trace_of_the_neighbour(sign_in, foreign, world):
    """A01: the channel manager's view names the owner of the area, the distributor's does not."""
    for address in ("/", "/orders", "/agreements", f"/credit/{world.distributor('D1')}"):
        assert "隆昌川味" not in sign_in("d1").get(address).text


def test_a_price_that_is_sent_along_is_refused(sign_in, world):
    client = sign_in("d1")
    client.post(
        "/orders/new",
        {
            "distributor_id": str(world.distributor("D1")),
            "order_date": "2026-11-21",
            "ship_to_id": str(world.ship_to("D1")),
            "product-0": str(world.product("A")),
            "quantity-0": "100",
            "price_fen-0": "9900",
        },
    )
    order = db.session.scalars(sa.select(Order)).one()
    assert order.state == "refused"
    assert [line.unit_gross_fen for line in db.session.scalars(sa.select(OrderLine))] == [10_000]


def test_posts_without_the_token_are_refused(world, sign_in):
    client = sign_in("cm")
    response = client.client.post("/orders/new", data={"distributor_id": "1"})
    assert response.status_code == 400
    assert db.session.scalars(sa.select(Shipment.id)).all() == []


def test_strict_headers_on_every_answer(sign_in, world):
    response = sign_in("cm").get("/")
    csp = response.headers["Content-Security-Policy"]
    assert "unsafe" not in csp
    assert "default-src 'self'" in csp
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    cookie = sign_in("cm").client.get("/me").headers.get("Set-Cookie", "HttpOnly; SameSite=Lax")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert db.session.scalars(sa.select(Receipt.id)).all() == []


def test_the_same_page_sent_twice_writes_one_order(sign_in, world):
    client = sign_in("d1")
    page = client.get("/orders/new").text
    once = page.split('name="once"')[1].split('value="')[1].split('"')[0]
    form = {
        "once": once,
        "distributor_id": str(world.distributor("D1")),
        "order_date": "2026-11-21",
        "ship_to_id": str(world.ship_to("D1")),
        "product-0": str(world.product("A")),
        "quantity-0": "100",
    }
    first, second = client.post("/orders/new", form), client.post("/orders/new", form)
    assert first.location == second.location
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 1


def test_the_as_of_date_stays_with_sorting_and_export(sign_in, world):
    delivered(world, "D1", date(2026, 10, 6), A=100)
    page = sign_in("fin").get("/ageing?as_of=2026-10-31").text
    links = [part.split('"')[0] for part in page.split('href="')[1:] if "sort=" in part[:80]]
    assert links
    assert all("as_of=2026-10-31" in link for link in links)
    assert "as_of=2026-10-31&amp;format=csv" in page or "format=csv&amp;as_of=2026-10-31" in page

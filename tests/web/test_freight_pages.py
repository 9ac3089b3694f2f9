"""Freight and special prices through the pages (C03, C07)."""

from __future__ import annotations

from datetime import date

import pytest

from channel.services import shipments
from tests.builders import a_shipment, an_application, an_approved_exception, an_order

ON = date(2026, 11, 20)


@pytest.mark.row("C03")
def test_freight_is_recorded_and_reported(sign_in, world):
    shipment = a_shipment(world, an_order(world, A=120, on=ON), on=ON)
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    fin = sign_in("fin")
    page = f"/freight/{shipment}"
    assert 'value="abc"' in fin.post(page, {"amount_fen": "abc"}, status=422).text
    listed = fin.follow(fin.post(page, {"amount_fen": "300", "carrier": "川运物流"})).text
    assert "¥300.00" in listed and "2.50 %" in listed and "川运物流" in listed
    assert "D1" in fin.get("/freight?distributor=D1&month=2026-11").text
    assert f"/freight/{shipment}" in fin.get(f"/shipments/{shipment}").text
    sign_in("rep").post(page, {"amount_fen": "1"}, status=403)
    sign_in("d1").get("/freight", status=403)
    for address in ("/market/prices", "/suggested-prices", "/price-books"):
        assert "300.00" not in fin.get(address).text


@pytest.mark.row("C07")
def test_the_501st_box_costs_the_book_price(sign_in, world):
    wish = an_application(
        world, "D4", type="price", reason="新店开业",
        asked={"product_id": world.product("A"), "unit_gross_fen": 9_500, "max_quantity": 500},
    )  # fmt: skip
    an_approved_exception(world, wish, by="cm2")
    order = an_order(world, "D4", ON, A=501)
    text = sign_in("cm").get("/special-prices").text
    assert text.count("row-link") == 1
    for figure in ("95.00", "100.00", "500", "2,500.00", "新店开业"):
        assert figure in text
    page = sign_in("cm").get(f"/orders/{order}").text
    assert "95.00" in page and "100.00" in page
    assert "新店开业" in sign_in("d4").get("/special-prices").text
    assert "新店开业" not in sign_in("d1").get("/special-prices").text

"""Orders and shipments by clicking: minimum, prices by date, copies, changes, places, freight."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from channel import clock
from channel.db import db
from channel.models.catalogue import PriceBook
from channel.services import prices
from tests.agreed import amended, another_place
from tests.builders import a_shipment, an_order, codes_of, the_order, the_shipment

pytestmark = pytest.mark.database

FRIDAY = date(2026, 11, 27)


def form(world: Any, code: str = "D1", on: str = "2026-11-21", **more: Any) -> dict[str, Any]:
    """The order form as a browser sends it: goods=… gives product and quantity lines."""
    goods = more.pop("goods", {"A": 100})
    lines: dict[str, Any] = {}
    for n, (product, quantity) in enumerate(goods.items()):
        lines |= {f"product-{n}": world.product(product), f"quantity-{n}": str(quantity)}
    return {
        "distributor_id": world.distributor(code),
        "order_date": on,
        "ship_to_id": world.ship_to(code),
        "act": "submit",
        **lines,
        **more,
    }


def placed(client: Any, data: dict[str, Any]) -> int:
    return int(client.post("/orders/new", data).location.rsplit("/", 1)[1])


def ship(client: Any, world: Any, quantities: dict[int, int], code: str = "D1") -> int:
    """Plan a shipment with these quantities by order line."""
    owner = world.distributor(code)
    client.get(f"/shipments/new/{owner}")
    data: dict[str, Any] = {f"quantity-{line}": str(n) for line, n in quantities.items()}
    data |= {"ship_date": "2026-11-21", "ship_to_id": world.ship_to(code)}
    sent = client.post(f"/shipments/new/{owner}", data)
    return int(sent.location.rsplit("/", 1)[1])


@pytest.mark.row("D02")
def test_the_minimum_is_judged_per_shipment_on_the_pages(world, sign_in):
    """Two orders of 6,000.00 joined pass; one of 12,000.00 in two shipments is refused twice."""
    cm = sign_in("cm")
    small = [placed(cm, form(world, goods={"A": 60})) for _ in range(2)]
    large = placed(cm, form(world, goods={"A": 120}))
    lines = {order: the_order(order).lines[0].id for order in (*small, large)}
    joined = ship(cm, world, {lines[order]: 60 for order in small})
    assert the_shipment(joined).state == "released"
    page = cm.get(f"/shipments/{joined}").text
    assert "12,000.00" in page
    for order in small:
        assert the_order(order).number in page
    for _half in range(2):
        half = ship(cm, world, {lines[large]: 60})
        assert codes_of(the_shipment(half)) == ["minimum.below"]
        assert "6,000.00" in cm.get(f"/shipments/{half}").text
        assert "/exceptions/new?type=minimum" in cm.get(f"/shipments/{half}").text


@pytest.mark.row("C01")
def test_a_tampered_price_is_refused_for_the_nearest_and_the_farthest(world, sign_in):
    for who, code in (("d1", "D1"), ("d4", "D4")):
        client = sign_in(who)
        client.get("/orders/new")
        order = placed(client, form(world, code, **{"price_fen-0": "9900"}))
        assert codes_of(the_order(order)) == ["price.differs"]
        honest = placed(client, form(world, code))
        assert the_order(honest).lines[0].unit_gross_fen == 10_000


@pytest.mark.row("C04")
def test_the_order_date_chooses_the_price_and_the_old_order_keeps_it(world, sign_in):
    """A becomes 105.00 on 1 December; the order of 30 November stays at 100.00."""
    book = db.session.query(PriceBook).filter_by(code="STD").one()
    entry = prices.propose_price(
        world.actor("cm"), book.id, world.product("A"), 10_500, date(2026, 12, 1)
    )
    prices.approve_prices(world.actor("boss"), book.id, [entry])
    cm = sign_in("cm")
    before = placed(cm, form(world, on="2026-11-30"))
    after = placed(cm, form(world, on="2026-12-01"))
    assert [the_order(o).lines[0].unit_gross_fen for o in (before, after)] == [10_000, 10_500]
    with clock.at(date(2026, 12, 5)):
        page = cm.get(f"/orders/{before}").text
        assert "10,000.00" in page and "10,500.00" not in page
        # A copy is a new order: it takes the price of its own date.
        copied = placed(cm, form(world, on="2026-12-05"))
    assert the_order(copied).lines[0].unit_gross_fen == 10_500


@pytest.mark.row("C08")
def test_an_order_shows_net_and_vat_that_sum(world, sign_in):
    page = sign_in("fin").get(f"/orders/{an_order(world, A=100)}").text
    assert "8,849.56" in page and "1,150.44" in page


def test_a_copy_and_a_suggestion_fill_the_form_and_save_nothing(world, sign_in):
    order = an_order(world, A=120, B=30)
    another_place(world)
    d1 = sign_in("d1")
    page = d1.get(f"/orders/new?copy={order}").text
    assert 'value="120"' in page and 'value="30"' in page
    assert f'<option selected value="{world.ship_to("D1")}"' in page
    a, b = world.product("A"), world.product("B")
    page = d1.get(
        f"/orders/new?product={a}&quantity=150&product={b}&quantity=0&product=x&quantity=3"
    )
    assert 'value="150"' in page.text and 'value="37"' not in page.text
    sign_in("d2").get(f"/orders/new?copy={order}", 404)
    assert db.session.query(type(the_order(order))).count() == 1


def test_a_confirmed_order_is_changed_on_its_page(world, sign_in):
    order = an_order(world, A=100)
    cm = sign_in("cm")
    assert f"/orders/{order}/edit" in cm.get(f"/orders/{order}").text
    page = cm.get(f"/orders/{order}/edit").text
    assert 'value="draft"' not in page
    seen = re.search(r'name="seen_version" value="(\d+)"', page)[1]
    cm.post(
        f"/orders/{order}/edit", form(world, on="2026-11-20", goods={"A": 130}, seen_version=seen)
    )
    record = the_order(order)
    assert (record.state, record.gross_fen) == ("confirmed", 1_300_000)
    page = cm.get(f"/orders/{order}").text
    assert "更改已确认订单" in page and "10,000.00" in page and "13,000.00" in page
    # More than the limit of 200,000.00: refused with its figures, and nothing changes.
    page = cm.post(
        f"/orders/{order}/edit", form(world, on="2026-11-20", goods={"A": 2001}), status=422
    ).text
    assert "200,000.00" in page
    assert the_order(order).gross_fen == 1_300_000


@pytest.mark.row("A12", "C03")
def test_the_distributor_changes_the_place_in_time_and_late(world, sign_in):
    amended(world, duties={"delivery_notice_working_days": 3, "late_delivery_freight_fen": 30_000})
    place = another_place(world)
    in_time, late = (a_shipment(world, an_order(world, A=100), on=FRIDAY) for _ in range(2))
    d1 = sign_in("d1")
    with clock.at(date(2026, 11, 24)):
        assert "通知及时" in d1.get(f"/shipments/{in_time}/place").text
        d1.post(f"/shipments/{in_time}/place", {"ship_to_id": place, "reason": ""})
    with clock.at(date(2026, 11, 26)):
        asked = d1.get(f"/shipments/{late}/place").text
        assert "300.00" in asked and "货物单价不变" in asked
        d1.post(f"/shipments/{late}/place", {"ship_to_id": place, "reason": "门店搬迁"})
        page = d1.get(f"/shipments/{late}").text
    assert "10,300.00" in page and "门店搬迁" in page and "东兴区仓库" in page
    assert (the_shipment(in_time).freight_fen, the_shipment(late).freight_fen) == (0, 30_000)
    assert [line.gross_fen for line in the_shipment(late).lines] == [1_000_000]
    sign_in("d2").get(f"/shipments/{late}/place", 404)


@pytest.mark.row("A21")
def test_after_the_contract_the_order_is_refused_with_a_way_out(world, sign_in):
    """The contract ends on 2026-12-31."""
    with clock.at(date(2027, 1, 1)):
        rep = sign_in("cm")
        order = placed(rep, form(world, on="2027-01-01"))
        page = rep.get(f"/orders/{order}").text
    assert codes_of(the_order(order)) == ["agreement.none_in_force"]
    assert "type=expiry" in page


@pytest.mark.parametrize("page", ["order", "shipment", "invoice", "place", "parked"])
def test_pages_ask_as_many_statements_of_a_full_house(world, sign_in, count_sql, page):
    from channel.models.receivables import ParkedReceipt
    from tests.builders import delivered, paid

    another_place(world)
    order = an_order(world, A=400)
    line = the_order(order).lines[0].id
    shipment = a_shipment(world, order, share={line: 100})
    invoice = delivered(world, A=100)
    paid(world, "D1", 1_000, method="cash")
    parked = db.session.query(ParkedReceipt).one().id
    path = {
        "order": f"/orders/{order}",
        "shipment": f"/shipments/{shipment}",
        "invoice": f"/invoices/{invoice}",
        "place": f"/shipments/{shipment}/place",
        "parked": f"/receipts/parked/{parked}",
    }[page]
    fin = sign_in("fin")
    fin.get(path)
    counts = []
    for n in range(2):
        for _ in range(2 * n):
            a_shipment(world, order, share={line: 100})
            delivered(world, A=100)
            paid(world, "D1", 1_000)
        db.session.rollback()
        count_sql.clear()
        fin.get(path)
        counts.append(len(count_sql))
    assert counts[0] == counts[1], counts


def test_the_verdict_on_a_change_counts_what_is_reserved_once(world, sign_in):
    """D2 may owe 50,000.00: 40,000.00 are confirmed, and 50,000.00 instead still fit."""
    order = an_order(world, "D2", A=400)
    cm = sign_in("cm")
    cm.get(f"/orders/{order}/edit")
    wanted = form(world, "D2", on="2026-11-20", goods={"A": 500})
    alone = cm.post("/orders/verdict", wanted, status=200).text
    instead = cm.post("/orders/verdict", {**wanted, "changes": order}, status=200).text
    assert "90,000.00" in alone
    assert "finding-block" not in instead and "50,000.00" in instead


def test_the_later_of_two_who_change_an_order_keeps_what_was_typed(world, sign_in):
    order = an_order(world, A=100)
    url = f"/orders/{order}/edit"
    cm, fin = sign_in("cm"), sign_in("fin")
    seen = re.search(r'name="seen_version" value="(\d+)"', cm.get(url).text)[1]
    fin.get(url)
    fin.post(url, form(world, on="2026-11-20", goods={"A": 110}, seen_version=seen))
    mine = form(world, on="2026-11-20", goods={"A": 120}, seen_version=seen)
    wrong = cm.post(url, mine | {"order_date": "soon"}, status=422).text
    assert f'name="seen_version" value="{seen}"' in wrong, "a slip is no leave to overwrite"
    page = cm.post(url, mine, status=422).text
    assert "您输入的内容仍在此处" in page
    assert 'value="120"' in page
    assert the_order(order).lines[0].quantity == 110
    now = re.search(r'name="seen_version" value="(\d+)"', page)[1]
    cm.post(url, mine | {"seen_version": now})
    assert the_order(order).lines[0].quantity == 120


def test_the_usual_place_is_chosen_and_nobody_s_who_never_ordered(world, sign_in):
    first, other = world.ship_to("D1"), another_place(world)
    d1 = sign_in("d1")
    assert f'<option selected value="{first}"' not in d1.get("/orders/new").text
    an_order(world, A=100, ship_to=other)
    assert f'<option selected value="{other}"' in d1.get("/orders/new").text
    an_order(world, A=100, ship_to=first)
    assert f'<option selected value="{first}"' in d1.get("/orders/new").text
    rep = sign_in("rep")
    page = rep.get(f"/orders/places?distributor_id={world.distributor('D1')}").text
    assert f'value="{first}" selected' in page

"""Every way by which an order can become confirmed: each is stopped by the same finding.

A new way must be added to PATHS; that it is stopped then shows that it takes the one check.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import g

from channel import clock
from channel.db import db
from channel.models.orders import Order
from channel.models.partners import ShipTo
from channel.services import api_tokens, orders, shipments
from channel.services.work import Refused
from contracts.values.findings import from_json
from tests.agreed import another_place
from tests.builders import (
    a_draft,
    a_shipment,
    an_application,
    an_approved_exception,
    an_order,
    the_order,
)
from tests.guarded_client import GuardedClient
from tests.services.import_files import imported

pytestmark = pytest.mark.database

ON = date(2026, 11, 21)
Path = Callable[[Any, int], list[str]]


def codes(order_id: int) -> list[str]:
    """What stands against an order that was saved and not confirmed."""
    record = the_order(order_id)
    assert record.state != "confirmed"
    return [finding.code for finding in from_json(record.verdict["findings"])]


def refusal(act: Callable[..., Any], *args: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(*args)
    return [finding.code for finding in refused.value.findings]


def outside(world: Any, place: int) -> orders.Draft:
    return a_draft(world, on=ON, ship_to=place, A=100)


def by_use_case(world: Any, place: int) -> list[str]:
    return codes(orders.place_order(world.actor("cm"), outside(world, place)))


def by_form(world: Any, place: int) -> list[str]:
    client = GuardedClient(world.app, world.actor("cm"))
    sent = client.post(
        "/orders/new",
        {
            "distributor_id": world.distributor("D1"),
            "order_date": ON.isoformat(),
            "ship_to_id": place,
            "product-0": world.product("A"),
            "quantity-0": "100",
            "act": "submit",
        },
    )
    return codes(int(sent.location.rsplit("/", 1)[1]))


def by_draft(world: Any, place: int) -> list[str]:
    order = orders.draft_order(world.actor("cm"), outside(world, place))
    orders.submit_order(world.actor("cm"), order)
    return codes(order)


def by_change_of_a_draft(world: Any, place: int) -> list[str]:
    order = orders.draft_order(world.actor("cm"), a_draft(world, on=ON))
    orders.edit_order(world.actor("cm"), order, outside(world, place), None)
    orders.submit_order(world.actor("cm"), order)
    return codes(order)


def by_copy(world: Any, place: int) -> list[str]:
    """The copy is the same form, filled in; the place is what is chosen in it."""
    client = GuardedClient(world.app, world.actor("cm"))
    first = an_order(world, on=ON, A=100)
    page = client.get(f"/orders/new?copy={first}").text
    assert 'value="100"' in page
    sent = client.post(
        f"/orders/new?copy={first}",
        {
            "distributor_id": world.distributor("D1"),
            "order_date": ON.isoformat(),
            "ship_to_id": place,
            "product-0": world.product("A"),
            "quantity-0": "100",
            "act": "submit",
        },
    )
    return codes(int(sent.location.rsplit("/", 1)[1]))


def by_file(world: Any, place: int) -> list[str]:
    division = db.session.get_one(ShipTo, place).division_code
    head = "订单号,行号,下单日期,经销商编码,产品编码,数量,收货区划"
    text = f"{head}\nPO-9,1,{ON},D1,A,100,{division}\n"
    outcome = imported("orders", text)
    assert not outcome.is_refused, outcome.findings
    order = db.session.query(Order).filter_by(external_key="PO-9").one()
    return codes(order.id)


def by_interface(world: Any, place: int) -> list[str]:
    token = api_tokens.make_token(world.actor("cm"), "ERP")
    g.__dict__.clear()
    answer = world.app.test_client().post(
        "/api/v1/orders",
        headers={"Authorization": f"Bearer {token}"},
        json={
            "external_key": "PO-9",
            "distributor": "D1",
            "order_date": ON.isoformat(),
            "ship_to": place,
            "lines": [{"product": "A", "quantity": 100}],
        },
    )
    assert answer.status_code == 201
    return codes(answer.json["id"])


def by_preview(world: Any, place: int) -> list[str]:
    judged, _lines = orders.preview(world.actor("cm"), outside(world, place))
    return [finding["code"] for finding in judged["findings"]]


def by_change_after_confirmation(world: Any, place: int) -> list[str]:
    """The goods are changed; the place was allowed when the order was confirmed."""
    order = _confirmed_then_moved(world, place)
    record = the_order(order)
    draft = replace(outside(world, place), deliver_on=record.deliver_on)
    return refusal(orders.edit_order, world.actor("cm"), order, draft, None)


def by_reopening(world: Any, place: int) -> list[str]:
    order = _confirmed_then_moved(world, place)
    orders.end_order(world.actor("cm"), order, "cancel", "客户取消")
    return refusal(orders.reopen_order, world.actor("cm"), order)


def by_notice(world: Any, place: int) -> list[str]:
    from channel.services import deliveries

    order = an_order(world, on=ON, A=100)
    return refusal(deliveries.change_place_of_order, world.actor("cm"), order, place, "改送隆昌")


def _confirmed_then_moved(world: Any, place: int) -> int:
    """An order confirmed to an allowed place that has left the territory since."""
    order = an_order(world, on=ON, A=50)
    record = the_order(order)
    record.ship_to_id, record.division_code = place, "511083"
    db.session.commit()
    return order


PATHS: tuple[Path, ...] = (
    by_use_case,
    by_form,
    by_draft,
    by_change_of_a_draft,
    by_copy,
    by_file,
    by_interface,
    by_preview,
    by_change_after_confirmation,
    by_reopening,
    by_notice,
)


@pytest.mark.row("A01", "B13")
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_every_path_is_stopped_by_the_same_finding(world: Any, path: Path) -> None:
    place = another_place(world, division="511083", name="隆昌")
    with clock.at(ON):
        assert path(world, place) == ["territory.outside"]


def _without_agreement(world: Any) -> orders.Draft:
    return a_draft(world, on=date(2027, 6, 1), A=100)


@pytest.mark.row("A21")
def test_without_an_agreement_every_path_says_so(world: Any) -> None:
    """The fixture world's agreements end with the year."""
    draft = _without_agreement(world)
    cm = world.actor("cm")
    assert codes(orders.place_order(cm, draft)) == ["agreement.none_in_force"]
    judged, _lines = orders.preview(cm, draft)
    assert [f["code"] for f in judged["findings"]] == ["agreement.none_in_force"]
    order = an_order(world, on=ON, A=100)
    assert refusal(orders.edit_order, cm, order, draft, None) == ["agreement.none_in_force"]
    assert the_order(order).state == "confirmed"


@pytest.mark.row("A21")
def test_an_exception_lets_exactly_the_approved_amount_through(world: Any) -> None:
    """10,000.00 approved after the end: 10,000.00 are ordered and leave, and not a fen more."""
    cm, on = world.actor("cm"), date(2027, 1, 4)
    with clock.at(on):
        wish = an_application(
            world,
            "D1",
            type="expiry",
            asked={"amount_fen": 1_000_000},
            valid_from=on,
            valid_to=date(2027, 2, 1),
        )
        an_approved_exception(world, wish)
        above = orders.place_order(cm, a_draft(world, on=on, A=101))
        assert codes(above) == ["agreement.none_in_force"]
        order = orders.place_order(cm, a_draft(world, on=on, A=100))
        assert the_order(order).state == "confirmed"
        again = orders.place_order(cm, a_draft(world, on=on, A=1))
        assert codes(again) == ["agreement.none_in_force"]
        shipment = a_shipment(world, order, on=on)
        assert shipments.dispatch_shipment(cm, shipment) == "shipped"

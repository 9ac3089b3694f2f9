"""The REST interface: the pages' rights and rules, each thing once, refusals that programs read."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import g

from channel.access import GRANTS, Role
from channel.api import problems
from channel.api.document import openapi_document
from channel.api.routing import ROUTES
from channel.db import db
from channel.models.api import ApiToken
from channel.models.orders import Order
from channel.services import api_tokens
from channel.services.work import Refused
from tests.agreed import another_place
from tests.builders import an_application, an_approved_exception, an_order, delivered, the_order

pytestmark = pytest.mark.database

ON = "2026-11-21"


class Program:
    """A client with a bearer token; answers are JSON, refusals problem documents."""

    def __init__(self, app: Any, token: str = "", language: str = "zh") -> None:
        self.client, self.headers = app.test_client(), {"Accept-Language": language}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def _seen(self, response: Any, status: int) -> Any:
        assert response.status_code == status, (response.status_code, response.text[:800])
        good = status < 400
        assert response.mimetype == ("application/json" if good else "application/problem+json")
        assert "Set-Cookie" not in response.headers
        if not good:
            assert response.json["status"] == status
        return response.json

    def get(self, path: str, status: int = 200) -> Any:
        g.__dict__.clear()
        return self._seen(self.client.get(f"/api/v1{path}", headers=self.headers), status)

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        g.__dict__.clear()
        return self._seen(
            self.client.post(f"/api/v1{path}", json=body, headers=self.headers), status
        )


@pytest.fixture
def program(world):
    def make(who: str, language: str = "zh") -> Program:
        return Program(world.app, api_tokens.make_token(world.actor(who), "ERP"), language)

    return make


def new_order(key: str = "PO-1", **changes: Any) -> dict[str, Any]:
    return {
        "external_key": key,
        "distributor": "D1",
        "order_date": ON,
        "lines": [{"product": "A", "quantity": 100}],
        **changes,
    }


def codes(problem: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in problem["findings"]]


def test_an_order_is_placed_once_however_often_it_is_sent(world, program):
    d1 = program("d1")
    placed = d1.post("/orders", new_order(), 201)
    assert (placed["state"], placed["gross_fen"]) == ("confirmed", 1_000_000)
    again = d1.post("/orders", new_order(), 200)
    assert again["id"] == placed["id"]
    other = d1.post("/orders", new_order(lines=[{"product": "A", "quantity": 101}]), 409)
    assert codes(other) == ["api.key_used"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 1
    assert d1.get(f"/orders/{placed['id']}")["lines"][0]["unit_gross_fen"] == 10_000
    # Another distributor may use the same key.
    program("d2").post("/orders", new_order(distributor="D2"), 201)


def test_a_preview_saves_nothing_and_says_the_same(world, program):
    cm = program("cm")
    body = new_order(distributor="D2", lines=[{"product": "A", "quantity": 600}])
    seen = cm.post("/orders/preview", body)
    assert seen["decision"] == "hold"
    assert codes(seen) == ["credit.over_limit"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 0
    placed = cm.post("/orders", body, 201)
    assert placed["state"] == "held"
    assert placed["verdict"]["findings"] == seen["findings"]


@pytest.mark.row("C01")
def test_a_price_sent_along_is_only_compared(program):
    line = {"product": "A", "quantity": 100, "price_fen": 9_900}
    placed = program("d1").post("/orders", new_order(lines=[line]), 201)
    assert placed["state"] == "refused"
    assert codes(placed["verdict"]) == ["price.differs"]


@pytest.mark.row("P01")
def test_the_records_of_others_are_not_there_and_the_try_is_logged(world, program, monkeypatch):
    tries: list[dict[str, Any]] = []

    class Log:
        def warning(self, event: str, **facts: Any) -> None:
            tries.append({"event": event, **facts})

    monkeypatch.setattr(problems, "log", Log())
    order = an_order(world, "D2", A=100)
    invoice = delivered(world, "D2", A=100)
    request = an_approved_exception(world, an_application(world, "D2"))
    d1 = program("d1")
    paths = [
        f"/orders/{order}",
        f"/invoices/{invoice}",
        "/shipments/1",
        f"/exceptions/{request}",
        "/credit?distributor=D2",
        "/agreements/in-force?distributor=D2",
        "/prices/A?distributor=D2",
    ]
    for path in paths:
        d1.get(path, 404)
    d1.post(f"/orders/{order}/cancel", {}, 404)
    assert [entry["event"] for entry in tries] == ["not_visible"] * (len(paths) + 1)
    assert {entry["user"] for entry in tries} == {world.actor("d1").user_id}
    assert d1.get("/orders")["count"] == 0
    assert the_order(order).state == "confirmed"
    refused = d1.post("/orders", new_order(distributor="D2"), 422)
    assert codes(refused) == ["api.unknown"]


@pytest.mark.parametrize("role", list(Role), ids=lambda r: r.value)
def test_each_role_may_what_its_pages_may(world, program, role):
    """401 without a token, 403 where the role has no right, an answer elsewhere."""
    who = {
        Role.CHANNEL_MANAGER: "cm", Role.FINANCE: "fin", Role.SALES_REP: "rep",
        Role.OWNER: "boss", Role.ADMIN: "admin", Role.DISTRIBUTOR: "d1", Role.AUDITOR: "auditor",
    }[role]  # fmt: skip
    client, stranger = program(who), Program(world.app)
    for route in ROUTES:
        path = route.rule.replace("<int:id>", "999").replace("<code>", "A")
        if route.method == "POST":
            stranger.post(path, {}, 401)
            g.__dict__.clear()
            answer = client.client.post(f"/api/v1{path}", json={}, headers=client.headers)
        else:
            stranger.get(path, 401)
            g.__dict__.clear()
            answer = client.client.get(f"/api/v1{path}", headers=client.headers)
        allowed = route.permission in GRANTS[role]
        assert (answer.status_code == 403) is not allowed, (route.rule, answer.status_code)
        assert answer.status_code in {200, 400, 403, 404, 422}, (route.rule, answer.status_code)


def test_reads_answer_with_what_the_pages_show(world, program):
    invoice = delivered(world, A=100)
    an_approved_exception(world, an_application(world, "D1"))
    d1 = program("d1")
    assert d1.get("/orders?state=closed,confirmed")["count"] == 1
    assert d1.get(f"/orders?from={ON}")["count"] == 0
    assert d1.get("/shipments/1")["goods_gross_fen"] == 1_000_000
    read = d1.get(f"/invoices/{invoice}")
    assert (read["net_fen"], read["tax_fen"], read["open_fen"]) == (884_956, 115_044, 1_000_000)
    assert d1.get("/invoices?kind=invoice")["items"][0]["gross_fen"] == 1_000_000
    [account] = d1.get("/credit")["accounts"]
    assert (account["invoiced_fen"], account["free_fen"]) == (1_000_000, 19_000_000)
    agreement = d1.get("/agreements/in-force")
    assert agreement["terms"]["payment"]["days"] == 30
    price = d1.get("/prices/A")
    assert (price["gross_fen"], price["net_fen"], price["tax_fen"]) == (10_000, 8_850, 1_150)
    assert d1.get("/exceptions?state=approved")["items"][0]["state"] == "approved"
    cm = program("cm")
    assert cm.get("/shipments")["count"] == 1
    cm.get("/credit", 400)
    cm.get("/prices/NONE?distributor=D1", 404)
    assert cm.get("/prices/A?distributor=D4&on=2026-11-20")["gross_fen"] == 10_000


def test_an_order_is_cancelled_by_the_version_that_was_seen(world, program):
    order = an_order(world, A=100)
    d1 = program("d1")
    version = d1.get(f"/orders/{order}")["version"]
    d1.post(f"/orders/{order}/cancel", {"version": version + 7}, 409)
    done = d1.post(f"/orders/{order}/cancel", {"version": version, "reason": "重复"})
    assert done["state"] == "cancelled"
    d1.post(f"/orders/{order}/cancel", {}, 422)


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"external_key": ""}, "external_key"),
        ({"external_key": "有空格 的"}, "external_key"),
        ({"lines": []}, "lines"),
        ({"lines": [{"product": "A", "quantity": 1.5}]}, "lines/0/quantity"),
        ({"lines": [{"product": "A", "quantity": True}]}, "lines/0/quantity"),
        ({"lines": [{"product": "A", "quantity": 0}]}, "lines/0/quantity"),
        ({"lines": [{"quantity": 1}]}, "lines/0/product"),
        ({"lines": [{"product": "A", "quantity": 1, "price": 9}]}, "lines/0/price"),
        ({"order_date": "21.11.2026"}, "order_date"),
        ({"ship_to": "1"}, "ship_to"),
        ({"colour": "red"}, "colour"),
        ({"note": "a\0b"}, "note"),
    ],
)
def test_a_body_that_cannot_be_read_names_its_member(program, change, member):
    problem = program("cm").post("/orders", new_order(**change), 400)
    assert [f["subject"] for f in problem["findings"]] == [member]


def test_unknown_goods_and_places_are_named(world, program):
    cm = program("cm")
    assert codes(cm.post("/orders", new_order(lines=[{"product": "ZZ", "quantity": 1}]), 422)) == [
        "api.unknown"
    ]
    foreign = world.ship_to("D2")
    assert codes(cm.post("/orders", new_order(ship_to=foreign), 422)) == ["order.foreign_ship_to"]
    another_place(world)
    placed = cm.post("/orders", new_order(), 201)
    assert codes(placed["verdict"]) == ["territory.no_ship_to"]


def test_sentences_come_in_the_language_asked_for(program):
    body = new_order(lines=[{"product": "A", "quantity": 10}], ship_to=999_999)
    assert "记录" in program("cm", "zh-CN,zh;q=0.9").post("/orders", body, 404)["detail"]
    assert "record" in program("cm", "en-US,en;q=0.9").post("/orders", body, 404)["detail"]


def test_a_token_is_shown_once_revoked_at_once_and_belongs_to_its_owner(world, program):
    token = api_tokens.make_token(world.actor("d1"), "ERP")
    row = db.session.scalars(sa.select(ApiToken)).one()
    assert token.startswith("weir_") and token not in str(vars(row))
    assert (row.hint, len(row.token_hash)) == (token[-4:], 64)
    client = Program(world.app, token)
    client.get("/orders")
    from channel.access import NotVisible

    with pytest.raises(NotVisible):
        api_tokens.revoke_token(world.actor("d2"), row.id)
    api_tokens.revoke_token(world.actor("d1"), row.id)
    assert codes(client.get("/orders", 401)) == ["api.token_unknown"]
    with pytest.raises(Refused):
        api_tokens.make_token(world.actor("d1"), "  ")


def test_a_closed_user_s_token_ends_with_the_user(world, program):
    client = program("d1")
    client.get("/orders")
    world.users["d1"].is_active = False
    db.session.commit()
    client.get("/orders", 401)


def test_guessing_tokens_is_throttled_like_guessing_passwords(world):
    guesser = Program(world.app, "weir_guess")
    for _n in range(8):
        guesser.get("/orders", 401)
    assert codes(guesser.get("/orders", 429)) == ["sign_in.throttled"]


def test_addresses_and_methods_that_are_not_there_are_problems_too(world, program):
    cm = program("cm")
    cm.get("/nothing", 404)
    g.__dict__.clear()
    answer = cm.client.put("/api/v1/orders", json={}, headers=cm.headers)
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "POST" in answer.headers["Allow"]
    cm.post("/orders", [1, 2], 400)
    assert codes(cm.get("/orders?from=yesterday", 400)) == ["api.parameter"]
    assert codes(cm.get("/orders?page=0&state=lost", 400)) == ["api.parameter", "api.parameter"]


def test_the_session_of_a_browser_opens_nothing_here(world, sign_in):
    browser = sign_in("boss")
    answer = browser.client.get("/api/v1/orders")
    assert answer.status_code == 401


def test_the_document_names_every_route_and_needs_no_token(world):
    g.__dict__.clear()
    served = world.app.test_client().get("/api/v1/openapi.json")
    assert served.json == openapi_document()
    served_routes = {
        (method.upper(), path)
        for path, methods in served.json["paths"].items()
        for method in methods
    }
    rules = {
        (method, re.sub(r"<(?:int:)?(\w+)>", r"{\1}", str(rule).removeprefix("/api/v1")))
        for rule in world.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.openapi"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }  # fmt: skip
    assert served_routes == rules
    assert date.fromisoformat(ON)


@pytest.mark.parametrize("path", ["/orders", "/invoices", "/shipments", "/exceptions", "/credit"])
def test_lists_ask_as_many_statements_of_a_full_house(world, program, count_sql, path):
    cm, query = program("cm"), "?distributor=D1" if path == "/credit" else ""
    delivered(world, A=100)
    cm.get(path + query)
    counts = []
    for n in range(2):
        for _ in range(3 * n):
            delivered(world, A=100)
        db.session.rollback()
        count_sql.clear()
        cm.get(path + query)
        counts.append(len(count_sql))
    assert counts[0] == counts[1], counts

"""List and record pages ask as many SQL statements of a full house as of a nearly empty one.

Each page is counted twice, before and after the house has grown many times over; what a page
shows may grow, but never the number of its questions.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel.access import GRANTS, Permission
from channel.db import db
from channel.models.catalogue import Product
from channel.models.orders import Order
from channel.models.partners import Distributor
from channel.models.rebates import RebateStatement
from channel.services import exceptions, rebates
from contracts.values.periods import Period
from tests import builders

pytestmark = pytest.mark.database

ROLES = ("cm", "fin", "rep", "boss", "auditor", "d1")
#: Two months before the looked-at day, so that a quarter is over.
PAST = date(2026, 9, 10)


def trade(world: Any, times: int) -> dict[str, int]:
    """Deliveries, payments, open orders and a held one; gives the first of each."""
    found: dict[str, int] = {}
    for _ in range(times):
        for on in (PAST, date(2026, 11, 20)):
            invoice = builders.delivered(world, on=on, A=100, B=20)
            receipt = builders.paid(world, "D1", 1_400_000, on)
        order = builders.an_order(world, A=120)
        shipment = builders.a_shipment(world, order, share=half_of(order))
        for name, made in (("invoice", invoice), ("order", order), ("shipment", shipment),
                           ("receipt", receipt)):  # fmt: skip
            found.setdefault(name, made)
    return found


def half_of(order_id: int) -> dict[int, int]:
    return {line.id: line.quantity for line in builders.the_order(order_id).lines}


def settle(world: Any) -> int:
    """The third quarter proposed, reviewed and posted; gives the run."""
    run = rebates.propose(world.actor("fin"), Period.quarter(2026, 3))
    rebates.review(world.actor("fin"), run)
    rebates.post(world.actor("boss"), run)
    return run


def grow(world: Any) -> None:
    """More than a page of everything that lists show."""
    trade(world, 6)
    for code in ("D3", "D4"):
        builders.delivered(world, code, PAST, A=150)
        builders.paid(world, code, 1_500_000, PAST)
    for _ in range(3):
        exceptions.request_exception(world.actor("rep"), builders.an_application(world))
    pattern = db.session.get_one(Distributor, world.distributor("D1"))
    rep, created = pattern.sales_rep_id, pattern.created_at
    group = db.session.get_one(Product, world.product("A")).group_id
    db.session.execute(
        sa.insert(Distributor),
        [
            {"code": f"X{n:03}", "name": f"某经销商{n}", "division_code": "511000",
             "sales_rep_id": rep, "created_at": created}
            for n in range(60)
        ],
    )  # fmt: skip
    db.session.execute(
        sa.insert(Product),
        [{"code": f"X{n:03}", "name": f"某商品{n}", "group_id": group} for n in range(60)],
    )
    db.session.commit()
    settle(world)


def paths_without_ids(app: Any, user: Any) -> list[str]:
    """Every page that needs no id and that the user may open."""
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        permission = getattr(view, "permission", None)
        if "GET" not in (rule.methods or ()) or rule.arguments or rule.endpoint == "static":
            continue
        if rule.rule.startswith("/api/"):  # answers tokens, not people
            continue
        if isinstance(permission, Permission) and permission in GRANTS[user.role]:
            found.append(rule.rule)
    return sorted(found)


def count(client: Any, path: str, seen: list[str]) -> int:
    """The statements of one request; nothing is remembered from the one before."""
    db.session.remove()
    seen.clear()
    response = client.client.get(path)
    # 404: a page of what this house does not have, as the price books of the others.
    assert response.status_code in (200, 302, 303, 404), f"{path}: {response.status_code}"
    return len(seen)


def counts(world: Any, sign_in: Any, paths: dict[str, list[str]], seen: list[str]) -> dict:
    found = {}
    for user, wanted in paths.items():
        client = sign_in(user)
        for path in wanted:
            client._forget()
            found[user, path] = count(client, path, seen)
    return found


def test_pages_ask_as_much_of_a_full_house_as_of_an_empty_one(world, sign_in, count_sql):
    first = trade(world, 1)
    wish = builders.an_application(world)
    first["exception"] = exceptions.request_exception(world.actor("rep"), wish)
    first["run"] = settle(world)
    first["statement"] = db.session.scalar(
        sa.select(sa.func.min(RebateStatement.id)).where(RebateStatement.run_id == first["run"])
    )
    records = [
        f"/orders/{first['order']}",
        f"/shipments/{first['shipment']}",
        f"/invoices/{first['invoice']}",
        f"/receipts/{first['receipt']}",
        f"/distributors/{world.distributor('D1')}",
        f"/credit/{world.distributor('D1')}",
        f"/exceptions/{first['exception']}",
        f"/rebates/runs/{first['run']}",
        f"/rebates/statements/{first['statement']}",
        f"/rebates/statements/{first['statement']}/lines",
        f"/rebates/pool/{world.distributor('D1')}",
        f"/orders/{first['order']}/rebate",
        f"/products/{world.product('A')}",
    ]
    paths = {name: paths_without_ids(world.app, world.actor(name)) for name in ROLES}
    paths["fin"] += records
    before = counts(world, sign_in, paths, count_sql)
    grow(world)
    after = counts(world, sign_in, paths, count_sql)
    grown = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
    assert grown == {}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) > 15


def test_a_long_order_asks_as_much_as_a_short_one(world, sign_in, count_sql):
    short = builders.an_order(world, A=10)
    long = builders.an_order(world, A=10, B=10, N=10)
    client = sign_in("fin")
    for page in ("/orders/{}", "/orders/{}/edit"):
        numbers = []
        for order in (short, long):
            client._forget()
            numbers.append(count(client, page.format(order), count_sql))
        assert numbers[0] == numbers[1], page


def test_an_order_is_placed_with_as_many_statements_for_any_house(world, count_sql):
    """The check asks of the debtor alone, whatever others trade and however long it has traded."""
    builders.an_order(world, "D4", A=10)  # the first one opens the account and the series
    seen = []
    for _ in range(2):
        count_sql.clear()
        builders.an_order(world, "D4", A=10, B=10)
        seen.append(len(count_sql))
        trade(world, 3)
        builders.delivered(world, "D4", A=150)
    assert seen[0] == seen[1]

"""Pages of stock in the channel, of counts and of outlets' upkeep."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.channel_stock import StockCount, StockCountLine, StockFollowUp
from channel.models.market import Evidence, Outlet
from channel.services import market_prices
from channel.services.market_prices import OutletFacts
from contracts.values.periods import Period
from tests.services.test_channel_stock_snapshot import report

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def filed(world, today) -> Any:
    """D1 filed 15 days ago, D2 40 days ago, the others never."""
    report(world, "D1", A=(60, 300), B=(900, 300), N=(12, 0))
    report(world, "D2", Period.parse("2026-09"), filed=today - timedelta(days=40), A=(33, 30))
    return world


def form_of(**values: Any) -> dict[str, Any]:
    return {"counted_on": "2026-10-31", "note": "", **values}


def links(text: str) -> dict[str, str]:
    """Figure or word → where it leads, of the table on a page."""
    body = re.search(r"<tbody>(.*?)</tbody>", text, re.S)
    found = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>([^<]*)</a>', body[1] if body else "")
    return {word.strip(): href.replace("&amp;", "&") for href, word in found}


def body_of(text: str) -> str:
    body = re.search(r"<tbody>(.*?)</tbody>", text, re.S)
    return body[1] if body else ""


@pytest.mark.row("F12")
def test_the_view_shows_old_figures_grey_with_their_date(filed, sign_in):
    client = sign_in("cm")
    text = client.get("/channel-stock").text
    assert "1 家较旧，最早申报于 2026-10-12" in text
    assert "2 家从未申报：未知" in text
    assert re.search(r'<td class="num old-figure"[^>]*><a href="[^"]*data=old[^"]*">33</a>', text)
    rows = body_of(client.get("/channel-stock/positions?data=old").text)
    assert "2026-10-12" in rows
    assert "D1" not in rows


@pytest.mark.row("F12")
def test_every_figure_opens_the_reports_behind_it(filed, sign_in):
    client = sign_in("cm")
    found = links(client.get("/channel-stock").text)
    assert {"四川省", "972", "33"} <= set(found)
    assert "cover=short" in client.get("/channel-stock").text
    short = body_of(client.get("/channel-stock/positions?cover=short").text)
    assert "豆瓣酱" in short
    assert "火锅底料" not in short
    owner = filed.distributor("D1")
    record = client.get(f"/channel-stock/distributors/{owner}").text
    assert re.search(r'href="/stock/\d+"', record)
    assert links(client.get("/channel-stock/areas/510000").text)
    assert client.get("/channel-stock/areas/511083", 303).location.endswith("place=511083")


@pytest.mark.row("F12")
def test_who_never_filed_is_unknown_not_zero(filed, sign_in):
    client = sign_in("cm")
    text = client.get(f"/channel-stock/distributors/{filed.distributor('D4')}").text
    assert "从未申报" in text
    assert "未知" in text
    found = links(client.get("/channel-stock/positions?data=unknown").text)
    [link] = [href for word, href in found.items() if word.startswith("D3")]
    assert client.get(link, 303).location.endswith(str(filed.distributor("D3")))


@pytest.mark.row("F12", "P01")
def test_a_distributor_sees_its_own_stock_and_no_counts(filed, sign_in):
    client = sign_in("d1")
    assert "D2" not in body_of(client.get("/channel-stock/positions").text)
    client.get(f"/channel-stock/distributors/{filed.distributor('D2')}", 404)
    client.get("/stock-counts", 403)
    client.get("/stock-counts/new", 403)


@pytest.mark.row("F10")
def test_a_rep_counts_in_one_page(filed, sign_in):
    """The closing is filled in; 52 is written over 60; the gap opens a follow-up."""
    client, owner = sign_in("rep"), filed.distributor("D1")
    assert f"distributor={owner}" in client.get("/stock-counts/new").text
    text = client.get(f"/stock-counts/new?distributor={owner}").text
    fields = dict(re.findall(r'name="(n-[^"]+)" value="(\d*)"', text))
    key = f"n-{filed.product('A')}|"
    assert fields[key] == "60"
    assert sorted(fields.values()) == ["12", "60", "900"]
    values = form_of(**{**fields, key: "５２"}, files=(io.BytesIO(PNG), "a.png"))
    response = client.post(f"/stock-counts/new?distributor={owner}", values)
    record = client.follow(response).text
    assert "−8（13.3%）" in record
    assert "超出界限" in record
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 1
    number = db.session.scalar(sa.select(StockFollowUp.id))
    assert "<textarea" not in client.get(f"/stock-counts/follow-ups/{number}").text
    manager = sign_in("cm")
    assert "<textarea" in manager.get(f"/stock-counts/follow-ups/{number}").text
    closed = manager.post(f"/stock-counts/follow-ups/{number}/close",
                          {"result": "两箱破损已补记", "seen_version": "1"})  # fmt: skip
    assert "两箱破损已补记" in manager.follow(closed).text


@pytest.mark.row("F10")
def test_what_is_no_count_is_said_and_the_rest_stays_typed(filed, sign_in):
    client, owner = sign_in("rep"), filed.distributor("D1")
    path, key = f"/stock-counts/new?distributor={owner}", f"n-{filed.product('A')}|"
    text = client.post(path, form_of(**{key: "5x"}), 422).text
    assert "“5x”不是盘点数量" in text
    assert 'value="5x"' in text
    client.post(path, form_of(), 422)
    client.post(path, form_of(counted_on="2026-12-01", **{key: "5"}), 422)
    assert db.session.scalar(sa.select(sa.func.count(StockCount.id))) == 0
    client.get(f"/stock-counts/new?distributor={filed.distributor('D4')}", 404)


@pytest.mark.row("F10")
def test_goods_that_the_report_does_not_name_are_counted_too(filed, sign_in):
    client, owner = sign_in("rep"), filed.distributor("D2")
    values = form_of(**{"product-0": str(filed.product("N")), "extra-0": "7"})
    client.post(f"/stock-counts/new?distributor={owner}", values)
    line = db.session.scalars(sa.select(StockCountLine)).one()
    assert (line.counted, line.reported) == (7, None)


@pytest.mark.row("F13")
def test_a_visit_is_logged_and_an_order_wakes_the_outlet(world, sign_in):
    facts = OutletFacts(world.distributor("D1"), "好又多", "supermarket", "511000")
    outlet = market_prices.save_outlet(world.actor("cm"), None, facts)
    db.session.execute(sa.update(Outlet).values(opened_on=date(2026, 1, 1)))
    db.session.commit()
    client = sign_in("rep")
    assert "流失" in client.get(f"/market/outlets/{outlet}").text
    assert "好又多" in body_of(client.get("/market/outlets?state=lost").text)
    area = client.get("/market/outlets/upkeep?by=area").text
    [link] = links(area).values()
    assert client.get(link, 303).location.endswith("place=511000")
    visit = {"visited_on": "2026-11-21", "is_visit": "y", "has_order": "y", "quantity": "12"}
    client.post(f"/market/outlets/{outlet}/visit", visit)
    assert "活跃" in client.get(f"/market/outlets/{outlet}").text
    nothing = {"visited_on": "2026-11-21", "quantity": ""}
    text = client.post(f"/market/outlets/{outlet}/visit", nothing, 422).text
    assert "既没有走访也没有订货" in text


@pytest.mark.row("F12")
def test_the_pages_ask_as_much_of_many_as_of_few(filed, sign_in, count_sql):
    """More distributors, products and periods: the same number of statements."""
    client = sign_in("cm")
    owner = filed.distributor("D1")
    paths = [
        "/channel-stock", "/channel-stock/areas/510000", "/channel-stock/goods",
        "/channel-stock/positions", f"/channel-stock/distributors/{owner}", "/stock-counts",
        "/stock-counts/follow-ups", f"/stock-counts/new?distributor={owner}", "/market/outlets",
        "/market/outlets/upkeep",
    ]  # fmt: skip

    def counts() -> list[int]:
        found = []
        for path in paths:
            db.session.remove()
            client._forget()
            count_sql.clear()
            assert client.client.get(path).status_code == 200
            found.append(len(count_sql))
        return found

    client.post(f"/stock-counts/new?distributor={owner}",
                form_of(**{f"n-{filed.product('A')}|": "10"}))  # fmt: skip
    before = counts()
    for month in ("2026-07", "2026-08", "2026-09"):
        for code in ("D1", "D3", "D4"):
            report(filed, code, Period.parse(month), A=(50, 90), B=(50, 31), N=(3, 4))
    report(filed, "D4", A=(60, 300), B=(900, 300), N=(12, 0))
    report(filed, "D1", A=(60, 300), B=(900, 300), N=(12, 0))
    client.post(f"/stock-counts/new?distributor={owner}",
                form_of(**{f"n-{filed.product(g)}|": "10" for g in "ABN"}))  # fmt: skip
    assert dict(zip(paths, counts(), strict=True)) == dict(zip(paths, before, strict=True))

"""The market through the pages, as the acceptance tests of the mission walk it."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.market import Incident, Outlet
from tests.services.test_suggested_prices import suggested

TODAY = date(2026, 11, 21)
PHOTO = b"\xff\xd8\xff\xe0 photo"


def report(client, world, price: str, code: str = "D1", **more: str) -> str:
    form = {
        "distributor_id": str(world.distributor(code)),
        "product_id": str(world.product("A")),
        "price_fen": price,
        "seen_on": "2026-11-21",
        "place": "东市场 12 号摊位",
        **more,
    }
    return client.follow(client.post("/market/prices/new", form)).text


@pytest.mark.row("A04")
def test_two_prices_outside_the_band_and_two_on_its_bounds(sign_in, world):
    suggested(world)
    rep = sign_in("rep")
    rep.get("/market/prices/new")
    below = report(rep, world, "80", files=(io.BytesIO(PHOTO), "价签.jpg"))
    assert "低于下限" in below and "¥95.00" in below and "价签.jpg" in below
    assert "高于上限" in report(rep, world, "140")
    for price in ("95.00", "130.00"):
        assert "区间内" in report(rep, world, price)
    listed = rep.get("/market/incidents?kind=price").text
    assert listed.count("row-link") == 2
    proof = re.search(r"/market/evidence/\d+", below)
    assert proof and sign_in("d1").get(proof[0]).data == PHOTO
    sign_in("d2").get(proof[0], status=404)
    text = rep.post("/market/prices/new", {"price_fen": "8O"}, status=422).text
    assert 'value="8O"' in text


@pytest.mark.row("A04")
def test_notice_answer_and_result_on_the_page(sign_in, world):
    suggested(world)
    report(sign_in("rep"), world, "80")
    page = f"/market/incidents/{db.session.scalars(sa.select(Incident.id)).one()}"
    cm, d1 = sign_in("cm"), sign_in("d1")
    text = cm.get(page).text
    assert "低于下限" in text and "发出通知" in text
    cm.post(page + "/act", {"act": "notify", "text": "请说明低价原因", "seen_version": "1"})
    assert "请说明低价原因" in d1.get(page).text
    d1.post(page + "/act", {"act": "answer", "text": "门店清仓", "seen_version": "2"})
    assert "书面处理结果" in cm.follow(cm.post(page + "/act", {"act": "close"})).text
    closed = cm.follow(cm.post(page + "/act", {"act": "close", "text": "口头警告"})).text
    assert "口头警告" in closed and "结案" in closed
    d1.post(page + "/act", {"act": "close", "text": "我来结"}, status=403)
    sign_in("d2").get(page, status=404)


@pytest.mark.row("C06")
def test_the_numbers_open_their_lists(sign_in, world):
    suggested(world)
    for price, code in (("80", "D1"), ("140", "D1"), ("80", "D3")):
        report(sign_in("rep"), world, price, code)
    cm = sign_in("cm")
    board = cm.get("/market").text
    links = re.findall(r'href="(/market/incidents\?[^"]*)"[^>]*>(\d+)</a>', board)
    assert len(links) > 6
    for href, number in links:
        listed = cm.get(href.replace("&amp;", "&")).text
        assert listed.count("row-link") == int(number), href
    assert "511000 内江市" in board and "510300 自贡市" in board
    own = sign_in("d3").get("/market").text
    assert "自贡市" in own and "内江市" not in own


@pytest.mark.row("A10")
def test_a_media_incident_filed_at_nine(sign_in, world):
    form = {
        "distributor_id": str(world.distributor("D1")), "kind": "local", "topic": "media",
        "severity": "high", "known_on": "2026-11-21", "known_time": "08:00",
        "place": "市中区", "what": "当地电视台来访", "interest": "品牌声誉",
    }  # fmt: skip
    d1 = sign_in("d1")
    d1.get("/market/incidents/new")
    page = d1.post("/market/incidents/new", form).location
    text = sign_in("cm").get(page).text
    assert "媒体" in text and "1 小时 0 分" in text and "品牌声誉" in text
    with clock.at(clock.instant_of(TODAY, 14, 20)):
        assert "5 小时 20 分" in sign_in("cm").get("/market/incidents").text
    with clock.at(clock.instant_of(TODAY + timedelta(days=1), 9, 1)):
        assert "超时未确认" in sign_in("cm").get(page).text
    late = form | {"known_on": "2026-11-22"}
    assert "不能晚于现在" in d1.post("/market/incidents/new", late, status=422).text
    cm = sign_in("cm")
    cm.post(page + "/act", {"act": "acknowledge"})
    assert "书面处理结果" in cm.follow(cm.post(page + "/act", {"act": "close", "text": ""})).text


@pytest.mark.row("A09")
def test_a_promotion_from_filing_to_evidence(sign_in, world):
    d1, cm = sign_in("d1"), sign_in("cm")
    log = {
        "distributor_id": str(world.distributor("D1")), "took_place_on": "2026-11-21",
        "place": "内江沃尔玛", "what": "买十送一",
    }  # fmt: skip
    text = d1.follow(d1.post("/market/promotions/logs/new", log)).text
    assert "擅自促销" in text and "事件 IN-2026-000001" in text
    plan = {
        "distributor_id": str(world.distributor("D1")), "title": "双十一买赠",
        "starts_on": "2026-11-11", "ends_on": "2026-11-21", "budget_fen": "5000",
        "plan": "买十送一，限两百箱",
    }  # fmt: skip
    wrong = plan | {"ends_on": "2026-11-10"}
    assert "早于开始日" in d1.post("/market/promotions/new", wrong, status=422).text
    page = d1.post("/market/promotions/new", plan).location
    d1.post(page + "/act", {"act": "approve"}, status=403)
    assert "PA-2026-000001" in cm.follow(cm.post(page + "/act", {"act": "approve"})).text
    form = d1.get("/market/promotions/logs/new?number=PA-2026-000001").text
    assert 'value="PA-2026-000001"' in form
    text = d1.follow(
        d1.post("/market/promotions/logs/new", log | {"stated_number": "PA-2026-000001"})
    ).text
    assert "证据" in text and "事件 IN" not in text
    d1.post(page + "/act", {"act": "close", "text": "销量增长两成", "spent_fen": "4800.00"})
    text = cm.get(page).text
    assert "销量增长两成" in text and "¥4,800.00" in text
    for address in ("/market/promotions", "/market/promotions/logs"):
        assert "内江" in cm.get(address).text


def opened(client, world, code: str = "D1") -> int:
    client.post(
        "/market/outlets/new",
        {
            "distributor_id": str(world.distributor(code)), "name": "内江沃尔玛",
            "kind": "supermarket", "division_code": "511002", "address": "",
        },
    )  # fmt: skip
    return db.session.scalars(sa.select(Outlet.id)).one()


@pytest.mark.row("A13")
def test_four_of_five_faces(sign_in, world):
    cm, rep = sign_in("cm"), sign_in("rep")
    shop = opened(rep, world)
    assert "陈列标准" in rep.get(f"/market/outlets/{shop}/check").text
    faces = ("货架", "堆头", "收银台", "价签", "端架")
    standard = {"outlet_kind": "supermarket", "valid_from": "2026-11-01"}
    for n, name in enumerate(faces):
        standard |= {f"item-{n}": name, f"faces-{n}": "1"}
    cm.post("/market/displays/standards", standard)
    rep.post("/market/displays/standards", standard, status=403)
    form = {"checked_on": "2026-11-21", **{f"found-{n}": "1" for n in range(4)}}
    text = rep.follow(rep.post(f"/market/outlets/{shop}/check", form)).text
    for word in ("80.0 %", "90 %", "不合格", "端架"):
        assert word in text
    month = cm.get("/market/displays?month=2026-11").text
    assert "未达成" in month and "端架" in month
    assert "不合格" in sign_in("d1").get(f"/market/outlets/{shop}").text
    sign_in("d2").get(f"/market/outlets/{shop}", status=404)


@pytest.mark.row("A14")
def test_two_placements_one_taken_away(sign_in, world):
    d1 = sign_in("d1")
    shop = opened(d1, world)
    pages = []
    for item in ("海报", "灯箱"):
        form = {
            "outlet_id": str(shop), "item": item, "spot": "门口", "consent_by": "王店长",
            "placed_on": "2026-11-21",
        }  # fmt: skip
        pages.append(d1.post("/market/pop/new", form).location)
    d1.get(pages[0])
    d1.post(pages[0] + "/remove", {"removed_on": "2026-11-21", "text": "破损"})
    text = sign_in("cm").get("/market/pop?month=2026-11").text
    row = re.search(r"<tr><td>D1[^<]*</td>.*?</tr>", text, re.S)
    assert row and re.findall(r">(\d+)</a>", row[0]) == ["2", "1"]


@pytest.mark.row("G05")
def test_white_space_with_counts_and_shares(sign_in, world):
    cm = sign_in("cm")
    text = cm.get("/market/white-space?province=510000&on=2026-11-21").text
    assert re.search(r'figure">21<', text)
    assert "已签约 3，部分 0，空白 18" in text
    assert text.count("tilemap-white") == 18
    before = cm.get("/market/white-space?province=510000&on=2025-12-31").text
    assert "已签约 0，部分 0，空白 21" in before
    form = {"division_code": "511000", "year": "2026", "amount_fen": "1000000", "source": "调研"}
    saved = cm.post("/market/white-space?province=510000", form)
    assert "0.0 %" in cm.follow(saved).text
    sign_in("d1").get("/market/white-space", status=404)
    cm.get("/market/white-space?province=990000", status=404)

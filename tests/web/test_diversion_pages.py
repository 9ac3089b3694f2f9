"""Cross-territory selling through the pages: from the code to the decision and back."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.diversions import ConductStep
from channel.models.market import Incident
from tests.builders import delivered
from tests.services.test_diversions import coded, the_line

PHOTO = b"\xff\xd8\xff\xe0 photo"


def scanned(client: Any, code: str = "CX26A0042", division: str = "510300", **more: str) -> Any:
    client.get("/diversions/new")
    form = {
        "code": code,
        "division_code": division,
        "place": "自贡大安批发市场",
        "found_on": "2026-11-21",
        "quantity": "3",
        **more,
    }
    return client.follow(client.post("/diversions/new", form)).text


def the_case() -> Incident:
    return db.session.scalars(sa.select(Incident)).one()


@pytest.mark.row("A03")
def test_codes_are_entered_at_the_shipment_and_looked_up(world: Any, sign_in: Any) -> None:
    delivered(world, A=100)
    line, cm = the_line(), sign_in("cm")
    url = f"/shipments/{line.shipment_id}/codes"
    assert url in cm.get(f"/shipments/{line.shipment_id}").text
    cm.get(url)
    wish = {"line_id": str(line.id), "level": "case", "first": "CX26A0001", "units_each": "1"}
    assert "CX26A0100" in cm.follow(cm.post(url, wish | {"last": "CX26A0100"})).text
    text = cm.post(url, wish | {"first": "CX26A0050"}, status=422).text
    assert 'value="CX26A0050"' in text
    text = cm.get("/diversions/codes?code=cx26a0077").text
    assert "D1" in text and "2026-11-20" in text
    assert "未知" in sign_in("d3").get("/diversions/codes?code=CX26A0077").text
    sign_in("d3").get(url, status=404)


@pytest.mark.row("A03", "P01")
def test_the_accused_and_the_victim_never_see_each_other(world: Any, sign_in: Any) -> None:
    coded(world)
    cm, d1, d3 = sign_in("cm"), sign_in("d1"), sign_in("d3")
    text = scanned(cm)
    case = the_case()
    page = f"/conduct/{case.id}"
    for seen in (text, cm.get(page).text, cm.get("/diversions").text):
        assert "内江" in seen
        assert "自贡盐都" in seen
    cm.get(page)
    told = {"act": "notify", "text": "请说明货物去向", "reply_by": "2026-11-27"}
    cm.post(page, told | {"seen_version": str(case.row_version)})
    names = [d.name for d in _distributors("D3")]
    scan = "/diversions/" + re.search(r"/diversions/(\d+)", d1.get(page).text)[1]  # type: ignore[index]
    notice = re.search(r"/conduct/notices/\d+\.pdf", d1.get(page).text)
    for url in (page, scan, "/diversions", f"/market/incidents/{case.id}", "/conduct"):
        text = d1.get(url).text
        assert not any(name in text for name in names), url
    assert notice is not None
    assert d1.get(notice[0]).data.startswith(b"%PDF")
    for url in (page, scan, notice[0], f"/market/incidents/{case.id}"):
        d3.get(url, status=404)
    text = d3.get("/diversions/here").text
    assert "FD-2026-000001" in text
    for hidden in ("CX26A0042", case.number, "SH-2026", *[d.name for d in _distributors("D1")]):
        assert hidden not in text
    d1.get("/diversions/patterns", status=403)
    d1.get("/diversions/new", status=303)


def _distributors(code: str) -> list[Any]:
    from channel.models.partners import Distributor

    return list(db.session.scalars(sa.select(Distributor).where(Distributor.code == code)))


@pytest.mark.row("A03", "A16")
def test_decided_signed_by_a_second_person_and_reversed(world: Any, sign_in: Any) -> None:
    coded(world)
    cm, fin, boss, d1 = (sign_in(n) for n in ("cm", "fin", "boss", "d1"))
    deposit = f"/deposits/{world.distributor('D1')}"
    fin.get(deposit)
    paid = {"kind": "paid", "amount_fen": "20,000", "on": "2026-11-21", "reason": "合同保证金"}
    fin.post(deposit, paid)
    scanned(cm)
    case = the_case()
    page = f"/conduct/{case.id}"
    cm.get(page)
    cm.post(page, {"act": "notify", "text": "请说明", "reply_by": "2026-11-27"})
    d1.get(page)
    answer = {"text": "系二批商转卖", "files": (io.BytesIO(PHOTO), "单据.jpg")}
    assert "单据.jpg" in d1.follow(d1.post(page + "/answer", answer)).text
    cm.get(page)
    wish = {"act": "decide", "upheld": "1", "result": "属实", "kind": "deposit"}
    wish |= {"amount_fen": "5,000", "basis": "contract"}
    text = cm.post(page, wish, status=422).text
    assert "属实" in text and 'href="#basis"' in text
    wish |= {"basis": "settlement", "why": "双方协商"}
    text = cm.follow(cm.post(page, wish)).text
    assert 'value="approve"' not in text, "not by the one who proposed it"
    assert "¥5,000.00" not in d1.get(page).text, "not before it is signed"
    step = db.session.scalars(sa.select(ConductStep.id)).one()
    assert 'value="approve"' in fin.get(page).text
    fin.post(f"/conduct/steps/{step}", {"act": "approve"})
    assert "¥15,000.00" in d1.get(deposit).text
    assert "2026-12-06" in d1.get(page).text
    assert d1.get(f"/conduct/steps/{step}.pdf?lang=en").data.startswith(b"%PDF")
    cm.get(page)
    cm.post(f"/conduct/steps/{step}", {"act": "reverse", "note": "申诉成立"})
    back = db.session.scalars(sa.select(sa.func.max(ConductStep.id))).one()
    boss.get(page)
    boss.post(f"/conduct/steps/{back}", {"act": "approve"})
    text = d1.get(deposit).text
    assert "¥20,000.00" in text
    assert text.count("CS-2026-") >= 2 or "恢复" in text

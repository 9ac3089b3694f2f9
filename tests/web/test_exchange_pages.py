"""Exchange claims through the pages: written, stopped, decided, counted, settled; who sees what."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from channel import clock
from channel.db import db
from channel.models.exchanges import ExchangeClaim
from channel.models.receivables import Invoice
from tests.agreed import amended
from tests.builders import delivered

pytestmark = pytest.mark.row("A11")

SHIPPED = date(2026, 8, 30)


@pytest.fixture
def today():
    return date(2026, 11, 21)


def field_of(text, label):
    """The name of the quantity field beside a good."""
    found = re.search(rf'name="quantity-(\d+)"[^>]*aria-label="申报数量 {label}', text)
    assert found, label
    return found[1]


def write(client, world, quantity="20", product="A", act="file", query="", status=303, **more):
    page = client.get(f"/exchanges/new{query}").text
    fields = dict(re.findall(r'name="((?:product|batch)-\d+)" value="([^"]*)"', page))
    row = field_of(page, product)
    once = re.search(r'name="once"[^>]*value="([^"]+)"', page)
    data = {
        **fields, f"quantity-{row}": quantity, f"sealed-{row}": "1", "reason": "终端动销慢",
        "means": "credit", "act": act, "once": once[1] if once else "", **more,
    }  # fmt: skip
    return client.post(f"/exchanges/new{query}", data, status=status)


def line_of(claim):
    return db.session.get_one(ExchangeClaim, claim, populate_existing=True).lines[0].id


def version_of(claim):
    return db.session.get_one(ExchangeClaim, claim, populate_existing=True).row_version


def act(client, claim, name, status=303, **data):
    data |= {"act": name, "seen_version": version_of(claim)}
    return client.post(f"/exchanges/{claim}", data, status=status)


def test_from_the_claim_to_the_settled_part(sign_in, world):
    delivered(world, on=SHIPPED, A=200)
    d1, cm, fin = sign_in("d1"), sign_in("cm"), sign_in("fin")
    page = d1.get("/exchanges/new").text
    assert "2026-11-28" in page and "剩余 7 天" in page and "发货之日起 90 天" in page
    record = d1.follow(write(d1, world)).text
    assert "已申报" in record and "2,000.00" in record
    [claim] = db.session.query(ExchangeClaim.id).one()
    assert "/exchanges?state=claimed" in cm.get("/").text
    line = line_of(claim)
    text = act(cm, claim, "approve", 422, **{f"approved-{line}": "19"}).text
    assert "其余未写明原因" in text and 'value="19"' in text
    act(cm, claim, "approve", **{f"approved-{line}": "20", "note": "同意"})
    note = d1.get(f"/exchanges/{claim}/note.pdf?lang=zh")
    assert "2026年12月21日" in PdfReader(io.BytesIO(note.data)).pages[0].extract_text()
    assert "/exchanges?state=approved" in d1.get("/").text
    sent = {
        "on": "2026-11-21", "carrier": "德邦", "waybill": "D1", "freight_fen": "90",
        "paid_by": "distributor", f"sent-{line}": "20",
    }  # fmt: skip
    assert "不是数量" in act(d1, claim, "send", 422, **{**sent, f"sent-{line}": "二十"}).text
    act(d1, claim, "send", **sent)
    text = act(cm, claim, "count", 422, **{f"accepted-{line}": "21"}).text
    assert "清点数量不得超过退回数量" in text
    act(cm, claim, "count", **{f"accepted-{line}": "18", f"count_note-{line}": "两箱破损"})
    assert "1,800.00" in fin.get(f"/exchanges/{claim}").text
    act(fin, claim, "settle")
    text = d1.get(f"/exchanges/{claim}").text
    assert "部分结算，余量有争议" in text and "两箱破损" in text
    invoice = db.session.query(Invoice).filter(Invoice.number.startswith("XN-")).one()
    assert invoice.gross_fen == -180_000
    assert invoice.number in d1.get("/invoices").text
    paper = d1.get(f"/invoices/{invoice.id}").text
    assert f"/exchanges/{claim}" in paper and "1,592.92" in paper
    act(cm, claim, "judge", **{f"granted-{line}": "0", f"judge_note-{line}": "运输前已破损"})
    assert "已结算" in d1.get(f"/exchanges/{claim}").text


def test_day_91_is_refused_with_the_date_and_an_exception_is_offered(sign_in, world):
    delivered(world, on=date(2026, 8, 22), A=200)
    d1 = sign_in("d1")
    text = d1.follow(write(d1, world)).text
    assert "最后申报日为 2026-11-20（90 天），今天是第 91 天" in text
    address = re.search(r'href="(/exceptions/new\?[^"]+)"', text)[1].replace("&amp;", "&")
    form = d1.get(address).text
    assert 'name="extra_days"' in form and 'value="31"' in form
    [claim] = db.session.query(ExchangeClaim.id).one()
    act(d1, claim, "file")
    assert "今天是第 91 天" in d1.get(f"/exchanges/{claim}").text
    with clock.at(date(2026, 11, 20)):
        act(d1, claim, "file")
    assert "已申报" in d1.get(f"/exchanges/{claim}").text


@pytest.mark.row("F07")
def test_the_address_fills_the_form_in(sign_in, world):
    delivered(world, on=SHIPPED, A=200)
    d1 = sign_in("d1")
    by_code = d1.get("/exchanges/new?product=A&batch=&quantity=40").text
    row = field_of(by_code, "A")
    assert re.search(rf'name="quantity-{row}" value="40"', by_code)
    other = d1.get("/exchanges/new?product=B&batch=B7&quantity=3").text
    assert 'value="B7"' in other and 'value="3"' in other
    cm = sign_in("cm")
    asked = cm.get("/exchanges/new?product=A&quantity=40").text
    assert 'name="quantity" value="40"' in asked
    chosen = world.distributor("D1")
    assert 'value="40"' in cm.get(f"/exchanges/new?product=A&quantity=40&distributor={chosen}").text


@pytest.mark.row("A18")
def test_a_buy_out_is_told_before_it_types(sign_in, world):
    duties = {"exchange_window_days": 0}
    amended(world, "D3", on=date(2026, 8, 1), kind="buyout", duties=duties)
    delivered(world, "D3", SHIPPED, A=200)
    d3 = sign_in("d3")
    assert "本合同不能调货" in d3.get("/exchanges/new").text
    data = {"product-0": world.product("A"), "quantity-0": "5", "sealed-0": "1",
            "reason": "慢", "means": "credit", "act": "file"}  # fmt: skip
    text = d3.follow(d3.post("/exchanges/new", data)).text
    assert "不予调换" in text or "不能调货" in text


def test_slips_keep_what_was_typed(sign_in, world):
    delivered(world, on=SHIPPED, A=200)
    d1 = sign_in("d1")
    text = write(d1, world, quantity="abc", status=422).text
    assert 'value="abc"' in text and "终端动销慢" in text and "不是数量" in text
    assert "没有填写数量" in write(d1, world, quantity="", status=422).text
    write(d1, world, reason="", status=422)
    kept = d1.follow(write(d1, world, quantity="5", act="draft")).text
    assert "草稿" in kept
    [claim] = db.session.query(ExchangeClaim.id).one()
    edit = d1.get(f"/exchanges/{claim}/edit").text
    assert 'value="5"' in edit


def test_neighbours_and_other_roles(sign_in, world):
    delivered(world, on=SHIPPED, A=200)
    d1 = sign_in("d1")
    write(d1, world)
    [claim] = db.session.query(ExchangeClaim.id).one()
    number = db.session.get_one(ExchangeClaim, claim).number
    assert number in d1.get("/exchanges").text
    assert number not in sign_in("d2").get("/exchanges").text
    sign_in("d2").get(f"/exchanges/{claim}", status=404)
    sign_in("d2").get(f"/exchanges/{claim}/note.pdf", status=404)
    sign_in("d2").post(f"/exchanges/{claim}", {"act": "withdraw"}, status=404)
    d1.post(f"/exchanges/{claim}", {"act": "approve"}, status=422)
    sign_in("auditor").get(f"/exchanges/{claim}")
    sign_in("auditor").get("/exchanges/new", status=403)
    line = line_of(claim)
    sign_in("fin").post(
        f"/exchanges/{claim}", {"act": "approve", f"approved-{line}": "20"}, status=403
    )

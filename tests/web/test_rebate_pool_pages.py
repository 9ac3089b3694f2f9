"""The pages of the rebate pool, walked as a distributor, a clerk and a second person would."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.rebate_pool import PoolUse
from channel.models.rebates import PoolEntry
from channel.services import orders, rebates_pool_jobs
from tests.builders import a_draft, an_order, delivered, the_order
from tests.conftest import TODAY
from tests.services.pool_trade import earn, pool_of
from tests.services.test_rebate_pool_orders import invoiced

pytestmark = pytest.mark.database


def newest_use() -> PoolUse:
    db.session.rollback()
    return db.session.scalars(sa.select(PoolUse).order_by(PoolUse.id.desc())).first()


def version_on(page) -> str:
    return re.search(r'name="seen_version" value="(\d+)"', page.text)[1]


@pytest.mark.row("E07", "E08")
def test_a_distributor_uses_its_rebate_on_an_order(world, sign_in):
    """Pool 2,400; order 5,000, cap 30 %: 1,500.00 are offered, 900.00 stay."""
    earn(world, "D1", 240_000)
    order = an_order(world, A=50)
    d1 = sign_in("d1")
    page = d1.get(f"/orders/{order}")
    assert "返利池可用 ¥2,400.00，本单最多可用 ¥1,500.00。" in page.text
    assert "最低发货额按冲减返利之前、不含免费货物的货值核定" in page.text
    form = d1.get(f"/orders/{order}/rebate")
    assert 'value="1500.00"' in form.text
    assert "货款 ¥5,000.00 的 30%" in form.text
    wrong = d1.post(f"/orders/{order}/rebate", {"act": "off", "off-amount_fen": "1,500.01"}, 422)
    assert "还可用 ¥1,500.00" in wrong.text
    assert 'value="1,500.01"' in wrong.text
    typed = {"act": "off", "off-amount_fen": "1500", "seen_version": version_on(form)}
    done = d1.follow(d1.post(f"/orders/{order}/rebate", typed))
    assert "¥3,500.00" in done.text
    assert pool_of(world).free_fen == 90_000
    again = d1.get(f"/orders/{order}/rebate")
    assert "每单最多使用返利 30 %" in again.text
    mine = d1.get(f"/rebates/pool/{world.distributor('D1')}").text
    assert "¥900.00" in mine
    assert "¥1,500.00" in mine


@pytest.mark.row("E07")
def test_goods_paid_by_the_pool_stand_on_the_order_and_its_invoice(world, sign_in):
    earn(world, "D1", 240_000)
    order = an_order(world, A=100)
    d1 = sign_in("d1")
    path = f"/orders/{order}/rebate"
    missing = {"act": "goods", "goods-product_id": world.product("B"), "goods-quantity": ""}
    assert d1.post(path, missing, 422).status_code == 422
    typed = missing | {"goods-quantity": "5"}
    page = d1.follow(d1.post(path, typed))
    assert "免费，返利支付" in page.text
    d1.post(path, {"act": "off", "off-amount_fen": "500"})
    invoice = invoiced(world, order)
    shown = sign_in("fin").get(f"/invoices/{invoice.id}").text
    assert "返利票折" in shown
    assert "−442.48" in shown
    assert "红字发票号" in shown
    assert "9,500.00" in shown


@pytest.mark.row("E07")
def test_a_payment_is_asked_for_approved_by_another_and_paid(world, sign_in):
    earn(world, "D1", 240_000)
    d1, owner = sign_in("d1"), world.distributor("D1")
    path = f"/rebates/pool/{owner}/request"
    assert 'value="2400.00"' in d1.get(path).text
    too_much = d1.post(path, {"form": "transfer", "amount_fen": "2,400.01"}, 422)
    assert "超过返利池可用余额" in too_much.text
    d1.post(path, {"form": "transfer", "amount_fen": "2,000", "reason": "季度"})
    use = newest_use()
    act = f"/rebates/uses/{use.id}/act"
    home = sign_in("fin2").get("/").text
    assert "笔返利兑付等待您批准" in home
    d1.post(act, {"act": "approve"}, 403)
    sign_in("fin2").post(act, {"act": "approve"})
    assert "笔已批准返利等待付款" in sign_in("fin").get("/").text
    sign_in("fin").post(act, {"act": "pay", "paid_on": str(TODAY), "reference": "B-77"})
    page = d1.get(f"/rebates/uses/{use.id}").text
    assert "B-77" in page
    assert newest_use().state == "used"
    assert pool_of(world).free_fen == 40_000


@pytest.mark.row("E07")
def test_an_offset_is_a_credit_note_with_a_place_for_the_red_invoice(world, sign_in):
    delivered(world, A=100)
    earn(world, "D1", 240_000)
    fin = sign_in("fin")
    fin.post(
        f"/rebates/pool/{world.distributor('D1')}/request",
        {"form": "offset", "amount_fen": "1130"},
    )
    use = newest_use()
    sign_in("boss").post(f"/rebates/uses/{use.id}/act", {"act": "approve"})
    use = newest_use()
    assert use.state == "used"
    fin.post(f"/rebates/uses/{use.id}/act", {"act": "red_invoice", "note": "26512000001"})
    note = fin.get(f"/invoices/{use.note_id}").text
    assert "返利账扣" in note
    assert "26512000001" in note
    assert "−1,000.00" in note


@pytest.mark.row("E06")
def test_the_pool_of_a_day_its_movements_and_the_journal(world, sign_in):
    earn(world, "D1", 100_000, on=TODAY - timedelta(days=100), reference="RS-1")
    earn(world, "D1", -30_000, kind="reversed", reference="RS-2")
    owner = world.distributor("D1")
    fin = sign_in("fin")
    then = fin.get(f"/rebates/pool/{owner}?as_of={TODAY - timedelta(days=1)}").text
    assert "¥1,000.00" in then
    assert "RS-2" not in then
    now = fin.get(f"/rebates/pool/{owner}").text
    assert "¥700.00" in now
    assert "RS-2" in now
    csv = fin.get("/rebates/pool/journal?format=csv").data.decode("utf-8-sig")
    assert "已授返利" in csv
    assert "-1000.00" in csv or "−1000.00" in csv or "-1000" in csv
    entry = db.session.scalars(sa.select(PoolEntry).order_by(PoolEntry.id)).first()
    page = sign_in("d1").get(f"/rebates/pool/entries/{entry.id}").text
    assert "借贷两边" in page
    sign_in("d2").get(f"/rebates/pool/entries/{entry.id}", 404)
    sign_in("d2").get(f"/rebates/pool/{owner}", 404)


@pytest.mark.row("E06")
def test_what_expires_is_shown_told_and_undone_by_its_opposite(world, sign_in):
    earn(world, "D1", 100_000, expires_on=TODAY + timedelta(days=20), reference="RS-1")
    d1 = sign_in("d1")
    assert "笔返利将在 30 天内过期" in d1.get("/").text
    page = d1.get(f"/rebates/pool/{world.distributor('D1')}").text
    assert (TODAY + timedelta(days=20)).isoformat() in page
    earn(world, "D2", 50_000, on=TODAY - timedelta(days=40), expires_on=TODAY, reference="RS-2")
    rebates_pool_jobs.expire_all()
    gone = db.session.scalars(sa.select(PoolEntry).order_by(PoolEntry.id.desc())).first()
    assert (gone.kind, gone.amount_fen) == ("expired", -50_000)
    fin2 = sign_in("fin2")
    path = f"/rebates/pool/entries/{gone.id}"
    assert "撤销过期" in fin2.get(path).text
    fin2.post(path, {"until": str(TODAY + timedelta(days=9)), "reason": "系统停机"})
    back = db.session.scalars(sa.select(PoolEntry).order_by(PoolEntry.id.desc())).first()
    assert (back.amount_fen, back.reference, back.reverses_id) == (50_000, "RS-2", gone.id)


@pytest.mark.row("E13")
def test_the_page_says_that_nothing_can_be_used_below_zero(world, sign_in):
    earn(world, "D1", -50_000, kind="reversed")
    order = an_order(world, A=50)
    d1 = sign_in("d1")
    assert "返利池为负 ¥500.00" in d1.get(f"/rebates/pool/{world.distributor('D1')}").text
    assert "返利池为负 ¥500.00" in d1.get(f"/orders/{order}").text
    refused = d1.post(f"/orders/{order}/rebate", {"act": "off", "off-amount_fen": "1"}, 422)
    assert "下次所得返利先补足缺口" in refused.text
    earn(world, "D1", 80_000)
    assert "¥300.00" in d1.get(f"/orders/{order}").text


@pytest.mark.row("E07")
def test_changing_an_order_keeps_its_pool_goods_off_the_form(world, sign_in):
    earn(world, "D1", 240_000)
    draft = orders.draft_order(world.actor("d1"), a_draft(world, on=TODAY, A=100))
    d1 = sign_in("d1")
    d1.post(
        f"/orders/{draft}/rebate",
        {"act": "goods", "goods-product_id": world.product("B"), "goods-quantity": "2"},
    )
    form = d1.get(f"/orders/{draft}/edit").text
    quantities = re.findall(r'name="quantity-\d+"[^>]*? value="(\d*)"', form)
    assert [n for n in quantities if n] == ["100"]
    d1.post(f"/orders/{draft}/act", {"act": "submit"})
    assert the_order(draft).state == "confirmed"
    assert [line.pool_use_id is not None for line in the_order(draft).lines] == [False, True]

"""Payment terms tried out on a page, invoices owed in parts, and receipts that are parked."""

from __future__ import annotations

import re
from datetime import date

import pytest

TERM = {
    "payment_kind": "net_days",
    "payment_days": "30",
    "payment_basis": "shipment",
    "payment_roll": "next",
    "example_fen": "10,000.01",
    "example_on": "2026-08-02",
    "share-kind-0": "of_total",
    "share-figure-0": "30",
    "share-days-0": "0",
    "share-kind-1": "rest",
    "share-days-1": "60",
}


def figures(html: str) -> list[str]:
    return re.findall(r"\d{4}-\d\d-\d\d|\d[\d,]*\.\d\d", html)


@pytest.mark.row("A07")
def test_a_term_is_tried_out_before_anything_is_saved(sign_in):
    cm = sign_in("cm")
    cm.get("/payment-terms")
    html = cm.post("/payment-terms", TERM, status=200).text
    shown = html[html.index("<tbody>") : html.index("</tfoot>")]
    # 2026-08-02 is a Sunday; 2026-10-01 begins a week of holidays.
    for text in ("2026-08-02", "2026-08-03", "3,000.00", "2026-10-01", "2026-10-08", "7,000.01"):
        assert text in shown, text
    assert "10,000.01" in shown


@pytest.mark.row("A07")
def test_htmx_gets_the_schedule_alone(sign_in):
    cm = sign_in("cm")
    cm.get("/payment-terms")
    part = cm.post("/payment-terms", TERM, status=200, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "7,000.01" in part


@pytest.mark.row("A07")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"share-kind-1": "of_total", "share-figure-1": "70"}, "最后一期设为"),
        ({"share-figure-0": "120"}, "120 %"),
        ({"share-kind-0": "fixed", "share-figure-0": "20000"}, "超过"),
        ({"share-figure-0": "三成"}, "三成"),
        ({"share-kind-0": ""}, "第 1 期"),
        ({"payment_kind": "day_of_month"}, "日"),
        ({"discount_percent": "2", "discount_days": "60"}, "60"),
    ],
)
def test_an_impossible_term_is_refused_with_a_sentence(sign_in, change, said):
    cm = sign_in("cm")
    cm.get("/payment-terms")
    page = cm.post("/payment-terms", {**TERM, **change}, status=422).text
    assert said in re.search(r'role="alert">(.*?)</div>', page, re.S)[1]
    # What was typed is still there.
    assert 'value="10,000.01"' in page


@pytest.mark.row("A08")
def test_cash_against_a_transfer_only_contract_is_parked_and_approved_by_another(world, sign_in):
    fin = sign_in("fin")
    fin.get("/receipts/new")
    booked = fin.post(
        "/receipts/new",
        {
            "distributor_id": world.distributor("D1"),
            "received_on": "2026-11-20",
            "amount_fen": "5000.00",
            "currency": "CNY",
            "method": "cash",
            "payer_name": "",
        },
    )
    assert "/receipts/parked/" in booked.location
    own = fin.follow(booked).text
    assert "不允许的付款方式" in own and "现金" in own
    assert 'name="act" value="approve"' not in own
    assert "5,000.00" in fin.get("/receipts/parked").text
    other = sign_in("fin2")
    page = other.get(booked.location).text
    assert 'name="act" value="approve"' in page
    other.post(f"{booked.location}/act", {"act": "approve", "note": ""})
    assert 'name="act" value="approve"' in other.get(booked.location).text
    other.post(f"{booked.location}/act", {"act": "approve", "note": "年末集中收款，已核对"})
    assert "年末集中收款" in other.get(booked.location).text
    assert date(2026, 11, 20)

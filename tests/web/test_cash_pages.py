"""Bank lines, write-offs, interest and allocation by hand, walked as people walk them."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.cash import BankLine, InterestNote, WriteOff
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, Receipt
from tests.builders import delivered, paid
from tests.services.test_cash_application import SHIPPED, house, owed

HEADER = "记账日期,贷方发生额,借方发生额,对方户名,对方账号,摘要,流水号\n"


def last_id(model):
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.max(model.id)))


def import_statement(client, text):
    client.get("/imports/new?kind=bank_lines")
    data = {"kind": "bank_lines", "file": (io.BytesIO(text.encode()), "流水.csv")}
    answer = client.post("/imports/new", data)
    page = answer.headers["Location"]
    html = client.get(page).text
    seen = re.search(r'name="seen_version" value="(\d+)"', html)
    client.post(f"{page}/confirm", {"seen_version": seen[1] if seen else ""})


@pytest.mark.row("P09", "A08")
def test_a_statement_is_imported_assigned_and_booked(world, sign_in):
    name = db.session.scalar(sa.select(Distributor.name).where(Distributor.code == "D1"))
    fin = sign_in("fin")
    import_statement(
        fin,
        HEADER + f"2026-11-20,100.00,,{name},,货款,A1\n2026-11-20,70.00,,张三,622,货款,A2\n"
        "2026-11-20,,9.00,电力公司,,电费,A3\n",
    )
    html = fin.get("/bank?state=unassigned").text
    assert "张三" in html
    line = db.session.scalars(sa.select(BankLine).where(BankLine.reference == "A2")).one().id
    assert "待认领" in fin.get(f"/bank/{line}").text
    fin.post(f"/bank/{line}/assign", {"distributor_id": "", "seen_version": "1"})
    fin.post(
        f"/bank/{line}/assign",
        {"distributor_id": str(world.distributor("D2")), "learn": "y", "seen_version": "1"},
    )
    assert "622" in fin.get(f"/bank/{line}").text
    fin.get("/bank")
    fin.post("/bank/book", {})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 2
    assert "支出" in fin.get("/bank?state=outgoing").text
    # The very same file once more changes nothing.
    import_statement(fin, HEADER + f"2026-11-20,100.00,,{name},,货款,A1\n")
    fin.post("/bank/book", {})
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 2


def test_unassigned_money_is_seen_by_the_house_only(world, sign_in):
    sign_in("d1").get("/bank", status=403)
    sign_in("rep").get("/bank", status=403)
    sign_in("boss").get("/bank")
    sign_in("d1").get("/cash/rules", status=403)


@pytest.mark.row("A07")
def test_a_receipt_names_its_invoice_on_the_form_and_keeps_what_was_typed(world, sign_in):
    old, new = (delivered(world, on=SHIPPED, A=100) for _n in range(2))
    number = db.session.get_one(Invoice, new).number
    fin = sign_in("fin")
    assert "先到期先核销" in fin.get("/receipts/new").text
    form = {
        "distributor_id": str(world.distributor("D1")), "received_on": "2026-11-20",
        "amount_fen": "3000", "currency": "CNY", "method": "transfer", "policy": "named",
        "named": f"{number} abc",
    }  # fmt: skip
    html = fin.post("/receipts/new", form, status=422).text
    assert f"{number} abc" in html
    html = fin.post("/receipts/new", form | {"named": "INV-1999-1 5"}, status=422).text
    assert "INV-1999-1" in html
    fin.post("/receipts/new", form | {"named": f"{number} 2,500.00"})
    assert owed(world) == [(old, 1_000_000), (new, 750_000)]
    receipt = last_id(Receipt)
    html = fin.get(f"/receipts/{receipt}").text
    assert "500.00" in html
    fin.post(f"/receipts/{receipt}/reapply", {"policy": "named", f"pay-{number}": "x"})
    older = db.session.get_one(Invoice, old).number
    fin.post(f"/receipts/{receipt}/reapply", {"policy": "named", f"pay-{older}": "200"})
    assert owed(world) == [(old, 980_000), (new, 750_000)]
    fin.post(f"/receipts/{receipt}/unapply", {"invoice": str(new), "reason": ""})
    fin.post(f"/receipts/{receipt}/unapply", {"invoice": str(new), "reason": "付错"})
    assert owed(world) == [(old, 980_000), (new, 1_000_000)]
    fin.post(f"/receipts/{receipt}/reapply", {"policy": "oldest"})
    assert owed(world) == [(old, 700_000), (new, 1_000_000)]


@pytest.mark.row("A07")
def test_a_write_off_goes_from_the_invoice_to_a_second_person(world, sign_in):
    invoice = delivered(world, on=SHIPPED, A=100)
    fin, other = sign_in("fin"), sign_in("fin2")
    assert f"/write-offs/new?invoice={invoice}" in fin.get(f"/invoices/{invoice}").text
    page = f"/write-offs/new?invoice={invoice}"
    fin.get(page)
    html = fin.post(page, {"amount_fen": "10000.01", "reason": "小额"}, status=422).text
    assert "10000.01" in html
    fin.post(page, {"amount_fen": "12.50", "reason": "小额差异"})
    record = f"/write-offs/{last_id(WriteOff)}"
    assert 'value="sign"' not in fin.get(record).text
    assert 'value="sign"' in other.get(record).text
    other.post(f"{record}/act", {"act": "sign", "seen_version": "1"})
    assert owed(world) == [(invoice, 998_750)]
    assert "12.50" in other.get("/write-offs").text
    assert "WN-2026-" in fin.get(f"/invoices/{invoice}").text
    assert "核销" in fin.get(f"/credit/{world.distributor('D1')}/statement"
                              "?from=2026-11-01&to=2026-11-30").text  # fmt: skip
    other.post(f"{record}/act", {"act": "reverse", "note": "又收到了", "seen_version": "2"})
    assert owed(world) == [(invoice, 1_000_000)]
    sign_in("d1").get(record)
    sign_in("d2").get(record, status=404)


@pytest.mark.row("A07")
def test_interest_is_shown_with_its_working_and_posted_by_another(world, sign_in):
    house(interest_bp=1_000)
    delivered(world, on=SHIPPED, A=100)
    db.session.execute(sa.text("SELECT 1"))
    fin, other = sign_in("fin"), sign_in("fin2")
    due = db.session.scalars(sa.select(Invoice)).one().pay_by
    whose = {"distributor_id": str(world.distributor("D1"))}
    fin.get("/interest/new")
    future = fin.post("/interest/new", {**whose, "up_to": "2027-01-01", "act": "propose"},
                      status=422).text  # fmt: skip
    assert "2027-01-01" in future
    assert due.year == 2026 or due.year == 2027
    fin.post("/interest/new", {**whose, "up_to": "2026-11-21", "act": "propose"}, status=422)
    fin.post("/interest/new", {**whose, "up_to": "2026-11-21", "act": "look"}, status=200)
    assert other.get("/interest").status_code == 200
    assert last_id(InterestNote) is None


@pytest.mark.row("A07")
def test_the_house_changes_its_rules_and_sees_who_did(world, sign_in):
    admin = sign_in("admin")
    assert "收款核销规则" in sign_in("fin").get("/cash/rules").text
    admin.get("/cash/rules")
    form = {
        "policy": "interest_first", "short_fen": "2", "short_bp": "0.25", "over_fen": "1",
        "over_bp": "0.1", "over_is_income": "y", "interest_bp": "6", "write_off_band_fen": "5000",
        "seen_version": "1",
    }  # fmt: skip
    assert "0.255" in admin.post("/cash/rules", form | {"short_bp": "0.255"}, status=422).text
    admin.post("/cash/rules", form)
    assert "0.25 %" in admin.get("/cash/rules").text
    admin.post("/cash/rules", form | {"short_fen": "3"}, status=409)
    assert "先利息后本金" in sign_in("fin").get("/receipts/new").text
    paid(world, "D1", 100)

"""Invoices, opening balances, receipts and orders by file, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.credit import CreditAccount, CreditEntry
from channel.models.orders import Order
from channel.models.receivables import Allocation, Invoice, InvoiceLine, ParkedReceipt, Receipt
from channel.models.uploads import Upload
from channel.queries import listing, receivables
from channel.queries.credit import open_items
from channel.queries.credit_recount import differences
from credit.ageing import age
from tests.builders import an_order, delivered, the_order
from tests.services.import_files import all_rows, counts, imported, one, refused, told

pytestmark = pytest.mark.database

INVOICES = "发票号,行号,开票日期,到期日,经销商编码,产品编码,数量,单价,不含税金额,税额,币种\n"
TWO = (
    "X1,1,2026-08-02,2026-09-15,D1,A,3,2024.9940,6074.9820,485.9986,USD\n"
    "X1,2,2026-08-02,2026-09-15,D1,B,1,0.0049,0.0049,0.0001,USD\n"
    "X2,1,2026-08-03,2026-09-02,D2,A,2,100,200,26,CNY\n"
)
OPENING = "经销商编码,发票号,开票日期,到期日,未收金额,币种\n"
RECEIPTS = "收款单号,收款日期,经销商编码,收款金额,币种,付款方式,发票号\n"
ORDERS = "订单号,行号,下单日期,经销商编码,产品编码,数量\n"


def account(world: Any, code: str, currency: str = "CNY") -> CreditAccount:
    return one(
        sa.select(CreditAccount).where(
            CreditAccount.distributor_id == world.distributor(code),
            CreditAccount.currency == currency,
        )
    )


@pytest.mark.row("P09")
def test_invoices_keep_four_decimals_and_move_the_account_once_each(world: Any) -> None:
    assert counts(imported("invoices", INVOICES + TWO)) == (2, 0, 0)
    lines = db.session.scalars(
        sa.select(InvoiceLine).where(InvoiceLine.currency == "USD").order_by(InvoiceLine.line_no)
    ).all()
    assert [line.net_e4 for line in lines] == [60_749_820, 49]
    assert [line.tax_e4 for line in lines] == [4_859_986, 1]
    assert lines[0].vat_rate_bp == 800
    head = one(sa.select(Invoice).where(Invoice.number == "X1"))
    # 6,074.9869 and 485.9987, each rounded once for the document.
    assert (head.net_fen, head.tax_fen, head.gross_fen) == (607_499, 48_600, 656_099)
    assert (head.due_date, head.pay_by) == (date(2026, 9, 15), date(2026, 9, 15))
    assert account(world, "D1", "USD").invoiced_fen == 656_099
    entries = db.session.scalars(sa.select(CreditEntry)).all()
    assert [(e.bucket, e.act, e.amount_fen) for e in entries] == [
        ("invoiced", "import", 656_099), ("invoiced", "import", 22_600)
    ]  # fmt: skip
    assert differences() == []
    trail = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.tag == "invoice:import"))
    assert {(t.subject_label, t.reason) for t in trail} == {("X1", "file.csv"), ("X2", "file.csv")}


@pytest.mark.row("P09")
def test_the_same_invoices_again_change_nothing(world: Any) -> None:
    imported("invoices", INVOICES + TWO)
    before = all_rows()
    again = imported("invoices", INVOICES + TWO)
    assert counts(again) == (0, 0, 2)
    assert again.upload_id is None
    assert all_rows() == before
    more = imported("invoices", INVOICES + TWO + TWO.splitlines()[2].replace("X2", "X3"))
    assert counts(more) == (1, 0, 2)


@pytest.mark.row("P09")
@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("A,2,100,200,26", "A,2,110,220,28.60", "net_fen"),
        ("2026-08-03,2026-09-02", "2026-08-04,2026-09-02", "invoice_date"),
        ("2026-08-03,2026-09-02", "2026-08-03,2026-09-03", "due_date"),
        ("D2,A,2", "D1,A,2", "distributor_id"),
        ("A,2,100,200,26", "B,2,100,200,26", "lines"),
        ("A,2,100,200,26,CNY", "A,2,100,200,26,USD", "currency"),
    ],
)
def test_a_posted_document_with_other_content_is_refused(
    world: Any, old: str, new: str, what: str
) -> None:
    imported("invoices", INVOICES + TWO)
    before = all_rows()
    outcome = imported("invoices", INVOICES + TWO.replace(old, new))
    assert refused(outcome) == [("import.posted_differs", 4)]
    assert [f.facts["differs_in"] for f in outcome.findings if f.is_blocking] == [what]
    assert all_rows() == before


@pytest.mark.row("P09")
def test_unknown_codes_name_their_rows_and_nothing_is_saved(world: Any) -> None:
    before = all_rows()
    text = INVOICES + TWO.replace("D2,A", "D9,A").replace("D1,B", "D1,Z")
    outcome = imported("invoices", text)
    assert refused(outcome) == [("cell.unknown_code", 3), ("cell.unknown_code", 4)]
    assert all_rows() == before


def test_one_document_has_one_debtor_and_whole_units(world: Any) -> None:
    mixed = TWO.replace("2026-09-15,D1,B", "2026-09-15,D2,B")
    assert refused(imported("invoices", INVOICES + mixed)) == [("import.document_mixed", 3)]
    half = TWO.replace("A,2,100,200", "A,1.5,100,150")
    assert ("import.quantity_whole", 4) in refused(imported("invoices", INVOICES + half))


def test_numbers_of_our_own_documents_are_not_taken(world: Any) -> None:
    delivered(world, A=100)
    number = one(sa.select(Invoice)).number
    text = TWO.splitlines()[2].replace("X2", number) + "\n"
    assert refused(imported("invoices", INVOICES + text)) == [("import.number_taken", 2)]


@pytest.mark.row("A07")
def test_without_a_due_date_the_term_of_the_agreement_counts(world: Any) -> None:
    head = INVOICES.replace("到期日,", "")
    text = TWO.replace("2026-09-15,", "").replace("2026-09-02,", "")
    outcome = imported("invoices", head + text)
    assert counts(outcome) == (2, 0, 0)
    # Net 30 from 2026-08-02 is 1 September, from 2026-08-03 the 2nd; both are working days.
    due = dict(db.session.execute(sa.select(Invoice.number, Invoice.due_date)).all())
    assert due == {"X1": date(2026, 9, 1), "X2": date(2026, 9, 2)}
    early = imported("invoices", head + text.replace("X", "E").replace("2026-08", "2020-08"))
    assert "import.due_at_once" in told(early)
    assert one(sa.select(Invoice.due_date).where(Invoice.number == "E2")) == date(2020, 8, 3)


def test_without_tax_the_rate_of_the_goods_counts_and_is_told(world: Any) -> None:
    head = INVOICES.replace(",税额", "")
    outcome = imported("invoices", head + "Y1,1,2026-08-02,2026-09-01,D1,A,1,100,100,CNY\n")
    assert "import.tax_computed" in told(outcome)
    line = one(sa.select(InvoiceLine))
    assert (line.tax_e4, line.gross_e4, line.vat_rate_bp) == (130_000, 1_130_000, 1300)


def test_a_credit_note_lowers_what_is_owed(world: Any) -> None:
    head = INVOICES.rstrip() + ",单据类型\n"
    note = "K1,1,2026-08-05,2026-08-05,D2,A,1,100,100,13,CNY,红字发票\n"
    bill = "X2,1,2026-08-03,2026-09-02,D2,A,2,100,200,26,CNY,发票\n"
    assert counts(imported("invoices", head + bill + note)) == (2, 0, 0)
    assert account(world, "D2").invoiced_fen == 22_600 - 11_300
    stored = one(sa.select(Invoice).where(Invoice.number == "K1"))
    assert (stored.kind, stored.gross_fen) == ("credit_note", -11_300)


def items(text: str, code: str) -> list[tuple[str, date, int]]:
    rows = [row.split(",") for row in text.splitlines() if row.startswith(code)]
    return [(r[1], date.fromisoformat(r[3]), int(r[4].replace(".", ""))) for r in rows]


OLD = (
    "D1,O1,2026-05-01,2026-06-01,1000.00,CNY\nD1,O2,2026-08-01,2026-09-30,2500.50,CNY\n"
    "D1,O3,2026-09-20,2026-10-20,300.25,CNY\nD1,O4,2026-10-30,2026-11-21,40.00,CNY\n"
    "D1,O5,2026-11-01,2026-12-01,5.05,CNY\nD2,O1,2026-10-01,2026-10-21,77.00,CNY\n"
    "D2,O6,2026-10-01,2026-11-01,-20.00,CNY\n"
)


@pytest.mark.row("P09", "B11")
def test_the_ageing_of_opening_balances_is_that_of_the_file(world: Any) -> None:
    assert counts(imported("opening_balances", OPENING + OLD)) == (7, 0, 0)
    on = date(2026, 11, 21)
    stored = {r.code: [r.b0, r.b1, r.b2, r.b3, r.b4] for r in
              listing.stream(receivables.ageing_listing(on), world.actor("fin"), {})}  # fmt: skip
    for code in ("D1", "D2"):
        assert [int(v) for v in stored[code]] == list(age(items(OLD, code), on).fen.values())
    # Worked by hand: due today is not late, 32 days is the second month, 52 likewise.
    assert [int(v) for v in stored["D1"]] == [4_505, 0, 280_075, 0, 100_000]
    assert account(world, "D1").invoiced_fen == 384_580
    assert counts(imported("opening_balances", OPENING + OLD)) == (0, 0, 7)
    changed = imported("opening_balances", OPENING + OLD.replace("77.00", "78.00"))
    assert refused(changed) == [("import.posted_differs", 7)]


def test_two_debtors_may_have_the_same_old_number(world: Any) -> None:
    imported("opening_balances", OPENING + OLD)
    numbers = set(db.session.scalars(sa.select(Invoice.number)))
    assert {"O1/D1", "O1/D2", "O2"} <= numbers


@pytest.mark.row("P09")
def test_a_debt_never_counts_twice_as_opening_and_as_invoice(world: Any) -> None:
    imported("invoices", INVOICES + TWO)
    text = OPENING + "D2,X2,2026-08-03,2026-09-02,226.00,CNY\n"
    assert refused(imported("opening_balances", text)) == [("import.opening_booked", 2)]
    imported("opening_balances", OPENING + "D2,O9,2026-08-03,2026-09-02,226.00,CNY\n")
    late = TWO.splitlines()[2].replace("X2", "O9") + "\n"
    assert refused(imported("invoices", INVOICES + late)) == [("import.opening_stands", 2)]


@pytest.mark.row("P09", "B05")
def test_receipts_pay_the_oldest_debts_and_name_their_own(world: Any) -> None:
    imported("opening_balances", OPENING + OLD)
    text = "R1,2026-10-05,D1,1200.00,CNY,电汇,\nR2,2026-11-10,D1,100.00,CNY,网银,O5\n"
    outcome = imported("receipts", RECEIPTS + text)
    assert counts(outcome) == (2, 0, 0)
    rows = db.session.execute(
        sa.select(Receipt.number, Invoice.number, Allocation.amount_fen, Allocation.allocated_on)
        .join(Receipt, Receipt.id == Allocation.receipt_id)
        .join(Invoice, Invoice.id == Allocation.invoice_id)
    ).all()
    assert set(rows) == {
        ("R1", "O1/D1", 100_000, date(2026, 10, 5)),
        ("R1", "O2", 20_000, date(2026, 10, 5)),
        ("R2", "O5", 505, date(2026, 11, 10)),
        ("R2", "O2", 9_495, date(2026, 11, 10)),
    }
    held = account(world, "D1")
    assert (held.invoiced_fen, held.unapplied_fen) == (384_580 - 130_000, 0)
    assert differences() == []
    methods = dict(db.session.execute(sa.select(Receipt.number, Receipt.method)).all())
    assert methods == {"R1": "transfer", "R2": "transfer"}
    assert counts(imported("receipts", RECEIPTS + text)) == (0, 0, 2)
    other = imported("receipts", RECEIPTS + text.replace("1200", "1300"))
    assert refused(other) == [("import.posted_differs", 2)]


def test_money_that_came_first_pays_what_is_imported_later(world: Any) -> None:
    imported("receipts", RECEIPTS + "R1,2026-07-01,D2,300.00,CNY,,\n")
    assert account(world, "D2").unapplied_fen == 30_000
    imported("invoices", INVOICES + TWO)
    held = account(world, "D2")
    assert (held.invoiced_fen, held.unapplied_fen) == (0, 30_000 - 22_600)
    # Applied when the invoice came to be, not before: an ageing of July shows no debt paid.
    assert one(sa.select(Allocation.allocated_on)) == date(2026, 8, 3)


def test_receipts_that_cannot_be_are_refused(world: Any) -> None:
    text = "R1,2026-12-01,D1,10.00,CNY,,\nR2,2026-11-01,D1,0.00,CNY,,\n"
    assert refused(imported("receipts", RECEIPTS + text)) == [
        ("import.receipt_future", 2), ("import.receipt_nothing", 3)
    ]  # fmt: skip
    lost = imported("receipts", RECEIPTS + "R3,2026-11-01,D1,10.00,CNY,,NONE\n")
    assert "import.invoice_unknown" in told(lost)
    assert counts(lost) == (1, 0, 0)


@pytest.mark.row("P09")
def test_imported_money_releases_what_was_held(world: Any) -> None:
    big = an_order(world, "D2", A=490)
    assert the_order(big).state == "confirmed"
    waiting = an_order(world, "D2", A=100)
    assert the_order(waiting).state == "held"
    imported("receipts", RECEIPTS + "R1,2026-11-20,D2,20000.00,CNY,,\n")
    assert the_order(waiting).state == "confirmed"
    assert differences() == []


@pytest.mark.row("P09", "D02")
def test_imported_orders_are_judged_as_on_every_path(world: Any) -> None:
    text = "P-1,1,2026-11-20,D1,A,100\nP-1,2,2026-11-20,D1,B,50\nP-2,1,2026-11-20,D2,A,600\n"
    outcome = imported("orders", ORDERS + text, world.actor("fin"))
    assert counts(outcome) == (2, 0, 0)
    states = dict(db.session.execute(sa.select(Order.external_key, Order.state)).all())
    assert states == {"P-1": "confirmed", "P-2": "held"}
    assert account(world, "D1").ordered_fen == 2_000_000
    assert counts(imported("orders", ORDERS + text)) == (0, 0, 2)
    other = imported("orders", ORDERS + text.replace("B,50", "B,60"))
    assert refused(other) == [("import.order_differs", 2)]
    assert refused(imported("orders", ORDERS + "P-9,1,2026-11-20,D1,A,1.5\n")) == [
        ("import.quantity_whole", 2)
    ]


def test_a_refused_file_of_orders_leaves_no_order_behind(world: Any) -> None:
    before = all_rows()
    text = ORDERS.rstrip() + ",收货地区划代码\nP-1,1,2026-11-20,D1,A,100,511002\n"
    outcome = imported("orders", text + "P-2,1,2026-11-20,D1,A,100,510104\n")
    assert refused(outcome) == [("import.ship_to_unknown", 3)]
    assert all_rows() == before


@pytest.mark.row("P05", "P09")
def test_the_file_itself_is_kept_with_its_counts(world: Any) -> None:
    outcome = imported("invoices", INVOICES + TWO, world.actor("fin"))
    upload = one(sa.select(Upload))
    assert (upload.id, upload.state, upload.kind) == (outcome.upload_id, "confirmed", "invoices")
    assert upload.data == (INVOICES + TWO).encode()
    assert upload.summary["new"] == 2
    assert upload.summary["totals"] == [["CNY", 1, 22_600], ["USD", 1, 656_099]]
    entry = one(sa.select(AuditEntry).where(AuditEntry.tag == "import:confirm"))
    assert (entry.actor_name, entry.changes["new"]) == ("方芳", 2)


def test_statements_do_not_grow_with_the_file(world: Any, count_sql: list[str]) -> None:
    line = "Z{0},1,2026-08-03,2026-09-02,D{1},A,2,100,200,26,CNY\n"
    sizes = []
    for name, many in (("a", 20), ("b", 400)):
        text = INVOICES + "".join(line.format(f"{name}{n}", n % 4 + 1) for n in range(many))
        del count_sql[:]
        with clock.at(date(2026, 11, 21)):
            assert counts(imported("invoices", text)) == (many, 0, 0)
        sizes.append(len(count_sql))
    assert sizes[1] <= sizes[0] + 2


@pytest.mark.row("A08", "P09")
def test_receipts_by_file_are_parked_like_booked_ones(world: Any) -> None:
    invoice = delivered(world, A=100)
    text = (
        "收款单号,收款日期,经销商编码,收款金额,币种,付款方式,付款人\n"
        "P1,2026-11-20,D1,1000.00,CNY,现金,\n"
        "P2,2026-11-20,D1,2000.00,CNY,银行转账,张三\n"
        "P3,2026-11-20,D1,3000.00,CNY,银行转账,内江蜀味商贸有限公司\n"
    )
    outcome = imported("receipts", text)
    assert counts(outcome) == (3, 0, 0)
    [note] = [f for f in outcome.findings if f.code == "import.receipts_parked"]
    assert (note.facts["count"], note.facts["methods"], note.facts["payers"]) == (2, 1, 1)
    parked = db.session.scalars(sa.select(ParkedReceipt).order_by(ParkedReceipt.id)).all()
    assert [[f["code"] for f in p.findings] for p in parked] == [
        ["receipt.method_not_allowed"],
        ["receipt.payer_differs"],
    ]
    [(found, _due, fen)] = open_items(world.distributor("D1"), "CNY")
    assert (found, fen) == (invoice, 700_000)
    assert differences() == []

"""Bank statements: read in any bank's columns, matched, assigned, learned from, booked once."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.cash import BankLine, PayerMemory
from channel.models.receivables import Invoice, ParkedReceipt, Receipt
from channel.queries import uploads as upload_reads
from channel.services import bank, jobs, receivables, uploads
from channel.services.steps.importing.files import load
from channel.services.work import Refused
from channel.tabular.mapping import Mapping
from tests.builders import a_shipment, an_order, codes_of, delivered, paid, the_shipment
from tests.services.import_files import counts, imported, refused, told
from tests.services.test_cash_application import account, assert_balanced, owed

pytestmark = pytest.mark.database

HEADER = "交易日期,收入金额,支出金额,对方户名,对方账号,附言,交易流水号\n"
D1, D2 = "内江市蜀味商贸有限公司", "自贡川盐商行"


def names(world):
    from channel.models.partners import Distributor

    rows = db.session.execute(sa.select(Distributor.code, Distributor.name))
    return dict(rows.all())


def statement(world, *lines):
    return HEADER + "".join(f"{line}\n" for line in lines)


def read(world, *lines, by="fin"):
    return imported("bank_lines", statement(world, *lines), world.actor(by))


def lines():
    db.session.rollback()
    return db.session.scalars(sa.select(BankLine).order_by(BankLine.row_no, BankLine.id)).all()


def line_of(**values):
    db.session.rollback()
    return db.session.scalars(sa.select(BankLine).filter_by(**values)).one()


@pytest.mark.row("P09", "A08")
def test_each_line_says_by_what_it_was_matched(world):
    name = names(world)
    db.session.execute(
        sa.text("UPDATE distributor SET bank_account = '5105 0166 1234' WHERE code = 'D2'")
    )
    db.session.commit()
    invoice = db.session.get_one(Invoice, delivered(world, "D3", A=100))
    outcome = read(
        world,
        f"2026-11-20,100.00,,{name['D1']},999,货款,A1",
        "2026-11-20,200.00,,某某个人,5105-0166-1234,货款,A2",
        f"2026-11-20,300.00,,,,付{invoice.number}货款,A3",
        "2026-11-20,400.00,,陌生公司,,货款,A4",
        "2026-11-20,,55.00,电力公司,,电费,A5",
        "合计,1000.00,55.00,,,,",
    )
    assert counts(outcome) == (5, 0, 0)
    assert told(outcome) >= {"import.bank_outgoing", "import.bank_unassigned"}
    assert [(x.state, x.reason, x.amount_fen) for x in lines()] == [
        ("matched", "name", 10_000),
        ("matched", "account", 20_000),
        ("matched", "number", 30_000),
        ("unassigned", "unknown", 40_000),
        ("outgoing", "outgoing", -5_500),
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 0


@pytest.mark.row("A08", "B05")
def test_confirmed_lines_become_receipts_that_free_and_park_like_any_others(world):
    name = names(world)
    delivered(world, on=date(2026, 9, 1), A=100)
    shipment = a_shipment(world, an_order(world, A=100))
    assert codes_of(the_shipment(shipment)) == ["credit.overdue"]
    db.session.execute(sa.text("UPDATE distributor SET bank_account = '7788' WHERE code = 'D2'"))
    db.session.commit()
    read(
        world,
        f"2026-11-20,10000.00,,{name['D1']},,货款,A1",
        "2026-11-20,500.00,,某某个人,7788,货款,A2",
    )
    done = bank.book(world.actor("fin"))
    assert (done.counted, done.parked) == (1, 1)
    assert the_shipment(shipment).state == "released"
    assert owed(world) == []
    parked = db.session.scalars(sa.select(ParkedReceipt)).one()
    assert [f["code"] for f in parked.findings] == ["receipt.payer_differs"]
    assert {x.state for x in lines()} == {"booked"}
    assert_balanced(world)
    with pytest.raises(Refused, match=r"bank\.nothing"):
        bank.book(world.actor("fin"))


@pytest.mark.row("P09")
def test_the_same_line_is_never_booked_twice(world):
    name = names(world)
    same = f"2026-11-20,100.00,,{name['D1']},,货款,"
    assert counts(read(world, same, same)) == (2, 0, 0)
    bank.book(world.actor("fin"))
    # A longer file of the same days: two lines that are alike are two, the third is new.
    outcome = read(world, same, same, same)
    assert counts(outcome) == (1, 0, 2)
    assert "import.bank_known" in told(outcome)
    bank.book(world.actor("fin"))
    assert account(world) == (0, 30_000)
    # By the bank's own number a line is one, whatever else is said of it.
    assert counts(read(world, f"2026-11-20,7.00,,{name['D1']},,甲,Z9")) == (1, 0, 0)
    outcome = read(world, f"2026-11-20,7.00,,{name['D1']},,乙,Z9", same)
    assert outcome.plan.new == 0
    assert outcome.plan.same == 2


@pytest.mark.row("P09")
def test_one_wrong_cell_saves_nothing_and_says_where(world):
    outcome = read(
        world,
        "2026-11-20,100.00,,甲,,货款,A1",
        "2026-11-31,100.00,,乙,,货款,A2",
        "2026-11-20,1.00,2.00,丙,,货款,A3",
        "2026-11-20,,,丁,,货款,A4",
    )
    assert sorted(refused(outcome), key=lambda f: f[1]) == [
        ("cell.no_such_date", 3),
        ("import.bank_two_amounts", 4),
        ("import.bank_no_amount", 5),
    ]
    assert lines() == []
    future = read(world, "2026-11-22,100.00,,甲,,货款,A1")
    assert refused(future) == [("import.bank_future", 2)]


@pytest.mark.row("P09")
def test_one_amount_column_with_a_sign_or_a_mark(world):
    text = "记账日,交易金额,借贷标志,对方名称,摘要\n2026-11-20,100.00,贷,甲,货款\n"
    text += "2026-11-20,30.00,借,乙,退款\n2026-11-20,-4.00,,丙,手续费\n"
    assert counts(imported("bank_lines", text, world.actor("fin"))) == (3, 0, 0)
    assert [x.amount_fen for x in lines()] == [10_000, -3_000, -400]


@pytest.mark.row("P09")
def test_a_banks_own_columns_are_learned_by_the_shape_of_its_header(world):
    """Two banks use one title for two things; each keeps its own meaning."""
    first = "Tag,Betrag,Wer,Text\n2026-11-20,100.00,甲,货款\n"
    other = "Tag,Betrag,Text,Wer\n2026-11-20,70.00,乙,货款\n"
    actor = world.actor("fin")
    for text, payer in ((first, "Wer"), (other, "Text")):
        got = uploads.receive(actor, "bank_lines", f"{payer}.csv", text.encode())
        said = Mapping(columns={"date": "Tag", "amount": "Betrag", "payer_name": payer})
        uploads.map_columns(actor, got.upload_id, said)
        uploads.check(actor, got.upload_id)
        uploads.confirm(actor, got.upload_id)
    again = first.replace("100.00", "101.00")
    got = uploads.receive(actor, "bank_lines", "next.csv", again.encode())
    _upload, _table, columns = load(actor, got.upload_id)
    assert columns.columns["payer_name"] == "Wer"
    got = uploads.receive(actor, "bank_lines", "o.csv", other.replace("70.00", "71.00").encode())
    assert load(actor, got.upload_id)[2].columns["payer_name"] == "Text"
    assert [x.payer_name for x in lines()] == ["甲", "货款"] or len(lines()) == 2
    assert upload_reads.get_upload(actor, lines()[0].upload_id).kind == "bank_lines"


@pytest.mark.row("A08")
def test_an_assignment_is_learned_for_the_next_time(world):
    read(
        world,
        "2026-11-20,100.00,,张三,6228 4800,货款,A1",
        "2026-11-20,200.00,,张三,,货款,A2",
        "2026-11-20,300.00,,李四,62284800,货款,A3",
        "2026-11-20,400.00,,王五,,货款,A4",
    )
    first = line_of(reference="A1")
    found = bank.assign(world.actor("fin"), first.id, world.distributor("D1"), learn=True)
    assert found == 2
    assert [(x.state, x.reason) for x in lines()] == [
        ("matched", "hand"), ("matched", "alias"), ("matched", "account"),
        ("unassigned", "unknown"),
    ]  # fmt: skip
    outcome = read(world, "2026-11-21,500.00,,张三,,货款,B1")
    assert counts(outcome) == (1, 0, 0)
    assert line_of(reference="B1").distributor_id == world.distributor("D1")
    # Somebody else's money is parked all the same: clause 4 wants the distributor itself.
    done = bank.book(world.actor("fin"))
    assert (done.counted, done.parked) == (0, 4)


@pytest.mark.row("A08")
def test_what_is_not_to_be_remembered_is_not(world):
    read(world, "2026-11-20,100.00,,张三,,货款,A1")
    bank.assign(world.actor("fin"), line_of(reference="A1").id, world.distributor("D1"),
                learn=False)  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PayerMemory)) == 0


def test_a_line_is_left_out_and_taken_back_with_a_reason(world):
    read(world, "2026-11-20,100.00,,税务局,,退税,A1")
    line = line_of(reference="A1")
    with pytest.raises(Refused, match=r"bank\.reason_needed"):
        bank.leave_out(world.actor("fin"), line.id, " ")
    bank.leave_out(world.actor("fin"), line.id, "退税，不是货款")
    assert line_of(reference="A1").state == "left_out"
    with pytest.raises(Refused, match=r"bank\.not_now"):
        bank.assign(world.actor("fin"), line.id, world.distributor("D1"), learn=True)
    bank.take_back(world.actor("fin"), line.id)
    assert line_of(reference="A1").state == "unassigned"


@pytest.mark.row("P12")
def test_lines_of_a_closed_month_stay_as_they_are(world):
    name = names(world)
    read(world, f"2026-10-20,100.00,,{name['D1']},,货款,A1",
         f"2026-11-20,200.00,,{name['D1']},,货款,A2")  # fmt: skip
    db.session.execute(sa.text("UPDATE closing SET open_from = '2026-11-01'"))
    db.session.commit()
    done = bank.book(world.actor("fin"))
    assert (done.counted, done.closed) == (1, 1)
    assert [x.state for x in lines()] == ["matched", "booked"]


@pytest.mark.row("P09")
def test_many_lines_are_booked_by_a_job_that_may_be_taken_up_again(world, monkeypatch):
    monkeypatch.setattr(bank, "AT_ONCE", 2)
    monkeypatch.setattr(bank, "LINES_AT_ONCE", 1)
    name = names(world)
    read(world, *(f"2026-11-20,{n}.00,,{name[code]},,货款,{code}{n}"
                  for n in (1, 2) for code in ("D1", "D2")))  # fmt: skip
    job = bank.order(world.actor("fin"))
    assert job is not None
    assert jobs.run_next()
    assert {x.state for x in lines()} == {"booked"}
    assert account(world) == (0, 300)
    assert bank.order(world.actor("fin")) is None
    assert_balanced(world)


@pytest.mark.row("A08", "P09")
def test_money_that_was_booked_by_hand_is_not_booked_again_with_all_the_others(world):
    name, fin = names(world), world.actor("fin")
    by_hand = paid(world, "D1", 100_00)
    read(world, f"2026-11-20,100.00,,{name['D1']},,货款,A1",
         f"2026-11-20,100.01,,{name['D1']},,货款,A2")  # fmt: skip
    done = bank.book(fin)
    assert (done.counted, done.twins) == (1, 1)
    line = line_of(reference="A1")
    assert line.state == "matched"
    other = line_of(reference="A2")
    with pytest.raises(Refused, match=r"bank\.no_twin"):
        bank.settle(fin, line.id, other.receipt_id)
    bank.settle(fin, line.id, by_hand)
    line = line_of(reference="A1")
    assert (line.state, line.receipt_id) == ("booked", by_hand)
    assert account(world)[1] == 20_001
    # The receipt has its line now: the next one of this amount is money of its own.
    read(world, f"2026-11-21,100.00,,{name['D1']},,货款,A3")
    assert bank.book(fin).counted == 1


@pytest.mark.row("A08")
def test_a_receipt_that_was_undone_or_is_far_away_is_nobody_s_twin(world):
    name, fin = names(world), world.actor("fin")
    receivables.reverse_receipt(fin, paid(world, "D1", 100_00), "记错了")
    paid(world, "D1", 70_00, on=date(2026, 11, 5))
    read(world, f"2026-11-20,100.00,,{name['D1']},,货款,A1",
         f"2026-11-20,70.00,,{name['D1']},,货款,A2")  # fmt: skip
    assert bank.book(fin).counted == 2


@pytest.mark.row("A08")
def test_a_person_books_a_line_that_looks_like_another_receipt_all_the_same(world):
    name, fin = names(world), world.actor("fin")
    paid(world, "D1", 100_00)
    read(world, f"2026-11-20,100.00,,{name['D1']},,货款,A1")
    assert bank.book(fin, [line_of(reference="A1").id]).counted == 1

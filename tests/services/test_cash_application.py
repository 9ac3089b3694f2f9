"""Money applied by a stated policy: tolerances, un-allocation, write-offs; the ledger balances."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.cash import WriteOff
from channel.models.closing import Closing
from channel.models.receivables import (
    Allocation,
    Invoice,
    InvoiceInstalment,
    ParkedReceipt,
    Receipt,
)
from channel.queries import credit as reads
from channel.queries.credit_recount import differences
from channel.services import receivables, write_offs
from channel.services.work import Refused
from contracts.instalments import EarlyDiscount
from contracts.payment_terms import PaymentTerm
from contracts.values.rates import Rate
from tests.agreed import amended
from tests.builders import a_shipment, an_order, codes_of, delivered, paid, the_shipment

pytestmark = pytest.mark.database

SHIPPED = date(2026, 11, 2)


def house(**values):
    """The house's rules of cash application, as an administrator sets them."""
    words = ", ".join(f"{name} = :{name}" for name in values)
    db.session.execute(sa.text(f"UPDATE cash_rule SET {words}"), values)
    db.session.commit()


def owed(world, code="D1"):
    """[(invoice, open fen)] of a debtor, oldest due first."""
    return [(invoice, fen) for invoice, _d, fen in reads.open_items(world.distributor(code), "CNY")]


def account(world, code="D1"):
    [found] = reads.accounts(world.actor("fin"), world.distributor(code))
    db.session.refresh(found)
    return found.invoiced_fen, found.unapplied_fen


def assert_balanced(world):
    """Balances are the sums of entries, and of gross less allocated over the documents; what is
    set against a debt bears that debt's own debtor and due date."""
    assert differences() == []
    part = InvoiceInstalment
    wrong = (
        sa.select(Allocation.id)
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .outerjoin(part, part.id == Allocation.instalment_id)
        .where(
            (Allocation.distributor_id != Invoice.distributor_id)
            | (Allocation.currency != Invoice.currency)
            | (Allocation.pay_by != sa.func.coalesce(part.pay_by, Invoice.pay_by))
            | (Allocation.allocated_on < Invoice.invoice_date)
        )
    )
    assert db.session.scalars(wrong).all() == []
    for code in ("D1", "D2"):
        if not reads.accounts(world.actor("fin"), world.distributor(code)):
            continue
        gross = db.session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(Invoice.gross_fen), 0)).where(
                Invoice.distributor_id == world.distributor(code)
            )
        )
        set_against = db.session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
            .join(Invoice, Invoice.id == Allocation.invoice_id)
            .where(Invoice.distributor_id == world.distributor(code))
        )
        received = db.session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(Receipt.amount_fen), 0)).where(
                Receipt.distributor_id == world.distributor(code),
                Receipt.id.not_in(sa.select(ParkedReceipt.receipt_id)),
            )
        )
        used = db.session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
            .join(Receipt, Receipt.id == Allocation.receipt_id)
            .where(Receipt.distributor_id == world.distributor(code))
        )
        assert account(world, code) == (int(gross - set_against), int(received - used))
        assert sum(fen for _invoice, fen in owed(world, code)) == gross - set_against


def two_invoices(world):
    """10,000.00 of the second of November, and as much of the fifth."""
    return tuple(delivered(world, on=date(2026, 11, day), A=100) for day in (2, 5))


@pytest.mark.row("A07")
def test_money_pays_the_invoices_that_are_named_and_the_rest_waits(world):
    old, new = two_invoices(world)
    number = db.session.get_one(Invoice, new).number
    paid(world, "D1", 700_000, policy="named", named=((number, 600_000),))
    assert owed(world) == [(old, 1_000_000), (new, 400_000)]
    assert account(world) == (1_400_000, 100_000)
    # What was not named waits for a person: the next receipt leaves it alone.
    paid(world, "D1", 50_000)
    assert account(world) == (1_350_000, 100_000)
    assert owed(world)[0] == (old, 950_000)
    assert_balanced(world)


@pytest.mark.row("A07")
@pytest.mark.parametrize(
    ("named", "code"),
    [
        ((("IV-0", 100),), "receipt.named_unknown"),
        ((), "receipt.named_none"),
        (None, "receipt.named_too_much"),
    ],
)
def test_a_wrong_name_books_nothing(world, named, code):
    old, _new = two_invoices(world)
    number = db.session.get_one(Invoice, old).number
    with pytest.raises(Refused, match=code):
        paid(world, "D1", 2_000_000, policy="named",
             named=((number, 1_000_001),) if named is None else named)  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 0


@pytest.mark.row("A07")
@pytest.mark.parametrize(
    ("receipt_fen", "left"),
    [(999_900, 0), (999_899, 101), (999_999, 0), (1_000_000, 0)],
)
def test_a_small_underpayment_settles_the_item(world, receipt_fen, left):
    """1.00 and 0.1 % of 10,000.00 (10.00): the smaller, 1.00, is tolerated, and exactly passes."""
    house(short_fen=100, short_bp=10)
    invoice = delivered(world, on=SHIPPED, A=100)
    paid(world, "D1", receipt_fen)
    assert owed(world) == ([(invoice, left)] if left else [])
    short = 1_000_000 - receipt_fen
    made = db.session.scalars(sa.select(WriteOff)).all()
    if left or not short:
        assert made == []
    else:
        [write_off] = made
        note = db.session.get_one(Invoice, write_off.note_id)
        assert (write_off.kind, write_off.state, write_off.amount_fen) == (
            "difference", "posted", short,
        )  # fmt: skip
        assert (note.kind, note.gross_fen, write_off.reason) == (
            "write_off", -short, "payment difference",
        )  # fmt: skip
    assert_balanced(world)


@pytest.mark.row("A07")
@pytest.mark.parametrize(("is_income", "kept", "waits"), [(False, 0, 90), (True, 90, 0)])
def test_a_small_overpayment_is_kept_only_where_the_house_says_so(world, is_income, kept, waits):
    house(over_fen=100, over_bp=10, over_is_income=is_income)
    delivered(world, on=SHIPPED, A=100)
    paid(world, "D1", 1_000_090)
    assert account(world) == (0, waits)
    income = db.session.scalars(sa.select(WriteOff.amount_fen)).all()
    assert income == ([-kept] if kept else [])
    assert_balanced(world)


@pytest.mark.row("A07")
def test_taking_a_receipt_off_gives_everything_back(world):
    """A discount, a tolerated difference and the money: all of it is owed or waits again."""
    house(short_fen=100, short_bp=10)
    amended(world, payment=PaymentTerm("net_days", 30, discount=EarlyDiscount(10, Rate.percent(2))))
    invoice = delivered(world, on=date(2026, 11, 12), A=100)
    receipt = paid(world, "D1", 979_950)
    assert owed(world) == []
    before = account(world)
    receivables.unapply_receipt(world.actor("fin"), receipt, None, "付错了发票")
    assert owed(world) == [(invoice, 1_000_000)]
    assert account(world) == (1_000_000, 979_950)
    assert_balanced(world)
    # The money waits for a person, though more of it comes and more is owed.
    paid(world, "D1", 1)
    assert account(world) == (999_999, 979_950)
    receivables.reapply_receipt(world.actor("fin"), receipt, "oldest")
    assert account(world)[1] == 0
    assert_balanced(world)
    assert before == (0, 0)


@pytest.mark.row("A07")
def test_taking_off_and_setting_again_is_neutral_however_often(world):
    house(short_fen=100, short_bp=10)
    old, new = two_invoices(world)
    receipt = paid(world, "D1", 1_999_950)
    for _again in range(3):
        assert (owed(world), account(world)) == ([], (0, 0))
        receivables.unapply_receipt(world.actor("fin"), receipt, {new}, "重新核销")
        assert owed(world) == [(new, 1_000_000)]
        assert account(world) == (1_000_000, 999_950)
        receivables.reapply_receipt(world.actor("fin"), receipt, "oldest")
    assert owed(world) == []
    receivables.reverse_receipt(world.actor("fin"), receipt, "银行退票")
    assert owed(world) == [(old, 1_000_000), (new, 1_000_000)]
    assert account(world) == (2_000_000, 0)
    assert_balanced(world)
    with pytest.raises(Refused, match=r"receipt\.reversed"):
        receivables.unapply_receipt(world.actor("fin"), receipt, None, "x")


@pytest.mark.row("B05")
def test_holds_follow_what_is_taken_off_and_set_again(world):
    amended(world, payment=PaymentTerm("net_days", 5))
    delivered(world, on=SHIPPED, A=100)
    shipment = a_shipment(world, an_order(world, A=100))
    assert codes_of(the_shipment(shipment)) == ["credit.overdue"]
    receipt = paid(world, "D1", 1_000_000)
    assert the_shipment(shipment).state == "released"
    receivables.unapply_receipt(world.actor("fin"), receipt, None, "付错了发票")
    held = a_shipment(world, an_order(world, A=100))
    assert the_shipment(held).state == "held"
    receivables.reapply_receipt(world.actor("fin"), receipt, "oldest")
    assert the_shipment(held).state == "released"


@pytest.mark.row("P12")
def test_nothing_is_applied_in_a_closed_month(world):
    receipt = paid(world, "D1", 500_000, on=date(2026, 10, 20))
    db.session.execute(sa.update(Closing).values(open_from=date(2026, 11, 1)))
    db.session.commit()
    with pytest.raises(Refused, match=r"closing\.locked"):
        paid(world, "D1", 1, on=date(2026, 10, 31))
    delivered(world, on=SHIPPED, A=100)
    # Taking it off is an act of today, in the open month.
    receivables.unapply_receipt(world.actor("fin"), receipt, None, "重新核销")
    assert_balanced(world)


def propose(world, invoice, fen, by="fin"):
    return write_offs.propose(world.actor(by), invoice, fen, "客户注销，无法收回")


@pytest.mark.row("A07")
def test_a_write_off_is_proposed_by_one_and_approved_by_another(world):
    invoice = delivered(world, on=SHIPPED, A=100)
    write_off = propose(world, invoice, 30_000)
    assert owed(world) == [(invoice, 1_000_000)]
    with pytest.raises(Refused, match=r"approval\.own_request"):
        write_offs.sign(world.actor("fin"), write_off)
    assert write_offs.sign(world.actor("fin2"), write_off) is True
    assert owed(world) == [(invoice, 970_000)]
    record = db.session.get_one(WriteOff, write_off)
    note = db.session.get_one(Invoice, record.note_id)
    assert (note.gross_fen, note.net_fen, note.tax_fen) == (-30_000, -30_000, 0)
    assert note.number != record.number
    assert_balanced(world)
    write_offs.reverse(world.actor("fin2"), write_off, "客户又付款了")
    assert owed(world) == [(invoice, 1_000_000)]
    assert record.state == "reversed"
    assert_balanced(world)
    tags = db.session.scalars(
        sa.select(AuditEntry.tag).where(AuditEntry.subject_kind == "write_off")
    ).all()
    assert set(tags) == {f"write_off:{act}" for act in ("propose", "sign", "post", "reverse")}


@pytest.mark.row("A07")
@pytest.mark.parametrize(("fen", "is_enough"), [(50_000, True), (50_001, False)])
def test_above_the_band_the_owner_signs_too(world, fen, is_enough):
    house(write_off_band_fen=50_000)
    invoice = delivered(world, on=SHIPPED, A=100)
    write_off = propose(world, invoice, fen)
    assert write_offs.sign(world.actor("fin2"), write_off) is is_enough
    if not is_enough:
        assert owed(world) == [(invoice, 1_000_000)]
        assert write_offs.sign(world.actor("boss"), write_off) is True
    assert owed(world) == [(invoice, 1_000_000 - fen)]


@pytest.mark.row("A07")
def test_no_more_is_given_up_than_is_open_even_when_money_came_meanwhile(world):
    invoice = delivered(world, on=SHIPPED, A=100)
    with pytest.raises(Refused, match=r"write_off\.too_much"):
        propose(world, invoice, 1_000_001)
    write_off = propose(world, invoice, 1_000_000)
    paid(world, "D1", 1)
    with pytest.raises(Refused, match=r"write_off\.too_much"):
        write_offs.sign(world.actor("boss"), write_off)
    write_offs.refuse(world.actor("boss"), write_off, "已收到款")
    assert owed(world) == [(invoice, 999_999)]
    with pytest.raises(Refused, match=r"write_off\.decided"):
        write_offs.sign(world.actor("boss"), write_off)


AMOUNTS = st.lists(st.integers(1, 700_000), min_size=1, max_size=4)


@pytest.mark.row("B06")
@settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(amounts=AMOUNTS, order=st.randoms(use_true_random=False))
def test_any_order_of_receipts_gives_the_same_total_open(world, amounts, order):
    """Two debtors, the same money in another order: as much is open, and all of it balances."""
    for code in ("D1", "D2"):
        if not owed(world, code):
            delivered(world, code, on=date(2026, 11, 20), A=100)
    start = [sum(fen for _i, fen in owed(world, code)) for code in ("D1", "D2")]
    shuffled = list(amounts)
    order.shuffle(shuffled)
    for first, second in zip(amounts, shuffled, strict=True):
        paid(world, "D1", first)
        paid(world, "D2", second)
    ends = [sum(fen for _i, fen in owed(world, code)) for code in ("D1", "D2")]
    assert ends == [max(0, fen - sum(amounts)) for fen in start]
    assert_balanced(world)

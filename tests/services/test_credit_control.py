"""The nightly control: every balance counted anew from documents, and what a difference shows."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel.access import SYSTEM
from channel.db import db
from channel.models.credit import CreditAccount, CreditControl, CreditEntry
from channel.models.jobs import Job
from channel.queries.credit_recount import Difference, differences, last_control
from channel.services import closing, credit_control, jobs, orders, receivables, shipments
from channel.services.work import Refused
from contracts.values.periods import Period
from tests.builders import a_shipment, an_order, paid, the_order

pytestmark = pytest.mark.database


def a_busy_week(world) -> None:
    """Orders open, part shipped, shipped and invoiced; money applied, waiting and taken back."""
    an_order(world, "D1", A=120)
    part = an_order(world, "D1", A=200, B=30)
    some = {the_order(part).lines[0].id: 110}
    shipments.dispatch_shipment(world.actor("cm"), a_shipment(world, part, share=some))
    whole = an_order(world, "D2", A=150)
    shipment = a_shipment(world, whole, code="D2")
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    shipments.invoice_shipment(world.actor("fin"), shipment, date(2026, 11, 20))
    paid(world, "D2", 700_000)
    wrong = paid(world, "D2", 5_000)
    receivables.reverse_receipt(world.actor("fin"), wrong, "记错")
    orders.end_order(world.actor("cm"), an_order(world, "D3", A=100), "cancel", "测试")
    paid(world, "D3", 30_000)


@pytest.mark.row("B02")
def test_documents_entries_and_balances_agree_after_a_busy_week(world):
    a_busy_week(world)
    assert differences() == []
    assert credit_control.count_now(world.actor("fin")) == 0
    control = last_control()
    assert control is not None
    assert (control.differing, control.accounts) == (0, 3)


@pytest.mark.row("B02")
@pytest.mark.parametrize("bucket", ["ordered", "shipped", "invoiced", "unapplied"])
def test_one_fen_too_much_in_any_balance_is_found_and_named(world, bucket):
    a_busy_week(world)
    d1 = world.distributor("D1")
    column = getattr(CreditAccount, f"{bucket}_fen")
    db.session.execute(
        sa.update(CreditAccount)
        .where(CreditAccount.distributor_id == d1)
        .values({column: column + 1})
    )
    db.session.commit()
    [found] = differences()
    assert (found.distributor_id, found.bucket) == (d1, bucket)
    assert found.balance_fen - found.documents_fen == found.balance_fen - found.entries_fen == 1
    assert credit_control.count_now(world.actor("fin")) == 1
    assert last_control().differences == [found.to_json()]
    with pytest.raises(Refused, match=r"closing\.drift"):
        closing.close_month(world.actor("fin"), Period.month(2026, 10))


def test_an_entry_without_a_document_is_found(world):
    """The balance follows its entry, and the documents know nothing of it."""
    a_busy_week(world)
    account = db.session.scalars(
        sa.select(CreditAccount).where(CreditAccount.distributor_id == world.distributor("D1"))
    ).one()
    entry = db.session.scalars(sa.select(CreditEntry).limit(1)).one()
    db.session.add(
        CreditEntry(
            account_id=account.id, bucket="invoiced", amount_fen=7, act="post",
            document_kind="invoice", document_id=999_999, on_date=entry.on_date,
            created_at=entry.created_at,
        )
    )  # fmt: skip
    account.invoiced_fen += 7
    db.session.commit()
    [found] = differences()
    assert found == Difference(account.distributor_id, "CNY", "invoiced", 0, 7, 7)


def test_a_document_without_an_account_is_found(world):
    """A debtor whose account is missing altogether has figures in documents alone."""
    order = the_order(an_order(world, "D1", A=120))
    db.session.execute(sa.update(CreditAccount).values(ordered_fen=0))
    db.session.commit()
    [found] = differences()
    assert (found.documents_fen, found.balance_fen) == (order.gross_fen, 0)


@pytest.mark.row("B02")
def test_the_night_counts_once_a_day(world):
    a_busy_week(world)
    for _round in range(3):
        credit_control.order_control(SYSTEM)
        while jobs.run_next():
            pass
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CreditControl)) == 1
    ordered = sa.select(sa.func.count()).where(Job.kind == "credit_control")
    assert db.session.scalar(ordered) == 1


def test_a_count_is_never_changed(world):
    credit_control.count_now(world.actor("fin"))
    for sql in ("UPDATE credit_control SET differing = 9", "DELETE FROM credit_control"):
        with pytest.raises(sa.exc.DBAPIError, match=r"append-only"):
            db.session.execute(sa.text(sql))
        db.session.rollback()

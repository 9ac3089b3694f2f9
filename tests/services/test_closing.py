"""A closed month: nothing is posted in it, whatever the way; corrections go into the open one."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import Forbidden
from channel.db import db
from channel.models.credit import CreditEntry
from channel.queries import closing as reads
from channel.queries.credit_recount import differences
from channel.services import closing, receivables, shipments
from channel.services.uploads_commands import Order as ImportOrder
from channel.services.uploads_commands import import_file
from channel.services.work import Refused, Stale
from contracts.values.periods import Period
from tests.builders import a_shipment, an_order, delivered, paid, the_shipment

pytestmark = [pytest.mark.database, pytest.mark.row("P12")]

OCTOBER = Period.parse("2026-10")


def close(world, month=OCTOBER, by="fin"):
    closing.close_month(world.actor(by), month)


def codes(refused):
    return [f.code for f in refused.value.findings]


def entries():
    return db.session.scalar(sa.select(sa.func.count()).select_from(CreditEntry))


def test_a_back_dated_shipment_is_refused_and_offered_in_the_open_month(world):
    order = an_order(world, A=200)
    close(world)
    with pytest.raises(Refused) as refused:
        a_shipment(world, order, on=date(2026, 10, 31))
    [finding] = refused.value.findings
    assert (finding.code, finding.facts["open"]) == ("closing.locked", date(2026, 11, 1))
    assert the_shipment(a_shipment(world, order, on=date(2026, 11, 1))).state == "released"


def test_what_was_planned_before_the_closing_cannot_leave_in_the_closed_month(world):
    shipment = a_shipment(world, an_order(world, A=200), on=date(2026, 10, 31))
    close(world)
    before = entries()
    with pytest.raises(Refused) as refused:
        shipments.dispatch_shipment(world.actor("cm"), shipment)
    assert codes(refused) == ["closing.locked"]
    assert (entries(), the_shipment(shipment).state) == (before, "released")
    shipments.cancel_shipment(world.actor("cm"), shipment, "改期")


def test_no_invoice_no_receipt_and_no_import_gets_into_the_closed_month(world):
    shipment = a_shipment(world, an_order(world, A=200), on=date(2026, 10, 30))
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    close(world)
    before = entries()
    with pytest.raises(Refused) as refused:
        shipments.invoice_shipment(world.actor("fin"), shipment, date(2026, 10, 31))
    assert codes(refused) == ["closing.locked"]
    with pytest.raises(Refused) as refused:
        paid(world, "D1", 100_000, on=date(2026, 10, 15))
    assert codes(refused) == ["closing.locked"]
    lines = "发票号,行号,开票日期,经销商,产品,数量,单价,不含税金额,税额,币种\n"
    lines += "X1,1,2026-10-31,D1,A,1,100,100,13,CNY\n"
    with pytest.raises(Refused) as refused:
        import_file(world.actor("fin"), ImportOrder("invoices", "x.csv", lines.encode()))
    assert codes(refused) == ["closing.locked"]
    assert entries() == before
    shipments.invoice_shipment(world.actor("fin"), shipment, date(2026, 11, 2))
    paid(world, "D1", 100_000, on=date(2026, 11, 1))
    assert differences() == []


def test_a_receipt_of_a_closed_month_is_reversed_in_the_open_one(world):
    delivered(world, A=100)
    receipt = paid(world, "D1", 100_000, on=date(2026, 10, 15))
    close(world)
    receivables.reverse_receipt(world.actor("fin"), receipt, "银行退票")
    last = db.session.scalars(sa.select(CreditEntry).order_by(CreditEntry.id.desc())).first()
    assert last.on_date >= date(2026, 11, 1)


def test_reopening_needs_the_owner_and_a_reason_and_then_the_month_takes_entries(world):
    close(world)
    with pytest.raises(Forbidden):
        closing.reopen_month(world.actor("fin"), OCTOBER, "漏记一笔")
    with pytest.raises(Refused) as refused:
        closing.reopen_month(world.actor("boss"), OCTOBER, " ")
    assert codes(refused) == ["closing.reason_needed"]
    closing.reopen_month(world.actor("boss"), OCTOBER, "漏记一笔")
    assert reads.the_closing().open_from == date(2026, 10, 1)
    paid(world, "D1", 100_000, on=date(2026, 10, 15))


@pytest.mark.parametrize("by", ["cm", "rep", "admin", "auditor", "d1"])
def test_only_finance_and_the_owner_close(world, by):
    with pytest.raises(Forbidden):
        close(world, by=by)


def test_the_present_month_and_a_closed_one_are_not_closed(world):
    with pytest.raises(Refused) as refused:
        close(world, Period.parse("2026-11"))
    assert codes(refused) == ["closing.not_over"]
    close(world)
    with pytest.raises(Refused) as refused:
        close(world)
    assert codes(refused) == ["closing.closed"]
    with pytest.raises(Stale):
        closing.close_month(world.actor("fin"), Period.parse("2026-09"), seen_version=1)


def test_unfinished_things_are_told_and_a_drifted_balance_stops(world):
    an_order(world, A=200)
    shipment = a_shipment(world, an_order(world, A=200), on=date(2026, 10, 31))
    assert [f.code for f in reads.checklist(OCTOBER, 0)] == ["closing.not_shipped"]
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    [finding] = reads.checklist(OCTOBER, 0)
    assert (finding.code, finding.facts["count"]) == ("closing.not_invoiced", 1)
    db.session.execute(sa.text("UPDATE credit_account SET ordered_fen = ordered_fen + 1"))
    db.session.commit()
    with pytest.raises(Refused) as refused:
        close(world)
    assert codes(refused) == ["closing.drift"]
    assert reads.the_closing().open_from is None


def test_at_the_turn_of_the_month_the_month_can_be_closed(world):
    with clock.at(date(2026, 12, 1)):
        close(world, Period.parse("2026-11"))
    assert reads.the_closing().open_from == date(2026, 12, 1)

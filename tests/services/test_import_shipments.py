"""Shipments by file: of named or the oldest orders, judged and sent off as on the page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.orders import Shipment
from channel.queries.credit_recount import differences
from channel.services import shipments
from tests.builders import an_order, codes_of, the_order
from tests.services.import_files import all_rows, counts, imported, refused

pytestmark = pytest.mark.database

HEAD = "发货单号,行号,发货日期,经销商编码,产品编码,数量,订单号,订单行号\n"


def stored(number: str) -> Any:
    return db.session.scalars(
        sa.select(Shipment)
        .where(Shipment.number == number)
        .execution_options(populate_existing=True)
    ).one()


@pytest.mark.row("P09", "D02")
def test_goods_leave_from_the_oldest_orders_first(world: Any) -> None:
    old = an_order(world, on=date(2026, 11, 10), A=80)
    new = an_order(world, on=date(2026, 11, 12), A=80)
    text = HEAD + "DN-1,1,2026-11-20,D1,A,100,,\n"
    assert counts(imported("shipments", text)) == (1, 0, 0)
    shipment = stored("DN-1")
    assert (shipment.state, shipment.goods_gross_fen) == ("shipped", 1_000_000)
    assert [(line.order_line.order_id, line.quantity) for line in shipment.lines] == [
        (old, 80),
        (new, 20),
    ]
    assert (the_order(old).state, the_order(new).state) == ("closed", "confirmed")
    account = db.session.scalars(
        sa.select(CreditAccount).where(CreditAccount.distributor_id == world.distributor("D1"))
    ).one()
    assert (account.ordered_fen, account.shipped_fen) == (600_000, 1_000_000)
    assert differences() == []
    # The same file again changes nothing; other goods under the number are refused.
    before = all_rows()
    assert counts(imported("shipments", text)) == (0, 0, 1)
    assert refused(imported("shipments", text.replace(",100,", ",90,"))) == [
        ("import.shipment_differs", 2)
    ]
    after = all_rows()
    assert {t: n for t, n in after.items() if n != before[t]}.keys() <= {"upload", "audit_entry"}
    shipments.invoice_shipment(world.actor("fin"), shipment.id, date(2026, 11, 20))


def test_a_line_names_its_order_and_line(world: Any) -> None:
    an_order(world, on=date(2026, 11, 10), A=100)
    wanted = an_order(world, on=date(2026, 11, 12), A=100, B=50)
    number = the_order(wanted).number
    text = HEAD + (f"DN-2,1,2026-11-20,D1,A,60,{number},1\nDN-2,2,2026-11-20,D1,B,20,{number},2\n")
    assert counts(imported("shipments", text)) == (1, 0, 0)
    assert {line.order_line.order_id for line in stored("DN-2").lines} == {wanted}
    assert [line.order_line.line_no for line in stored("DN-2").lines] == [1, 2]


@pytest.mark.row("D02")
def test_a_shipment_below_the_minimum_is_saved_with_its_reason(world: Any) -> None:
    an_order(world, on=date(2026, 11, 10), A=100)
    assert counts(imported("shipments", HEAD + "DN-3,1,2026-11-20,D1,A,50,,\n")) == (1, 0, 0)
    assert stored("DN-3").state == "refused"
    assert codes_of(stored("DN-3")) == ["minimum.below"]


def test_more_than_is_open_is_refused_and_nothing_is_saved(world: Any) -> None:
    an_order(world, on=date(2026, 11, 10), A=100)
    before = all_rows()
    text = HEAD + "DN-4,1,2026-11-20,D1,A,100,,\nDN-5,1,2026-11-20,D1,A,1,,\n"
    outcome = imported("shipments", text)
    assert refused(outcome) == [("import.shipment_open", 3)]
    assert refused(imported("shipments", HEAD + "DN-6,1,2026-11-22,D1,A,100,,\n")) == [
        ("import.shipment_future", 2)
    ]
    mixed = HEAD + "DN-7,1,2026-11-20,D1,A,50,,\nDN-7,2,2026-11-19,D1,A,50,,\n"
    assert refused(imported("shipments", mixed)) == [("import.document_mixed", 3)]
    assert all_rows() == before


def test_of_two_files_for_the_same_goods_the_second_finds_none(world: Any) -> None:
    an_order(world, on=date(2026, 11, 10), A=100)
    imported("shipments", HEAD + "DN-8,1,2026-11-20,D1,A,100,,\n")
    assert refused(imported("shipments", HEAD + "DN-9,1,2026-11-20,D1,A,100,,\n")) == [
        ("import.shipment_open", 2)
    ]

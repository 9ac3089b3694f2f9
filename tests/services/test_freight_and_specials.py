"""Freight beside the prices, the report of special prices, and prices seen by file."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from channel.access import Forbidden
from channel.db import db
from channel.models.market import Incident, PriceReport
from channel.models.orders import OrderLine
from channel.models.receivables import InvoiceLine
from channel.queries import freight as freight_reads
from channel.queries.catalogue_specials import special_listing
from channel.queries.listing import fetch
from channel.queries.market_prices import reports_listing
from channel.services import freight, shipments, uploads_commands
from channel.services.work import Refused
from channel.tabular.kinds import KINDS
from tests.builders import a_shipment, an_application, an_approved_exception, an_order
from tests.services.test_suggested_prices import suggested

pytestmark = pytest.mark.database
ON = date(2026, 11, 20)


@pytest.mark.row("C03")
def test_freight_differs_by_distributor_and_prices_do_not(world):
    for code, fen in (("D1", 30_000), ("D4", 5_000)):
        shipment = a_shipment(world, an_order(world, code, ON, A=120), code=code, on=ON)
        shipments.dispatch_shipment(world.actor("cm"), shipment)
        shipments.invoice_shipment(world.actor("fin"), shipment, ON)
        freight.record_freight(world.actor("fin"), shipment, 1)
        freight.record_freight(world.actor("fin"), shipment, fen, "川运物流")
    prices = set(db.session.execute(sa.select(InvoiceLine.unit_price_e4, InvoiceLine.gross_e4)))
    assert len(prices) == 1
    report = freight_reads.by_distributor(world.actor("cm"))
    assert [(r.code, r.freight_fen, r.percent) for r in report] == [
        ("D1", 30_000, Decimal("2.50")), ("D4", 5_000, Decimal("0.42")),
    ]  # fmt: skip
    page = fetch(freight_reads.freight_listing(), world.actor("cm"), {})
    assert page.totals["CNY"]["freight"] == 35_000
    assert not any("freight" in c.key for c in reports_listing().columns)


@pytest.mark.row("C03")
def test_only_who_ships_records_and_only_what_left(world):
    shipment = a_shipment(world, an_order(world, A=120))
    shipments.cancel_shipment(world.actor("cm"), shipment, "改期")
    with pytest.raises(Refused, match="not_sent"):
        freight.record_freight(world.actor("cm"), shipment, 1)
    with pytest.raises(Forbidden):
        freight.record_freight(world.actor("rep"), shipment, 1)


@pytest.mark.row("C07")
def test_the_report_lists_every_line_under_the_exception(world):
    wish = an_application(
        world, "D4", type="price", reason="新店开业",
        asked={"product_id": world.product("A"), "unit_gross_fen": 9_500, "max_quantity": 500},
    )  # fmt: skip
    an_approved_exception(world, wish, by="cm2")
    first = an_order(world, "D4", ON, A=300)
    an_order(world, "D4", ON, A=201)
    page = fetch(special_listing(), world.actor("cm"), {})
    assert sorted((r.quantity, r.special, r.book) for r in page.rows) == [
        (200, 9_500, 10_000), (300, 9_500, 10_000),
    ]  # fmt: skip
    assert page.totals["CNY"] == {"quantity": 500, "given": 500 * 500}
    assert {r.reason for r in page.rows} == {"新店开业"}
    under = sa.select(sa.func.count()).where(OrderLine.waiver_id.is_not(None))
    assert page.count == db.session.scalar(under)
    assert fetch(special_listing(), world.actor("d1"), {}).count == 0
    assert fetch(special_listing(), world.actor("d4"), {}).count == 2
    assert first in {r.id for r in page.rows} or page.count == 2


def a_file(*rows: dict[str, str]) -> bytes:
    fields = KINDS["price_reports"].fields
    out = io.StringIO()
    writer = csv.DictWriter(out, [f.zh for f in fields])
    writer.writeheader()
    for row in rows:
        writer.writerow({f.zh: row.get(f.name, "") for f in fields})
    return ("\ufeff" + out.getvalue()).encode()


def taken(world, data: bytes):
    order = uploads_commands.Order("price_reports", "巡价.csv", data)
    return uploads_commands.import_file(world.actor("cm"), order)


@pytest.mark.row("A04")
def test_prices_seen_come_by_file_too(world):
    suggested(world)
    rows = [
        {"document": f"XJ-{n}", "date": "2026-11-21", "distributor": "D1", "product": "A",
         "price": price, "place": "东市场"}
        for n, price in enumerate(("80.00", "95.00", "130.00", "140.00"))
    ]  # fmt: skip
    outcome = taken(world, a_file(*rows))
    assert not outcome.is_refused, outcome.findings
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PriceReport)) == 4
    codes = [i.finding[0]["code"] for i in db.session.scalars(sa.select(Incident))]
    assert codes == ["resale.below_floor", "resale.above_ceiling"]
    again = taken(world, a_file(*rows, rows[0] | {"document": "XJ-9", "price": "99.00"}))
    assert (again.plan.new, again.plan.same) == (1, 4)
    changed = taken(world, a_file(rows[0] | {"price": "81.00"}))
    assert [f.code for f in changed.findings if f.is_blocking] == ["import.report_stands"]
    late = taken(world, a_file(rows[0] | {"document": "XJ-10", "date": "2026-11-22"}))
    assert "import.seen_in_future" in [f.code for f in late.findings]

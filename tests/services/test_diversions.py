"""Goods found elsewhere: looked up by code, made a case, heard, decided, printed once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import NotVisible
from channel.db import db
from channel.documents.rebate import statement_html
from channel.documents.statement import as_doc
from channel.models.diversions import (
    CodeScan,
    ConductNotice,
    ConductStep,
    StatementPenalty,
    TraceRange,
)
from channel.models.jobs import MailMessage
from channel.models.market import Incident
from channel.models.orders import Shipment, ShipmentLine
from channel.models.rebates import PoolEntry, RebateStatement
from channel.queries import diversions as reads
from channel.queries import market_incidents, trace_codes
from channel.queries.listing import fetch
from channel.services import conduct, diversions, shipments
from channel.services import market_incidents as incidents
from channel.services import trace_codes as codes
from channel.services.diversions import Found
from channel.services.steps.market import File
from channel.services.trace_codes import Binding
from channel.services.work import Refused
from contracts.consequences import Consequence
from tests.builders import a_shipment, an_order, delivered
from tests.services.rebate_trade import Q3, a_posted_run, an_approved_policy, an_invoice

pytestmark = pytest.mark.database
TODAY = date(2026, 11, 21)
PHOTO = File("货架.jpg", b"\xff\xd8\xff\xe0 photo")
FINE = Consequence("fine", 500_000, "settlement", "双方协商")


def the_line(shipment_number: int = -1) -> ShipmentLine:
    lines = list(db.session.scalars(sa.select(ShipmentLine).order_by(ShipmentLine.id)))
    return lines[shipment_number]


def coded(world: Any, code: str = "D1", first: str = "CX26A0001", last: str = "CX26A0100") -> int:
    """A delivery of 100 boxes of A whose boxes bear codes; the shipment's id."""
    delivered(world, code, A=100)
    line = the_line()
    codes.bind(world.actor("cm"), line.shipment_id, Binding(line.id, "case", first, last))
    return line.shipment_id


def found(world: Any, code: str = "CX26A0042", division: str = "510300", by: str = "cm", **more):
    wish = {"place": "自贡大安批发市场", "found_on": TODAY} | more
    scan = diversions.record(world.actor(by), Found(division, code=code, **wish))
    return db.session.get_one(CodeScan, scan, populate_existing=True)


def refusal(call: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return [f.code for f in refused.value.findings]


def heard(world: Any, incident: int) -> None:
    conduct.notify(world.actor("cm"), incident, "请说明货物去向")
    incidents.answer(world.actor("d1"), incident, "系二批商转卖", [PHOTO])


@pytest.mark.row("A03")
def test_a_code_inside_a_range_leads_to_shipment_distributor_product_and_batch(world):
    shipment = coded(world)
    held = trace_codes.trace(world.actor("cm"), " cx26a0042 ")
    assert held is not None
    assert (held.shipment_id, held.distributor.code, held.product.code) == (shipment, "D1", "A")
    assert held.shipment.ship_date == date(2026, 11, 20)
    for unknown in ("CX26A0000", "CX26A0101", "CX26A42", "CX26B0042", ""):
        assert trace_codes.trace(world.actor("cm"), unknown) is None
    assert trace_codes.trace(world.actor("d1"), "CX26A0042") is not None
    assert trace_codes.trace(world.actor("d3"), "CX26A0042") is None


@pytest.mark.row("A03")
def test_many_codes_are_found_in_one_statement(world, count_sql):
    coded(world)
    asked = [f"CX26A{n:04}" for n in range(1, 150)]
    count_sql.clear()
    assert set(trace_codes.find(asked)) == set(asked[:100])
    assert len(count_sql) == 2


@pytest.mark.row("A03")
def test_codes_belong_to_one_shipment_and_never_exceed_the_goods(world):
    shipment = coded(world, first="CX26A0001", last="CX26A0090")
    line = the_line()
    bind = lambda *a: codes.bind(world.actor("cm"), shipment, Binding(line.id, "case", *a))  # noqa: E731
    assert refusal(bind, "CX26A0080", "CX26A0085") == ["trace.taken"]
    assert refusal(bind, "CX26A0201", "CX26A0211") == ["trace.too_many"]
    assert refusal(bind, "CX26A0210", "CX26A0201") == ["trace.backwards"]
    assert refusal(bind, "CX26A0201", "CX27A0210") == ["trace.other_series"]
    last = bind("CX26A0201", "CX26A0210")
    codes.take_off(world.actor("cm"), last)
    assert db.session.get(TraceRange, last) is None
    found(world)
    first = db.session.scalars(sa.select(TraceRange.id)).one()
    assert refusal(codes.take_off, world.actor("cm"), first) == ["trace.relied_on"]


@pytest.mark.row("A03")
def test_a_cancelled_shipment_gives_its_codes_free(world):
    shipment = a_shipment(world, an_order(world, A=100))
    line = the_line()
    codes.bind(world.actor("cm"), shipment, Binding(line.id, "case", "K1", "K9"))
    assert trace_codes.trace(world.actor("cm"), "K5") is not None
    shipments.cancel_shipment(world.actor("cm"), shipment, "改期")
    assert trace_codes.trace(world.actor("cm"), "K5") is None


@pytest.mark.row("A03", "C06")
def test_found_outside_opens_a_case_with_its_victim_and_the_two_see_nothing_of_each_other(world):
    coded(world)
    scan = found(world)
    assert scan.verdict == "outside"
    assert (scan.distributor.code, scan.holder.code) == ("D1", "D3")
    case = scan.incident
    assert (case.kind, case.distributor.code, case.division_code) == ("diversion", "D1", "510300")
    assert reads.get_scan(world.actor("cm"), scan.id).holder.code == "D3"
    # the accused sees its case and nobody's name
    assert market_incidents.get_incident(world.actor("d1"), case.id).id == case.id
    assert "D3" not in str(case.finding)
    own = fetch(reads.own_listing(), world.actor("d1"), {})
    assert [row.number for row in own.rows] == [scan.number]
    assert not {"holder", "distributor"} & {c.key for c in own.listing.columns}
    # the victim sees that something was found, and nothing of whose it was
    with pytest.raises(NotVisible):
        reads.get_scan(world.actor("d3"), scan.id)
    with pytest.raises(NotVisible):
        market_incidents.get_incident(world.actor("d3"), case.id)
    here = fetch(reads.victim_listing(), world.actor("d3"), {})
    assert [row.number for row in here.rows] == [scan.number]
    assert not {"code", "distributor", "case", "batch"} & {c.key for c in here.listing.columns}
    assert fetch(reads.victim_listing(), world.actor("d1"), {}).rows == []
    # C06 counts it as it counts every case
    months = [f"{TODAY:%Y-%m}"]
    board = market_incidents.dashboard(world.actor("cm"), months)
    assert board.by_kind["diversion"].opened == 1


@pytest.mark.row("A03")
def test_a_second_finding_joins_the_open_case(world):
    coded(world)
    first, second = found(world), found(world, "CX26A0043")
    assert first.incident_id == second.incident_id
    other = found(world, "CX26A0044", "510400")
    assert other.incident_id not in (None, first.incident_id)


@pytest.mark.row("A03")
def test_what_is_no_case_is_said(world):
    coded(world)
    assert found(world, "ZZ1").verdict == "unknown"
    at_home = found(world, "CX26A0001", "511000")
    assert (at_home.verdict, at_home.incident_id, at_home.holder.code) == ("home", None, "D1")
    assert refusal(found, world, "CX26A0001", found_on=TODAY + timedelta(days=1)) == [
        "diversion.in_future"
    ]
    assert refusal(found, world, "") == ["diversion.whose"]
    assert refusal(found, world, by="d3") == ["diversion.house_only"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Incident)) == 0


@pytest.mark.row("A03")
def test_without_a_code_a_photo_proves_whose_goods_they_are(world):
    owner = world.distributor("D1")
    assert refusal(found, world, "", distributor_id=owner) == ["diversion.proof_needed"]
    wish = Found("510300", "自贡", TODAY, distributor_id=owner)
    scan = diversions.record(world.actor("cm"), wish, [PHOTO])
    assert db.session.get_one(CodeScan, scan).incident.finding[0]["code"] == "diversion.seen"


@pytest.mark.row("A03")
def test_one_finding_is_noise_and_a_pattern_weighs(world):
    coded(world)
    found(world)

    def of_d1() -> reads.Pattern:
        return next(p for p in reads.patterns(world.actor("cm"), TODAY) if p.code == "D1")

    one = of_d1()
    assert (one.outside, one.score, one.weight) == (1, 0, "noise")
    assert one.coverage.unscanned == 0
    found(world, "CX26A0002", "510400", found_on=date(2026, 11, 20))
    two = of_d1()
    assert (two.outside, two.places, two.score, two.weight) == (2, 2, 35, "watch")
    delivered(world, "D1", A=100)
    assert of_d1().coverage.unscanned == 50


@pytest.mark.row("A03", "A16")
def test_from_notice_over_answer_to_one_penalty_line_on_the_next_statement(world):
    coded(world)
    case = found(world).incident_id
    cm = world.actor("cm")
    decide = lambda: conduct.decide(cm, case, "属实", is_upheld=True, consequence=FINE)  # noqa: E731
    assert refusal(decide) == ["conduct.no_notice"]
    conduct.notify(cm, case, "请说明货物去向")
    assert refusal(decide) == ["conduct.reply_runs"]
    incidents.answer(world.actor("d1"), case, "系二批商转卖", [PHOTO])
    step = decide()
    assert db.session.scalars(sa.select(PoolEntry)).all() == []
    assert refusal(conduct.sign, cm, step, is_approved=True) == ["approval.own_request"]
    conduct.sign(world.actor("fin"), step, is_approved=True)
    [entry] = db.session.scalars(sa.select(PoolEntry))
    assert entry.amount_fen == -500_000

    an_approved_policy(world)
    an_invoice(world, "D1", date(2026, 8, 15), ("A", "120000.00"))
    a_posted_run(world, Q3)
    [line] = db.session.scalars(sa.select(StatementPenalty))
    statement = db.session.get_one(RebateStatement, line.statement_id)
    pool = statement.document["pool"]
    number = db.session.get_one(Incident, case).number
    assert [(c["case"], c["amount_fen"]) for c in pool["cases"]] == [(number, -500_000)]
    assert pool["opening_fen"] == 0
    assert pool["closing_fen"] == pool["earned_fen"] - 500_000
    for lang, word in (("zh", f"违约处罚 {number}"), ("en", f"Penalty, case {number}")):
        assert word in statement_html(as_doc(statement.document), lang)

    an_invoice(world, "D1", date(2026, 8, 16), ("A", "50000.00"))
    a_posted_run(world, Q3)
    assert len(db.session.scalars(sa.select(StatementPenalty)).all()) == 1

    back = conduct.reverse(cm, step, "申诉成立")
    conduct.sign(world.actor("boss"), back, is_approved=True)
    moved = db.session.scalars(
        sa.select(PoolEntry.amount_fen).where(PoolEntry.statement_id.is_(None))
    )
    assert sorted(moved) == [-500_000, 500_000]
    an_invoice(world, "D1", date(2026, 8, 17), ("A", "70000.00"))
    a_posted_run(world, Q3)
    last = db.session.scalars(sa.select(RebateStatement).order_by(RebateStatement.id.desc()))
    shown = [c for s in last for c in s.document["pool"].get("cases", [])]
    assert [c["kind"] for c in shown] == ["penalty_back", "penalty"]


@pytest.mark.row("A03")
def test_the_deadline_is_counted_in_working_days_and_opens_the_way_to_decide(world):
    coded(world)
    case = found(world).incident_id
    cm = world.actor("cm")
    notice = conduct.notify(cm, case, "请说明货物去向")
    # Saturday 21 November + 5 working days = Friday 27
    assert db.session.get_one(ConductNotice, notice).reply_by == date(2026, 11, 27)
    told = sa.select(MailMessage.recipient).where(MailMessage.key.startswith("incident:"))
    assert "d3@weir.example" not in set(db.session.scalars(told))
    with clock.at(date(2026, 11, 28)):
        assert conduct.decide(cm, case, "未答复，不予认定", is_upheld=False) is None
    assert db.session.get_one(Incident, case).is_upheld is False
    assert refusal(conduct.propose, cm, case, FINE) == ["conduct.not_upheld"]
    assert db.session.scalars(sa.select(ConductStep)).all() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Shipment)) == 1

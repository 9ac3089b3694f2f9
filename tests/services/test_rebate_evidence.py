"""What conditions of rebates are judged by: the value found, and what proves or breaks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.agreements import Agreement, Obligation
from channel.models.market import Incident
from channel.models.receivables import Receipt
from channel.queries import rebates_evidence as reads
from channel.services import conduct, market_prices, rebates, receivables
from channel.services import market_display as displays
from channel.services import market_incidents as incidents
from channel.services import orders as ordering
from channel.services.market_prices import OutletFacts
from channel.services.work import work
from contracts.consequences import Consequence
from contracts.rebates.figures import Evidence
from contracts.rebates.model import CONDITION_KINDS, Condition, Method, Tier
from contracts.values.periods import Period
from contracts.values.rates import Rate
from tests.agreed import amended
from tests.builders import an_order, paid
from tests.services.rebate_trade import (
    Q3,
    an_approved_policy,
    an_invoice,
    some_terms,
    the_statement,
)
from tests.services.test_diversions import coded, found, heard

pytestmark = pytest.mark.database
TODAY = date(2026, 11, 21)
Q4 = Period.quarter(2026, 4)


def asked(world: Any, kind: str, period: Period, on: date = TODAY, code: str = "D1") -> Evidence:
    terms = some_terms("X", conditions=(Condition(kind, ()),))
    owner = world.distributor(code)
    return reads.evidence(terms, period, [owner], on)[owner][kind]


def test_every_kind_has_a_value_for_everybody_and_nothing_counts_as_none_found(world):
    terms = some_terms("X", conditions=tuple(Condition(kind, ()) for kind in CONDITION_KINDS))
    owners = [world.distributor("D4"), world.distributor("D1")]
    read = reads.evidence(terms, Q4, owners, TODAY)
    assert set(read) == set(owners)
    for own in read.values():
        assert set(own) == set(CONDITION_KINDS)
    d4 = {kind: one.value for kind, one in read[world.distributor("D4")].items()}
    assert {kind for kind, value in d4.items() if value is None} == {
        "mix", "display", "training", "fifo", "collection", "exclusivity",
    }  # fmt: skip
    # D4's agreement has a target, of which nothing is reached, and October is not reported.
    assert (d4["attainment"], d4["report"]) == (0, 1)
    assert d4["diversion"] == d4["price_order"] == d4["overdue"] == 0


def test_many_distributors_take_no_more_statements_than_one(world, count_sql):
    terms = some_terms("X", conditions=tuple(Condition(kind, ()) for kind in CONDITION_KINDS))
    few = [world.distributor("D1")]
    counts = []
    reads.evidence(terms, Q4, few, TODAY)
    for owners in (few, list(world.distributors.values()), [*few, *range(10_000, 10_600)]):
        del count_sql[:]
        reads.evidence(terms, Q4, owners, TODAY)
        counts.append(len(count_sql))
    assert len(set(counts)) == 1, counts


@pytest.mark.row("E03", "A03")
def test_an_upheld_case_counts_by_the_day_of_the_breach_until_it_is_undone(world):
    coded(world)
    case = found(world, found_on=date(2026, 9, 28)).incident_id
    heard(world, case)
    assert asked(world, "diversion", Q3).value == 0
    step = conduct.decide(
        world.actor("cm"), case, "属实", is_upheld=True, consequence=Consequence("warning")
    )
    number = db.session.get_one(Incident, case).number
    assert asked(world, "diversion", Q3) == Evidence(Decimal(1), (number,))
    # In the quarter in which it was found, decided or not in this one; and known only since.
    assert asked(world, "diversion", Q4).value == 0
    assert asked(world, "diversion", Q3, on=TODAY - timedelta(days=1)).value == 0
    assert asked(world, "diversion", Q3, code="D2").value == 0
    conduct.sign(world.actor("cm2"), step, is_approved=True)
    back = conduct.reverse(world.actor("cm"), step, "复核后撤销")
    assert asked(world, "diversion", Q3).value == 1
    conduct.sign(world.actor("cm2"), back, is_approved=True)
    assert asked(world, "diversion", Q3) == Evidence(Decimal(0))


@pytest.mark.row("E03")
def test_a_case_that_was_not_confirmed_counts_for_nothing(world):
    coded(world)
    case = found(world).incident_id
    heard(world, case)
    conduct.decide(world.actor("cm"), case, "证据不足", is_upheld=False)
    assert asked(world, "diversion", Q4).value == 0


def filed(world: Any, kind: str, on: date, *, is_upheld: bool) -> str:
    """An incident in words, answered and closed; its number."""
    wish = incidents.Filing(
        world.distributor("D1"), kind, "现场所见", clock.instant_of(on), place="内江"
    )
    case = incidents.file_incident(world.actor("cm"), wish)
    incidents.notify(world.actor("cm"), case, "请说明")
    incidents.answer(world.actor("d1"), case, "已整改")
    incidents.close(world.actor("cm"), case, "核实", is_upheld=is_upheld)
    return db.session.get_one(Incident, case).number


@pytest.mark.row("E14", "E03")
def test_reports_two_of_three_with_the_late_date(world):
    from tests.services.test_stock_reports import file_report

    line = "A,,,0,0,0,0,0,"
    for period, day in (("2026-07", date(2026, 8, 3)), ("2026-08", date(2026, 9, 3))):
        with clock.at(day):
            file_report(world, line, period=period)
    # Not all were due yet, and none was late: nothing is proved so far.
    waiting = asked(world, "report", Q3, on=date(2026, 10, 1))
    assert (waiting.value, waiting.refs) == (None, ("2026-09 (≤ 2026-10-13)",))
    missing = asked(world, "report", Q3, on=date(2026, 10, 14))
    assert (missing.value, missing.refs) == (Decimal(1), ("2026-09: — > 2026-10-13",))
    with clock.at(date(2026, 10, 14)):
        file_report(world, line, period="2026-09")
    late = asked(world, "report", Q3)
    assert (late.value, late.refs) == (Decimal(1), ("2026-09: 2026-10-14 > 2026-10-13",))
    months = asked(world, "report", Period.month(2026, 8))
    assert (months.value, months.refs) == (Decimal(0), ("2026-08: 2026-09-03 ≤ 2026-09-07",))


@pytest.mark.row("E14")
def test_three_of_three_are_on_time_and_who_has_no_duty_has_no_value(world):
    from tests.services.test_stock_reports import file_report

    for month, day in ((7, date(2026, 8, 3)), (8, date(2026, 9, 3)), (9, date(2026, 10, 9))):
        with clock.at(day):
            file_report(world, "A,,,0,0,0,0,0,", period=f"2026-{month:02}")
    assert asked(world, "report", Q3).value == 0
    assert asked(world, "report", Period.quarter(2024, 3)).value is None


@pytest.mark.row("E14", "A13")
def test_the_last_look_of_a_month_at_each_outlet_decides(world):
    faces = [("货架", 1), ("堆头", 1)]
    facts = OutletFacts(world.distributor("D1"), "内江沃尔玛", "supermarket", "511002")
    shop = market_prices.save_outlet(world.actor("rep"), None, facts)
    displays.set_standard(world.actor("cm"), "supermarket", date(2026, 11, 1), faces)
    assert asked(world, "display", Q4).value is None
    displays.check_display(world.actor("rep"), shop, TODAY, {"货架": 1})
    assert asked(world, "display", Q4) == Evidence(Decimal(1), (f"{TODAY} 内江沃尔玛",))
    displays.check_display(world.actor("rep"), shop, TODAY, dict(faces))
    assert asked(world, "display", Q4) == Evidence(Decimal(0), ("2026-11",))
    assert asked(world, "display", Q3).value is None


def a_training(world: Any, due: date, done: date | None = None) -> None:
    with work(world.actor("cm")) as w:
        agreement = w.session.scalars(
            sa.select(Agreement).where(Agreement.distributor_id == world.distributor("D1"))
        ).first()
        row = Obligation(
            agreement_id=agreement.id, distributor_id=world.distributor("D1"), text="新品培训",
            due_on=due, owner="distributor", kind="training", is_from_terms=False, row_version=1,
            state="fulfilled" if done else "open", fulfilled_on=done,
        )  # fmt: skip
        w.session.add(row)


@pytest.mark.row("E14")
def test_trainings_due_in_the_period(world):
    assert asked(world, "training", Q3).value is None
    a_training(world, date(2026, 9, 10), date(2026, 9, 10))
    assert asked(world, "training", Q3) == Evidence(
        Decimal(0), ("新品培训: 2026-09-10 ≤ 2026-09-10",)
    )
    a_training(world, date(2026, 9, 20), date(2026, 10, 8))
    assert asked(world, "training", Q3) == Evidence(
        Decimal(1), ("新品培训: 2026-10-08 > 2026-09-20",)
    )
    a_training(world, date(2026, 12, 1))
    assert asked(world, "training", Q4).value is None
    assert asked(world, "training", Q4, on=date(2026, 12, 2)).value == 1


@pytest.mark.row("E14", "F05")
def test_goods_sold_out_of_order_for_sure(world):
    from tests.services.test_stock_reports import file_report

    with clock.at(date(2026, 11, 3)):
        file_report(
            world, "A,B1,2026-06-01,30,0,0,0,30,", "A,B2,2026-08-01,50,0,40,0,10,", period="2026-10"
        )
    assert asked(world, "fifo", Q4) == Evidence(Decimal(1), ("2026-10 A: 30",))
    assert asked(world, "fifo", Q3).value is None


@pytest.mark.row("E03")
def test_days_to_collect_weighted_by_amount(world):
    """8,000.00 after 20 days and 2,000.00 after 45: (8 × 20 + 2 × 45) / 10 = 25.0 days."""
    an_invoice(world, "D1", date(2026, 7, 1), ("A", "7079.6460"))
    an_invoice(world, "D1", date(2026, 7, 2), ("A", "1769.9115"))
    paid(world, "D1", 799_999, date(2026, 7, 21))
    paid(world, "D1", 199_999, date(2026, 8, 16))
    read = asked(world, "collection", Q3)
    assert read.value == Decimal("25.0")
    assert [ref.split(": ")[1] for ref in read.refs] == ["45", "20"]
    assert asked(world, "collection", Period.quarter(2026, 2)).value is None


@pytest.mark.row("E03")
def test_what_is_late_at_the_end_counts_with_its_days_so_far(world):
    """Nothing paid is no way to a short average: 91 days at the end of the quarter."""
    an_invoice(world, "D1", date(2026, 7, 1), ("A", "1000"))
    read = asked(world, "collection", Q3)
    assert read.value == Decimal("91.0")
    late = asked(world, "overdue", Q3)
    assert late.value == 91
    paid(world, "D1", 113_000, date(2026, 9, 30))
    assert asked(world, "collection", Q3).value == Decimal("91.0")
    assert asked(world, "overdue", Q3).value == 0


@pytest.mark.row("E03")
def test_money_before_the_invoice_took_no_days(world):
    paid(world, "D4", 113_000, date(2026, 6, 20))
    an_invoice(world, "D4", date(2026, 7, 1), ("A", "1000"))
    receipt = db.session.scalars(sa.select(Receipt)).one()
    receivables.reapply_receipt(world.actor("fin"), receipt.id, "oldest")
    assert asked(world, "collection", Q3, code="D4").value == Decimal("0.0")


@pytest.mark.row("E03", "A05")
def test_attainment_is_cut_and_never_rounded_up_to_the_target(world):
    from tests.services.test_targets import booked

    booked(world, 11_999_999, date(2026, 7, 10))
    read = asked(world, "attainment", Q3)
    assert (read.value, read.refs[0].split(": ")[1]) == (
        Decimal("99.9999"), "119,999.99 / 120,000.00",
    )  # fmt: skip
    booked(world, 1, date(2026, 7, 11))
    assert asked(world, "attainment", Q3).value == 100
    assert asked(world, "attainment", Period.month(2026, 7)).value is None
    owner = (world.distributor("D1"), "CNY")
    assert reads.targets_e4(some_terms("X"), Q3, [owner[0]]) == {owner: 1_200_000_000}
    assert reads.targets_e4(some_terms("X", goods=frozenset({"SAUCE"})), Q3, [owner[0]]) == {}


@pytest.mark.row("E03", "A06")
def test_percent_of_the_agreed_mix(world):
    from contracts.clauses import MixRule
    from tests.services.test_targets import booked

    amended(world, on=Q3.start, mix=(MixRule("HOTPOT", Rate.percent("30"), "quarter"),))
    booked(world, 8_500_000, date(2026, 8, 1))
    booked(world, 3_500_000, date(2026, 8, 1), good="B")
    read = asked(world, "mix", Q3)
    assert (read.value, read.refs) == (Decimal("97.2222"), ("HOTPOT: 29.17 % / 30 %",))
    booked(world, 200_000, date(2026, 8, 2), good="B")
    assert asked(world, "mix", Q3).value == Decimal("101.0928")
    assert asked(world, "mix", Q3, code="D2").value is None


@pytest.mark.row("M01")
def test_orders_that_qualify(world):
    """Five orders of 10,000.00 or more count; one below, one of another quarter, one cancelled."""
    owner, terms = world.distributor("D1"), some_terms("M", qualify_fen=1_000_000)
    with clock.at(date(2026, 11, 20)):
        made = [an_order(world, A=100) for _n in range(5)]
        an_order(world, A=99)
    key = (owner, "CNY")
    assert reads.orders(terms, Q4, [owner]) == {key: 5}
    assert reads.orders(terms, Q3, [owner]) == {}
    ordering.end_order(world.actor("cm"), made[0], "cancel", "不要了")
    assert reads.orders(terms, Q4, [owner]) == {key: 4}
    # Closed before anything left: as good as cancelled.
    ordering.end_order(world.actor("cm"), made[1], "close", "缺货")
    assert reads.orders(terms, Q4, [owner]) == {key: 3}
    only = some_terms("M", qualify_fen=1_000_000, goods=frozenset({"HOTPOT"}))
    assert reads.orders(only, Q4, [owner]) == {}


@pytest.mark.row("M01")
def test_five_orders_pay_once_although_nothing_was_invoiced_yet(world):
    terms = some_terms(
        "FREQ", method=Method.LUMP, gauge="orders", pays="amount", qualify_fen=1_000_000,
    )  # fmt: skip
    an_approved_policy(world, replace(terms, tiers=(Tier(Decimal(5), amount=Decimal(300)),)))
    made = [an_order(world, A=100) for _n in range(6)]
    six = the_statement(rebates.propose(world.actor("fin"), Q4), policy_code="FREQ")
    assert (six.distributor_id, six.amount_fen) == (world.distributor("D1"), 30_000)
    for order, fen in ((made[0], 30_000), (made[1], 0)):
        ordering.end_order(world.actor("cm"), order, "cancel", "不要了")
        run = rebates.propose(world.actor("fin"), Q4)
        assert the_statement(run, policy_code="FREQ").amount_fen == fen

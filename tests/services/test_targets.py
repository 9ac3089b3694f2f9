"""Attainment net of returns (A05), the mix (A06), the pace board (G06) and target plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from channel.access import Forbidden
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.catalogue import Product
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, InvoiceLine
from channel.models.targets import TargetPlan
from channel.queries import targets, targets_plans
from channel.queries.listing import fetch
from channel.queries.targets_board import board_listing
from channel.services import agreements
from channel.services import targets as service
from channel.services.targets import PlanFacts
from channel.services.work import Refused, work
from contracts import agreement as rules
from contracts.clauses import MixRule
from contracts.plans import Weights
from contracts.targets import Target
from contracts.values.periods import Period
from contracts.values.rates import Rate
from tests.builders import a_shipment, an_order

pytestmark = pytest.mark.database
Q3 = Period.quarter(2026, 3)
END = date(2026, 9, 30)


def booked(world, fen: int, on: date, code: str = "D1", good: str = "A") -> None:
    """An invoice of one line, or a credit note where the amount is negative."""
    with work(world.actor("fin")) as w:
        number = f"T{w.session.scalar(sa.select(sa.func.count()).select_from(Invoice))}"
        product = w.session.get_one(Product, world.product(good))
        invoice = Invoice(
            number=number,
            kind="invoice" if fen > 0 else "credit_note",
            distributor_id=world.distributor(code),
            invoice_date=on, due_date=on, pay_by=on, currency="CNY",
            net_fen=fen, tax_fen=0, gross_fen=fen, created_at=w.now,
        )  # fmt: skip
        invoice.lines.append(
            InvoiceLine(
                line_no=1, distributor_id=world.distributor(code), invoice_date=on,
                currency="CNY", product_id=product.id, group_id=product.group_id, quantity=1,
                unit_price_e4=fen * 100, net_e4=fen * 100, tax_e4=0, gross_e4=fen * 100,
                vat_rate_bp=0,
            )
        )  # fmt: skip
        w.session.add(invoice)


def d1(world) -> Distributor:
    return db.session.get_one(Distributor, world.distributor("D1"))


def standing(world, period: Period = Q3, on: date = END):
    year = targets.year_of(d1(world), Period.year(2026), on)
    return next(s for s in year.standings if s.target.period == period)


def amended(world, *mix: MixRule) -> None:
    """D1's agreement with mix rules, from the start of the third quarter."""
    version = db.session.scalars(
        sa.select(AgreementVersion)
        .join(Agreement)
        .where(Agreement.distributor_id == world.distributor("D1"))
    ).one()
    new = agreements.amend_agreement(world.actor("cm"), version.id, Q3.start, "品种比例")
    draft = db.session.get_one(AgreementVersion, new)
    terms = replace(rules.from_json(draft.terms), mix=mix)
    agreements.save_draft(
        world.actor("cm"),
        new,
        agreements.Draft(draft.valid_from, draft.valid_to, terms, "品种比例"),
    )
    agreements.submit_version(world.actor("cm"), new)
    agreements.approve_version(world.actor("cm2"), new)


@pytest.mark.row("A05")
def test_attainment_counts_what_stayed_out(world):
    booked(world, 13_000_000, date(2026, 7, 10))
    assert standing(world).attainment.percent == Decimal("108.3")
    booked(world, -1_000_000, date(2026, 9, 30))
    found = standing(world)
    assert (found.shipped_fen, found.returned_fen) == (13_000_000, 1_000_000)
    assert (found.attainment.percent, found.attainment.met) == (Decimal("100.0"), True)
    booked(world, -1, date(2026, 9, 30))
    assert not standing(world).attainment.met


@pytest.mark.row("A05")
def test_only_the_days_of_the_period_count(world):
    for day in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1)):
        booked(world, 100, day)
    assert standing(world, on=date(2026, 12, 31)).shipped_fen == 200
    assert standing(world, on=date(2026, 9, 29)).shipped_fen == 100


@pytest.mark.row("A05")
def test_goods_count_from_their_shipment_and_once(world):
    from channel.services import shipments

    on = date(2026, 11, 20)
    q4 = Period.quarter(2026, 4)
    shipment = a_shipment(world, an_order(world, on=on, A=120), on=on)
    assert standing(world, q4, on).shipped_fen == 0
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    assert standing(world, q4, on).shipped_fen == 1_200_000
    shipments.invoice_shipment(world.actor("fin"), shipment, on)
    assert standing(world, q4, on).shipped_fen == 1_200_000


@pytest.mark.row("A06")
def test_the_mix_beside_the_target(world):
    amended(world, MixRule("HOTPOT", Rate.percent("30"), "quarter"))
    booked(world, 8_500_000, date(2026, 8, 1))
    booked(world, 3_500_000, date(2026, 8, 1), good="B")
    found = standing(world)
    (mix,) = found.mixes
    assert found.attainment.met
    assert (mix.mix.percent, mix.mix.met) == (Decimal("29.17"), False)
    booked(world, 200_000, date(2026, 8, 2), good="B")
    (mix,) = standing(world).mixes
    assert (mix.mix.percent, mix.mix.met) == (Decimal("30.33"), True)


@pytest.mark.row("A06")
def test_a_rule_of_another_period_stands_below(world):
    amended(world, MixRule("HOTPOT", Rate.percent("30"), "month"))
    year = targets.year_of(d1(world), Period.year(2026), END)
    assert [m.period.label for m in year.mixes] == ["2026-07", "2026-08", "2026-09"]
    assert not any(s.mixes for s in year.standings)


def board_rows(world, user: str, on: date):
    page = fetch(board_listing(world.actor(user), on, {}), world.actor(user), {})
    return {row.name[:2]: row for row in page.rows}, page


@pytest.mark.row("G06")
def test_both_sides_see_the_same_pace(world):
    booked(world, 7_200_000, date(2026, 7, 20))
    on = date(2026, 8, 14)  # day 45 of 92
    ours, page = board_rows(world, "cm", on)
    assert set(ours) == {"D1", "D2", "D3", "D4"}
    assert (ours["D1"].done, ours["D1"].gone, ours["D1"].lead) == (
        Decimal("60"), Decimal("48.9"), Decimal("11.1"),
    )  # fmt: skip
    assert ours["D1"].forecast == 14_720_000
    assert page.totals["CNY"]["target"] == 48_000_000
    theirs, _page = board_rows(world, "d1", on)
    assert set(theirs) == {"D1"}
    assert tuple(theirs["D1"]) == tuple(ours["D1"])


@pytest.mark.row("G06")
def test_the_board_asks_the_same_of_any_house(world, count_sql):
    booked(world, 100, END, "D4")
    count_sql.clear()
    board_rows(world, "cm", END)
    few = len(count_sql)
    for day in range(1, 20):
        booked(world, 100, date(2026, 8, day), "D4")
    count_sql.clear()
    board_rows(world, "cm", END)
    assert len(count_sql) == few


def history(world) -> None:
    """D1 bought 600,000 in the year before, its peers D3 and D4 200,000 each."""
    for code, fen in (("D1", 60_000_000), ("D3", 20_000_000), ("D4", 20_000_000)):
        booked(world, fen, date(2025, 12, 5), code)


def plan(world, total: int, code: str = "D1", reason: str = "", by: str = "cm") -> int:
    facts = PlanFacts(2026, total, Weights((20, 30, 30, 20)), reason)
    return service.draft_plan(world.actor(by), world.distributor(code), facts)


@pytest.mark.row("G02")
def test_growth_beyond_the_peers_needs_a_reason_that_is_kept(world):
    history(world)
    for code, total in (("D3", 22_000_000), ("D4", 22_800_000)):  # +10 % and +14 %
        service.submit_plan(world.actor("cm"), plan(world, total, code))
    mine = plan(world, 108_000_000)  # +80 %
    with pytest.raises(Refused) as refused:
        service.submit_plan(world.actor("cm"), mine)
    codes = [f.code for f in refused.value.findings]
    assert codes == ["target.unreasonable", "target.reason_needed"]
    facts = refused.value.findings[0].facts
    assert (str(facts["growth"]), str(facts["peers"])) == ("80 %", "12 %")
    service.submit_plan(world.actor("cm"), mine, "新开三家连锁超市")
    kept = db.session.get_one(TargetPlan, mine)
    assert (kept.state, kept.reason) == ("review", "新开三家连锁超市")
    grounds = targets_plans.grounds_from_json(kept.grounds)
    assert grounds.is_unreasonable
    assert [(p.code, str(p.growth)) for p in grounds.peers] == [("D3", "10 %"), ("D4", "14 %")]


@pytest.mark.row("G02")
def test_growth_within_the_bound_needs_none(world):
    history(world)
    mine = plan(world, 70_000_000)
    service.submit_plan(world.actor("cm"), mine)
    assert db.session.get_one(TargetPlan, mine).state == "review"


@pytest.mark.row("G02", "G03")
def test_a_second_person_signs_and_the_last_signature_counts(world):
    mine = plan(world, 100_000_000)
    service.submit_plan(world.actor("cm"), mine)
    with pytest.raises(Refused, match="own_plan"):
        service.sign_plan(world.actor("cm"), mine)
    with pytest.raises(Forbidden):
        service.sign_plan(world.actor("fin"), mine)
    service.sign_plan(world.actor("cm2"), mine)
    kept = db.session.get_one(TargetPlan, mine)
    assert kept.state == "signed"
    assert sum(fen for _p, _g, fen in kept.parts) == 100_000_000
    again = plan(world, 90_000_000)
    service.submit_plan(world.actor("cm"), again)
    service.sign_plan(world.actor("boss"), again)
    assert db.session.get_one(TargetPlan, mine, populate_existing=True).state == "superseded"


@pytest.mark.row("G03")
def test_the_signed_plan_fills_the_draft_of_an_agreement(world):
    mine = plan(world, 100_000_000)
    version = db.session.scalars(
        sa.select(AgreementVersion)
        .join(Agreement)
        .where(Agreement.distributor_id == world.distributor("D1"))
    ).one()
    new = agreements.amend_agreement(world.actor("cm"), version.id, date(2026, 12, 1), "目标")
    with pytest.raises(Refused, match="not_signed"):
        service.put_into_draft(world.actor("cm"), mine, new)
    service.submit_plan(world.actor("cm"), mine)
    service.sign_plan(world.actor("cm2"), mine)
    with pytest.raises(Refused, match="not_draft"):
        service.put_into_draft(world.actor("cm"), mine, version.id)
    assert service.put_into_draft(world.actor("cm"), mine, new) == 1
    terms = rules.from_json(db.session.get_one(AgreementVersion, new).terms)
    assert terms.targets == (Target(Period.quarter(2026, 4), frozenset(), 20_000_000),)


def test_a_plan_sent_back_can_be_changed_and_a_distributor_sees_signed_ones(world):
    from channel.access import NotVisible

    mine = plan(world, 100_000_000)
    service.submit_plan(world.actor("cm"), mine)
    with pytest.raises(Refused, match="why_needed"):
        service.send_back_plan(world.actor("cm2"), mine, " ")
    service.send_back_plan(world.actor("cm2"), mine, "第三季度偏高")
    facts = PlanFacts(2026, 90_000_000, Weights((25, 25, 25, 25)))
    service.save_plan(world.actor("cm"), mine, facts)
    with pytest.raises(NotVisible):
        targets_plans.get_plan(world.actor("d1"), mine)
    service.submit_plan(world.actor("cm"), mine)
    service.sign_plan(world.actor("cm2"), mine)
    assert targets_plans.get_plan(world.actor("d1"), mine).total_fen == 90_000_000
    with pytest.raises(NotVisible):
        targets_plans.get_plan(world.actor("d2"), mine)

"""What the house says against a version before it is approved, its calendar, exit and expiry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.agreements import AgreementVersion, ExitQuotation, Obligation
from channel.models.rebates import RebatePolicy
from channel.models.receivables import Invoice
from channel.queries import agreements as reads
from channel.queries import listing
from channel.queries.agreements_calendar import entries
from channel.queries.agreements_lists import expiring_listing, obligations_listing
from channel.services import agreements, agreements_duties, exceptions, rebates
from channel.services.agreements import Draft
from channel.services.steps import agreement_papers
from channel.services.steps.agreements import check_version
from contracts.agreement import Commitment
from contracts.agreement import Obligation as Duty
from contracts.obligations import counts
from contracts.territory import Territory
from contracts.values.findings import Severity
from contracts.values.periods import Period
from contracts.values.rates import Rate
from tests.builders import an_application, an_order, delivered, paid
from tests.services.rebate_trade import an_approved_policy, some_terms
from tests.services.test_agreements import (
    NEXT_YEAR,
    a_version,
    first_version,
    signed,
    the_version,
    words_on,
)
from tests.services.test_exceptions import refusal

pytestmark = pytest.mark.database


def amended(world, valid_from, *, code="D1", valid_to=None, **changes):
    """A draft amendment of a distributor's first version, with other terms."""
    new = agreements.amend_agreement(
        world.actor("cm"), first_version(world, code), valid_from, "调整", valid_to
    )
    row = the_version(new)
    terms = replace(agreements.rules.from_json(row.terms), **changes)
    draft = Draft(row.valid_from, row.valid_to, terms, row.reason)
    agreements.save_draft(world.actor("cm"), new, draft)
    return new


def findings(version):
    return {f.code: f for f in check_version(the_version(version))}


@pytest.mark.row("A17")
def test_an_amendment_over_invoiced_days_says_how_many_and_up_to_when(world):
    delivered(world, "D1", date(2026, 10, 5), A=200)
    last = delivered(world, "D1", date(2026, 11, 3), A=200)
    found = findings(amended(world, date(2026, 10, 1)))["agreement.rejudges_invoices"]
    number = db.session.get_one(Invoice, last).number
    assert found.severity is Severity.WARN
    assert (found.facts["count"], found.facts["number"], found.facts["last"]) == (
        2,
        number,
        date(2026, 11, 3),
    )
    assert "agreement.rejudges_invoices" not in findings(amended(world, date(2026, 11, 4)))


@pytest.mark.row("A17")
def test_a_settled_rebate_period_refuses_other_targets_and_keeps_other_clauses_free(world):
    delivered(world, "D1", date(2026, 8, 5), A=200)
    with clock.at(date(2026, 10, 12)):
        run = rebates.propose(world.actor("fin"), Period.quarter(2026, 3))
        rebates.review(world.actor("fin"), run)
        rebates.post(world.actor("fin2"), run)
    inside = amended(world, date(2026, 9, 1), rebate_policies=())
    found = findings(inside)["agreement.rejudges_statements"]
    assert (found.facts["period"], found.facts["first"]) == ("2026Q3", date(2026, 10, 1))
    assert "agreement.rejudges_statements" in refusal(
        agreements.submit_version, world.actor("cm"), inside
    )
    assert "agreement.rejudges_statements" not in findings(
        amended(world, date(2026, 10, 1), rebate_policies=())
    )
    assert "agreement.rejudges_statements" not in findings(
        amended(world, date(2026, 9, 1), min_shipment_fen=800_000)
    )


@pytest.mark.row("A02")
def test_after_a_dated_relaxation_the_neighbour_s_old_claim_holds_again(world):
    signed(world, amended(world, date(2026, 10, 1), valid_to=date(2026, 12, 1),
                          territory=Territory(frozenset({"511100"}))))  # fmt: skip
    place = Territory(frozenset({"511000"}), frozenset({"511083"}))
    start = date(2026, 10, 1)
    free = a_version(world, "D3", (start, date(2026, 12, 1)), targets=(), territory=place)
    assert "territory.overlap" not in findings(free)
    longer = a_version(world, "D3", (start, date(2026, 12, 2)), targets=(), territory=place)
    overlap = findings(longer)["territory.overlap"]
    assert overlap.facts["contract"] == "CX-2026-D1"


def test_holes_of_a_named_policy_are_told_before_approval(world):
    policy = db.session.scalars(sa.select(RebatePolicy)).one()
    terms = dict(policy.terms)
    terms["tiers"] = terms["tiers"][1:]
    policy.terms = terms
    db.session.commit()
    assert "rebate.nothing_below" in findings(a_version(world))


def test_an_unknown_group_of_the_mix_is_refused(world):
    from contracts.agreement import MixRule

    version = a_version(world, mix=(MixRule("ZZ", Rate.percent(30)),))
    assert refusal(agreements.submit_version, world.actor("cm"), version) == [
        "agreement.unknown_group"
    ]


@pytest.mark.row("A15")
def test_the_duties_of_the_terms_become_rows_and_what_was_done_stays_done(world):
    licence, photo = Duty("营业执照", date(2027, 3, 31)), Duty("陈列照片", date(2027, 2, 1))
    first = signed(world, a_version(world, obligations=(licence, photo)))
    row = db.session.scalars(sa.select(Obligation).where(Obligation.text == "营业执照")).one()
    agreements_duties.fulfil_obligation(world.actor("d1"), row.id, "扫描件")
    new = agreements.amend_agreement(world.actor("cm"), first, NEXT_YEAR[0], "去掉照片")
    terms = replace(agreements.rules.from_json(the_version(new).terms), obligations=(licence,))
    agreements.save_draft(world.actor("cm"), new, Draft(*NEXT_YEAR, terms, "去掉照片"))
    signed(world, new)
    states = dict(db.session.execute(sa.select(Obligation.text, Obligation.state)).all())
    assert states == {"营业执照": "fulfilled", "陈列照片": "dropped"}


@pytest.mark.row("A15")
def test_an_open_duty_is_overdue_in_the_list_from_the_day_after(world):
    signed(world, a_version(world, obligations=(Duty("营业执照", date(2027, 3, 31)),)))
    for day, state in ((date(2027, 3, 31), "open"), (date(2027, 4, 1), "overdue")):
        with clock.at(day):
            rows = listing.stream(obligations_listing(), world.actor("d1"), {"state": state})
            assert [r.text for r in rows] == ["营业执照"], day
    assert refusal(
        agreements_duties.fulfil_obligation,
        world.actor("d1"),
        db.session.scalars(sa.select(Obligation.id)).one(),
        " ",
    ) == ["obligation.evidence_needed"]


@pytest.mark.row("A20")
def test_the_october_of_d1_counts_what_the_source_lists_hold(world):
    old = delivered(world, "D1", date(2026, 7, 6), A=200)  # exchange until 10-04
    paid(world, "D1", db.session.get_one(Invoice, old).gross_fen, date(2026, 8, 1))
    delivered(world, "D1", date(2026, 9, 10), A=200)  # pay by 10-10, a working Saturday
    delivered(world, "D2", date(2026, 9, 10), A=200)
    month = Period.month(2026, 10)
    found = entries(world.actor("d1"), month)
    assert {k: n for k, n in counts(e.duty for e in found).items() if n} == {
        "target": 1,
        "report": 1,
        "receivable": 1,
        "exchange": 1,
    }
    days = {e.duty.source: e.duty.on for e in found}
    assert days["exchange"] == date(2026, 10, 4)
    assert days["receivable"] == date(2026, 10, 10)
    assert days["report"] == date(2026, 10, 13)
    chosen = entries(world.actor("cm"), month, world.distributor("D1"))
    assert [e.duty for e in chosen] == [e.duty for e in found]
    house = entries(world.actor("cm"), month)
    everybody = [entries(world.actor("cm"), month, i) for i in world.distributors.values()]
    assert len(house) == sum(len(own) for own in everybody)


@pytest.mark.row("A20")
def test_the_calendar_asks_as_many_statements_of_a_full_house(world, count_sql):
    def asked():
        db.session.expire_all()
        count_sql.clear()
        entries(world.actor("cm"), Period.month(2026, 10))
        return len(count_sql)

    empty = asked()
    for code in ("D1", "D2", "D3", "D4"):
        delivered(world, code, date(2026, 9, 10), A=200)
    assert asked() == empty


@pytest.mark.row("A19")
def test_the_exit_quotation_shows_its_working_to_both(world):
    commitment = Commitment(24, 16_000_000, Rate.percent(5))
    version = signed(world, a_version(world, commitment=commitment))
    with clock.at(date(2027, 5, 3)):
        delivered(world, "D1", date(2027, 5, 3), A=200)  # ¥20,000.00 bought
    with clock.at(date(2027, 10, 20)):
        found = agreements_duties.quote_exit(
            the_version(version), date(2027, 10, 20), date(2027, 10, 20)
        )
        assert (found.month_no, found.remaining_fen, found.charge_fen) == (10, 14_000_000, 700_000)
        agreements_duties.issue_quotation(world.actor("cm"), version, date(2027, 10, 20))
    row = db.session.scalars(sa.select(ExitQuotation)).one()
    assert (row.bought_fen, row.charge_fen) == (2_000_000, 700_000)


@pytest.mark.row("A21")
def test_an_agreement_is_listed_90_60_and_30_days_before_its_end(world):
    def listed(day):
        with clock.at(day):
            rows = listing.stream(expiring_listing(), world.actor("cm"), {})
            return {r.number: r.within for r in rows}

    assert listed(date(2026, 10, 2)) == {}
    near = listed(date(2026, 10, 3))
    assert near["CX-2026-D1"] == "90"
    assert listed(date(2026, 11, 2))["CX-2026-D1"] == "60"
    assert listed(date(2026, 12, 2))["CX-2026-D1"] == "30"


@pytest.mark.row("A21")
def test_a_renewal_is_linked_and_takes_the_agreement_off_the_list(world):
    old = first_version(world)
    new = agreements.amend_agreement(world.actor("cm"), old, date(2027, 1, 1), "续签")
    row = the_version(new)
    assert (row.origin, row.based_on_id) == ("renewal", old)
    assert (row.valid_from, row.valid_to) == NEXT_YEAR
    with clock.at(date(2026, 12, 2)):
        [line] = [
            r
            for r in listing.stream(expiring_listing(), world.actor("cm"), {})
            if r.number == "CX-2026-D1"
        ]
        assert line.prepared == "draft"
    signed(world, new)
    with clock.at(date(2026, 12, 2)):
        numbers = [r.number for r in listing.stream(expiring_listing(), world.actor("cm"), {})]
    assert "CX-2026-D1" not in numbers
    assert words_on(old, date(2027, 1, 1)) == ["expired"]


@pytest.mark.row("A21")
def test_after_the_end_an_order_is_refused_for_want_of_a_contract(world):
    with clock.at(date(2027, 1, 1)):
        from channel.models.orders import Order

        order = db.session.get_one(Order, an_order(world, "D1", date(2027, 1, 1), A=200))
    assert "agreement.none_in_force" in [f["code"] for f in order.verdict["findings"]]


@pytest.mark.row("A17")
def test_a_relaxation_to_45_days_ends_with_the_year(world):
    """Shipped 12-31 is due 45 days later, shipped 01-01 is due 30 days later."""
    first = first_version(world)
    renewal = signed(
        world, agreements.amend_agreement(world.actor("cm"), first, date(2027, 1, 1), "续签")
    )
    terms = agreements.rules.from_json(the_version(first).terms)
    longer = replace(terms.payment, days=45)
    signed(
        world,
        amended(world, date(2026, 10, 1), valid_to=date(2027, 1, 1), payment=longer),
    )
    due = {}
    for day in (date(2026, 12, 31), date(2027, 1, 1)):
        with clock.at(day):
            invoice = db.session.get_one(Invoice, delivered(world, "D1", day, A=200))
            due[day] = (invoice.due_date - day).days
    assert due == {date(2026, 12, 31): 45, date(2027, 1, 1): 30}
    assert reads.ruling_version(world.distributor("D1"), date(2027, 1, 1))[0].id == renewal


def test_stored_hashes_prove_what_was_approved(world):
    for row in db.session.scalars(sa.select(AgreementVersion)):
        assert row.terms_hash == reads.text_hash(row)


@pytest.mark.row("A17")
def test_a_page_asks_as_many_statements_of_many_amendments_as_of_one(world, sign_in, count_sql):
    def asked():
        client = sign_in("cm")
        path = f"/agreements/{first_version(world)}"
        client.get(path)
        db.session.remove()
        count_sql.clear()
        client.get(path)
        return len(count_sql)

    signed(world, amended(world, date(2026, 12, 1), min_shipment_fen=900_000))
    one = asked()
    for fen in (800_000, 700_000, 600_000):
        signed(world, amended(world, date(2026, 12, 2), min_shipment_fen=fen))
    assert asked() == one


@pytest.mark.row("A17")
def test_an_amendment_takes_the_words_that_rule_on_its_first_day(world):
    first = first_version(world)
    lower = signed(world, amended(world, date(2026, 10, 1), min_shipment_fen=800_000))
    new = agreements.amend_agreement(world.actor("cm"), first, date(2026, 12, 1), "再调整")
    assert the_version(new).based_on_id == lower
    assert the_version(new).terms["min_shipment_fen"] == 800_000
    assert "agreement.replaces" not in findings(new)
    over_all = agreements.amend_agreement(world.actor("cm"), first, date(2026, 9, 1), "全年")
    assert the_version(over_all).based_on_id == first
    assert findings(over_all)["agreement.replaces"].facts["versions"] == ("v2",)


@pytest.mark.row("A18")
def test_a_buy_out_refuses_an_exchange_by_its_type_and_others_do_not(world):
    buyout = replace(
        agreements.rules.from_json(the_version(first_version(world, "D3")).terms).duties,
        exchange_window_days=0,
    )
    signed(world, amended(world, date(2026, 12, 1), code="D3", kind="buyout", duties=buyout))
    wish = {
        "type": "exchange",
        "asked": {"extra_days": 10},
        "valid_from": date(2026, 12, 1),
        "valid_to": date(2026, 12, 31),
    }
    assert refusal(
        exceptions.request_exception, world.actor("rep"), an_application(world, "D3", **wish)
    ) == ["exchange.by_type"]
    exceptions.request_exception(world.actor("rep"), an_application(world, "D1", **wish))


@pytest.mark.row("C05", "E01")
def test_a_contract_prints_its_policies_read_aloud(world):
    """The clause lists every term of each policy named, in both languages."""
    version = the_version(first_version(world, "D1"))
    [clause] = [c for c in agreement_papers.contract_doc(version)["clauses"] if c["number"] == 3]
    [zh] = [line for line in clause["zh"] if line.startswith("政策 QTR：")]
    [en] = [line for line in clause["en"] if line.startswith("Policy QTR: ")]
    for term in ("计算基数为当期开票金额（不含税）。", "满 ¥200,000.00 及以上：3 %。", "举例："):
        assert term in zh
    assert "The rebate is settled every quarter." in en
    assert "%(" not in zh + en


@pytest.mark.row("C05", "M02")
def test_two_policies_of_one_agreement_on_the_same_lines_are_told(world):
    """P1 pays what QTR pays; a target policy without a target is told as well."""
    an_approved_policy(world, some_terms("P1", gauge="attainment"))
    both = amended(world, date(2026, 12, 1), rebate_policies=("P1", "QTR"), targets=())
    found = findings(both)
    assert found["rebate.pays_same_lines"].facts["policies"] == ("QTR",)
    assert found["rebate.target_missing"].facts["policy"] == "P1"
    one = findings(amended(world, date(2026, 12, 1), code="D3", rebate_policies=("QTR",)))
    assert "rebate.pays_same_lines" not in one

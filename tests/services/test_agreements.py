"""Agreements: complete before submission, approved by a second person, in force by date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import Forbidden
from channel.db import db
from channel.demo.world import terms_for
from channel.models.agreements import AgreementVersion, TerritoryGrant
from channel.models.orders import Order
from channel.queries import agreements as reads
from channel.queries import listing
from channel.services import agreements
from channel.services.agreements import Draft
from channel.services.work import Refused
from contracts.agreement import Action
from contracts.territory import Territory
from tests.builders import an_order
from tests.services.test_exceptions import refusal

pytestmark = pytest.mark.database

NEXT_YEAR = (date(2027, 1, 1), date(2028, 1, 1))


def a_version(world, code="D1", span=NEXT_YEAR, number="", **changes):
    terms = replace(terms_for(code, *span), **changes)
    return agreements.draft_agreement(
        world.actor("cm"), world.distributor(code), Draft(*span, terms, ""), number=number
    )


def the_version(version_id):
    return db.session.get_one(AgreementVersion, version_id, populate_existing=True)


@pytest.mark.row("A00")
def test_without_a_price_list_the_submission_names_clause_2(world):
    version = a_version(world, price_book=None)
    with pytest.raises(Refused) as refused:
        agreements.submit_version(world.actor("cm"), version)
    [finding] = refused.value.findings
    assert (finding.code, finding.facts["number"]) == ("agreement.clause_missing", 2)
    assert the_version(version).state == "draft"


@pytest.mark.row("A00")
def test_approved_now_in_force_on_its_first_day_and_not_before(world):
    version = a_version(world)
    agreements.submit_version(world.actor("cm"), version)
    agreements.approve_version(world.actor("cm2"), version)
    row = the_version(version)
    words = [
        reads.standing(row, d)
        for d in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1))
    ]
    assert words == ["approved", "in_force", "in_force", "expired"]


@pytest.mark.row("A00")
def test_nobody_approves_a_version_of_their_own(world):
    version = a_version(world)
    agreements.submit_version(world.actor("cm"), version)
    assert refusal(agreements.approve_version, world.actor("cm"), version) == [
        "agreement.own_version"
    ]


@pytest.mark.row("A02")
def test_a_second_owner_of_the_area_is_refused_by_name(world):
    span = (date(2026, 6, 1), date(2026, 12, 1))
    version = a_version(world, "D3", span, territory=Territory(frozenset({"511000"})), targets=())
    with pytest.raises(Refused) as refused:
        agreements.submit_version(world.actor("cm"), version)
    assert {f.code for f in refused.value.findings} == {"territory.overlap"}
    # D1 holds the prefecture and D2 a county of it.
    named = {f.facts["contract"] for f in refused.value.findings}
    assert named == {"CX-2026-D1", "CX-2026-D2"}
    later = a_version(
        world, "D3", NEXT_YEAR, territory=Territory(frozenset({"511000"})), targets=()
    )
    agreements.submit_version(world.actor("cm"), later)  # other dates: no conflict


@pytest.mark.row("A17")
def test_an_amendment_takes_over_on_its_day_and_the_old_words_stay(world):
    old = db.session.scalar(sa.select(AgreementVersion.id).order_by(AgreementVersion.id).limit(1))
    new = agreements.amend_agreement(world.actor("cm"), old, date(2026, 10, 1), "旺季放宽账期")
    row = the_version(new)
    terms = agreements.rules.from_json(row.terms)
    longer = replace(terms, payment=replace(terms.payment, days=45))
    agreements.save_draft(
        world.actor("cm"), new, Draft(row.valid_from, row.valid_to, longer, row.reason)
    )
    agreements.submit_version(world.actor("cm"), new)
    agreements.approve_version(world.actor("boss"), new)
    days = []
    for on in (date(2026, 9, 30), date(2026, 10, 1)):
        ruling, _last = reads.ruling_version(world.distributor("D1"), on)
        days.append(agreements.rules.from_json(ruling.terms).payment.days)
    assert days == [30, 45]
    spans = db.session.execute(
        sa.select(TerritoryGrant.valid_from, TerritoryGrant.valid_to)
        .where(
            TerritoryGrant.distributor_id == world.distributor("D1"),
            TerritoryGrant.division_code == "511000",
        )
        .order_by(TerritoryGrant.valid_from)
    ).all()
    assert spans == [
        (date(2026, 1, 1), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2027, 1, 1)),
    ]


def test_an_approved_version_cannot_be_edited(world):
    approved = db.session.scalar(
        sa.select(AgreementVersion.id).where(AgreementVersion.state == "approved").limit(1)
    )
    draft = Draft(*NEXT_YEAR, terms_for("D1", *NEXT_YEAR))
    assert refusal(agreements.save_draft, world.actor("cm"), approved, draft) == [
        "agreement.not_draft"
    ]


def test_terminating_frees_the_territory(world):
    version = db.session.scalar(
        sa.select(AgreementVersion.id).order_by(AgreementVersion.id).limit(1)
    )
    agreements.stop_or_end(
        world.actor("boss"), version, Action.TERMINATE, date(2026, 11, 21), "解除合同"
    )
    left = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(TerritoryGrant)
        .where(
            TerritoryGrant.distributor_id == world.distributor("D1"),
            TerritoryGrant.valid_to > date(2026, 11, 21),
        )
    )
    assert left == 0
    assert reads.ruling_version(world.distributor("D1"), date(2026, 11, 21))[0] is None


def signed(world, version):
    agreements.submit_version(world.actor("cm"), version)
    agreements.approve_version(world.actor("cm2"), version)
    return version


def stop(world, version, act, on, reason="整改"):
    agreements.stop_or_end(world.actor("cm2"), version, act, on, reason)


def words_on(version, *days):
    row = the_version(version)
    return [reads.standing(row, day) for day in days]


def first_version(world, code="D1"):
    return db.session.scalar(
        sa.select(AgreementVersion.id)
        .join(AgreementVersion.agreement)
        .where(AgreementVersion.agreement.has(distributor_id=world.distributor(code)))
        .order_by(AgreementVersion.id)
        .limit(1)
    )


@pytest.mark.row("A00")
def test_a_suspended_agreement_stops_orders_until_it_is_resumed(world):
    version = first_version(world)
    stop(world, version, Action.SUSPEND, date(2026, 11, 1))
    assert words_on(version, date(2026, 10, 31), date(2026, 11, 1)) == ["in_force", "suspended"]
    order = db.session.get_one(Order, an_order(world, "D1", date(2026, 11, 21), A=100))
    [finding] = [f for f in order.verdict["findings"] if f["code"] == "agreement.suspended"]
    assert order.state == "refused"
    assert finding["facts"]["since"] == {"date": "2026-11-01"}
    stop(world, version, Action.RESUME, date(2026, 11, 21), "已整改")
    assert (
        db.session.get_one(Order, an_order(world, "D1", date(2026, 11, 21), A=100)).state
        == "confirmed"
    )


@pytest.mark.row("A00")
def test_a_suspended_agreement_keeps_its_territory(world):
    version = first_version(world)
    stop(world, version, Action.SUSPEND, date(2026, 11, 1))
    other = a_version(world, "D3", (date(2026, 12, 1), date(2027, 1, 1)), targets=(),
                      territory=Territory(frozenset({"511000"})))  # fmt: skip
    assert "territory.overlap" in refusal(agreements.submit_version, world.actor("cm"), other)


@pytest.mark.row("A00")
def test_a_terminated_agreement_binds_until_the_day_before(world):
    version = first_version(world)
    assert refusal(
        agreements.stop_or_end, world.actor("cm2"), version, Action.TERMINATE,
        date(2026, 11, 20), "违约",
    ) == ["agreement.ends_in_the_past"]  # fmt: skip
    stop(world, version, Action.TERMINATE, date(2026, 12, 1))
    assert words_on(version, date(2026, 11, 30), date(2026, 12, 1)) == ["in_force", "terminated"]
    ruling = [reads.ruling_version(world.distributor("D1"), d)[0] for d in
              (date(2026, 11, 30), date(2026, 12, 1))]  # fmt: skip
    assert [v and v.id for v in ruling] == [version, None]
    ends = db.session.scalars(
        sa.select(TerritoryGrant.valid_to).where(TerritoryGrant.version_id == version)
    )
    assert set(ends) == {date(2026, 12, 1)}


@pytest.mark.row("A00")
def test_stopping_and_ending_need_a_reason_and_the_approvers_desk(world):
    version = first_version(world)
    assert refusal(
        agreements.stop_or_end, world.actor("cm2"), version, Action.SUSPEND, date(2026, 12, 1), " "
    ) == ["agreement.reason_needed"]
    with pytest.raises(Forbidden):
        agreements.stop_or_end(
            world.actor("rep"), version, Action.SUSPEND, date(2026, 12, 1), "理由"
        )


@pytest.mark.row("A00", "A17")
def test_a_dated_amendment_rules_in_its_dates_and_the_earlier_version_before_and_after(world):
    old = first_version(world)
    new = agreements.amend_agreement(
        world.actor("cm"), old, date(2026, 10, 1), "旺季放宽", date(2026, 12, 1)
    )
    signed(world, new)
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 11, 30), date(2026, 12, 1)]
    ruling = [reads.ruling_version(world.distributor("D1"), d)[0] for d in days]
    assert [v.id for v in ruling if v] == [old, new, new, old]
    assert words_on(old, *days) == ["in_force", "superseded", "superseded", "in_force"]
    assert words_on(new, *days) == ["approved", "in_force", "in_force", "expired"]
    spans = db.session.execute(
        sa.select(TerritoryGrant.version_id, TerritoryGrant.valid_from, TerritoryGrant.valid_to)
        .where(
            TerritoryGrant.distributor_id == world.distributor("D1"),
            TerritoryGrant.division_code == "511000",
        )
        .order_by(TerritoryGrant.valid_from)
    ).all()
    assert [tuple(s) for s in spans] == [
        (old, date(2026, 1, 1), date(2026, 10, 1)),
        (new, date(2026, 10, 1), date(2026, 12, 1)),
        (old, date(2026, 12, 1), date(2027, 1, 1)),
    ]


@pytest.mark.row("A00")
def test_lists_say_the_same_word_as_the_record(world):
    old = first_version(world)
    signed(world, agreements.amend_agreement(
        world.actor("cm"), old, date(2026, 10, 1), "放宽", date(2026, 12, 1)))  # fmt: skip
    stop(world, first_version(world, "D2"), Action.SUSPEND, date(2026, 11, 1))
    stop(world, first_version(world, "D3"), Action.TERMINATE, date(2026, 12, 15))
    agreements.amend_agreement(world.actor("cm"), first_version(world, "D4"), NEXT_YEAR[0], "续签")
    for day in (date(2026, 10, 31), date(2026, 11, 21), date(2026, 12, 15), date(2027, 1, 1)):
        with clock.at(day):
            listed = {
                row.id: row.standing
                for row in listing.stream(reads.versions_listing(), world.actor("cm"), {})
            }
        rows = db.session.scalars(sa.select(AgreementVersion)).all()
        assert listed == {row.id: reads.standing(row, day) for row in rows}


def test_a_copy_for_another_distributor_has_the_words_and_no_territory(world):
    old = first_version(world)
    copied = the_version(
        agreements.copy_agreement(world.actor("cm"), old, world.distributor("D3"), *NEXT_YEAR)
    )
    assert (copied.origin, copied.based_on_id, copied.state) == ("copy", old, "draft")
    assert copied.agreement.distributor_id == world.distributor("D3")
    assert copied.terms["territory"]["includes"] == []
    assert copied.terms["price_book"] == the_version(old).terms["price_book"]

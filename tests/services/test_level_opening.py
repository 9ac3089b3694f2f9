"""Closed levels and full areas: opened by exception, carved out by date, counted against caps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.demo.world import terms_for
from channel.models.audit import AuditEntry
from channel.models.exceptions import ExceptionRequest
from channel.models.outcomes import OutcomeReview
from channel.queries import caps as cap_reads
from channel.queries import territory_holders
from channel.services import agreements, caps, exceptions, orders, outcomes
from channel.services.agreements import Draft
from channel.services.steps import judging
from channel.services.steps.pricing import Wanted
from contracts.territory import Territory, covers
from tests.builders import an_application, an_approved_exception
from tests.services.test_exceptions import refusal

pytestmark = pytest.mark.database

OPENED = date(2026, 12, 1)
UNTIL = date(2027, 1, 1)
PLACE = "511002"  # 市中区, a county-level division of 内江


def a_version(world, code="D3", places=(PLACE,), span=(OPENED, UNTIL), goods=frozenset()):
    terms = replace(
        terms_for(code, *span), territory=Territory(frozenset(places)), targets=(), goods=goods
    )
    return agreements.draft_agreement(
        world.actor("cm"), world.distributor(code), Draft(*span, terms, "")
    )


def an_opening(world, code="D3", place=PLACE, span=(OPENED, UNTIL), **more):
    wish = an_application(
        world,
        code,
        type="level",
        asked={"division_code": place},
        valid_from=span[0],
        valid_to=span[1],
        review_on=(OPENED,) if span[0] < OPENED else None,
        **more,
    )
    return an_approved_exception(world, wish, signers=("cm2", "boss"))


def holders(world, on, place=PLACE):
    found = territory_holders.holders(world.actor("cm"), [place], on)[place]
    return sorted(h.distributor_id for h in found)


@pytest.mark.row("D05")
def test_a_county_is_refused_while_counties_are_closed_and_passes_when_opened(world):
    version = a_version(world)
    # D1 holds the county through its prefecture: both reasons are told at once.
    assert set(refusal(agreements.submit_version, world.actor("cm"), version)) == {
        "agreement.level_closed",
        "territory.overlap",
    }
    an_opening(world)
    agreements.submit_version(world.actor("cm"), version)
    agreements.approve_version(world.actor("cm2"), version)


@pytest.mark.row("D05")
def test_the_county_leaves_the_prefecture_on_its_day_and_not_earlier(world):
    d1, d3 = world.distributor("D1"), world.distributor("D3")
    version = a_version(world)
    an_opening(world)
    agreements.submit_version(world.actor("cm"), version)
    agreements.approve_version(world.actor("cm2"), version)
    assert holders(world, date(2026, 11, 30)) == [d1]
    assert holders(world, OPENED) == [d3]
    # The ship-to check reads the same days.
    tree = {PLACE: "511000", "511000": "510000", "510000": None}
    for on, mine in ((date(2026, 11, 30), True), (OPENED, False), (date(2026, 12, 31), False)):
        terms = judging.ground_on(d1, on).terms
        assert terms is not None
        assert covers(terms.territory, PLACE, tree, on) is mine
    line = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == "agreement:carve_out")
    ).one()
    assert line.distributor_id == d1
    assert line.changes["division_code"] == PLACE
    assert line.changes["valid_from"] == OPENED.isoformat()


@pytest.mark.row("D05")
def test_the_incumbents_order_is_refused_from_the_day_on(world):
    an_opening(world)

    def an_order_on(on):
        draft = orders.Draft(
            world.distributor("D1"), on, world.ship_to("D1"), (Wanted(world.product("A"), 100),)
        )
        verdict, _lines = orders.preview(world.actor("cm"), draft)
        return [f["code"] for f in verdict["findings"] if f["severity"] == "block"]

    assert an_order_on(date(2026, 11, 30)) == []
    assert an_order_on(OPENED) == ["territory.outside"]


@pytest.mark.row("D05")
def test_an_opening_that_ends_before_the_contract_does_not_carry_it(world):
    an_opening(world, span=(OPENED, date(2026, 12, 15)))
    version = a_version(world)
    assert "agreement.level_closed" in refusal(
        agreements.submit_version, world.actor("cm"), version
    )


@pytest.mark.row("D05", "D06")
def test_ended_early_the_county_returns_but_not_while_a_contract_holds_it(world):
    request = an_opening(world, span=(date(2026, 11, 21), UNTIL))
    version = a_version(world, span=(OPENED, UNTIL))
    agreements.submit_version(world.actor("cm"), version)
    agreements.approve_version(world.actor("cm2"), version)
    review = db.session.scalars(
        sa.select(OutcomeReview.id).where(OutcomeReview.request_id == request)
    ).one()
    with clock.at(date(2026, 12, 2)):
        verdict = outcomes.Verdict("end", "成效不佳", ends_on=date(2026, 12, 10))
        assert refusal(outcomes.decide_review, world.actor("cm"), review, verdict) == [
            "outcome.still_held"
        ]


@pytest.mark.row("G01")
def test_the_cap_refuses_a_second_contract_that_exclusivity_allows(world):
    # D1 is amended to one group of goods, so that another group is free for exclusivity.
    old = cap_reads.newest_ids(["CX-2026-D1"])["CX-2026-D1"]
    new = agreements.amend_agreement(world.actor("cm"), old, OPENED, "只做酱类")
    row = agreements.agreements.get_version(world.actor("cm"), new)
    terms = replace(agreements.rules.from_json(row.terms), goods=frozenset({"SAUCE"}))
    agreements.save_draft(
        world.actor("cm"), new, Draft(row.valid_from, row.valid_to, terms, row.reason)
    )
    agreements.submit_version(world.actor("cm"), new)
    agreements.approve_version(world.actor("cm2"), new)
    hotpot = frozenset({"HOTPOT"})
    version = a_version(world, "D3", ("511000",), goods=hotpot)
    carved = replace(
        agreements.rules.from_json(
            agreements.agreements.get_version(world.actor("cm"), version).terms
        ),
        territory=Territory(frozenset({"511000"}), frozenset({"511083"})),
    )
    agreements.save_draft(world.actor("cm"), version, Draft(OPENED, UNTIL, carved, ""))
    caps.set_cap(world.actor("cm"), "511000", "prefecture", 1, date(2026, 11, 21))
    assert refusal(agreements.submit_version, world.actor("cm"), version) == ["territory.cap"]
    [standing] = cap_reads.standings(date(2026, 12, 5))
    assert (standing.contracts, standing.cap.most, standing.is_full) == (("CX-2026-D1",), 1, True)
    # An opening over the cap needs the view of those who are there.
    wish = an_application(
        world,
        "D3",
        type="level",
        asked={"division_code": "511000"},
        valid_from=OPENED,
        valid_to=UNTIL,
    )
    assert refusal(exceptions.request_exception, world.actor("cm"), wish) == [
        "exception.incumbents_needed"
    ]
    an_opening(world, place="511000", ground_incumbents="D1 同意火锅底料另设一家")
    agreements.submit_version(world.actor("cm"), version)
    agreements.approve_version(world.actor("cm2"), version)
    # The same area named by both: nothing is carved out of the incumbent.
    on = date(2026, 12, 5)
    assert holders(world, on, "511000") == sorted(
        [world.distributor("D1"), world.distributor("D3")]
    )


@pytest.mark.row("G01")
def test_caps_are_dated_and_never_reach_back(world):
    cm, today = world.actor("cm"), date(2026, 11, 21)
    assert refusal(caps.set_cap, cm, "511000", "prefecture", 1, date(2026, 11, 20)) == ["cap.past"]
    assert refusal(caps.set_cap, cm, "511083", "prefecture", 1, today) == ["cap.level"]
    caps.set_cap(cm, "511000", "prefecture", 1, today)
    caps.set_cap(cm, "511000", "prefecture", 3, OPENED)
    most = [cap_reads.standings(on)[0].cap.most for on in (today, date(2026, 11, 30), OPENED)]
    assert most == [1, 1, 3]


@pytest.mark.row("D05")
def test_the_trail_of_the_request_says_who_opened_it(world):
    request = an_opening(world)
    tags = db.session.scalars(
        sa.select(AuditEntry.tag)
        .where(
            AuditEntry.subject_kind == ExceptionRequest.__tablename__,
            AuditEntry.subject_id == request,
        )
        .order_by(AuditEntry.id)
    ).all()
    assert tags == ["exception:request", "exception:approve", "exception:approve"]


@pytest.mark.row("G01", "P01")
def test_a_distributor_is_not_told_who_holds_a_full_area(world):
    caps.set_cap(world.actor("cm"), "511000", "prefecture", 1, date(2026, 11, 21))
    wish = an_application(
        world,
        "D3",
        type="level",
        asked={"division_code": "511000"},
        valid_from=OPENED,
        valid_to=UNTIL,
    )
    assert refusal(exceptions.request_exception, world.actor("d3"), wish) == ["exception.area_full"]
    assert refusal(exceptions.request_exception, world.actor("cm"), wish) == [
        "exception.incumbents_needed"
    ]


@pytest.mark.row("D05", "D06")
def test_ended_early_the_county_is_the_incumbents_again_and_amendments_keep_the_cut(world):
    d1 = world.distributor("D1")
    request = an_opening(world, span=(date(2026, 11, 21), UNTIL))
    # The incumbent's agreement is amended meanwhile: what was opened stays out of it.
    old = cap_reads.newest_ids(["CX-2026-D1"])["CX-2026-D1"]
    new = agreements.amend_agreement(world.actor("cm"), old, date(2026, 11, 25), "补充约定")
    agreements.submit_version(world.actor("cm"), new)
    agreements.approve_version(world.actor("cm2"), new)
    assert holders(world, date(2026, 11, 24)) == holders(world, date(2026, 11, 26)) == []
    review = db.session.scalars(
        sa.select(OutcomeReview.id).where(OutcomeReview.request_id == request)
    ).one()
    with clock.at(date(2026, 12, 2)):
        verdict = outcomes.Verdict("end", "无人接手", ends_on=date(2026, 12, 10))
        assert outcomes.decide_review(world.actor("cm"), review, verdict) == "end"
    assert holders(world, date(2026, 12, 9)) == []
    assert holders(world, date(2026, 12, 10)) == [d1]
    tags = db.session.scalars(sa.select(AuditEntry.tag).where(AuditEntry.distributor_id == d1))
    assert {"agreement:carve_out", "agreement:carve_in"} <= set(tags)

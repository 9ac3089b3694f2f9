"""Outcome reviews: due, measured, decided by another person; the register sums (D06, D11)."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.exceptions import ExceptionRequest, Waiver
from channel.models.outcomes import OutcomeReview, WaiverEnd
from channel.models.partners import Distributor, ShipTo
from channel.queries import exceptions as register
from channel.queries import exceptions_board, listing
from channel.queries import outcomes as reads
from channel.services import exceptions, outcomes
from channel.services.outcomes import Verdict
from contracts.approval import ActKind
from credit.policy import CreditPolicy
from tests.builders import (
    a_credit_policy,
    a_shipment,
    an_application,
    an_approved_exception,
    an_order,
    delivered,
    the_shipment,
)
from tests.services.test_exceptions import refusal

pytestmark = pytest.mark.database

REVIEW = date(2026, 11, 21)


def in_neijiang(world, code, division):
    """Another distributor of 内江, outside of contracts: its trade came in as invoices."""
    other = Distributor(
        code=code,
        name=f"内江第{code}商行",
        division_code=division,
        currency="CNY",
        created_at=clock.now(),
        ship_tos=[ShipTo(name="仓库", division_code=division)],
    )
    db.session.add(other)
    db.session.commit()
    return other.id


def imported(distributor_id, fen, on=date(2026, 10, 10)):
    from channel.models.receivables import Invoice

    db.session.add(
        Invoice(
            number=f"IMP-{distributor_id}",
            kind="invoice",
            distributor_id=distributor_id,
            invoice_date=on,
            due_date=on,
            pay_by=on,
            currency="CNY",
            net_fen=fen,
            tax_fen=0,
            gross_fen=fen,
            created_at=clock.now(),
        )
    )
    db.session.commit()


def a_running_exception(world, **changes):
    """D2's minimum from 2026-07-01, with a forecast of 100,000 and a review today."""
    values = {"expected_sales_fen": 10_000_000, "review_on": (REVIEW,), **changes}
    request = an_approved_exception(world, an_application(world, **values), by="rep")
    review = db.session.scalars(
        sa.select(OutcomeReview.id)
        .where(OutcomeReview.request_id == request)
        .order_by(OutcomeReview.due_on)
    ).first()
    return request, review


@pytest.mark.row("D06")
def test_the_review_shows_rank_and_forecast(world):
    _request, review = a_running_exception(world)
    for on in (date(2026, 9, 10), date(2026, 10, 10), date(2026, 11, 10), date(2026, 11, 12)):
        world_limit(world)
        delivered(world, "D2", on, B=225)  # four times 45,000
    delivered(world, "D1", date(2026, 10, 10), B=750)  # 150,000
    imported(in_neijiang(world, "D9", "511024"), 9_000_000)
    outcome, period, comparison = reads.measure(
        reads.get_review(world.actor("cm"), review).request, REVIEW
    )
    assert (period.start, period.end) == (date(2026, 7, 1), REVIEW)
    assert comparison.parent == "511000"
    assert [p.sales_fen for p in comparison.peers] == [18_000_000, 15_000_000, 9_000_000]
    assert (outcome.rank, outcome.of) == (1, 3)
    assert (outcome.forecast_fen, outcome.actual_fen) == (10_000_000, 18_000_000)
    assert str(outcome.of_forecast) == "180.0"


def world_limit(world):
    """Unlimited credit for D2, so that its trade is not the matter here."""
    from channel.models.credit import CreditLimit

    if db.session.scalar(sa.select(CreditLimit.id).where(CreditLimit.reason == "review")):
        return
    db.session.add(
        CreditLimit(
            distributor_id=world.distributor("D2"),
            currency="CNY",
            kind="fixed",
            amount_fen=None,
            valid_from=date(2026, 2, 1),
            reason="review",
            proposed_at=clock.now(),
            approved_at=clock.now(),
        )
    )
    db.session.commit()
    a_credit_policy(policy=CreditPolicy())


@pytest.mark.row("D06")
def test_reviews_are_set_with_the_application_and_can_be_moved(world):
    wish = an_application(world)
    assert wish.review_on is None
    request = an_approved_exception(world, wish)
    days = [r.due_on for r in reads.reviews_of(request)]
    assert days == [date(2026, 9, 29), date(2027, 1, 1)]  # 90 days, and the end
    outcomes.set_reviews(world.actor("cm"), request, [date(2026, 11, 1), date(2027, 1, 1)])
    assert [r.due_on for r in reads.reviews_of(request)] == [date(2026, 11, 1), date(2027, 1, 1)]
    assert refusal(outcomes.set_reviews, world.actor("cm"), request, [date(2027, 1, 2)]) == [
        "exception.review_outside"
    ]


@pytest.mark.row("D06", "P02")
def test_a_review_due_waits_for_an_approver_who_did_not_ask(world):
    _request, review = a_running_exception(world)
    assert [r.id for r in reads.due_reviews(world.actor("cm"))] == [review]
    with clock.at(date(2026, 11, 20)):
        assert reads.due_reviews(world.actor("cm")) == []
        early = Verdict("keep", "好")
        assert refusal(outcomes.decide_review, world.actor("cm"), review, early) == [
            "outcome.too_early"
        ]
    assert refusal(outcomes.decide_review, world.actor("cm"), review, Verdict("keep", " ")) == [
        "outcome.reason_needed"
    ]
    outcomes.decide_review(world.actor("cm"), review, Verdict("keep", "达到预期", 2_000))
    assert reads.due_reviews(world.actor("cm")) == []
    row = db.session.get_one(OutcomeReview, review, populate_existing=True)
    assert row.figures["margin_bp"] == 2_000
    assert refusal(outcomes.decide_review, world.actor("boss"), review, Verdict("end", "x")) == [
        "outcome.decided"
    ]


@pytest.mark.row("D06")
def test_nobody_reviews_what_they_asked_for(world):
    request = exceptions.request_exception(
        world.actor("cm"), an_application(world, review_on=(REVIEW,))
    )
    exceptions.decide(world.actor("cm2"), request, ActKind.APPROVE)
    [review] = reads.reviews_of(request)
    assert refusal(outcomes.decide_review, world.actor("cm"), review.id, Verdict("keep", "x")) == [
        "outcome.own_request"
    ]


@pytest.mark.row("D06", "D10")
def test_end_closes_the_waiver_by_a_new_entry_and_the_waiver_stays_as_it_was(world):
    request, review = a_running_exception(world)
    small = the_shipment(a_shipment(world, an_order(world, "D2", A=60), code="D2"))
    assert small.state == "released"
    end = Verdict("end", "没有达到预期", ends_on=date(2026, 11, 25))
    outcomes.decide_review(world.actor("boss"), review, end)
    waiver = db.session.scalars(sa.select(Waiver).where(Waiver.request_id == request)).one()
    assert waiver.valid_to == date(2027, 1, 1)
    assert db.session.scalars(sa.select(WaiverEnd.ends_on)).one() == date(2026, 11, 25)
    for on, state in ((date(2026, 11, 24), "released"), (date(2026, 11, 25), "refused")):
        order = an_order(world, "D2", on, A=60)
        shipment = the_shipment(a_shipment(world, order, code="D2", on=on))
        assert shipment.state == state
    with pytest.raises(sa.exc.DatabaseError):
        db.session.execute(sa.update(WaiverEnd).values(ends_on=date(2026, 12, 1)))
    db.session.rollback()


@pytest.mark.row("D11")
def test_the_groups_of_every_view_sum_to_the_register(world):
    cm, fin = world.actor("cm"), world.actor("fin")
    an_approved_exception(world, an_application(world, max_uses=3))
    a_shipment(world, an_order(world, "D2", A=60), code="D2")
    special = an_application(
        world,
        "D1",
        type="price",
        asked={"product_id": world.product("A"), "unit_gross_fen": 9_500, "max_quantity": 200},
    )
    an_approved_exception(world, special, signers=("cm2", "fin"))
    delivered(world, A=200)
    exceptions.request_exception(world.actor("rep"), an_application(world, "D3"))
    whole = listing.totals(register.REGISTER, cm, {})
    for view in exceptions_board.VIEWS:
        [board] = exceptions_board.boards(fin, view, None, None)
        assert sum(g.count for g in board.groups) == board.total.count == whole[0], view
        for key in ("size_fen", "used_fen"):
            groups = sum(getattr(g, key) for g in board.groups)
            assert groups == getattr(board.total, key) == whole[1]["CNY"][key], (view, key)
    [board] = exceptions_board.boards(fin, "approver", None, None)
    by_name = {g.label: g for g in board.groups}
    assert by_name["方芳"].cost_fen == 100_000  # 200 boxes at 95.00 instead of 100.00
    assert by_name["陈敏"].used_fen == 600_000
    # Chosen by approver, the register shows what the board says.
    _count, sums = listing.totals(register.REGISTER, cm, {"approver": str(fin.user_id)})
    assert sums["CNY"]["used_fen"] == by_name["方芳"].used_fen == 1_900_000


@pytest.mark.row("D10")
def test_what_ends_within_thirty_days(world):
    assert register.ending_soon(world.actor("cm")) == 0
    an_approved_exception(world, an_application(world, valid_to=date(2026, 12, 21)))
    an_approved_exception(world, an_application(world, valid_to=date(2026, 12, 22)))
    assert register.ending_soon(world.actor("cm")) == 1
    state = db.session.scalars(
        sa.select(ExceptionRequest.state).where(ExceptionRequest.type == "minimum")
    ).all()
    assert state == ["approved", "approved"]

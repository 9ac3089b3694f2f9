"""Accruals: the tier expected, and the difference that a month's end books."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import NotVisible
from channel.db import db
from channel.models.partners import Distributor
from channel.models.rebates_trials import RebateAccrual
from channel.queries import listing as lists
from channel.queries import rebates_accrual as standing
from channel.queries import rebates_expected as reads
from channel.services import rebates_accruals as accruals
from channel.services.rebates_accruals import Place
from channel.services.work import Refused
from contracts.values.periods import Period
from tests.services.rebate_trade import (
    a_credit_note,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
)

pytestmark = pytest.mark.database

Q3 = Period.quarter(2026, 3)
JULY, AUGUST, SEPTEMBER = date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)


def a_quarter(world):
    """60,000 in July and 50,000 in August under P1: 1 % from 0, 2 % from 100,000."""
    an_approved_policy(world)
    an_invoice(world, "D1", date(2026, 7, 3), ("A", "60000"))
    an_invoice(world, "D1", date(2026, 8, 3), ("A", "50000"))


def place(world, code="D1"):
    return Place("P1", world.distributor(code), "CNY", Q3)


def expected(world, tier, reason="订货会已预订"):
    accruals.expect(world.actor("fin"), place(world), tier, reason)


def booked(world, on, when=None):
    """What a run books for D1 under P1; None where there is no entry."""
    with clock.at(when or date(2026, 11, 21)):
        run = accruals.book(world.actor("fin"), on)
    entry = db.session.scalars(
        sa.select(RebateAccrual).where(
            RebateAccrual.run_id == run,
            RebateAccrual.policy_code == "P1",
            RebateAccrual.distributor_id == world.distributor("D1"),
        )
    ).one_or_none()
    return entry.amount_fen if entry else None


def open_fen(world):
    return reads.booked("P1", Q3).get((world.distributor("D1"), "CNY"), 0)


@pytest.mark.row("E05")
def test_a_month_books_the_difference_to_what_is_open(world):
    a_quarter(world)
    assert booked(world, JULY) == 600_00
    assert booked(world, AUGUST) == 2_200_00 - 600_00
    assert open_fen(world) == 2_200_00


@pytest.mark.row("E05")
def test_the_tier_expected_is_accrued_and_a_change_of_mind_restates_all(world):
    a_quarter(world)
    with clock.at(JULY):
        expected(world, 1)
    assert booked(world, JULY) == 1_200_00
    with clock.at(date(2026, 8, 5)):
        expected(world, 2)
    assert booked(world, AUGUST) == 3_300_00 - 1_200_00
    assert open_fen(world) == 3_300_00


@pytest.mark.row("E05")
def test_a_choice_taken_back_leaves_the_tier_reached(world):
    a_quarter(world)
    with clock.at(JULY):
        expected(world, 2)
        expected(world, None, "订单取消")
    assert booked(world, JULY) == 600_00


@pytest.mark.row("E05")
def test_the_statement_releases_the_open_balance_and_no_more(world):
    """The trap: taking back the sum of all that was ever booked."""
    a_quarter(world)
    with clock.at(JULY):
        expected(world, 2)
    booked(world, JULY)
    booked(world, AUGUST)
    assert open_fen(world) == 3_300_00
    a_posted_run(world, Q3, date(2026, 10, 12))
    assert booked(world, date(2026, 10, 31)) == -3_300_00
    assert open_fen(world) == 0


@pytest.mark.row("E05")
def test_once_the_period_is_over_the_tier_is_known(world):
    a_quarter(world)
    with clock.at(SEPTEMBER):
        expected(world, 2)
    assert booked(world, SEPTEMBER) == 2_200_00


@pytest.mark.row("E05")
def test_a_credit_note_after_the_booking_lowers_the_balance(world):
    a_quarter(world)
    booked(world, AUGUST)
    a_credit_note(world, "D1", date(2026, 8, 31), ("A", "20000"))
    assert booked(world, AUGUST) == 900_00 - 2_200_00
    assert open_fen(world) == 900_00


def test_what_is_booked_already_is_not_booked_again(world):
    a_quarter(world)
    booked(world, AUGUST)
    with pytest.raises(Refused) as refused:
        booked(world, AUGUST)
    assert [f.code for f in refused.value.findings] == ["rebate.accrual.nothing"]
    assert open_fen(world) == 2_200_00


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2026, 11, 22), "rebate.accrual.future"),
        (date(2026, 8, 30), "rebate.accrual.before_last"),
    ],
)
def test_days_are_booked_in_their_order_and_not_before_they_come(world, on, code):
    a_quarter(world)
    booked(world, AUGUST)
    with pytest.raises(Refused) as refused:
        booked(world, on)
    assert [f.code for f in refused.value.findings] == [code]


@pytest.mark.parametrize(
    ("tier", "reason", "code"),
    [(3, "为何", "rebate.expectation.tier"), (1, " ", "rebate.expectation.reason")],
)
def test_a_choice_needs_a_tier_and_a_reason(world, tier, reason, code):
    a_quarter(world)
    with pytest.raises(Refused) as refused:
        expected(world, tier, reason)
    assert [f.code for f in refused.value.findings] == [code]


@pytest.mark.row("E05")
def test_earned_expected_booked_and_forecast_stand_side_by_side(world):
    a_quarter(world)
    on = date(2026, 8, 15)
    with clock.at(on):
        booked(world, JULY, when=on)
        expected(world, 2)
        distributor = db.session.get_one(Distributor, world.distributor("D1"))
        [found] = [s for s in standing.standings(distributor, on) if s.policy.code == "P1"]
    assert (found.accrued_fen, found.expected_fen, found.booked_fen) == (
        2_200_00,
        3_300_00,
        600_00,
    )
    assert found.to_book_fen == 2_700_00
    # 46 of 92 days are over: 220,000 at 3 %.
    assert (found.gone, found.forecast_base_fen) == ((46, 92), 220_000_00)
    assert found.forecast.entitlement_fen == 6_600_00
    assert found.to_next_fen == 90_000_00


@pytest.mark.row("E05")
def test_an_earlier_day_leaves_out_what_came_since(world):
    a_quarter(world)
    distributor = db.session.get_one(Distributor, world.distributor("D1"))
    [found] = [s for s in standing.standings(distributor, JULY) if s.policy.code == "P1"]
    assert (found.base_fen, found.accrued_fen, found.to_next_fen) == (
        60_000_00,
        600_00,
        40_000_00,
    )


@pytest.mark.row("E05")
def test_while_ordering_the_next_tier_is_told_with_its_worth(world):
    an_approved_policy(world, some_terms("TOP", (("0", "1"),)))
    an_approved_policy(world)
    an_invoice(world, "D1", date(2026, 8, 3), ("A", "95000"))
    distributor = db.session.get_one(Distributor, world.distributor("D1"))
    with clock.at(date(2026, 8, 20)):
        found = standing.hints(distributor, date(2026, 8, 20))
    told = {s.policy.code: (m.short_fen, m.gain_fen) for s, m in found}
    assert told["P1"] == (5_000_00, 1_050_00)
    assert "TOP" not in told


@pytest.mark.row("P01")
def test_accruals_are_not_for_distributors(world):
    a_quarter(world)
    with clock.at(AUGUST):
        run = accruals.book(world.actor("fin"), AUGUST)
    with pytest.raises(NotVisible):
        reads.get_run(world.actor("d1"), run)
    assert lists.fetch(reads.RUNS, world.actor("d1"), {}).rows == []

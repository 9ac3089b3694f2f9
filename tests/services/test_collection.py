"""Collection figures from the ledger: hand-worked, as of any month, whoever asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.receivables import Receipt
from channel.queries import collection as reads
from channel.queries import receivables as ages
from channel.services import receivables
from contracts.values.periods import Period
from tests.builders import delivered, paid

pytestmark = [pytest.mark.database, pytest.mark.row("B06")]

TODAY = date(2026, 11, 21)
OCTOBER, NOVEMBER = Period.month(2026, 10), Period.month(2026, 11)


@pytest.fixture
def traded(world: Any) -> Any:
    """10,000 on 25 October, of it 5,000 paid on 20 November; 12,000 on 10 November."""
    delivered(world, on=date(2026, 10, 25), A=100)
    delivered(world, on=date(2026, 11, 10), A=120)
    paid(world, "D1", 500_000, on=date(2026, 11, 20))
    return world


def figures(world: Any, *months: Period, window: int = 3, name: str = "fin", **asked: Any) -> Any:
    return reads.rows_of(
        world.actor(name), months, window, world.distributor("D1"), today=TODAY, **asked
    )


def test_the_figures_are_those_worked_by_hand(traded):
    [row] = figures(traded, NOVEMBER, by_owner=True)
    assert (row.sales_fen, row.balance_fen, row.overdue_fen) == (1_200_000, 1_700_000, 0)
    # A customer for 28 days with sales of 22,000: 17,000 ÷ 22,000 × 28.
    assert row.dso.value == Decimal("21.6")
    # 12,000 of November (21 days), 5,000 of October's 10,000 (half of 7 days).
    assert row.count_back.value == Decimal("24.5")
    # 5,000 × 27 days ÷ 10,000 + 12,000 × 11 days ÷ 12,000.
    assert row.true_dso.value == Decimal("24.5")
    assert row.best == row.dso
    # Of 10,000 + 12,000 − 17,000 not due, all 5,000 came.
    assert row.cei.value == Decimal("100.0")
    assert row.days_late.value == Decimal(-4)


def test_a_past_month_does_not_know_what_came_later(traded):
    before, after = figures(traded, OCTOBER, NOVEMBER)
    assert (before.balance_fen, after.balance_fen) == (1_000_000, 1_700_000)
    assert before.days_late.reason == "nothing_paid"
    assert (before.dso.value, before.count_back.value) == (Decimal("7.0"), Decimal("7.0"))


def test_a_reversed_payment_is_no_payment(traded):
    receipt = db.session.scalar(sa.select(sa.func.max(Receipt.id)))
    with clock.at(TODAY):
        receivables.reverse_receipt(traded.actor("fin"), receipt, "退票")
    [row] = figures(traded, NOVEMBER)
    assert row.balance_fen == 2_200_000
    assert row.days_late.reason == "nothing_paid"


def test_open_is_the_sum_of_the_list_of_ages(traded):
    [row] = figures(traded, NOVEMBER, by_owner=True)
    assert row.balance_fen == sum(ages.ages_of(traded.distributor("D1"), "CNY", TODAY))
    assert row.overdue_fen == row.balance_fen - ages.ages_of(
        traded.distributor("D1"), "CNY", TODAY
    )[0]  # fmt: skip


def test_nobody_else_s_figures_are_seen(traded):
    assert reads.rows_of(traded.actor("d2"), [NOVEMBER], 3, by_owner=True, today=TODAY) == []


def test_statements_do_not_grow_with_months(traded, count_sql):
    count_sql.clear()
    figures(traded, OCTOBER, NOVEMBER)
    few = len(count_sql)
    count_sql.clear()
    reads.rows_of(traded.actor("fin"), reads.months_until(NOVEMBER, 12), 12, by_owner=True)
    assert len(count_sql) <= few <= 8

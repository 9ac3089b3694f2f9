"""What an older database brings along, and what held documents wait for."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from channel.db import db
from channel.queries import credit_held
from channel.queries import credit_policies as reads
from credit.holds import OverdueRule, Step
from credit.policy import Control, CreditPolicy, Ladder, Mode
from tests.builders import an_order, delivered, paid, the_order

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 21)


def test_the_settings_of_an_older_database_become_the_first_version(app):
    downgrade(revision="0009")
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE maker SET credit_at_order = 'warn', credit_at_shipment = 'block',"
                " overdue_hold_days = 5, overdue_tolerance_fen = 12345"
            )
        )
    upgrade()
    db.session.remove()
    rule = OverdueRule(5, Step.HOLD_SHIPMENTS, 12_345)
    first = reads.policy_of(reads.in_force(TODAY))
    assert first == CreditPolicy(order=Control(mode=Mode.WARN), ladders=(Ladder("", (rule,)),))
    assert (first.shipment.mode, reads.in_force(date(2001, 1, 1)).number) == (Mode.APPROVE, 1)
    db.session.remove()  # PostgreSQL lets no table go that a transaction has read
    downgrade(revision="0009")
    with db.engine.connect() as connection:
        kept = connection.execute(
            sa.text(
                "SELECT credit_at_order, credit_at_shipment, overdue_hold_days,"
                " overdue_tolerance_fen FROM maker"
            )
        ).one()
    assert tuple(kept) == ("warn", "block", 5, 12_345)
    upgrade()


def test_what_waits_is_read_in_a_fixed_number_of_statements(world, count_sql):
    """However many documents a distributor has on hold; and one payment is told for all."""
    delivered(world, B=1000)  # 200,000: nothing is left
    actor = world.actor("d1")

    def asked() -> int:
        db.session.remove()
        count_sql.clear()
        credit_held.waiting_of(actor, world.distributor("D1"))
        return len(count_sql)

    first = an_order(world, A=100)  # 10,000.00
    few = asked()
    others = [an_order(world, on=date(2026, 11, 18 + n), A=100 + n) for n in range(3)]
    assert asked() == few
    [waits] = credit_held.waiting_of(actor, world.distributor("D1"))
    assert [each.pay_fen for each in waits.held] == [1_000_000, 1_000_000, 1_010_000, 1_020_000]
    assert waits.all_fen == 4_030_000
    paid(world, "D1", 4_029_999)
    assert [the_order(i).state for i in (first, *others)] == ["confirmed"] * 3 + ["held"]
    paid(world, "D1", 1)
    assert the_order(others[-1]).state == "confirmed"

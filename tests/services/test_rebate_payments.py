"""Rebates paid outside of orders, expiry with warnings, claw-back, and the nightly count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.jobs import MailMessage
from channel.models.rebates import PoolEntry
from channel.models.receivables import Invoice
from channel.queries.credit_recount import differences
from channel.queries.rebates_pool_control import differences as pool_differences
from channel.queries.rebates_pool_facts import standing_on
from channel.rules.pool import counter_of
from channel.services import rebates_payments as payments
from channel.services import rebates_pool, rebates_pool_jobs
from channel.services.rebates_payments import Wish
from channel.services.work import Refused
from contracts.rebates.payout import Payout
from contracts.values.periods import Period
from tests.builders import an_order, delivered
from tests.conftest import TODAY
from tests.services.pool_trade import a_clause, earn, pool_of, the_use
from tests.services.rebate_trade import (
    Q3,
    a_credit_note,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    some_terms,
    the_statement,
)

pytestmark = pytest.mark.database

AUGUST = Period.month(2026, 8)


def refusal(call, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return [f.code for f in refused.value.findings]


def asked(world, form: str, fen: int, code: str = "D1", by: str = "fin") -> int:
    return payments.request(world.actor(by), Wish(world.distributor(code), form, fen))


def entries(world, code: str = "D1") -> list[PoolEntry]:
    return list(
        db.session.scalars(
            sa.select(PoolEntry)
            .where(PoolEntry.distributor_id == world.distributor(code))
            .order_by(PoolEntry.id)
        )
    )


@pytest.mark.row("E07")
def test_a_transfer_is_asked_for_approved_by_another_and_paid_with_its_reference(world):
    earn(world, "D1", 240_000)
    use = asked(world, "transfer", 200_000)
    assert (pool_of(world).free_fen, pool_of(world).reserved_fen) == (40_000, 200_000)
    assert refusal(payments.approve, world.actor("fin"), use) == ["approval.own_request"]
    assert refusal(payments.pay, world.actor("fin"), use, TODAY, "B-1") == ["payout.ended"]
    assert payments.approve(world.actor("fin2"), use) == "approved"
    assert refusal(payments.pay, world.actor("fin"), use, TODAY, " ") == ["payout.reference_needed"]
    payments.pay(world.actor("fin"), use, TODAY, "B-20261121-7")
    paid = the_use(use)
    assert (paid.state, paid.used_fen, paid.payment_reference) == ("used", 200_000, "B-20261121-7")
    assert (pool_of(world).free_fen, pool_of(world).reserved_fen) == (40_000, 0)
    assert [d for d in pool_differences() if d.part != "granted"] == []


@pytest.mark.row("E06", "E07")
def test_a_returned_payment_adds_the_opposite_pair_under_the_same_reference(world):
    earn(world, "D1", 240_000)
    use = asked(world, "transfer", 200_000)
    payments.approve(world.actor("fin2"), use)
    payments.pay(world.actor("fin"), use, TODAY, "B-1")
    payments.take_back(world.actor("fin2"), use, "账号有误退票")
    *_rest, used, back = entries(world)
    assert (used.kind, used.amount_fen, back.kind, back.amount_fen) == (
        "used", -200_000, "used", 200_000,
    )  # fmt: skip
    assert back.reverses_id == used.id
    assert back.reference == used.reference == the_use(use).number
    assert counter_of(back.kind, back.counter) == counter_of(used.kind, used.counter) == "spent"
    assert pool_of(world).free_fen == 240_000
    assert refusal(payments.take_back, world.actor("fin2"), use, "再来") == ["payout.ended"]
    assert [d for d in pool_differences() if d.part != "granted"] == []


@pytest.mark.row("E07")
def test_what_is_refused_or_withdrawn_can_be_used_again(world):
    earn(world, "D1", 240_000)
    first, second = asked(world, "transfer", 100_000, by="d1"), asked(world, "transfer", 50_000)
    assert refusal(payments.refuse, world.actor("fin2"), first, "") == ["payout.reason_needed"]
    payments.refuse(world.actor("fin2"), first, "先抵货款")
    payments.withdraw(world.actor("fin"), second)
    assert (the_use(first).state, the_use(second).state) == ("refused", "released")
    assert pool_of(world).free_fen == 240_000


@pytest.mark.row("E07")
def test_an_offset_settles_the_oldest_debt_by_a_credit_note_with_its_vat(world):
    invoice = delivered(world, A=100)
    earn(world, "D1", 240_000)
    use = asked(world, "offset", 113_000, by="d1")
    assert payments.approve(world.actor("fin2"), use) == "used"
    note = db.session.get_one(Invoice, the_use(use).note_id)
    assert (note.kind, note.gross_fen, note.net_fen, note.tax_fen) == (
        "credit_note", -113_000, -100_000, -13_000,
    )  # fmt: skip
    from channel.queries.credit import open_items

    assert [(i, fen) for i, _due, fen in open_items(world.distributor("D1"), "CNY")] == [
        (invoice, 887_000)
    ]
    assert pool_of(world).free_fen == 127_000
    payments.name_red_invoice(world.actor("fin"), use, "26512000000012345678")
    assert the_use(use).red_invoice == "26512000000012345678"
    assert differences() == []
    assert [d for d in pool_differences() if d.part != "granted"] == []


@pytest.mark.row("E07")
def test_an_offset_never_settles_more_than_is_owed(world):
    earn(world, "D1", 240_000)
    assert refusal(asked, world, "offset", 100) == ["payout.owed"]


@pytest.mark.row("E07")
def test_only_the_forms_that_the_agreement_names(world):
    a_clause(world, "D1", Payout(("invoice", "goods")))
    earn(world, "D1", 240_000)
    assert refusal(asked, world, "transfer", 100) == ["payout.form"]
    assert refusal(asked, world, "invoice", 100) == ["payout.form"]


@pytest.mark.row("E13")
def test_below_zero_nothing_is_asked_for_and_nothing_approved(world):
    earn(world, "D1", 240_000)
    use = asked(world, "transfer", 200_000)
    earn(world, "D1", -100_000, kind="reversed")
    assert refusal(payments.approve, world.actor("fin2"), use) == ["payout.below_zero"]
    assert refusal(asked, world, "transfer", 100) == ["payout.below_zero"]


@pytest.mark.row("E13")
def test_what_was_used_is_taken_back_and_the_next_earning_fills_it(world):
    """500 earned, all used, the sale returned: −500; the next 800 leave 300."""
    an_approved_policy(world, some_terms("CB", (("0", "5"),), period_kind="month"))
    an_invoice(world, "D4", date(2026, 8, 3), ("A", "10000"))
    a_posted_run(world, AUGUST)
    use = asked(world, "transfer", 50_000, "D4")
    payments.approve(world.actor("fin2"), use)
    payments.pay(world.actor("fin"), use, TODAY, "B-2")
    a_credit_note(world, "D4", date(2026, 8, 13), ("A", "10000"))
    a_posted_run(world, AUGUST)
    assert pool_of(world, "D4").free_fen == -50_000
    an_invoice(world, "D4", date(2026, 8, 20), ("A", "16000"))
    a_posted_run(world, AUGUST)
    assert pool_of(world, "D4").free_fen == 30_000
    assert pool_differences() == []


@pytest.mark.row("E13")
def test_no_more_is_taken_back_than_was_earned_in_the_months_of_the_clause(world):
    """Earned 500 in October a year ago; of a claw-back of 500 today nothing is left to take."""
    a_clause(world, "D4", Payout(clawback_months=12))
    an_approved_policy(world, some_terms("CB", (("0", "5"),), period_kind="month"))
    an_invoice(world, "D4", date(2026, 8, 3), ("A", "10000"))
    a_posted_run(world, AUGUST, on=date(2026, 10, 10))
    a_credit_note(world, "D4", date(2026, 8, 13), ("A", "4000"))
    a_posted_run(world, AUGUST, on=date(2026, 11, 1))
    assert pool_of(world, "D4").free_fen == 30_000
    a_credit_note(world, "D4", date(2026, 8, 14), ("A", "6000"))
    a_posted_run(world, AUGUST, on=date(2027, 11, 5))
    rows = [(e.kind, e.counter, e.amount_fen) for e in entries(world, "D4")]
    assert rows[-2:] == [("reversed", "clawed_back", -30_000), ("reversed", "waived", 30_000)]
    assert len({e.reference for e in entries(world, "D4")[-2:]}) == 1
    assert pool_of(world, "D4").free_fen == 30_000
    assert pool_differences() == []


@pytest.mark.row("E06", "E13")
def test_a_statement_shows_what_became_of_the_pool_since_the_one_before(world):
    """Opening + earned − used − expired − reversed = closing, statement after statement."""
    a_clause(world, "D4", Payout(clawback_months=1))
    terms = some_terms("CB", (("0", "5"),), period_kind="month", expires_months=2)
    an_approved_policy(world, terms)
    an_invoice(world, "D4", date(2026, 8, 3), ("A", "10000"))
    first = a_posted_run(world, AUGUST)
    use = asked(world, "transfer", 20_000, "D4")
    an_invoice(world, "D4", date(2026, 8, 5), ("A", "2000"))
    second = a_posted_run(world, AUGUST)
    payments.approve(world.actor("fin2"), use)
    payments.pay(world.actor("fin"), use, TODAY, "B-2")
    with clock.at(date(2027, 1, 21)):
        rebates_pool_jobs.expire_all()
    a_credit_note(world, "D4", date(2026, 8, 6), ("A", "12000"))
    third = a_posted_run(world, AUGUST, on=date(2027, 2, 1))

    def printed(run) -> tuple[int, ...]:
        pool = the_statement(run, distributor_id=world.distributor("D4")).document["pool"]
        keys = ("opening_fen", "earned_fen", "used_fen", "expired_fen", "reversed_fen")
        *parts, closing = (*(pool.get(key, 0) for key in keys), pool["closing_fen"])
        assert parts[0] + parts[1] - sum(parts[2:]) == closing
        return (*parts, closing)

    assert printed(first) == (0, 50_000, 0, 0, 0, 50_000)
    assert printed(second) == (50_000, 10_000, 20_000, 0, 0, 40_000)
    assert printed(third) == (40_000, -60_000, 0, 40_000, -60_000, 0)
    assert pool_of(world, "D4").free_fen == 0


@pytest.mark.row("E06")
def test_a_policy_says_when_its_rebates_expire(world):
    an_approved_policy(
        world, some_terms("EX", (("0", "5"),), period_kind="month", expires_months=6)
    )
    an_invoice(world, "D4", date(2026, 8, 3), ("A", "10000"))
    a_posted_run(world, AUGUST)
    [entry] = entries(world, "D4")
    assert (entry.expires_on, entry.counter) == (date(2027, 5, 21), "granted")
    assert entry.reference.startswith("RS-")


@pytest.mark.row("E06")
def test_the_night_expires_what_is_over_but_not_what_waits_for_approval(world):
    earn(world, "D1", 100_000, expires_on=TODAY + timedelta(days=10))
    earn(world, "D1", 50_000)
    use = asked(world, "transfer", 60_000)
    with clock.at(TODAY + timedelta(days=10)):
        assert rebates_pool_jobs.expire_all() == 1
        assert rebates_pool_jobs.expire_all() == 0
        assert pool_of(world).free_fen == 50_000
        payments.refuse(world.actor("fin2"), use, "手续不全")
        assert pool_of(world).free_fen == 110_000
        assert rebates_pool_jobs.expire_all() == 1
        assert pool_of(world).free_fen == 50_000


@pytest.mark.row("E06")
def test_what_is_over_today_cannot_be_used_even_before_the_night(world):
    earn(world, "D1", 100_000, on=date(2026, 5, 1), expires_on=TODAY)
    order = an_order(world, A=100)
    assert refusal(rebates_pool.take_off, world.actor("d1"), order, 100) == ["payout.empty"]


@pytest.mark.row("E06")
def test_an_expiry_is_undone_once_by_its_opposite_and_for_a_named_time(world):
    earn(world, "D1", 100_000, on=date(2026, 5, 1), expires_on=TODAY, reference="RS-9")
    rebates_pool_jobs.expire_all()
    expired = entries(world)[-1]
    until = TODAY + timedelta(days=20)
    undo = rebates_pool.undo_expiry
    assert refusal(undo, world.actor("fin2"), expired.id, until, " ") == ["payout.reason_needed"]
    undo(world.actor("fin2"), expired.id, until, "系统停机")
    back = entries(world)[-1]
    assert (back.reference, back.amount_fen, back.reverses_id) == ("RS-9", 100_000, expired.id)
    assert refusal(undo, world.actor("fin2"), expired.id, until, "再来") == ["payout.not_undone"]
    with clock.at(until):
        assert rebates_pool_jobs.expire_all() == 0
    with clock.at(until + timedelta(days=1)):
        assert rebates_pool_jobs.expire_all() == 1
        assert pool_of(world).free_fen == 0


@pytest.mark.row("E06")
def test_warnings_leave_once_30_and_once_7_days_before(world):
    def mails() -> int:
        statement = sa.select(sa.func.count()).where(MailMessage.key.like("pool:%"))
        return db.session.scalar(statement) or 0

    earn(world, "D1", 100_000, expires_on=TODAY + timedelta(days=40))
    found = []
    for ahead in (0, 10, 11, 33, 34, 40):
        with clock.at(TODAY + timedelta(days=ahead)):
            rebates_pool_jobs.warn_all(TODAY + timedelta(days=ahead))
        found.append(mails())
    one = found[1]
    assert one > 0
    assert found == [0, one, one, 2 * one, 2 * one, 2 * one]


@pytest.mark.row("E06")
def test_the_balance_of_any_day_is_the_sum_of_the_entries(world):
    earn(world, "D1", 100_000, on=date(2026, 3, 1))
    earn(world, "D1", -30_000, on=date(2026, 6, 1), kind="reversed")
    for on, fen in (
        (date(2026, 2, 28), 0),
        (date(2026, 3, 1), 100_000),
        (date(2026, 5, 31), 100_000),
        (date(2026, 6, 1), 70_000),
    ):
        standing = standing_on(world.distributor("D1"), "CNY", on)
        assert standing.pool.free_fen == fen
        assert sum(lot.left_fen for lot in standing.lots) + standing.gap_fen == fen


@pytest.mark.row("E06")
def test_the_count_finds_an_entry_without_a_document(world):
    assert rebates_pool_jobs.count_pools().differing == 0
    earn(world, "D1", 100)
    order = an_order(world, A=100)
    rebates_pool.take_off(world.actor("d1"), order, 100)
    assert rebates_pool_jobs.count_pools().differing == 0
    earn(world, "D1", -7, kind="used")
    counted = rebates_pool_jobs.count_pools()
    assert counted.differing == 1
    assert counted.differences[0]["part"] == "used"


def test_a_run_of_the_world_agrees(world):
    a_posted_run(world, Q3)
    assert pool_differences() == []

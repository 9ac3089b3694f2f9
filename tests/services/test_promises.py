"""Promises through the use cases: kept and broken by money, and the rep's task."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.jobs import Job, MailMessage
from channel.models.receivables import Receipt
from channel.queries import home
from channel.queries import promises as reads
from channel.services import payment_reminders, promises, receivables
from channel.services.promises import Word
from channel.services.work import Refused, Stale
from tests.builders import delivered, paid

pytestmark = [pytest.mark.database, pytest.mark.row("B11")]

TODAY = date(2026, 11, 21)
LONG_AGO = date(2020, 1, 1)
#: D3 is one of the rep's accounts.
CODE = "D3"


def a_promise(world: Any, due: date, fen: int = 500_000, made: date = date(2026, 11, 10)) -> int:
    with clock.at(made):
        return promises.log_promise(
            world.actor("rep"), world.distributor(CODE), Word(fen, made, due, "周总")
        )


def state(world: Any, promise: int, on: date = TODAY) -> str:
    told = reads.promises_of(world.actor("fin"), on)
    return reads.standings_of(told, on)[promise].state


def waiting(world: Any, name: str) -> int:
    found = {task.key: task.count for task in home.tasks(world.actor(name))}
    return found.get("broken_promises", 0)


def test_a_promise_whose_day_passed_is_a_task_for_the_rep(world):
    delivered(world, CODE, A=100)
    promise = a_promise(world, TODAY - timedelta(days=1))
    assert state(world, promise) == "broken"
    assert (waiting(world, "rep"), waiting(world, "d1")) == (1, 0)
    promises.follow_up(world.actor("rep"), promise, "下周一付清", 1)
    assert waiting(world, "rep") == 0
    assert reads.broken_counts(TODAY, LONG_AGO) == {world.distributor(CODE): 1}
    assert reads.broken_counts(TODAY, TODAY) == {}


def test_a_promise_for_today_is_still_awaited(world):
    promise = a_promise(world, TODAY)
    assert (state(world, promise), waiting(world, "rep")) == ("awaited", 0)
    with pytest.raises(Refused):
        promises.follow_up(world.actor("rep"), promise, "何时付款")


def test_money_keeps_it_and_a_reversal_breaks_it_again(world):
    delivered(world, CODE, A=100)
    promise = a_promise(world, TODAY - timedelta(days=1))
    paid(world, CODE, 500_000, on=TODAY - timedelta(days=1))
    assert state(world, promise) == "kept"
    receipt = db.session.scalar(sa.select(sa.func.max(Receipt.id)))
    receivables.reverse_receipt(world.actor("fin"), receipt, "退票")
    assert state(world, promise) == "broken"


def test_parked_money_keeps_no_promise(world):
    delivered(world, CODE, A=100)
    promise = a_promise(world, TODAY)
    money = receivables.Money(
        world.distributor(CODE), TODAY, 500_000, payer_name="别家公司", reference="代付"
    )
    receivables.book_receipt(world.actor("fin"), money)
    assert state(world, promise) == "awaited"


def test_what_cannot_be_promised_is_refused(world):
    fin, owner = world.actor("fin"), world.distributor("D1")
    for word, code in (
        (Word(0, TODAY, TODAY), "promise.amount"),
        (Word(1, TODAY, TODAY - timedelta(days=1)), "promise.past"),
        (Word(1, TODAY + timedelta(days=1), TODAY + timedelta(days=2)), "promise.future"),
    ):
        with pytest.raises(Refused) as refused:
            promises.log_promise(fin, owner, word)
        assert refused.value.findings[0].code == code


def test_one_logged_by_mistake_counts_for_nothing(world):
    promise = a_promise(world, TODAY - timedelta(days=3))
    with pytest.raises(Stale):
        promises.withdraw(world.actor("fin"), promise, "记错了客户", 9)
    promises.withdraw(world.actor("fin"), promise, "记错了客户", 1)
    assert reads.broken_counts(TODAY, LONG_AGO) == {}
    with pytest.raises(Refused):
        promises.withdraw(world.actor("fin"), promise, "再来一次")


def mails_of(day: date, hour: int = 9) -> list[MailMessage]:
    """What the chore and its job write on a day."""
    with clock.at(clock.instant_of(day, hour)):
        payment_reminders.order_reminders(payment_reminders.SYSTEM)
        job = db.session.scalar(sa.select(Job).where(Job.key == f"payment_reminders:{day}"))
        if job is None:
            return []
        payment_reminders.write_reminders(payment_reminders.SYSTEM, job.id, job.payload)
    key = f"pay:{day}:"
    return list(db.session.scalars(sa.select(MailMessage).where(MailMessage.key.startswith(key))))


@pytest.mark.row("P06")
def test_the_payer_is_reminded_before_at_and_after_the_day(world):
    delivered(world, "D1", on=date(2026, 9, 1), A=100)  # to be paid by 2026-10-08, after holidays
    from channel.models.receivables import Invoice

    pay_by = db.session.scalars(sa.select(Invoice.pay_by)).one()
    told = {}
    for n in range(-10, 12):
        day = pay_by + timedelta(days=n)
        if found := mails_of(day):
            told[day] = found[0]
    [before, at, after] = sorted(told)
    assert at == pay_by
    assert before < pay_by < after
    assert "10,000.00" in told[at].body
    assert {m.recipient for m in told.values()} == {"d1@weir.example"}


@pytest.mark.row("P06")
def test_no_reminder_leaves_in_quiet_hours_or_on_a_day_off(world):
    delivered(world, "D1", on=date(2026, 9, 1), A=100)
    for day in (date(2026, 10, n) for n in range(1, 8)):
        assert mails_of(day) == []
    assert mails_of(date(2026, 10, 9), hour=7) == []

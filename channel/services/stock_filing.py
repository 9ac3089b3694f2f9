"""Reminders of inventory reports: before, on and after the due day, each step told once.

The chore orders one job a working day outside the quiet hours; a row for each step and
distributor keeps a second attempt, and a second worker, from telling it again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.access import SYSTEM, Actor
from channel.db import db, lock
from channel.models.jobs import Job
from channel.models.partners import Maker
from channel.models.stock_checks import StockReminder
from channel.queries import catalogue, partners
from channel.queries import stock_filing as reads
from channel.rules import reminders
from channel.rules.stock_filing import due_on, step_on
from channel.services.jobs import CHORES, handles
from channel.services.steps import stock_mails
from channel.services.steps.dunning_mails import readers_of
from channel.services.work import work
from contracts.values.periods import preceding

JOB = "stock_reminders"


def order_reminders(actor: Actor) -> None:
    """The chore: once on a working day, from the end of the quiet hours on, order the job."""
    now = clock.now()
    today, hour = clock.date_of(now), now.astimezone(clock.ZONE).hour
    key = f"{JOB}:{today}"
    if db.session.scalar(sa.select(Job.id).where(Job.key == key)) is not None:
        return
    maker = db.session.scalar(sa.select(Maker).limit(1))
    if maker is None or not reminders.may_leave(
        today, hour, maker.quiet_from, maker.quiet_to, catalogue.work_calendar()
    ):
        return
    with work(actor) as w:
        w.job(JOB, key, {"day": today.isoformat()})


CHORES.append(order_reminders)


@handles(JOB)
def write_reminders(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Tell the step of the day to everybody whose report of the last month is missing.

    After the due day the sales representative of the distributor hears of it as well.
    """
    today = date.fromisoformat(payload["day"])
    period, calendar = preceding(today, "month"), catalogue.work_calendar()
    due = due_on(period, calendar)
    step = step_on(due, today, calendar)
    if not step:
        return {"day": today.isoformat(), "reminders": 0, "mails": 0}
    mails = told = 0
    with work(SYSTEM) as w:
        # Two workers follow one another; the second finds the steps told.
        lock(Maker, [partners.get_maker().id])
        waiting = [(o, rep) for o, rep, done in reads.to_remind(period) if step not in done]
        readers = readers_of(w, {owner for owner, _rep in waiting})
        house = stock_mails.reps(w) if step == "after" else {}
        for owner, rep in waiting:
            people = list(readers.get(owner, ()))
            if rep in house:
                people.append(house[rep])
            sent = stock_mails.remind(w, period, due, step, owner, people)
            reminder = StockReminder(
                distributor_id=owner, period_start=period.start, period=period.label, step=step,
                due_on=due, told_on=today, mails=sent, told_at=w.now,
            )  # fmt: skip
            w.session.add(reminder)
            mails, told = mails + sent, told + 1
    return {"day": today.isoformat(), "reminders": told, "mails": mails}

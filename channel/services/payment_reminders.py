"""Reminders of payments by mail: before the day to pay by, on it and after it, outside quiet hours.

The chore orders one job a working day; the job writes each mail under a key of its own.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from channel import clock
from channel.access import SYSTEM, Actor
from channel.db import db
from channel.messages import format_date, format_fen
from channel.models.jobs import Job
from channel.models.partners import Maker
from channel.queries import catalogue
from channel.queries import dunning as reads
from channel.rules import dunning_reminders, reminders
from channel.rules.dunning_reminders import LATE, SOON, TODAY
from channel.services.jobs import CHORES, handles
from channel.services.steps.dunning_mails import readers_of
from channel.services.work import work

#: Items of each part of a mail; the list of invoices has the rest.
LINES = 30


def order_reminders(actor: Actor) -> None:
    """The chore: once on a working day, from the end of the quiet hours on, order the job."""
    now = clock.now()
    today, hour = clock.date_of(now), now.astimezone(clock.ZONE).hour
    key = f"payment_reminders:{today}"
    if db.session.scalar(sa.select(Job.id).where(Job.key == key)) is not None:
        return
    maker = db.session.scalar(sa.select(Maker).limit(1))
    if maker is None or not reminders.may_leave(
        today, hour, maker.quiet_from, maker.quiet_to, catalogue.work_calendar()
    ):
        return
    with work(actor) as w:
        w.job("payment_reminders", key, {"day": today.isoformat()})


CHORES.append(order_reminders)


@handles("payment_reminders")
def write_reminders(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Write the mails of a day; who has nothing to be told gets none."""
    today = date.fromisoformat(payload["day"])
    policy, _row = reads.policy_in_force()
    calendar, terms = catalogue.work_calendar(), (policy.remind_before, policy.remind_after)
    told: dict[int, list[tuple[str, reads.Payable]]] = defaultdict(list)
    for item in reads.payables(today, *dunning_reminders.window(today, *terms)):
        kind = dunning_reminders.kind_on(today, item.pay_by, *terms, calendar)
        if kind:
            told[item.distributor_id].append((kind, item))
    sent = 0
    with work(SYSTEM) as w:
        readers = readers_of(w, set(told))
        for distributor_id, items in sorted(told.items()):
            for email, locale in readers.get(distributor_id, ()):
                with force_locale(locale):
                    w.mail(
                        email,
                        _("Payments: %(n)s to look at", n=len(items)),
                        body(items),
                        key=f"pay:{today}:{distributor_id}:{email}"[:200],
                    )
                sent += 1
    return {"day": today.isoformat(), "mails": sent}


def body(items: list[tuple[str, reads.Payable]]) -> str:
    """The mail in the reader's language: what is late first, then today's, then what comes."""
    heads = {LATE: _("Overdue"), TODAY: _("To be paid today"), SOON: _("To be paid soon")}
    parts: list[str] = []
    for kind, head in heads.items():
        own = [item for found, item in items if found == kind]
        if own:
            parts.append(f"{head} ({len(own)})")
            parts += [
                f"{format_date(item.pay_by)}  {item.number}  "
                f"{format_fen(item.open_fen, item.currency)}"
                for item in own[:LINES]
            ]
            parts.append("")
    parts.append(_("All your invoices:"))
    parts.append(current_app.config["WEIR"].base_url + "/invoices")
    return "\n".join(parts)

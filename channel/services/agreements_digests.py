"""The digest of duties by mail: one a working day and person, outside the quiet hours.

The chore orders one job a day; the job writes each mail under a key of its own, so that a second
attempt writes none twice.
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
from channel.messages import format_date, sentence
from channel.models.accounts import User
from channel.models.jobs import Job
from channel.models.partners import Distributor, Maker
from channel.queries import catalogue
from channel.queries.agreements_calendar import Entry, entries
from channel.rules import reminders
from channel.services.jobs import CHORES, handles
from channel.services.work import work

#: Lines of each part of a mail; the calendar has the rest.
LINES = 30


def order_digests(actor: Actor) -> None:
    """The chore: once on a working day, from the end of the quiet hours on, order the job."""
    now = clock.now()
    today, hour = clock.date_of(now), now.astimezone(clock.ZONE).hour
    key = f"digest:{today}"
    if db.session.scalar(sa.select(Job.id).where(Job.key == key)) is not None:
        return
    maker = db.session.scalar(sa.select(Maker).limit(1))
    if maker is None or reminders.is_quiet(hour, maker.quiet_from, maker.quiet_to):
        return
    if not reminders.may_leave(
        today, hour, maker.quiet_from, maker.quiet_to, catalogue.work_calendar()
    ):
        return
    with work(actor) as w:
        w.job("digest", key, {"day": today.isoformat()})


CHORES.append(order_digests)


@handles("digest")
def write_digests(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Write the mails of a day; people without anything open get none."""
    today = date.fromisoformat(payload["day"])
    found = entries(SYSTEM, reminders.window(today))
    by_distributor: dict[int, list[Entry]] = defaultdict(list)
    for entry in found:
        by_distributor[entry.distributor_id].append(entry)
    accounts: dict[int, list[int]] = defaultdict(list)
    for distributor_id, rep_id in db.session.execute(
        sa.select(Distributor.id, Distributor.sales_rep_id).where(
            Distributor.sales_rep_id.is_not(None)
        )
    ):
        accounts[rep_id or 0].append(distributor_id)
    people = [
        (u.id, u.email, u.role, u.locale, u.distributor_id)
        for u in db.session.scalars(
            sa.select(User)
            .where(User.is_active.is_(True), User.role.in_(list(reminders.CONCERNS)))
            .order_by(User.id)
        )
    ]
    sent = 0
    with work(SYSTEM) as w:
        for user_id, email, role, locale, bound_to in people:
            if role == "distributor":
                own = by_distributor.get(bound_to or 0, [])
            elif role == "sales_rep":
                own = [e for i in accounts.get(user_id, []) for e in by_distributor.get(i, [])]
            else:
                own = found
            wanted = [e for e in own if reminders.belongs(e.duty, role, today)]
            if not wanted:
                continue
            with force_locale(locale):
                w.mail(
                    email,
                    _("Duties of %(day)s", day=format_date(today)),
                    body(wanted, today, names=role != "distributor"),
                    key=f"digest:{today}:{user_id}",
                )
            sent += 1
    return {"day": today.isoformat(), "mails": sent}


def body(wanted: list[Entry], today: date, *, names: bool) -> str:
    """The mail in the reader's language: what is overdue, then what is due within a week."""
    overdue = [e for e in wanted if e.duty.is_overdue(today)]
    soon = [e for e in wanted if not e.duty.is_overdue(today)]
    parts = []
    for head, part in ((_("Overdue"), overdue), (_("Due within a week"), soon)):
        if part:
            parts.append(f"{head} ({len(part)})")
            parts += [line(e, names=names) for e in sorted(part, key=_by_day)[:LINES]]
            if len(part) > LINES:
                parts.append(_("… and %(n)s more", n=len(part) - LINES))
            parts.append("")
    parts.append(_("Everything is on the calendar of duties:"))
    parts.append(current_app.config["WEIR"].base_url + "/agreements/calendar")
    return "\n".join(parts)


def _by_day(entry: Entry) -> date:
    return entry.duty.on


def line(entry: Entry, *, names: bool) -> str:
    """One duty: its day, what it is and, for the house, whose."""
    whose = f" · {entry.distributor}" if names else ""
    return f"{format_date(entry.duty.on)}  {sentence(entry.finding)}{whose}"

"""Mails about reports: reminders of the filing calendar, and versions that were sent back."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from channel.messages import format_date
from channel.models.accounts import User
from channel.models.stock import InventoryReport
from channel.services.steps.dunning_mails import Reader, readers_of
from channel.services.work import Work
from contracts.values.periods import Period


def tell_sent_back(w: Work, report: InventoryReport) -> None:
    """To the distributor's people: what is to be corrected, and where."""
    address = current_app.config["WEIR"].base_url
    for email, locale in readers_of(w, {report.distributor_id}).get(report.distributor_id, ()):
        with force_locale(locale):
            subject = _("The inventory report of %(period)s was sent back", period=report.period)
            body = "\n".join([subject, report.decision, "", f"{address}/stock/{report.id}"])
        w.mail(email, subject, body, key=f"stock:back:{report.id}:{email}"[:200])


def remind(w: Work, period: Period, due: date, step: str, owner: int, readers: list[Reader]) -> int:
    """One mail a reader for one step; gives how many there are."""
    address = current_app.config["WEIR"].base_url
    for email, locale in readers:
        with force_locale(locale):
            ask = {
                "before": _("is due soon, on %(day)s", day=format_date(due)),
                "on": _("is due today, %(day)s", day=format_date(due)),
                "after": _("was due on %(day)s and is late", day=format_date(due)),
            }[step]
            subject = _("Inventory report %(period)s %(ask)s", period=period.label, ask=ask)
            body = "\n".join([subject, "", f"{address}/stock/file?period={period.label}"])
        key = f"stock:remind:{period.label}:{step}:{owner}:{email}"
        w.mail(email, subject, body, key=key[:200])
    return len(readers)


def reps(w: Work) -> dict[int, Reader]:
    """Each active person of the house by id: (address, locale)."""
    rows = w.session.execute(
        sa.select(User.id, User.email, User.locale).where(
            User.is_active.is_(True), User.distributor_id.is_(None)
        )
    )
    return {user: (email, locale) for user, email, locale in rows}

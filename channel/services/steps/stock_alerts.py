"""Mails that follow a report: goods below their safety stock, to the distributor and to us."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from channel.access import Role
from channel.messages import sentence
from channel.models.accounts import User
from channel.models.stock import InventoryReport
from channel.queries import stock, stock_advice, stock_advice_levels
from channel.services.work import Work


def tell_below_safety(w: Work, report: InventoryReport) -> None:
    """One mail per report version and person: the distributor's people and channel managers."""
    read = stock.get_report(w.actor, report.id)
    days = stock_advice_levels.safety_days(report.distributor_id, w.today)
    advice = stock_advice.advise(read, days, stock_advice.COVER_DAYS, w.today)
    if not advice.below:
        return
    people = w.session.scalars(
        sa.select(User).where(
            User.is_active.is_(True),
            sa.or_(
                User.distributor_id == report.distributor_id,
                User.role == Role.CHANNEL_MANAGER.value,
            ),
        )
    ).all()
    for user in people:
        with force_locale(user.locale):
            subject = _(
                "Stock below the safety level: %(distributor)s, %(period)s",
                distributor=read.distributor.name,
                period=report.period,
            )
            intro = _("The inventory report shows these goods below their safety stock:")
            lines = [sentence(finding) for finding in advice.below]
        body = "\n".join([intro, "", *lines, ""])
        w.mail(user.email, subject, body, key=f"stock:below:{report.id}:{user.id}")

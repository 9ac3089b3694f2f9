"""Mails about agreements: a notice to the distributor's people."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from channel.messages import format_date
from channel.models.accounts import User
from channel.models.agreements import BreachNotice
from channel.services.work import Work


def tell_distributor(w: Work, notice: BreachNotice, contract: str) -> None:
    """One mail for each active user of the distributor, in the user's language."""
    people = w.session.scalars(
        sa.select(User)
        .where(User.distributor_id == notice.distributor_id, User.is_active.is_(True))
        .order_by(User.id)
    ).all()
    for user in people:
        with force_locale(user.locale):
            w.mail(
                user.email,
                _("Breach notice %(number)s", number=notice.number),
                _(
                    "A breach notice under contract %(contract)s was issued. Please mend what it "
                    "names and answer by %(day)s. It is on the page of the contract.",
                    contract=contract,
                    day=format_date(notice.reply_by),
                ),
                key=f"notice:{notice.id}:{user.id}",
            )

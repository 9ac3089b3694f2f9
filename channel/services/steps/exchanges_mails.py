"""Mails about exchange claims: to the distributor's people, and to those of the house who act."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from channel.access import GRANTS, Permission
from channel.messages import format_date
from channel.messages.states import state_phrase
from channel.models.accounts import User
from channel.models.exchanges import ExchangeClaim
from channel.models.partners import Distributor
from channel.services.work import Work

#: Whose turn it is in each state, on the side of the house.
TURN = {
    "claimed": Permission.EXCHANGES_DECIDE,
    "on_way": Permission.EXCHANGES_COUNT,
    "counted": Permission.EXCHANGES_SETTLE,
    "disputed": Permission.EXCHANGES_DECIDE,
    "judged": Permission.EXCHANGES_SETTLE,
}
#: What the distributor is told of.
TOLD = ("approved", "refused", "counted", "disputed", "settled", "lapsed")


def tell(w: Work, claim: ExchangeClaim) -> None:
    """One mail for each person whose turn it is or who waits for news, but not for the actor."""
    people = sa.select(User).where(User.is_active.is_(True), User.id != (w.actor.user_id or 0))
    sides = []
    if claim.state in TOLD:
        sides.append(User.distributor_id == claim.distributor_id)
    if claim.state in TURN:
        roles = [role.value for role, own in GRANTS.items() if TURN[claim.state] in own]
        sides.append(sa.and_(User.distributor_id.is_(None), User.role.in_(roles)))
    if not sides:
        return
    name = w.session.get_one(Distributor, claim.distributor_id).name
    address = current_app.config["WEIR"].base_url
    for user in w.session.scalars(people.where(sa.or_(*sides)).order_by(User.id)).all():
        with force_locale(user.locale):
            state = state_phrase(claim.state)
            lines = [
                _("Exchange claim %(number)s of %(name)s: %(state)s.", number=claim.number,
                  name=name, state=state),
            ]  # fmt: skip
            if claim.state == "approved" and claim.return_by is not None:
                day = format_date(claim.return_by)
                lines.append(_("Please send the goods back by %(day)s, with the return note.",
                               day=day))  # fmt: skip
            lines.append(f"{address}/exchanges/{claim.id}")
            w.mail(
                user.email,
                _("Exchange claim %(number)s: %(state)s", number=claim.number, state=state),
                "\n\n".join(lines),
                key=f"exchange:{claim.id}:{claim.state}:{claim.row_version}:{user.id}",
            )

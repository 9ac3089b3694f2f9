"""Mails about letters that were sent, to the people of the distributor or to its own address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from channel.messages import format_date, format_fen
from channel.models.accounts import User
from channel.models.dunning import DunningLetter
from channel.models.partners import Distributor
from channel.services.work import Work

#: (address, locale) of each reader.
Reader = tuple[str, str]


def readers_of(w: Work, distributor_ids: set[int]) -> dict[int, list[Reader]]:
    """Who reads mail for each distributor: its active users, else the address of the firm."""
    found: dict[int, list[Reader]] = defaultdict(list)
    people = w.session.execute(
        sa.select(User.distributor_id, User.email, User.locale)
        .where(User.distributor_id.in_(distributor_ids), User.is_active.is_(True))
        .order_by(User.id)
    )
    for distributor_id, email, locale in people:
        found[distributor_id or 0].append((email, locale))
    firms = w.session.execute(
        sa.select(Distributor.id, Distributor.email).where(
            Distributor.id.in_(distributor_ids - found.keys()), Distributor.email != ""
        )
    )
    for distributor_id, email in firms:
        found[distributor_id].append((email, "zh_CN"))
    return found


def tell_debtor(w: Work, letters: Sequence[DunningLetter]) -> None:
    """One mail for each reader and letter: what is asked for by when, and where the letter is."""
    readers = readers_of(w, {letter.distributor_id for letter in letters})
    address = current_app.config["WEIR"].base_url
    for letter in letters:
        text_zh, text_en = letter.document["text_zh"], letter.document["text_en"]
        for email, locale in readers.get(letter.distributor_id, ()):
            with force_locale(locale):
                ask = _(
                    "Please pay %(amount)s by %(day)s.",
                    amount=format_fen(letter.demanded_fen, letter.currency),
                    day=format_date(letter.pay_until),
                )
                w.mail(
                    email,
                    _("Payment reminder %(number)s", number=letter.number),
                    "\n\n".join(
                        [
                            text_zh if locale.startswith("zh") else text_en,
                            ask,
                            _("The letter with its items:"),
                            f"{address}/dunning/letters/{letter.id}",
                        ]
                    ),
                    key=f"dunning:{letter.id}:{email}"[:200],
                )

"""The night of the rebate pools: what is over expires, what will be is told, and all are counted.

One job a day does the three; each part can be done again without doing anything twice.
"""

from __future__ import annotations

from datetime import date, timedelta
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
from channel.models.rebate_pool import PoolControl
from channel.queries import rebates_pool_control as control
from channel.queries import rebates_pool_facts as facts
from channel.rules import pool as rules
from channel.rules.pool import Lot
from channel.services.jobs import CHORES, handles
from channel.services.steps import credit, rebates_pool
from channel.services.steps.dunning_mails import readers_of
from channel.services.work import work

#: The hour, Chinese time, from which the job of the day is ordered.
NIGHT = 2
#: Differences kept with a count; the first ones tell what is wrong.
KEPT = 200


def order_night(actor: Actor) -> None:
    """The chore: once a day, in the night or as soon as the machine is up again."""
    now = clock.now()
    today = clock.date_of(now)
    key = f"rebate_pools:{today}"
    if now.astimezone(clock.ZONE).hour < NIGHT or db.session.scalar(
        sa.select(Job.id).where(Job.key == key)
    ):
        return
    with work(actor) as w:
        w.job("rebate_pools", key, {"day": today.isoformat()})


CHORES.append(order_night)


@handles("rebate_pools")
def run_night(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Expire, warn, count; gives what was done."""
    expired = expire_all()
    mails = warn_all(date.fromisoformat(payload["day"]))
    counted = count_pools()
    return {"expired": expired, "mails": mails, "differing": counted.differing}


def expire_all() -> int:
    """Write off what is left of earnings that are over, pool by pool; how many pools moved."""
    today = clock.today()
    due = [owner for owner, found in facts.with_expiry(today, 0).items() if rules.due(found, today)]
    db.session.rollback()
    moved = 0
    for distributor_id, currency in sorted(due):
        with work(SYSTEM) as w:
            credit.lock_account(w, distributor_id, currency)
            moved += bool(rebates_pool.expire_due(w, distributor_id, currency))
    return moved


def warn_all(today: date) -> int:
    """Tell each distributor once what goes within 30 and within 7 days; the mails written."""
    told: list[tuple[int, str, int, Lot]] = []
    for (owner, currency), found in facts.with_expiry(today, max(rules.WARN_DAYS)).items():
        told += [(owner, currency, days, lot) for days, lot in rules.to_warn(found, today)]
    sent = 0
    with work(SYSTEM) as w:
        readers = readers_of(w, {owner for owner, *_rest in told})
        for owner, currency, days, lot in sorted(told, key=lambda one: (one[0], one[3].id)):
            for email, locale in readers.get(owner, ()):
                with force_locale(locale):
                    w.mail(
                        email,
                        _("A rebate expires within %(n)s days", n=days),
                        _body(owner, currency, lot),
                        key=f"pool:{days}:{lot.id}:{lot.expires_on}:{email}"[:200],
                    )
                sent += 1
    return sent


def _body(distributor_id: int, currency: str, lot: Lot) -> str:
    """The mail in the reader's language: what goes when, and where it can be used."""
    assert lot.expires_on is not None
    said = _(
        "%(amount)s earned on %(earned)s can be used until %(last)s.",
        amount=format_fen(lot.left_fen, currency),
        earned=format_date(lot.on),
        last=format_date(lot.expires_on - timedelta(days=1)),
    )
    base = current_app.config["WEIR"].base_url
    hint = _("Use it on an order, or ask for its payment:")
    return f"{said}\n\n{hint}\n{base}/rebates/pool/{distributor_id}"


def count_pools() -> PoolControl:
    """Hold every pool against its documents, and keep the result."""
    found, pools = control.differences(), control.count_pools()
    # The count is over before anything is locked.
    db.session.rollback()
    with work(SYSTEM) as w:
        counted = PoolControl(
            on_date=w.today,
            checked_at=w.now,
            pools=pools,
            differing=len(found),
            differences=[difference.to_json() for difference in found[:KEPT]],
        )
        w.session.add(counted)
        return counted

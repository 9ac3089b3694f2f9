"""Reads of promises to pay: each with what the money received makes of it, as of any day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload

from channel.access import SYSTEM, Actor, Role
from channel.db import db
from channel.models.dunning import Promise
from channel.models.partners import Distributor
from channel.models.receivables import ParkedReceipt, Receipt
from channel.queries.computed import table_of
from channel.queries.listing import Column, Filter, Listing
from channel.queries.receivables import UNDONE
from channel.queries.scope import get_visible, visible
from credit import promises as rules
from credit.promises import Money, Pledge, Standing

Owner = tuple[int, str]


def get_promise(actor: Actor, promise_id: int) -> Promise:
    found: Promise = get_visible(actor, Promise, promise_id, joinedload(Promise.distributor))
    return found


def promises_of(
    actor: Actor, on: date, distributor_ids: Collection[int] | None = None
) -> list[Promise]:
    """Promises made by the day and not withdrawn, oldest first."""
    statement = sa.select(Promise).where(
        visible(actor, Promise.distributor_id),
        Promise.made_on <= on,
        Promise.withdrawn_at.is_(None),
    )
    if distributor_ids is not None:
        statement = statement.where(Promise.distributor_id.in_(distributor_ids))
    return list(db.session.scalars(statement.order_by(Promise.due_on, Promise.id)))


def _money(promises: Collection[Promise], on: date) -> dict[Owner, list[Money]]:
    """What came in since the first promise: nothing that is parked, sent back or reversed."""
    undo = aliased(Receipt)
    is_reversed = sa.exists().where(
        undo.distributor_id == Receipt.distributor_id,
        undo.amount_fen < 0,
        undo.received_on <= on,
        undo.reference == sa.literal(UNDONE) + Receipt.number,
    )
    is_parked = sa.exists().where(
        ParkedReceipt.receipt_id == Receipt.id, ParkedReceipt.state != "approved"
    )
    rows = db.session.execute(
        sa.select(
            Receipt.distributor_id,
            Receipt.currency,
            Receipt.received_on,
            Receipt.created_at,
            Receipt.amount_fen,
        ).where(
            Receipt.distributor_id.in_({p.distributor_id for p in promises}),
            Receipt.received_on >= min(p.made_on for p in promises),
            Receipt.received_on <= on,
            Receipt.amount_fen > 0,
            ~is_reversed,
            ~is_parked,
        )
    )
    found: dict[Owner, list[Money]] = defaultdict(list)
    for distributor_id, currency, received_on, booked_at, fen in rows:
        found[distributor_id, currency].append(Money(received_on, booked_at, int(fen)))
    return found


def standings_of(promises: Collection[Promise], on: date) -> dict[int, Standing]:
    """Promise id → its standing at the end of the day; one statement for all of them.

    All promises of a debtor are to be given together: money keeps one promise only.
    """
    if not promises:
        return {}
    money = _money(promises, on)
    by_owner: dict[Owner, list[Pledge]] = defaultdict(list)
    for p in promises:
        pledge = Pledge(p.id, p.amount_fen, p.made_on, p.entered_at, p.due_on)
        by_owner[p.distributor_id, p.currency].append(pledge)
    found: dict[Any, Standing] = {}
    for owner, pledges in by_owner.items():
        found |= rules.standings(pledges, money.get(owner, []), on)
    return found


def promised_fen(on: date, distributor_ids: Collection[int]) -> dict[Owner, int]:
    """What is still promised for that day or a later one, by debtor and currency."""
    promises = promises_of(SYSTEM, on, distributor_ids)
    standings = standings_of(promises, on)
    found: Counter[Owner] = Counter()
    for p in promises:
        if standings[p.id].state == rules.OPEN:
            found[p.distributor_id, p.currency] += standings[p.id].missing_fen
    return dict(found)


def broken_counts(on: date, since: date, only: int | None = None) -> dict[int, int]:
    """Distributor id → promises due from a day on that were broken by another, of one or of all."""
    promises = promises_of(SYSTEM, on, None if only is None else [only])
    standings = standings_of(promises, on)
    return dict(
        Counter(
            p.distributor_id
            for p in promises
            if standings[p.id].state == rules.BROKEN and p.due_on >= since
        )
    )


@dataclass(frozen=True)
class Told:
    """A promise with its standing, for pages."""

    promise: Promise
    standing: Standing


def told_of(actor: Actor, distributor_id: int, on: date) -> list[Told]:
    """A distributor's promises with their standing, the newest first."""
    promises = promises_of(actor, on, [distributor_id])
    standings = standings_of(promises, on)
    return [Told(p, standings[p.id]) for p in reversed(promises)]


def to_follow_up(actor: Actor, today: date) -> int:
    """Broken promises that nobody has asked about yet: of a rep's own accounts, or of all."""
    if actor.role not in (Role.SALES_REP, Role.FINANCE):
        return 0
    promises = promises_of(actor, today)
    standings = standings_of(promises, today)
    return sum(
        1 for p in promises if p.followed_up_at is None and standings[p.id].state == rules.BROKEN
    )


def listing(actor: Actor, on: date) -> Listing:
    """Promises with what became of them by the day."""
    promises = promises_of(actor, on)
    standings = standings_of(promises, on)
    rows = []
    for p in promises:
        standing = standings[p.id]
        waits = standing.state == rules.BROKEN and p.followed_up_at is None
        rows.append((p.id, standing.state, standing.received_fen, waits))
    types = {
        "promise_id": sa.BigInteger(),
        "state": sa.String(10),
        "received": sa.BigInteger(),
        "waits": sa.Boolean(),
    }
    told = table_of("told", types, rows)
    source = sa.join(Promise, told, told.c.promise_id == Promise.id).join(
        Distributor, Distributor.id == Promise.distributor_id
    )
    return Listing(
        name="promises",
        title=_l("Promises to pay"),
        identity=Promise.id,
        source=source,
        columns=[
            Column("number", _l("number"), Promise.number, "code", wide=True),
            Column("due_on", _l("promised for"), Promise.due_on, "date"),
            Column("name", _l("distributor"), Distributor.name),
            Column("promised_by", _l("promised by"), Promise.promised_by, wide=True),
            Column("made_on", _l("made on"), Promise.made_on, "date", wide=True),
            Column("currency", _l("currency"), Promise.currency, wide=True),
            Column("amount", _l("amount"), Promise.amount_fen, "fen", total=True),
            Column("received", _l("received in time"), told.c.received, "fen", total=True,
                   wide=True),
            Column("state", _l("state"), told.c.state, "state"),
        ],
        default_sort="-due_on",
        scope=lambda who: visible(who, Promise.distributor_id),
        filters=[
            Filter("state", _l("state"), told.c.state, choices=[
                ("awaited", _l("awaited")), ("kept", _l("kept as promised")),
                ("broken", _l("broken")),
            ]),
            Filter("waits", _l("follow-up"), told.c.waits, choices=[("1", _l("still to be done"))]),
            Filter("from", _l("promised for, from"), Promise.due_on, kind="from"),
            Filter("to", _l("promised for, until"), Promise.due_on, kind="to"),
        ],
        search=[Promise.number, Distributor.code, Distributor.name, Promise.promised_by],
        currency=Promise.currency,
        endpoint="promises.record",
        empty=_l("No promise yet: log one from the credit page of a distributor."),
    )  # fmt: skip

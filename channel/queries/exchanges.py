"""Reads of exchange claims: the list, one claim, what waits for whom, goods that may be claimed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from channel.access import Actor, Permission, may
from channel.db import db
from channel.messages.exchanges import CLAIM_STATES, MEANS_WORDS
from channel.models.catalogue import Product
from channel.models.exchanges import ExchangeClaim, ExchangeGoods, ExchangeLine, ExchangePosting
from channel.models.partners import Distributor, ShipTo
from channel.queries import exchanges_facts as facts_of
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible

#: Deliveries whose window ended no longer ago than this are offered, too: an exception may help.
LATE_SHOWN = timedelta(days=120)


def _sum(expression: Any) -> Any:
    return (
        sa.select(sa.cast(sa.func.coalesce(sa.func.sum(expression), 0), sa.BigInteger))
        .where(ExchangeLine.claim_id == ExchangeClaim.id)
        .correlate(ExchangeClaim)
        .scalar_subquery()
    )


_ASKED = _sum(ExchangeLine.asked)
_SETTLED = _sum(
    sa.case(
        (
            ExchangeClaim.state.in_(("disputed", "judged", "settled")),
            sa.func.coalesce(ExchangeLine.accepted, 0)
            + sa.case((ExchangeClaim.state == "settled", sa.func.coalesce(ExchangeLine.granted, 0)),
                      else_=0),
        ),
        else_=0,
    )
)  # fmt: skip
_WORTH = _sum(ExchangeLine.asked * ExchangeLine.unit_gross_fen)

CLAIMS = Listing(
    name="exchanges",
    title=_l("Exchange of slow movers"),
    identity=ExchangeClaim.id,
    source=sa.join(ExchangeClaim, Distributor, ExchangeClaim.distributor_id == Distributor.id),
    columns=[
        Column("number", _l("number"), ExchangeClaim.number, "code"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("filed_on", _l("filed on"), ExchangeClaim.filed_on, "date", wide=True),
        Column("asked", _l("claimed quantity"), _ASKED, "quantity", total=True),
        Column("settled", _l("settled units"), _SETTLED, "quantity", total=True, wide=True),
        Column("worth_fen", _l("worth asked for"), _WORTH, "fen", total=True, wide=True),
        Column("return_by", _l("send back by"), ExchangeClaim.return_by, "date"),
        Column("state", _l("state"), ExchangeClaim.state, "state"),
    ],
    default_sort="-number",
    scope=lambda actor: visible(actor, ExchangeClaim.distributor_id),
    filters=[
        Filter(
            "state", _l("state"), ExchangeClaim.state, choices=list(CLAIM_STATES.items())
        ),
        Filter("means", _l("in return"), ExchangeClaim.means, choices=list(MEANS_WORDS.items())),
        Filter("from", _l("filed from"), ExchangeClaim.filed_on, kind="from"),
        Filter("to", _l("filed until"), ExchangeClaim.filed_on, kind="to"),
        Filter("by_from", _l("to be sent back from"), ExchangeClaim.return_by, kind="from"),
        Filter("by", _l("to be sent back until"), ExchangeClaim.return_by, kind="to"),
    ],
    search=[ExchangeClaim.number, Distributor.name, Distributor.code, ExchangeClaim.reason],
    currency=ExchangeClaim.currency,
    endpoint="exchanges.record",
    empty=_l("No exchange claim yet: file the first one for goods that do not move."),
)  # fmt: skip


def get_claim(actor: Actor, claim_id: int) -> ExchangeClaim:
    """The claim with everything that its page shows, or NotVisible."""
    found: ExchangeClaim = get_visible(
        actor,
        ExchangeClaim,
        claim_id,
        joinedload(ExchangeClaim.distributor),
        selectinload(ExchangeClaim.lines).joinedload(ExchangeLine.product),
        selectinload(ExchangeClaim.lines).joinedload(ExchangeLine.shipment_line),
        selectinload(ExchangeClaim.goods).joinedload(ExchangeGoods.product),
        selectinload(ExchangeClaim.postings).joinedload(ExchangePosting.invoice),
        selectinload(ExchangeClaim.postings).joinedload(ExchangePosting.product),
    )
    return found


def written_once(actor: Actor, once: str) -> int | None:
    """The claim that the same page wrote already."""
    if not once:
        return None
    return db.session.scalar(
        sa.select(ExchangeClaim.id).where(
            ExchangeClaim.once == once, visible(actor, ExchangeClaim.distributor_id)
        )
    )


def usual_ship_to(distributor_id: int) -> ShipTo | None:
    """Where goods go that no order sends anywhere: the distributor's first open place."""
    return db.session.scalar(
        sa.select(ShipTo)
        .where(ShipTo.distributor_id == distributor_id, ShipTo.is_active.is_(True))
        .order_by(ShipTo.id)
        .limit(1)
    )


@dataclass(frozen=True)
class Offer:
    """A product and batch that the distributor may claim, summed over its deliveries.

    `open_quantity` lies within the window, `late_quantity` behind it. `last_day` is the next end
    of a window, of what lies within; of what is late, the last one.
    """

    product_id: int
    code: str
    name: str
    unit: str
    batch: str
    shipped_from: date
    shipped_to: date
    open_quantity: int
    late_quantity: int
    last_day: date | None
    paid_gross_fen: int

    @property
    def key(self) -> str:
        """The row's name in a form."""
        return f"{self.product_id}-{self.batch}"


def offers(distributor_id: int, on: date) -> list[Offer]:
    """What may be claimed on a day, the window that ends first before others; then what is late."""
    found: dict[tuple[int, str], list[facts_of.Delivery]] = {}
    for one in facts_of.deliveries(distributor_id, on):
        last = one.source.last_day
        if one.source.left > 0 and last is not None and last >= on - LATE_SHOWN:
            found.setdefault((one.product_id, one.source.batch), []).append(one)
    names = {
        i: (name, unit)
        for i, name, unit in db.session.execute(
            sa.select(Product.id, Product.name, Product.unit).where(
                Product.id.in_({product for product, _batch in found})
            )
        )
    }
    rows = [_offer(key, own, names[key[0]], on) for key, own in found.items()]
    return sorted(rows, key=lambda o: (not o.open_quantity, o.last_day or on, o.code, o.batch))


def _offer(
    key: tuple[int, str], own: list[facts_of.Delivery], named: tuple[str, str], on: date
) -> Offer:
    inside = [d.source for d in own if d.source.last_day is not None and d.source.last_day >= on]
    late = [d.source for d in own if d.source not in inside]
    ends = [s.last_day for s in inside if s.last_day] or [s.last_day for s in late if s.last_day]
    days = [d.source.shipped_on for d in own]
    return Offer(
        key[0],
        own[0].source.product,
        *named,
        key[1],
        min(days),
        max(days),
        sum(s.left for s in inside),
        sum(s.left for s in late),
        (min(ends) if inside else max(ends)) if ends else None,
        own[0].paid_gross_fen,
    )


#: key of the task, permission, states in which a claim waits for it
_WAITS = (
    ("exchanges_filed", Permission.EXCHANGES_DECIDE, ("claimed",)),
    ("exchanges_to_count", Permission.EXCHANGES_COUNT, ("on_way",)),
    ("exchanges_disputed", Permission.EXCHANGES_DECIDE, ("disputed",)),
    ("exchanges_to_settle", Permission.EXCHANGES_SETTLE, ("counted", "judged")),
)


def waiting(actor: Actor) -> Iterator[tuple[str, int, str]]:
    """(key, count, states) of the claims that wait for the actor."""
    c, me = ExchangeClaim, actor.user_id or 0
    for key, permission, states in _WAITS:
        if not may(actor, permission):
            continue
        others = sa.func.coalesce(
            sa.case((c.state == "counted", c.counted_by_id), (c.state == "judged", c.judged_by_id)),
            0,
        )
        count = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(c)
            .where(visible(actor, c.distributor_id), c.state.in_(states), others != me)
        )
        yield key, count or 0, ",".join(states)
    if actor.is_distributor:
        count = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(c)
            .where(visible(actor, c.distributor_id), c.state == "approved")
        )
        yield "exchanges_to_send", count or 0, "approved"


def overdue_ids(on: date) -> list[int]:
    """Approved claims whose goods were not sent back by their last day."""
    return list(
        db.session.scalars(
            sa.select(ExchangeClaim.id)
            .where(ExchangeClaim.state == "approved", ExchangeClaim.return_by < on)
            .order_by(ExchangeClaim.id)
        )
    )


def postings_of(invoice_id: int) -> list[ExchangePosting]:
    """The lines of a document that settles a claim; none of any other document."""
    return list(
        db.session.scalars(
            sa.select(ExchangePosting)
            .where(ExchangePosting.invoice_id == invoice_id)
            .options(joinedload(ExchangePosting.product))
            .order_by(ExchangePosting.line_no)
        )
    )

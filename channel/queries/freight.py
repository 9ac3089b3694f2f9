"""Reads of the maker's freight: shipment by shipment, and summed by distributor.

Freight stands here and nowhere in a price: the same good costs every distributor the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel import clock
from channel.access import Actor
from channel.db import db
from channel.models.freight import FreightCost
from channel.models.orders import Shipment
from channel.models.partners import Distributor
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import month_choices, month_of
from channel.queries.scope import get_visible, visible
from contracts.values.money import divide_half_up

#: Shipments that left or may leave; drafts and refused ones cost nothing.
SENT = ("released", "shipped", "invoiced")


def freight_listing() -> Listing:
    """Every shipment that left, with the freight that the maker paid for it."""
    s, f = Shipment, FreightCost
    recorded = sa.case((f.id.is_not(None), "freight_known"), else_="freight_missing")
    return Listing(
        name="freight",
        title=_l("Maker's freight"),
        identity=s.id,
        source=sa.join(s, Distributor, Distributor.id == s.distributor_id).outerjoin(
            f, f.shipment_id == s.id
        ),
        columns=[
            Column("number", _l("shipment"), s.number, "code"),
            Column("ship_date", _l("ship date"), s.ship_date, "date"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("division", _l("division"), s.division_code, "code", wide=True),
            Column("goods", _l("goods incl. VAT"), s.goods_gross_fen, "fen", total=True),
            Column("freight", _l("freight"), f.amount_fen, "fen", total=True),
            Column("carrier", _l("carrier"), f.carrier, wide=True),
            Column("state", _l("state"), recorded, "state"),
        ],
        default_sort="-ship_date",
        scope=lambda actor: sa.and_(visible(actor, s.distributor_id), s.state.in_(SENT)),
        filters=[
            Filter(
                "state",
                _l("state"),
                recorded,
                choices=[
                    ("freight_known", _l("recorded")),
                    ("freight_missing", _l("not recorded")),
                ],
            ),
            Filter("distributor", _l("distributor"), Distributor.code, choices=_distributors),
            Filter("month", _l("month"), month_of(s.ship_date),
                   choices=lambda: month_choices(clock.today(), 24)),
        ],
        search=[s.number, f.carrier, Distributor.code, Distributor.name],
        currency=s.currency,
        endpoint="freight.record",
        empty=_l("No shipment has left yet."),
    )  # fmt: skip


def _distributors() -> list[tuple[str, str]]:
    rows = db.session.execute(
        sa.select(Distributor.code, Distributor.name).order_by(Distributor.code).limit(500)
    )
    return [(code, f"{code} {name}") for code, name in rows]


@dataclass(frozen=True)
class OfDistributor:
    """What the maker paid to bring goods to one distributor."""

    code: str
    name: str
    currency: str
    shipments: int
    recorded: int
    goods_fen: int
    freight_fen: int

    @property
    def percent(self) -> Decimal | None:
        """Freight of the goods it was paid for, to two decimals."""
        if not self.goods_fen:
            return None
        return Decimal(divide_half_up(self.freight_fen * 10_000, self.goods_fen)).scaleb(-2)


def by_distributor(actor: Actor, month: str = "") -> list[OfDistributor]:
    """The report: freight by distributor, dearest first; the goods are of recorded shipments."""
    s, f = Shipment, FreightCost
    conditions = [visible(actor, s.distributor_id), s.state.in_(SENT)]
    if month:
        conditions.append(month_of(s.ship_date) == month)
    known = f.id.is_not(None)
    freight = sa.func.coalesce(sa.func.sum(f.amount_fen), 0)
    rows = db.session.execute(
        sa.select(
            Distributor.code,
            Distributor.name,
            s.currency,
            sa.func.count(),
            sa.func.count(f.id),
            sa.func.coalesce(sa.func.sum(sa.case((known, s.goods_gross_fen), else_=0)), 0),
            freight,
        )
        .select_from(s)
        .join(Distributor, Distributor.id == s.distributor_id)
        .outerjoin(f, f.shipment_id == s.id)
        .where(*conditions)
        .group_by(Distributor.code, Distributor.name, s.currency)
        .order_by(freight.desc(), Distributor.code)
    )
    return [
        OfDistributor(code, name, currency, n, known_n, int(goods), int(paid))
        for code, name, currency, n, known_n, goods, paid in rows
    ]


def get_shipment(actor: Actor, shipment_id: int) -> Shipment:
    found: Shipment = get_visible(
        actor, Shipment, shipment_id, joinedload(Shipment.distributor), joinedload(Shipment.ship_to)
    )
    return found


def cost_of(shipment_id: int) -> FreightCost | None:
    return db.session.scalar(sa.select(FreightCost).where(FreightCost.shipment_id == shipment_id))

"""Where stock in the channel stands: the snapshot, the open period, and one distributor's goods.

The snapshot is read with the shipments of the open period; no report of the past is read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.channel_stock import StockPosition, StockStanding
from channel.models.orders import Shipment, ShipmentLine
from channel.models.partners import Distributor, Maker
from channel.queries import partners
from channel.queries.market_areas import days_between
from channel.queries.scope import visible
from channel.queries.stock_advice import PACE_DAYS
from channel.queries.stock_facts import TRANSIT_DAYS
from channel.rules.channel_stock import (
    ESTIMATE_DAYS,
    FILING_DAYS,
    Age,
    Cover,
    Estimate,
    age_of,
    carry,
    cover_of,
)
from channel.rules.demand import Observation, Profile
from channel.rules.replenishment import days_of_cover
from contracts.values.findings import Finding, from_json
from contracts.values.periods import Period

#: So many periods make the history of a forecast at most.
HISTORY_PERIODS = 24
#: Reports of at least so many days are months; weeks are not mixed with them.
MONTH_DAYS = 28
GONE = ("shipped", "invoiced")


def profile_of(own: Sequence[StockPosition]) -> Profile:
    """The demand of one product at one distributor, from its positions in order."""
    is_monthly = (own[-1].period_end - own[-1].period_start).days >= MONTH_DAYS
    found = []
    for one in own:
        days = (one.period_end - one.period_start).days
        if (days >= MONTH_DAYS) is is_monthly:
            label = Period(one.period_start, one.period_end).label
            found.append(Observation(label, days, one.sold, is_out=one.closing <= 0))
    return Profile(tuple(found))


def pace_of(own: Sequence[StockPosition]) -> tuple[int, int]:
    """(sold, days) of the reports of about three months, by the same rule as the stock advice.

    Periods that closed without stock are left out as long as another one remains.
    """
    since = own[-1].period_end - timedelta(days=PACE_DAYS)
    near = [one for one in own if one.period_start >= since] or [own[-1]]
    counted = [one for one in near if one.closing] or near
    return (
        sum(one.sold for one in counted),
        sum((one.period_end - one.period_start).days for one in counted),
    )


@dataclass(frozen=True)
class House:
    """The bounds of the house, in days."""

    old_days: int
    short_days: int
    over_days: int


def house() -> House:
    maker: Maker = partners.get_maker()
    return House(maker.stock_old_days, maker.stock_short_days, maker.stock_over_days)


def is_old(filed_on: Any, last_day: Any, on: date, bounds: House) -> sa.ColumnElement[bool]:
    """The rule of channel.rules.channel_stock.age_of in the words of the database."""
    return sa.or_(
        filed_on < on - timedelta(days=bounds.old_days),
        last_day < on - timedelta(days=bounds.old_days + FILING_DAYS),
    )


def cover_case(bounds: House, table: Any = StockStanding) -> Any:
    """The rule of channel.rules.channel_stock.cover_of in the words of the database."""
    saleable, sold, days = table.saleable, table.pace_sold, table.pace_days
    held = sa.case((saleable > 0, saleable), else_=0)
    wide = sa.cast(held, sa.BigInteger) * days
    return sa.case(
        (sa.and_(sold <= 0, saleable > 0), "still"),
        (sold <= 0, "within"),
        (wide < sa.cast(sold, sa.BigInteger) * bounds.short_days, "short"),
        (wide > sa.cast(sold, sa.BigInteger) * bounds.over_days, "over"),
        else_="within",
    )


def cover_days(table: Any = StockStanding) -> Any:
    """Days of cover in tenths, half-up; NULL without movement."""
    wide = sa.cast(sa.case((table.saleable > 0, table.saleable), else_=0), sa.BigInteger)
    sold = sa.func.nullif(sa.case((table.pace_sold > 0, table.pace_sold), else_=0), 0)
    return (wide * table.pace_days * 20 + sold) // (2 * sold)


def moves(on: date) -> Any:
    """(standing_id, came, road) of what we shipped in the open period of each standing."""
    standing, ship, line = StockStanding, Shipment, ShipmentLine
    after = days_between(standing.last_day, ship.ship_date)
    arrived = ship.ship_date <= on - timedelta(days=TRANSIT_DAYS)
    return (
        sa.select(
            standing.id.label("standing_id"),
            sa.func.sum(sa.case((arrived, line.quantity), else_=0)).label("came"),
            sa.func.sum(sa.case((arrived, 0), else_=line.quantity)).label("road"),
        )
        .select_from(ship)
        .join(line, line.shipment_id == ship.id)
        .join(
            standing,
            sa.and_(
                standing.distributor_id == ship.distributor_id,
                standing.product_id == line.product_id,
            ),
        )
        .where(
            ship.state.in_(GONE),
            ship.ship_date <= on,
            ship.ship_date > on - timedelta(days=ESTIMATE_DAYS + TRANSIT_DAYS),
            sa.case((standing.in_transit.is_(None), after > -TRANSIT_DAYS), else_=after > 0),
        )
        .group_by(standing.id)
        .cte("move")
    )


def estimate_of(moved: Any, on: date) -> Any:
    """The rule of channel.rules.channel_stock.carry in the words of the database."""
    s = StockStanding
    days = days_between(s.last_day, sa.literal(on, sa.Date))
    told = sa.case(
        (sa.and_(days > 0, days >= TRANSIT_DAYS), sa.func.coalesce(s.in_transit, 0)), else_=0
    )
    came = told + sa.cast(sa.func.coalesce(moved.c.came, 0), sa.BigInteger)
    stock = s.closing + came - (s.daily_e4 * days + 5_000) // 10_000
    return sa.case(
        (sa.or_(s.daily_e4.is_(None), days > ESTIMATE_DAYS, days < 0), sa.null()),
        (stock > 0, stock),
        else_=0,
    )


@dataclass(frozen=True)
class Standing:
    """One product of a distributor: as reported, and as it may be today."""

    row: StockStanding
    age: Age
    cover: Cover
    #: Days of cover of the reported stock; None: no movement.
    cover_days: Decimal | None
    estimate: Estimate
    note: Finding | None

    @property
    def daily(self) -> Decimal | None:
        return None if self.row.daily_e4 is None else Decimal(self.row.daily_e4).scaleb(-4)


def standings(actor: Actor, distributor_id: int, on: date) -> list[Standing]:
    """All goods of a distributor's last report, in three statements."""
    bounds, s = house(), StockStanding
    rows = db.session.scalars(
        sa.select(s)
        .where(s.distributor_id == distributor_id, visible(actor, s.distributor_id))
        .options(joinedload(s.product))
    ).all()
    if not rows:
        return []
    shipped = shipped_since(distributor_id, rows[0].last_day, on)
    found = [_standing(row, shipped.get(row.product_id, []), on, bounds) for row in rows]
    return sorted(found, key=lambda one: one.row.product.code)


def _standing(
    row: StockStanding, shipped: list[tuple[date, int]], on: date, bounds: House
) -> Standing:
    return Standing(
        row=row,
        age=age_of(row.filed_on, row.last_day, on, bounds.old_days),
        cover=cover_of(
            row.saleable, row.pace_sold, row.pace_days, bounds.short_days, bounds.over_days
        ),
        cover_days=days_of_cover(row.saleable, row.pace_sold, row.pace_days),
        estimate=carry(
            row.closing, row.in_transit, shipped, row.daily_e4, row.last_day,
            max(on, row.last_day), TRANSIT_DAYS,
        ),
        note=next(iter(from_json(row.note or [])), None),
    )  # fmt: skip


def shipped_since(
    distributor_id: int, last_day: date, on: date
) -> dict[int, list[tuple[date, int]]]:
    """product id → (day, quantity) of our shipments that may not be in the report, until a day."""
    rows = db.session.execute(
        sa.select(ShipmentLine.product_id, Shipment.ship_date, sa.func.sum(ShipmentLine.quantity))
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(
            Shipment.distributor_id == distributor_id,
            Shipment.state.in_(GONE),
            Shipment.ship_date > last_day - timedelta(days=TRANSIT_DAYS),
            Shipment.ship_date <= on,
        )
        .group_by(ShipmentLine.product_id, Shipment.ship_date)
        .order_by(Shipment.ship_date)
    )
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for product_id, day, quantity in rows:
        found[product_id].append((day, int(quantity)))
    return found


def history_of(distributor_id: int) -> list[tuple[Period, int, int, int]]:
    """(period, report id, closing, sold) of a distributor's positions, the newest first."""
    p = StockPosition
    rows = db.session.execute(
        sa.select(
            p.period_start, p.period_end, p.report_id, sa.func.sum(p.closing), sa.func.sum(p.sold)
        )
        .where(p.distributor_id == distributor_id)
        .group_by(p.period_start, p.period_end, p.report_id)
        .order_by(p.period_start.desc())
        .limit(HISTORY_PERIODS)
    )
    return [(Period(start, end), r, int(left), int(sold)) for start, end, r, left, sold in rows]


def all_owners() -> list[int]:
    """Every distributor, for the job that makes the snapshot anew."""
    return list(db.session.scalars(sa.select(Distributor.id).order_by(Distributor.id)))


def owner_of(actor: Actor, position_id: int) -> int:
    """The distributor of a standing; a number below zero is a distributor itself, negated."""
    if position_id < 0:
        return -position_id
    s = StockStanding
    found = db.session.scalar(
        sa.select(s.distributor_id).where(s.id == position_id, visible(actor, s.distributor_id))
    )
    if found is None:
        raise NotVisible
    return found

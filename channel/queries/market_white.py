"""White space: the divisions at the open levels that nobody holds on a day, and market shares.

A share is our sales of the year up to the day against the market size entered for the year; sales
are placed where the goods went, or at the distributor's seat where no shipment tells.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.market import MarketSize
from channel.models.orders import Shipment
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries import territory_holders
from channel.queries.territory_holders import Place
from contracts.values.money import divide_half_up, fen_from_e4


@dataclass(frozen=True)
class Tile:
    """A division with its state, what we sold there, and the market where its size is known."""

    place: Place
    sold_fen: int
    market_fen: int | None

    @property
    def share(self) -> Decimal | None:
        """Our part of the market in percent, to one decimal."""
        if not self.market_fen:
            return None
        return Decimal(divide_half_up(self.sold_fen * 1000, self.market_fen)).scaleb(-1)


@dataclass
class Region:
    """One province on a day: its divisions at the open levels, counted by who holds them."""

    province: Place
    tiles: list[Tile] = field(default_factory=list)
    #: level → state → how many
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def provinces(actor: Actor, on: date) -> list[Place]:
    """All provinces with how many of their prefectures somebody holds."""
    return list(territory_holders.tree(actor, (), on).below[None])


def region(actor: Actor, province: str, levels: Collection[str], on: date) -> Region | None:
    """A province with its divisions; None where no province bears the code on the day."""
    tree = territory_holders.tree(actor, [province], on)
    whole = next((p for p in tree.below[None] if p.division.code == province), None)
    if whole is None:
        return None
    found = [p for p in tree.below[province] if p.division.level in levels]
    if "county" in levels:
        parts = [p.division.code for p in tree.below[province] if p.has_parts]
        deeper = territory_holders.tree(actor, [province, *parts], on)
        found += [c for code in parts for c in deeper.below[code]]
    if "province" in levels and not found:
        found = [whole]
    sold = _sold(province, on)
    sizes = _sizes(province, on.year)
    made = Region(whole)
    for place in found:
        code = place.division.code
        made.tiles.append(Tile(place, _below(code, sold.items()), sizes.get(code)))
        made.counts[place.division.level][place.state] += 1
    return made


def _below(code: str, sold: Iterable[tuple[str, int]]) -> int:
    """What was sold in a division and its parts, by the digits of the code."""
    head = code.rstrip("0")
    head = head.ljust(2 if len(head) <= 2 else 4 if len(head) <= 4 else 6, "0")
    return fen_from_e4(sum(e4 for place, e4 in sold if place.startswith(head)))


def _sold(province: str, on: date) -> dict[str, int]:
    """division → sales incl. VAT of the year up to the day, in ten-thousandths."""
    line = InvoiceLine
    code = sa.func.coalesce(Shipment.division_code, Distributor.division_code)
    rows = db.session.execute(
        sa.select(code.label("c"), sa.func.sum(line.gross_e4))
        .select_from(line)
        .join(Invoice, Invoice.id == line.invoice_id)
        .join(Distributor, Distributor.id == line.distributor_id)
        .outerjoin(Shipment, Shipment.id == Invoice.shipment_id)
        .where(
            line.counts_on >= date(on.year, 1, 1),
            line.counts_on < on + timedelta(days=1),
            line.is_free.is_(False),
            code.startswith(province[:2]),
        )
        .group_by(sa.text("c"))
    )
    return {place: int(e4) for place, e4 in rows}


def _sizes(province: str, year: int) -> dict[str, int]:
    m = MarketSize
    rows = db.session.execute(
        sa.select(m.division_code, m.amount_fen).where(
            m.year == year, m.division_code.startswith(province[:2])
        )
    )
    return {code: fen for code, fen in rows}


def home_province() -> str | None:
    """Where most distributors sit: the province to show first."""
    head = sa.func.substr(Distributor.division_code, 1, 2)
    statement = (
        sa.select(head)
        .where(Distributor.division_code.is_not(None), Distributor.is_active.is_(True))
        .group_by(head)
        .order_by(sa.func.count().desc(), head)
        .limit(1)
    )
    found = db.session.scalar(statement)
    return f"{found}0000" if found else None

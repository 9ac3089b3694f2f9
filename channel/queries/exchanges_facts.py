"""What the rules of an exchange need to know: our deliveries, what they cost, and the quarter.

Set-based: one statement for the deliveries, whatever their number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.catalogue import Product
from channel.models.exchanges import ExchangeClaim, ExchangeLine, ExchangePosting
from channel.models.orders import OrderLine, Shipment, ShipmentLine
from channel.models.receivables import InvoiceLine
from channel.queries import agreements, catalogue
from contracts import agreement as rules
from contracts.agreement import Terms, Version
from contracts.exchanges import DEAD, Source
from contracts.obligations import exchange_end
from contracts.pricing import price_on
from contracts.values.money import fen_from_e4
from contracts.values.periods import Period, containing, preceding

#: Deliveries older than this are not looked at: no window is longer, with what may be excepted.
LONGEST = timedelta(days=730 + 365)


@dataclass(frozen=True)
class Delivery:
    """A line that we shipped, as a source of a claim, with what was paid for one unit."""

    source: Source
    product_id: int
    paid_gross_fen: int
    vat_rate_bp: int


@dataclass(frozen=True)
class Ruling:
    """The signed versions of a distributor's agreements, the newest agreement first."""

    versions: tuple[tuple[str, tuple[Version, ...]], ...]

    def on(self, day: date) -> tuple[Terms | None, str]:
        """(terms, contract) that ruled on a day."""
        for number, versions in self.versions:
            found = rules.in_force(versions, day)
            if found is not None:
                return found.terms, number
        return None, ""


def ruling(distributor_id: int) -> Ruling:
    """The agreements by which each day's deliveries are judged; one statement."""
    rows = db.session.scalars(
        sa.select(AgreementVersion)
        .join(AgreementVersion.agreement)
        .options(contains_eager(AgreementVersion.agreement))
        .where(
            Agreement.distributor_id == distributor_id,
            AgreementVersion.state.in_(agreements.SIGNED),
        )
        .order_by(Agreement.id.desc(), AgreementVersion.version_no)
    )
    found: dict[str, list[Version]] = {}
    for row in rows:
        found.setdefault(row.agreement.number, []).append(agreements.as_rule(row, with_terms=True))
    return Ruling(tuple((number, tuple(own)) for number, own in found.items()))


def deliveries(
    distributor_id: int, on: date, products: Collection[int] | None = None, but: int | None = None
) -> list[Delivery]:
    """What we shipped to the distributor up to a day, with what no other claim holds of it.

    Free goods are not exchanged: nothing was paid for them. `but` is the claim that is judged.
    """
    held = (
        sa.select(ExchangeLine.shipment_line_id, sa.func.sum(ExchangeLine.held).label("held"))
        .join(ExchangeClaim, ExchangeClaim.id == ExchangeLine.claim_id)
        .where(
            ExchangeClaim.distributor_id == distributor_id,
            ExchangeClaim.state.not_in(DEAD),
            ExchangeClaim.id != (but or 0),
        )
        .group_by(ExchangeLine.shipment_line_id)
        .subquery()
    )
    conditions = [
        Shipment.distributor_id == distributor_id,
        Shipment.state.in_(("shipped", "invoiced")),
        Shipment.ship_date <= on,
        Shipment.ship_date >= on - LONGEST,
        ShipmentLine.is_free.is_(False),
    ]
    if products is not None:
        conditions.append(ShipmentLine.product_id.in_(products))
    rows = db.session.execute(
        sa.select(
            ShipmentLine.id,
            Shipment.number,
            Shipment.ship_date,
            Product.id,
            Product.code,
            ShipmentLine.batch,
            ShipmentLine.quantity,
            sa.func.coalesce(held.c.held, 0),
            OrderLine.unit_gross_fen,
            OrderLine.vat_rate_bp,
        )
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .join(Product, Product.id == ShipmentLine.product_id)
        .outerjoin(held, held.c.shipment_line_id == ShipmentLine.id)
        .where(*conditions)
        .order_by(Shipment.ship_date.desc(), ShipmentLine.id.desc())
    )
    ruled, found = ruling(distributor_id), []
    for line, number, shipped, product_id, code, batch, quantity, taken, paid, rate in rows:
        terms, contract = ruled.on(shipped)
        last = exchange_end(shipped, terms) if terms else None
        left = quantity - int(taken)
        source = Source(line, number, shipped, code, batch, left, last, contract)
        found.append(Delivery(source, product_id, paid, rate))
    return found


def book_prices(terms: Terms | None, products: Collection[int], on: date) -> dict[int, int]:
    """product → price of the agreement's book on a day, incl. VAT; who has none is missing."""
    if terms is None or not terms.price_book or not products:
        return {}
    codes = {p.code: p.id for p in catalogue.products_by_id(products).values()}
    entries = catalogue.price_entries(terms.price_book, products, on)
    found = {i: price_on(entries, code, on) for code, i in codes.items()}
    return {i: entry.gross_fen for i, entry in found.items() if entry is not None}


def invoiced_net_fen(distributor_id: int, currency: str, period: Period) -> int:
    """Net value of goods invoiced in a period, less returns, without free goods and charges."""
    line = InvoiceLine
    total = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(line.net_e4), 0)).where(
            line.distributor_id == distributor_id,
            line.currency == currency,
            line.counts_on >= period.start,
            line.counts_on < period.end,
            line.is_free.is_(False),
        )
    )
    return fen_from_e4(int(total or 0))


@dataclass(frozen=True)
class Quarter:
    """What the caps of a quarter are measured by."""

    label: str
    base_net_fen: int
    used_net_fen: int
    filed: int


def quarter_of(distributor_id: int, currency: str, on: date, but: int | None = None) -> Quarter:
    """The quarter of a day: invoiced in the one before, and held by its other claims."""
    before = preceding(on, "quarter")
    running = containing(on, "quarter")
    claim = ExchangeClaim
    of_quarter = [
        claim.distributor_id == distributor_id,
        claim.currency == currency,
        claim.state.not_in(DEAD),
        claim.filed_on >= running.start,
        claim.filed_on < running.end,
        claim.id != (but or 0),
    ]
    used = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(ExchangeLine.held_net_fen), 0))
        .join(claim, claim.id == ExchangeLine.claim_id)
        .where(*of_quarter)
    )
    filed = db.session.scalar(sa.select(sa.func.count()).select_from(claim).where(*of_quarter))
    base = invoiced_net_fen(distributor_id, currency, before)
    return Quarter(running.label, base, int(used or 0), int(filed or 0))


def exchanged(
    distributor_ids: Iterable[int], period: Period
) -> dict[int, dict[tuple[str, str, str], int]]:
    """distributor → (product code, batch, «returned» or «goods») → units settled in a period.

    For whoever compares reports with our documents: what came back is a return to us, and what
    went out lies in a shipment of its own.
    """
    p = ExchangePosting
    rows = db.session.execute(
        sa.select(p.distributor_id, Product.code, p.batch, p.kind, sa.func.sum(p.quantity))
        .join(Product, Product.id == p.product_id)
        .where(
            p.distributor_id.in_(list(distributor_ids)),
            p.posted_on >= period.start,
            p.posted_on < period.end,
        )
        .group_by(p.distributor_id, Product.code, p.batch, p.kind)
    )
    found: dict[int, dict[tuple[str, str, str], int]] = {}
    for owner, code, batch, kind, quantity in rows:
        found.setdefault(owner, {})[code, batch, kind] = abs(int(quantity))
    return found

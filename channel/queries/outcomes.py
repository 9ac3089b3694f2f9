"""Reads for outcome reviews: what was shipped, who the peers are, which reviews are due.

Sales are goods shipped, VAT included; invoices that came without a shipment count by themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from channel import clock
from channel.access import Actor, NotVisible, Role
from channel.db import db
from channel.models.agreements import TerritoryGrant
from channel.models.exceptions import ExceptionRequest, Waiver
from channel.models.orders import Shipment
from channel.models.outcomes import OutcomeReview, WaiverEnd
from channel.models.partners import Distributor
from channel.models.receivables import Invoice
from channel.models.territories import Division
from channel.queries import territories
from channel.queries.scope import visible
from contracts.outcomes import Outcome, measured
from contracts.values.periods import Period
from contracts.values.rates import Rate


@dataclass(frozen=True)
class Peer:
    """A distributor of the same parent territory with its sales in fen; `is_own` is the one
    that is reviewed."""

    distributor_id: int
    name: str
    sales_fen: int
    is_own: bool


@dataclass(frozen=True)
class Comparison:
    """Who sells how much in one parent territory, the most first."""

    parent: str
    name: str
    peers: tuple[Peer, ...]

    @property
    def others_fen(self) -> tuple[int, ...]:
        return tuple(peer.sales_fen for peer in self.peers if not peer.is_own)


def sees_peers(actor: Actor) -> bool:
    """Other distributors' figures are for the desks, not for distributors and their reps."""
    return actor.role not in (Role.DISTRIBUTOR, Role.SALES_REP)


def sales(distributor_ids: Collection[int], currency: str, period: Period) -> dict[int, int]:
    """distributor → fen shipped in the period, in two statements; those without are left out."""
    shipped = (
        sa.select(Shipment.distributor_id, sa.func.sum(Shipment.goods_gross_fen))
        .where(
            Shipment.distributor_id.in_(distributor_ids),
            Shipment.currency == currency,
            Shipment.state.in_(("shipped", "invoiced")),
            Shipment.ship_date >= period.start,
            Shipment.ship_date < period.end,
        )
        .group_by(Shipment.distributor_id)
    )
    imported = (
        sa.select(Invoice.distributor_id, sa.func.sum(Invoice.gross_fen))
        .where(
            Invoice.distributor_id.in_(distributor_ids),
            Invoice.currency == currency,
            Invoice.shipment_id.is_(None),
            Invoice.kind.in_(("invoice", "credit_note")),
            Invoice.invoice_date >= period.start,
            Invoice.invoice_date < period.end,
        )
        .group_by(Invoice.distributor_id)
    )
    found: dict[int, int] = {}
    for statement in (shipped, imported):
        for distributor_id, fen in db.session.execute(statement):
            found[distributor_id] = found.get(distributor_id, 0) + int(fen or 0)
    return found


def parent_of(code: str | None, on: date) -> str | None:
    """The territory in which a place has its peers: the division above it."""
    return territories.parents([code], on).get(code, code) if code else None


def _members(parent: str, period: Period) -> list[tuple[int, str, bool]]:
    """(id, name, holds a grant) of all whose seat or whose granted division lies in the parent."""
    on = period.last_day
    below = sa.select(Division.code).where(Division.parent_code == parent, territories.in_force(on))
    codes = sa.select(Division.code).where(
        territories.in_force(on),
        sa.or_(
            Division.code == parent,
            Division.parent_code == parent,
            Division.parent_code.in_(below),
        ),
    )
    granted = sa.exists().where(
        TerritoryGrant.distributor_id == Distributor.id,
        TerritoryGrant.is_included.is_(True),
        TerritoryGrant.division_code.in_(codes),
        TerritoryGrant.valid_from < period.end,
        TerritoryGrant.valid_to > period.start,
    )
    rows = db.session.execute(
        sa.select(Distributor.id, Distributor.name, granted)
        .where(sa.or_(Distributor.division_code.in_(codes), granted))
        .order_by(Distributor.code)
    )
    return [(i, name, bool(holds)) for i, name, holds in rows]


def compare(distributor: Distributor, place: str | None, period: Period) -> Comparison | None:
    """The distributor among the peers of its parent territory; None where it has no place.

    A peer holds a contract for a part of the territory, or has its seat there and sold something.
    """
    parent = parent_of(place or distributor.division_code, period.last_day)
    if parent is None:
        return None
    members = _members(parent, period)
    ids = {i for i, _name, _holds in members} | {distributor.id}
    sold = sales(ids, distributor.currency, period)
    peers = [
        Peer(i, name, sold.get(i, 0), False)
        for i, name, holds in members
        if i != distributor.id and (holds or sold.get(i))
    ]
    peers.append(Peer(distributor.id, distributor.name, sold.get(distributor.id, 0), True))
    peers.sort(key=lambda p: (-p.sales_fen, not p.is_own, p.distributor_id))
    name = territories.names([parent], period.last_day).get(parent, "")
    return Comparison(parent, name, tuple(peers))


def measure(
    request: ExceptionRequest, due: date, margin: Rate | None = None
) -> tuple[Outcome, Period, Comparison | None] | None:
    """The figures of a review on a day; None before the exception began."""
    spans = measured(request.valid_from, request.valid_to, due)
    if spans is None:
        return None
    period, before = spans
    place = request.asked.get("division_code")
    comparison = compare(request.distributor, place, period)
    own = request.distributor_id
    actual = sales([own], request.currency, period).get(own, 0)
    outcome = Outcome(
        actual_fen=actual,
        before_fen=sales([own], request.currency, before).get(own, 0),
        forecast_fen=request.expected_sales_fen,
        peers_fen=comparison.others_fen if comparison else (),
        margin=margin,
    )
    return outcome, period, comparison


def get_review(actor: Actor, review_id: int) -> OutcomeReview:
    """The review with its request and distributor, or NotVisible."""
    review = db.session.scalar(
        sa.select(OutcomeReview)
        .join(OutcomeReview.request)
        .options(
            contains_eager(OutcomeReview.request).options(joinedload(ExceptionRequest.distributor))
        )
        .where(OutcomeReview.id == review_id, visible(actor, ExceptionRequest.distributor_id))
    )
    if review is None or actor.is_distributor:
        raise NotVisible
    return review


def reviews_of(request_id: int) -> list[OutcomeReview]:
    """The reviews of a request by date."""
    return list(
        db.session.scalars(
            sa.select(OutcomeReview)
            .where(OutcomeReview.request_id == request_id)
            .order_by(OutcomeReview.due_on)
        )
    )


def due_reviews(actor: Actor) -> list[OutcomeReview]:
    """Reviews whose day has come and that nobody has decided, oldest first."""
    return list(
        db.session.scalars(
            sa.select(OutcomeReview)
            .join(OutcomeReview.request)
            .options(
                contains_eager(OutcomeReview.request).options(
                    joinedload(ExceptionRequest.distributor)
                )
            )
            .where(
                OutcomeReview.due_on <= clock.today(),
                OutcomeReview.decided_at.is_(None),
                ExceptionRequest.requester_id != (actor.user_id or 0),
                visible(actor, ExceptionRequest.distributor_id),
            )
            .order_by(OutcomeReview.due_on, OutcomeReview.id)
        )
    )


def early_end(request_id: int) -> WaiverEnd | None:
    """The entry that ended the waiver of a request before its time."""
    return db.session.scalar(
        sa.select(WaiverEnd)
        .join(Waiver, Waiver.id == WaiverEnd.waiver_id)
        .where(Waiver.request_id == request_id)
    )

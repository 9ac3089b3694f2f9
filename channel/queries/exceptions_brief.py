"""What an approver needs to see beside a request: trade, credit, conduct, peers, what changes.

A constant number of statements, whatever the distributor's history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.access import Actor
from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.exceptions import ExceptionRequest, Waiver, WaiverUse
from channel.models.outcomes import OutcomeReview
from channel.queries import (
    agreements,
    catalogue,
    credit,
    credit_limits,
    outcomes,
    partners,
    territory_holders,
)
from channel.queries.exceptions import sales_by_month
from channel.queries.outcomes import Comparison
from contracts import agreement as terms_of
from contracts.outcomes import latest
from contracts.pricing import price_on
from contracts.values.periods import Period
from credit.limits import limit_on


@dataclass(frozen=True)
class Earlier:
    """An earlier request of the same distributor, and how it turned out."""

    id: int
    number: str
    type: str
    state: str
    valid_from: date
    used_fen: int
    uses: int
    outcome: str | None


@dataclass(frozen=True)
class Brief:
    """The figures of one distributor on the day; amounts in fen of its currency."""

    months: list[tuple[str, int]]
    year_fen: int
    used_fen: int
    #: None is unlimited.
    limit_fen: int | None
    overdue_fen: int
    overdue_days: int
    earlier: list[Earlier]
    comparison: Comparison | None
    #: minimum: the floor that holds without the exception.
    floor_fen: int | None = None
    #: price: the book's price.
    book_fen: int | None = None
    #: territory, level: who else holds the place; None where the actor may not know.
    holders: list[str] | None = None
    terms: Any = None
    #: The agreement changed since the application: another version rules now.
    has_new_version: bool = False


def brief(actor: Actor, request: ExceptionRequest) -> Brief:
    """Everything beside the request; peers only for those who may see others' figures."""
    today = clock.today()
    months = sales_by_month(actor, request.distributor_id)
    used, overdue, days = _credit(actor, request, today)
    ruling, _last = agreements.ruling_version(request.distributor_id, today)
    terms = terms_of.from_json(ruling.terms) if ruling else None
    year = Period(today - timedelta(days=365), today + timedelta(days=1))
    code = request.asked.get("division_code")
    comparison = None
    if outcomes.sees_peers(actor):
        comparison = outcomes.compare(request.distributor, code, year)
    rows = credit_limits.limits(request.distributor_id, request.currency)
    limit = limit_on(rows, today, used)
    return Brief(
        months=months,
        year_fen=sum(fen for _month, fen in months),
        used_fen=used,
        limit_fen=limit.amount_fen,
        overdue_fen=overdue,
        overdue_days=days,
        earlier=earlier_of(request),
        comparison=comparison,
        floor_fen=_floor(request, terms),
        book_fen=_book_price(request, terms, today),
        holders=_holders(actor, request, code),
        terms=terms,
        has_new_version=bool(
            request.state == "pending"
            and ruling
            and request.agreement_version_id not in (None, ruling.id)
        ),
    )


def _credit(actor: Actor, request: ExceptionRequest, today: date) -> tuple[int, int, int]:
    """(used fen, overdue fen, days of the oldest) in the request's currency."""
    account = next(
        (
            a
            for a in credit.accounts(actor, request.distributor_id)
            if a.currency == request.currency
        ),
        CreditAccount(ordered_fen=0, shipped_fen=0, invoiced_fen=0, unapplied_fen=0),
    )
    used = account.ordered_fen + account.shipped_fen + account.invoiced_fen - account.unapplied_fen
    late = [
        (due, fen)
        for _id, due, fen in credit.open_items(request.distributor_id, request.currency)
        if due < today and fen > 0
    ]
    days = (today - min(due for due, _fen in late)).days if late else 0
    return used, sum(fen for _due, fen in late), days


def _floor(request: ExceptionRequest, terms: Any) -> int | None:
    if request.type != "minimum":
        return None
    own = terms.min_shipment_fen if terms else None
    return int(own if own is not None else partners.get_maker().min_shipment_fen)


def _book_price(request: ExceptionRequest, terms: Any, today: date) -> int | None:
    if request.type != "price" or terms is None or not terms.price_book:
        return None
    product = catalogue.products_by_id([request.asked["product_id"]]).get(
        request.asked["product_id"]
    )
    if product is None:
        return None
    entries = catalogue.price_entries(terms.price_book, [product.id], today)
    entry = price_on(entries, product.code, today)
    return entry.gross_fen if entry else None


def _holders(actor: Actor, request: ExceptionRequest, code: str | None) -> list[str] | None:
    if not code or not outcomes.sees_peers(actor):
        return None
    # An opening takes the place from those who held it the day before.
    on = request.valid_from - timedelta(days=1) if request.type == "level" else clock.today()
    found = territory_holders.holders(actor, [code], on).get(code, ())
    return [
        f"{h.name} ({h.agreement})"
        for h in found
        if h.is_known and h.distributor_id != request.distributor_id
    ]


def earlier_of(request: ExceptionRequest, limit: int = 6) -> list[Earlier]:
    """The distributor's earlier requests, newest first, with their use and decided outcome."""
    r = ExceptionRequest
    used = (
        sa.select(
            Waiver.request_id,
            sa.func.sum(WaiverUse.value_fen).label("fen"),
            sa.func.sum(WaiverUse.uses).label("uses"),
        )
        .join(WaiverUse, WaiverUse.waiver_id == Waiver.id)
        .where(Waiver.distributor_id == request.distributor_id)
        .group_by(Waiver.request_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(r.id, r.number, r.type, r.state, r.valid_from, used.c.fen, used.c.uses)
        .outerjoin(used, used.c.request_id == r.id)
        .where(r.distributor_id == request.distributor_id, r.id < request.id)
        .order_by(r.id.desc())
        .limit(limit)
    ).all()
    reviews: dict[int, list[tuple[date, str | None]]] = {}
    for request_id, due, decision in db.session.execute(
        sa.select(OutcomeReview.request_id, OutcomeReview.due_on, OutcomeReview.decision).where(
            OutcomeReview.request_id.in_([row.id for row in rows])
        )
    ):
        reviews.setdefault(request_id, []).append((due, decision))
    return [
        Earlier(
            row.id,
            row.number,
            row.type,
            row.state,
            row.valid_from,
            int(row.fen or 0),
            int(row.uses or 0),
            latest(reviews.get(row.id, [])),
        )
        for row in rows
    ]

"""What exceptions cost and brought, by kind, approver, distributor, territory and outcome.

Every request falls into exactly one group of each view, so that the groups sum to the register.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.access import Actor
from channel.db import db
from channel.models.exceptions import ExceptionRequest, Waiver, WaiverUse
from channel.models.outcomes import OutcomeReview
from channel.models.partners import Distributor
from channel.queries import exceptions, outcomes, territories
from channel.queries.scope import visible
from contracts.outcomes import percent
from contracts.values.periods import Period

VIEWS = ("type", "approver", "distributor", "territory", "outcome")


@dataclass(frozen=True)
class Line:
    """One request with what is known of it; money in fen, None where nobody knows."""

    id: int
    type: str
    approver: str
    distributor_id: int
    distributor: str
    division: str
    outcome: str
    currency: str
    size_fen: int
    used_fen: int
    cost_fen: int | None
    brought_fen: int | None
    margin_fen: int | None


@dataclass(frozen=True)
class Group:
    """The sums of one group; `share` is the value used in percent of sales, one decimal."""

    key: str
    label: str
    count: int
    size_fen: int
    used_fen: int
    share: Decimal | None
    cost_fen: int
    brought_fen: int
    margin_fen: int
    #: How many of the requests have a cost, an outcome, a margin that is known.
    with_cost: int
    with_outcome: int
    with_margin: int


@dataclass(frozen=True)
class Board:
    """One view of the register between two days: its groups, and the whole of them per currency."""

    view: str
    currency: str
    groups: list[Group]
    total: Group
    sales_fen: int


def _lines(actor: Actor, period: Period | None) -> list[Line]:
    """Every visible request once, in two statements."""
    r = ExceptionRequest
    quantity = (
        sa.select(sa.func.coalesce(sa.func.sum(WaiverUse.quantity), 0))
        .join(Waiver, Waiver.id == WaiverUse.waiver_id)
        .where(Waiver.request_id == r.id)
        .correlate(r)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            r.id,
            r.type,
            exceptions.REGISTER.column("approver").expression.label("approver"),  # type: ignore[union-attr]
            r.distributor_id,
            Distributor.name,
            Distributor.division_code,
            r.currency,
            r.size_fen,
            r.asked,
            exceptions.REGISTER.column("used_fen").expression.label("used"),  # type: ignore[union-attr]
            quantity.label("quantity"),
        )
        .join(Distributor, Distributor.id == r.distributor_id)
        .where(visible(actor, r.distributor_id))
        .order_by(r.id)
    )
    if period is not None:
        statement = statement.where(r.valid_from >= period.start, r.valid_from < period.end)
    reviews: dict[int, tuple[str, Any]] = {}
    for request_id, decision, figures in db.session.execute(
        sa.select(OutcomeReview.request_id, OutcomeReview.decision, OutcomeReview.figures)
        .where(OutcomeReview.decision.is_not(None))
        .order_by(OutcomeReview.due_on)
    ):
        reviews[request_id] = (decision or "", figures or {})
    found = []
    for row in db.session.execute(statement):
        outcome, figures = reviews.get(row.id, ("", {}))
        found.append(
            Line(
                row.id,
                row.type,
                row.approver or "",
                row.distributor_id,
                row.name,
                row.division_code or "",
                outcome,
                row.currency,
                row.size_fen,
                int(row.used),
                _cost(row.type, row.asked, int(row.used), int(row.quantity)),
                figures.get("incremental_fen"),
                figures.get("incremental_margin_fen"),
            )
        )
    return found


def _cost(kind: str, asked: Any, used_fen: int, quantity: int) -> int | None:
    """What was given away: the discount on what went out, or the freight or support itself."""
    if kind in ("delivery_place", "support"):
        return used_fen
    if kind == "price" and asked.get("book_fen"):
        return int(max(0, asked["book_fen"] - asked["unit_gross_fen"]) * quantity)
    return None


def boards(actor: Actor, view: str, first: date | None, last: date | None) -> list[Board]:
    """The register grouped, one board per currency; dates are the first day of the exceptions."""
    period = None
    if first is not None or last is not None:
        start = first or date(1990, 1, 1)
        end = (last or clock.today()) + timedelta(days=1)
        period = Period(start, max(end, start + timedelta(days=1)))
    lines = _lines(actor, period)
    places = _prefectures({line.division for line in lines}) if view == "territory" else {}
    found = []
    for currency in sorted({line.currency for line in lines}):
        own = [line for line in lines if line.currency == currency]
        found.append(_board(actor, view, currency, own, places, period))
    return found


def _prefectures(codes: Iterable[str]) -> dict[str, str]:
    """division → «511000 内江市»: a county stands under the division above it."""
    today = clock.today()
    known = {code for code in codes if code}
    up, levels = territories.parents(known, today), territories.levels(known, today)
    above = {code: up[code] if levels.get(code) == "county" else code for code in known}
    names = territories.names(sorted(set(above.values())), today)
    return {code: f"{area} {names.get(area, '')}".strip() for code, area in above.items()}


def _board(
    actor: Actor,
    view: str,
    currency: str,
    lines: list[Line],
    places: dict[str, str],
    period: Period | None,
) -> Board:
    today = clock.today()
    span = period or Period(date(1990, 1, 1), today + timedelta(days=1))
    ids = db.session.scalars(sa.select(Distributor.id).where(visible(actor, Distributor.id))).all()
    sold = outcomes.sales(ids, currency, span)
    everything = sum(sold.values())
    keys = {
        "type": lambda x: (x.type, x.type),
        "approver": lambda x: (x.approver, x.approver),
        "distributor": lambda x: (str(x.distributor_id), x.distributor),
        "territory": lambda x: (places.get(x.division, ""), places.get(x.division, "")),
        "outcome": lambda x: (x.outcome, x.outcome),
    }
    grouped: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        grouped.setdefault(keys[view](line), []).append(line)
    groups = []
    for (key, label), own in grouped.items():
        sales = sold.get(int(key), 0) if view == "distributor" else everything
        groups.append(_sum(key, label, own, sales))
    groups.sort(key=lambda g: (-g.used_fen, -g.size_fen, g.label))
    return Board(view, currency, groups, _sum("", "", lines, everything), everything)


def _sum(key: str, label: str, lines: list[Line], sales_fen: int) -> Group:
    used = sum(line.used_fen for line in lines)
    return Group(
        key=key,
        label=label,
        count=len(lines),
        size_fen=sum(line.size_fen for line in lines),
        used_fen=used,
        share=percent(used, sales_fen) if sales_fen > 0 else None,
        cost_fen=sum(line.cost_fen or 0 for line in lines),
        brought_fen=sum(line.brought_fen or 0 for line in lines),
        margin_fen=sum(line.margin_fen or 0 for line in lines),
        with_cost=sum(line.cost_fen is not None for line in lines),
        with_outcome=sum(line.brought_fen is not None for line in lines),
        with_margin=sum(line.margin_fen is not None for line in lines),
    )

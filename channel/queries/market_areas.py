"""Words and SQL that the lists of the market share: areas, months, time that went by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.access import Actor
from channel.db import db
from channel.models.market import Evidence, Outlet
from channel.models.partners import Distributor
from channel.queries import territories
from channel.queries.scope import visible


def area_of(code: Any) -> Any:
    """The prefecture of a division's code by its digits; the province of what has none."""
    return sa.case(
        (sa.func.substr(code, 5, 2) == "00", code),
        (sa.func.substr(code, 3, 2) == "90", sa.func.substr(code, 1, 2) + "0000"),
        else_=sa.func.substr(code, 1, 4) + "00",
    )


def month_of(day: Any) -> Any:
    """«2026-11» of a date."""
    return sa.func.substr(sa.cast(day, sa.String), 1, 7)


def days_between(start: Any, end: Any) -> Any:
    """Whole days from one date to another."""
    if db.engine.dialect.name == "postgresql":
        return end - start
    return sa.cast(sa.func.julianday(end) - sa.func.julianday(start), sa.Integer)


def seconds_between(start: Any, end: datetime | Any) -> Any:
    """Seconds from a stored instant to another, or to now."""
    if db.engine.dialect.name == "postgresql":
        return sa.cast(sa.func.extract("epoch", end - start), sa.BigInteger)
    if isinstance(end, datetime):
        end = sa.literal(end.strftime("%Y-%m-%d %H:%M:%S"))
    seconds = [sa.cast(sa.func.strftime("%s", at), sa.BigInteger) for at in (start, end)]
    return seconds[1] - seconds[0]


def area_names(codes: set[str]) -> dict[str, str]:
    """code → «511000 内江市»."""
    names = territories.names(codes, clock.today())
    return {code: f"{code} {names[code]}".strip() for code in codes}


def outlet_choices(actor: Actor, distributor_id: int | None = None) -> list[tuple[str, str]]:
    """(id, «name (distributor's code)») of the open outlets that the actor may see."""
    statement = (
        sa.select(Outlet.id, Outlet.name, Distributor.code)
        .join(Distributor, Distributor.id == Outlet.distributor_id)
        .where(visible(actor, Outlet.distributor_id), Outlet.is_active.is_(True))
        .order_by(Distributor.code, Outlet.name)
    )
    if distributor_id is not None:
        statement = statement.where(Outlet.distributor_id == distributor_id)
    rows = db.session.execute(statement)
    return [(str(i), f"{name} ({code})") for i, name, code in rows]


def evidence_of(kind: str, subject_id: int) -> list[Any]:
    """(id, filename, mimetype, added_at) of what proves a record."""
    e = Evidence
    return list(
        db.session.execute(
            sa.select(e.id, e.filename, e.mimetype, e.added_at)
            .where(e.subject_kind == kind, e.subject_id == subject_id)
            .order_by(e.id)
        )
    )


def month_choices(newest: date, count: int = 12) -> list[tuple[str, str]]:
    """The last months, the newest first."""
    found, year, month = [], newest.year, newest.month
    for _n in range(count):
        found.append(f"{year:04}-{month:02}")
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return [(label, label) for label in found]

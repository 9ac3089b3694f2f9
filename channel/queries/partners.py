"""Reads about the maker and the distributors."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.partners import Distributor, Maker
from channel.queries.scope import visible


def get_maker() -> Maker:
    """The house; one row, made by the set-up."""
    return db.session.scalars(sa.select(Maker).order_by(Maker.id).limit(1)).one()


def choices(actor: Actor) -> list[tuple[Any, str]]:
    """(id, «code name») of the active distributors that the actor may see."""
    rows = db.session.execute(
        sa.select(Distributor.id, Distributor.code, Distributor.name)
        .where(visible(actor, Distributor.id), Distributor.is_active.is_(True))
        .order_by(Distributor.code)
    )
    return [(str(i), f"{code} {name}") for i, code, name in rows]

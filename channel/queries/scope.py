"""Row scope: which distributors' rows an actor may see. Every query of records adds it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from channel.access import Actor, NotVisible, Role
from channel.db import Model, db
from channel.models.partners import Distributor


def visible(actor: Actor, distributor_id: Any) -> sa.ColumnElement[bool]:
    """A condition on a distributor-id column: own rows, the rep's accounts, or all."""
    if actor.role is Role.DISTRIBUTOR:
        return distributor_id == actor.distributor_id
    if actor.role is Role.SALES_REP:
        own = sa.select(Distributor.id).where(Distributor.sales_rep_id == actor.user_id)
        return distributor_id.in_(own)
    return sa.true()


def get_visible(actor: Actor, model: type[Model], record_id: int, *options: Any) -> Any:
    """The record, or NotVisible: what is hidden and what does not exist look the same."""
    columns = model.__table__.c
    owner = columns["id" if model is Distributor else "distributor_id"]
    statement = sa.select(model).where(columns["id"] == record_id, visible(actor, owner))
    record = db.session.scalar(statement.options(*options))
    if record is None:
        raise NotVisible
    return record

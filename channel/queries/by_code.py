"""Records by the codes that other systems know them by."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.catalogue import Product
from channel.models.partners import Distributor
from channel.queries.scope import visible


def distributor_by_code(actor: Actor, code: str) -> Distributor | None:
    """The distributor, if it is among the actor's."""
    return db.session.scalar(
        sa.select(Distributor).where(Distributor.code == code, visible(actor, Distributor.id))
    )


def product_ids(codes: Collection[str]) -> dict[str, int]:
    """Code → id of the products that there are."""
    rows = db.session.execute(sa.select(Product.code, Product.id).where(Product.code.in_(codes)))
    return {code: product_id for code, product_id in rows}

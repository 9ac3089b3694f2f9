"""What the house knows already and a file is held against: codes, and usual prices."""

from __future__ import annotations

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import PriceEntry, Product
from channel.models.partners import Distributor
from channel.models.territories import Division
from channel.tabular.fields import Context, Kind

_NOUNS = {"distributor": Distributor.code, "product": Product.code, "division": Division.code}


def context(kind: Kind) -> Context:
    """The codes that the kind refers to; for invoices the usual price of each product, too."""
    nouns = {field.refers_to for field in kind.fields} & _NOUNS.keys()
    if kind.name == "divisions":
        nouns.add("division")
    known = {noun: frozenset(db.session.scalars(sa.select(_NOUNS[noun]))) for noun in nouns}
    prices: dict[str, int] = {}
    if kind.name == "invoices":
        rows = db.session.execute(
            sa.select(Product.code, PriceEntry.gross_fen)
            .join(Product, Product.id == PriceEntry.product_id)
            .where(PriceEntry.approved_at.is_not(None))
            .order_by(PriceEntry.valid_from)
        )
        prices = {code: fen * 100 for code, fen in rows}
    return Context(known=known, prices_e4=prices)

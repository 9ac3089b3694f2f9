"""The VAT rates of the goods behind statements: by product group, and by line where a group mixes.

A group whose products all bear one rate needs no look at its lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import Product, ProductGroup
from channel.models.receivables import InvoiceLine
from channel.queries.catalogue import vat_rates

#: (distributor, currency, group code) → rate in basis points → value sold at it
Mixed = dict[tuple[int, str, str], dict[int, int]]


def rates_of_groups(on: date) -> dict[str, set[int]]:
    """Product group code → the rates of its products on a day."""
    rates = vat_rates(None, on)
    rows = db.session.execute(
        sa.select(ProductGroup.code, Product.vat_class)
        .join(Product, Product.group_id == ProductGroup.id)
        .distinct()
    )
    found: dict[str, set[int]] = defaultdict(set)
    for code, vat_class in rows:
        if vat_class in rates:
            found[code].add(rates[vat_class])
    return dict(found)


def sold_at(groups: Collection[str], first: date, until: date) -> Mixed:
    """What was sold at which rate in groups that mix rates, [first, until)."""
    line = InvoiceLine
    rows = db.session.execute(
        sa.select(
            line.distributor_id,
            line.currency,
            ProductGroup.code,
            line.vat_rate_bp,
            sa.func.sum(line.net_e4),
        )
        .join(ProductGroup, ProductGroup.id == line.group_id)
        .where(
            ProductGroup.code.in_(sorted(groups)),
            line.counts_on >= first,
            line.counts_on < until,
            line.net_e4 > 0,
            line.is_free.is_(False),
        )
        .group_by(line.distributor_id, line.currency, ProductGroup.code, line.vat_rate_bp)
    )
    found: Mixed = defaultdict(dict)
    for owner, currency, code, rate, e4 in rows:
        found[owner, currency, code][rate] = int(e4)
    return dict(found)

"""The rows behind a posted statement in the order in which they share its rebate.

By day, then document and line: the order that the paper, the file and the checker follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from channel.db import db
from channel.models.catalogue import Product, ProductGroup
from channel.models.rebates import RebateStatement
from channel.queries.rebates_enrolled import spans_from_json
from channel.queries.rebates_rows import counting_of
from channel.queries.rebates_sums import rows_of


@dataclass(frozen=True)
class CountedLine:
    """One row that counts; `part` is the part of the facts that it belongs to."""

    document: str
    line: int
    date: str
    part: str
    product: str
    name: str
    quantity: int
    value_e4: int


def input_lines(statement: RebateStatement) -> list[CountedLine]:
    """All rows that count; one read a statement."""
    asked = counting_of(statement)
    spans = spans_from_json(statement.spans)
    row = rows_of(asked, statement.distributor_id, statement.currency, spans).c
    found = db.session.execute(
        sa.select(
            row.number,
            row.line_no,
            row.day,
            Product.code,
            Product.name,
            ProductGroup.code,
            row.quantity,
            row.value_e4,
        )
        .select_from(sa.join(row.number.table, Product, Product.id == row.product_id))
        .join(ProductGroup, ProductGroup.id == row.group_id)
        .order_by(row.day, row.number, row.line_no, Product.code, row.value_e4)
    )
    by_product, by_group = asked.terms.scope == "product", asked.terms.scope == "product_group"
    return [
        CountedLine(
            document=number or "",
            line=line_no or 0,
            date=(day if isinstance(day, date) else date.fromisoformat(str(day))).isoformat(),
            part=product if by_product else group if by_group else "",
            product=product,
            name=name,
            quantity=int(quantity or 0),
            value_e4=int(value_e4),
        )
        for number, line_no, day, product, name, group, quantity, value_e4 in found
    ]


def printable(ids: Sequence[int]) -> list[RebateStatement]:
    """Statements with what their rows are found by, in the order of the ids."""
    rows = db.session.scalars(
        sa.select(RebateStatement)
        .options(joinedload(RebateStatement.run), joinedload(RebateStatement.policy))
        .options(undefer(RebateStatement.document))
        .where(RebateStatement.id.in_(ids))
    )
    known = {row.id: row for row in rows}
    return [known[i] for i in ids]

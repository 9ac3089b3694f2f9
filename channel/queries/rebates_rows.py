"""The rows behind a statement: listed for people, and added up again to be held against it.

They are found as the run found them, up to the last rows that it saw.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.catalogue import Product, ProductGroup
from channel.models.rebates import RebateStatement
from channel.models.receivables import InvoiceLine
from channel.queries import rebates_seen
from channel.queries.listing import Column, Filter, Listing
from channel.queries.rebates_counted import Counting
from channel.queries.rebates_enrolled import spans_from_json
from channel.queries.rebates_settling import Settling, settling
from channel.queries.rebates_sums import Base, counting, rows_of, sums_of
from channel.queries.scope import visible
from contracts.values.periods import Period


def settled_by(statement: RebateStatement) -> Settling:
    """The policy and period of a statement, with the days that count."""
    return settling(statement.policy, Period(statement.period_start, statement.period_end))


def counting_of(statement: RebateStatement) -> Counting:
    """The question that the statement answers, as its run asked it."""
    settled = settled_by(statement)
    seen = rebates_seen.of_run(statement.run)
    return counting(settled.terms, settled.counted, seen, settled.period.start)


@dataclass(frozen=True)
class Recount:
    """The rows of a statement added up again, to be held against what it says."""

    e4: int
    lines: int
    agrees: bool


def recount(statement: RebateStatement) -> Recount:
    """Add the rows up again, in one read a source."""
    owner = (statement.distributor_id, statement.currency)
    spans = spans_from_json(statement.spans)
    parts = sums_of(counting_of(statement), statement.distributor_id, spans).get(owner, {})
    total = sum(parts.values(), Base(0, 0))
    same = total.e4 == statement.base_e4 and total.lines == statement.line_count
    if statement.facts is not None:
        stored = statement.facts["parts"].values()
        asked = sum(part.get("quantity", 0) for part in stored)
        same = same and total.quantity == asked
    return Recount(total.e4, total.lines, same)


def lines_of(statement: RebateStatement) -> Listing:
    """The rows behind the base: invoice lines, and what else the policy counts."""
    asked = counting_of(statement)
    spans = spans_from_json(statement.spans)
    row = rows_of(asked, statement.distributor_id, statement.currency, spans).c
    label = _l("net amount") if asked.terms.base.vat == "net" else _l("gross amount")
    return Listing(
        name=f"statement-lines-{statement.number or statement.id}",
        title=_l("Invoice lines of the statement"),
        identity=row.line_id,
        source=sa.join(row.line_id.table, Product, Product.id == row.product_id).join(
            ProductGroup, ProductGroup.id == row.group_id
        ),
        columns=[
            Column("number", _l("invoice"), row.number, "code"),
            Column("line_no", _l("line"), row.line_no, "quantity", wide=True),
            Column("invoice_date", _l("date"), row.day, "date"),
            Column("kind", _l("kind"), row.kind, "state", wide=True),
            Column("product", _l("product"), Product.name, wide=True),
            Column("group", _l("product group"), ProductGroup.name, wide=True),
            Column("quantity", _l("quantity"), row.quantity, "quantity", wide=True),
            Column("unit_price_e4", _l("unit price"), row.unit_price_e4, "e4", wide=True),
            Column("amount_e4", label, row.value_e4, "e4", total=True),
        ],
        default_sort="invoice_date",
        scope=lambda actor: visible(actor, row.distributor_id),
        filters=[
            Filter("from", _l("from"), row.day, kind="from"),
            Filter("to", _l("to"), row.day, kind="to"),
            Filter("group", _l("product group"), ProductGroup.code, kind="text"),
        ],
        search=[row.number, Product.name, Product.code],
        currency=row.currency,
        endpoint="rebates.line",
        empty=_l("No invoice line counts towards this statement."),
    )


def invoice_of_line(actor: Actor, line_id: int) -> int:
    """The id of the invoice on which a line stands."""
    line = InvoiceLine
    found = db.session.scalar(
        sa.select(line.invoice_id).where(line.id == line_id, visible(actor, line.distributor_id))
    )
    if found is None:
        raise NotVisible
    return found

"""Distributors with their last report, and one report of theirs to stand advice on."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.orders import ShipmentLine
from channel.models.partners import Distributor
from channel.models.stock import InventoryReport, InventoryRow
from channel.queries import partners, stock
from channel.queries.listing import Column, Listing
from channel.queries.market_areas import days_between
from channel.queries.scope import visible
from channel.queries.stock_layers import layers, newest_reports


def advised_list(on: date) -> Listing:
    """One row per distributor that has filed: the last report and how old its figures are."""
    newest = newest_reports()
    last_day = days_between(newest.c.period_end, sa.literal(on, sa.Date)) + 1
    return Listing(
        name="stock-advice",
        title=_l("Stock advice"),
        identity=Distributor.id,
        source=sa.join(newest, Distributor, Distributor.id == newest.c.distributor_id),
        columns=[
            Column("code", _l("code"), Distributor.code, "code"),
            Column("name", _l("distributor"), Distributor.name),
            Column("period", _l("last report"), newest.c.period, "code"),
            Column("age", _l("figures are days old"), last_day, "quantity"),
        ],
        default_sort="code",
        scope=lambda actor: visible(actor, Distributor.id),
        filters=[f for f in partners.DISTRIBUTORS.filters if isinstance(f, partners.PlaceFilter)],
        search=[Distributor.name, Distributor.code],
        endpoint="stock_advice.record",
        empty=_l("No report yet: file the first one."),
    )


def last_report(actor: Actor, distributor_id: int) -> InventoryReport | None:
    """The current version of the distributor's last report with its rows, if any is filed."""
    found = db.session.scalar(
        sa.select(InventoryReport.id)
        .where(
            InventoryReport.distributor_id == distributor_id,
            visible(actor, InventoryReport.distributor_id),
        )
        .order_by(InventoryReport.period_end.desc(), InventoryReport.version_no.desc())
        .limit(1)
    )
    return stock.get_report(actor, found) if found else None


def goods_of_row(actor: Actor, row_id: int) -> InventoryRow:
    """The row of a report that the actor may see."""
    row = db.session.scalar(
        sa.select(InventoryRow)
        .join(InventoryReport, InventoryReport.id == InventoryRow.report_id)
        .where(InventoryRow.id == row_id, visible(actor, InventoryReport.distributor_id))
        .options(joinedload(InventoryRow.report))
    )
    if row is None:
        raise NotVisible
    return row


def slow_layer(actor: Actor, line_id: int) -> Any:
    """(distributor_id, product_id, batch, quantity) of what is left of a shipment line.

    A line that made no layer of the present stock, or a hidden one, is not visible.
    """
    layer = layers()
    found = db.session.execute(
        sa.select(
            layer.c.distributor_id,
            layer.c.product_id,
            # Without a batch in the report, the batch that we shipped.
            sa.func.coalesce(sa.func.nullif(layer.c.batch, ""), ShipmentLine.batch).label("batch"),
            layer.c.quantity,
        )
        .join(ShipmentLine, ShipmentLine.id == layer.c.line_id)
        .where(layer.c.line_id == line_id, visible(actor, layer.c.distributor_id))
        .limit(1)
    ).first()
    if found is None:
        raise NotVisible
    return found

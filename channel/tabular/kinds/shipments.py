"""Shipment lines: what left the warehouse, for whom, from which batch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from channel.tabular.fields import Field, Kind
from channel.tabular.kinds.shared_fields import (
    BATCH,
    DISTRIBUTOR,
    EXPIRES_ON,
    LINE,
    PRODUCED_ON,
    PRODUCT,
    QUANTITY,
    SHIP_TO_DIVISION,
)


@dataclass(frozen=True, slots=True)
class ShipmentLineRow:
    """One delivered line; `order` and `order_line` are the maker's own numbers or ''."""

    row: int
    document: str
    line: str
    date: dt.date
    distributor: str
    product: str
    quantity: Decimal
    order: str = ""
    order_line: str = ""
    batch: str = ""
    produced_on: dt.date | None = None
    expires_on: dt.date | None = None
    ship_to_division: str = ""


def _row(row: int, **values: object) -> ShipmentLineRow:
    filled = {name: value for name, value in values.items() if value is not None}
    return ShipmentLineRow(row=row, **filled)  # type: ignore[arg-type]


KIND = Kind(
    name="shipments",
    zh="发货明细",
    en="Shipment lines",
    row_type=_row,
    key=("document", "line"),
    fields=(
        Field("document", "发货单号", "Shipment number", "code", required=True, length_max=60,
              example="DN-2026-0001",
              synonyms=("出库单号", "单号", "shipment", "delivery note", "document",
                        "SalesOrderNumber", "OrderID", "CarrierTrackingNumber")),
        LINE,
        Field("date", "发货日期", "Ship date", "date", required=True, example="2026-08-02",
              synonyms=("出库日期", "日期", "date", "ShipDate", "PickingCompletedWhen")),
        DISTRIBUTOR,
        PRODUCT,
        QUANTITY,
        Field("order", "订单号", "Order number", "code", length_max=60,
              synonyms=("销售订单号", "order")),
        Field("order_line", "订单行号", "Order line", "code", length_max=40),
        BATCH,
        PRODUCED_ON,
        EXPIRES_ON,
        SHIP_TO_DIVISION,
    ),
)  # fmt: skip

"""Order lines as a distributor or an ERP system sends them: wishes, not yet promises."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from channel.tabular.fields import Field, Kind
from channel.tabular.kinds.shared_fields import (
    CURRENCY,
    DISTRIBUTOR,
    LINE,
    PRODUCT,
    QUANTITY,
    SHIP_TO_DIVISION,
    e4_or_none,
    optional,
)


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    """One line; `unit_price_e4` incl. VAT in ten-thousandths, None = at the price book's price."""

    row: int
    document: str
    line: str
    date: dt.date
    distributor: str
    product: str
    quantity: Decimal
    unit_price_e4: int | None = None
    currency: str = ""
    ship_to_division: str = ""
    wanted_on: dt.date | None = None
    customer_reference: str = ""


def _row(
    row: int,
    document: str,
    line: str,
    date: dt.date,
    distributor: str,
    product: str,
    quantity: Decimal,
    unit_price: Decimal | None = None,
    currency: str | None = None,
    ship_to_division: str | None = None,
    wanted_on: dt.date | None = None,
    customer_reference: str | None = None,
) -> OrderLineRow:
    return OrderLineRow(
        row, document, line, date, distributor, product, quantity, e4_or_none(unit_price),
        currency or "", ship_to_division or "", wanted_on, customer_reference or "",
    )  # fmt: skip


KIND = Kind(
    name="orders",
    zh="订单明细",
    en="Order lines",
    row_type=_row,
    key=("document", "line"),
    fields=(
        Field("document", "订单号", "Order number", "code", required=True, length_max=60,
              example="SO-2026-0001",
              synonyms=("销售订单号", "单号", "order", "order no", "document",
                        "SalesOrderNumber", "OrderID")),
        LINE,
        Field("date", "下单日期", "Order date", "date", required=True, example="2026-08-01",
              synonyms=("订单日期", "日期", "date", "OrderDate")),
        DISTRIBUTOR,
        PRODUCT,
        QUANTITY,
        Field("unit_price", "单价（含税）", "Unit price (incl. VAT)", "decimal", is_money=True,
              minimum=Decimal(0), example="100.00",
              synonyms=("单价", "含税单价", "价格", "price", "UnitPrice")),
        optional(CURRENCY),
        SHIP_TO_DIVISION,
        Field("wanted_on", "要求到货日期", "Wanted on", "date",
              synonyms=("交货日期", "requested date", "ExpectedDeliveryDate")),
        Field("customer_reference", "客户单号", "Customer reference", "code", length_max=60,
              synonyms=("客户订单号", "CustomerPONumber", "CustomerPurchaseOrderNumber")),
    ),
)  # fmt: skip

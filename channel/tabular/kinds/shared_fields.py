"""Columns that several kinds have in common, so that a word means the same in every file."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from channel.tabular.fields import Field

DISTRIBUTOR = Field(
    "distributor", "经销商编码", "Distributor code", "code", required=True, length_max=40,
    refers_to="distributor", example="D1",
    synonyms=("经销商", "客户编码", "客户编号", "客户", "distributor", "customer code",
              "customer", "CustomerID", "reseller", "ResellerKey", "BillToCustomerID"),
)  # fmt: skip
PRODUCT = Field(
    "product", "产品编码", "Product code", "code", required=True, length_max=40,
    refers_to="product", example="A",
    synonyms=("产品", "商品编码", "物料编码", "货号", "品号", "商品", "sku", "item code", "item",
              "ProductKey", "StockItemID", "product"),
)  # fmt: skip
CURRENCY = Field(
    "currency", "币种", "Currency", "currency", required=True, example="CNY",
    synonyms=("货币", "currency code", "CurrencyKey", "CurrencyAlternateKey"),
)  # fmt: skip
QUANTITY = Field(
    "quantity", "数量", "Quantity", "decimal", required=True, scale_max=4, example="100",
    synonyms=("箱数", "件数", "发货数量", "订货数量", "qty", "OrderQuantity", "PickedQuantity"),
)  # fmt: skip
LINE = Field(
    "line", "行号", "Line number", "code", required=True, length_max=40, example="1",
    synonyms=("序号", "行", "line", "line no", "SalesOrderLineNumber", "InvoiceLineID",
              "OrderLineID"),
)  # fmt: skip
BATCH = Field(
    "batch", "批次", "Batch", "code", length_max=60, example="20260601",
    synonyms=("批号", "生产批号", "lot", "batch number"),
)  # fmt: skip
PRODUCED_ON = Field("produced_on", "生产日期", "Produced on", "date", synonyms=("production date",))
EXPIRES_ON = Field(
    "expires_on", "有效期至", "Expires on", "date",
    synonyms=("到期日期", "失效日期", "expiry date", "best before"),
)  # fmt: skip
SHIP_TO_DIVISION = Field(
    "ship_to_division", "收货地区划代码", "Ship-to division", "division", refers_to="division",
    example="511083", synonyms=("区划代码", "行政区划代码", "收货区划", "division"),
)  # fmt: skip
NOT_NEGATIVE = Decimal(0)


def e4(amount: Decimal | None) -> int:
    """An amount of at most four decimals in ten-thousandths; None counts as zero."""
    return int((amount or Decimal(0)).scaleb(4))


def e4_or_none(amount: Decimal | None) -> int | None:
    """Like e4, but a blank stays a blank."""
    return None if amount is None else e4(amount)


def fen(amount: Decimal) -> int:
    """An amount of at most two decimals in fen."""
    return int(amount.scaleb(2))


def optional(field: Field) -> Field:
    """The same column where a row may leave it empty."""
    return replace(field, required=False)

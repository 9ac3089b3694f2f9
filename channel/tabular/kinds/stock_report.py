"""The distributor's inventory report (进销存报表): one row a product, location and batch.

A blank stays a blank and never becomes zero; whether the row adds up is for the stock rules.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from channel.tabular.fields import Context, Field, Kind, Source
from channel.tabular.kinds.shared_fields import (
    BATCH,
    EXPIRES_ON,
    NOT_NEGATIVE,
    PRODUCED_ON,
    PRODUCT,
)
from channel.tabular.reporting import finding
from contracts.values.findings import Finding, Severity


@dataclass(frozen=True)
class StockReportRow:
    """Quantities in the unit of the report, None = left blank; adjustments are never negative."""

    row: int
    product: str
    product_name: str = ""
    unit: str = ""
    batch: str = ""
    location: str = ""
    produced_on: dt.date | None = None
    expires_on: dt.date | None = None
    opening: Decimal | None = None
    receipts: Decimal | None = None
    returns_in: Decimal | None = None
    transfers_in: Decimal | None = None
    adj_plus: Decimal | None = None
    sell_out: Decimal | None = None
    returns_out: Decimal | None = None
    transfers_out: Decimal | None = None
    losses: Decimal | None = None
    closing: Decimal | None = None
    counted: Decimal | None = None
    in_transit: Decimal | None = None
    held: Decimal | None = None
    damaged: Decimal | None = None
    reason: str = ""


def _row(row: int, **values: object) -> StockReportRow:
    filled = {name: value for name, value in values.items() if value is not None}
    return StockReportRow(row=row, **filled)  # type: ignore[arg-type]


def _quantity(name: str, zh: str, en: str, *synonyms: str, required: bool = False) -> Field:
    return Field(
        name, zh, en, "decimal", required=required, scale_max=3, minimum=NOT_NEGATIVE,
        synonyms=synonyms,
    )  # fmt: skip


def _check(rows: Sequence[StockReportRow], source: Source, context: Context) -> list[Finding]:
    return [
        finding(
            source, "row.expiry_before_production", Severity.BLOCK, row=row.row,
            field_name="expires_on", value=row.expires_on.isoformat(), date=row.produced_on,
        )
        for row in rows
        if row.expires_on and row.produced_on and row.expires_on <= row.produced_on
    ]  # fmt: skip


KIND = Kind(
    name="stock_report",
    zh="进销存报表",
    en="Inventory report",
    row_type=_row,
    key=("product", "location", "batch"),
    check=_check,
    fields=(
        PRODUCT,
        Field("product_name", "产品名称", "Product name", "text", synonyms=("品名", "商品名称")),
        Field("unit", "单位", "Unit", "text", length_max=20),
        Field("location", "仓库", "Location", "code", length_max=40,
              synonyms=("库位", "仓位", "warehouse")),
        BATCH,
        PRODUCED_ON,
        EXPIRES_ON,
        _quantity("opening", "期初", "Opening", "期初库存", "期初数量", "上期结存"),
        _quantity("receipts", "进货", "Receipts", "本期进货", "入库", "购进", "sell-in"),
        _quantity("returns_in", "客户退货", "Returns in", "退货入库", "销售退回"),
        _quantity("transfers_in", "调入", "Transfers in", "调拨入"),
        _quantity("adj_plus", "盘盈", "Adjustment plus", "盘点增加"),
        _quantity("sell_out", "出货", "Sell-out", "本期出货", "销售", "销量", "出库"),
        _quantity("returns_out", "退厂家", "Returns out", "退货出库", "采购退货"),
        _quantity("transfers_out", "调出", "Transfers out", "调拨出"),
        _quantity("losses", "损耗", "Losses", "盘亏", "报损", "破损出库", "adjustment minus"),
        _quantity("closing", "期末", "Closing", "期末库存", "期末数量", "本期结存", "库存",
                  "账面库存", "账面结存", "closing stock", "book closing"),
        _quantity("counted", "实盘", "Counted", "实盘数", "实盘数量", "盘点数", "盘点数量", "实存",
                  "counted closing", "physical count"),
        _quantity("in_transit", "在途", "In transit"),
        _quantity("held", "冻结", "Held", "待检", "on hold"),
        _quantity("damaged", "残损", "Damaged", "破损"),
        Field("reason", "差异说明", "Reason", "text", synonyms=("说明", "备注", "差异原因")),
    ),
)  # fmt: skip

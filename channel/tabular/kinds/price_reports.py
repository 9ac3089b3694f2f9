"""Reported resale prices: what a place asked for a product on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from channel.tabular.fields import Field, Kind
from channel.tabular.kinds.shared_fields import DISTRIBUTOR, PRODUCT, fen


@dataclass(frozen=True, slots=True)
class PriceReportRow:
    """One price seen, in fen incl. VAT; without a division the distributor's own counts."""

    row: int
    document: str
    date: dt.date
    distributor: str
    product: str
    price_fen: int
    place: str
    division: str = ""
    evidence: str = ""


def _row(
    row: int,
    document: str,
    date: dt.date,
    distributor: str,
    product: str,
    price: Decimal,
    place: str,
    division: str | None = None,
    evidence: str | None = None,
) -> PriceReportRow:
    return PriceReportRow(
        row, document, date, distributor, product, fen(price), place, division or "", evidence or ""
    )


KIND = Kind(
    name="price_reports",
    zh="价格巡查",
    en="Reported resale prices",
    row_type=_row,
    key=("document",),
    fields=(
        Field("document", "上报编号", "Report number", "code", required=True, length_max=60,
              example="XJ-2026-0001", synonyms=("巡价单号", "编号", "report number", "number")),
        Field("date", "看到日期", "Seen on", "date", required=True, example="2026-11-20",
              synonyms=("巡查日期", "日期", "date", "seen on")),
        DISTRIBUTOR,
        PRODUCT,
        Field("price", "所见价格", "Price seen", "decimal", required=True, scale_max=2,
              minimum=Decimal("0.01"), is_money=True, example="98.00",
              synonyms=("零售价", "售价", "价格", "price", "price seen")),
        Field("place", "地点", "Place", "text", required=True, example="东市场 12 号摊位",
              synonyms=("终端", "网点", "门店", "outlet", "store")),
        Field("division", "区划代码", "Division code", "division", refers_to="division",
              example="511002", synonyms=("行政区划", "区划", "division")),
        Field("evidence", "证据说明", "Evidence", "text", length_max=1000,
              synonyms=("证据", "备注", "evidence", "note")),
    ),
)  # fmt: skip

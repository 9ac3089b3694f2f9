"""Price book entries: what a product costs a dealer from one day to another.

People write the last valid day; the row carries the day after it, because periods are half-open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from channel.tabular.fields import Context, Field, Kind, Source
from channel.tabular.kinds.shared_fields import CURRENCY, NOT_NEGATIVE, PRODUCT, e4, optional
from channel.tabular.reporting import finding
from contracts.values.findings import Finding, Severity


@dataclass(frozen=True)
class PriceRow:
    """One price in ten-thousandths; `valid_to` is exclusive, None = until further notice."""

    row: int
    product: str
    price_e4: int
    valid_from: dt.date
    valid_to: dt.date | None = None
    currency: str = ""
    book: str = ""
    includes_vat: bool = True


def _row(
    row: int,
    product: str,
    price: Decimal,
    valid_from: dt.date,
    last_day: dt.date | None = None,
    currency: str | None = None,
    book: str | None = None,
    includes_vat: bool | None = None,
) -> PriceRow:
    return PriceRow(
        row=row,
        product=product,
        price_e4=e4(price),
        valid_from=valid_from,
        valid_to=last_day + dt.timedelta(days=1) if last_day else None,
        currency=currency or "",
        book=book or "",
        includes_vat=True if includes_vat is None else includes_vat,
    )


def _check(rows: Sequence[PriceRow], source: Source, context: Context) -> list[Finding]:
    """A price must end after it begins, and one product has one price a day in one book."""
    found = []
    by_product: dict[tuple[str, str, str], list[PriceRow]] = {}
    for row in rows:
        if row.valid_to is not None and row.valid_to <= row.valid_from:
            found.append(_bad(source, "row.ends_before_start", row, row.row))
            continue
        by_product.setdefault((row.book, row.product, row.currency), []).append(row)
    for entries in by_product.values():
        entries.sort(key=lambda entry: entry.valid_from)
        for earlier, later in pairwise(entries):
            if earlier.valid_to is not None and earlier.valid_to > later.valid_from:
                found.append(_bad(source, "row.periods_overlap", later, earlier.row))
    return found


def _bad(source: Source, code: str, row: PriceRow, other: int) -> Finding:
    return finding(
        source, code, Severity.BLOCK, row=row.row, field_name="valid_from",
        value=row.valid_from.isoformat(), product=row.product, first=other,
    )  # fmt: skip


KIND = Kind(
    name="prices",
    zh="价格",
    en="Prices",
    row_type=_row,
    key=("book", "product", "currency", "valid_from"),
    check=_check,
    fields=(
        PRODUCT,
        Field("price", "经销价（含税）", "Dealer price (incl. VAT)", "decimal", required=True,
              minimum=NOT_NEGATIVE, is_money=True, example="100.00",
              synonyms=("经销价", "含税价", "价格", "单价", "price", "dealer price", "UnitPrice",
                        "DealerPrice", "ListPrice")),
        Field("valid_from", "生效日期", "Valid from", "date", required=True,
              example="2026-01-01",
              synonyms=("有效期自", "开始日期", "start date", "StartDate")),
        Field("last_day", "失效日期（含当日）", "Valid until (inclusive)", "date",
              synonyms=("有效期至", "结束日期", "end date", "EndDate")),
        optional(CURRENCY),
        Field("book", "价目表", "Price book", "code", length_max=40, synonyms=("价格表",)),
        Field("includes_vat", "是否含税", "Includes VAT", "bool", synonyms=("含税",)),
    ),
)  # fmt: skip

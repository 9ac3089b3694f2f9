"""The inventory report as an empty form: the sender's own products, last closing as opening.

It is read back by kinds/stock_report.py without any mapping by hand.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from channel.tabular.fields import Field
from channel.tabular.kinds import stock_report
from channel.tabular.writing import book_formats, open_book, write_cell

#: Rows below the products are unlocked for batches and goods that the form does not list.
SPARE_ROWS = 40
_PREFILLED = {
    "product", "product_name", "unit", "location", "batch", "produced_on", "expires_on", "opening",
}  # fmt: skip

_HINTS = {
    "zh": (
        "填表说明",
        "1. 每个产品、仓库、批次填一行；同一产品有多个批次时，请复制该行。",
        "2. 期初已按上期期末填好；如有差异，请在「差异说明」中写明原因。",
        "3. 期末 = 期初 + 进货 + 客户退货 + 调入 + 盘盈 − 出货 − 退厂家 − 调出 − 损耗。",
        "4. 没有发生请填 0；空白表示未填报，不等于 0。",
        "5. 日期请写成 2026-08-31 的格式；请勿改动第一行的列名。",
    ),
    "en": (
        "How to fill in",
        "1. One row for each product, location and batch; copy the row for further batches.",
        "2. Opening is filled with your last closing; explain any difference under Reason.",
        "3. Closing = opening + receipts + returns in + transfers in + adjustment plus "
        "− sell-out − returns out − transfers out − losses.",
        "4. Write 0 where nothing happened; a blank means not reported and is not 0.",
        "5. Write dates as 2026-08-31, and leave the column titles in row 1 as they are.",
    ),
}
_SHEETS = {"zh": ("进销存报表", "填表说明"), "en": ("Inventory report", "How to fill in")}


@dataclass(frozen=True)
class TemplateProduct:
    """One line of the form."""

    code: str
    name: str
    unit: str = ""
    location: str = ""
    batch: str = ""
    produced_on: dt.date | None = None
    expires_on: dt.date | None = None


def stock_template(
    products: Sequence[TemplateProduct],
    last_closings: Mapping[tuple[str, str, str], Decimal] | None = None,
    lang: str = "zh",
) -> bytes:
    """xlsx bytes; `last_closings` by (product, location, batch) fills the opening column."""
    lang = "zh" if lang.startswith("zh") else "en"
    closings = last_closings or {}
    fields = stock_report.KIND.fields
    out = io.BytesIO()
    book = open_book(out)
    formats = book_formats(book)
    formats["open"] = book.add_format({"num_format": "#,##0.###", "bg_color": "#FFFBE6"})
    formats["given"] = book.add_format({"num_format": "#,##0.###", "font_color": "#555555"})
    page = book.add_worksheet(_SHEETS[lang][0])
    page.freeze_panes(1, 2)
    for index, entry in enumerate(fields):
        page.set_column(index, index, _width(entry))
        page.write_string(0, index, entry.label(lang), formats["head"])
        if entry.is_number:
            page.data_validation(
                1, index, len(products) + SPARE_ROWS, index,
                {"validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True},
            )  # fmt: skip
    for number, product in enumerate(products, start=1):
        opening = closings.get((product.code, product.location, product.batch))
        given = {"product": product.code, "product_name": product.name, "unit": product.unit,
                 "location": product.location, "batch": product.batch,
                 "produced_on": product.produced_on, "expires_on": product.expires_on}  # fmt: skip
        for index, entry in enumerate(fields):
            value = opening if entry.name == "opening" else given.get(entry.name) or None
            style = formats["given" if entry.name in _PREFILLED else "open"]
            style = formats["date"] if value and entry.type == "date" else style
            write_cell(page, number, index, value, style, formats)
    second = book.add_worksheet(_SHEETS[lang][1])
    second.set_column(0, 0, 100)
    for index, line in enumerate(_HINTS[lang]):
        second.write_string(index, 0, line, formats["head" if index == 0 else "text"])
    book.close()
    return out.getvalue()


def _width(entry: Field) -> int:
    if entry.name in ("product_name", "reason"):
        return 26
    return 14 if entry.type in ("date", "code") else 10

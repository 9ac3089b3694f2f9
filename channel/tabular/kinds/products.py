"""Products: what is sold, in which group, by how many units a case, at which VAT rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from channel.tabular.fields import Field, Kind
from channel.tabular.kinds.shared_fields import NOT_NEGATIVE, fen


@dataclass(frozen=True)
class ProductRow:
    """One product; `vat_rate_bp` in basis points (1300 = 13 %), None where the file is silent.

    `srp_fen`: suggested retail price incl. VAT.
    """

    row: int
    code: str
    name: str
    name_en: str = ""
    group: str = ""
    unit: str = ""
    units_per_case: int = 1
    vat_rate_bp: int | None = None
    shelf_life_days: int | None = None
    srp_fen: int | None = None
    launched_on: date | None = None


def _row(row: int, srp: Decimal | None = None, **values: object) -> ProductRow:
    filled = {name: value for name, value in values.items() if value is not None}
    price = None if srp is None else fen(srp)
    return ProductRow(row=row, srp_fen=price, **filled)  # type: ignore[arg-type]


KIND = Kind(
    name="products",
    zh="产品",
    en="Products",
    row_type=_row,
    key=("code",),
    fields=(
        Field("code", "产品编码", "Product code", "code", required=True, length_max=40,
              example="A",
              synonyms=("编码", "商品编码", "物料编码", "货号", "品号", "sku", "code", "ProductKey",
                        "StockItemID", "ProductAlternateKey")),
        Field("name", "产品名称", "Product name", "text", required=True, example="豆瓣酱",
              synonyms=("名称", "品名", "商品名称", "name", "EnglishProductName",
                        "StockItemName")),
        Field("name_en", "英文名称", "English name", "text"),
        Field("group", "产品组", "Product group", "code", required=True, length_max=60,
              example="酱料",
              synonyms=("品类", "产品类别", "分类", "group", "category",
                        "ProductSubcategoryKey")),
        Field("unit", "单位", "Unit", "text", length_max=16, example="箱",
              synonyms=("计量单位", "uom")),
        Field("units_per_case", "箱规", "Units per case", "integer", minimum=Decimal(1),
              example="12", synonyms=("每箱数量", "装箱数", "QuantityPerOuter")),
        Field("vat_rate_bp", "增值税税率", "VAT rate", "rate", example="13%",
              synonyms=("税率", "vat", "tax rate", "TaxRate")),
        Field("shelf_life_days", "保质期（天）", "Shelf life (days)", "integer",
              minimum=Decimal(1), example="540", synonyms=("保质期", "保质期天数")),
        Field("launched_on", "上市日期", "Launched on", "date", example="2026-07-01",
              synonyms=("上市日", "首次上市", "launch date")),
        Field("srp", "建议零售价", "Suggested retail price", "decimal", scale_max=2,
              minimum=NOT_NEGATIVE, is_money=True,
              synonyms=("零售价", "srp", "RecommendedRetailPrice")),
    ),
)  # fmt: skip

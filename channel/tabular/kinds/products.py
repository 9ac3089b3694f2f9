"""Products: what is sold, in which group, by how many units a case, at which VAT rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from channel.tabular.fields import Field, Kind


@dataclass(frozen=True)
class ProductRow:
    """One product; `vat_rate_bp` in basis points (1300 = 13 %), None where the file is silent."""

    row: int
    code: str
    name: str
    name_en: str = ""
    group: str = ""
    unit: str = ""
    units_per_case: int = 1
    vat_rate_bp: int | None = None
    barcode: str = ""
    shelf_life_days: int | None = None


def _row(row: int, **values: object) -> ProductRow:
    filled = {name: value for name, value in values.items() if value is not None}
    return ProductRow(row=row, **filled)  # type: ignore[arg-type]


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
        Field("group", "产品组", "Product group", "code", length_max=40,
              refers_to="product_group", example="酱料",
              synonyms=("品类", "产品类别", "分类", "group", "category",
                        "ProductSubcategoryKey")),
        Field("unit", "单位", "Unit", "text", length_max=20, example="箱",
              synonyms=("计量单位", "uom")),
        Field("units_per_case", "箱规", "Units per case", "integer", minimum=Decimal(1),
              example="12", synonyms=("每箱数量", "装箱数", "QuantityPerOuter")),
        Field("vat_rate_bp", "增值税税率", "VAT rate", "rate", example="13%",
              synonyms=("税率", "vat", "tax rate", "TaxRate")),
        Field("barcode", "条码", "Barcode", "code", length_max=40, synonyms=("商品条码", "ean")),
        Field("shelf_life_days", "保质期（天）", "Shelf life (days)", "integer",
              minimum=Decimal(1), example="540", synonyms=("保质期", "保质期天数")),
    ),
)  # fmt: skip

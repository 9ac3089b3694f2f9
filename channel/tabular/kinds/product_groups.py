"""Product groups: the heads under which rebates, targets and mixes are counted."""

from __future__ import annotations

from dataclasses import dataclass

from channel.tabular.fields import Field, Kind


@dataclass(frozen=True)
class ProductGroupRow:
    """One group; groups have no order above or below one another."""

    row: int
    code: str
    name: str


def _row(row: int, code: str, name: str) -> ProductGroupRow:
    return ProductGroupRow(row, code, name)


KIND = Kind(
    name="product_groups",
    zh="产品组",
    en="Product groups",
    row_type=_row,
    key=("code",),
    fields=(
        Field("code", "产品组编码", "Group code", "code", required=True, length_max=40,
              synonyms=("编码", "code", "ProductSubcategoryKey", "ProductCategoryKey")),
        Field("name", "产品组名称", "Group name", "text", required=True, length_max=100,
              synonyms=("名称", "name", "EnglishProductSubcategoryName",
                        "EnglishProductCategoryName")),
    ),
)  # fmt: skip

"""Product groups: the heads under which rebates, targets and mixes are counted."""

from __future__ import annotations

from dataclasses import dataclass

from channel.tabular.fields import Field, Kind


@dataclass(frozen=True)
class ProductGroupRow:
    """One group; `parent` is the code of the group above, '' at the top."""

    row: int
    code: str
    name: str
    name_en: str = ""
    parent: str = ""


def _row(
    row: int, code: str, name: str, name_en: str | None = None, parent: str | None = None
) -> ProductGroupRow:
    return ProductGroupRow(row, code, name, name_en or "", parent or "")


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
        Field("name_en", "英文名称", "English name", "text", length_max=100),
        Field("parent", "上级产品组", "Parent group", "code", length_max=40,
              synonyms=("上级", "parent")),
    ),
)  # fmt: skip

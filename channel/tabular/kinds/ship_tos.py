"""Ship-to places: where a distributor takes goods, each in a division that the rules judge."""

from __future__ import annotations

from dataclasses import dataclass

from channel.tabular.fields import Field, Kind
from channel.tabular.kinds.shared_fields import DISTRIBUTOR


@dataclass(frozen=True)
class ShipToRow:
    """One place; its name is unique within the distributor."""

    row: int
    distributor: str
    name: str
    division: str
    address: str = ""


def _row(
    row: int, distributor: str, name: str, division: str, address: str | None = None
) -> ShipToRow:
    return ShipToRow(row, distributor, name, division, address or "")


KIND = Kind(
    name="ship_tos",
    zh="收货地",
    en="Ship-to places",
    row_type=_row,
    key=("distributor", "name"),
    fields=(
        DISTRIBUTOR,
        Field("name", "收货地名称", "Place", "text", required=True, length_max=100,
              example="市中区仓库", synonyms=("收货地", "仓库名称", "名称", "name")),
        Field("division", "收货地区划代码", "Ship-to division", "division", required=True,
              refers_to="division", example="511002",
              synonyms=("区划代码", "行政区划代码", "收货区划", "division")),
        Field("address", "详细地址", "Address", "text", synonyms=("地址", "收货地址")),
    ),
)  # fmt: skip

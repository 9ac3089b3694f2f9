"""Trace codes: which codes the goods of a shipment line bear, as ranges."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from channel.tabular.fields import Field, Kind
from channel.tabular.kinds.shared_fields import PRODUCT

#: What a file may write for the level.
LEVEL_NAMES = {
    "unit": "unit", "单品": "unit", "瓶": "unit", "盒": "unit", "袋": "unit",
    "case": "case", "箱": "case", "件": "case",
    "pallet": "pallet", "托盘": "pallet", "托": "pallet", "垛": "pallet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TraceCodeRow:
    """One range; without a last code it is the first alone. `line` 0: the only line of the good."""

    row: int
    shipment: str
    product: str
    first: str
    last: str = ""
    level: str = "case"
    units_each: int = 1
    line: int = 0
    parent: str = ""


def _row(
    row: int,
    shipment: str,
    product: str,
    first: str,
    last: str | None = None,
    level: str | None = None,
    units_each: Decimal | None = None,
    line: Decimal | None = None,
    parent: str | None = None,
) -> TraceCodeRow:
    named = (level or "case").strip().lower()
    return TraceCodeRow(
        row,
        shipment,
        product,
        first,
        last or "",
        LEVEL_NAMES.get(named, named),
        int(units_each or 1),
        int(line or 0),
        parent or "",
    )


KIND = Kind(
    name="trace_codes",
    zh="物流码",
    en="Trace codes",
    row_type=_row,
    key=("first",),
    fields=(
        Field("shipment", "发货单号", "Shipment number", "code", required=True, length_max=60,
              example="SH-2026-000012",
              synonyms=("出库单号", "单号", "shipment", "delivery note")),
        PRODUCT,
        Field("first", "起始码", "First code", "code", required=True, length_max=64,
              example="CX26A0001200",
              synonyms=("物流码", "起码", "码", "追溯码", "first", "from code", "code",
                        "trace code")),
        Field("last", "截止码", "Last code", "code", length_max=64, example="CX26A0001299",
              synonyms=("末码", "止码", "结束码", "last", "to code")),
        Field("level", "层级", "On (unit, case, pallet)", "text", length_max=16, example="箱",
              synonyms=("包装层级", "级别", "level", "packing level")),
        Field("units_each", "每码数量", "Base units per code", "decimal", scale_max=0,
              minimum=Decimal(1), example="1", synonyms=("每码含量", "units per code")),
        Field("line", "行号", "Shipment line", "decimal", scale_max=0, minimum=Decimal(0),
              synonyms=("序号", "line", "line no")),
        Field("parent", "上级码", "Code of the case or pallet", "code", length_max=64,
              synonyms=("箱码", "托盘码", "父码", "parent", "parent code")),
    ),
)  # fmt: skip

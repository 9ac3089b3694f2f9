"""Administrative divisions (GB/T 2260) with the dates between which a code was in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from channel.tabular.cells import Choices
from channel.tabular.fields import Context, Field, Kind, Source
from channel.tabular.reporting import finding
from contracts.values.findings import Finding, Severity

LEVELS = Choices(
    {
        "province": ("省级", "省", "1"),
        "prefecture": ("地级", "地市级", "市", "2"),
        "county": ("县级", "县", "区县", "3"),
    }
)


@dataclass(frozen=True)
class DivisionRow:
    """One code; `valid_to` is exclusive, `parent` and `predecessor` are codes or ''."""

    row: int
    code: str
    name: str
    level: str
    parent: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    predecessor: str = ""
    is_selectable: bool = True


def _row(row: int, **values: object) -> DivisionRow:
    filled = {name: value for name, value in values.items() if value is not None}
    return DivisionRow(row=row, **filled)  # type: ignore[arg-type]


def _check(rows: Sequence[DivisionRow], source: Source, context: Context) -> list[Finding]:
    """Parents stand in the file or are known already; provinces have none."""
    codes = {row.code for row in rows} | context.known.get("division", frozenset())
    return [
        finding(
            source, "cell.unknown_code", Severity.BLOCK, row=row.row, field_name="parent",
            value=row.parent, noun="division",
        )
        for row in rows
        if (row.parent and row.parent not in codes) or (not row.parent and row.level != "province")
    ]  # fmt: skip


KIND = Kind(
    name="divisions",
    zh="行政区划",
    en="Divisions",
    row_type=_row,
    key=("code", "valid_from"),
    check=_check,
    fields=(
        Field("code", "区划代码", "Division code", "division", required=True, example="511083",
              synonyms=("代码", "行政区划代码", "code")),
        Field("name", "名称", "Name", "text", required=True, length_max=60, example="隆昌市",
              synonyms=("区划名称", "name")),
        Field("level", "级别", "Level", "choice", required=True, choices=LEVELS,
              example="县级", synonyms=("层级", "level")),
        Field("parent", "上级代码", "Parent code", "division", example="511000",
              synonyms=("上级区划", "parent")),
        Field("valid_from", "生效日期", "Valid from", "date", synonyms=("valid_from",)),
        Field("valid_to", "失效日期（不含当日）", "Valid to (exclusive)", "date",
              synonyms=("失效日期", "valid_to")),
        Field("predecessor", "原代码", "Predecessor", "division", synonyms=("predecessor",)),
        Field("is_selectable", "可选", "Selectable", "bool", synonyms=("selectable",)),
    ),
)  # fmt: skip

"""Working-day exceptions: the days on which Monday-to-Friday is not the truth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from channel.tabular.cells import Choices
from channel.tabular.fields import Field, Kind


@dataclass(frozen=True)
class WorkingDayRow:
    """One exception; state "official" by the yearly notice, "forecast" before it is out."""

    row: int
    date: dt.date
    is_working: bool
    name: str = ""
    state: str = "official"


def _row(
    row: int, date: dt.date, is_working: bool, name: str | None = None, state: str | None = None
) -> WorkingDayRow:
    return WorkingDayRow(row, date, is_working, name or "", state or "official")


KIND = Kind(
    name="working_days",
    zh="工作日历",
    en="Working days",
    row_type=_row,
    key=("date",),
    fields=(
        Field("date", "日期", "Date", "date", required=True, example="2026-10-10"),
        Field("is_working", "是否上班", "Working day", "bool", required=True, example="是",
              synonyms=("上班", "工作日", "is_working")),
        Field("name", "名称", "Name", "text", length_max=60, example="国庆节调休",
              synonyms=("节日", "事由", "name")),
        Field("state", "状态", "State", "choice", example="官方",
              choices=Choices({"official": ("官方", "正式"), "forecast": ("预测",)})),
    ),
)  # fmt: skip

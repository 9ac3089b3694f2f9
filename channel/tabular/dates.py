"""Dates as people and spreadsheets write them, and nothing else.

Year-first forms and serial numbers are certain; day and month are told apart only when a part
exceeds twelve, when both are equal, or when the caller gives the order.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from channel.tabular.wording import folded
from contracts.values.findings import Fact

#: "dmy" = 13/05/2026, "mdy" = 05/13/2026.
DateOrder = Literal["dmy", "mdy"]

EARLIEST = dt.date(1990, 1, 1)
LATEST = dt.date(2099, 12, 31)
#: Day 0 of the 1900 system as it counts after its false 29 February 1900.
_SERIAL_ZERO = dt.date(1899, 12, 30)

_TIME = r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: *(?:Z|[+-]\d{2}:?\d{2}))?)?"
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_CHINESE = re.compile(r"(\d{4}) *年 *(\d{1,2}) *月 *(\d{1,2}) *[日号]?" + _TIME)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _TIME)
_SHORT_YEAR = re.compile(r"\d{1,2}([-/.])\d{1,2}\1\d{2}")
_MONTH_NAME = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[-, ]+(\d{4})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?:[:.]\d+)*(?: ?[AaPp][Mm])?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class CellError:
    """Why a text is not the value its column wants: a finding code of `cell.*` and its facts."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


def parse_date(text: str, *, order: DateOrder | None = None) -> dt.date | CellError:
    """2026-05-13, 2026/5/13, 20260513, 2026年05月13日, 13 May 2026, serial 46155 → date.

    A time of day behind the date is dropped. 05/06/2026 needs `order`; 13.05.2026 does not.
    """
    return _parse(text, order)


@lru_cache(maxsize=65_536)
def _parse(text: str, order: DateOrder | None) -> dt.date | CellError:
    body = folded(text).strip()
    if match := _YEAR_FIRST.fullmatch(body):
        return _date(text, match[1], match[3], match[4])
    if match := _CHINESE.fullmatch(body) or _COMPACT.fullmatch(body):
        return _date(text, match[1], match[2], match[3])
    if match := _MONTH_NAME.fullmatch(body):
        name = match[2].lower()
        if name not in _MONTHS:
            return CellError("cell.not_date", {"value": text})
        return _date(text, match[3], str(_MONTHS.index(name) + 1), match[1])
    if match := _YEAR_LAST.fullmatch(body):
        return _year_last(text, match[1], match[3], match[4], order)
    if _SERIAL.fullmatch(body):
        return _plausible(text, _SERIAL_ZERO + dt.timedelta(days=int(Decimal(body))))
    if _CLOCK.fullmatch(body):
        return CellError("cell.time_only", {"value": text})
    code = "cell.short_year" if _SHORT_YEAR.fullmatch(body) else "cell.not_date"
    return CellError(code, {"value": text})


def _year_last(
    text: str, first: str, second: str, year: str, order: DateOrder | None
) -> dt.date | CellError:
    a, b = int(first), int(second)
    if order is None:
        if a > 12 or a == b:
            order = "dmy"
        elif b > 12:
            order = "mdy"
        else:
            return CellError("cell.date_ambiguous", {"value": text})
    return _date(text, year, second, first) if order == "dmy" else _date(text, year, first, second)


def _date(text: str, year: str, month: str, day: str) -> dt.date | CellError:
    try:
        return _plausible(text, dt.date(int(year), int(month), int(day)))
    except ValueError:
        return CellError("cell.no_such_date", {"value": text})


def _plausible(text: str, day: dt.date) -> dt.date | CellError:
    if EARLIEST <= day <= LATEST:
        return day
    return CellError("cell.date_implausible", {"value": text})


def date_order(texts: Iterable[str]) -> tuple[DateOrder | None, str, str]:
    """What the year-last values of one column prove: (order, example of dmy, example of mdy).

    Both examples filled means that the column contradicts itself; order is None then, and also
    when nothing is proven.
    """
    day_first = month_first = ""
    for text in texts:
        match = _YEAR_LAST.fullmatch(folded(text).strip())
        if match is None:
            continue
        if int(match[1]) > 12:
            day_first = day_first or text
        elif int(match[3]) > 12:
            month_first = month_first or text
    if day_first and not month_first:
        return "dmy", day_first, ""
    if month_first and not day_first:
        return "mdy", "", month_first
    return None, day_first, month_first

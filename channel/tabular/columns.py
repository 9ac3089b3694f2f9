"""What a whole column proves that no single value can: which mark is the decimal mark.

«809,76» and «2,024,994» in one column cannot both be right; such a column has been through a
spreadsheet of another language, and no value in it may be believed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from channel.tabular.cells import DecimalMark
from channel.tabular.wording import folded

_COMMA_IS_DECIMAL = re.compile(
    r"\d+,\d{1,2}|\d+,\d{4,}|\d{4,},\d{3}|0,\d+|\d{1,3}(?:\.\d{3}){2,}(?:,\d*)?"
    r"|\d{1,3}(?:\.\d{3})+,\d*"
)
_POINT_IS_DECIMAL = re.compile(
    r"\d*\.\d{1,2}|\d*\.\d{4,}|\d{4,}\.\d{3}|0?\.\d+|\d{1,3}(?:,\d{3}){2,}(?:\.\d*)?"
    r"|\d{1,3}(?:,\d{3})+\.\d*"
)
_DECORATION = re.compile(r"[^\d.,]")

#: Below so many different values a missing 0 at the end is no surprise (0.9 ** 44 < 1 %).
DISTINCT_MIN = 44


@dataclass(frozen=True)
class MarkVerdict:
    """`mark` to read the column with; when `conflict`, nothing may be read.

    The places are indexes into the sequence that was judged: the minority's, in order.
    """

    mark: DecimalMark
    conflict: bool = False
    places: tuple[int, ...] = ()
    example: str = ""
    other: str = ""


def decimal_mark(texts: Sequence[str]) -> MarkVerdict:
    """Judges one column of numbers; without proof the point is the decimal mark."""
    comma: list[int] = []
    point: list[int] = []
    verdicts: dict[str, int] = {}
    for place, text in enumerate(texts):
        kind = verdicts.get(text)
        if kind is None:
            kind = verdicts[text] = _proof(text)
        if kind == 1:
            comma.append(place)
        elif kind == 2:
            point.append(place)
    if comma and point:
        fewer, more = (comma, point) if len(comma) <= len(point) else (point, comma)
        grouped = next((texts[i] for i in more if "," in texts[i]), texts[more[0]])
        return MarkVerdict("point", True, tuple(fewer), texts[fewer[0]], grouped)
    return MarkVerdict("comma" if comma else "point")


def _proof(text: str) -> int:
    """1 = the comma is the decimal mark here, 2 = the point is, 0 = either."""
    if "," not in text and "." not in text and text.isascii():
        return 0
    body = _DECORATION.sub("", folded(text))
    if _COMMA_IS_DECIMAL.fullmatch(body):
        return 1
    return 2 if _POINT_IS_DECIMAL.fullmatch(body) else 0


def whole_and_grouped(texts: Sequence[str]) -> str:
    """An example when a money column looks as if every decimal point had been dropped, else ''.

    Sign: thousands marks, not one decimal, and of at least 44 different values none ends in 0,
    which whole amounts do one time in ten and digits without their trailing zeros never.
    """
    different = {text for text in texts if text}
    if len(different) < DISTINCT_MIN or any("." in text for text in different):
        return ""
    digits = {_DECORATION.sub("", text).replace(",", "") for text in different}
    grouped = [text for text in different if text.count(",") >= 2]
    if not grouped or any(d.endswith("0") and d != "0" for d in digits):
        return ""
    return max(grouped, key=lambda text: (len(text), text))

"""Trace codes as numbers in a series, so that a range of a million codes is one row.

Pure. A code is a stem and the digits at its end: «CX26A-000120» is stem «CX26A-», six digits,
number 120. Codes are of one series when stem and number of digits are the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from contracts.values.findings import Finding, block

#: So many digits at the end are counted; what stands before them belongs to the stem.
MOST_DIGITS = 15
MOST_LENGTH = 64
LEVELS = ("unit", "case", "pallet")
_TAIL = re.compile(r"[0-9]*$")


@dataclass(frozen=True)
class Series:
    """A code taken apart: stem, number of digits, number."""

    stem: str
    width: int
    number: int


@dataclass(frozen=True)
class Span:
    """The codes from first to last, both inclusive, of one series."""

    stem: str
    width: int
    first_no: int
    last_no: int

    @property
    def count(self) -> int:
        return self.last_no - self.first_no + 1


def normal(text: str) -> str:
    """A code as it is kept: half-width, upper case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def taken_apart(code: str) -> Series:
    """The series of a normal code; without digits at the end it is a series of its own."""
    found = _TAIL.search(code)
    digits = found.group() if found else ""
    digits = digits[-MOST_DIGITS:]
    return Series(code[: len(code) - len(digits)], len(digits), int(digits or 0))


def span_of(first: str, last: str = "") -> Span | list[Finding]:
    """The range between two codes, or what is wrong with it; one code is a range of one."""
    first = normal(first)
    last = normal(last) or first
    if not first or max(len(first), len(last)) > MOST_LENGTH:
        return [block("trace.code_needed")]
    start, end = taken_apart(first), taken_apart(last)
    if (start.stem, start.width) != (end.stem, end.width):
        return [block("trace.other_series", first=first, last=last)]
    if end.number < start.number:
        return [block("trace.backwards", first=first, last=last)]
    return Span(start.stem, start.width, start.number, end.number)


def check_quantity(
    span: Span, units_each: int, quantity: int, bound: int, product: str
) -> list[Finding]:
    """No more codes than goods: `bound` units of the line bear codes of this level already."""
    asked = span.count * units_each
    if units_each < 1:
        return [block("trace.units_each")]
    if asked + bound > quantity:
        return [
            block("trace.too_many", product, product=product, asked=asked, bound=bound,
                  quantity=quantity)
        ]  # fmt: skip
    return []

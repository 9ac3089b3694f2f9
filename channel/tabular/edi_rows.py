"""Quantities of trade messages gathered into the rows of an inventory report.

One row stands for product, batch and location; what a message repeats by day is added up, and a
segment that cannot be placed is named by its number and text instead of being dropped.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

from channel.tabular.edi import Segment
from channel.tabular.kinds.stock_report import KIND
from channel.tabular.tables import Row, Table, TableRefused
from contracts.values.findings import Finding, Severity

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{0,6})?|[+-]?[.,]\d{1,6}")
_REQUIRED = ("opening", "receipts", "sell_out", "closing")
_ALWAYS = ("product", "unit", "batch", "location", *_REQUIRED)
#: Signed movements: where a plus and where a minus belongs.
SIGNED = {
    "adjustment": ("adj_plus", "losses"),
    "transfer": ("transfers_in", "transfers_out"),
    "transfer_out": ("transfers_out", "transfers_in"),
    "sell_out": ("sell_out", "returns_in"),
    "returns_in": ("returns_in", "returns_in"),
}


@dataclass(frozen=True)
class Goods:
    """What the quantities that follow are quantities of."""

    product: str
    batch: str = ""
    location: str = ""
    name: str = ""
    produced_on: str = ""
    expires_on: str = ""


@dataclass
class _Line:
    number: int
    goods: Goods
    unit: str = ""
    sums: dict[str, Decimal] = field(default_factory=dict)
    #: field → the code that filled it: two codes for one field are told apart by rank.
    codes: dict[str, str] = field(default_factory=dict)


class Gathering:
    """The rows so far, and all that could not become part of one."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.findings: list[Finding] = []
        self._lines: dict[tuple[str, str, str], _Line] = {}
        self._numbers: set[int] = set()
        self.start: dt.date | None = None
        self.end: dt.date | None = None

    def reject(self, segment: Segment, reason: str) -> None:
        """A segment that holds something we must not lose and cannot place."""
        self._tell("edi.segment", Severity.BLOCK, segment, why=reason)

    def outside(self, segment: Segment, code: str) -> None:
        """A quantity that is known, and no part of the row (minimum stock, lost sales)."""
        self._tell("edi.outside", Severity.INFO, segment, code=code)

    def note(self, code: str, segment: Segment) -> None:
        self._tell(code, Severity.INFO, segment)

    def _tell(self, tag: str, severity: Severity, segment: Segment, /, **facts: str) -> None:
        text = segment.text[:120]
        place = {"row": segment.number} if severity is Severity.BLOCK else {}
        self.findings.append(
            Finding(
                tag, severity, str(segment.number),
                {"file": self.filename, "sheet": "", "segment": segment.number, "text": text,
                 **place, **facts},
            )
        )  # fmt: skip

    def number(self, segment: Segment, text: str) -> Decimal | None:
        """The quantity, or None after the segment has been rejected."""
        if not _NUMBER.fullmatch(text) or not text.isascii():
            self.reject(segment, "quantity")
            return None
        return Decimal(text.replace(",", "."))

    def add(
        self, segment: Segment, goods: Goods | None, name: str, quantity: Decimal, unit: str,
        code: str = "", ranks: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Add a quantity to its row; minus goes to the opposite column where there is one.

        `ranks`: codes that say the same field, the best first; only the best one counts.
        """
        if goods is None or not goods.product:
            self.reject(segment, "no_product")
            return
        plus, minus = SIGNED.get(name, (name, ""))
        if quantity < 0:
            if not minus:
                self.reject(segment, "negative")
                return
            plus, quantity = minus, -quantity
        line = self._line(segment, goods)
        if unit and line.unit and unit != line.unit:
            self.reject(segment, "units")
            return
        line.unit = line.unit or unit
        if ranks:
            standing = line.codes.get(plus, code)
            if ranks.index(standing) < ranks.index(code):
                self.outside(segment, code)
                return
            if standing != code:
                line.sums.pop(plus, None)
            line.codes[plus] = code
        line.sums[plus] = line.sums.get(plus, Decimal(0)) + quantity

    def _line(self, segment: Segment, goods: Goods) -> _Line:
        key = (goods.product, goods.batch, goods.location)
        line = self._lines.get(key)
        if line is None:
            number = segment.number
            if number in self._numbers:  # one segment may speak of several locations
                number = max(max(self._numbers), 1_000_000) + 1
            self._numbers.add(number)
            line = self._lines[key] = _Line(number, goods)
        return line

    def spans(self, segment: Segment, start: str, end: str) -> None:
        """The days that the message says it is about; '' leaves that bound as it is."""
        first, last = _day(start), _day(end)
        if (start and first is None) or (end and last is None):
            self.reject(segment, "date")
            return
        for name, day in (("start", first), ("end", last)):
            standing = getattr(self, name)
            if day is not None and standing not in (None, day):
                raise TableRefused(
                    "file.edi_periods", {"one": standing.isoformat(), "other": day.isoformat()}
                )
            if day is not None:
                setattr(self, name, day)

    def table(self) -> Table:
        """The rows as text under the labels of our own form."""
        if not self._lines and not self.findings:
            raise TableRefused("file.no_rows", {})
        lines = sorted(self._lines.values(), key=lambda line: line.number)
        filled = {name for line in lines for name in line.sums}
        told = {n for n in ("product_name", "produced_on", "expires_on")
                if any(_cell(line, n) for line in lines)}  # fmt: skip
        names = [f.name for f in KIND.fields if f.name in {*_ALWAYS, *filled, *told}]
        header = tuple(KIND.field(name).zh for name in names)
        rows = [Row(line.number, tuple(_cell(line, n) for n in names)) for line in lines]
        return Table(
            self.filename, "", header, rows,
            findings=tuple(self.findings), start=self.start, end=self.end,
        )  # fmt: skip


def _cell(line: _Line, name: str) -> str:
    if name in line.sums:
        return format(line.sums[name], "f")
    if name == "product_name":
        return line.goods.name
    if name == "unit":
        return line.unit
    return str(getattr(line.goods, name, ""))


def _day(text: str) -> dt.date | None:
    """CCYYMMDD or YYMMDD, with any time behind."""
    digits = text[:8] if len(text) >= 8 else "20" + text[:6]
    try:
        return dt.datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return None

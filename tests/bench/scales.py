"""How large the measured house is, and the days on which it lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Scale:
    """Counts of rows. A fifth of the distributors are debtors, with over half of the invoices."""

    name: str
    distributors: int
    products: int
    invoices: int
    orders: int
    audit: int
    #: Invoice lines a document; 0 makes a house of open items only.
    lines: int = 5

    @property
    def debtors(self) -> int:
        return self.distributors // 5

    @property
    def line_count(self) -> int:
        return self.invoices * self.lines


SCALES = {
    scale.name: scale
    for scale in (
        Scale("tiny", 100, 100, 400, 120, 200),
        Scale("small", 500, 200, 20_000, 2_000, 5_000),
        Scale("full", 5_000, 2_000, 200_000, 12_000, 50_000),
        # Ten million invoice lines: for rebate runs alone.
        Scale("lines", 5_000, 2_000, 2_000_000, 20, 20),
        # A million open items of a thousand debtors: for ageing alone.
        Scale("items", 5_000, 20, 1_900_000, 20, 20, lines=0),
    )
}

GROUPS = 20
#: The first day of trade; invoices are spread evenly over the year.
FIRST_DAY = date(2026, 1, 1)
DAYS = 364
#: Ageing looks back at this day: later invoices and payments must not count.
AS_OF = date(2026, 12, 1)
#: New orders bear this day; the agreements hold through the year.
ORDER_DAY = date(2026, 12, 15)
#: What the clock of a measured process shows.
TODAY = date(2027, 1, 5)

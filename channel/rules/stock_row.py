"""One line of an inventory report as a value, in base units, and the arithmetic of its balance.

A blank cell is None and is never taken for zero where a figure is required.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.values.findings import Finding, Severity

#: Pieces are whole numbers, goods by weight are decimals; both in the product's base unit.
Quantity = int | Decimal

#: Product, batch, location: what identifies a line within a report.
Key = tuple[str, str, str]

#: Without these four a line says nothing; a blank in them is refused.
REQUIRED = ("opening", "receipts", "sell_out", "closing")
INCOMING = ("receipts", "returns_in", "transfers_in", "adj_plus")
OUTGOING = ("sell_out", "returns_out", "transfers_out", "losses")
#: Movements that most lines do not have: blank means that none is reported.
OPTIONAL = ("returns_in", "transfers_in", "adj_plus", "returns_out", "transfers_out", "losses")
#: Parts of the closing stock that cannot be sold.
UNSALEABLE = ("held", "damaged")
QUANTITIES = ("opening", *INCOMING, *OUTGOING, "closing", "counted", "in_transit", *UNSALEABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRow:
    """One line of a report, quantities in base units; None is a blank cell.

    `row_number` is the line's own number in the file. `returns_in` come back from customers,
    `returns_out` go back to the maker; `losses` are what was lost, `adj_plus` what a count found
    more. `closing` is what the books say, `counted` what a count found. `held` and `damaged` are
    parts of `closing`; `in_transit` is not yet in any of these.
    """

    row_number: int
    product: str
    batch: str = ""
    location: str = ""
    produced_on: date | None = None
    expires_on: date | None = None
    opening: Quantity | None = None
    receipts: Quantity | None = None
    returns_in: Quantity | None = None
    transfers_in: Quantity | None = None
    adj_plus: Quantity | None = None
    sell_out: Quantity | None = None
    returns_out: Quantity | None = None
    transfers_out: Quantity | None = None
    losses: Quantity | None = None
    closing: Quantity | None = None
    counted: Quantity | None = None
    in_transit: Quantity | None = None
    held: Quantity | None = None
    damaged: Quantity | None = None
    reason: str = ""

    @property
    def key(self) -> Key:
        """What identifies the line within its report, and in the reports before and after."""
        return (self.product, self.batch, self.location)

    @property
    def has_reason(self) -> bool:
        """Whether the distributor explained why the figures of this line disagree."""
        return bool(self.reason.strip())


@dataclass(frozen=True, slots=True)
class RowFinding:
    """A finding with its place; row None: the report as a whole, column None: the whole line."""

    row_number: int | None
    column: str | None
    finding: Finding

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return self.finding.severity


def plain(quantity: Quantity) -> Quantity:
    """The same quantity as people write it: an int when it is whole, no needless zeros."""
    if quantity == int(quantity):
        return int(quantity)
    return Decimal(format(Decimal(quantity).normalize(), "f"))


def signed(quantity: Quantity) -> str:
    """A difference with its sign: +5, -5, 0."""
    number = plain(quantity)
    return f"+{number}" if number > 0 else str(number)


def quantity_in(row: StockRow, column: str) -> Quantity | None:
    """The quantity in one of the columns of `QUANTITIES`; None for a blank cell."""
    value: Quantity | None = getattr(row, column)
    return value


def expected_closing(row: StockRow) -> Quantity | None:
    """opening + all that came in - all that went out; None while a required cell is blank."""
    if any(quantity_in(row, column) is None for column in REQUIRED if column != "closing"):
        return None
    came_in = sum(quantity_in(row, column) or 0 for column in ("opening", *INCOMING))
    went_out = sum(quantity_in(row, column) or 0 for column in OUTGOING)
    return plain(came_in - went_out)

"""First in, first out, judged after the fact from a report: what was sold out of order.

What stood there from the first day on and was passed over is certain; what only arrived within
the period is possible, because a report does not tell the order of its days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Literal

from channel.rules.stock_row import (
    QUANTITIES,
    Quantity,
    RowFinding,
    StockRow,
    plain,
    quantity_in,
)
from contracts.values.findings import Fact, Finding, info, warn
from contracts.values.money import round_half_up

#: The date by which batches are put in order; the first that all of them carry.
Basis = Literal["expiry", "production", "delivery"]


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of a product at a location over the period, in base units.

    `received` is all that came in, `unavailable` what could not be sold (held, damaged, lost,
    returned or moved away), `out` what was sold. `excepted` is the part of `out` that had leave
    to go out of order, e.g. for a customer who needs so many days of remaining life.
    """

    batch: str
    opening: Quantity
    received: Quantity
    out: Quantity
    unavailable: Quantity = 0
    excepted: Quantity = 0
    produced_on: date | None = None
    expires_on: date | None = None
    delivered_on: date | None = None

    def __post_init__(self) -> None:
        """Leave to go out of order is a part of what went out."""
        if not 0 <= self.excepted <= self.out:
            raise ValueError(f"batch {self.batch}: excepted is a part of what was sold")

    @property
    def available(self) -> Quantity:
        """What could have been sold, apart from the excepted part."""
        return max(self.opening + self.received - self.unavailable - self.excepted, 0)

    @property
    def judged_out(self) -> Quantity:
        """What was sold without leave to go out of order."""
        return self.out - self.excepted

    @property
    def left_of_opening(self) -> Quantity:
        """What of the opening stock was still there at the end; sales are taken from it first."""
        return max(self.opening - self.unavailable - self.out, 0)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """How one batch fared: what should have gone out of it, what did, and what was passed over."""

    batch: str
    dated: date
    available: Quantity
    ideal: Quantity
    out: Quantity
    certain: Quantity
    possible: Quantity

    @property
    def too_much(self) -> Quantity:
        """What went out of this batch in place of an older one."""
        return max(self.out - self.ideal, 0)


@dataclass(frozen=True, slots=True)
class Breach:
    """The judgement on one product at one location.

    `basis` None: nothing could be judged. `undated` batches carry no usable date and are left
    out; `impossible` batches sold more than they had, so that no order can be derived from them.
    """

    product: str
    location: str
    basis: Basis | None
    lines: tuple[BatchLine, ...]
    undated: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()

    @property
    def total_out(self) -> Quantity:
        """All that was sold of the batches judged."""
        return plain(sum(line.out for line in self.lines))

    @property
    def certain(self) -> Quantity:
        """Sold out of order while older opening stock remained."""
        return plain(sum(line.certain for line in self.lines))

    @property
    def possible(self) -> Quantity:
        """Sold out of order if the older batch, received in the period, was there by then."""
        return plain(sum(line.possible for line in self.lines))

    @property
    def percent(self) -> Decimal | None:
        """Certain quantity in percent of all sold, one decimal half-up; None: nothing sold."""
        return _percent(self.certain, self.total_out)


def breaches(product: str, batches: Sequence[Batch], location: str = "") -> Breach:
    """What was sold out of order of one product at one location.

    In order means: the batch that expires first, else was made first, else was delivered first;
    batches of one date may go in any order among themselves. 40 out of B2 (08-01) while 30 of
    B1 (06-01) were left is 30 out of order; 30 out of B1 and 10 out of B2 is none.
    """
    impossible = tuple(one.batch for one in batches if one.judged_out > one.available)
    if impossible:
        return Breach(product, location, None, (), impossible=impossible)
    basis = _basis(batches)
    if basis is None:
        return Breach(product, location, None, (), undated=tuple(one.batch for one in batches))
    dated = [(day, one) for one in batches if (day := _date_of(one, basis)) is not None]
    undated = tuple(one.batch for one in batches if _date_of(one, basis) is None)
    dated.sort(key=lambda pair: pair[0])
    return Breach(product, location, basis, tuple(_judge(dated)), undated=undated)


def findings_of(breach: Breach) -> list[Finding]:
    """The judgement in findings: a certain breach warns, the rest only tells."""
    found = [
        *_told("stock.fifo", breach, breach.certain, certain=True),
        *_told("stock.fifo_possible", breach, breach.possible, certain=False),
    ]
    for code, batches in (
        ("stock.fifo_undated", breach.undated),
        ("stock.fifo_impossible", breach.impossible),
    ):
        if batches:
            found.append(info(code, breach.product, product=breach.product, batches=batches))
    return found


def check_fifo(rows: Sequence[StockRow]) -> list[RowFinding]:
    """The judgement on every product and location of a report.

    A finding stands on the first line that was sold from too early, else on the product's first
    line. Products with a single batch, or with a line that is blank or negative where it may not
    be, are passed over: those cells have findings of their own.
    """
    found: list[RowFinding] = []
    for breach, own in judged(rows):
        early = {line.batch for line in breach.lines if line.too_much > 0}
        place = next((row for row in own if row.batch in early), own[0])
        found.extend(
            RowFinding(place.row_number, "sell_out", finding) for finding in findings_of(breach)
        )
    return found


def judged(rows: Sequence[StockRow]) -> Iterator[tuple[Breach, list[StockRow]]]:
    """The judgement on each product and location of a report, with its lines."""
    for (product, location), own in _by_product(rows).items():
        yield breaches(product, [batch_of(row) for row in own], location), own


def batch_of(row: StockRow) -> Batch:
    """A line of the report as a batch; what left it other than by sale was not for sale."""
    return Batch(
        batch=row.batch,
        opening=row.opening or 0,
        received=_sum(row.receipts, row.returns_in, row.transfers_in, row.adj_plus),
        out=row.sell_out or 0,
        unavailable=_sum(row.returns_out, row.transfers_out, row.losses, row.held, row.damaged),
        produced_on=row.produced_on,
        expires_on=row.expires_on,
    )


def _sum(*quantities: Quantity | None) -> Quantity:
    return sum(quantity or 0 for quantity in quantities)


def _by_product(rows: Sequence[StockRow]) -> dict[tuple[str, str], list[StockRow]]:
    """Lines that can be judged, by product and location; a single batch has no order."""
    groups: dict[tuple[str, str], list[StockRow]] = {}
    for row in rows:
        groups.setdefault((row.product, row.location), []).append(row)
    return {
        key: own
        for key, own in groups.items()
        if len(own) > 1 and all(_is_sound(row) for row in own)
    }


def _is_sound(row: StockRow) -> bool:
    """Whether the line has all that an order can be derived from, and nothing below zero."""
    required = (row.opening, row.receipts, row.sell_out)
    quantities = [quantity_in(row, column) for column in QUANTITIES]
    return None not in required and all(quantity >= 0 for quantity in quantities if quantity)


def _basis(batches: Sequence[Batch]) -> Basis | None:
    """The first kind of date that all batches carry, else the first that any of them carries."""
    kinds: tuple[Basis, ...] = ("expiry", "production", "delivery")
    for wanted in (all, any):
        for kind in kinds:
            if batches and wanted(_date_of(one, kind) is not None for one in batches):
                return kind
    return None


def _date_of(batch: Batch, basis: Basis) -> date | None:
    if basis == "expiry":
        return batch.expires_on
    return batch.produced_on if basis == "production" else batch.delivered_on


def _judge(dated: Sequence[tuple[date, Batch]]) -> Iterator[BatchLine]:
    """Fill the total sold from the oldest date on, and compare with what each batch sold."""
    left = sum(one.judged_out for _, one in dated)
    for day, same_date in groupby(dated, key=lambda pair: pair[0]):
        group = [one for _, one in same_date]
        room = sum(one.available for one in group)
        ideal = min(left, room)
        left -= ideal
        yield from _judge_group(day, group, ideal)


def _judge_group(day: date, group: Sequence[Batch], ideal: Quantity) -> Iterator[BatchLine]:
    """Share what should have gone out of one date among its batches, accusing the least.

    Each batch is first granted what it sold. What was passed over beyond that is laid on stock
    that stood there from the first day, and only the rest on stock received in the period.
    """
    outs = [one.judged_out for one in group]
    rooms = [one.available - one.judged_out for one in group]
    granted = _pour(min(ideal, sum(outs)), outs)
    missing = max(ideal - sum(outs), 0)
    standing = [min(one.left_of_opening, room) for one, room in zip(group, rooms, strict=True)]
    certain = _pour(missing, standing)
    rest = [room - taken for room, taken in zip(rooms, certain, strict=True)]
    possible = _pour(missing - sum(certain), rest)
    for one, share, sure, maybe in zip(group, granted, certain, possible, strict=True):
        yield BatchLine(
            batch=one.batch,
            dated=day,
            available=plain(one.available),
            ideal=plain(share + sure + maybe),
            out=plain(one.judged_out),
            certain=plain(sure),
            possible=plain(maybe),
        )


def _pour(amount: Quantity, rooms: Sequence[Quantity]) -> list[Quantity]:
    """Fill the rooms one after the other until the amount is used up."""
    poured = []
    for room in rooms:
        part = min(amount, room)
        amount -= part
        poured.append(part)
    return poured


def _told(code: str, breach: Breach, quantity: Quantity, *, certain: bool) -> Iterator[Finding]:
    """The finding for one kind of breach, if there is any of it."""
    if quantity <= 0:
        return
    passed_over = [line for line in breach.lines if (line.certain if certain else line.possible)]
    facts: dict[str, Fact] = {
        "product": breach.product,
        "quantity": quantity,
        "total": breach.total_out,
        "percent": _percent(quantity, breach.total_out) or Decimal(0),
        "older": tuple(f"{line.batch} ({line.dated.isoformat()})" for line in passed_over),
        "newer": tuple(
            f"{line.batch} ({line.dated.isoformat()})" for line in breach.lines if line.too_much > 0
        ),
    }
    say = warn if certain else info
    yield say(code, breach.product, **facts)


def _percent(part: Quantity, whole: Quantity) -> Decimal | None:
    if not whole:
        return None
    return round_half_up(Decimal(part) * 100 / Decimal(whole), 1)

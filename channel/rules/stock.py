"""The inventory report of a distributor checked line by line and against what we know ourselves.

Every finding names the line and the column it is about. Figures that disagree are refused until
the line gives a reason, and then pass with the line flagged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields

from channel.rules.stock_row import (
    INCOMING,
    OPTIONAL,
    OUTGOING,
    QUANTITIES,
    REQUIRED,
    UNSALEABLE,
    Key,
    Quantity,
    RowFinding,
    StockRow,
    expected_closing,
    plain,
    quantity_in,
    signed,
)
from contracts.reporting import Tolerance
from contracts.values.findings import Fact, Finding, Severity, block, info, warn

__all__ = [
    "INCOMING",
    "OPTIONAL",
    "OUTGOING",
    "QUANTITIES",
    "REQUIRED",
    "UNSALEABLE",
    "Key",
    "Quantity",
    "RowFinding",
    "StockRow",
    "check_cells",
    "check_continuity",
    "check_count",
    "check_identity",
    "check_receipts",
    "check_report",
    "expected_closing",
    "plain",
    "quantity_in",
    "signed",
]

#: No difference passes.
EXACT = Tolerance()
_COLUMN_ORDER = {field.name: place for place, field in enumerate(fields(StockRow))}


def check_identity(row: StockRow) -> list[Finding]:
    """The balance of the line: 100 + 200 - 180 - 5 = 115, and 120 entered is «difference +5».

    Lines with a blank required cell are left to `check_blanks`.
    """
    expected = expected_closing(row)
    if expected is None or row.closing is None or row.closing == expected:
        return []
    facts: dict[str, Fact] = {
        "product": row.product,
        "expected": expected,
        "entered": plain(row.closing),
        "difference": signed(row.closing - expected),
    }
    return [_disagreement("stock.identity", row, facts)]


def check_count(row: StockRow) -> list[Finding]:
    """Books and count side by side: they may differ, and then the line says why."""
    if row.counted is None or row.closing is None or row.counted == row.closing:
        return []
    facts: dict[str, Fact] = {
        "product": row.product,
        "counted": plain(row.counted),
        "book": plain(row.closing),
        "difference": signed(row.counted - row.closing),
    }
    return [_disagreement("stock.counted_differs", row, facts)]


def check_continuity(row: StockRow, previous_closing: Quantity) -> list[Finding]:
    """The opening stock is the closing stock of the report before, in its current version."""
    if row.opening is None or row.opening == previous_closing:
        return []
    facts: dict[str, Fact] = {
        "product": row.product,
        "previous": plain(previous_closing),
        "entered": plain(row.opening),
        "difference": signed(row.opening - previous_closing),
    }
    return [_disagreement("stock.continuity", row, facts)]


def check_receipts(
    product: str,
    reported: Quantity,
    shipped: Quantity,
    in_transit: Quantity = 0,
    tolerance: Tolerance = EXACT,
) -> list[Finding]:
    """Receipts of a product against our own shipments of it.

    `shipped` is what was due to have arrived in the period, `in_transit` what may have arrived or
    may still be on the road: anything from the one to the sum of both agrees. Less: goods we
    shipped are missing. More: goods we did not ship came in. A difference within the tolerance
    is only told.
    """
    if shipped <= reported <= shipped + in_transit:
        return []
    nearest: Quantity
    code, nearest = "stock.shipped_not_reported", shipped
    if reported > shipped:
        code, nearest = "stock.reported_not_shipped", shipped + in_transit
    facts: dict[str, Fact] = {
        "product": product,
        "shipped": plain(nearest),
        "reported": plain(reported),
        "difference": signed(reported - nearest),
    }
    most = tolerance.of(int(nearest))
    if nearest - most <= reported <= nearest + most:
        return [info("stock.within_tolerance", product, **facts)]
    return [warn(code, product, **facts)]


def check_cells(row: StockRow) -> Iterator[RowFinding]:
    """What is wrong with the line by itself, apart from its balance."""
    for column in REQUIRED:
        if quantity_in(row, column) is None:
            yield _at(row, column, block("stock.blank", row.product, column=column))
    for column in QUANTITIES:
        quantity = quantity_in(row, column)
        if quantity is not None and quantity < 0:
            value = plain(quantity)
            finding = block("stock.negative", row.product, column=column, value=value)
            yield _at(row, column, finding)
    unsaleable = sum(quantity_in(row, column) or 0 for column in UNSALEABLE)
    if row.closing is not None and unsaleable > row.closing:
        finding = block(
            "stock.unsaleable_over_closing",
            row.product,
            unsaleable=plain(unsaleable),
            closing=plain(row.closing),
        )
        yield _at(row, "held", finding)
    if row.produced_on and row.expires_on and row.expires_on <= row.produced_on:
        finding = block(
            "stock.expiry_before_production",
            row.product,
            produced=row.produced_on,
            expires=row.expires_on,
        )
        yield _at(row, "expires_on", finding)


def check_report(
    rows: Sequence[StockRow],
    previous_closings: Mapping[Key, Quantity] | None = None,
    shipped: Mapping[str, Quantity] | None = None,
    in_transit: Mapping[str, Quantity] | None = None,
    products: Collection[str] | None = None,
    tolerance: Tolerance = EXACT,
) -> list[RowFinding]:
    """All findings on a report, in the order of its lines, those on the whole report last.

    `previous_closings` None: there is no report before, so opening stock is taken as stated;
    else a line that it does not name began at zero. `shipped` and `in_transit` are per product,
    as `check_receipts` wants them; None: our shipments are not known and not compared.
    `products` are the codes of the catalogue; None: not compared.
    """
    found = [
        *_check_lines(rows, previous_closings, products),
        *_check_repeats(rows),
        *_check_missing(rows, previous_closings or {}),
    ]
    if shipped is not None:
        found.extend(_check_shipments(rows, shipped, in_transit or {}, tolerance))
    return sorted(found, key=_place)


def _check_lines(
    rows: Sequence[StockRow],
    previous_closings: Mapping[Key, Quantity] | None,
    products: Collection[str] | None,
) -> Iterator[RowFinding]:
    for row in rows:
        if products is not None and row.product not in products:
            finding = block("stock.unknown_product", row.product, product=row.product)
            yield _at(row, "product", finding)
            continue
        yield from check_cells(row)
        for finding in check_identity(row):
            yield _at(row, "closing", finding)
        for finding in check_count(row):
            yield _at(row, "counted", finding)
        if previous_closings is not None:
            for finding in check_continuity(row, previous_closings.get(row.key, 0)):
                yield _at(row, "opening", finding)


def _check_repeats(rows: Sequence[StockRow]) -> Iterator[RowFinding]:
    """A second line for the same product, batch and location would be counted twice."""
    first_at: dict[Key, int] = {}
    for row in rows:
        first = first_at.setdefault(row.key, row.row_number)
        if first != row.row_number:
            finding = block(
                "stock.repeated_line",
                row.product,
                product=row.product,
                batch=row.batch,
                first_row=first,
            )
            yield _at(row, "product", finding)


def _check_missing(
    rows: Sequence[StockRow], previous_closings: Mapping[Key, Quantity]
) -> Iterator[RowFinding]:
    """Stock of the report before that this one does not mention: a blank, hence not zero."""
    reported = {row.key for row in rows}
    for key, quantity in sorted(previous_closings.items()):
        if quantity and key not in reported:
            product, batch, location = key
            finding = block(
                "stock.line_missing",
                product,
                product=product,
                batch=batch,
                location=location,
                previous=plain(quantity),
            )
            yield RowFinding(None, None, finding)


def _check_shipments(
    rows: Sequence[StockRow],
    shipped: Mapping[str, Quantity],
    in_transit: Mapping[str, Quantity],
    tolerance: Tolerance,
) -> Iterator[RowFinding]:
    """Receipts per product, over all its lines; the finding stands on the first of them.

    A product with a blank receipts cell is not compared: the blank is refused already.
    """
    lines: dict[str, list[StockRow]] = {}
    for row in rows:
        lines.setdefault(row.product, []).append(row)
    for product in sorted({*lines, *shipped}):
        own = lines.get(product, [])
        if any(row.receipts is None for row in own):
            continue
        reported = sum(row.receipts or 0 for row in own)
        arrived, moving = shipped.get(product, 0), in_transit.get(product, 0)
        for finding in check_receipts(product, reported, arrived, moving, tolerance):
            if own:
                yield _at(own[0], "receipts", finding)
            else:
                yield RowFinding(None, None, finding)


def _disagreement(code: str, row: StockRow, facts: Mapping[str, Fact]) -> Finding:
    """Figures that disagree are refused; with a reason they pass and the line is flagged."""
    severity = Severity.WARN if row.has_reason else Severity.BLOCK
    return Finding(code, severity, row.product, facts)


def _at(row: StockRow, column: str, finding: Finding) -> RowFinding:
    return RowFinding(row.row_number, column, finding)


def _place(found: RowFinding) -> tuple[bool, int, int]:
    """Sort key: lines in file order, columns in template order, the whole report last."""
    column = _COLUMN_ORDER.get(found.column or "", 0)
    return (found.row_number is None, found.row_number or 0, column)

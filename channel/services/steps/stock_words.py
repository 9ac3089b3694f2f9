"""Typed rows in a distributor's words → lines in ours: products, base units, its way of counting.

What nobody has decided yet is asked about by name; nothing is guessed, because a wrong match is
stock of another good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from channel.queries.stock_facts import StockContext
from channel.rules.stock import QUANTITIES, Quantity, RowFinding, StockRow, expected_closing, plain
from channel.rules.stock_totals import merged, without_totals
from channel.rules.stock_units import Dictionary, code_key, converted, unit_key
from channel.tabular.kinds.stock_report import StockReportRow
from contracts.values.findings import block, info

#: What may be filled in from what we know ourselves, when the sender asks for it.
FILLED = ("opening", "receipts", "closing")
#: Asked for in the same place: the rows are single sales, to be added up good by good.
SUM = "sum"
_COPIED = tuple(f.name for f in fields(StockRow) if f.name != "row_number")


@dataclass(frozen=True)
class Asked:
    """A code or unit that nobody has decided: as written, of which goods, in which rows."""

    written: str
    name: str = ""
    product: str = ""
    rows: tuple[int, ...] = ()


@dataclass
class InOurWords:
    """The lines, what was found on the way, and what has to be asked."""

    lines: list[StockRow] = field(default_factory=list)
    found: list[RowFinding] = field(default_factory=list)
    codes: list[Asked] = field(default_factory=list)
    units: list[Asked] = field(default_factory=list)
    #: row number → (code, unit) as the file wrote them, where they differ from ours.
    own: dict[int, tuple[str, str]] = field(default_factory=dict)


def in_our_words(
    rows: Sequence[StockReportRow], known: StockContext, fill: Sequence[str] = ()
) -> InOurWords:
    """Codes, units and counting habits applied; then totals and twins, then what is filled in."""
    result = InOurWords()
    words = known.words
    asked: dict[tuple[str, str, str], Asked] = {}
    lines: list[tuple[StockRow, str]] = []
    left_out = 0
    for row in rows:
        meaning = words.meaning(row.product)
        if meaning is not None and meaning.product is None:
            left_out += 1
            continue
        if meaning is None:
            _ask(asked, ("code", code_key(row.product), ""), row, row.product, row.product_name)
        product = meaning.product if meaning and meaning.product else row.product
        ratio = words.ratio(row.unit, product)
        if ratio is None:
            _ask(asked, ("unit", unit_key(row.unit), product), row, row.unit, product=product)
            finding = block("stock.unknown_unit", product, product=product, unit=row.unit)
            result.found.append(RowFinding(row.row, "unit", finding))
            continue
        if meaning is not None and (meaning.times, meaning.per) != (1, 1):
            ratio *= meaning.ratio
        parts = len(result.found)
        line = _line(row, product, ratio, result.found)
        if len(result.found) > parts:
            continue
        lines.append((_as_we_count(line, words), f"{code_key(row.product)} {unit_key(row.unit)}"))
        if row.product != product or ratio != 1:
            result.own[row.row] = (row.product[:64], row.unit[:20])
    if left_out:
        result.found.append(RowFinding(None, None, info("stock.not_ours", n=left_out)))
    result.lines, found = merged(lines)
    result.found += found
    result.lines, found = without_totals(result.lines, known.previous_closings or {})
    result.found += found
    result.lines = _counted_only(result.lines)
    if fill:
        result.lines = _filled(result.lines, known, fill, result.found)
    result.codes = [a for key, a in asked.items() if key[0] == "code"]
    result.units = [a for key, a in asked.items() if key[0] == "unit"]
    return result


def _ask(
    asked: dict[tuple[str, str, str], Asked],
    key: tuple[str, str, str],
    row: StockReportRow,
    written: str,
    name: str = "",
    product: str = "",
) -> None:
    standing = asked.get(key) or Asked(written[:64], name[:200], product)
    asked[key] = replace(standing, name=standing.name or name[:200], rows=(*standing.rows, row.row))


def _line(row: StockReportRow, product: str, ratio: Fraction, found: list[RowFinding]) -> StockRow:
    """The typed row in base units; a quantity that is no whole number of them is refused."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _COPIED}
    values["product"] = product
    for name in QUANTITIES:
        value = values[name]
        if not isinstance(value, Decimal):
            continue
        said = plain(value)
        whole = converted(said, ratio)
        if whole is None:
            facts = {"product": product, "value": said, "unit": row.unit, "column": name}
            finding = block("stock.unit_not_whole", product, **facts)
            found.append(RowFinding(row.row, name, finding))
        values[name] = said if whole is None else whole
    return StockRow(row_number=row.row, **values)


def _as_we_count(line: StockRow, words: Dictionary) -> StockRow:
    """Our closing holds what is held and damaged, our receipts not what is still on the road."""
    changes: dict[str, Any] = {}
    beside = sum(getattr(line, part) or 0 for part in words.beside - {"in_transit"})
    if beside and line.closing is not None:
        changes["closing"] = plain(line.closing + beside)
    if beside and line.counted is not None:
        changes["counted"] = plain(line.counted + beside)
    moving = line.in_transit if "in_transit" in words.beside else None
    if moving and line.receipts is not None:
        changes["receipts"] = plain(line.receipts - moving)
    return replace(line, **changes) if changes else line


def _counted_only(lines: Sequence[StockRow]) -> list[StockRow]:
    """Where only the count is reported, the count is what the books close with."""
    return [
        replace(line, closing=line.counted)
        if line.closing is None and line.counted is not None
        else line
        for line in lines
    ]


def _filled(
    lines: Sequence[StockRow], known: StockContext, fill: Sequence[str], found: list[RowFinding]
) -> list[StockRow]:
    """Blanks that the sender asked us to fill: last closing, our shipments, the sum of the row.

    Receipts are filled where a product has one line; which of several batches came is not known.
    """
    count: dict[str, int] = {}
    for line in lines:
        count[line.product] = count.get(line.product, 0) + 1
    result, filled = [], dict.fromkeys(FILLED, 0)
    for line in lines:
        given: dict[str, Any] = _known_figures(line, known, count[line.product] == 1)
        given = {n: q for n, q in given.items() if n in fill and getattr(line, n) is None}
        line = replace(line, **given)
        closing = expected_closing(line)
        if "closing" in fill and line.closing is None and closing is not None:
            given["closing"] = closing
            line = replace(line, closing=closing)
        for name in given:
            filled[name] += 1
        result.append(line)
    for name, n in filled.items():
        if n:
            found.append(RowFinding(None, None, info("stock.filled", column=name, n=n)))
    return result


def _known_figures(line: StockRow, known: StockContext, is_only: bool) -> dict[str, Quantity]:
    figures: dict[str, Quantity] = {}
    if known.previous_closings is not None:
        figures["opening"] = known.previous_closings.get(line.key, 0)
    if known.shipped is not None:
        shipped = known.shipped.get(line.product, 0)
        if is_only or not shipped:
            figures["receipts"] = shipped
    return figures


def own_words(own: Mapping[int, tuple[str, str]], row_number: int) -> tuple[str, str]:
    """(code, unit) of the file for a line, '' where they are ours."""
    return own.get(row_number, ("", ""))

"""Lines that speak of the same goods twice: a total beside its batches, one good in two units.

A total that equals the sum of its batches says nothing new and is left out; one that differs is
asked about, because counting both would double the stock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from channel.rules.stock_row import (
    QUANTITIES,
    REQUIRED,
    Key,
    Quantity,
    RowFinding,
    StockRow,
    plain,
    quantity_in,
    signed,
)
from contracts.values.findings import block, info, warn


def without_totals(
    rows: Sequence[StockRow], known: Collection[Key] = ()
) -> tuple[list[StockRow], list[RowFinding]]:
    """The lines that count, and what was found about those without a batch beside batches.

    `known`: keys of the report before; goods that had stock without a batch then have it still.
    A line with a reason counts for itself and is flagged.
    """
    batches: dict[tuple[str, str], list[StockRow]] = {}
    for row in rows:
        if row.batch:
            batches.setdefault((row.product, row.location), []).append(row)
    kept, found = [], []
    for row in rows:
        own = batches.get((row.product, row.location))
        if row.batch or not own or row.key in known:
            kept.append(row)
            continue
        column, total, sum_ = _first_difference(row, own)
        if not column:
            finding = info("stock.total_matches", row.product, product=row.product, n=len(own))
            found.append(RowFinding(row.row_number, None, finding))
            continue
        tell = warn if row.has_reason else block
        finding = tell(
            "stock.batches_differ",
            row.product,
            product=row.product,
            column=column,
            total=total,
            sum=sum_,
            difference=signed(total - sum_),
        )
        found.append(RowFinding(row.row_number, column, finding))
        kept.append(row)
    return kept, found


def _first_difference(
    total: StockRow, batches: Sequence[StockRow]
) -> tuple[str, Quantity, Quantity]:
    """(column, of the total, of its batches) of the first figure given on both sides that differs.

    ('', 0, 0): everything that is given twice agrees.
    """
    for column in ("closing", *QUANTITIES):
        stated = quantity_in(total, column)
        given = [q for row in batches if (q := quantity_in(row, column)) is not None]
        if stated is None or not given:
            continue
        if stated != sum(given):
            return column, plain(stated), plain(sum(given))
    return "", 0, 0


def merged(rows: Sequence[tuple[StockRow, str]]) -> tuple[list[StockRow], list[RowFinding]]:
    """Lines of one key written under different words (code, unit) added up into one line.

    Each row comes with its words. The same words twice are no merger: such lines stay, and are
    told as repeated by the rules. A blank in a required column keeps the sum blank.
    """
    first: dict[Key, int] = {}
    said: dict[Key, set[str]] = {}
    kept: list[StockRow] = []
    found: list[RowFinding] = []
    for row, words in rows:
        place = first.get(row.key)
        if place is None or words in said[row.key]:
            first.setdefault(row.key, len(kept))
            said.setdefault(row.key, set()).add(words)
            kept.append(row)
            continue
        said[row.key].add(words)
        other = kept[place]
        kept[place] = _sum(other, row)
        finding = info(
            "stock.lines_merged", row.product, product=row.product, other=other.row_number
        )
        found.append(RowFinding(row.row_number, None, finding))
    return kept, found


def _sum(one: StockRow, other: StockRow) -> StockRow:
    sums: dict[str, Quantity | None] = {}
    for column in QUANTITIES:
        a, b = quantity_in(one, column), quantity_in(other, column)
        if a is None or b is None:
            sums[column] = None if column in REQUIRED else (b if a is None else a)
        else:
            sums[column] = plain(a + b)
    reason = "；".join(dict.fromkeys(filter(None, (one.reason.strip(), other.reason.strip()))))
    return replace(
        one,
        reason=reason,
        produced_on=one.produced_on or other.produced_on,
        expires_on=one.expires_on or other.expires_on,
        **sums,  # type: ignore[arg-type]
    )

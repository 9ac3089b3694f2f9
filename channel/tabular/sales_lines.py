"""A file of single sales (one row an invoice line) added up to one line a good, by stated rules.

Rows that are the same in every cell count once; a minus on a cancellation (a document whose
number begins with C, or no document at all) is a return, any other minus is a loss.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from channel.tabular.cells import parse_decimal
from channel.tabular.columns import decimal_mark
from channel.tabular.kinds.stock_report import KIND
from channel.tabular.tables import Row, Table
from channel.tabular.wording import folded, label_key

_DOCUMENTS = frozenset(
    label_key(label)
    for label in ("invoice", "invoice no", "invoiceno", "document", "document no", "order no",
                  "发票号", "发票号码", "单号", "销售单号", "订单号", "出库单号")
)  # fmt: skip
_NAMED = ("product", "product_name", "unit", "location", "batch", "produced_on", "expires_on")
_SUMS = ("sell_out", "returns_in", "losses")


@dataclass
class _Good:
    number: int
    cells: dict[str, str]
    sums: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Summed:
    """The table of sums under the labels of our own form, its columns, and what was counted.

    `unread`: rows whose quantity is no number stay rows of their own, so that they are told.
    """

    table: Table
    columns: Mapping[str, str]
    rows: int
    twice: int
    returned: int
    lost: int


def summed(table: Table, columns: Mapping[str, str]) -> Summed:
    """The sales added up by product, unit, location and batch; sell-out must have a column."""
    place = {name: table.position(label) for name, label in columns.items()
             if label in table.header}  # fmt: skip
    document = next((n for n, label in enumerate(table.header) if label_key(label) in _DOCUMENTS),
                    None)  # fmt: skip
    sold = place["sell_out"]
    mark = decimal_mark([row.cells[sold] for row in table.rows]).mark
    seen: set[tuple[str, ...]] = set()
    goods: dict[tuple[str, ...], _Good] = {}
    counts = {"twice": 0, "returned": 0, "lost": 0}
    for row in table.rows:
        if row.cells in seen:
            counts["twice"] += 1
            continue
        seen.add(row.cells)
        told = {name: row.cells[n] for name, n in place.items() if name in _NAMED}
        quantity = parse_decimal(row.cells[sold], scale_max=3, mark=mark)
        if not isinstance(quantity, Decimal):
            bad = _Good(row.number, {**told, "sell_out": row.cells[sold]})
            goods[(str(row.number), "", "", "", "")] = bad
            continue
        key = tuple(folded(told.get(n, "")) for n in ("product", "unit", "location", "batch"))
        good = goods.setdefault(key, _Good(row.number, told))
        number = row.cells[document] if document is not None else "C"
        name = _column(quantity, number)
        counts["returned"] += name == "returns_in"
        counts["lost"] += name == "losses"
        good.sums[name] = good.sums.get(name, Decimal(0)) + abs(quantity)
    return _as_table(table, goods, counts)


def _column(quantity: Decimal, document: str) -> str:
    if quantity >= 0:
        return "sell_out"
    return "returns_in" if document[:1].upper() == "C" else "losses"


def _as_table(
    table: Table, goods: Mapping[tuple[str, ...], _Good], counts: Mapping[str, int]
) -> Summed:
    lines = sorted(goods.values(), key=lambda good: good.number)
    names = [n for n in _NAMED if any(good.cells.get(n) for good in lines)] + list(_SUMS)
    header = tuple(KIND.field(name).zh for name in names)
    rows = [
        Row(
            good.number,
            tuple(
                good.cells.get(name) or (format(good.sums[name], "f") if name in good.sums else "")
                for name in names
            ),
        )
        for good in lines
    ]
    rows = [_sold_nothing(row, names) for row in rows]
    result = replace(table, header=header, rows=rows)
    columns = {name: KIND.field(name).zh for name in names}
    return Summed(result, columns, len(table.rows), **counts)


def _sold_nothing(row: Row, names: list[str]) -> Row:
    """A good that only came back sold 0: the file of sales says so, it is no blank."""
    place = names.index("sell_out")
    if row.cells[place]:
        return row
    return Row(row.number, (*row.cells[:place], "0", *row.cells[place + 1 :]))

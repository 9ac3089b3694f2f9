"""How a mapping reads a file, shown on a few values of each column beside their raw text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from channel.tabular.cells import CellError, DateOrder
from channel.tabular.columns import decimal_mark
from channel.tabular.dates import date_order, parse_date
from channel.tabular.fields import Field, Kind
from channel.tabular.mapping import Mapping
from channel.tabular.tables import Table

SAMPLES = 3
#: More different words than these in one column are no code list.
WORDS_MAX = 20


@dataclass(frozen=True)
class Shown:
    """One column: (raw text, value as understood or '') of its first different values.

    `words` are those that must be translated; `is_ambiguous`: day and month cannot be told apart;
    `has_minus`: some numbers are negative.
    """

    samples: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    is_ambiguous: bool = False
    has_minus: bool = False


def show(kind: Kind, table: Table, mapping: Mapping) -> MappingType[str, Shown]:
    """field name → what its column looks like; fields without a column are left out."""
    return {
        entry.name: _shown(entry, table.column(mapping.columns[entry.name]), mapping)
        for entry in kind.fields
        if mapping.columns.get(entry.name) in table.header
    }


def _shown(entry: Field, texts: list[str], mapping: Mapping) -> Shown:
    different = list(dict.fromkeys(filter(None, texts)))
    mark = decimal_mark(texts).mark if entry.is_number else "point"
    chosen = mapping.date_orders.get(entry.name)
    order = cast(DateOrder | None, chosen) or date_order(texts)[0]
    translated = mapping.translations.get(entry.name, {})
    samples = []
    for text in different[:SAMPLES]:
        value = entry.parse(translated.get(text, text), mark, order)
        samples.append((text, "" if isinstance(value, CellError) else _written(value)))
    words: tuple[str, ...] = ()
    if entry.type in ("choice", "currency", "bool") and len(different) <= WORDS_MAX:
        words = tuple(
            text
            for text in different
            if text in translated or isinstance(entry.parse(text, mark, order), CellError)
        )
    ambiguous = entry.type == "date" and (
        chosen is not None or any(_is_ambiguous(text, order) for text in different[:5000])
    )
    has_minus = entry.is_money and any("-" in t or "(" in t or "−" in t for t in different[:5000])
    return Shown(tuple(samples), words, ambiguous, has_minus)


def _is_ambiguous(text: str, order: DateOrder | None) -> bool:
    value = parse_date(text, order=order)
    return isinstance(value, CellError) and value.code == "cell.date_ambiguous"


def _written(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)

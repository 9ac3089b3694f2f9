"""How a file becomes one table: second files joined by key, rows left out by a stated rule.

A recipe is plain data, stored with the file, so that what was read can be read again.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from typing import Any

from channel.tabular.reading import read_table
from channel.tabular.shaping import filled, join, only
from channel.tabular.tables import Table, TableRefused


@dataclass(frozen=True)
class Join:
    """Columns `take` of the second file `file`, whose `key` is this file's `on`."""

    on: str
    file: str
    key: str
    take: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """The sheet, the joins in their order, and the rows wanted."""

    sheet: str = ""
    joins: tuple[Join, ...] = ()
    #: column → its wanted values.
    only: tuple[tuple[str, tuple[str, ...]], ...] = ()
    filled: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "joins": [
                {"on": j.on, "file": j.file, "key": j.key, "take": list(j.take)} for j in self.joins
            ],
            "only": [[column, list(values)] for column, values in self.only],
            "filled": list(self.filled),
        }

    @classmethod
    def from_json(cls, data: MappingType[str, Any]) -> Recipe:
        return cls(
            sheet=data.get("sheet", ""),
            joins=tuple(
                Join(j["on"], j["file"], j["key"], tuple(j["take"])) for j in data.get("joins", ())
            ),
            only=tuple((column, tuple(values)) for column, values in data.get("only", ())),
            filled=tuple(data.get("filled", ())),
        )


def read(
    filename: str, data: bytes, recipe: Recipe, lookups: MappingType[str, bytes] | None = None
) -> Table:
    """The table after joins and filters; `lookups` holds the second files by name.

    Raises TableRefused, also for a column that is not there.
    """
    table = read_table(data, filename, sheet=recipe.sheet or None)
    # What can be left out at once need not find its head.
    table = _filter(table, recipe, in_lines=True)
    for wanted in recipe.joins:
        heads = read_table((lookups or {})[wanted.file], wanted.file)
        missing = [label for label in (wanted.key, *wanted.take) if label not in heads.header]
        if missing:
            raise TableRefused("column.not_there", {"file": wanted.file, "column": missing[0]})
        table = join(table, heads, wanted.on, wanted.key, wanted.take)
    return _filter(table, recipe, in_lines=False)


def _filter(table: Table, recipe: Recipe, *, in_lines: bool) -> Table:
    """Filters on columns that the table has; after the joins it must have them all."""
    for column, values in recipe.only:
        if column in table.header:
            table = only(table, column, set(values))
        elif not in_lines:
            raise TableRefused("column.not_there", {"file": table.filename, "column": column})
    for column in recipe.filled:
        if column in table.header:
            table = filled(table, column)
        elif not in_lines:
            raise TableRefused("column.not_there", {"file": table.filename, "column": column})
    return table

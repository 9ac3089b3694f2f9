"""The table as text: what a file held, with the file's own row numbers.

Every reader returns a `Table`, every refusal is a `TableRefused` whose code and facts become
one sentence for the person who sent the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from contracts.values.findings import Fact, Finding, Severity


class TableRefused(Exception):
    """A file that is not read at all; `code` is a finding code of the family `file.*`."""

    def __init__(self, code: str, facts: Mapping[str, Fact] | None = None) -> None:
        super().__init__(code, dict(facts or {}))
        self.code = code
        self.facts: dict[str, Fact] = dict(facts or {})

    def finding(self) -> Finding:
        """The same refusal as a blocking finding, subject = the file's name."""
        return Finding(
            code=self.code,
            severity=Severity.BLOCK,
            subject=str(self.facts.get("file", "")),
            facts=self.facts,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` counts as the spreadsheet does (first row = 1, blank rows count)."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One sheet: `cells` of every row are as many as `header`; empty cells are ''.

    `sheet` is '' for delimited text; `encoding` and `delimiter` are '' for workbooks;
    `sheets` names all sheets of a workbook, so that a page can offer the others.
    """

    filename: str
    sheet: str
    header: tuple[str, ...]
    rows: Sequence[Row]
    header_row: int = 1
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = field(default=())
    #: What the reader itself found: segments of a message that it could not place.
    findings: tuple[Finding, ...] = ()
    #: The days that a message says it is about, the last one included.
    start: date | None = None
    end: date | None = None

    def position(self, label: str) -> int:
        """Index of the column with exactly this label; KeyError when there is none."""
        try:
            return self.header.index(label)
        except ValueError:
            raise KeyError(label) from None

    def column(self, label: str) -> list[str]:
        """All texts of one column in row order."""
        place = self.position(label)
        return [row.cells[place] for row in self.rows]


def column_letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA: the name by which a spreadsheet shows a column."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

"""The grid of the portal: lines with the distributor's goods, and what was typed into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from channel.queries.stock_facts import FormLine
from channel.web.forms.fields import Form

#: Quantities that every line has, and those behind «more».
MAIN = ("opening", "receipts", "sell_out", "closing")
MORE = (
    "returns_in", "transfers_in", "adj_plus", "returns_out", "transfers_out", "losses", "counted",
    "in_transit", "held", "damaged",
)  # fmt: skip
NAMED = ("product", "batch", "location", "produced_on", "expires_on")
#: Empty lines below the goods, for batches and goods that the form does not list.
SPARE = 3
LINES_MAX = 300
_TYPED = (*MAIN, *MORE, *NAMED, "unit", "reason")


class GridForm(Form):
    """Nothing but the token: the cells are read from their names, g-LINE-FIELD."""


@dataclass
class Line:
    """One line: the good that it is for ('' in a spare line) and its cells as text."""

    name: str = ""
    is_spare: bool = False
    cells: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.cells.get(name, "")

    @property
    def has_more(self) -> bool:
        return any(self.cells.get(name) for name in MORE)


def lines_of(given: Sequence[FormLine]) -> list[Line]:
    """The lines as first shown: goods, batches and last closing filled in."""
    lines = []
    for x in given[:LINES_MAX]:
        cells = {
            "product": x.code, "unit": x.unit, "batch": x.batch, "location": x.location,
            "produced_on": x.produced_on.isoformat() if x.produced_on else "",
            "expires_on": x.expires_on.isoformat() if x.expires_on else "",
            "opening": "" if x.opening is None else str(x.opening),
        }  # fmt: skip
        lines.append(Line(x.name, cells=cells))
    return [*lines, *(Line(is_spare=True) for _n in range(SPARE))]


def typed_lines(form: Mapping[str, str], given: Sequence[Line]) -> list[Line]:
    """The lines with what was typed; lines that the page did not have are not read."""
    typed: dict[int, dict[str, str]] = {}
    for name, value in form.items():
        mark, _, rest = name.partition("-")
        number, _, column = rest.partition("-")
        if mark == "g" and number.isdecimal() and len(number) <= 4 and column in _TYPED:
            typed.setdefault(int(number), {})[column] = value.strip()[:500]
    return [
        Line(line.name, line.is_spare, {**line.cells, **typed.get(n, {})})
        for n, line in enumerate(given)
    ]


def rows_of(lines: Sequence[Line]) -> list[dict[str, str]]:
    """The lines as rows of a report; a spare line counts when anything stands in it.

    Dates are the goods' own where nothing else was typed. A blank stays a blank.
    """
    rows = []
    for line in lines:
        cells = {name: text for name, text in line.cells.items() if text}
        if line.is_spare and not cells:
            continue
        rows.append(cells)
    typed = any(line.cells.get(n) for line in lines for n in (*MAIN[1:], *MORE, "reason"))
    return rows if typed else []

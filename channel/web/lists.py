"""Lists on the page and as files: the filter lives in the URL, the file is the filtered list.

htmx asks for the table alone; without JavaScript the same links and the filter form do the work.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import chain
from typing import Any

from flask import Flask, Response, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from channel import clock
from channel.messages import format_date, format_fen
from channel.messages.scores import format_e1, format_e2
from channel.messages.values import format_e4, format_instant, format_number, format_points
from channel.queries import listing as lists
from channel.queries.listing import Column, Listing, Page
from channel.tabular.writing import Cell, ColumnType, write_csv, write_xlsx
from channel.tabular.writing import Column as FileColumn
from channel.web.formats import STATES, WORDED, badge, words
from channel.web.pages import actor, download, is_partial

#: Kinds of whole hundredths or tenths: (decimals, whether a difference shows its sign).
SCALED = {"e2": (2, False), "e2_change": (2, True), "e1": (1, False), "e1_change": (1, True)}
RIGHT = {"fen", "e4", "quantity", "old_quantity", "percent", "points", *SCALED, "figure"}
UNBROKEN = {"date", "instant", "code", "state"}
FILE_TYPES: dict[str, ColumnType] = {
    "fen": "money",
    "e4": "number",
    "quantity": "integer",
    "old_quantity": "integer",
    "date": "date",
    "percent": "number",
    "points": "number",
    **dict.fromkeys(SCALED, "number"),
    "figure": "number",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def heads(listing: Listing) -> list[tuple[Column, str, str]]:
    """(column, its label, its CSS classes): worked out once a page, not once a cell."""
    found = []
    for column in listing.columns:
        classes = {
            "num": column.kind in RIGHT,
            "wide": column.wide,
            "nowrap": column.kind in UNBROKEN,
            "end": column.kind == "state",
        }
        place = " ".join(name for name, applies in classes.items() if applies)
        found.append((column, str(column.label), place))
    return found


def cell(column: Column, row: Any) -> Any:
    """The text of one cell."""
    value = getattr(row, column.key)
    if column.kind == "fen":
        # PostgreSQL sums bigint as numeric; what a list adds up may come as one.
        return format_fen(None if value is None else int(value), sign=False)
    if column.kind == "e4":
        return format_e4(value)
    if column.kind == "quantity":
        return format_number(value)
    if column.kind == "old_quantity":
        # What is too old to be added to the rest is grey, and a dash where there is none.
        return Markup('<span class="old-figure">{}</span>').format(format_number(value) or "—")
    if column.kind in SCALED:
        places, signed = SCALED[column.kind]
        return (format_e2 if places == 2 else format_e1)(value, signed=signed)
    if column.kind == "date":
        return format_date(value)
    if column.kind == "points":
        return format_points(value)
    if column.kind == "figure":
        # What cannot be computed is a dash; another column says why.
        return "—" if value is None else format_number(value)
    if column.kind == "instant":
        return format_instant(value)
    if column.kind == "state":
        return badge(value)
    if column.kind == "bool":
        return _("yes") if value else _("no")
    if column.kind in WORDED:
        return words(column.kind, value)
    return "" if value is None else value


def _address(page: Page, /, **changes: Any) -> str:
    """This list's URL with some parameters changed; None takes one away."""
    params: dict[str, Any] = {**page.listing.fixed, **page.active}
    if page.sort != page.listing.default_sort:
        params["sort"] = page.sort
    params.update(changes)
    kept = {k: v for k, v in params.items() if v not in (None, "", 1)}
    return url_for(str(request.endpoint), **(request.view_args or {}), **kept)


def filter_in_words(page: Page) -> list[tuple[str, str, str]]:
    """(label, value in words, URL without it) of each active filter."""
    words = []
    for key, value in page.active.items():
        found = next((f for f in page.listing.filters if f.key == key), None)
        if found is None:
            words.append((_("search"), value, _address(page, **{key: None})))
            continue
        options = dict(found.options()) if found.kind == "choice" else {}
        text = _(", ").join(str(options.get(v, v)) for v in value.split(","))
        words.append((str(found.label), text, _address(page, **{key: None})))
    return words


def answer(listing: Listing, template: str = "_parts/list_page.html", **values: Any) -> Any:
    """The list as a page, as the table alone (htmx), or as a file (?format=csv|xlsx)."""
    params = request.args.to_dict()
    kind = params.pop("format", "")
    if kind in ("csv", "xlsx"):
        return export(listing, params, kind)
    page = lists.fetch(listing, actor(), params)
    if is_partial():
        template = "_parts/list_table.html"
    return render_template(template, page=page, listing=listing, **values)


def export(listing: Listing, params: dict[str, str], kind: str) -> Response:
    """All pages of the filtered list, with the totals that the screen shows."""
    shown = list(listing.columns)
    if listing.currency is not None and listing.column("currency") is None:
        shown.append(Column("currency", _("currency"), listing.currency))
    rows: Iterable[list[Cell]] = (
        [_file_value(c, getattr(row, c.key)) for c in shown]
        for row in lists.stream(listing, actor(), params)
    )
    _count, sums = lists.totals(listing, actor(), params)
    foot = [
        [_total_cell(c, i, currency, parts) for i, c in enumerate(shown)]
        for currency, parts in sums.items()
    ]
    # One row of totals per currency; the writer rules off the last.
    rows = chain(rows, foot[:-1])
    columns = [FileColumn(str(c.label), FILE_TYPES.get(c.kind, "text")) for c in shown]
    write, mimetype = (write_csv, "text/csv") if kind == "csv" else (write_xlsx, XLSX)
    data = write(columns, rows, foot[-1] if foot else None)
    return download(data, f"{listing.name}-{clock.today():%Y%m%d}.{kind}", mimetype)


def _file_value(column: Column, value: Any) -> Cell:
    """The cell as the file holds it: yuan as exact decimals, words for states."""
    if value is None:
        return None
    if column.kind == "fen":
        return Decimal(value) / 100
    if column.kind == "e4":
        return Decimal(value) / 10_000
    if column.kind in SCALED:
        return Decimal(value).scaleb(-SCALED[column.kind][0])
    if column.kind == "state":
        return str(STATES[value][0]) if value in STATES else str(value)
    if column.kind == "instant":
        return format_instant(value)
    if column.kind == "bool":
        return _("yes") if value else _("no")
    if column.kind in WORDED:
        return str(words(column.kind, value))
    return value  # type: ignore[no-any-return]


def _total_cell(column: Column, index: int, currency: str, parts: dict[str, int]) -> Cell:
    if column.key in parts:
        return _file_value(column, parts[column.key])
    if index == 0:
        return _("Total")
    return currency if column.key == "currency" else None


def init_app(app: Flask) -> None:
    app.add_template_global(cell, "list_cell")
    app.add_template_global(_address, "list_address")
    app.add_template_global(filter_in_words, "filter_in_words")
    app.add_template_global(heads, "list_heads")

"""Lists on the page and as files: the filter lives in the URL, the file is the filtered list.

htmx asks for the table alone; without JavaScript the same links and the filter form do the work.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask, Response, render_template, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.messages import format_date, format_fen
from channel.messages.values import format_e4, format_instant, format_number
from channel.queries import listing as lists
from channel.queries.listing import Column, Listing, Page
from channel.tabular.writing import ExportColumn, write_csv, write_xlsx
from channel.web.formats import STATES, badge
from channel.web.pages import actor, download, is_partial

RIGHT = {"fen", "e4", "quantity", "percent"}


def cell(column: Column, row: Any) -> Any:
    """The text of one cell."""
    value = getattr(row, column.key)
    if column.kind == "fen":
        return format_fen(value, sign=False)
    if column.kind == "e4":
        return format_e4(value)
    if column.kind == "quantity":
        return format_number(value)
    if column.kind == "date":
        return format_date(value)
    if column.kind == "instant":
        return format_instant(value)
    if column.kind == "state":
        return badge(value)
    if column.kind == "bool":
        return _("yes") if value else _("no")
    return "" if value is None else value


def _address(page: Page, **changes: Any) -> str:
    """This list's URL with some parameters changed; None takes one away."""
    params = {**page.active}
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
        text = "、".join(str(options.get(v, v)) for v in value.split(","))
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
    columns = [ExportColumn(c.key, str(c.label), _file_kind(c)) for c in listing.columns]
    has_currency = listing.column("currency") is not None
    if listing.currency is not None and not has_currency:
        columns.append(ExportColumn("currency", _("currency"), "text"))
    rows = (
        [_file_value(c.kind, c.key, row) for c in columns]
        for row in lists.stream(listing, actor(), params)
    )
    _count, sums = lists.totals(listing, actor(), params)
    # Dividing by 100 gives the exact decimal: the file holds yuan, the database fen.
    totals = [
        [_total_cell(listing, c, currency, parts) for c in columns]
        for currency, parts in sums.items()
    ]
    name = f"{listing.name}-{clock.today():%Y%m%d}"
    if kind == "csv":
        return download(write_csv(columns, rows, totals), f"{name}.csv", "text/csv")
    return download(
        write_xlsx(columns, rows, totals),
        f"{name}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _file_kind(column: Column) -> str:
    kinds = {"fen": "fen", "e4": "e4", "quantity": "integer", "date": "date", "bool": "text"}
    return kinds.get(column.kind, "text")


def _file_value(kind: str, key: str, row: Any) -> Any:
    value = getattr(row, key)
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if kind == "text" and isinstance(value, date):
        return value.isoformat()
    if kind == "text" and isinstance(value, str) and value in STATES:
        return str(STATES[value][0]) if key in ("state", "standing", "kind") else value
    return value


def _total_cell(
    listing: Listing, column: ExportColumn, currency: str, parts: dict[str, int]
) -> Any:
    if column.key in parts:
        return parts[column.key]
    if column.key == "currency":
        return currency
    return _("total") if column.key == listing.columns[0].key else None


def init_app(app: Flask) -> None:
    app.add_template_global(cell, "list_cell")
    app.add_template_global(_address, "list_address")
    app.add_template_global(filter_in_words, "filter_in_words")
    app.add_template_global(RIGHT, "RIGHT_KINDS")

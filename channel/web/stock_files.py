"""Inventory reports as files and drawings: the empty form, the export, the chart's figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Response, request
from flask_babel import get_locale
from flask_babel import gettext as _

from channel.models.stock import InventoryReport
from channel.queries.stock_facts import KIND, FormLine
from channel.queries.stock_lines import Line, file_cells
from channel.services.steps.stock_sheet import FIELDS
from channel.tabular.kinds import kind_named
from channel.tabular.stock_reading import SUFFIXES
from channel.tabular.stock_template import TemplateProduct, stock_template
from channel.tabular.writing import Column, ColumnType, write_csv, write_xlsx
from channel.web.lists import XLSX
from channel.web.pages import download

#: What the file chooser offers.
ACCEPTED = ",".join(f".{suffix}" for suffix in SUFFIXES if suffix != "json")


def handed_in(pasted: str, period: str) -> tuple[str, bytes] | None:
    """(name, bytes) of the file that was sent, or of the cells that were pasted; None: neither."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return sent.filename, sent.read()
    if pasted.strip():
        name = _("pasted-%(period)s", period=period)
        return f"{name}.txt", pasted.encode()
    return None


def _lang() -> str:
    return "zh" if str(get_locale() or "zh").startswith("zh") else "en"


def form(lines: Sequence[FormLine], name: str) -> Response:
    """The empty form with the distributor's own goods and last closings."""
    goods = [
        TemplateProduct(x.code, x.name, x.unit, x.location, x.batch, x.produced_on, x.expires_on)
        for x in lines
    ]
    closings = {
        (x.code, x.location, x.batch): Decimal(x.opening) for x in lines if x.opening is not None
    }
    title = kind_named(KIND).zh if _lang() == "zh" else "inventory-report"
    return download(stock_template(goods, closings, _lang()), f"{title}-{name}.xlsx", XLSX)


def export(report: InventoryReport, found: Sequence[Line], kind: str) -> Response:
    """The report in the columns of its form, so that it can be mended and filed again."""
    types: dict[str, ColumnType] = {"decimal": "number", "date": "date"}
    heads = [Column(f.label(_lang()), types.get(f.type, "text")) for f in FIELDS]
    names = [f.name for f in FIELDS]
    rows = [file_cells(line, names) for line in found]
    write, mimetype = (write_csv, "text/csv") if kind == "csv" else (write_xlsx, XLSX)
    name = f"inventory-{report.distributor.code}-{report.period}-v{report.version_no}.{kind}"
    return download(write(heads, rows), name, mimetype)


def chart(months: Sequence[tuple[str, int, int]]) -> dict[str, Any]:
    """The figures of the drawing: closing stock as bars, sell-out as a line."""
    return {
        "axis": _("period"),
        "labels": [period for period, _closing, _sold in months],
        "series": [
            {"label": _("closing stock"), "kind": "bar", "values": [c for _p, c, _s in months]},
            {"label": _("sell-out"), "kind": "line", "values": [s for _p, _c, s in months]},
        ],
    }

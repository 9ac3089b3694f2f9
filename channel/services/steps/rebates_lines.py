"""The input lines of a statement as a table: for the other side to rebuild the base from."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from channel.documents.annex import Annex, InputLine
from channel.documents.model import RebateStatementDoc
from channel.tabular.writing import Cell, Column, write_csv, write_xlsx


def lines_table(doc: RebateStatementDoc, annex: Annex, kind: str) -> bytes:
    """CSV or XLSX with totals; the last line of notes is the hash of the lines."""
    rows = [_row(line) for line in annex["lines"]]
    shared = annex["shared_fen"]
    totals: list[Cell] = [
        _("Total"), None, None, None, None, None, annex["quantity"],
        Decimal(annex["value_e4"]).scaleb(-4), None if shared is None else _units(shared),
    ]  # fmt: skip
    if kind == "csv":
        return write_csv(_columns(doc), rows, totals)
    notes = [
        _("Statement %(number)s of %(date)s", number=doc["number"], date=doc["date"]),
        _("Rebate of the period, shared by lines in their order"),
        f"SHA-256 {annex['sha256']}",
    ]
    return write_xlsx(_columns(doc), rows, totals, sheet=doc["number"], notes=notes)


def _columns(doc: RebateStatementDoc) -> list[Column]:
    currency = doc["currency"]
    return [
        Column(_("document"), width=20),
        Column(_("line"), "integer", 8),
        Column(_("date"), "date", 12),
        Column(_("part"), width=12),
        Column(_("product code"), width=14),
        Column(_("product"), width=28),
        Column(_("quantity"), "integer", 12),
        Column(_("value counted (%(currency)s)", currency=currency), "number", 18),
        Column(_("share of the rebate (%(currency)s)", currency=currency), "money", 18),
    ]


def _row(line: InputLine) -> list[Cell]:
    share = line["share_fen"]
    return [
        line["document"], line["line"], line["date"], line["part"], line["product"],
        line["name"], line["quantity"], Decimal(line["value_e4"]).scaleb(-4),
        None if share is None else _units(share),
    ]  # fmt: skip


def _units(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)

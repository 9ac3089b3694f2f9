"""The one door for inventory reports: a spreadsheet, a text, rows as JSON, or a trade message.

What the bytes are decides, not the name alone: an interchange is read as one whatever it is
called, and everything leaves as the same `Table`.
"""

from __future__ import annotations

from channel.tabular.edi import is_edi
from channel.tabular.edi_messages import read_messages
from channel.tabular.reading import MAX_BYTES, read_table
from channel.tabular.report_json import SUFFIX, read_json
from channel.tabular.tables import Table, TableRefused

#: Names that trade messages come under; others are read as such when they begin like one.
EDI_SUFFIXES = frozenset({"edi", "x12", "edifact", "edf", "dat", "852", "867"})
SUFFIXES = ("xlsx", "xls", "ods", "csv", "txt", "tsv", "edi", "x12", "edifact", "json")


def read_report(data: bytes, filename: str, *, max_rows: int, sheet: str | None = None) -> Table:
    """The file as text; raises TableRefused with a `file.*` code and the file's name."""
    suffix = filename.rpartition(".")[2].lower() if "." in filename else ""
    try:
        if len(data) > MAX_BYTES:
            raise TableRefused("file.too_large", {"bytes": len(data), "limit": MAX_BYTES})
        if is_edi(data):
            return read_messages(data, filename, max_rows)
        if suffix in EDI_SUFFIXES:
            raise TableRefused(
                "file.edi_envelope", {"wanted": "ISA / UNB", "segment": 1, "text": ""}
            )
        if suffix == SUFFIX:
            return read_json(data, filename, max_rows)
    except TableRefused as refusal:
        raise TableRefused(refusal.code, {"file": filename, **refusal.facts}) from None
    return read_table(data, filename, sheet=sheet, max_rows=max_rows)

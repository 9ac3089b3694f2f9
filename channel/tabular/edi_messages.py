"""A file of trade messages → one `Table`, whatever the syntax; others than four are refused."""

from __future__ import annotations

from channel.tabular import edi_edifact, edi_x12
from channel.tabular.edi import open_interchange
from channel.tabular.edi_rows import Gathering
from channel.tabular.tables import Table, TableRefused

X12 = frozenset({"852", "867"})
EDIFACT = frozenset({"INVRPT", "SLSRPT"})


def read_messages(data: bytes, filename: str, max_rows: int) -> Table:
    """All messages of the interchange as one report; raises TableRefused."""
    found = Gathering(filename)
    for message in open_interchange(data):
        if message.kind in X12:
            edi_x12.gather(message, found)
        elif message.kind in EDIFACT:
            edi_edifact.gather(message, found)
        else:
            raise TableRefused("file.edi_kind", {"kind": message.kind[:20]})
    table = found.table()
    if len(table.rows) > max_rows:
        raise TableRefused("file.too_many_rows", {"limit": max_rows})
    return table

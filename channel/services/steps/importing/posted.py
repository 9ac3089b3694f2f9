"""Documents of a file against what is posted: new, the same, or refused with the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from channel.db import db
from channel.models.receivables import Invoice, InvoiceLine
from channel.services.steps.importing.plan import Task, by_key, chunks, yuan
from contracts.values.findings import Finding

if TYPE_CHECKING:
    from channel.services.steps.importing.invoices import Document

#: What must be equal, in the order in which a difference is told.
COMPARED = ("kind", "distributor_id", "invoice_date", "currency", "net_fen", "tax_fen")
#: Due dates are compared only where the file speaks of them.
COMPARED_DUE = ("due_date",)
LINE = ("product_id", "quantity", "net_e4", "tax_e4")

#: More differences than these are told as a number.
TOLD_MAX = 200


def compare_lines(
    task: Task, documents: Sequence[Document]
) -> tuple[list[Document], int, list[Finding]]:
    """(documents to post, number of those that stand already, refusals)."""
    keys = [d.head["external_key"] for d in documents]
    standing = by_key(
        Invoice.external_key, keys,
        Invoice.id, Invoice.due_date, *(getattr(Invoice, name) for name in COMPARED),
    )  # fmt: skip
    fresh = [d for d in documents if d.head["external_key"] not in standing]
    found = _taken(task, fresh)
    lines = _lines([row.id for row in standing.values()])
    compared: tuple[str, ...] = COMPARED
    if task.given & {"due_date", "payment_days"}:
        compared += COMPARED_DUE
    same = 0
    for document in documents:
        row = standing.get(document.head["external_key"])
        if row is None:
            continue
        differing = next((n for n in compared if getattr(row, n) != document.head[n]), None)
        if differing is None and row.kind != "opening":
            mine = [tuple(line[n] for n in LINE) for line in document.lines]
            differing = None if mine == lines[row.id] else "lines"
        if differing is None:
            same += 1
        elif len(found) < TOLD_MAX:
            found.append(_differs(task, document, differing, row))
    return fresh, same, found


def _differs(task: Task, document: Document, name: str, row: Any) -> Finding:
    old = new = ""
    if name in ("net_fen", "tax_fen"):
        old, new = yuan(getattr(row, name)), yuan(document.head[name])
    elif name in ("invoice_date", "due_date", "currency", "kind"):
        old, new = str(getattr(row, name)), str(document.head[name])
    return task.stop(
        "import.posted_differs", document.first.row, "document",
        document=document.head["number"], differs_in=name, old=old, new=new,
    )  # fmt: skip


def _taken(task: Task, fresh: Sequence[Document]) -> list[Finding]:
    """Numbers that our own documents or opening balances bear already."""
    rows = {d.head["number"]: d.first.row for d in fresh}
    taken = by_key(Invoice.number, list(rows), Invoice.kind)
    return [
        task.stop(
            "import.opening_stands" if row.kind == "opening" else "import.number_taken",
            rows[number], "document", document=number,
        )
        for number, row in taken.items()
    ]  # fmt: skip


def _lines(invoice_ids: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for part in chunks(sorted(invoice_ids)):
        for invoice_id, *values in db.session.execute(
            sa.select(InvoiceLine.invoice_id, *(getattr(InvoiceLine, n) for n in LINE))
            .where(InvoiceLine.invoice_id.in_(part))
            .order_by(InvoiceLine.invoice_id, InvoiceLine.line_no)
        ):
            found[invoice_id].append(tuple(values))
    return found

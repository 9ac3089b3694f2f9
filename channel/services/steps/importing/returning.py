"""Credit notes of a file that name the invoice whose goods came back: bound to the lines sold.

A line so bound counts for rebates and targets on the day of the sale, as a return that is booked
here does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.db import db
from channel.models.receivables import Invoice, InvoiceLine
from channel.services.steps.importing.plan import Task, chunks
from channel.tabular.kinds.invoices import CREDIT_NOTE
from contracts.values.findings import Finding

if TYPE_CHECKING:
    from channel.services.steps.importing.invoices import Document

TOLD_MAX = 200


def bind(task: Task, documents: Sequence[Document]) -> list[Finding]:
    """Set what each document and line undoes; findings where that cannot be."""
    named = [d for d in documents if d.first.undoes]
    invoices = _invoices({d.first.undoes for d in named})
    sold = _sold([row.id for row in invoices.values()])
    found: list[Finding] = []
    for document in named:
        first = document.first
        if first.kind != CREDIT_NOTE:
            found.append(task.stop("import.undoes_kind", first.row, "undoes", value=first.undoes))
            continue
        head = document.head
        owner = (head["distributor_id"], head["currency"])
        invoice = invoices.get(first.undoes)
        if invoice is None or (invoice.distributor_id, invoice.currency) != owner:
            found.append(task.stop("import.undoes_unknown", first.row, "undoes",
                                   value=first.undoes))  # fmt: skip
            continue
        head["undoes_id"] = invoice.id
        for line in document.lines:
            if not _bind_line(line, sold[invoice.id]):
                found.append(task.stop("import.undoes_too_many", first.row, "quantity",
                                       value=first.undoes, asked=-line["quantity"]))  # fmt: skip
    return found[:TOLD_MAX]


def _bind_line(line: dict[str, Any], sold: list[dict[str, Any]]) -> bool:
    """Bind a line to the line sold that has room for it, else to the one with the most."""
    asked = -line["quantity"]
    own = [one for one in sold if one["product_id"] == line["product_id"]]
    if not own or asked < 0 or asked > sum(one["left"] for one in own):
        return False
    fitting = [one for one in own if one["left"] >= asked]
    one = fitting[0] if fitting else max(own, key=lambda candidate: candidate["left"])
    one["left"] -= asked
    line["undoes_id"] = one["id"]
    line["counts_on"], line["shipped_on"] = one["counts_on"], one["shipped_on"]
    return True


def _invoices(names: set[str]) -> dict[str, Any]:
    """The invoices by the number under which a file names them: ours, or that of the source."""
    found: dict[str, Any] = {}
    i = Invoice
    for part in chunks(sorted(names)):
        for row in db.session.execute(
            sa.select(i.id, i.number, i.external_key, i.distributor_id, i.currency).where(
                i.kind == "invoice", sa.or_(i.number.in_(part), i.external_key.in_(part))
            )
        ):
            found[row.number] = row
            if row.external_key:
                found.setdefault(row.external_key, row)
    return found


def _sold(invoice_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """invoice → its lines with what can still come back, in their order."""
    line, back = InvoiceLine, aliased(InvoiceLine)
    returned = (
        sa.select(sa.func.coalesce(sa.func.sum(-back.quantity), 0))
        .where(back.undoes_id == line.id)
        .scalar_subquery()
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for part in chunks(sorted(invoice_ids)):
        for row in db.session.execute(
            sa.select(
                line.id, line.invoice_id, line.product_id, line.counts_on, line.shipped_on,
                (line.quantity - returned).label("left"),
            )
            .where(line.invoice_id.in_(part), line.quantity > 0)
            .order_by(line.invoice_id, line.line_no)
        ):  # fmt: skip
            found[row.invoice_id].append(dict(row._mapping) | {"left": max(int(row.left), 0)})
    return found

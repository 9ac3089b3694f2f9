"""Invoices and credit notes with their lines, posted as the source ledger has them.

A document is one record: the same again changes nothing, another content is refused, because
posted documents never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from channel.models.catalogue import Product
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, InvoiceInstalment, InvoiceLine
from channel.queries import catalogue
from channel.services.steps.importing import returning, settling
from channel.services.steps.importing.accounts import Move, Owner, lock_accounts, post
from channel.services.steps.importing.due import DueDates, due_dates
from channel.services.steps.importing.plan import Plan, Task, by_key, insert_many
from channel.services.steps.importing.posted import compare_lines
from channel.services.steps.importing.trail import Trace, leave
from channel.services.work import Work
from channel.tabular.kinds.invoices import CREDIT_NOTE, InvoiceLineRow
from contracts.values.findings import Finding, Severity
from contracts.values.money import fen_from_e4

#: What all rows of a document must agree on; the attribute and its name in the messages.
HEAD = ("distributor", "date", "currency", "kind", "due_date", "payment_days", "undoes")


@dataclass(frozen=True, slots=True)
class Goods:
    """What an invoice line copies from its product."""

    product_id: int
    group_id: int
    vat_class: str


@dataclass
class Document:
    """One invoice of the file, ready to be posted: head columns and line columns."""

    head: dict[str, Any]
    lines: list[dict[str, Any]]
    first: InvoiceLineRow
    #: Instalments, where the term has several or gives a discount.
    parts: list[dict[str, Any]]


def plan(task: Task) -> Plan:
    """What the lines would post; documents that stand are compared line by line."""
    documents: dict[str, list[InvoiceLineRow]] = {}
    for row in task.rows:
        documents.setdefault(row.document, []).append(row)
    result = Plan()
    result.findings += _mixed(task, documents) + _fractions(task)
    if result.is_blocked:
        return result
    owners = {
        code: row.id
        for code, row in by_key(
            Distributor.code, [r.distributor for r in task.rows], Distributor.id
        ).items()
    }
    goods = {
        code: Goods(row.id, row.group_id, row.vat_class)
        for code, row in by_key(
            Product.code, [r.product for r in task.rows],
            Product.id, Product.group_id, Product.vat_class,
        ).items()
    }  # fmt: skip
    dues = due_dates(owners.values())
    rates = _Rates(task)
    made = [
        _document(rows, owners[rows[0].distributor], goods, dues, rates)
        for rows in documents.values()
    ]
    fresh, result.same, refused = compare_lines(task, made)
    result.new = len(fresh)
    result.findings += refused + returning.bind(task, fresh) + _notes(task, dues, rates)
    sums: dict[str, tuple[int, int]] = {}
    for document in fresh:
        count, fen = sums.get(document.head["currency"], (0, 0))
        sums[document.head["currency"]] = (count + 1, fen + document.head["gross_fen"])
    result.totals = [(currency, *figures) for currency, figures in sorted(sums.items())]
    result.write = lambda w, reason: _post(w, fresh, reason)
    return result


def _mixed(task: Task, documents: dict[str, list[InvoiceLineRow]]) -> list[Finding]:
    """A document has one debtor, date and currency."""
    found = []
    for number, rows in documents.items():
        first = rows[0]
        for row in rows[1:]:
            for name in HEAD:
                mine, other = getattr(row, name), getattr(first, name)
                if mine != other:
                    found.append(
                        task.stop(
                            "import.document_mixed", row.row, name, document=number,
                            value=_shown(mine), other=_shown(other), first=first.row,
                        )
                    )  # fmt: skip
    return found[:200]


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _fractions(task: Task) -> list[Finding]:
    """Goods are counted in whole base units."""
    return [
        task.stop("import.quantity_whole", row.row, "quantity", value=str(row.quantity))
        for row in task.rows
        if row.quantity != int(row.quantity)
    ][:200]


class _Rates:
    """VAT rates of goods by day, asked only for lines whose file says no tax."""

    def __init__(self, task: Task) -> None:
        days = {row.date for row in task.rows if row.tax_e4 is None}
        self.by_day: dict[date, dict[str, int]] = {
            day: catalogue.vat_rates(None, day) for day in sorted(days)
        }
        self.computed = sum(1 for row in task.rows if row.tax_e4 is None)

    def of(self, vat_class: str, on: date) -> int:
        return self.by_day[on].get(vat_class, 0)


def _order_of(row: InvoiceLineRow) -> tuple[int, int, str]:
    return (0, int(row.line), "") if row.line.isdecimal() else (1, 0, row.line)


def _document(
    rows: list[InvoiceLineRow],
    distributor_id: int,
    goods: dict[str, Goods],
    dues: DueDates,
    rates: _Rates,
) -> Document:
    first = rows[0]
    if len(rows) > 1:
        rows = sorted(rows, key=_order_of)
    lines = [
        _line(number, row, goods[row.product], distributor_id, rates)
        for number, row in enumerate(rows, 1)
    ]
    net_sum, tax_sum = (sum(line[name] for line in lines) for name in ("net_e4", "tax_e4"))
    net_fen, tax_fen = fen_from_e4(net_sum), fen_from_e4(tax_sum)
    due, pay_by, parts = dues.of(
        distributor_id, first.date, first.ship_date, first.due_date, first.payment_days,
        (net_fen + tax_fen, net_fen),
    )  # fmt: skip
    head = {
        "number": first.document,
        "kind": CREDIT_NOTE if first.kind == CREDIT_NOTE else "invoice",
        "distributor_id": distributor_id,
        "invoice_date": first.date,
        "due_date": due,
        "pay_by": pay_by,
        "currency": first.currency,
        "net_fen": net_fen,
        "tax_fen": tax_fen,
        "gross_fen": net_fen + tax_fen,
        "external_key": first.document,
        "undoes_id": None,
    }
    return Document(head, lines, first, parts)


def _line(
    number: int, row: InvoiceLineRow, thing: Goods, distributor_id: int, rates: _Rates
) -> dict[str, Any]:
    """The columns of a line; a file that says no tax is taxed as its goods are on the day."""
    net = row.net_e4
    if row.tax_e4 is None:
        rate = rates.of(thing.vat_class, row.date)
        tax = _half_up(net * rate, 10_000)
    else:
        tax = row.tax_e4
        rate = _half_up(tax * 10_000, net) if net else 0
    quantity, gross = int(row.quantity), net + tax
    return {
        "line_no": number,
        "distributor_id": distributor_id,
        "invoice_date": row.date,
        "currency": row.currency,
        "product_id": thing.product_id,
        "group_id": thing.group_id,
        "quantity": quantity,
        # The price incl. VAT, as on our own invoices.
        "unit_price_e4": _half_up(gross, quantity) if quantity else 0,
        "net_e4": net,
        "tax_e4": tax,
        "gross_e4": gross,
        "vat_rate_bp": rate,
        "is_free": gross == 0,
        "counts_on": row.date,
        "shipped_on": row.ship_date or row.date,
        "undoes_id": None,
    }


def _half_up(part: int, whole: int) -> int:
    """part / whole, half away from zero, in integers."""
    sign = -1 if (part < 0) != (whole < 0) else 1
    part, whole = abs(part), abs(whole)
    return sign * ((2 * part + whole) // (2 * whole))


def _notes(task: Task, dues: DueDates, rates: _Rates) -> list[Finding]:
    found = []
    if dues.at_once:
        found.append(task.note("import.due_at_once", Severity.WARN, count=dues.at_once))
    if rates.computed:
        found.append(task.note("import.tax_computed", Severity.INFO, count=rates.computed))
    return found


def _post(w: Work, documents: Sequence[Document], reason: str) -> None:
    """Heads, lines, one entry per document, and money that waited for them."""
    owners = {_owner(d) for d in documents}
    accounts = lock_accounts(w, owners)
    insert_many(w, Invoice, [{**d.head, "created_at": w.now} for d in documents])
    keys = [d.head["external_key"] for d in documents]
    ids = {key: row.id for key, row in by_key(Invoice.external_key, keys, Invoice.id).items()}
    lines = []
    for document in documents:
        invoice_id = ids[document.head["external_key"]]
        for line in document.lines:
            line["invoice_id"] = invoice_id
        lines += document.lines
    insert_many(w, InvoiceLine, lines)
    insert_many(w, InvoiceInstalment, _parts(documents, ids))
    post(
        w,
        accounts,
        [
            Move(_owner(d), "invoiced", d.head["gross_fen"], "import", "invoice",
                 ids[d.head["external_key"]], d.head["invoice_date"])
            for d in documents
        ],
    )  # fmt: skip
    leave(
        w,
        (
            Trace("invoice:import", "invoice", ids[d.head["external_key"]], d.head["number"],
                  d.head["distributor_id"], {"gross_fen": d.head["gross_fen"]})
            for d in documents
        ),
        reason,
    )  # fmt: skip
    settling.settle(w, accounts)


def _parts(documents: Sequence[Document], ids: dict[str, int]) -> list[dict[str, Any]]:
    """Instalments, of the documents that have any."""
    return [
        {
            "invoice_id": ids[d.head["external_key"]],
            "distributor_id": d.head["distributor_id"],
            "currency": d.head["currency"],
            **part,
        }
        for d in documents
        for part in d.parts
    ]


def _owner(document: Document) -> Owner:
    return document.head["distributor_id"], document.head["currency"]

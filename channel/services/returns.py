"""Goods that come back, posted as a credit note whose lines undo the lines sold.

Nothing posted changes: the note counts for rebates and targets on the day of the sale that it
undoes, and lowers what is owed from its own day on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from channel.access import Actor, Permission
from channel.models.credit import CreditAccount
from channel.models.rebates_evidence import InvoiceReturn
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries import returns as reads
from channel.queries.returns import Sold
from channel.queries.scope import get_visible
from channel.services.steps import credit, notes, offsetting, rechecking
from channel.services.work import Refused, Work, work
from contracts.returns import check
from contracts.returns import credit as credit_of
from contracts.values.findings import Finding, block
from contracts.values.money import fen_from_e4


@dataclass(frozen=True)
class Wish:
    """What comes back: units by line sold. `key` is the form's: sent twice, it is one return."""

    quantities: Mapping[int, int] = field(default_factory=dict)
    on: date | None = None
    reason: str = ""
    is_goods_back: bool = True
    key: str = ""


def book(actor: Actor, invoice_id: int, wish: Wish) -> int:
    """Post the credit note; its id. Refused when more would come back than was sold."""
    with work(actor, Permission.INVOICES_WRITE) as w:
        invoice: Invoice = get_visible(actor, Invoice, invoice_id)
        # The debtor first, as everywhere: two forms at once must see each other.
        account = credit.lock_account(w, invoice.distributor_id, invoice.currency)
        if wish.key and (made := reads.by_key(wish.key)) is not None:
            return made.note_id
        on = wish.on or w.today
        lines = reads.sold_lines(invoice.id)
        _assert_sound(w, invoice, lines, wish, on)
        back = [sold for sold in lines if wish.quantities.get(sold.line.id)]
        note = _post(w, account, invoice, _undoing(invoice, back, wish, on), on)
        row = InvoiceReturn(
            note_id=note.id,
            invoice_id=invoice.id,
            reason=wish.reason.strip()[:500],
            is_goods_back=wish.is_goods_back,
            key=wish.key or note.number,
            created_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(row)
        w.session.flush()  # what was just posted takes part
        planned = offsetting.plan(account, -note.gross_fen, first=invoice.id)
        offsetting.settle(w, note.id, planned, w.today)
        rechecking.recheck_held(w, account)
        changes = {"gross_fen": note.gross_fen, "of_invoice": invoice.number}
        w.audit("invoice:return", note, reason=row.reason, changes=changes)
        return note.id


def _assert_sound(
    w: Work, invoice: Invoice, lines: list[Sold], wish: Wish, on: date
) -> None:  # fmt: skip
    if invoice.kind != "invoice" or not lines:
        raise Refused([block("return.no_goods", invoice.number, number=invoice.number)])
    found: list[Finding] = []
    if not any(wish.quantities.values()):
        found.append(block("return.nothing"))
    if wish.quantities.keys() - {one.line.id for one in lines}:
        found.append(block("return.unknown_line", number=invoice.number))
    for one in lines:
        asked = wish.quantities.get(one.line.id, 0)
        found += check(asked, one.sold, one.returned, one.line.product.code)
    if not wish.reason.strip():
        found.append(block("return.reason_needed"))
    if on > w.today:
        found.append(block("return.future", on=on, today=w.today))
    if on < invoice.invoice_date:
        found.append(block("return.before_sale", on=on, sold=invoice.invoice_date))
    if found:
        raise Refused(found)


def _undoing(invoice: Invoice, lines: list[Sold], wish: Wish, on: date) -> list[InvoiceLine]:
    """The lines of the credit note; each names the line that it undoes."""
    made = []
    for number, one in enumerate(lines, 1):
        source = one.line
        worth = credit_of(one.sold, one.returned, wish.quantities[source.id])
        made.append(
            InvoiceLine(
                line_no=number,
                distributor_id=invoice.distributor_id,
                invoice_date=on,
                currency=invoice.currency,
                product_id=source.product_id,
                group_id=source.group_id,
                quantity=-worth.quantity,
                unit_price_e4=source.unit_price_e4,
                net_e4=-worth.net_e4,
                tax_e4=-worth.tax_e4,
                gross_e4=-worth.gross_e4,
                vat_rate_bp=source.vat_rate_bp,
                is_free=source.is_free,
                counts_on=source.counts_on,
                shipped_on=source.shipped_on,
                undoes_id=source.id,
            )
        )
    return made


def _post(
    w: Work, account: CreditAccount, invoice: Invoice, lines: list[InvoiceLine], on: date
) -> Invoice:
    return notes.post(
        w, account, on, "CN", "credit_note",
        net_fen=fen_from_e4(sum(line.net_e4 for line in lines)),
        gross_fen=fen_from_e4(sum(line.gross_e4 for line in lines)),
        undoes_id=invoice.id, lines=lines,
    )  # fmt: skip

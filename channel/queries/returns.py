"""Reads of returns: what of an invoice can still come back, and the list of what did."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload

from channel.db import db
from channel.models.catalogue import Product
from channel.models.partners import Distributor
from channel.models.rebates_evidence import InvoiceReturn
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible
from contracts.returns import NOTHING, Line, left

_sold = aliased(Invoice)
_r = InvoiceReturn


@dataclass(frozen=True)
class Sold:
    """A line of an invoice with what came back of it already."""

    line: InvoiceLine
    sold: Line
    returned: Line

    @property
    def left(self) -> int:
        return left(self.sold, self.returned)


def sold_lines(invoice_id: int) -> list[Sold]:
    """The lines of goods of an invoice, in their order, with what was returned; two statements."""
    lines = db.session.scalars(
        sa.select(InvoiceLine)
        .options(joinedload(InvoiceLine.product).joinedload(Product.group))
        .where(InvoiceLine.invoice_id == invoice_id, InvoiceLine.quantity > 0)
        .order_by(InvoiceLine.line_no)
    ).all()
    back = returned([line.id for line in lines])
    return [
        Sold(
            line,
            Line(line.quantity, line.net_e4, line.gross_e4),
            back.get(line.id, NOTHING),
        )
        for line in lines
    ]


def returned(line_ids: list[int]) -> dict[int, Line]:
    """line sold → what came back of it, by all credit notes that undo it."""
    undone = InvoiceLine
    rows = db.session.execute(
        sa.select(
            undone.undoes_id,
            sa.func.sum(-undone.quantity),
            sa.func.sum(-undone.net_e4),
            sa.func.sum(-undone.gross_e4),
        )
        .where(undone.undoes_id.in_(line_ids))
        .group_by(undone.undoes_id)
    )
    return {i: Line(int(n), int(net), int(gross)) for i, n, net, gross in rows if i is not None}


def by_key(key: str) -> InvoiceReturn | None:
    """The return that a form made already; None: it was not sent before."""
    return db.session.scalar(sa.select(_r).where(_r.key == key))


def of_note(note_id: int) -> InvoiceReturn | None:
    """Why a credit note was posted, where it returns goods."""
    return db.session.scalar(
        sa.select(_r).options(joinedload(_r.invoice)).where(_r.note_id == note_id)
    )


def undone_by(note: Invoice) -> Invoice | None:
    """The invoice that a credit note undoes, of the same distributor."""
    return None if note.undoes_id is None else db.session.get(Invoice, note.undoes_id)


def of_invoice(invoice_id: int) -> list[Invoice]:
    """The credit notes that undo an invoice, imported ones as well."""
    statement = sa.select(Invoice).where(Invoice.undoes_id == invoice_id)
    return list(db.session.scalars(statement.order_by(Invoice.id)))


RETURNS = Listing(
    name="returns",
    title=_l("Returns"),
    identity=Invoice.id,
    source=sa.join(Invoice, Distributor, Distributor.id == Invoice.distributor_id)
    .join(_sold, _sold.id == Invoice.undoes_id)
    .outerjoin(_r, _r.note_id == Invoice.id),
    columns=[
        Column("number", _l("number"), Invoice.number, "code"),
        Column("invoice_date", _l("date"), Invoice.invoice_date, "date"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("of", _l("of invoice"), _sold.number, "code"),
        Column("sold_on", _l("sold on"), _sold.invoice_date, "date", wide=True),
        Column("reason", _l("reason"), _r.reason, wide=True),
        Column(
            "goods",
            _l("goods"),
            sa.case(
                (_r.is_goods_back.is_(True), "goods_back"),
                (_r.is_goods_back.is_(False), "goods_stay"),
                else_="",
            ),
            "state",
            wide=True,
        ),
        Column("currency", _l("currency"), Invoice.currency, wide=True),
        Column("gross_fen", _l("incl. VAT"), Invoice.gross_fen, "fen", total=True),
    ],
    default_sort="-number",
    scope=lambda actor: visible(actor, Invoice.distributor_id),
    filters=[
        Filter("from", _l("from"), Invoice.invoice_date, kind="from"),
        Filter("to", _l("to"), Invoice.invoice_date, kind="to"),
        Filter("sold_from", _l("sold on, from"), _sold.invoice_date, kind="from"),
        Filter("sold_to", _l("sold on, until"), _sold.invoice_date, kind="to"),
    ],
    search=[Invoice.number, _sold.number, Distributor.code, Distributor.name],
    currency=Invoice.currency,
    endpoint="receivables.invoice",
    empty=_l("No return yet: open an invoice and book what came back of it."),
)

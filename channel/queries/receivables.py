"""Reads of receivables: invoices, receipts, open items, and ageing as of any date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload

from channel.access import Actor
from channel.db import db
from channel.models.catalogue import Product
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, Invoice, InvoiceLine, Receipt
from channel.queries import instalments
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible

#: The labels of the buckets, in the order of credit.ageing.BUCKETS.
BUCKET_LABELS = {
    "not_due": _l("not due"),
    "1-30": _l("1–30 days"),
    "31-60": _l("31–60 days"),
    "61-90": _l("61–90 days"),
    ">90": _l("over 90 days"),
}


def settled(as_of: date | None = None) -> Any:
    """Allocated so far to the invoice at hand, by the covering index."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0)).where(
        Allocation.invoice_id == Invoice.id
    )
    if as_of is not None:
        statement = statement.where(Allocation.allocated_on <= as_of)
    return statement.scalar_subquery()


def get_invoice(actor: Actor, invoice_id: int) -> Invoice:
    invoice: Invoice = get_visible(actor, Invoice, invoice_id, joinedload(Invoice.distributor))
    return invoice


def invoice_lines(invoice_id: int, limit: int = 500) -> list[InvoiceLine]:
    return list(
        db.session.scalars(
            sa.select(InvoiceLine)
            .options(joinedload(InvoiceLine.product).joinedload(Product.group))
            .where(InvoiceLine.invoice_id == invoice_id)
            .order_by(InvoiceLine.line_no)
            .limit(limit)
        )
    )


def payments_of(invoice_id: int) -> list[Any]:
    """(allocation, number of its receipt or note) that settled the invoice, in their order."""
    note = aliased(Invoice)
    return list(
        db.session.execute(
            sa.select(Allocation, sa.func.coalesce(Receipt.number, note.number))
            .outerjoin(Receipt, Receipt.id == Allocation.receipt_id)
            .outerjoin(note, note.id == Allocation.note_id)
            .where(Allocation.invoice_id == invoice_id)
            .order_by(Allocation.id)
        ).all()
    )


def get_receipt(actor: Actor, receipt_id: int) -> Receipt:
    receipt: Receipt = get_visible(actor, Receipt, receipt_id, joinedload(Receipt.distributor))
    return receipt


def paid_by(receipt_id: int) -> list[Any]:
    """(allocation, invoice) of a receipt."""
    return list(
        db.session.execute(
            sa.select(Allocation, Invoice)
            .join(Invoice, Invoice.id == Allocation.invoice_id)
            .where(Allocation.receipt_id == receipt_id)
            .order_by(Allocation.id)
        ).all()
    )


def open_numbers(receipt: Receipt) -> list[Any]:
    """(number, pay by, open fen, kind) of what the receipt's debtor owes in its currency."""
    rest = (Invoice.gross_fen - settled()).label("rest")
    return list(
        db.session.execute(
            sa.select(Invoice.number, Invoice.pay_by, rest, Invoice.kind)
            .where(
                Invoice.distributor_id == receipt.distributor_id,
                Invoice.currency == receipt.currency,
                rest > 0,
            )
            .order_by(Invoice.pay_by, Invoice.id)
            .limit(200)
        ).all()
    )


#: What the reference of an opposite receipt begins with, before the number that it undoes.
UNDONE = "reversal of "


def is_reversed(receipt: Receipt) -> bool:
    return (
        db.session.scalar(
            sa.select(Receipt.id).where(
                Receipt.distributor_id == receipt.distributor_id,
                Receipt.reference == UNDONE + receipt.number,
            )
        )
        is not None
    )


INVOICES = Listing(
    name="invoices",
    title=_l("Invoices"),
    identity=Invoice.id,
    source=sa.join(Invoice, Distributor, Invoice.distributor_id == Distributor.id),
    counted=Invoice,
    columns=[
        Column("number", _l("number"), Invoice.number, "code"),
        Column("kind", _l("kind"), Invoice.kind, "state", wide=True),
        Column("invoice_date", _l("date"), Invoice.invoice_date, "date"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("pay_by", _l("pay by"), Invoice.pay_by, "date", wide=True),
        Column("currency", _l("currency"), Invoice.currency, wide=True),
        Column("net_fen", _l("net"), Invoice.net_fen, "fen", total=True, wide=True),
        Column("gross_fen", _l("incl. VAT"), Invoice.gross_fen, "fen", total=True),
    ],
    default_sort="-invoice_date",
    scope=lambda actor: visible(actor, Invoice.distributor_id),
    filters=[
        Filter(
            "kind",
            _l("kind"),
            Invoice.kind,
            choices=[
                ("invoice", _l("invoice")),
                ("credit_note", _l("credit note")),
                ("opening", _l("opening balance")),
                ("interest", _l("late-payment interest")),
                ("write_off", _l("write-off")),
            ],
        ),
        Filter("from", _l("from"), Invoice.invoice_date, kind="from"),
        Filter("to", _l("to"), Invoice.invoice_date, kind="to"),
        Filter("due_from", _l("pay by, from"), Invoice.pay_by, kind="from"),
        Filter("due_to", _l("pay by, until"), Invoice.pay_by, kind="to"),
    ],
    search=[Invoice.number, Distributor.code, Distributor.name],
    currency=Invoice.currency,
    endpoint="receivables.invoice",
    empty=_l("No invoice yet: they come from shipments or by import."),
)

RECEIPTS = Listing(
    name="receipts",
    title=_l("Receipts"),
    identity=Receipt.id,
    source=sa.join(Receipt, Distributor, Receipt.distributor_id == Distributor.id),
    counted=Receipt,
    columns=[
        Column("number", _l("number"), Receipt.number, "code"),
        Column("received_on", _l("date"), Receipt.received_on, "date"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("payer_name", _l("payer"), Receipt.payer_name, wide=True),
        Column("reference", _l("reference"), Receipt.reference, wide=True),
        Column("currency", _l("currency"), Receipt.currency, wide=True),
        Column("amount_fen", _l("amount"), Receipt.amount_fen, "fen", total=True),
    ],
    default_sort="-received_on",
    scope=lambda actor: visible(actor, Receipt.distributor_id),
    filters=[
        Filter("from", _l("from"), Receipt.received_on, kind="from"),
        Filter("to", _l("to"), Receipt.received_on, kind="to"),
    ],
    search=[
        Receipt.number,
        Receipt.payer_name,
        Receipt.reference,
        Distributor.code,
        Distributor.name,
    ],
    currency=Receipt.currency,
    endpoint="receivables.receipt",
    empty=_l("No receipt yet: book the first one."),
)


def whole(expression: Any) -> Any:
    return sa.cast(expression, sa.BigInteger)


def _bucket_sums(amount: Any, as_of: date, pay_by: Any) -> list[Any]:
    """One sum per bucket; the bounds are those of credit.ageing, in whole days."""
    bounds = [as_of - timedelta(days=n) for n in (0, 30, 60, 90)]
    conditions = [
        pay_by >= bounds[0],
        sa.and_(pay_by < bounds[0], pay_by >= bounds[1]),
        sa.and_(pay_by < bounds[1], pay_by >= bounds[2]),
        sa.and_(pay_by < bounds[2], pay_by >= bounds[3]),
        pay_by < bounds[3],
    ]
    parts = [sa.func.sum(sa.case((c, amount), else_=0)) for c in conditions]
    return [*parts, sa.func.sum(amount)]


def _by_age(as_of: date, keys: Sequence[str], distributor_id: int | None = None) -> Any:
    """Per debtor and currency what was open on the date by age, and the total, as a subquery.

    Invoices less payments, each summed by itself in the order of one index: an invoice and its
    payments fall into the same bucket, so no item needs to be put together first. What is owed
    in instalments is moved to their own dates, which payments of instalments bear themselves.
    """
    invoiced = _bucket_sums(Invoice.gross_fen, as_of, Invoice.pay_by)
    paid = _bucket_sums(-Allocation.amount_fen, as_of, Allocation.pay_by)
    halves = sa.union_all(
        _sums_of(Invoice, invoiced, keys, Invoice.invoice_date <= as_of, distributor_id),
        _sums_of(Allocation, paid, keys, Allocation.allocated_on <= as_of, distributor_id),
        instalments.moves_by_age(as_of, _bucket_sums, keys, distributor_id),
    ).subquery()
    # PostgreSQL sums bigint as numeric: made whole again here.
    sums = [sa.cast(sa.func.sum(halves.c[k]), sa.BigInteger).label(k) for k in keys]
    return (
        sa.select(halves.c.distributor_id, halves.c.currency, *sums)
        .group_by(halves.c.distributor_id, halves.c.currency)
        .subquery()
    )


def _sums_of(
    model: Any, sums: Sequence[Any], keys: Sequence[str], known: Any, distributor_id: int | None
) -> Any:
    """One half of the ages: labelled sums of one table by debtor and currency."""
    statement = sa.select(
        model.distributor_id,
        model.currency,
        *(part.label(key) for part, key in zip(sums, keys, strict=True)),
    )
    if distributor_id is not None:
        statement = statement.where(model.distributor_id == distributor_id)
    return statement.where(known).group_by(model.distributor_id, model.currency)


def ages_of(distributor_id: int, currency: str, as_of: date) -> list[int]:
    """What a debtor had open on the date by age: the very sums of the list of ages."""
    keys = ("b0", "b1", "b2", "b3", "b4", "total")
    grouped = _by_age(as_of, keys, distributor_id)
    columns = [grouped.c[k] for k in keys[:-1]]
    found = db.session.execute(sa.select(*columns).where(grouped.c.currency == currency)).first()
    return [int(fen) for fen in found] if found else [0] * len(columns)


def ageing_listing(as_of: date) -> Listing:
    """Debtors with their open items by age as of a date, money not applied beside them."""
    keys = ("b0", "b1", "b2", "b3", "b4")
    grouped = _by_age(as_of, (*keys, "total"))
    return Listing(
        fixed={"as_of": as_of.isoformat()},
        name=f"ageing-{as_of.isoformat()}",
        title=_l("Ageing"),
        identity=grouped.c.distributor_id,
        source=sa.join(grouped, Distributor, grouped.c.distributor_id == Distributor.id),
        columns=[
            Column("code", _l("code"), Distributor.code, "code"),
            Column("name", _l("distributor"), Distributor.name),
            Column("currency", _l("currency"), grouped.c.currency, wide=True),
            *(
                Column(k, label, grouped.c[k], "fen", total=True, wide=k != "b4")
                for k, label in zip(keys, BUCKET_LABELS.values(), strict=True)
            ),
            Column("overdue", _l("overdue"), grouped.c.total - grouped.c.b0, "fen", total=True),
            Column("total", _l("open"), grouped.c.total, "fen", total=True),
        ],
        default_sort="-total",
        scope=lambda actor: sa.and_(
            visible(actor, grouped.c.distributor_id),
            # What is settled altogether vanishes; a debtor with +5 and -5 open stays.
            sa.or_(*(grouped.c[k] != 0 for k in keys)),
        ),
        search=[Distributor.code, Distributor.name],
        currency=grouped.c.currency,
        endpoint="credit.record",
        empty=_l("Nothing was open on this date."),
    )

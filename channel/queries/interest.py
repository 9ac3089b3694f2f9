"""Reads of late-payment interest: what overdue items bear up to a day, and the notes over it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload, selectinload

from channel.access import Actor
from channel.db import db
from channel.models.cash import InterestItem, InterestNote
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, Invoice, InvoiceInstalment, Receipt
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible
from credit.interest import ItemInterest, late_interest

Key = tuple[int, int | None]


@dataclass(frozen=True)
class LateItem:
    """An invoice or an instalment with the interest that it bears."""

    invoice_id: int
    instalment_id: int | None
    number: str
    pay_by: date
    interest: ItemInterest


def late_items(distributor_id: int, currency: str, up_to: date, rate_bp: int) -> list[LateItem]:
    """What each item bears up to a day, oldest first, in four statements for a debtor.

    Goods and opening balances bear interest; interest and notes bear none.
    """
    items = _items(distributor_id, currency, up_to)
    paid, covered = _paid(distributor_id, currency), _covered(distributor_id, currency)
    found = []
    for key, number, pay_by, amount_fen in items:
        bears = late_interest(
            amount_fen, pay_by, paid[key], since=covered.get(key), up_to=up_to, rate_bp=rate_bp
        )
        if bears is not None:
            found.append(LateItem(*key, number, pay_by, bears))
    return found


def _items(distributor_id: int, currency: str, up_to: date) -> list[tuple[Key, str, date, int]]:
    """(key, number, pay by, amount) of all that was due before the day, paid or not."""
    mine = (
        Invoice.distributor_id == distributor_id,
        Invoice.currency == currency,
        Invoice.kind.in_(("invoice", "opening")),
        Invoice.gross_fen > 0,
    )
    part = InvoiceInstalment
    cut = db.session.execute(
        sa.select(part.invoice_id, part.id, Invoice.number, part.pay_by, part.amount_fen)
        .join(Invoice, Invoice.id == part.invoice_id)
        .where(*mine)
    ).all()
    has_parts = {row.invoice_id for row in cut}
    whole = db.session.execute(
        sa.select(Invoice.id, Invoice.number, Invoice.pay_by, Invoice.gross_fen).where(
            *mine, Invoice.pay_by < up_to
        )
    )
    items: list[tuple[Key, str, date, int]] = [
        ((invoice_id, None), number, pay_by, fen)
        for invoice_id, number, pay_by, fen in whole
        if invoice_id not in has_parts
    ]
    items += [
        ((invoice_id, part_id), number, pay_by, fen)
        for invoice_id, part_id, number, pay_by, fen in cut
        if pay_by < up_to
    ]
    return sorted(items, key=lambda item: (item[2], item[1]))


def _paid(distributor_id: int, currency: str) -> dict[Key, list[tuple[date, int]]]:
    """item → (day, fen): money counts from the day on which it was received, whenever it was set
    against the item; what a note settled counts from the note's own day."""
    note = aliased(Invoice)
    day = sa.func.coalesce(Receipt.received_on, note.invoice_date)
    rows = db.session.execute(
        sa.select(
            Allocation.invoice_id, Allocation.instalment_id, day, sa.func.sum(Allocation.amount_fen)
        )
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .outerjoin(Receipt, Receipt.id == Allocation.receipt_id)
        .outerjoin(note, note.id == Allocation.note_id)
        .where(Invoice.distributor_id == distributor_id, Invoice.currency == currency)
        .group_by(Allocation.invoice_id, Allocation.instalment_id, day)
    )
    paid: dict[Key, list[tuple[date, int]]] = defaultdict(list)
    for invoice_id, part_id, on, fen in rows:
        if fen:
            paid[invoice_id, part_id].append((on, int(fen)))
    return paid


def _covered(distributor_id: int, currency: str) -> dict[Key, date]:
    """item → the last day that a note, posted or still proposed, has counted."""
    rows = db.session.execute(
        sa.select(
            InterestItem.invoice_id, InterestItem.instalment_id, sa.func.max(InterestItem.until)
        )
        .join(InterestNote, InterestNote.id == InterestItem.note_id)
        .where(
            InterestNote.distributor_id == distributor_id,
            InterestNote.currency == currency,
            InterestNote.state != "dropped",
        )
        .group_by(InterestItem.invoice_id, InterestItem.instalment_id)
    )
    return {(invoice_id, part_id): until for invoice_id, part_id, until in rows}


def get_note(actor: Actor, note_id: int) -> InterestNote:
    record: InterestNote = get_visible(
        actor,
        InterestNote,
        note_id,
        joinedload(InterestNote.distributor),
        selectinload(InterestNote.items).joinedload(InterestItem.invoice),
    )
    return record


def of_invoice(invoice_id: int) -> InterestNote | None:
    """The note that was posted as this invoice."""
    return db.session.scalar(sa.select(InterestNote).where(InterestNote.invoice_id == invoice_id))


NOTES = Listing(
    name="interest-notes",
    title=_l("Late-payment interest"),
    identity=InterestNote.id,
    source=sa.join(InterestNote, Distributor, InterestNote.distributor_id == Distributor.id),
    columns=[
        Column("number", _l("number"), InterestNote.number, "code"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("up_to", _l("up to"), InterestNote.up_to, "date"),
        Column("currency", _l("currency"), InterestNote.currency, wide=True),
        Column("amount_fen", _l("amount"), InterestNote.amount_fen, "fen", total=True),
        Column("state", _l("state"), InterestNote.state, "state"),
    ],
    default_sort="-number",
    scope=lambda actor: visible(actor, InterestNote.distributor_id),
    filters=[
        Filter(
            "state",
            _l("state"),
            InterestNote.state,
            choices=[
                ("proposed", _l("proposed")),
                ("posted", _l("posted")),
                ("dropped", _l("dropped")),
            ],
        ),
        Filter("from", _l("from"), InterestNote.up_to, kind="from"),
        Filter("to", _l("to"), InterestNote.up_to, kind="to"),
    ],
    search=[InterestNote.number, Distributor.code, Distributor.name],
    currency=InterestNote.currency,
    endpoint="interest.record",
    empty=_l("No interest was charged yet: propose a note for a debtor who pays late."),
)

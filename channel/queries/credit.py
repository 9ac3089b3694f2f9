"""Reads of credit: open items, exposure with its lines, and the list of debtors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor
from channel.db import db
from channel.models.credit import CreditAccount, CreditEntry
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, Invoice, InvoiceInstalment
from channel.queries.credit_limits import is_unlimited_on, revolving_on
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible


def _settled(as_of: date | None = None) -> Any:
    """Allocated so far per invoice, as a scalar subquery over the covering index."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0)).where(
        Allocation.invoice_id == Invoice.id
    )
    if as_of is not None:
        statement = statement.where(Allocation.allocated_on <= as_of)
    return statement.scalar_subquery()


@dataclass(frozen=True)
class OpenPart:
    """What is open of an invoice, or of one of its instalments."""

    invoice_id: int
    instalment_id: int | None
    pay_by: date
    open_fen: int
    amount_fen: int
    discount_until: date | None = None
    discount_fen: int = 0


def open_parts(distributor_id: int, currency: str) -> list[OpenPart]:
    """What a debtor has open, by instalment where there are any, oldest first."""
    whose = (Invoice.distributor_id == distributor_id, Invoice.currency == currency)
    cut = _cut_parts(distributor_id, currency)
    has_parts = {part.invoice_id for part in cut}
    rest = (Invoice.gross_fen - _settled()).label("rest")
    rows = db.session.execute(
        sa.select(Invoice.id, Invoice.pay_by, rest, Invoice.gross_fen)
        .where(*whose)
        .order_by(Invoice.pay_by, Invoice.id)
    )
    whole = [
        OpenPart(i, None, due, int(fen), gross)
        for i, due, fen, gross in rows
        if fen and i not in has_parts
    ]
    cut = [part for part in cut if part.open_fen]
    return sorted([*whole, *cut], key=lambda p: (p.pay_by, p.invoice_id)) if cut else whole


def _cut_parts(distributor_id: int, currency: str) -> list[OpenPart]:
    """Instalments of the debtor's invoices, settled ones too."""
    part = InvoiceInstalment
    paid = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(Allocation.invoice_id == part.invoice_id, Allocation.instalment_id == part.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            part.invoice_id,
            part.id,
            part.pay_by,
            (part.amount_fen - paid).label("rest"),
            part.amount_fen,
            part.discount_until,
            part.discount_fen,
        )
        .where(part.distributor_id == distributor_id, part.currency == currency)
        .order_by(part.pay_by, part.id)
    )
    return [
        OpenPart(invoice_id, part_id, due, int(fen), gross, until, off)
        for invoice_id, part_id, due, fen, gross, until, off in rows
    ]


def open_items(distributor_id: int, currency: str) -> list[tuple[int, date, int]]:
    """(invoice id, date to pay by, open fen) of a debtor, oldest first; instalments apart."""
    parts = open_parts(distributor_id, currency)
    return [(part.invoice_id, part.pay_by, part.open_fen) for part in parts]


def accounts(actor: Actor, distributor_id: int) -> list[CreditAccount]:
    """The debtor's accounts, one per currency."""
    return list(
        db.session.scalars(
            sa.select(CreditAccount)
            .where(
                CreditAccount.distributor_id == distributor_id,
                visible(actor, CreditAccount.distributor_id),
            )
            .order_by(CreditAccount.currency)
        )
    )


def entries(account_id: int, bucket: str | None = None, limit: int = 50) -> list[CreditEntry]:
    """The lines behind a figure, newest first."""
    statement = sa.select(CreditEntry).where(CreditEntry.account_id == account_id)
    if bucket:
        statement = statement.where(CreditEntry.bucket == bucket)
    return list(db.session.scalars(statement.order_by(CreditEntry.id.desc()).limit(limit)))


_USED = (
    CreditAccount.ordered_fen
    + CreditAccount.shipped_fen
    + CreditAccount.invoiced_fen
    - CreditAccount.unapplied_fen
)


def accounts_listing(on: date) -> Listing:
    """All debtors with what they use and the limit that revolves on the date."""
    in_force = revolving_on(on)
    return Listing(
        name="credit",
        title=_l("Credit"),
        identity=CreditAccount.distributor_id,
        source=sa.join(CreditAccount, Distributor, CreditAccount.distributor_id == Distributor.id),
        columns=[
            Column("code", _l("code"), Distributor.code, "code"),
            Column("name", _l("distributor"), Distributor.name),
            Column("currency", _l("currency"), CreditAccount.currency),
            Column(
                "ordered_fen",
                _l("ordered"),
                CreditAccount.ordered_fen,
                "fen",
                total=True,
                wide=True,
            ),
            Column(
                "shipped_fen",
                _l("shipped, not invoiced"),
                CreditAccount.shipped_fen,
                "fen",
                total=True,
                wide=True,
            ),
            Column(
                "invoiced_fen",
                _l("unpaid invoices"),
                CreditAccount.invoiced_fen,
                "fen",
                total=True,
                wide=True,
            ),
            Column(
                "unapplied_fen",
                _l("unapplied receipts"),
                CreditAccount.unapplied_fen,
                "fen",
                total=True,
                wide=True,
            ),
            Column("used_fen", _l("used"), _USED, "fen", total=True),
            Column("limit_fen", _l("revolving limit"), in_force, "fen"),
        ],
        default_sort="-used_fen",
        scope=lambda actor: visible(actor, CreditAccount.distributor_id),
        filters=[
            Filter(
                "over",
                _l("limit"),
                sa.type_coerce(
                    sa.and_(~is_unlimited_on(on), sa.func.coalesce(in_force, 0) < _USED),
                    sa.Boolean,
                ),
                choices=[("1", _l("over the limit")), ("0", _l("within the limit"))],
            ),
        ],
        search=[Distributor.code, Distributor.name],
        currency=CreditAccount.currency,
        endpoint="credit.record",
        empty=_l("No debtor yet: accounts appear with the first order or invoice."),
    )

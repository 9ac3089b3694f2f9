"""The statement of account: movements from the ledger's entries, and open items by age.

Everything is asked as of the last day, so that a statement of a closed month stays the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.credit import CreditAccount, CreditEntry
from channel.models.partners import Distributor
from channel.models.rebates import PoolEntry
from channel.models.receivables import Allocation, Invoice, Receipt
from channel.queries import deposits, partners, receivables
from channel.queries.scope import get_visible

#: The kinds of invoices that have words of their own on the paper.
INVOICE_KINDS = ("invoice", "credit_note", "opening", "interest", "write_off")


@dataclass(frozen=True)
class Movement:
    """What one document changed of what is owed, on one day."""

    on: date
    kind: str
    number: str
    fen: int


def get_distributor(actor: Actor, distributor_id: int) -> Distributor:
    """The distributor, when the actor may see it."""
    return get_visible(actor, Distributor, distributor_id)  # type: ignore[no-any-return]


def _owed() -> Any:
    """Signed change of what is owed by one entry; orders and goods under way are not owed yet."""
    bucket, fen = CreditEntry.bucket, CreditEntry.amount_fen
    return sa.case((bucket == "invoiced", fen), (bucket == "unapplied", -fen), else_=0)


def _of(distributor_id: int, currency: str) -> list[Any]:
    return [
        CreditEntry.account_id == CreditAccount.id,
        CreditAccount.distributor_id == distributor_id,
        CreditAccount.currency == currency,
    ]


def balance_before(distributor_id: int, currency: str, day: date) -> int:
    """What was owed when the day began."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(_owed()), 0)).where(
        *_of(distributor_id, currency), CreditEntry.on_date < day
    )
    return int(db.session.scalar(statement) or 0)


def movements(distributor_id: int, currency: str, first: date, last: date) -> list[Movement]:
    """By document and day, in the order in which they were posted; money applied moves nothing."""
    entry = CreditEntry
    owed = sa.cast(sa.func.sum(_owed()), sa.BigInteger)
    rows = db.session.execute(
        sa.select(
            entry.on_date,
            entry.document_kind,
            sa.func.coalesce(Invoice.number, Receipt.number, ""),
            Invoice.kind,
            owed,
        )
        .select_from(entry)
        .join(CreditAccount, CreditAccount.id == entry.account_id)
        .outerjoin(
            Invoice, sa.and_(entry.document_kind == "invoice", Invoice.id == entry.document_id)
        )
        .outerjoin(
            Receipt, sa.and_(entry.document_kind == "receipt", Receipt.id == entry.document_id)
        )
        .where(
            CreditAccount.distributor_id == distributor_id,
            CreditAccount.currency == currency,
            entry.on_date.between(first, last),
            entry.bucket.in_(("invoiced", "unapplied")),
        )
        .group_by(
            entry.on_date,
            entry.document_kind,
            entry.document_id,
            Invoice.number,
            Receipt.number,
            Invoice.kind,
        )
        .having(owed != 0)
        .order_by(entry.on_date, sa.func.min(entry.id))
    )
    return [
        Movement(on, _kind(document, kind, int(fen)), number, int(fen))
        for on, document, number, kind, fen in rows
    ]


def _kind(document: str, invoice_kind: str | None, fen: int) -> str:
    if document == "receipt":
        return "receipt" if fen < 0 else "reversal"
    return invoice_kind if invoice_kind in INVOICE_KINDS else "other"


def open_items(distributor_id: int, currency: str, as_of: date) -> list[Any]:
    """(number, invoice date, pay by, gross fen, open fen) of what was open on the day."""
    paid = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(Allocation.invoice_id == Invoice.id, Allocation.allocated_on <= as_of)
        .scalar_subquery()
    )
    rest = sa.cast(Invoice.gross_fen - paid, sa.BigInteger)
    return list(
        db.session.execute(
            sa.select(Invoice.number, Invoice.invoice_date, Invoice.pay_by, Invoice.gross_fen, rest)
            .where(
                Invoice.distributor_id == distributor_id,
                Invoice.currency == currency,
                Invoice.invoice_date <= as_of,
                rest != 0,
            )
            .order_by(Invoice.pay_by, Invoice.id)
        ).all()
    )


def unapplied_fen(distributor_id: int, currency: str, as_of: date) -> int:
    """Money received and not set against an invoice at the end of the day."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(CreditEntry.amount_fen), 0)).where(
        *_of(distributor_id, currency),
        CreditEntry.bucket == "unapplied",
        CreditEntry.on_date <= as_of,
    )
    return int(db.session.scalar(statement) or 0)


def pool_fen(distributor_id: int, currency: str, as_of: date) -> int:
    statement = sa.select(sa.func.coalesce(sa.func.sum(PoolEntry.amount_fen), 0)).where(
        PoolEntry.distributor_id == distributor_id,
        PoolEntry.currency == currency,
        PoolEntry.on_date <= as_of,
    )
    return int(db.session.scalar(statement) or 0)


def document(
    actor: Actor, distributor: Distributor, first: date, last: date, today: date
) -> dict[str, Any]:
    """The statement as plain values: channel.documents.account.AccountStatementDoc."""
    currency, maker = distributor.currency, partners.get_maker()
    opening = balance = balance_before(distributor.id, currency, first)
    lines = []
    for movement in movements(distributor.id, currency, first, last):
        balance += movement.fen
        lines.append(
            {
                "date": movement.on.isoformat(),
                "kind": movement.kind,
                "number": movement.number,
                "debit_fen": max(0, movement.fen),
                "credit_fen": max(0, -movement.fen),
                "balance_fen": balance,
            }
        )
    items = [
        {
            "number": number,
            "date": on.isoformat(),
            "pay_by": pay_by.isoformat(),
            "amount_fen": gross,
            "open_fen": rest,
            "overdue_days": max(0, (last - pay_by).days),
        }
        for number, on, pay_by, gross, rest in open_items(distributor.id, currency, last)
    ]
    return {
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "date": today.isoformat(),
        "currency": currency,
        "maker": {
            "name": maker.name,
            "name_en": maker.name_en,
            "uscc": maker.uscc or "",
            "address": maker.address,
        },
        "distributor": {
            "name": distributor.name,
            "code": distributor.code,
            "uscc": distributor.uscc or "",
            "address": distributor.address,
        },
        "opening_fen": opening,
        "lines": lines,
        "closing_fen": balance,
        "items": items,
        "unapplied_fen": unapplied_fen(distributor.id, currency, last),
        "ageing_fen": receivables.ages_of(distributor.id, currency, last),
        "deposit_fen": deposits.balance_fen(distributor.id, currency, last),
        "pool_fen": pool_fen(distributor.id, currency, last),
        "objection_days": maker.objection_days,
        "objection_until": (today + timedelta(days=maker.objection_days)).isoformat(),
        "prepared_by": actor.name,
    }

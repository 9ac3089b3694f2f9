"""Reads of disputes: what is contested of an invoice, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor
from channel.db import db
from channel.messages.dunning import DISPUTE_REASONS, OUTCOMES
from channel.models.dunning import Dispute
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, Invoice
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible


def get_dispute(actor: Actor, dispute_id: int) -> Dispute:
    found: Dispute = get_visible(
        actor, Dispute, dispute_id, joinedload(Dispute.distributor), joinedload(Dispute.invoice)
    )
    return found


def _is_open(on: date) -> Any:
    return sa.and_(
        Dispute.opened_on <= on, sa.or_(Dispute.closed_on.is_(None), Dispute.closed_on > on)
    )


def disputed_fen(on: date, distributor_ids: Collection[int]) -> dict[int, int]:
    """Invoice id → fen contested at the end of the day."""
    rows = db.session.execute(
        sa.select(Dispute.invoice_id, sa.func.sum(Dispute.amount_fen))
        .where(Dispute.distributor_id.in_(distributor_ids), _is_open(on))
        .group_by(Dispute.invoice_id)
    )
    return {invoice_id: int(fen) for invoice_id, fen in rows}


def open_fen(invoice: Invoice) -> int:
    """What is open of the invoice, by all that settled it."""
    paid = sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0)).where(
        Allocation.invoice_id == invoice.id
    )
    return invoice.gross_fen - int(db.session.scalar(paid) or 0)


def of_invoice(invoice_id: int) -> list[Dispute]:
    return list(
        db.session.scalars(
            sa.select(Dispute).where(Dispute.invoice_id == invoice_id).order_by(Dispute.id)
        )
    )


def open_of(actor: Actor, distributor_id: int, on: date) -> list[Dispute]:
    """A distributor's open disputes with their invoices, oldest first."""
    return list(
        db.session.scalars(
            sa.select(Dispute)
            .options(joinedload(Dispute.invoice))
            .where(
                Dispute.distributor_id == distributor_id,
                visible(actor, Dispute.distributor_id),
                _is_open(on),
            )
            .order_by(Dispute.opened_on, Dispute.id)
        )
    )


_STATE = sa.case((Dispute.closed_on.is_(None), "contested"), else_="closed")

LISTING = Listing(
    name="disputes",
    title=_l("Disputes"),
    identity=Dispute.id,
    source=sa.join(Dispute, Distributor, Distributor.id == Dispute.distributor_id).join(
        Invoice, Invoice.id == Dispute.invoice_id
    ),
    columns=[
        Column("number", _l("number"), Dispute.number, "code"),
        Column("opened_on", _l("raised on"), Dispute.opened_on, "date"),
        Column("name", _l("distributor"), Distributor.name),
        Column("invoice", _l("invoice"), Invoice.number, "code", wide=True),
        Column("reason", _l("ground"), Dispute.reason_kind, "dispute_reason", wide=True),
        Column("currency", _l("currency"), Dispute.currency, wide=True),
        Column("amount", _l("disputed"), Dispute.amount_fen, "fen", total=True),
        Column("outcome", _l("outcome"), Dispute.outcome, "dispute_outcome", wide=True),
        Column("closed_on", _l("closed on"), Dispute.closed_on, "date", wide=True),
        Column("state", _l("state"), _STATE, "state"),
    ],
    default_sort="-opened_on",
    scope=lambda actor: visible(actor, Dispute.distributor_id),
    filters=[
        Filter("state", _l("state"), _STATE,
               choices=[("contested", _l("contested")), ("closed", _l("closed"))]),
        Filter("reason", _l("ground"), Dispute.reason_kind,
               choices=list(DISPUTE_REASONS.items())),
        Filter("outcome", _l("outcome"), Dispute.outcome, choices=list(OUTCOMES.items())),
    ],
    search=[Dispute.number, Invoice.number, Distributor.code, Distributor.name],
    currency=Dispute.currency,
    endpoint="disputes.record",
    empty=_l("Nothing is disputed. A dispute is opened on the page of an invoice."),
)  # fmt: skip

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
from channel.messages.dunning import OUTCOMES
from channel.messages.rebates_desk import GROUNDS
from channel.models.dunning import Dispute
from channel.models.partners import Distributor
from channel.models.rebates import RebateStatement
from channel.models.receivables import Allocation, Invoice
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import days_between
from channel.queries.scope import get_visible, visible
from channel.rules.disputes import RIGHT


def get_dispute(actor: Actor, dispute_id: int) -> Dispute:
    """The dispute with its distributor and the document that it is about."""
    found: Dispute = get_visible(
        actor,
        Dispute,
        dispute_id,
        joinedload(Dispute.distributor),
        joinedload(Dispute.invoice),
        joinedload(Dispute.statement),
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
        .where(
            Dispute.distributor_id.in_(distributor_ids),
            Dispute.invoice_id.is_not(None),
            _is_open(on),
        )
        .group_by(Dispute.invoice_id)
    )
    return {invoice_id: int(fen) for invoice_id, fen in rows if invoice_id is not None}


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
            .options(joinedload(Dispute.invoice), joinedload(Dispute.statement))
            .where(
                Dispute.distributor_id == distributor_id,
                visible(actor, Dispute.distributor_id),
                _is_open(on),
            )
            .order_by(Dispute.opened_on, Dispute.id)
        )
    )


_is_right = sa.and_(Dispute.outcome.in_(RIGHT), Dispute.statement_id.is_not(None))
_STATE = sa.case(
    (Dispute.closed_on.is_(None), "contested"),
    (sa.and_(_is_right, Dispute.corrected_on.is_(None)), "to_correct"),
    else_="closed",
)


def listing(today: date) -> Listing:
    """Disputes of invoices and of statement lines; what waits shows for how many days it does."""
    waits = sa.case(
        (Dispute.closed_on.is_(None), days_between(Dispute.opened_on, sa.literal(today, sa.Date)))
    )
    late = sa.and_(Dispute.closed_on.is_(None), Dispute.answer_by < today)
    return Listing(
        name="disputes",
        title=_l("Disputes"),
        identity=Dispute.id,
        source=sa.join(Dispute, Distributor, Distributor.id == Dispute.distributor_id)
        .outerjoin(Invoice, Invoice.id == Dispute.invoice_id)
        .outerjoin(RebateStatement, RebateStatement.id == Dispute.statement_id),
        columns=[
            Column("number", _l("number"), Dispute.number, "code"),
            Column("opened_on", _l("raised on"), Dispute.opened_on, "date"),
            Column("name", _l("distributor"), Distributor.name),
            Column(
                "document",
                _l("document"),
                sa.func.coalesce(Invoice.number, RebateStatement.number),
                "code",
                wide=True,
            ),
            Column("reason", _l("ground"), Dispute.reason_kind, "dispute_reason", wide=True),
            Column("line", _l("line"), Dispute.line_label, wide=True),
            Column("currency", _l("currency"), Dispute.currency, wide=True),
            Column("amount", _l("disputed"), Dispute.amount_fen, "fen", total=True),
            Column("days", _l("days open"), waits, "quantity"),
            Column("answer_by", _l("answer by"), Dispute.answer_by, "date", wide=True),
            Column("outcome", _l("outcome"), Dispute.outcome, "dispute_outcome", wide=True),
            Column("closed_on", _l("closed on"), Dispute.closed_on, "date", wide=True),
            Column("state", _l("state"), _STATE, "state"),
        ],
        default_sort="-opened_on",
        scope=lambda actor: visible(actor, Dispute.distributor_id),
        filters=[
            Filter("state", _l("state"), _STATE,
                   choices=[("contested", _l("contested")), ("to_correct", _l("to be put right")),
                            ("closed", _l("closed"))]),
            Filter("of", _l("document"),
                   sa.case((Dispute.statement_id.is_(None), "invoice"), else_="statement"),
                   choices=[("invoice", _l("invoice")), ("statement", _l("statement"))]),
            Filter("late", _l("answer"), sa.case((late, "late"), else_=""),
                   choices=[("late", _l("overdue"))]),
            Filter("reason", _l("ground"), Dispute.reason_kind, choices=list(GROUNDS.items())),
            Filter("outcome", _l("outcome"), Dispute.outcome, choices=list(OUTCOMES.items())),
        ],
        search=[Dispute.number, Invoice.number, RebateStatement.number, Distributor.code,
                Distributor.name],
        currency=Dispute.currency,
        endpoint="disputes.record",
        empty=_l("Nothing is disputed. A dispute is opened on the page of an invoice or a "
                 "statement."),
    )  # fmt: skip

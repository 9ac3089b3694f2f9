"""Reads of receipts that were parked: the list, one with its reasons, and what was agreed."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor
from channel.db import db
from channel.models.partners import Distributor
from channel.models.receivables import ParkedReceipt, Receipt
from channel.queries.agreements import ruling_version
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible
from contracts import agreement


def get_parked(actor: Actor, parked_id: int) -> ParkedReceipt:
    record: ParkedReceipt = get_visible(
        actor,
        ParkedReceipt,
        parked_id,
        joinedload(ParkedReceipt.receipt),
        joinedload(ParkedReceipt.distributor),
    )
    return record


def of_receipt(receipt_id: int) -> ParkedReceipt | None:
    """That the receipt was parked once, if it was."""
    return db.session.scalar(sa.select(ParkedReceipt).where(ParkedReceipt.receipt_id == receipt_id))


def allowed_methods(parked: ParkedReceipt) -> tuple[str, ...]:
    """The methods that the contract in force on the day allows; none where there is no contract."""
    version, _last = ruling_version(parked.distributor_id, parked.receipt.received_on)
    return agreement.from_json(version.terms).payment_methods if version else ()


PARKED = Listing(
    name="parked-receipts",
    title=_l("Parked receipts"),
    identity=ParkedReceipt.id,
    source=sa.join(ParkedReceipt, Receipt, ParkedReceipt.receipt_id == Receipt.id).join(
        Distributor, Distributor.id == ParkedReceipt.distributor_id
    ),
    columns=[
        Column("number", _l("number"), Receipt.number, "code"),
        Column("received_on", _l("date"), Receipt.received_on, "date"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("method", _l("method of payment"), Receipt.method, "method"),
        Column("payer_name", _l("payer"), Receipt.payer_name, wide=True),
        Column("currency", _l("currency"), Receipt.currency, wide=True),
        Column("amount_fen", _l("amount"), Receipt.amount_fen, "fen", total=True),
        Column("state", _l("state"), ParkedReceipt.state, "state"),
    ],
    default_sort="-received_on",
    scope=lambda actor: visible(actor, ParkedReceipt.distributor_id),
    filters=[
        Filter(
            "state",
            _l("state"),
            ParkedReceipt.state,
            choices=[
                ("parked", _l("parked")),
                ("approved", _l("approved")),
                ("returned", _l("money sent back")),
            ],
        ),
        Filter("from", _l("from"), Receipt.received_on, kind="from"),
        Filter("to", _l("to"), Receipt.received_on, kind="to"),
    ],
    search=[Receipt.number, Receipt.payer_name, Distributor.code, Distributor.name],
    currency=Receipt.currency,
    endpoint="receivables.receipt_parked",
    empty=_l("Nothing is parked: every receipt came as agreed."),
)

"""Reads of write-offs: the list with its totals, one with its signatures, and who may sign."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor, Role
from channel.db import db
from channel.messages.cash import WRITE_OFF_KINDS
from channel.models.cash import WriteOff
from channel.models.partners import Distributor
from channel.models.receivables import Invoice
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible
from contracts import approval
from contracts.approval import Act, ActKind, Case, Mode, Route, Stage

FIN, OWNER = Role.FINANCE.value, Role.OWNER.value
#: A small one: finance or the owner, but never the proposer. A large one: finance, then the owner.
SHORT = Route((Stage(Mode.ANY_OF, (FIN, OWNER)),))
LONG = Route((Stage(Mode.ANY_OF, (FIN,)), Stage(Mode.ANY_OF, (OWNER,))))


def route(amount_fen: int, band_fen: int) -> Route:
    """Who signs: above the band the owner, too; exactly the band is small."""
    return LONG if abs(amount_fen) > band_fen else SHORT


def case_of(write_off: WriteOff) -> Case:
    """The proposal as the approval engine sees it, after the signatures that it bears."""
    made = approval.route_from_json(write_off.route) if write_off.route else SHORT
    requester = write_off.proposed_by_id or 0
    case = approval.advance(approval.open_case(made, requester), Act(requester, "", ActKind.SUBMIT))
    for signature in write_off.signatures or []:
        assert isinstance(case, Case)
        case = approval.advance(case, Act(signature["person"], signature["role"], ActKind.APPROVE))
    assert isinstance(case, Case), "a signature that was once accepted"
    return case


def waits_for(write_off: WriteOff) -> list[str]:
    """The roles whose signature is wanted now."""
    return sorted({seat.role for seat in case_of(write_off).open_seats})


def may_sign(actor: Actor, write_off: WriteOff) -> bool:
    """Whether this person's signature would be accepted now."""
    if write_off.state != "proposed" or actor.user_id is None:
        return False
    act = Act(actor.user_id, actor.role.value, ActKind.APPROVE)
    return not approval.refusals(case_of(write_off), act)


def get_write_off(actor: Actor, write_off_id: int) -> WriteOff:
    record: WriteOff = get_visible(
        actor,
        WriteOff,
        write_off_id,
        joinedload(WriteOff.distributor),
        joinedload(WriteOff.invoice),
        joinedload(WriteOff.note),
    )
    return record


def of_invoice(invoice_id: int) -> list[WriteOff]:
    """What was or is to be given up of an invoice, newest first; or the one that it posted."""
    return list(
        db.session.scalars(
            sa.select(WriteOff)
            .where(
                sa.or_(
                    WriteOff.invoice_id == invoice_id,
                    WriteOff.note_id == invoice_id,
                    WriteOff.reversal_id == invoice_id,
                )
            )
            .order_by(WriteOff.id.desc())
        )
    )


_STATES = [
    ("proposed", _l("proposed")),
    ("posted", _l("posted")),
    ("refused", _l("refused")),
    ("reversed", _l("reversed")),
]


def _counted() -> Any:
    """What counts of a write-off: only posted ones lower what is owed."""
    return sa.case((WriteOff.state == "posted", WriteOff.amount_fen), else_=0)


WRITE_OFFS = Listing(
    name="write-offs",
    title=_l("Write-offs"),
    identity=WriteOff.id,
    source=sa.join(WriteOff, Distributor, WriteOff.distributor_id == Distributor.id).outerjoin(
        Invoice, Invoice.id == WriteOff.invoice_id
    ),
    columns=[
        Column("number", _l("number"), WriteOff.number, "code"),
        Column("posted_on", _l("date"), WriteOff.posted_on, "date", wide=True),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("kind", _l("kind"), WriteOff.kind, "write_off_kind", wide=True),
        Column("invoice", _l("invoice"), Invoice.number, "code", wide=True),
        Column("reason", _l("reason"), WriteOff.reason, "write_off_reason", wide=True),
        Column("currency", _l("currency"), WriteOff.currency, wide=True),
        Column("amount_fen", _l("amount"), WriteOff.amount_fen, "fen"),
        Column("counted_fen", _l("posted"), _counted(), "fen", total=True),
        Column("state", _l("state"), WriteOff.state, "state"),
    ],
    default_sort="-number",
    scope=lambda actor: visible(actor, WriteOff.distributor_id),
    filters=[
        Filter("state", _l("state"), WriteOff.state, choices=_STATES),
        Filter("kind", _l("kind"), WriteOff.kind, choices=lambda: list(WRITE_OFF_KINDS.items())),
        Filter("from", _l("from"), WriteOff.posted_on, kind="from"),
        Filter("to", _l("to"), WriteOff.posted_on, kind="to"),
    ],
    search=[WriteOff.number, WriteOff.reason, Invoice.number, Distributor.code, Distributor.name],
    currency=WriteOff.currency,
    endpoint="write_offs.record",
    empty=_l("Nothing was written off yet: propose it on the page of an open invoice."),
)

"""Reads of exceptions: the inbox, the register, one request with its case, waivers."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from channel import clock
from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.accounts import User
from channel.models.exceptions import ApprovalSeat, ExceptionRequest, Waiver, WaiverUse
from channel.models.outcomes import OutcomeReview, WaiverEnd
from channel.models.partners import Distributor
from channel.models.receivables import Invoice
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible

STATE_WORDS = {
    "pending": _l("waiting for approval"),
    "approved": _l("approved"),
    "rejected": _l("rejected"),
    "sent_back": _l("sent back"),
    "withdrawn": _l("withdrawn"),
    "expired": _l("expired"),
}

TYPE_CHOICES = [
    ("minimum", _l("minimum shipment")),
    ("credit", _l("credit")),
    ("territory", _l("territory")),
    ("price", _l("special price")),
    ("expiry", _l("no agreement in force")),
    ("level", _l("level opening")),
    ("terms", _l("payment term")),
    ("exchange", _l("late exchange")),
    ("delivery_place", _l("delivery place")),
    ("support", _l("support over the budget")),
]


def state_word(state: str) -> str:
    return str(STATE_WORDS.get(state, state))


def get_request(actor: Actor, request_id: int) -> ExceptionRequest:
    request = db.session.scalar(
        sa.select(ExceptionRequest)
        .options(selectinload(ExceptionRequest.seats), joinedload(ExceptionRequest.distributor))
        .where(ExceptionRequest.id == request_id, visible(actor, ExceptionRequest.distributor_id))
    )
    if request is None:
        raise NotVisible
    return request


def names(user_ids: set[int]) -> dict[int, str]:
    """id → name of people, in one statement."""
    if not user_ids:
        return {}
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(user_ids)))
    return dict(rows.all())


def numbers(request_ids: set[int]) -> dict[int, str]:
    """id → number of requests, in one statement."""
    rows = db.session.execute(
        sa.select(ExceptionRequest.id, ExceptionRequest.number).where(
            ExceptionRequest.id.in_(request_ids)
        )
    )
    return dict(rows.all())


def waiver_with_use(request_id: int) -> tuple[Waiver, int, int, int] | None:
    """(waiver, uses, fen used, quantity used) of an approved request."""
    row = db.session.execute(
        sa.select(
            Waiver,
            sa.func.coalesce(sa.func.sum(WaiverUse.uses), 0),
            sa.func.coalesce(sa.func.sum(WaiverUse.value_fen), 0),
            sa.func.coalesce(sa.func.sum(WaiverUse.quantity), 0),
        )
        .outerjoin(WaiverUse, WaiverUse.waiver_id == Waiver.id)
        .where(Waiver.request_id == request_id)
        .group_by(Waiver.id)
    ).first()
    return (row[0], int(row[1]), int(row[2]), int(row[3])) if row else None


_REQUESTER = sa.orm.aliased(User)
_SIGNER = sa.orm.aliased(User)

#: The last who signed: the register's totals by approver sum to the register.
_LAST_SEAT = (
    sa.select(ApprovalSeat.signed_by_id)
    .where(ApprovalSeat.request_id == ExceptionRequest.id, ApprovalSeat.signed_by_id.is_not(None))
    .order_by(ApprovalSeat.signed_at.desc(), ApprovalSeat.id.desc())
    .limit(1)
    .correlate(ExceptionRequest)
    .scalar_subquery()
)
_APPROVER = sa.select(_SIGNER.name).where(_SIGNER.id == _LAST_SEAT).scalar_subquery()
_USED = (
    # PostgreSQL sums bigint as numeric: made whole again here.
    sa.select(sa.cast(sa.func.coalesce(sa.func.sum(WaiverUse.value_fen), 0), sa.BigInteger))
    .join(Waiver, Waiver.id == WaiverUse.waiver_id)
    .where(Waiver.request_id == ExceptionRequest.id)
    .correlate(ExceptionRequest)
    .scalar_subquery()
)
_OUTCOME = (
    sa.select(OutcomeReview.decision)
    .where(OutcomeReview.request_id == ExceptionRequest.id, OutcomeReview.decision.is_not(None))
    .order_by(OutcomeReview.due_on.desc())
    .limit(1)
    .correlate(ExceptionRequest)
    .scalar_subquery()
)
#: The first day without the waiver: its own end, or the earlier one that a review gave it.
_ENDS = sa.func.coalesce(
    sa.select(WaiverEnd.ends_on)
    .join(Waiver, Waiver.id == WaiverEnd.waiver_id)
    .where(Waiver.request_id == ExceptionRequest.id)
    .correlate(ExceptionRequest)
    .scalar_subquery(),
    ExceptionRequest.valid_to,
)
ending = sa.type_coerce(_ENDS, sa.Date)


def _approvers() -> list[tuple[str, str]]:
    rows = db.session.execute(
        sa.select(User.id, User.name)
        .where(User.id.in_(sa.select(ApprovalSeat.signed_by_id)))
        .order_by(User.name)
    )
    return [(str(user_id), name) for user_id, name in rows]


REGISTER = Listing(
    name="exceptions",
    title=_l("Exceptions"),
    identity=ExceptionRequest.id,
    source=sa.join(
        ExceptionRequest, Distributor, ExceptionRequest.distributor_id == Distributor.id
    ).outerjoin(_REQUESTER, _REQUESTER.id == ExceptionRequest.requester_id),
    columns=[
        Column("number", _l("number"), ExceptionRequest.number, "code"),
        Column("type", _l("type"), ExceptionRequest.type, "exception_type"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("size_fen", _l("value"), ExceptionRequest.size_fen, "fen", total=True),
        Column("used_fen", _l("value used"), _USED, "fen", total=True, wide=True),
        Column("valid_from", _l("valid from"), ExceptionRequest.valid_from, "date", wide=True),
        Column("valid_to", _l("until (exclusive)"), ending, "date", wide=True),
        Column("requester", _l("requester"), _REQUESTER.name, wide=True),
        Column("approver", _l("decided by"), _APPROVER, wide=True, sortable=False),
        Column("outcome", _l("outcome"), sa.func.coalesce(_OUTCOME, ""), "outcome", wide=True),
        Column("state", _l("state"), ExceptionRequest.state, "state"),
    ],
    default_sort="-number",
    scope=lambda actor: visible(actor, ExceptionRequest.distributor_id),
    filters=[
        Filter("type", _l("type"), ExceptionRequest.type, choices=TYPE_CHOICES),
        Filter("state", _l("state"), ExceptionRequest.state, choices=list(STATE_WORDS.items())),
        Filter("approver", _l("decided by"), _LAST_SEAT, choices=_approvers),
        Filter("ends_to", _l("ends until"), ending, kind="to"),
        Filter("ends_from", _l("ends from"), ending, kind="from"),
    ],
    search=[
        ExceptionRequest.number,
        Distributor.name,
        Distributor.code,
        ExceptionRequest.subject_label,
    ],
    currency=ExceptionRequest.currency,
    endpoint="exceptions.record",
    empty=_l("No exception yet. They begin at a refused order or shipment."),
)


def ending_soon(actor: Actor, days: int = 30) -> int:
    """How many approved exceptions end within the days (D10)."""
    today = clock.today()
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(ExceptionRequest)
            .where(
                visible(actor, ExceptionRequest.distributor_id),
                ExceptionRequest.state == "approved",
                ending > today,
                ending <= today + timedelta(days=days),
            )
        )
        or 0
    )


def sales_by_month(actor: Actor, distributor_id: int) -> list[tuple[str, int]]:
    """(month, net invoiced fen) of the last twelve months, for the approver (D04)."""
    today = clock.today()
    start = today.replace(year=today.year - 1, day=1)
    rows = db.session.execute(
        sa.select(Invoice.invoice_date, Invoice.net_fen).where(
            Invoice.distributor_id == distributor_id,
            visible(actor, Invoice.distributor_id),
            Invoice.kind.in_(("invoice", "credit_note")),
            Invoice.invoice_date >= start,
        )
    )
    sums: dict[str, int] = {}
    for on, net in rows:
        sums[f"{on:%Y-%m}"] = sums.get(f"{on:%Y-%m}", 0) + net
    return sorted(sums.items())

"""Approved exceptions at work: what is left of each, using one, giving it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.exceptions import Waiver, WaiverUse
from channel.models.outcomes import WaiverEnd
from channel.services.work import Work


@dataclass(frozen=True)
class Left:
    """A waiver in force with what its caps still allow; None means no cap."""

    waiver: Waiver
    uses: int | None
    value_fen: int | None
    quantity: int | None
    #: Used already by the orders of the shipment that is judged: not to be used twice.
    is_held: bool = False

    @property
    def is_usable(self) -> bool:
        return all(left is None or left > 0 for left in (self.uses, self.value_fen, self.quantity))

    def takes(self, value_fen: int) -> bool:
        """Whether a document of this value still fits under the cap by value."""
        return self.value_fen is None or value_fen <= self.value_fen


def in_force(distributor_id: int, on: date, orders: Collection[int] = ()) -> list[Left]:
    """The usable waivers of a distributor on a date, the ones that end first before others.

    What the given orders have used counts as left: their shipment goes under the same exception.
    """
    held = _held_by(orders) if orders else {}
    used = (
        sa.select(
            WaiverUse.waiver_id,
            sa.func.sum(WaiverUse.uses).label("uses"),
            sa.func.sum(WaiverUse.value_fen).label("value_fen"),
            sa.func.sum(WaiverUse.quantity).label("quantity"),
        )
        .join(Waiver, Waiver.id == WaiverUse.waiver_id)
        .where(Waiver.distributor_id == distributor_id)
        .group_by(WaiverUse.waiver_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Waiver, used.c.uses, used.c.value_fen, used.c.quantity)
        .outerjoin(used, used.c.waiver_id == Waiver.id)
        .outerjoin(WaiverEnd, WaiverEnd.waiver_id == Waiver.id)
        .where(
            Waiver.distributor_id == distributor_id,
            Waiver.valid_from <= on,
            Waiver.valid_to > on,
            sa.or_(WaiverEnd.id.is_(None), WaiverEnd.ends_on > on),
        )
        .order_by(Waiver.valid_to, Waiver.id)
    )
    nothing = (0, 0, 0)
    lefts = []
    for waiver, uses, value, quantity in rows:
        own_uses, own_value, own_quantity = held.get(waiver.id, nothing)
        lefts.append(
            Left(
                waiver,
                _rest(waiver.max_uses, (uses or 0) - own_uses),
                _rest(waiver.max_value_fen, (value or 0) - own_value),
                _rest(waiver.max_quantity, (quantity or 0) - own_quantity),
                is_held=own_uses > 0,
            )
        )
    return [left for left in lefts if left.is_usable]


def _held_by(orders: Collection[int]) -> dict[int, tuple[int, int, int]]:
    """waiver → (uses, value, quantity) that the orders have used and not given back."""
    rows = db.session.execute(
        sa.select(
            WaiverUse.waiver_id,
            sa.func.sum(WaiverUse.uses),
            sa.func.sum(WaiverUse.value_fen),
            sa.func.sum(WaiverUse.quantity),
        )
        .where(WaiverUse.document_kind == "order", WaiverUse.document_id.in_(orders))
        .group_by(WaiverUse.waiver_id)
    )
    return {i: (int(uses), int(value), int(quantity)) for i, uses, value, quantity in rows}


def of_type(lefts: list[Left], kind: str) -> list[Left]:
    """Those of one kind."""
    return [left for left in lefts if left.waiver.type == kind]


def freight_waived(distributor_id: int, freight_fen: int, on: date) -> Left | None:
    """The exception that takes over the freight of a late change of place, if one covers it."""
    return next(
        (
            left
            for left in of_type(in_force(distributor_id, on), "delivery_place")
            if freight_fen <= (left.waiver.amount_fen or 0) and left.takes(freight_fen)
        ),
        None,
    )


def extra_days(document: Any) -> int:
    """By how many days an exception postpones what the document makes fall due."""
    days = db.session.scalar(
        sa.select(sa.func.max(Waiver.extra_days)).where(
            Waiver.type == "terms",
            Waiver.id.in_(
                sa.select(WaiverUse.waiver_id)
                .where(
                    WaiverUse.document_kind == _kind(document),
                    WaiverUse.document_id == document.id,
                )
                .group_by(WaiverUse.waiver_id)
                .having(sa.func.sum(WaiverUse.uses) > 0)
            ),
        )
    )
    return int(days or 0)


def _rest(cap: int | None, used: Any) -> int | None:
    return None if cap is None else cap - int(used or 0)


def use(
    w: Work, waiver_id: int, document: Any, *, value_fen: int, quantity: int = 0, on: date
) -> None:
    """Write that the document uses the waiver once."""
    w.session.add(
        WaiverUse(
            waiver_id=waiver_id,
            document_kind=_kind(document),
            document_id=document.id,
            uses=1,
            value_fen=value_fen,
            quantity=quantity,
            on_date=on,
            created_at=w.now,
        )
    )


def give_back(w: Work, document: Any, on: date) -> None:
    """Undo what the document used, by opposite rows; twice changes nothing."""
    used = w.session.execute(
        sa.select(
            WaiverUse.waiver_id,
            sa.func.sum(WaiverUse.uses),
            sa.func.sum(WaiverUse.value_fen),
            sa.func.sum(WaiverUse.quantity),
        )
        .where(WaiverUse.document_kind == _kind(document), WaiverUse.document_id == document.id)
        .group_by(WaiverUse.waiver_id)
    ).all()
    for waiver_id, uses, value, quantity in used:
        if uses:
            w.session.add(
                WaiverUse(
                    waiver_id=waiver_id,
                    document_kind=_kind(document),
                    document_id=document.id,
                    uses=-int(uses),
                    value_fen=-int(value),
                    quantity=-int(quantity),
                    on_date=on,
                    created_at=w.now,
                )
            )


def _kind(document: Any) -> str:
    return str(document.__tablename__).removeprefix("sales_").removesuffix("_claim")

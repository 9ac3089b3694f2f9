"""Approved exceptions at work: what is left of each, using one, giving it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.exceptions import Waiver, WaiverUse
from channel.services.work import Work


@dataclass(frozen=True)
class Left:
    """A waiver in force with what its caps still allow; None means no cap."""

    waiver: Waiver
    uses: int | None
    value_fen: int | None
    quantity: int | None

    @property
    def is_usable(self) -> bool:
        return all(left is None or left > 0 for left in (self.uses, self.value_fen, self.quantity))


def in_force(distributor_id: int, on: date) -> list[Left]:
    """The usable waivers of a distributor on a date, the ones that end first before others."""
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
        .where(
            Waiver.distributor_id == distributor_id,
            Waiver.valid_from <= on,
            Waiver.valid_to > on,
        )
        .order_by(Waiver.valid_to, Waiver.id)
    )
    lefts = [
        Left(
            waiver,
            _rest(waiver.max_uses, uses),
            _rest(waiver.max_value_fen, value),
            _rest(waiver.max_quantity, quantity),
        )
        for waiver, uses, value, quantity in rows
    ]
    return [left for left in lefts if left.is_usable]


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
    return str(document.__tablename__).removeprefix("sales_")

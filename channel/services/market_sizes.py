"""The use case about market sizes: an estimate for a division and a year, with its source."""

from __future__ import annotations

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.market import MarketSize
from channel.services.work import work


def enter_size(actor: Actor, division_code: str, year: int, amount_fen: int, source: str) -> int:
    """Enter or correct what all makers together sell there in a year; its id."""
    with work(actor, Permission.MARKET_HANDLE) as w:
        size = w.session.scalar(
            sa.select(MarketSize).where(
                MarketSize.division_code == division_code, MarketSize.year == year
            )
        )
        old = size.amount_fen if size else None
        if size is None:
            size = MarketSize(division_code=division_code, year=year)
            w.session.add(size)
        size.amount_fen, size.source = amount_fen, source.strip()
        size.entered_by_id, size.entered_at = actor.user_id, w.now
        w.session.flush()  # the audit entry needs its id
        changes = {"amount_fen": (old, amount_fen)}
        w.audit("market:size", size, label=f"{division_code} {year}", reason=source,
                changes=changes)  # fmt: skip
        return size.id

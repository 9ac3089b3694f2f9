"""The statement behind a printed number, for whoever holds the paper and its code.

Not scoped by actor: nobody is signed in. What may be told is chosen by the one use case that asks.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from channel.db import db
from channel.models.rebates import RebateRun, RebateStatement

_s = RebateStatement


def find_posted(number: str) -> RebateStatement | None:
    """The posted statement of this number, with its document."""
    return db.session.scalar(
        sa.select(_s)
        .join(_s.run)
        .options(undefer(_s.document))
        .where(_s.number == number[:64], RebateRun.state == "posted")
    )


def has_later(statement: RebateStatement) -> bool:
    """Whether the same period of the same policy was settled again since."""
    found = db.session.scalar(
        sa.select(
            sa.exists().where(
                _s.distributor_id == statement.distributor_id,
                _s.policy_code == statement.policy_code,
                _s.currency == statement.currency,
                _s.period_start == statement.period_start,
                _s.period_end == statement.period_end,
                _s.number.is_not(None),
                _s.id > statement.id,
            )
        )
    )
    return bool(found)

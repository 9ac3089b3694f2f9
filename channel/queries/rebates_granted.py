"""What posted statements gave, by policy and owner: the very period, and all of a window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from channel.db import db
from channel.models.rebates import RebateRun, RebateStatement
from channel.queries.rebates_sums import Owner
from contracts.values.periods import Period

_s, _run = RebateStatement, RebateRun


@dataclass(frozen=True, slots=True)
class Granted:
    """Fen granted in the window up to and including a period, those of the periods before it,
    and whether a statement settles this very period already."""

    fen: int = 0
    earlier_fen: int = 0
    is_settled: bool = False


NOTHING = Granted()


def granted_so_far(code: str, window: Period, period: Period) -> dict[Owner, Granted]:
    """Owner → what posted statements gave from the window's start to the end of the period."""
    is_earlier = _s.period_end < period.end
    rows = db.session.execute(
        sa.select(
            _s.distributor_id,
            _s.currency,
            sa.func.sum(_s.amount_fen),
            sa.func.sum(sa.case((is_earlier, _s.amount_fen), else_=0)),
            sa.func.sum(sa.case((is_earlier, 0), else_=1)),
        )
        .join(_run, _run.id == _s.run_id)
        .where(
            _run.state == "posted",
            _s.policy_code == code,
            _s.period_start >= window.start,
            _s.period_end <= period.end,
        )
        .group_by(_s.distributor_id, _s.currency)
    )
    return {
        (owner, currency): Granted(int(fen), int(earlier), int(own) > 0)
        for owner, currency, fen, earlier, own in rows
    }


def granted(
    period: Period, policy_codes: Iterable[str], distributor_id: int | None = None
) -> dict[tuple[str, int, str], int]:
    """(policy code, distributor, currency) → fen that posted statements gave for periods that lie
    in this one. A key is there as soon as a statement was posted, even one of nothing."""
    conditions = [
        _run.state == "posted",
        _s.period_start >= period.start,
        _s.period_end <= period.end,
        _s.policy_code.in_(sorted(policy_codes)),
    ]
    if distributor_id is not None:
        conditions.append(_s.distributor_id == distributor_id)
    rows = db.session.execute(
        sa.select(_s.policy_code, _s.distributor_id, _s.currency, sa.func.sum(_s.amount_fen))
        .join(_run, _run.id == _s.run_id)
        .where(*conditions)
        .group_by(_s.policy_code, _s.distributor_id, _s.currency)
    )
    return {(code, owner, currency): int(fen) for code, owner, currency, fen in rows}

"""The tiers that are expected, with their reasons, and what is booked for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel import clock
from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.accounts import User
from channel.models.partners import Distributor
from channel.models.rebates import RebateRun, RebateStatement
from channel.models.rebates_trials import RebateAccrual, RebateAccrualRun, RebateExpectation
from channel.queries.listing import Column, Filter, Listing
from channel.queries.rebates_sums import Owner
from channel.queries.scope import visible
from contracts.values.periods import Period

_e, _a, _run = RebateExpectation, RebateAccrual, RebateAccrualRun


def expectations(
    code: str, period: Period, on: date, distributor_id: int | None = None
) -> dict[Owner, RebateExpectation]:
    """Owner → the latest choice of the tier expected, made up to the end of a day."""
    conditions = [
        _e.policy_code == code,
        _e.period_start == period.start,
        _e.period_end == period.end,
        _e.chosen_at < clock.instant_of(on, 23, 59),
    ]
    if distributor_id is not None:
        conditions.append(_e.distributor_id == distributor_id)
    rows = db.session.scalars(sa.select(_e).where(*conditions).order_by(_e.id))
    found = {(one.distributor_id, one.currency): one for one in rows}
    return {owner: one for owner, one in found.items() if one.tier is not None}


def chooser(expectation: RebateExpectation) -> str:
    """Who chose."""
    name = db.session.scalar(sa.select(User.name).where(User.id == expectation.chosen_by_id))
    return name or ""


def booked(code: str, period: Period, distributor_id: int | None = None) -> dict[Owner, int]:
    """Owner → the open balance of accruals booked for a policy and period."""
    conditions = [
        _a.policy_code == code,
        _a.period_start == period.start,
        _a.period_end == period.end,
    ]
    if distributor_id is not None:
        conditions.append(_a.distributor_id == distributor_id)
    rows = db.session.execute(
        sa.select(_a.distributor_id, _a.currency, sa.func.sum(_a.amount_fen))
        .where(*conditions)
        .group_by(_a.distributor_id, _a.currency)
    )
    return {(owner, currency): int(fen) for owner, currency, fen in rows}


def open_periods() -> list[tuple[str, Period]]:
    """(policy code, period) of which something booked is not released yet."""
    owners = (
        sa.select(_a.policy_code, _a.period_start, _a.period_end)
        .group_by(_a.policy_code, _a.period_start, _a.period_end, _a.distributor_id, _a.currency)
        .having(sa.func.sum(_a.amount_fen) != 0)
        .subquery()
    )
    rows = db.session.execute(sa.select(owners).distinct())
    return [(code, Period(start, end)) for code, start, end in rows]


def settled_by(code: str, window: Period, period: Period, on: date) -> dict[Owner, tuple[int, int]]:
    """Owner → (fen, fen of earlier periods) that statements posted by the end of a day gave."""
    s, run = RebateStatement, RebateRun
    is_earlier = s.period_end < period.end
    rows = db.session.execute(
        sa.select(
            s.distributor_id,
            s.currency,
            sa.func.sum(s.amount_fen),
            sa.func.sum(sa.case((is_earlier, s.amount_fen), else_=0)),
        )
        .join(run, run.id == s.run_id)
        .where(
            run.state == "posted",
            run.posted_at <= clock.instant_of(on, 23, 59),
            s.policy_code == code,
            s.period_start >= window.start,
            s.period_end <= period.end,
        )
        .group_by(s.distributor_id, s.currency)
    )
    return {(owner, currency): (int(fen), int(old)) for owner, currency, fen, old in rows}


def last_booked() -> date | None:
    """The day up to which accruals were booked last."""
    return db.session.scalar(sa.select(sa.func.max(_run.on_date)))


def get_run(actor: Actor, run_id: int) -> RebateAccrualRun:
    """A run of accruals, for the house."""
    run = db.session.scalar(sa.select(_run).where(_run.id == run_id))
    if run is None or actor.is_distributor:
        raise NotVisible
    return run


def get_entries(actor: Actor, distributor_id: int, keys: Iterable[str]) -> list[RebateAccrual]:
    """The entries of one distributor under some policies, the latest first."""
    return list(
        db.session.scalars(
            sa.select(_a)
            .options(joinedload(_a.run))
            .where(
                visible(actor, _a.distributor_id),
                _a.distributor_id == distributor_id,
                _a.policy_code.in_(sorted(keys)),
            )
            .order_by(_a.id.desc())
        )
    )


def _of_run(column: Any) -> Any:
    return sa.select(column).where(_a.run_id == _run.id).correlate(_run.__table__).scalar_subquery()


RUNS = Listing(
    name="rebate-accruals",
    title=_l("Accruals booked"),
    identity=_run.id,
    source=_run,
    columns=[
        Column("number", _l("number"), _run.number, "code"),
        Column("on_date", _l("up to and including"), _run.on_date, "date"),
        Column("entries", _l("entries"), _of_run(sa.func.count()), "quantity"),
        Column("posted_at", _l("booked"), _run.posted_at, "instant"),
    ],
    default_sort="-number",
    scope=lambda actor: sa.false() if actor.is_distributor else sa.true(),
    search=[_run.number],
    endpoint="rebates.accrual_run",
    empty=_l("No accrual was booked yet: book them at the end of each month."),
)


def entries_of(run: RebateAccrualRun) -> Listing:
    """What a run booked, the biggest difference first."""
    return Listing(
        name=f"rebate-accruals-{run.number}",
        title=_l("Entries of accruals"),
        identity=_a.id,
        source=sa.join(_a, Distributor, Distributor.id == _a.distributor_id),
        columns=[
            Column("distributor", _l("distributor"), Distributor.name),
            Column("code", _l("code"), Distributor.code, "code", wide=True),
            Column("policy_code", _l("policy"), _a.policy_code, "code"),
            Column("period_start", _l("from"), _a.period_start, "date", wide=True),
            Column("period_end", _l("until (exclusive)"), _a.period_end, "date", wide=True),
            Column("currency", _l("currency"), _a.currency, "code", wide=True),
            Column("base_fen", _l("base"), _a.base_fen, "fen", total=True, wide=True),
            Column("is_chosen", _l("tier chosen"), _a.is_chosen, "bool", wide=True),
            Column("due_fen", _l("accrual due"), _a.due_fen, "fen", total=True),
            Column("settled_fen", _l("settled"), _a.settled_fen, "fen", total=True, wide=True),
            Column("open_fen", _l("booked before"), _a.open_fen, "fen", total=True, wide=True),
            Column("amount_fen", _l("booked now"), _a.amount_fen, "fen", total=True),
        ],
        default_sort="-amount_fen",
        scope=lambda actor: sa.and_(_a.run_id == run.id, visible(actor, _a.distributor_id)),
        filters=[
            Filter("policy", _l("policy"), _a.policy_code, kind="text"),
            Filter(
                "way",
                _l("direction"),
                sa.case((_a.amount_fen < 0, "back"), else_="more"),
                choices=[("more", _l("accrued")), ("back", _l("released"))],
            ),
        ],
        search=[Distributor.name, Distributor.code],
        currency=_a.currency,
        empty=_l("Nothing was booked."),
    )

"""Reads of rebate runs: the list, a run's totals, and its statements by the size of the change."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.accounts import User
from channel.models.rebates import RebatePolicy, RebateRun, RebateStatement
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible
from contracts.values.periods import Period

_run, _s = RebateRun, RebateStatement


@dataclass(frozen=True)
class RunTotal:
    """What a run says of one policy in one currency."""

    policy_id: int
    policy: str
    currency: str
    statements: int
    base_fen: int
    entitlement_fen: int
    granted_before_fen: int
    amount_fen: int
    taken_back: int


def get_run(actor: Actor, run_id: int) -> RebateRun:
    """The run, for the house; distributors see statements, never runs."""
    run = db.session.get(_run, run_id)
    if run is None or actor.is_distributor:
        raise NotVisible
    return run


def period_of(run: RebateRun) -> Period:
    return Period(run.period_start, run.period_end)


def statement_count(run_id: int) -> int:
    """How many statements the run holds, of whomever."""
    statement = sa.select(sa.func.count()).where(_s.run_id == run_id)
    return db.session.scalar(statement) or 0


def run_totals(actor: Actor, run_id: int) -> list[RunTotal]:
    """Per policy and currency, of the statements that the actor may see."""
    rows = db.session.execute(
        sa.select(
            RebatePolicy.id,
            RebatePolicy.code,
            RebatePolicy.version_no,
            _s.currency,
            sa.func.count(),
            sa.func.sum(_s.base_fen),
            sa.func.sum(_s.entitlement_fen),
            sa.func.sum(_s.granted_before_fen),
            sa.func.sum(_s.amount_fen),
            sa.func.sum(sa.case((_s.amount_fen < 0, 1), else_=0)),
        )
        .join(RebatePolicy, RebatePolicy.id == _s.policy_id)
        .where(_s.run_id == run_id, visible(actor, _s.distributor_id))
        .group_by(RebatePolicy.id, RebatePolicy.code, RebatePolicy.version_no, _s.currency)
        .order_by(RebatePolicy.code, _s.currency)
    )
    return [
        RunTotal(policy_id, f"{code} v{version}", currency, *(int(v) for v in figures))
        for policy_id, code, version, currency, *figures in rows
    ]


def names_of(*user_ids: int | None) -> dict[int | None, str]:
    """id → name of the people who proposed, reviewed and posted."""
    wanted = {i for i in user_ids if i is not None}
    found: dict[int | None, str] = {}
    for user_id, name in db.session.execute(
        sa.select(User.id, User.name).where(User.id.in_(wanted))
    ):
        found[user_id] = name
    return found


def lines_since(run: RebateRun) -> int:
    """Invoice lines of the run's period that were posted after it was computed."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(InvoiceLine)
            .where(
                InvoiceLine.id > run.through_line_id,
                InvoiceLine.counts_on >= run.period_start,
                InvoiceLine.counts_on < run.period_end,
            )
        )
        or 0
    )


def is_small(period: Period, invoices: int) -> bool:
    """Whether the period has at most this many invoices; looks no further than that."""
    some = (
        sa.select(Invoice.id)
        .where(Invoice.invoice_date >= period.start, Invoice.invoice_date < period.end)
        .limit(invoices + 1)
        .subquery()
    )
    return (db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0) <= invoices


def runs_of(period: Period) -> int:
    """How many runs there are of the period, whatever became of them."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(_run)
            .where(_run.period_start == period.start, _run.period_end == period.end)
        )
        or 0
    )


RUNS = Listing(
    name="rebate-runs",
    title=_l("Rebate runs"),
    identity=_run.id,
    source=_run,
    columns=[
        Column("number", _l("number"), _run.number, "code"),
        Column("period_start", _l("from"), _run.period_start, "date"),
        Column("period_end", _l("until (exclusive)"), _run.period_end, "date"),
        Column("proposed_at", _l("proposed"), _run.proposed_at, "instant", wide=True),
        Column("posted_at", _l("posted"), _run.posted_at, "instant", wide=True),
        Column("state", _l("state"), _run.state, "state"),
    ],
    default_sort="-number",
    scope=lambda actor: sa.false() if actor.is_distributor else sa.true(),
    filters=[
        Filter(
            "state",
            _l("state"),
            _run.state,
            choices=[
                ("proposed", _l("proposed")),
                ("reviewed", _l("reviewed")),
                ("posted", _l("posted")),
                ("discarded", _l("discarded")),
            ],
        ),
        Filter("from", _l("from"), _run.period_start, kind="from"),
    ],
    search=[_run.number],
    endpoint="rebates.run",
    empty=_l("No run yet: choose a period and propose the first one."),
)


def currencies(run_id: int) -> list[str]:
    """The currencies of a run's statements."""
    return list(
        db.session.scalars(
            sa.select(_s.currency).where(_s.run_id == run_id).distinct().order_by(_s.currency)
        )
    )

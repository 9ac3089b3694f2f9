"""The rebate pool: what each distributor has earned and not yet used, on any date."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.models.diversions import ConductStep
from channel.models.market import Incident
from channel.models.partners import Distributor
from channel.models.rebates import PoolEntry, RebateStatement
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible


def balances_listing(as_of: date) -> Listing:
    """Distributors with a balance on the date, and the movements that make it up by kind."""
    entry = PoolEntry

    def total(*kinds: str) -> Any:
        moved = sa.case((entry.kind.in_(kinds), entry.amount_fen), else_=0)
        return sa.cast(sa.func.sum(moved), sa.BigInteger)

    grouped = (
        sa.select(
            entry.distributor_id,
            entry.currency,
            total("earned").label("earned"),
            total("reversed").label("reversed"),
            total("used").label("used"),
            total("expired").label("expired"),
            sa.cast(sa.func.sum(entry.amount_fen), sa.BigInteger).label("balance"),
        )
        .where(entry.on_date <= as_of)
        .group_by(entry.distributor_id, entry.currency)
        .subquery()
    )
    columns = grouped.c
    return Listing(
        fixed={"as_of": as_of.isoformat()},
        name=f"rebate-pool-{as_of.isoformat()}",
        title=_l("Rebate pool"),
        identity=columns.distributor_id,
        source=sa.join(grouped, Distributor, columns.distributor_id == Distributor.id),
        columns=[
            Column("code", _l("code"), Distributor.code, "code"),
            Column("name", _l("distributor"), Distributor.name),
            Column("currency", _l("currency"), columns.currency, wide=True),
            Column("earned", _l("earned"), columns.earned, "fen", total=True, wide=True),
            Column("reversed", _l("reversed"), columns.reversed, "fen", total=True, wide=True),
            Column("used", _l("used up"), columns.used, "fen", total=True, wide=True),
            Column("expired", _l("expired"), columns.expired, "fen", total=True, wide=True),
            Column("balance", _l("balance"), columns.balance, "fen", total=True),
        ],
        default_sort="-balance",
        scope=lambda actor: visible(actor, columns.distributor_id),
        search=[Distributor.code, Distributor.name],
        currency=columns.currency,
        endpoint="rebates.pool_entries",
        empty=_l("No rebate was posted up to this date."),
    )


def entries_listing(distributor_id: int) -> Listing:
    """The movements of one distributor; their sum is its balance."""
    entry = PoolEntry
    taken = entry.amount_fen < 0
    kind = sa.case(
        (sa.and_(ConductStep.kind == "withhold", taken), "withheld"),
        (ConductStep.kind == "withhold", "withheld_back"),
        (sa.and_(ConductStep.id.is_not(None), taken), "penalty"),
        (ConductStep.id.is_not(None), "penalty_back"),
        else_=entry.kind,
    )
    return Listing(
        name="rebate-pool-entries",
        title=_l("Movements of the rebate pool"),
        identity=entry.statement_id,
        source=sa.outerjoin(entry, RebateStatement, RebateStatement.id == entry.statement_id)
        .outerjoin(ConductStep, ConductStep.pool_entry_id == entry.id)
        .outerjoin(Incident, Incident.id == ConductStep.incident_id),
        columns=[
            Column("statement", _l("statement"), RebateStatement.number, "code"),
            Column("on_date", _l("date"), entry.on_date, "date"),
            Column("case", _l("case"), Incident.number, "code", wide=True),
            Column("kind", _l("kind"), kind, "state"),
            Column("currency", _l("currency"), entry.currency, wide=True),
            Column("amount_fen", _l("amount"), entry.amount_fen, "fen", total=True),
        ],
        default_sort="-on_date",
        scope=lambda actor: sa.and_(
            visible(actor, entry.distributor_id), entry.distributor_id == distributor_id
        ),
        filters=[
            Filter("from", _l("from"), entry.on_date, kind="from"),
            Filter("to", _l("to"), entry.on_date, kind="to"),
        ],
        currency=entry.currency,
        endpoint="rebates.statement",
        empty=_l("Nothing was earned or used yet."),
    )

"""The rebate pool as lists: balances on a date, movements, the journal, and what it is used for."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.messages.rebates_pool import ACCOUNT_WORDS, FORM_WORDS
from channel.models.diversions import ConductStep
from channel.models.orders import Order
from channel.models.partners import Distributor
from channel.models.rebate_pool import PoolUse
from channel.models.rebates import PoolEntry, RebateStatement
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible
from channel.rules.pool import COUNTERS, POOL

_e = PoolEntry


def balances_listing(as_of: date) -> Listing:
    """Distributors with a balance on the date, and the movements that make it up by kind."""

    def total(*kinds: str) -> Any:
        moved = sa.case((_e.kind.in_(kinds), _e.amount_fen), else_=0)
        return sa.cast(sa.func.sum(moved), sa.BigInteger)

    waiting = ("reserved", "released", "held", "freed")
    grouped = (
        sa.select(
            _e.distributor_id,
            _e.currency,
            total("earned").label("earned"),
            total("reversed").label("reversed"),
            total("used").label("used"),
            total("expired").label("expired"),
            total(*waiting).label("reserved"),
            sa.cast(sa.func.sum(_e.amount_fen), sa.BigInteger).label("balance"),
        )
        .where(_e.on_date <= as_of)
        .group_by(_e.distributor_id, _e.currency)
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
            Column("reserved", _l("reserved"), columns.reserved, "fen", total=True, wide=True),
            Column("balance", _l("pool balance"), columns.balance, "fen", total=True),
        ],
        default_sort="-balance",
        scope=lambda actor: visible(actor, columns.distributor_id),
        search=[Distributor.code, Distributor.name],
        filters=[
            Filter(
                "below",
                _l("below zero"),
                sa.cast(columns.balance < 0, sa.Boolean),
                choices=[("1", _l("yes")), ("0", _l("no"))],
            )
        ],
        currency=columns.currency,
        endpoint="rebates.pool_entries",
        empty=_l("No rebate was posted up to this date."),
    )


def _word() -> Any:
    """The kind of a movement as people read it; those of cases by their own word."""
    taken = _e.amount_fen < 0
    return sa.case(
        (sa.and_(ConductStep.kind == "withhold", taken), "withheld"),
        (ConductStep.kind == "withhold", "withheld_back"),
        (sa.and_(ConductStep.id.is_not(None), taken), "penalty"),
        (ConductStep.id.is_not(None), "penalty_back"),
        (_e.counter == "waived", "waived"),
        (_e.kind == "reserved", "pool_reserved"),
        (_e.kind == "released", "pool_released"),
        (_e.kind == "held", "pool_held"),
        (_e.kind == "freed", "pool_freed"),
        else_=_e.kind,
    )


def entries_listing(distributor_id: int, as_of: date) -> Listing:
    """The movements of one distributor up to a day; their sum is its balance."""
    return Listing(
        fixed={"as_of": as_of.isoformat()},
        name="rebate-pool-entries",
        title=_l("Movements of the rebate pool"),
        identity=_e.id,
        source=sa.outerjoin(_e, RebateStatement, RebateStatement.id == _e.statement_id).outerjoin(
            ConductStep, ConductStep.pool_entry_id == _e.id
        ),
        columns=[
            Column("on_date", _l("date"), _e.on_date, "date"),
            Column("reference", _l("document"), _reference(), "code"),
            Column("kind", _l("kind"), _word(), "state"),
            Column("reason", _l("reason"), _e.reason, wide=True),
            Column("expires_on", _l("expires on"), _e.expires_on, "date", wide=True),
            Column("currency", _l("currency"), _e.currency, wide=True),
            Column("amount_fen", _l("amount"), _e.amount_fen, "fen", total=True),
        ],
        default_sort="-on_date",
        scope=lambda actor: sa.and_(
            visible(actor, _e.distributor_id),
            _e.distributor_id == distributor_id,
            _e.on_date <= as_of,
        ),
        filters=[
            Filter("from", _l("from"), _e.on_date, kind="from"),
            Filter("to", _l("to"), _e.on_date, kind="to"),
        ],
        search=[_e.reference, _e.reason],
        currency=_e.currency,
        endpoint="rebates.pool_entry",
        empty=_l("Nothing was earned or used yet."),
    )


def _reference() -> Any:
    """The document of a movement; entries of before bear none, but name their statement."""
    return sa.case(
        (_e.reference != "", _e.reference),
        else_=sa.func.coalesce(RebateStatement.number, ConductStep.number, ""),
    )


def journal() -> Listing:
    """Both sides of every movement, one row each: the amounts sum to nothing on any day."""
    own = sa.case(COUNTERS, value=_e.kind, else_="")
    counter = sa.case((_e.counter != "", _e.counter), else_=own)
    shared = (_e.id.label("id"), _e.distributor_id, _e.on_date, _e.currency, _reference())
    legs = []
    for side, account, fen in (
        (1, sa.literal(POOL), _e.amount_fen),
        (2, counter, -_e.amount_fen),
    ):
        legs.append(
            sa.select(
                *shared[:4],
                shared[4].label("reference"),
                _e.reason,
                sa.literal(side).label("side"),
                sa.cast(account, sa.String).label("account"),
                sa.cast(fen, sa.BigInteger).label("amount_fen"),
            ).select_from(
                sa.outerjoin(_e, RebateStatement, RebateStatement.id == _e.statement_id).outerjoin(
                    ConductStep, ConductStep.pool_entry_id == _e.id
                )
            )
        )
    both = sa.union_all(*legs).subquery()
    c = both.c
    return Listing(
        name="rebate-journal",
        title=_l("Journal of the rebate pool"),
        identity=c.id,
        source=sa.join(both, Distributor, Distributor.id == c.distributor_id),
        columns=[
            Column("on_date", _l("date"), c.on_date, "date"),
            Column("entry", _l("entry"), c.id, "quantity"),
            Column("reference", _l("document"), c.reference, "code"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("account", _l("account"), c.account, "pool_account"),
            Column("reason", _l("reason"), c.reason, wide=True),
            Column("currency", _l("currency"), c.currency, wide=True),
            Column("amount_fen", _l("amount"), c.amount_fen, "fen", total=True),
        ],
        default_sort="-entry",
        scope=lambda actor: visible(actor, c.distributor_id),
        filters=[
            Filter("from", _l("from"), c.on_date, kind="from"),
            Filter("to", _l("to"), c.on_date, kind="to"),
            Filter("account", _l("account"), c.account, choices=list(ACCOUNT_WORDS.items())),
        ],
        search=[c.reference, Distributor.code, Distributor.name],
        currency=c.currency,
        endpoint="rebates.pool_entry",
        empty=_l("Nothing was earned or used yet."),
    )


def uses_listing() -> Listing:
    """What the pools are used for, in which form, and how far it is."""
    use = PoolUse
    return Listing(
        name="rebate-uses",
        title=_l("Uses of the rebate pool"),
        identity=use.id,
        source=sa.join(use, Distributor, Distributor.id == use.distributor_id).outerjoin(
            Order, Order.id == use.order_id
        ),
        columns=[
            Column("number", _l("number"), use.number, "code"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("form", _l("form of payment"), use.form, "payout_form"),
            Column("order", _l("order"), Order.number, "code", wide=True),
            Column("requested_at", _l("asked on"), use.requested_at, "instant", wide=True),
            Column("currency", _l("currency"), use.currency, wide=True),
            Column("amount_fen", _l("amount"), use.amount_fen, "fen", total=True),
            Column("used_fen", _l("used up"), use.used_fen, "fen", total=True, wide=True),
            Column("released_fen", _l("given back"), use.released_fen, "fen", wide=True),
            Column("state", _l("state"), sa.literal("use_").concat(use.state), "state"),
        ],
        default_sort="-number",
        scope=lambda actor: visible(actor, use.distributor_id),
        filters=[
            Filter(
                "state",
                _l("state"),
                use.state,
                choices=[
                    ("reserved", _l("reserved")),
                    ("requested", _l("waiting for approval")),
                    ("approved", _l("approved, to be paid")),
                    ("used", _l("used up")),
                    ("released", _l("given back")),
                    ("refused", _l("refused")),
                ],
            ),
            Filter("form", _l("form of payment"), use.form, choices=list(FORM_WORDS.items())),
        ],
        search=[use.number, Distributor.code, Distributor.name, Order.number],
        currency=use.currency,
        endpoint="rebates.use",
        empty=_l("Nothing of the pool is used yet: open an order and use its rebate."),
    )

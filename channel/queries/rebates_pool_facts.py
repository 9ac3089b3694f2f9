"""What a rebate pool has, by what clause it is used, and what waits in it.

Sums come from the entries alone; the clause is the agreement's, or else the house's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from channel.access import Actor
from channel.db import db
from channel.models.agreements import AgreementVersion
from channel.models.diversions import ConductStep
from channel.models.partners import Maker
from channel.models.rebate_pool import InvoiceDiscount, PoolUse
from channel.models.rebates import PoolEntry, RebateStatement
from channel.queries import agreements, partners
from channel.queries.scope import get_visible
from channel.rules import pool as rules
from channel.rules.pool import Lot, Movement
from contracts.rebates import payout
from contracts.rebates.payout import OnOrder, Payout, Pool

Owner = tuple[int, str]
_e = PoolEntry
#: Out of the balance, and not used: waits for an invoice, a signature, or a dispute.
WAITING = ("reserved", "released", "held", "freed")


def house_clause(maker: Maker) -> Payout:
    """What holds where an agreement says nothing."""
    return Payout(
        payout.in_order(maker.payout_forms.split(",")),
        maker.payout_cap_bp,
        maker.payout_clawback_months,
    )


def clause_on(distributor_id: int, on: date) -> Payout:
    """The clause of a day: of the agreement in force, or of the last one, or the house's."""
    ruling, last = agreements.ruling_version(distributor_id, on)
    return clause_of(ruling or last) or house_clause(partners.get_maker())


def clause_of(version: AgreementVersion | None) -> Payout | None:
    """What a version says itself."""
    stored = version.terms.get("payout") if version else None
    return payout.from_json(stored) if stored else None


def clauses_on(distributor_ids: Iterable[int], on: date) -> dict[int, Payout]:
    """The clause of each of these distributors on a day, in one statement."""
    wanted = sorted(set(distributor_ids))
    if not wanted:
        return {}
    house = house_clause(partners.get_maker())
    found = dict.fromkeys(wanted, house)
    for distributor_id, version in agreements.ruling_versions(wanted, on).items():
        found[distributor_id] = clause_of(version) or house
    return found


def _movement(row: Any) -> Movement:
    return Movement(row.id, row.on_date, row.kind, row.amount_fen, row.expires_on, row.lot_id)


_COLUMNS = (_e.id, _e.on_date, _e.kind, _e.amount_fen, _e.expires_on, _e.lot_id)


def movements(distributor_id: int, currency: str, as_of: date | None = None) -> list[Movement]:
    """The entries of a pool up to a day, in the order in which they were written."""
    conditions = [_e.distributor_id == distributor_id, _e.currency == currency]
    if as_of is not None:
        conditions.append(_e.on_date <= as_of)
    rows = db.session.execute(sa.select(*_COLUMNS).where(*conditions).order_by(_e.id))
    return [_movement(row) for row in rows]


def with_expiry(
    on: date, days: int, distributor_id: int | None = None
) -> dict[Owner, list[Movement]]:
    """The entries of every pool that has an earning which is gone within so many days.

    Of all distributors, or of one.
    """
    horizon = date.fromordinal(on.toordinal() + days)
    own = sa.true() if distributor_id is None else _e.distributor_id == distributor_id
    owners = (
        sa.select(_e.distributor_id, _e.currency)
        .where(_e.expires_on <= horizon, own)
        .distinct()
        .subquery()
    )
    rows = db.session.execute(
        sa.select(_e.distributor_id, _e.currency, *_COLUMNS)
        .join(
            owners,
            sa.and_(owners.c.distributor_id == _e.distributor_id, owners.c.currency == _e.currency),
        )
        .order_by(_e.id)
    )
    found: dict[Owner, list[Movement]] = defaultdict(list)
    for row in rows:
        found[row.distributor_id, row.currency].append(_movement(row))
    return dict(found)


def pool_of(distributor_id: int, currency: str, as_of: date | None = None) -> Pool:
    """What may be used and what is reserved; the two sums in one statement."""
    held = sa.case((_e.kind.in_(WAITING), _e.amount_fen), else_=0)
    conditions = [_e.distributor_id == distributor_id, _e.currency == currency]
    if as_of is not None:
        conditions.append(_e.on_date <= as_of)
    free, reserved = db.session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(_e.amount_fen), 0),
            sa.func.coalesce(-sa.func.sum(held), 0),
        ).where(*conditions)
    ).one()
    return Pool(int(free), int(reserved))


def currencies_of(distributor_id: int) -> list[str]:
    """The currencies in which a distributor has a pool."""
    statement = sa.select(_e.currency).where(_e.distributor_id == distributor_id).distinct()
    return sorted(db.session.scalars(statement))


@dataclass(frozen=True)
class Standing:
    """A pool on a day: what it has, what is left of each earning, and the gap below nought."""

    currency: str
    pool: Pool
    lots: list[Lot]
    gap_fen: int


def standing_on(distributor_id: int, currency: str, on: date) -> Standing:
    found = movements(distributor_id, currency, on)
    reserved = -sum(m.fen for m in found if m.kind in WAITING)
    left, gap = rules.lots(found)
    free = sum(m.fen for m in found)
    lots = [lot for lot in left if lot.left_fen > 0]
    return Standing(currency, Pool(free, reserved), lots, gap)


def earned_since(owners: Iterable[int], currency: str, since: date, on: date) -> dict[int, int]:
    """distributor → fen earned after one day up to another, less what statements took back."""
    rows = db.session.execute(
        sa.select(_e.distributor_id, sa.cast(sa.func.sum(_e.amount_fen), sa.BigInteger))
        .where(
            _e.distributor_id.in_(sorted(set(owners))),
            _e.currency == currency,
            _e.statement_id.is_not(None),
            _e.kind.in_(("earned", "reversed")),
            _e.on_date > since,
            _e.on_date <= on,
        )
        .group_by(_e.distributor_id)
    )
    return {owner: int(fen) for owner, fen in rows}


@dataclass(frozen=True)
class Since:
    """What left a pool since the statement before, not negative where more left than came."""

    used_fen: int = 0
    expired_fen: int = 0


def since_statement(run_id: int) -> dict[Owner, Since]:
    """What happened since the last posted statement, of those with a statement in a run."""
    last = aliased(PoolEntry)
    owners = sa.select(RebateStatement.distributor_id).where(RebateStatement.run_id == run_id)
    marks = (
        sa.select(last.distributor_id, last.currency, sa.func.max(last.id).label("id"))
        .where(last.statement_id.is_not(None), last.kind.in_(("earned", "reversed")))
        .group_by(last.distributor_id, last.currency)
        .subquery()
    )
    expired = sa.case((_e.kind == "expired", _e.amount_fen), else_=0)
    rows = db.session.execute(
        sa.select(
            _e.distributor_id,
            _e.currency,
            sa.cast(-sa.func.sum(_e.amount_fen), sa.BigInteger),
            sa.cast(-sa.func.sum(expired), sa.BigInteger),
        )
        .outerjoin(
            marks,
            sa.and_(marks.c.distributor_id == _e.distributor_id, marks.c.currency == _e.currency),
        )
        .where(
            _e.distributor_id.in_(owners),
            _e.kind.in_(("used", "expired", *WAITING)),
            _e.id > sa.func.coalesce(marks.c.id, 0),
        )
        .group_by(_e.distributor_id, _e.currency)
    )
    return {
        (owner, currency): Since(int(left) - int(gone), int(gone))
        for owner, currency, left, gone in rows
    }


def uses_of_order(order_id: int) -> list[PoolUse]:
    """The uses on an order, oldest first."""
    statement = sa.select(PoolUse).where(PoolUse.order_id == order_id).order_by(PoolUse.id)
    return list(db.session.scalars(statement))


def on_order(goods_fen: int, uses: Iterable[PoolUse]) -> OnOrder:
    """The order as the clause judges it: what was given back does not count."""
    return OnOrder(goods_fen, sum(use.amount_fen - use.released_fen for use in uses))


def discounts_of(invoice_id: int) -> list[InvoiceDiscount]:
    """What the pool took off an invoice, by line."""
    return list(
        db.session.scalars(
            sa.select(InvoiceDiscount)
            .options(joinedload(InvoiceDiscount.use))
            .where(InvoiceDiscount.invoice_id == invoice_id)
            .order_by(InvoiceDiscount.line_no)
        )
    )


def use_of_note(invoice_id: int) -> PoolUse | None:
    """The use that a credit note settles, if it is one of the pool."""
    return db.session.scalar(sa.select(PoolUse).where(PoolUse.note_id == invoice_id))


def get_use(actor: Actor, use_id: int) -> PoolUse:
    found: PoolUse = get_visible(
        actor, PoolUse, use_id, joinedload(PoolUse.distributor), joinedload(PoolUse.order)
    )
    return found


def entries_of_use(use_id: int) -> list[PoolEntry]:
    """What a use has moved, oldest first."""
    statement = sa.select(_e).where(_e.use_id == use_id).order_by(_e.id)
    return list(db.session.scalars(statement))


def is_reversed(entry_id: int) -> bool:
    """Whether an entry was undone; each is undone once."""
    return db.session.scalar(sa.select(_e.id).where(_e.reverses_id == entry_id)) is not None


def get_entry(actor: Actor, entry_id: int) -> PoolEntry:
    found: PoolEntry = get_visible(actor, PoolEntry, entry_id)
    return found


@dataclass(frozen=True)
class EntryPaper:
    """What a movement refers to: its document's number, and the pages behind it by id."""

    number: str
    statement_id: int | None
    use_id: int | None
    incident_id: int | None
    undoes: PoolEntry | None
    undone_by: PoolEntry | None


def paper_of(entry: PoolEntry) -> EntryPaper:
    """The document of a movement; a statement that is not visible is not visible here either."""
    other = aliased(PoolEntry)
    back = aliased(PoolEntry)
    row = db.session.execute(
        sa.select(RebateStatement.number, ConductStep.number, ConductStep.incident_id, other, back)
        .select_from(_e)
        .outerjoin(RebateStatement, RebateStatement.id == _e.statement_id)
        .outerjoin(ConductStep, ConductStep.pool_entry_id == _e.id)
        .outerjoin(other, other.id == _e.reverses_id)
        .outerjoin(back, back.reverses_id == _e.id)
        .where(_e.id == entry.id)
    ).first()
    assert row is not None
    number = entry.reference or row[0] or row[1] or ""
    return EntryPaper(number, entry.statement_id, entry.use_id, row[2], row[3], row[4])

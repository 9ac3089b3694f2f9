"""Reads of statements in batch: who is chosen, what is made, and the list of batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, undefer

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.agreements import TerritoryGrant
from channel.models.dunning import AccountStatementFile, StatementBatch
from channel.models.partners import Distributor
from channel.queries.listing import Column, Listing
from channel.queries.scope import visible

#: By what distributors are chosen.
CHOICES = ("all", "territory", "class", "rep")


def chosen_ids(actor: Actor, by: str, value: str, on: date) -> list[int]:
    """The distributors of a choice, by code: those with an invoice or receipt ever or active.

    A territory is a division: chosen are those who hold it, a part of it, or all around it by
    an agreement in force on the day.
    """
    statement = sa.select(Distributor.id).where(
        visible(actor, Distributor.id), Distributor.is_active.is_(True)
    )
    if by == "class":
        statement = statement.where(Distributor.class_code == value)
    elif by == "rep":
        statement = statement.where(Distributor.sales_rep_id == (int(value) if value else 0))
    elif by == "territory":
        statement = statement.where(Distributor.id.in_(_holders_within(value, on)))
    return list(db.session.scalars(statement.order_by(Distributor.code)))


def _holders_within(code: str, on: date) -> Any:
    """Distributor ids with a grant that meets the division: in it, or around it."""
    grant = TerritoryGrant
    stem = code.rstrip("0") if not code.endswith("0000") else code[:2]
    stem = code[:4] if code.endswith("00") and not code.endswith("0000") else stem
    above = {code, code[:2] + "0000", code[:4] + "00"}
    return sa.select(grant.distributor_id).where(
        grant.is_included.is_(True),
        grant.valid_from <= on,
        grant.valid_to > on,
        sa.or_(grant.division_code.in_(above), grant.division_code.startswith(stem)),
    )


def get_batch(actor: Actor, batch_id: int) -> StatementBatch:
    """The batch, for who may export statements; a distributor never sees one."""
    found = db.session.get(StatementBatch, batch_id)
    if found is None or actor.is_distributor:
        raise NotVisible
    return found


@dataclass(frozen=True)
class State:
    """How far a batch is; sums per currency of what is made: (opening, closing)."""

    ready: int
    total: int
    sums: dict[str, tuple[int, int]]


def state_of(batch: StatementBatch) -> State:
    row = AccountStatementFile
    rows = db.session.execute(
        sa.select(
            row.currency,
            sa.func.count(),
            sa.func.sum(row.opening_fen),
            sa.func.sum(row.closing_fen),
        )
        .where(row.batch_id == batch.id)
        .group_by(row.currency)
        .order_by(row.currency)
    ).all()
    return State(
        ready=sum(count for _c, count, _o, _e in rows),
        total=len(batch.distributor_ids),
        sums={currency: (int(first), int(last)) for currency, _n, first, last in rows},
    )


def missing(batch: StatementBatch) -> list[int]:
    """The distributors whose statement is not made yet, in the order of the batch."""
    made = set(
        db.session.scalars(
            sa.select(AccountStatementFile.distributor_id).where(
                AccountStatementFile.batch_id == batch.id
            )
        )
    )
    return [i for i in batch.distributor_ids if i not in made]


def files_of(batch_id: int) -> Iterator[AccountStatementFile]:
    """The statements of a batch with their bytes, by the code of the distributor."""
    statement = (
        sa.select(AccountStatementFile)
        .options(
            undefer(AccountStatementFile.data),
            joinedload(AccountStatementFile.distributor),
        )
        .join(Distributor, Distributor.id == AccountStatementFile.distributor_id)
        .where(AccountStatementFile.batch_id == batch_id)
        .order_by(Distributor.code)
        .execution_options(yield_per=24)
    )
    yield from db.session.scalars(statement)


def file_of(actor: Actor, file_id: int) -> AccountStatementFile:
    """One statement with its bytes; a distributor sees its own."""
    found = db.session.scalar(
        sa.select(AccountStatementFile)
        .options(
            undefer(AccountStatementFile.data),
            undefer(AccountStatementFile.document),
            joinedload(AccountStatementFile.distributor),
        )
        .where(
            AccountStatementFile.id == file_id,
            visible(actor, AccountStatementFile.distributor_id),
        )
    )
    if found is None:
        raise NotVisible
    return found


BATCHES = Listing(
    name="statement-batches",
    title=_l("Statements in batch"),
    identity=StatementBatch.id,
    source=StatementBatch,
    columns=[
        Column("number", _l("number"), StatementBatch.number, "code"),
        Column("first_day", _l("period from"), StatementBatch.first_day, "date"),
        Column("last_day", _l("period to"), StatementBatch.last_day, "date"),
        Column("created_at", _l("ordered"), StatementBatch.created_at, "instant", wide=True),
    ],
    default_sort="-number",
    search=[StatementBatch.number],
    endpoint="statements.record",
    empty=_l("No batch yet: order the statements of a month."),
)


def statements_of(batch: StatementBatch) -> Listing:
    """What is made of a batch, by distributor."""
    row = AccountStatementFile
    return Listing(
        name=f"statements-{batch.number}",
        title=_l("Statements"),
        identity=row.id,
        source=sa.join(row, Distributor, Distributor.id == row.distributor_id),
        columns=[
            Column("code", _l("code"), Distributor.code, "code"),
            Column("name", _l("distributor"), Distributor.name),
            Column("currency", _l("currency"), row.currency, wide=True),
            Column("opening", _l("opening balance"), row.opening_fen, "fen", total=True, wide=True),
            Column("closing", _l("closing balance"), row.closing_fen, "fen", total=True),
            Column("sha256", _l("SHA-256"), row.sha256, wide=True),
        ],
        default_sort="code",
        scope=lambda actor: sa.and_(row.batch_id == batch.id, visible(actor, row.distributor_id)),
        search=[Distributor.code, Distributor.name],
        currency=row.currency,
        endpoint="statements.paper",
        empty=_l("Nothing is made yet."),
    )

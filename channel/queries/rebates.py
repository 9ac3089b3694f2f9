"""Reads of rebate statements: one's own posted ones, their derivation, and the lines behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.rebates import (
    PoolEntry,
    RebateRun,
    RebateStatement,
    StatementFile,
)
from channel.queries.rebates_rows import settled_by
from channel.queries.scope import visible

_s, _run = RebateStatement, RebateRun


def get_statement(actor: Actor, statement_id: int, *, printed: bool = False) -> RebateStatement:
    """A statement with its run, policy and distributor; distributors see posted ones only."""
    statement = db.session.scalar(
        sa.select(_s)
        .join(_s.run)
        .options(joinedload(_s.run), joinedload(_s.distributor), joinedload(_s.policy))
        .options(*([undefer(_s.document)] if printed else []))
        .where(
            _s.id == statement_id,
            visible(actor, _s.distributor_id),
            _run.state == "posted" if actor.is_distributor else sa.true(),
        )
    )
    if statement is None:
        raise NotVisible
    return statement


def earlier(statement: RebateStatement) -> list[RebateStatement]:
    """The posted statements whose sum is «granted before»: same policy and currency, of the same
    period or, where a policy pays on all sales so far, of the periods that are added up."""
    counted = settled_by(statement).counted
    conditions = [
        _s.distributor_id == statement.distributor_id,
        _s.policy_code == statement.policy_code,
        _s.currency == statement.currency,
        _s.period_start >= counted.start,
        _s.period_end <= statement.period_end,
        # Of one period only the newest run can be open, so what was granted has lower ids; a run
        # settles earlier periods before its own.
        sa.or_(
            _s.run_id < statement.run_id,
            sa.and_(_s.run_id == statement.run_id, _s.period_end < statement.period_end),
        ),
        _run.state == "posted",
    ]
    return list(
        db.session.scalars(
            sa.select(_s)
            .join(_s.run)
            .options(joinedload(_s.run))
            .where(*conditions)
            .order_by(_s.number)
        )
    )


def pool_balances(run_id: int) -> dict[tuple[int, str], int]:
    """(distributor, currency) → the rebate pool's balance, of those with a statement in a run."""
    owners = sa.select(_s.distributor_id).where(_s.run_id == run_id)
    rows = db.session.execute(
        sa.select(PoolEntry.distributor_id, PoolEntry.currency, sa.func.sum(PoolEntry.amount_fen))
        .where(PoolEntry.distributor_id.in_(owners))
        .group_by(PoolEntry.distributor_id, PoolEntry.currency)
    )
    return {(owner, currency): int(fen) for owner, currency, fen in rows}


def files_made(statement_id: int) -> dict[str, str]:
    """language → sha256 of the PDFs that were made of a statement."""
    rows = db.session.execute(
        sa.select(StatementFile.lang, StatementFile.sha256).where(
            StatementFile.statement_id == statement_id
        )
    ).all()
    return dict(rows)


def file_bytes(statement_id: int, lang: str) -> bytes | None:
    """The stored PDF, or None when it was not made yet."""
    return db.session.scalar(
        sa.select(StatementFile.data).where(
            StatementFile.statement_id == statement_id, StatementFile.lang == lang
        )
    )


@dataclass(frozen=True)
class BatchState:
    """How far the PDFs of a run are in one language, and what the run adds up to."""

    total: int
    ready: int
    #: currency → fen
    sums: dict[str, int]


def batch_state(run_id: int, lang: str) -> BatchState:
    """Statements, PDFs made, and the control total per currency."""
    rows = db.session.execute(
        sa.select(
            _s.currency,
            sa.func.count(),
            sa.func.count(StatementFile.id),
            sa.func.sum(_s.amount_fen),
        )
        .outerjoin(
            StatementFile,
            sa.and_(StatementFile.statement_id == _s.id, StatementFile.lang == lang),
        )
        .where(_s.run_id == run_id)
        .group_by(_s.currency)
        .order_by(_s.currency)
    ).all()
    return BatchState(
        total=sum(r[1] for r in rows),
        ready=sum(r[2] for r in rows),
        sums={r[0]: int(r[3]) for r in rows},
    )


def without_file(run_id: int, lang: str) -> list[int]:
    """The statements of a run that have no PDF in the language yet, by number."""
    made = sa.select(StatementFile.statement_id).where(StatementFile.lang == lang)
    return list(
        db.session.scalars(
            sa.select(_s.id).where(_s.run_id == run_id, _s.id.not_in(made)).order_by(_s.number)
        )
    )


def documents_of(ids: Sequence[int]) -> list[tuple[int, dict[str, Any]]]:
    """(id, frozen document) of posted statements, in the order of the ids."""
    rows = db.session.execute(sa.select(_s.id, _s.document).where(_s.id.in_(ids))).all()
    known: dict[int, Any] = dict(rows)
    return [(i, known[i]) for i in ids]


def files_of(run_id: int, lang: str, step: int = 100) -> Iterator[tuple[Any, str, bytes]]:
    """(frozen document, sha256, PDF) of a run's statements by number, a hundred at a time."""
    last = ""
    while True:
        rows = db.session.execute(
            sa.select(_s.number, _s.document, StatementFile.sha256, StatementFile.data)
            .join(StatementFile, StatementFile.statement_id == _s.id)
            .where(_s.run_id == run_id, StatementFile.lang == lang, _s.number > last)
            .order_by(_s.number)
            .limit(step)
        ).all()
        for _number, document, sha256, data in rows:
            yield document, sha256, data
        if len(rows) < step:
            return
        last = str(rows[-1][0])

"""The rebate pool as a statement prints it: what happened to it since the statement before.

opening + earned − used − expired − reversed + cases = closing. What is reserved or in dispute
counts as used; what the contract does not let be taken back is reversed with the other sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa

from channel.documents.model import CaseLine, Pool
from channel.models.diversions import StatementPenalty
from channel.models.rebates import RebateStatement
from channel.queries import conduct, rebates, rebates_pool_facts
from channel.queries.conduct import Line
from channel.queries.rebates_pool_facts import Since
from channel.services.work import Work


@dataclass
class PoolPapers:
    """The pools of a run's distributors, moved on by each statement that is printed."""

    #: (distributor, currency) → balance
    balances: dict[tuple[int, str], int]
    #: (distributor, currency) → lines of cases that no statement shows yet; the next one takes them
    cases: dict[tuple[int, str], list[Line]]
    #: (distributor, currency) → what happened since the statement before; the next one takes it
    since: dict[tuple[int, str], Since]
    #: statement → fen that the contract does not let be taken back
    waived: dict[int, int]
    #: (step, statement) of the lines of cases that were taken
    shown: list[tuple[int, int]] = field(default_factory=list)

    def printed(self, statement: RebateStatement) -> Pool:
        """The part of one statement; absent figures are nought."""
        owner = (statement.distributor_id, statement.currency)
        cases = self.cases.pop(owner, [])
        self.shown += [(line.step_id, statement.id) for line in cases]
        since = self.since.pop(owner, Since())
        waived = self.waived.get(statement.id, 0)
        before = self.balances.get(owner, 0)
        closing = self.balances[owner] = before + statement.amount_fen + waived
        pool = Pool(
            opening_fen=before - sum(line.fen for line in cases) + since.used_fen
            + since.expired_fen,
            earned_fen=statement.amount_fen,
            used_fen=since.used_fen,
            closing_fen=closing,
        )  # fmt: skip
        if since.expired_fen:
            pool["expired_fen"] = since.expired_fen
        if waived:
            pool["reversed_fen"] = -waived
        if cases:
            pool["cases"] = [cast(CaseLine, line.printed()) for line in cases]
        return pool

    def keep_shown(self, w: Work) -> None:
        """Write down which statement shows which case."""
        rows: list[dict[str, Any]] = [
            {"step_id": step, "statement_id": statement} for step, statement in self.shown
        ]
        if rows:
            w.session.execute(sa.insert(StatementPenalty), rows)


def read(run_id: int, waived: dict[int, int]) -> PoolPapers:
    """The pools of all who have a statement in a run, in three reads."""
    return PoolPapers(
        rebates.pool_balances(run_id),
        conduct.not_printed(run_id),
        rebates_pool_facts.since_statement(run_id),
        waived,
    )

"""Reads of notices and consequences: what stands in a case, what is stopped, what is printed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload

from channel.access import Actor
from channel.db import db
from channel.messages.diversions import RUNG_WORDS
from channel.models.diversions import ConductNotice, ConductStep, StatementPenalty
from channel.models.market import Incident
from channel.models.partners import Distributor
from channel.models.rebates import PoolEntry, RebateStatement
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible

_s = ConductStep


def reversal() -> Any:
    """An alias for the step that undid a step."""
    return aliased(ConductStep)


#: Built once: each order and shipment asks it.
_back = ConductStep.__table__.alias("undoing")
_IS_REVERSED = (
    sa.select(_back.c.id)
    .where(_back.c.reverses_id == _s.id, _back.c.state == "approved")
    .correlate(_s)
    .exists()
)


def is_reversed() -> Any:
    """The condition that a step was undone by a signed one."""
    return _IS_REVERSED


@dataclass(frozen=True)
class Stop:
    """Shipping stopped in a case; `until` is the last day, None: until it is lifted."""

    case: str
    since: date
    until: date | None


def stop_on(distributor_id: int, on: date) -> Stop | None:
    """The stop of shipping in force on a day, the one that lasts longest."""
    rows = db.session.execute(
        sa.select(Incident.number, _s.from_on, _s.until_on)
        .join(Incident, Incident.id == _s.incident_id)
        .where(
            _s.distributor_id == distributor_id,
            _s.kind == "stop",
            _s.state == "approved",
            _s.reverses_id.is_(None),
            _s.from_on <= on,
            sa.or_(_s.until_on.is_(None), _s.until_on >= on),
            ~is_reversed(),
        )
    )
    stops = [Stop(*row) for row in rows]
    return max(stops, key=lambda stop: stop.until or date.max, default=None)


def case_of_deposit(entry_id: int) -> str | None:
    """The number of the case from which a movement of a deposit follows."""
    statement = (
        sa.select(Incident.number)
        .join(ConductStep, ConductStep.incident_id == Incident.id)
        .where(ConductStep.deposit_entry_id == entry_id)
    )
    return db.session.scalar(statement)


def get_step(actor: Actor, step_id: int) -> ConductStep:
    found: ConductStep = get_visible(
        actor, ConductStep, step_id, joinedload(_s.incident), joinedload(_s.distributor)
    )
    return found


def get_notice(actor: Actor, notice_id: int) -> ConductNotice:
    found: ConductNotice = get_visible(actor, ConductNotice, notice_id)
    return found


def notices_of(incident_id: int) -> list[ConductNotice]:
    """The notices of a case, oldest first; the page has asked whether it may be seen."""
    statement = sa.select(ConductNotice).where(ConductNotice.incident_id == incident_id)
    return list(db.session.scalars(statement.order_by(ConductNotice.id)))


@dataclass(frozen=True)
class Shown:
    """A step with the number of its reversal and of the statement that prints it."""

    step: ConductStep
    reversed_by: ConductStep | None
    statement_id: int | None
    statement: str | None

    @property
    def state(self) -> str:
        if self.reversed_by is not None and self.reversed_by.state == "approved":
            return "step_reversed"
        return f"step_{self.step.state}"

    @property
    def can_be_reversed(self) -> bool:
        plain = self.step.state == "approved" and self.step.reverses_id is None
        return plain and self.reversed_by is None


def steps_of(incident_id: int) -> list[Shown]:
    """The steps of a case with what became of them, oldest first; one statement."""
    back = reversal()
    rows = db.session.execute(
        sa.select(_s, back, RebateStatement.id, RebateStatement.number)
        .outerjoin(back, sa.and_(back.reverses_id == _s.id, back.state != "rejected"))
        .outerjoin(StatementPenalty, StatementPenalty.step_id == _s.id)
        .outerjoin(RebateStatement, RebateStatement.id == StatementPenalty.statement_id)
        .where(_s.incident_id == incident_id)
        .order_by(_s.id)
    )
    return [Shown(*row) for row in rows]


def taken_by(distributor_id: int) -> set[str]:
    """The rungs in force or taken before, without those that were reversed."""
    statement = sa.select(_s.kind).where(
        _s.distributor_id == distributor_id,
        _s.state == "approved",
        _s.reverses_id.is_(None),
        ~is_reversed(),
    )
    return set(db.session.scalars(statement))


@dataclass(frozen=True)
class Line:
    """A penalty or a withheld rebate as a statement prints it; `fen` as it moves the pool."""

    step_id: int
    kind: str
    number: str
    case: str
    on: date
    fen: int

    def printed(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "number": self.number,
            "case": self.case,
            "on": self.on.isoformat(),
            "amount_fen": self.fen,
        }


def word_of(kind: str, fen: int) -> str:
    """penalty, penalty_back, withheld or withheld_back, by what it does to the pool."""
    word = "withheld" if kind == "withhold" else "penalty"
    return word if fen < 0 else f"{word}_back"


def not_printed(run_id: int) -> dict[tuple[int, str], list[Line]]:
    """(distributor, currency) → entries of cases in the pool that no statement shows yet.

    Of those with a statement in the run.
    """
    owners = sa.select(RebateStatement.distributor_id).where(RebateStatement.run_id == run_id)
    rows = db.session.execute(
        sa.select(_s, Incident.number, PoolEntry.on_date, PoolEntry.amount_fen)
        .join(Incident, Incident.id == _s.incident_id)
        .join(PoolEntry, PoolEntry.id == _s.pool_entry_id)
        .outerjoin(StatementPenalty, StatementPenalty.step_id == _s.id)
        .where(_s.distributor_id.in_(owners), StatementPenalty.id.is_(None))
        .order_by(_s.id)
    )
    found: dict[tuple[int, str], list[Line]] = defaultdict(list)
    for step, case, on, fen in rows:
        line = Line(step.id, word_of(step.kind, fen), step.number, case, on, int(fen))
        found[step.distributor_id, step.currency].append(line)
    return found


def steps_listing() -> Listing:
    """All consequences of all cases."""
    state = sa.case(
        (is_reversed(), "step_reversed"), else_=sa.literal("step_").concat(_s.state)
    ).label("state")
    return Listing(
        name="consequences",
        title=_l("Consequences"),
        identity=_s.incident_id,
        source=sa.join(_s, Distributor, Distributor.id == _s.distributor_id).join(
            Incident, Incident.id == _s.incident_id
        ),
        columns=[
            Column("number", _l("number"), _s.number, "code"),
            Column("case", _l("case"), Incident.number, "code", wide=True),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("kind", _l("consequence"), _s.kind, "rung"),
            Column("currency", _l("currency"), _s.currency, wide=True),
            Column("amount_fen", _l("amount"), sa.func.nullif(_s.amount_fen, 0), "fen", total=True),
            Column("from_on", _l("from"), _s.from_on, "date", wide=True),
            Column("until_on", _l("until"), _s.until_on, "date", wide=True),
            Column("state", _l("state"), state, "state"),
        ],
        default_sort="-number",
        scope=lambda actor: sa.and_(
            visible(actor, _s.distributor_id),
            sa.true() if not actor.is_distributor else _s.state == "approved",
        ),
        filters=[
            Filter("kind", _l("consequence"), _s.kind, choices=list(RUNG_WORDS.items())),
            Filter(
                "state",
                _l("state"),
                _s.state,
                choices=[
                    ("proposed", _l("waits for a second person")),
                    ("approved", _l("decided")),
                    ("rejected", _l("refused")),
                ],
            ),
            Filter("from", _l("from"), _s.from_on, kind="from"),
            Filter("to", _l("to"), _s.from_on, kind="to"),
        ],
        search=[_s.number, Incident.number, Distributor.code, Distributor.name],
        currency=_s.currency,
        endpoint="conduct.record",
        empty=_l("No consequence was proposed yet."),
    )

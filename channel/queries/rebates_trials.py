"""Reads of trials: the list, a trial's totals, and who would win, lose or just miss a tier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.partners import Distributor
from channel.models.rebates import RebatePolicy, RebateRun, RebateStatement
from channel.models.rebates_trials import RebateTrial, RebateTrialLine
from channel.queries.listing import Column, Filter, Listing
from channel.queries.rebates_sums import Owner
from channel.queries.scope import visible
from contracts.rebates.model import RebateTerms
from contracts.rebates.terms_json import from_json
from contracts.rebates.validate import validate
from contracts.values.findings import Finding
from contracts.values.periods import Period

_t, _line = RebateTrial, RebateTrialLine


@dataclass(frozen=True)
class TrialTotal:
    """A trial added up in one currency; `then` is under the version tried."""

    currency: str
    distributors: int
    base_fen: int
    now_fen: int
    then_fen: int
    paid_fen: int
    winners: int
    losers: int
    won_fen: int
    lost_fen: int
    close: int
    worth_fen: int

    @property
    def difference_fen(self) -> int:
        return self.then_fen - self.now_fen

    @property
    def unsettled_fen(self) -> int:
        """What ruled, less what was paid: facts that came after the last settlement."""
        return self.now_fen - self.paid_fen

    @property
    def over_paid_fen(self) -> int:
        return self.then_fen - self.paid_fen


def get_trial(actor: Actor, trial_id: int) -> RebateTrial:
    """The trial, for the house."""
    trial = db.session.get(_t, trial_id)
    if trial is None or actor.is_distributor:
        raise NotVisible
    return trial


def get_line(actor: Actor, line_id: int) -> RebateTrialLine:
    """A line with its trial and distributor, for the house."""
    if actor.is_distributor:
        raise NotVisible
    line = db.session.scalar(
        sa.select(_line)
        .options(joinedload(_line.trial), joinedload(_line.distributor))
        .where(_line.id == line_id, visible(actor, _line.distributor_id))
    )
    if line is None:
        raise NotVisible
    return line


def terms_of_trial(trial: RebateTrial) -> RebateTerms:
    """The terms as they were tried."""
    return from_json({**trial.terms, "code": trial.policy_code, "name": trial.name})


def blocking(terms: RebateTerms) -> list[Finding]:
    """Why the terms cannot be computed."""
    return [finding for finding in validate(terms) if finding.is_blocking]


def paid(code: str, span: Period) -> Iterator[tuple[Owner, Period, int]]:
    """What posted statements gave for periods within the span, by owner and period."""
    s, run = RebateStatement, RebateRun
    rows = db.session.execute(
        sa.select(
            s.distributor_id,
            s.currency,
            s.period_start,
            s.period_end,
            sa.func.sum(s.amount_fen),
        )
        .join(run, run.id == s.run_id)
        .where(
            run.state == "posted",
            s.policy_code == code,
            s.period_start >= span.start,
            s.period_end <= span.end,
        )
        .group_by(s.distributor_id, s.currency, s.period_start, s.period_end)
    )
    for owner, currency, start, end, fen in rows:
        yield (owner, currency), Period(start, end), int(fen)


def versions() -> list[tuple[int, str]]:
    """(id, words) of every version of every policy that was not given up."""
    rows = db.session.execute(
        sa.select(RebatePolicy.id, RebatePolicy.code, RebatePolicy.version_no, RebatePolicy.name)
        .where(RebatePolicy.state != "retired")
        .order_by(RebatePolicy.code, RebatePolicy.version_no.desc())
    )
    return [(key, f"{code} v{number} {name}") for key, code, number, name in rows]


def _grouped(trial_id: int) -> Any:
    """One row a distributor and currency of a trial."""

    def total(column: Any) -> Any:
        return sa.cast(sa.func.sum(column), sa.BigInteger)

    return (
        sa.select(
            _line.distributor_id,
            _line.currency,
            sa.func.min(_line.id).label("line_id"),
            total(_line.base_fen).label("base_fen"),
            total(_line.now_fen).label("now_fen"),
            total(_line.then_fen).label("then_fen"),
            total(_line.then_fen - _line.now_fen).label("difference_fen"),
            total(_line.paid_fen).label("paid_fen"),
            total(_line.then_fen - _line.paid_fen).label("over_paid_fen"),
            total(sa.case((_line.is_close, 1), else_=0)).label("close"),
            total(sa.case((_line.is_close, _line.gain_fen), else_=0)).label("worth_fen"),
        )
        .where(_line.trial_id == trial_id)
        .group_by(_line.distributor_id, _line.currency)
        .subquery("by_distributor")
    )


def totals(actor: Actor, trial_id: int) -> list[TrialTotal]:
    """The trial by currency, of the distributors that the actor may see."""
    c = _grouped(trial_id).c
    won = c.difference_fen > 0
    lost = c.difference_fen < 0

    def number(condition: Any) -> Any:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    def amount(condition: Any) -> Any:
        return sa.func.sum(sa.case((condition, c.difference_fen), else_=0))

    rows = db.session.execute(
        sa.select(
            c.currency,
            sa.func.count(),
            *(sa.func.sum(c[key]) for key in ("base_fen", "now_fen", "then_fen", "paid_fen")),
            number(won),
            number(lost),
            amount(won),
            amount(lost),
            sa.func.sum(c.close),
            sa.func.sum(c.worth_fen),
        )
        .where(visible(actor, c.distributor_id))
        .group_by(c.currency)
        .order_by(c.currency)
    )
    return [
        TrialTotal(currency, *(int(figure) for figure in figures)) for currency, *figures in rows
    ]


def by_distributor(trial: RebateTrial) -> Listing:
    """Everybody with the sums of all periods, the biggest winner first."""
    grouped = _grouped(trial.id)
    c = grouped.c
    outcome = sa.case((c.difference_fen > 0, "wins"), (c.difference_fen < 0, "loses"), else_="same")
    return Listing(
        name=f"{trial.number}-distributors",
        title=_l("What would change for whom"),
        identity=c.line_id,
        source=sa.join(grouped, Distributor, Distributor.id == c.distributor_id),
        columns=[
            Column("distributor", _l("distributor"), Distributor.name),
            Column("code", _l("code"), Distributor.code, "code", wide=True),
            Column("currency", _l("currency"), c.currency, "code", wide=True),
            Column("base_fen", _l("base"), c.base_fen, "fen", total=True, wide=True),
            Column("now_fen", _l("cost now"), c.now_fen, "fen", total=True),
            Column("then_fen", _l("cost as tried"), c.then_fen, "fen", total=True),
            Column("difference_fen", _l("difference"), c.difference_fen, "fen", total=True),
            Column("paid_fen", _l("paid out"), c.paid_fen, "fen", total=True, wide=True),
            Column(
                "over_paid_fen",
                _l("as tried less paid out"),
                c.over_paid_fen,
                "fen",
                True,
                wide=True,
            ),
            Column("close", _l("periods close to a tier"), c.close, "quantity", wide=True),
        ],
        default_sort="-difference_fen",
        scope=lambda actor: visible(actor, c.distributor_id),
        filters=[
            Filter(
                "outcome",
                _l("outcome"),
                outcome,
                choices=[("wins", _l("wins")), ("loses", _l("loses")), ("same", _l("same"))],
            ),
        ],
        search=[Distributor.name, Distributor.code],
        currency=c.currency,
        endpoint="rebates.trial_of",
        empty=_l("Nobody had a base in these periods."),
    )


def by_period(trial: RebateTrial, distributor_id: int | None = None) -> Listing:
    """Every distributor and period of a trial; who just missed a tier comes first."""
    condition: Any = _line.trial_id == trial.id
    if distributor_id is not None:
        condition = sa.and_(condition, _line.distributor_id == distributor_id)
    return Listing(
        name=f"{trial.number}-periods",
        title=_l("Period by period"),
        identity=_line.id,
        source=sa.join(_line, Distributor, Distributor.id == _line.distributor_id),
        columns=[
            Column("distributor", _l("distributor"), Distributor.name),
            Column("period_start", _l("from"), _line.period_start, "date"),
            Column("period_end", _l("until (exclusive)"), _line.period_end, "date", wide=True),
            Column("currency", _l("currency"), _line.currency, "code", wide=True),
            Column("base_fen", _l("base"), _line.base_fen, "fen", total=True, wide=True),
            Column("now_fen", _l("cost now"), _line.now_fen, "fen", total=True, wide=True),
            Column("then_fen", _l("cost as tried"), _line.then_fen, "fen", total=True),
            Column("paid_fen", _l("paid out"), _line.paid_fen, "fen", total=True, wide=True),
            Column("short_fen", _l("short of the next tier"), _line.short_fen, "fen"),
            Column(
                "short_units",
                _l("short in pieces or orders"),
                _line.short_units,
                "quantity",
                wide=True,
            ),
            Column("gain_fen", _l("worth"), sa.func.coalesce(_line.gain_fen, 0), "fen"),
        ],
        default_sort="-gain_fen" if distributor_id is None else "period_start",
        scope=lambda actor: sa.and_(condition, visible(actor, _line.distributor_id)),
        filters=[
            Filter(
                "close",
                _l("close to a tier"),
                _line.is_close,
                choices=[("1", _l("yes")), ("0", _l("no"))],
            ),
            Filter("from", _l("from"), _line.period_start, kind="from"),
        ],
        search=[Distributor.name, Distributor.code],
        currency=_line.currency,
        endpoint="rebates.trial_line",
        empty=_l("Nobody had a base in these periods."),
    )


TRIALS = Listing(
    name="rebate-trials",
    title=_l("Trials on the past"),
    identity=_t.id,
    source=_t,
    columns=[
        Column("number", _l("number"), _t.number, "code"),
        Column("policy_code", _l("policy"), _t.policy_code, "code"),
        Column("version_no", _l("version"), _t.version_no, "quantity"),
        Column("name", _l("name"), _t.name, wide=True),
        Column("period_start", _l("from"), _t.period_start, "date", wide=True),
        Column("period_end", _l("until (exclusive)"), _t.period_end, "date", wide=True),
        Column("made_at", _l("made"), _t.made_at, "instant"),
    ],
    default_sort="-number",
    scope=lambda actor: sa.false() if actor.is_distributor else sa.true(),
    filters=[Filter("policy", _l("policy"), _t.policy_code, kind="text")],
    search=[_t.number, _t.policy_code, _t.name],
    endpoint="rebates.trial",
    empty=_l("Nothing was tried yet: choose a policy and replay the past under its terms."),
)

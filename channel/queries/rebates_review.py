"""A run as its reviewer reads it: every statement beside the run before, the period before and
what was expected, with what is unusual as filters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from channel.access import Actor
from channel.db import db
from channel.models.partners import Distributor
from channel.models.rebates import RebatePolicy, RebateRun, RebateStatement
from channel.models.rebates_trials import RebateAccrual
from channel.queries.listing import Column, Filter, Listing
from channel.queries.rebates_runs import currencies
from channel.queries.scope import visible

_s, _run = RebateStatement, RebateRun
#: The same settlement of the run before, and the same policy in the period before.
_before, _past = aliased(RebateStatement), aliased(RebateStatement)
_expected = aliased(RebateAccrual)

#: What a reviewer looks for: key → word.
FLAGS: dict[str, Any] = {
    "new": _l("new"),
    "fell": _l("fell a tier"),
    "rose": _l("rose a tier"),
    "back": _l("taken back"),
    "shut": _l("a condition left nothing"),
    "late": _l("an earlier period"),
}


@dataclass(frozen=True)
class Flags(Filter):
    """A filter by conditions that may hold side by side."""

    conditions: Mapping[str, Any] = field(default_factory=dict)

    def condition(self, value: str) -> sa.ColumnElement[bool] | None:
        """The condition of the flag; an unknown one filters nothing."""
        return self.conditions.get(value)


def _reference() -> Any:
    """What the statement is compared with: the run before, else the period before, else none."""
    return sa.func.coalesce(_before.entitlement_fen, _past.entitlement_fen, 0)


def _tier(statement: Any) -> Any:
    """The tier as people count it; 0 is below the first."""
    return sa.func.coalesce(statement.tier_hit + 1, 0)


def _tier_before() -> Any:
    return sa.case((_before.id.is_not(None), _tier(_before)), (_past.id.is_not(None), _tier(_past)))


def _tier_words() -> Any:
    """«3», or «3 → 2» where it moved."""
    now, then = sa.cast(_tier(_s), sa.String), sa.cast(_tier_before(), sa.String)
    moved = _tier_before() != _tier(_s)
    return sa.case((moved, then.concat(" → ").concat(now)), else_=now)


def conditions(run: RebateRun) -> dict[str, Any]:
    """Flag → its condition over the joined rows."""
    steps = sa.cast(_s.steps, sa.Text)
    is_known = sa.or_(_before.id.is_not(None), _past.id.is_not(None))
    return {
        "new": sa.not_(is_known),
        "fell": sa.and_(is_known, _tier(_s) < _tier_before()),
        "rose": sa.and_(is_known, _tier(_s) > _tier_before()),
        "back": _s.amount_fen < 0,
        "shut": sa.and_(
            _s.entitlement_fen == 0,
            _s.tier_hit.is_not(None),
            steps.contains("rebate.step.condition_"),
            sa.not_(steps.contains("rebate.step.minimum_payout")),
        ),
        "late": _s.period_start != run.period_start,
    }


def _latest(run: RebateRun, keys: list[Any], on: Any) -> Any:
    """The id of the last statement posted before the run, by what it shares with this one."""
    old, of = aliased(RebateStatement), aliased(RebateRun)
    return (
        sa.select(
            old.policy_code,
            old.distributor_id,
            old.currency,
            *(getattr(old, name).label(name) for name in keys),
            sa.func.max(old.id).label("last_id"),
        )
        .join(of, of.id == old.run_id)
        .where(of.state == "posted", of.id < run.id, on(old))
        .group_by(
            old.policy_code,
            old.distributor_id,
            old.currency,
            *(getattr(old, name) for name in keys),
        )
        .subquery()
    )


def _same(found: Any, **more: Any) -> Any:
    """The join of a statement with what was found for its owner, policy and currency."""
    return sa.and_(
        found.c.policy_code == _s.policy_code,
        found.c.distributor_id == _s.distributor_id,
        found.c.currency == _s.currency,
        *(found.c[name] == value for name, value in more.items()),
    )


def _source(run: RebateRun) -> Any:
    of_run = sa.select(_s.period_start).where(_s.run_id == run.id)
    again = _latest(run, ["period_start"], lambda old: old.period_start.in_(of_run))
    past = _latest(run, ["period_end"], lambda old: old.period_end.in_(of_run))
    due = aliased(RebateAccrual)
    accrued = (
        sa.select(
            due.policy_code,
            due.distributor_id,
            due.currency,
            due.period_start,
            due.period_end,
            sa.func.max(due.id).label("last_id"),
        )
        .where(due.period_start.in_(of_run))
        .group_by(
            due.policy_code, due.distributor_id, due.currency, due.period_start, due.period_end
        )
        .subquery()
    )
    return (
        sa.join(_s, Distributor, Distributor.id == _s.distributor_id)
        .join(RebatePolicy, RebatePolicy.id == _s.policy_id)
        .outerjoin(again, _same(again, period_start=_s.period_start))
        .outerjoin(_before, _before.id == again.c.last_id)
        .outerjoin(past, _same(past, period_end=_s.period_start))
        .outerjoin(_past, _past.id == past.c.last_id)
        .outerjoin(accrued, _same(accrued, period_start=_s.period_start, period_end=_s.period_end))
        .outerjoin(_expected, _expected.id == accrued.c.last_id)
    )


def review_of(run: RebateRun) -> Listing:
    """The statements of a run, the biggest difference first, whichever way it goes."""
    change = _s.entitlement_fen - _reference()
    flags = conditions(run)
    first = sa.case(
        *((flags[key], f"review_{key}") for key in ("back", "shut", "fell", "new", "rose")),
        else_="",
    )
    return Listing(
        name=f"rebate-run-{run.number}",
        title=_l("Statements by their difference"),
        identity=_s.id,
        source=_source(run),
        columns=[
            Column("distributor", _l("distributor"), Distributor.name),
            Column("flag", _l("to look at"), first, "state"),
            Column("policy_code", _l("policy"), _s.policy_code, "code", wide=True),
            Column("tier", _l("tier"), _tier_words(), wide=True),
            Column("base_fen", _l("base"), _s.base_fen, "fen", total=True, wide=True),
            Column("reference", _l("before this run"), _reference(), "fen", total=True, wide=True),
            Column("expected", _l("accrued"), _expected.due_fen, "fen", total=True, wide=True),
            Column("entitlement_fen", _l("earned"), _s.entitlement_fen, "fen", True, wide=True),
            Column("change", _l("difference"), change, "fen", total=True),
            Column("amount_fen", _l("amount"), _s.amount_fen, "fen", total=True),
            Column("size", _l("size of the difference"), sa.func.abs(change), "fen", wide=True),
        ],
        default_sort="-size",
        scope=lambda actor: sa.and_(_s.run_id == run.id, visible(actor, _s.distributor_id)),
        filters=[
            Flags("flag", _l("to look at"), _s.id, choices=list(FLAGS.items()), conditions=flags),
            Filter(
                "currency",
                _l("currency"),
                _s.currency,
                choices=lambda: [(c, c) for c in currencies(run.id)],
            ),
            Filter("policy", _l("policy"), _s.policy_code, kind="text"),
            Filter(
                "way",
                _l("direction"),
                sa.case((_s.amount_fen < 0, "back"), (_s.amount_fen > 0, "pays"), else_="none"),
                choices=[
                    ("pays", _l("pays")),
                    ("back", _l("takes back")),
                    ("none", _l("pays nothing")),
                ],
            ),
        ],
        search=[Distributor.name, Distributor.code, _s.number],
        currency=_s.currency,
        endpoint="rebates.statement",
        empty=_l("Nothing has changed since the last posted run: there is nothing to grant."),
    )


def counts(actor: Actor, run: RebateRun) -> dict[str, int]:
    """How many statements bear each flag, in one statement; flags that none bears are left out."""
    flags = conditions(run)
    row = db.session.execute(
        sa.select(*(sa.func.count(sa.case((flags[key], 1))).label(key) for key in FLAGS))
        .select_from(_source(run))
        .where(_s.run_id == run.id, visible(actor, _s.distributor_id))
    ).one()
    return {key: n for key, n in zip(FLAGS, row, strict=True) if n}

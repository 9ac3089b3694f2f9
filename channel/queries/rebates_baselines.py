"""Reads of typed baselines of growth: the list, one of them, and the policies that want one."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel.access import Actor
from channel.db import db
from channel.models.partners import Distributor
from channel.models.rebates import RebatePolicy
from channel.models.rebates_evidence import GrowthBaseline
from channel.queries.listing import Column, Filter, Listing
from channel.queries.rebates_policies import terms_of
from channel.queries.scope import get_visible, visible
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period

_g = GrowthBaseline


def wanting() -> list[tuple[str, str, RebateTerms]]:
    """(code, name, terms) of the newest version of each policy that grows from a typed figure."""
    newest = (
        sa.select(RebatePolicy.code, sa.func.max(RebatePolicy.version_no).label("version_no"))
        .where(RebatePolicy.state != "retired")
        .group_by(RebatePolicy.code)
        .subquery()
    )
    rows = db.session.scalars(
        sa.select(RebatePolicy)
        .join(
            newest,
            sa.and_(
                newest.c.code == RebatePolicy.code,
                newest.c.version_no == RebatePolicy.version_no,
            ),
        )
        .order_by(RebatePolicy.code)
    )
    found = [(policy.code, policy.name, terms_of(policy)) for policy in rows]
    return [row for row in found if row[2].gauge == "growth" and row[2].reference == "typed"]


def get_baseline(actor: Actor, baseline_id: int) -> GrowthBaseline:
    found: GrowthBaseline = get_visible(
        actor, GrowthBaseline, baseline_id, joinedload(GrowthBaseline.distributor)
    )
    return found


def period_of(baseline: GrowthBaseline) -> Period:
    return Period(baseline.period_start, baseline.period_end)


def before(baseline: GrowthBaseline) -> GrowthBaseline | None:
    """The approved figure that this one replaces once it is approved; None: there is none."""
    return db.session.scalar(
        sa.select(_g)
        .where(
            _g.distributor_id == baseline.distributor_id,
            _g.policy_code == baseline.policy_code,
            _g.currency == baseline.currency,
            _g.period_start == baseline.period_start,
            _g.period_end == baseline.period_end,
            _g.state == "approved",
            _g.id != baseline.id,
        )
        .order_by(_g.decided_at.desc(), _g.id.desc())
        .limit(1)
    )


BASELINES = Listing(
    name="growth-baselines",
    title=_l("Baselines of growth"),
    identity=_g.id,
    source=sa.join(_g, Distributor, Distributor.id == _g.distributor_id),
    columns=[
        Column("number", _l("number"), _g.number, "code"),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("policy_code", _l("policy"), _g.policy_code, "code"),
        Column("period_start", _l("from"), _g.period_start, "date", wide=True),
        Column("period_end", _l("until (exclusive)"), _g.period_end, "date", wide=True),
        Column("currency", _l("currency"), _g.currency, wide=True),
        Column("value_e4", _l("baseline"), _g.value_e4, "e4"),
        Column("reason", _l("reason"), _g.reason, wide=True),
        Column("state", _l("state"), sa.literal("baseline_").concat(_g.state), "state"),
    ],
    default_sort="-number",
    scope=lambda actor: sa.and_(
        visible(actor, _g.distributor_id),
        _g.state == "approved" if actor.is_distributor else sa.true(),
    ),
    filters=[
        Filter(
            "state",
            _l("state"),
            _g.state,
            choices=[
                ("proposed", _l("waits for a second person")),
                ("approved", _l("approved")),
                ("rejected", _l("refused")),
            ],
        ),
        Filter("policy", _l("policy"), _g.policy_code, kind="text"),
        Filter("from", _l("from"), _g.period_start, kind="from"),
        Filter("to", _l("to"), _g.period_start, kind="to"),
    ],
    search=[_g.number, _g.policy_code, Distributor.code, Distributor.name],
    endpoint="rebates.policy_baseline",
    empty=_l("No baseline yet: a growth policy without last year's figure needs a typed one."),
)

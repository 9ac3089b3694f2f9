"""Groups of distributors whose sales are added up for the tiers: who is in which, and the list."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.partners import Distributor
from channel.models.rebates import RebateGroup, RebateGroupMember
from channel.queries.listing import Column, Listing

_g, _m = RebateGroup, RebateGroupMember


def members_on(day: date) -> dict[int, int]:
    """distributor → its group on a day; who is in none is missing and stands alone."""
    rows = db.session.execute(
        sa.select(_m.distributor_id, _m.group_id)
        .where(_m.valid_from <= day, sa.or_(_m.valid_to.is_(None), _m.valid_to > day))
        .order_by(_m.id)
    )
    return dict(rows.all())


def get_group(actor: Actor, group_id: int) -> RebateGroup:
    """A group, for the house."""
    group = db.session.get(_g, group_id)
    if group is None or actor.is_distributor:
        raise NotVisible
    return group


def by_name(name: str) -> RebateGroup | None:
    """The group that bears a name."""
    return db.session.scalar(sa.select(_g).where(_g.name == name))


def members_of(group_id: int) -> list[tuple[RebateGroupMember, Distributor]]:
    """Memberships of a group with the distributor, by code, also those that ended."""
    rows = db.session.execute(
        sa.select(_m, Distributor)
        .join(Distributor, Distributor.id == _m.distributor_id)
        .where(_m.group_id == group_id)
        .order_by(Distributor.code, _m.valid_from)
    )
    return [(member, distributor) for member, distributor in rows]


def meeting(distributor_id: int, start: date) -> str | None:
    """The name of a group in which the distributor is on a day or will be after it."""
    return db.session.scalar(
        sa.select(_g.name)
        .join(_m, _m.group_id == _g.id)
        .where(
            _m.distributor_id == distributor_id,
            sa.or_(_m.valid_to.is_(None), _m.valid_to > start),
        )
        .limit(1)
    )


def groups_listing(on: date) -> Listing:
    """The groups with the number of members on a day."""
    member = aliased(_m)
    count = (
        sa.select(sa.func.count())
        .where(
            member.group_id == _g.id,
            member.valid_from <= on,
            sa.or_(member.valid_to.is_(None), member.valid_to > on),
        )
        .correlate(_g)
        .scalar_subquery()
    )
    return Listing(
        name="rebate-groups",
        title=_l("Rebate groups"),
        identity=_g.id,
        source=_g,
        columns=[
            Column("name", _l("name"), _g.name),
            Column("members", _l("members today"), count, "quantity"),
        ],
        default_sort="name",
        scope=lambda actor: sa.false() if actor.is_distributor else sa.true(),
        search=[_g.name],
        endpoint="rebates.group",
        empty=_l("No group yet: make one where several distributors reach a tier together."),
    )

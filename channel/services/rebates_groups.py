"""Groups of distributors that reach a tier together: made, joined and left on a day.

A membership that has counted is never taken away: it ends, and what it counted stays.
"""

from __future__ import annotations

from datetime import date, timedelta

from channel.access import Actor, Permission
from channel.db import db, lock
from channel.models.partners import Distributor
from channel.models.rebates import RebateGroup, RebateGroupMember
from channel.queries import rebates_groups as reads
from channel.queries.scope import get_visible
from channel.services.work import Refused, work
from contracts.values.findings import block


def create(actor: Actor, name: str) -> int:
    """Make a group; its id. Refused without a name, or with one that another group bears."""
    with work(actor, Permission.REBATES_WRITE) as w:
        told = name.strip()[:255]
        if not told:
            raise Refused([block("rebate.group.name")])
        if reads.by_name(told) is not None:
            raise Refused([block("rebate.group.known", told, name=told)])
        group = RebateGroup(name=told, created_at=w.now)
        w.session.add(group)
        w.session.flush()  # the page that follows needs group.id
        w.audit("rebate_group:create", group, label=told)
        return group.id


def join(actor: Actor, group_id: int, distributor_id: int, start: date) -> None:
    """Take a distributor in from a day on; it stands in one group at a time."""
    with work(actor, Permission.REBATES_WRITE) as w:
        group = reads.get_group(actor, group_id)
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        lock(Distributor, [distributor_id])
        other = reads.meeting(distributor_id, start)
        if other is not None:
            facts = {"distributor": distributor.name, "group": other, "day": start}
            raise Refused([block("rebate.group.elsewhere", distributor.code, **facts)])
        row = RebateGroupMember(
            group_id=group_id, distributor_id=distributor_id, valid_from=start, valid_to=None
        )
        w.session.add(row)
        changes = {"distributor_id": distributor.code, "first_day": start}
        w.audit("rebate_group:join", group, label=group.name, changes=changes)


def leave(actor: Actor, member_id: int, last_day: date) -> int:
    """End a membership with a day; the group's id. Refused when it ended or begins later."""
    with work(actor, Permission.REBATES_WRITE) as w:
        found = lock(RebateGroupMember, [member_id])
        if not found:
            raise Refused([block("rebate.group.left")])
        member: RebateGroupMember = found[0]
        group = reads.get_group(actor, member.group_id)
        end = last_day + timedelta(days=1)
        if member.valid_to is not None and member.valid_to <= end:
            raise Refused([block("rebate.group.left")])
        if end <= member.valid_from:
            raise Refused([block("rebate.group.not_yet", day=member.valid_from)])
        member.valid_to = end
        distributor = db.session.get_one(Distributor, member.distributor_id)
        changes = {"distributor_id": distributor.code, "last_day": last_day}
        w.audit("rebate_group:leave", group, label=group.name, changes=changes)
        return group.id

"""Territory caps: how many contracts an area takes, set from a day on and never in the past."""

from __future__ import annotations

from datetime import date

from channel.access import Actor, Permission
from channel.models.territories import TerritoryCap
from channel.queries import caps as reads
from channel.queries import territories
from channel.services.work import Refused, Work, work
from contracts.values.findings import block


def set_cap(
    actor: Actor, area: str, level: str, most: int, valid_from: date, reason: str = ""
) -> int:
    """At most so many contracts that name a division of the level in the area, from a day on.

    The cap in force for the same area and level ends where this one begins.
    """
    with work(actor, Permission.TERRITORIES_WRITE) as w:
        _check(w, area, level, valid_from)
        for row in reads.cap_rows():
            same = row.division_code == area and row.level == level
            if same and (row.valid_to is None or row.valid_to > valid_from):
                if row.valid_from >= valid_from:
                    w.session.delete(row)  # it never came into force
                else:
                    row.valid_to = valid_from
        cap = TerritoryCap(
            division_code=area,
            level=level,
            most=most,
            valid_from=valid_from,
            reason=reason.strip(),
            set_by_id=actor.user_id,
            created_at=w.now,
        )
        w.session.add(cap)
        w.session.flush()  # the audit line needs cap.id
        changes = {"level": level, "most": most, "valid_from": valid_from}
        w.audit("cap:set", cap, label=area, reason=reason.strip(), changes=changes)
        return cap.id


def _check(w: Work, area: str, level: str, valid_from: date) -> None:
    if valid_from < w.today:
        raise Refused([block("cap.past", "valid_from")])
    if not territories.is_known(area, valid_from):
        raise Refused([block("division.unknown", "division_code", value=area, on=valid_from)])
    own = territories.levels([area], valid_from)[area]
    if territories.LEVELS.index(level) < territories.LEVELS.index(own):
        name = territories.names([area], valid_from)[area]
        raise Refused([block("cap.level", "level", name=name, own=own, level=level)])


def end_cap(actor: Actor, cap_id: int) -> None:
    """The area takes any number again, from today on."""
    with work(actor, Permission.TERRITORIES_WRITE) as w:
        cap = reads.get_cap(cap_id)
        if cap.valid_from >= w.today:
            w.audit("cap:end", cap, label=cap.division_code, changes={"most": cap.most})
            w.session.delete(cap)
        elif cap.valid_to is None or cap.valid_to > w.today:
            old, cap.valid_to = cap.valid_to, w.today
            w.audit(
                "cap:end",
                cap,
                label=cap.division_code,
                changes={"most": cap.most, "valid_to": (old, w.today)},
            )

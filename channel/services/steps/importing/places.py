"""Administrative divisions and working days: the house's reference data by file."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import WorkingDay
from channel.models.territories import Division
from channel.services.steps.importing import master
from channel.services.steps.importing.plan import Plan, Task, insert_many
from channel.services.steps.importing.trail import Trace, leave
from channel.services.work import Work

#: Since when a division is known when the file does not say so.
SINCE = date(2000, 1, 1)


def plan_divisions(task: Task) -> Plan:
    """Divisions by code and first day; a standing one may get an end, a name or another parent."""
    columns = ("name", "level", "parent_code", "valid_to", "predecessor_code", "is_selectable")
    rows = db.session.execute(
        sa.select(
            Division.id, Division.code, Division.valid_from,
            *(getattr(Division, name) for name in columns),
        ).order_by(Division.code, Division.valid_from)
    ).all()  # fmt: skip
    standing = {(row.code, row.valid_from): row for row in rows}
    newest = {row.code: row for row in rows}
    wanted: dict[Any, dict[str, Any]] = {}
    for row in task.rows:
        since = row.valid_from
        if since is None:
            # A file without dates speaks of the code as it is now.
            since = newest[row.code].valid_from if row.code in newest else SINCE
        wanted[row.code, since] = {
            "name": row.name,
            "level": row.level,
            "parent_code": row.parent,
            "valid_to": row.valid_to,
            "predecessor_code": row.predecessor,
            "is_selectable": row.is_selectable if "is_selectable" in task.given else None,
        }
    difference = master.compare(standing, wanted)
    result = Plan(len(difference.new), len(difference.changed), difference.same)
    result.write = lambda w, reason: _write_divisions(w, difference, reason)
    return result


def _write_divisions(w: Work, difference: master.Difference, reason: str) -> None:
    blank = {"parent_code": None, "valid_to": None, "predecessor_code": None, "is_selectable": True}
    insert_many(
        w,
        Division,
        [
            {**blank, "code": code, "valid_from": since, **values}
            for (code, since), values in difference.new.items()
        ],
    )
    for key, values in difference.changed.items():
        row = {"id": difference.ids[key], **{name: new for name, (_old, new) in values.items()}}
        w.session.execute(sa.update(Division), [row])
    leave(
        w,
        [
            *(Trace("division:create", "division", None, code) for code, _since in difference.new),
            *(
                Trace("division:save", "division", difference.ids[key], key[0], None, changes)
                for key, changes in difference.changed.items()
            ),
        ],
        reason,
    )


def plan_days(task: Task) -> Plan:
    """Exceptions to Monday-to-Friday by date."""
    wanted = {
        row.date: {"is_working": row.is_working, "name": row.name, "state": row.state}
        for row in task.rows
    }
    standing = {
        row.day: row
        for row in db.session.execute(
            sa.select(WorkingDay.day, WorkingDay.is_working, WorkingDay.name, WorkingDay.state)
        )
    }
    difference = master.compare(standing, wanted, identity="day")
    result = Plan(len(difference.new), len(difference.changed), difference.same)

    def write(w: Work, reason: str) -> None:
        insert_many(
            w,
            WorkingDay,
            [
                {"day": day, "name": "", "state": "official", **values}
                for day, values in difference.new.items()
            ],
        )
        for day, values in difference.changed.items():
            row = {"day": day, **{name: new for name, (_old, new) in values.items()}}
            w.session.execute(sa.update(WorkingDay), [row])
        leave(
            w,
            (
                Trace("calendar:day", "working_day", None, day.isoformat(), None, dict(wanted[day]))
                for day in (*difference.new, *difference.changed)
            ),
            reason,
        )

    result.write = write
    return result

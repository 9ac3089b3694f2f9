"""Distributors and their ship-to places, by code and by name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.partners import Distributor, ShipTo
from channel.queries.partners import get_maker
from channel.rules.identity import check_licence, check_uscc
from channel.services.steps.importing import master
from channel.services.steps.importing.plan import Plan, Task, by_key, chunks, insert_many
from channel.services.steps.importing.trail import Trace, leave
from channel.services.work import Work
from contracts.values.findings import Finding, Severity

COLUMNS = (
    "name", "kind", "uscc", "tax_name", "division_code", "address", "contact", "phone", "email",
    "bank_name", "bank_account", "licence_until", "currency",
)  # fmt: skip


def plan_distributors(task: Task) -> Plan:
    """New and changed distributors; credit codes are checked against everybody's."""
    wanted = {row.code: _values(row) for row in task.rows}
    standing = by_key(
        Distributor.code, list(wanted), Distributor.id,
        *(getattr(Distributor, name) for name in COLUMNS),
    )  # fmt: skip
    difference = master.compare(standing, wanted)
    result = Plan(len(difference.new), len(difference.changed), difference.same)
    result.findings = _codes(task, standing, difference)
    defaults = {"kind": "company", "currency": get_maker().currency}

    def write(w: Work, reason: str) -> None:
        for code, values in difference.new.items():
            values |= {"code": code, "external_key": code, "created_at": w.now, "row_version": 1}
        master.write(
            w, Distributor, Distributor.code, difference, noun="distributor", reason=reason,
            defaults=defaults, owner=lambda record_id: record_id, versioned=True,
        )  # fmt: skip

    result.write = write
    return result


def _values(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind,
        "uscc": row.uscc or None,
        "tax_name": row.tax_name,
        "division_code": row.division or None,
        "address": row.address,
        "contact": row.contact,
        "phone": row.phone,
        "email": row.email,
        "bank_name": row.bank_name,
        "bank_account": row.bank_account,
        "licence_until": row.licence_expires_on,
        "currency": row.currency,
    }


def _codes(task: Task, standing: Any, difference: master.Difference) -> list[Finding]:
    """One firm, one credit code; those without one are told once, as a number."""
    found = []
    owners: dict[str, str] = {
        uscc: row.code
        for uscc, row in by_key(
            Distributor.uscc, [row.uscc for row in task.rows if row.uscc], Distributor.code
        ).items()
    }
    missing = endings = 0
    for row in task.rows:
        stored = standing.get(row.code)
        if row.uscc:
            other = owners.setdefault(row.uscc, row.code)
            if other != row.code:
                found.append(
                    task.stop("import.uscc_taken", row.row, "uscc", value=row.uscc, other=other)
                )
        kind = row.kind or (stored.kind if stored else "company")
        uscc = row.uscc or (stored.uscc if stored else None)
        for other_finding in check_uscc(uscc, kind):
            if other_finding.code == "identity.uscc_missing":
                missing += 1
            elif other_finding.code == "identity.kind_differs" and row.code in difference.new:
                facts = dict(other_finding.facts)
                found.append(task.note("identity.kind_differs", Severity.WARN, **facts))
        endings += len(check_licence(row.licence_expires_on, task.today))
    if endings:
        found.append(task.note("import.licences_ending", Severity.WARN, count=endings))
    if missing:
        found.append(task.note("import.uscc_missing", Severity.WARN, count=missing))
    return found


def plan_ship_tos(task: Task) -> Plan:
    """Places by distributor and name; a standing place may get another division or address."""
    owners = {
        code: row.id
        for code, row in by_key(
            Distributor.code, [r.distributor for r in task.rows], Distributor.id
        ).items()
    }
    standing = {}
    for part in chunks(sorted(owners.values())):
        for place in db.session.execute(
            sa.select(
                ShipTo.id, ShipTo.distributor_id, ShipTo.name, ShipTo.division_code, ShipTo.address
            ).where(ShipTo.distributor_id.in_(part))
        ):
            standing[place.distributor_id, place.name] = place
    wanted = {
        (owners[row.distributor], row.name): {
            "division_code": row.division,
            "address": row.address,
        }
        for row in task.rows
    }
    difference = master.compare(standing, wanted)
    result = Plan(len(difference.new), len(difference.changed), difference.same)
    result.write = lambda w, reason: _write_places(w, difference, reason)
    return result


def _write_places(w: Work, difference: master.Difference, reason: str) -> None:
    insert_many(
        w,
        ShipTo,
        [
            {"distributor_id": owner, "name": name, "address": "", "is_active": True, **values}
            for (owner, name), values in difference.new.items()
        ],
    )
    rows = [
        {"id": difference.ids[key], **{name: new for name, (_old, new) in values.items()}}
        for key, values in difference.changed.items()
    ]
    for row in rows:  # each may change other columns, and changes are few
        w.session.execute(sa.update(ShipTo), [row])
    leave(
        w,
        [
            *(Trace("ship_to:add", "ship_to", None, name, owner) for owner, name in difference.new),
            *(
                Trace("ship_to:save", "ship_to", difference.ids[key], key[1], key[0], changes)
                for key, changes in difference.changed.items()
            ),
        ],
        reason,
    )

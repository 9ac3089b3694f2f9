"""Use cases about administrative divisions: new ones, new names and codes, and their end.

A division's past is never rewritten: each change closes one row and opens the next.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.territories import Division
from channel.queries.territories import get_division, in_force
from channel.services.work import Refused, Work, work
from contracts.values.findings import Finding, block

#: In which levels a division of each level may lie.
ABOVE = {"province": (), "prefecture": ("province",), "county": ("province", "prefecture")}


@dataclass(frozen=True)
class DivisionFacts:
    """A division that comes into being on a day."""

    code: str
    name: str
    level: str
    parent_code: str | None
    valid_from: date
    predecessor_code: str | None = None
    is_selectable: bool = True


def _at(w: Work, code: str, on: date) -> Division | None:
    """The row of a code on a day."""
    return w.session.scalar(sa.select(Division).where(Division.code == code, in_force(on)))


def _check_place(w: Work, level: str, parent_code: str | None, on: date) -> list[Finding]:
    """A province lies in none, a prefecture in a province, a county in either of the two."""
    if (level == "province") != (parent_code is None):
        return [block("division.parent_needed", level=level)]
    if parent_code is None:
        return []
    parent = _at(w, parent_code, on)
    if parent is None:
        return [block("division.unknown", parent_code, value=parent_code, on=on)]
    if parent.level not in ABOVE[level]:
        name = f"{parent.code} {parent.name}"
        return [block("division.parent_level", parent_code, level=level, parent=name)]
    return []


def _check_free(w: Work, code: str, since: date, but: int | None = None) -> list[Finding]:
    """Nobody else bears the code on that day or later."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        return [block("division.code_shape", code, value=code)]
    statement = sa.select(Division).where(
        Division.code == code, sa.or_(Division.valid_to.is_(None), Division.valid_to > since)
    )
    taken = next((d for d in w.session.scalars(statement) if d.id != but), None)
    if taken is None:
        return []
    return [block("division.code_taken", code, value=code, name=taken.name, since=taken.valid_from)]


def create_division(actor: Actor, facts: DivisionFacts) -> int:
    """Add a division; its id."""
    with work(actor, Permission.TERRITORIES_WRITE) as w:
        findings = _check_free(w, facts.code, facts.valid_from)
        findings += _check_place(w, facts.level, facts.parent_code, facts.valid_from)
        if findings:
            raise Refused(findings)
        division = Division(**asdict(facts))
        w.session.add(division)
        w.session.flush()  # the audit entry needs its id
        w.audit("division:create", division, label=f"{division.code} {division.name}")
        return division.id


def change_division(
    actor: Actor,
    division_id: int,
    *,
    code: str,
    name: str,
    parent_code: str | None,
    valid_from: date,
) -> int:
    """Give a division a new name, code or parent from a day on; the id of the new row.

    When the code changes, the parts follow under the new code from the same day.
    """
    with work(actor, Permission.TERRITORIES_WRITE) as w:
        old = get_division(division_id)
        findings = _check_open(old, valid_from)
        if (code, name, parent_code) == (old.code, old.name, old.parent_code):
            findings.append(block("division.unchanged"))
        if not findings:
            findings += _check_free(w, code, valid_from, but=old.id)
            findings += _check_place(w, old.level, parent_code, valid_from)
        if findings:
            raise Refused(findings)
        old.valid_to = valid_from
        new = Division(
            code=code,
            name=name,
            level=old.level,
            parent_code=parent_code,
            valid_from=valid_from,
            # The same code where only the name or the parent changed.
            predecessor_code=old.code,
            is_selectable=old.is_selectable,
        )
        w.session.add(new)
        moved = _move_parts(w, old.code, code, valid_from) if code != old.code else 0
        w.session.flush()  # the audit entry needs its id
        changes = {
            "code": (old.code, code),
            "name": (old.name, name),
            "parent_code": (old.parent_code, parent_code),
        }
        changed: dict[str, object] = {k: v for k, v in changes.items() if v[0] != v[1]}
        changed["valid_from"] = valid_from
        if moved:
            changed["parts_moved"] = moved
        w.audit("division:version", new, label=f"{code} {name}", changes=changed)
        return new.id


def _check_open(division: Division, on: date) -> list[Finding]:
    """A row changes only while it holds, and after its first day."""
    facts = {"code": division.code, "name": division.name}
    if division.valid_to is not None:
        return [block("division.ended", division.code, until=division.valid_to, **facts)]
    if on <= division.valid_from:
        return [block("division.too_early", division.code, since=division.valid_from, **facts)]
    return []


def _move_parts(w: Work, old_code: str, new_code: str, on: date) -> int:
    """Close the rows of the parts on that day and open them under the new code; how many."""
    parts = list(
        w.session.scalars(
            sa.select(Division).where(
                Division.parent_code == old_code,
                sa.or_(Division.valid_to.is_(None), Division.valid_to > on),
            )
        )
    )
    opened = []
    for part in parts:
        if part.valid_from >= on:
            part.parent_code = new_code
            continue
        opened.append(
            {
                "code": part.code,
                "name": part.name,
                "level": part.level,
                "parent_code": new_code,
                "valid_from": on,
                "valid_to": part.valid_to,
                "predecessor_code": part.code,
                "is_selectable": part.is_selectable,
            }
        )
        part.valid_to = on
    w.session.flush()  # close the rows before the next are opened
    if opened:
        w.session.execute(sa.insert(Division), opened)
    return len(parts)


def end_division(actor: Actor, division_id: int, valid_to: date) -> None:
    """End a division that has no parts on that day; its successor names it as former code."""
    with work(actor, Permission.TERRITORIES_WRITE) as w:
        division = get_division(division_id)
        findings = _check_open(division, valid_to)
        parts = w.session.scalar(
            sa.select(sa.func.count())
            .select_from(Division)
            .where(Division.parent_code == division.code, in_force(valid_to))
        )
        if parts:
            findings.append(
                block(
                    "division.has_parts",
                    division.code,
                    code=division.code,
                    name=division.name,
                    count=parts,
                )
            )
        if findings:
            raise Refused(findings)
        division.valid_to = valid_to
        w.audit(
            "division:end",
            division,
            label=f"{division.code} {division.name}",
            changes={"valid_to": valid_to},
        )


def set_selectable(actor: Actor, division_id: int, is_selectable: bool) -> None:
    """Offer a division as territory, or take it from the offer."""
    with work(actor, Permission.TERRITORIES_WRITE) as w:
        division = get_division(division_id)
        if division.is_selectable != is_selectable:
            division.is_selectable = is_selectable
            tag = "division:open" if is_selectable else "division:shut"
            w.audit(tag, division, label=f"{division.code} {division.name}")

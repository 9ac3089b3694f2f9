"""Reads about administrative divisions: the tree by date, names, and who holds a place.

Every question is answered for a day, and for many codes at once in one statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.access import NotVisible
from channel.db import db
from channel.models.territories import Division

LEVELS = ("province", "prefecture", "county")


def in_force(on: date, table: Any = Division) -> sa.ColumnElement[bool]:
    """The condition that a division's row holds on this day."""
    return sa.and_(table.valid_from <= on, sa.or_(table.valid_to.is_(None), table.valid_to > on))


def parent_by_digits(code: str) -> str | None:
    """The division above by the digits alone (GB/T 2260): for codes that the table lacks.

    A county numbered xx90xx is governed by its province directly.
    """
    if code.endswith("0000"):
        return None
    if code.endswith("00") or code[2:4] == "90":
        return f"{code[:2]}0000"
    return f"{code[:4]}00"


def _upwards(codes: Iterable[str]) -> set[str]:
    """The codes and all that their digits place above them."""
    found: set[str] = set()
    for code in codes:
        place: str | None = code
        while place is not None and place not in found:
            found.add(place)
            place = parent_by_digits(place)
    return found


def ancestors(codes: Collection[str], on: date) -> dict[str, str | None]:
    """Each code's parent on that day, and the parents of those, in one statement.

    A division that was recoded stands directly below its former code, as long as nothing else
    bears that code on the day: so a contract that names the former code still holds for it.
    Codes that the table lacks on that day go by their digits.
    """
    seeds = _upwards(codes)
    if not seeds:
        return {}
    row = sa.select(
        Division.code, Division.parent_code, Division.predecessor_code, in_force(on).label("now")
    )
    start = row.where(Division.code.in_(seeds), sa.or_(in_force(on), Division.valid_to <= on)).cte(
        "up", recursive=True
    )
    up = start.alias()
    walk = start.union(
        row.join(
            up,
            sa.or_(
                sa.and_(Division.code == up.c.parent_code, in_force(on)),
                sa.and_(Division.code == up.c.predecessor_code, Division.valid_to <= on),
            ),
        )
    )
    rows = db.session.execute(sa.select(walk)).all()
    standing = {r.code: r for r in rows if r.now}
    tree: dict[str, str | None] = {code: r.parent_code for code, r in standing.items()}
    former = {r.code: r.predecessor_code for r in rows if not r.now and r.code not in standing}
    for code in sorted(standing):
        _hang_former_codes(tree, standing, former, code)
    for code in sorted(seeds):
        tree.setdefault(code, parent_by_digits(code))
    return tree


def _hang_former_codes(
    tree: dict[str, str | None], standing: dict[str, Any], former: dict[str, str | None], code: str
) -> None:
    """Put the codes that the division bore before between it and its parent."""
    place, parent = code, tree[code]
    old = standing[code].predecessor_code
    while old in former and old not in tree:
        tree[place], tree[old] = old, parent
        place, old = old, former[old]


def names(codes: Collection[str], on: date) -> dict[str, str]:
    """The name of every code asked for: on that day, else its latest; '' when unknown."""
    found = dict.fromkeys(codes, "")
    if not found:
        return {}
    statement = (
        sa.select(Division.code, Division.name)
        .where(Division.code.in_(found))
        # The last row read wins: those in force come last.
        .order_by(sa.case((in_force(on), 1), else_=0), Division.valid_from)
    )
    found.update((code, name) for code, name in db.session.execute(statement))
    return found


def choices(
    on: date, levels: Collection[str] = ("province", "prefecture"), *, all_: bool = False
) -> list[tuple[str, str]]:
    """(code, «511000 内江市») of the divisions of these levels; `all_` adds those not sold in."""
    statement = (
        sa.select(Division.code, Division.name)
        .where(in_force(on), Division.level.in_(levels))
        .order_by(Division.code)
    )
    if not all_:
        statement = statement.where(Division.is_selectable.is_(True))
    return [(code, f"{code} {name}") for code, name in db.session.execute(statement)]


def find(text: str, on: date, limit: int = 20) -> list[Division]:
    """Divisions whose code begins with the text or whose name holds it; those in force first."""
    words = text.split()
    if not words:
        return []
    statement = sa.select(Division).order_by(
        sa.case((in_force(on), 0), else_=1), sa.func.length(Division.name), Division.code
    )
    for word in words:
        statement = statement.where(
            sa.or_(
                Division.code.startswith(word, autoescape=True),
                Division.name.contains(word, autoescape=True),
            )
        )
    return list(db.session.scalars(statement.limit(limit)))


def is_known(code: str, on: date) -> bool:
    """Whether a division bears this code on that day."""
    statement = sa.select(Division.id).where(Division.code == code, in_force(on)).limit(1)
    return db.session.scalar(statement) is not None


def get_division(record_id: int) -> Division:
    """The division's row, or NotVisible."""
    found = db.session.get(Division, record_id)
    if found is None:
        raise NotVisible
    return found


def levels(codes: Collection[str], on: date) -> dict[str, str]:
    """The level (province, prefecture, county) of every known code on that day."""
    rows = db.session.execute(
        sa.select(Division.code, Division.level).where(Division.code.in_(codes), in_force(on))
    )
    return dict(rows.all())


def parents(codes: Collection[str], on: date) -> dict[str, str]:
    """Each code's division above it on that day, itself for a province.

    Former codes are left out: they stand in the lineage for the sake of agreements only.
    """
    rows = db.session.execute(
        sa.select(Division.code, Division.parent_code).where(Division.code.in_(codes), in_force(on))
    )
    known = {code: parent or code for code, parent in rows}
    return {code: known.get(code) or parent_by_digits(code) or code for code in codes}


def resolve(text: str, on: date) -> list[Division]:
    """What a typed place means on that day: «511083», «511083 隆昌市» or «隆昌市».

    One division when the text is plain, several when the name is shared, none when unknown.
    """
    code, _, _name = text.strip().partition(" ")
    if len(code) == 6 and code.isdigit():
        wanted = Division.code == code
    else:
        wanted = Division.name == text.strip()
    statement = sa.select(Division).where(wanted, in_force(on)).order_by(Division.code).limit(10)
    return list(db.session.scalars(statement))


def history_of(code: str) -> list[Division]:
    """The rows of a division over time, oldest first, with those of its former codes."""
    known: dict[int, Division] = {}
    codes, asked = {code}, set[str]()
    # One statement for each step back; divisions were seldom recoded twice.
    while codes - asked:
        asked |= codes
        rows = db.session.scalars(sa.select(Division).where(Division.code.in_(codes)))
        for row in rows:
            known[row.id] = row
            if row.predecessor_code:
                codes = codes | {row.predecessor_code}
    return sorted(known.values(), key=lambda d: (d.valid_from, d.code))


def successors_of(code: str) -> list[Division]:
    """The divisions that took this one's code away."""
    statement = sa.select(Division).where(Division.predecessor_code == code, Division.code != code)
    return list(db.session.scalars(statement.order_by(Division.valid_from, Division.code)))


def current(code: str, on: date) -> str:
    """The code that a place bears on that day: 511083 for 511028, once that was recoded.

    A code that was split among several, or that nobody knows, stays as it is.
    """
    seen: set[str] = set()
    while code not in seen and not is_known(code, on):
        seen.add(code)
        successors = set(
            db.session.scalars(
                sa.select(Division.code).where(
                    Division.predecessor_code == code, Division.valid_from <= on
                )
            )
        )
        if len(successors) == 1:
            code = successors.pop()
    return code

"""Who holds which division on a day, by the grants that agreements in force make.

The nearest grant above a place decides, for each distributor by itself; a constant number of
statements whatever the size of the tree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from channel.access import Actor
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion, TerritoryGrant
from channel.models.partners import Distributor
from channel.models.territories import Division
from channel.queries.scope import visible
from channel.queries.territories import ancestors, in_force


@dataclass(frozen=True)
class Holder:
    """A distributor that holds a place; `name` is '' where the actor may not know it."""

    distributor_id: int
    name: str
    version_id: int
    agreement: str
    is_exclusive: bool
    #: The division named in the agreement: the place itself or one above it.
    through: str
    until: date

    @property
    def is_known(self) -> bool:
        return bool(self.name)


@dataclass(frozen=True)
class Place:
    """A division with what is said of it on the day."""

    division: Division
    has_parts: bool
    holders: tuple[Holder, ...] = ()
    #: Divisions below that somebody holds by their own name.
    parts_held: int = 0
    #: Prefectures below a province: how many there are, how many somebody holds.
    prefectures: int = 0
    prefectures_held: int = 0

    @property
    def state(self) -> str:
        """held, part (only divisions below it are held) or white (nobody)."""
        if self.holders:
            return "held"
        return "part" if self.parts_held else "white"


@dataclass(frozen=True)
class Tree:
    """The divisions to show on a day: `below` maps a code (None: the provinces) to its parts."""

    on: date
    below: Mapping[str | None, list[Place]] = field(default_factory=dict)


def _grants(codes: Collection[str], on: date, actor: Actor) -> dict[str, list[Any]]:
    """division code → the grants in force on the day that name it."""
    statement = (
        sa.select(
            TerritoryGrant.division_code,
            TerritoryGrant.is_included,
            TerritoryGrant.is_exclusive,
            TerritoryGrant.valid_to,
            TerritoryGrant.version_id,
            TerritoryGrant.distributor_id,
            Distributor.code,
            Distributor.name,
            Agreement.number,
            visible(actor, TerritoryGrant.distributor_id).label("is_visible"),
        )
        .join(Distributor, TerritoryGrant.distributor_id == Distributor.id)
        .join(AgreementVersion, TerritoryGrant.version_id == AgreementVersion.id)
        .join(Agreement, AgreementVersion.agreement_id == Agreement.id)
        .where(
            TerritoryGrant.division_code.in_(codes),
            TerritoryGrant.valid_from <= on,
            TerritoryGrant.valid_to > on,
        )
        # A division named both in and out is out: it comes first and decides.
        .order_by(Distributor.code, TerritoryGrant.is_included, TerritoryGrant.version_id)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row.division_code].append(row)
    return found


def _decide(code: str, tree: Mapping[str, str | None], grants: Mapping[str, list[Any]]) -> Any:
    """The holders of a place: each distributor's nearest grant, when it grants."""
    decided: set[int] = set()
    walked: set[str] = set()
    place: str | None = code
    while place is not None and place not in walked:
        walked.add(place)
        for row in grants.get(place, ()):
            if row.distributor_id in decided:
                continue
            decided.add(row.distributor_id)
            if row.is_included:
                yield Holder(
                    distributor_id=row.distributor_id,
                    name=f"{row.code} {row.name}" if row.is_visible else "",
                    version_id=row.version_id,
                    agreement=row.number if row.is_visible else "",
                    is_exclusive=row.is_exclusive,
                    through=place,
                    until=row.valid_to,
                )
        place = tree.get(place)


def holders(actor: Actor, codes: Collection[str], on: date) -> dict[str, tuple[Holder, ...]]:
    """Every code → its holders on the day; two statements."""
    if not codes:
        return {}
    tree = ancestors(codes, on)
    grants = _grants(tree.keys() | set(codes), on, actor)
    return {code: tuple(_decide(code, tree, grants)) for code in codes}


def _named_below(codes: Collection[str], on: date) -> Counter[str]:
    """code → how many divisions below it (at any depth) are granted by their own name."""
    part, above = aliased(Division), aliased(Division)
    statement = (
        sa.select(part.code, part.parent_code, above.parent_code)
        .select_from(TerritoryGrant)
        .join(part, sa.and_(part.code == TerritoryGrant.division_code, in_force(on, part)))
        .outerjoin(above, sa.and_(above.code == part.parent_code, in_force(on, above)))
        .where(
            TerritoryGrant.is_included.is_(True),
            TerritoryGrant.valid_from <= on,
            TerritoryGrant.valid_to > on,
            sa.or_(part.parent_code.in_(codes), above.parent_code.in_(codes)),
        )
        .distinct()
    )
    counted: Counter[str] = Counter()
    for _code, parent, grandparent in db.session.execute(statement):
        counted.update(c for c in (parent, grandparent) if c)
    return counted


def _divisions(parents: Iterable[str], on: date) -> list[tuple[Division, bool]]:
    """The provinces and the parts of these divisions, each with whether it has parts itself."""
    part = aliased(Division)
    has_parts = sa.exists().where(part.parent_code == Division.code, in_force(on, part))
    statement = (
        sa.select(Division, has_parts)
        .where(
            in_force(on),
            sa.or_(Division.parent_code.is_(None), Division.parent_code.in_(list(parents))),
        )
        .order_by(Division.code)
    )
    return [(division, bool(parts)) for division, parts in db.session.execute(statement)]


def _prefectures(on: date) -> dict[str, list[str]]:
    """province → its prefectures on the day."""
    statement = sa.select(Division.code, Division.parent_code).where(
        in_force(on), Division.level == "prefecture"
    )
    found: dict[str, list[str]] = defaultdict(list)
    for code, parent in db.session.execute(statement):
        found[parent or ""].append(code)
    return found


def tree(actor: Actor, opened: Collection[str], on: date) -> Tree:
    """The provinces and, below each opened division, its parts, with their holders.

    For each province also how many of its prefectures somebody holds, wholly or in part.
    """
    shown = _divisions(opened, on)
    prefectures = _prefectures(on)
    codes = {d.code for d, _parts in shown} | {c for cs in prefectures.values() for c in cs}
    held, named = holders(actor, codes, on), _named_below(codes, on)
    below: dict[str | None, list[Place]] = defaultdict(list)
    for division, has_parts in shown:
        parts = prefectures.get(division.code, [])
        below[division.parent_code].append(
            Place(
                division=division,
                has_parts=has_parts,
                holders=held[division.code],
                parts_held=named[division.code],
                prefectures=len(parts),
                prefectures_held=sum(1 for c in parts if held[c] or named[c]),
            )
        )
    return Tree(on, below)

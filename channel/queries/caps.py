"""Reads of territory caps: those in force, and the live contracts that count against each."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from channel.access import NotVisible
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.partners import Distributor
from channel.models.territories import TerritoryCap
from channel.queries import agreements, territories
from contracts import agreement as rules
from contracts.caps import Cap, Holding, counted, ruling
from contracts.values.periods import Period


def caps() -> list[Cap]:
    """Every cap that was ever set, as the core takes them."""
    rows = db.session.scalars(
        sa.select(TerritoryCap).order_by(TerritoryCap.valid_from, TerritoryCap.id)
    )
    return [Cap(r.division_code, r.level, r.most, r.valid_from, r.valid_to) for r in rows]


def cap_rows() -> list[TerritoryCap]:
    """The same with their reasons, by area and level, newest first."""
    return list(
        db.session.scalars(
            sa.select(TerritoryCap).order_by(
                TerritoryCap.division_code,
                TerritoryCap.level,
                TerritoryCap.valid_from.desc(),
                TerritoryCap.id.desc(),
            )
        )
    )


def get_cap(cap_id: int) -> TerritoryCap:
    """The cap, or NotVisible."""
    found = db.session.get(TerritoryCap, cap_id)
    if found is None:
        raise NotVisible
    return found


def holdings(span: Period, but: int | None = None) -> list[Holding]:
    """What live agreements name within a span, each for the days it rules; `but` is left out."""
    rows = db.session.scalars(
        sa.select(AgreementVersion)
        .join(AgreementVersion.agreement)
        .options(contains_eager(AgreementVersion.agreement))
        .where(
            AgreementVersion.state.in_(agreements.SIGNED),
            AgreementVersion.valid_to > span.start,
            AgreementVersion.valid_from < span.end,
            Agreement.id != but if but is not None else sa.true(),
        )
        .order_by(Agreement.id, AgreementVersion.version_no)
    ).all()
    found = []
    for _agreement, versions in itertools.groupby(rows, key=lambda v: v.agreement_id):
        own = list(versions)
        stretches = rules.ruled_days([agreements.as_rule(v, with_terms=True) for v in own])
        found += [
            Holding(own[0].agreement.number, days, version.terms.territory.includes)
            for version, days in stretches
            if version.terms is not None and days.overlaps(span)
        ]
    return found


@dataclass(frozen=True)
class Standing:
    """A cap in force on a day with the live contracts that count against it."""

    cap: Cap
    name: str
    contracts: tuple[str, ...]

    @property
    def is_full(self) -> bool:
        return len(self.contracts) >= self.cap.most


def standings(on: date) -> list[Standing]:
    """The caps in force on a day, counted."""
    in_force = ruling(caps(), on)
    if not in_force:
        return []
    live = holdings(Period(on, on + timedelta(days=1)))
    codes = {code for h in live for code in h.divisions} | {c.area for c in in_force}
    tree, levels = territories.ancestors(codes, on), territories.levels(codes, on)
    names = territories.names(codes, on)
    return [
        Standing(cap, names.get(cap.area, ""), counted(cap, live, tree, levels, on))
        for cap in in_force
    ]


def holder_names(numbers: Collection[str]) -> dict[str, str]:
    """Contract number → its distributor."""
    rows = db.session.execute(
        sa.select(Agreement.number, Distributor.name)
        .join(Distributor, Distributor.id == Agreement.distributor_id)
        .where(Agreement.number.in_(numbers))
    )
    return dict(rows.all())


def newest_ids(numbers: Collection[str]) -> dict[str, int]:
    """Contract number → its newest signed version, to link to."""
    rows = db.session.execute(
        sa.select(Agreement.number, sa.func.max(AgreementVersion.id))
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(Agreement.number.in_(numbers), AgreementVersion.state.in_(agreements.SIGNED))
        .group_by(Agreement.number)
    )
    return dict(rows.all())

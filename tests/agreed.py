"""Other terms for a distributor of the fixture world, amended by two persons as people would."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.partners import ShipTo
from channel.services import agreements
from contracts import agreement as rules


def amended(world: Any, code: str = "D1", on: date = date(2026, 11, 1), **changes: Any) -> int:
    """A version in force from the day with these terms changed; duties as duties={...}."""
    version = db.session.scalar(
        sa.select(AgreementVersion)
        .join(Agreement)
        .where(
            Agreement.distributor_id == world.distributor(code),
            AgreementVersion.state == "approved",
        )
        .order_by(AgreementVersion.version_no.desc())
    )
    new = agreements.amend_agreement(world.actor("cm"), version.id, on, "条款调整")
    row = db.session.get_one(AgreementVersion, new)
    terms = rules.from_json(row.terms)
    if "duties" in changes:
        changes["duties"] = replace(terms.duties, **changes["duties"])
    draft = agreements.Draft(row.valid_from, row.valid_to, replace(terms, **changes), "条款调整")
    agreements.save_draft(world.actor("cm"), new, draft)
    agreements.submit_version(world.actor("cm"), new)
    agreements.approve_version(world.actor("boss"), new)
    return new


def another_place(
    world: Any, code: str = "D1", division: str = "511011", name: str = "东兴区仓库"
) -> int:
    """A second ship-to of the distributor, inside its territory unless told otherwise."""
    place = ShipTo(distributor_id=world.distributor(code), name=name, division_code=division)
    db.session.add(place)
    db.session.commit()
    return place.id

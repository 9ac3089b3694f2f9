"""An opened division leaves the incumbents' agreements on its day and returns when it ends.

Their approved words stay as they are: the cut is an entry of its own, read over the words.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from channel.db import db, lock
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.exceptions import Waiver
from channel.models.partners import Maker
from channel.models.territories import CarveOut
from channel.queries import agreements, carve_outs, partners, territories
from channel.services.steps import agreements as agreement_steps
from channel.services.work import Work
from contracts import agreement as rules
from contracts.territory import cut_through
from contracts.values.periods import Period


def carve(w: Work, waiver: Waiver, number: str) -> None:
    """Take the opened division out of the agreements that hold it through a wider grant."""
    # As when a version is approved: two at once must see each other's grants.
    lock(Maker, [partners.get_maker().id])
    code = waiver.division_code
    assert code is not None
    span = Period(waiver.valid_from, waiver.valid_to)
    rows = w.session.scalars(
        sa.select(AgreementVersion)
        .join(AgreementVersion.agreement)
        .options(contains_eager(AgreementVersion.agreement))
        .where(
            Agreement.distributor_id != waiver.distributor_id,
            AgreementVersion.state.in_(agreements.SIGNED),
            AgreementVersion.valid_to > span.start,
            AgreementVersion.valid_from < span.end,
        )
        .order_by(Agreement.id, AgreementVersion.version_no)
    ).all()
    named = {code}
    for version in rows:
        named |= rules.from_json(version.terms).territory.named()
    tree = territories.ancestors(named, span.start)
    for _agreement_id, group in itertools.groupby(rows, key=lambda v: v.agreement_id):
        versions = list(group)
        if _is_cut(versions, code, span, tree):
            _carve_one(w, waiver, versions[-1], span, number)


def _is_cut(
    versions: Sequence[AgreementVersion], code: str, span: Period, tree: dict[str, str | None]
) -> bool:
    """Whether any of the agreement's ruling words cover the division through a wider grant."""
    cuts = carve_outs.cuts_of([versions[0].agreement_id]).get(versions[0].agreement_id, ())
    for rule, days in rules.ruled_days([agreements.as_rule(v, with_terms=True) for v in versions]):
        common = days.intersection(span)
        if rule.terms is None or common is None:
            continue
        territory = carve_outs.overlaid(rule.terms, cuts).territory
        if cut_through(territory, code, tree, common.start):
            return True
    return False


def _carve_one(
    w: Work, waiver: Waiver, version: AgreementVersion, span: Period, number: str
) -> None:
    """The entry, the grants written anew, and a line in the trail of the incumbent's agreement."""
    agreement = version.agreement
    w.session.add(
        CarveOut(
            waiver_id=waiver.id,
            agreement_id=agreement.id,
            distributor_id=agreement.distributor_id,
            division_code=waiver.division_code,
            valid_from=span.start,
            valid_to=span.end,
            created_at=w.now,
        )
    )
    w.session.flush()  # the spread reads what is taken out
    agreement_steps.spread_terms(w, agreement)
    w.audit(
        "agreement:carve_out",
        version,
        label=f"{agreement.number} v{version.version_no}",
        reason=number,
        changes={
            "division_code": waiver.division_code,
            "valid_from": span.start,
            "valid_to": span.end,
        },
        distributor_id=agreement.distributor_id,
    )


def give_back(w: Work, waiver: Waiver, ends_on: date, number: str) -> None:
    """The opening ends early: the division returns to the incumbents from that day on."""
    ids = w.session.scalars(sa.select(CarveOut.agreement_id).where(CarveOut.waiver_id == waiver.id))
    for agreement_id in sorted(set(ids)):
        agreement = w.session.get_one(Agreement, agreement_id)
        agreement_steps.spread_terms(w, agreement)
        version = agreement.versions[-1]
        w.audit(
            "agreement:carve_in",
            version,
            label=f"{agreement.number} v{version.version_no}",
            reason=number,
            changes={"division_code": waiver.division_code, "valid_from": ends_on},
            distributor_id=agreement.distributor_id,
        )


def still_held(waiver: Waiver, ends_on: date) -> list[str]:
    """The contracts of the distributor that name the opened division after that day."""
    found = []
    for version in agreements_of(waiver.distributor_id, ends_on):
        if waiver.division_code in rules.from_json(version.terms).territory.includes:
            found.append(version.agreement.number)
    return sorted(set(found))


def agreements_of(distributor_id: int, since: date) -> list[AgreementVersion]:
    """The signed versions of a distributor that hold on or after a day."""
    return list(
        db.session.scalars(
            sa.select(AgreementVersion)
            .join(AgreementVersion.agreement)
            .options(contains_eager(AgreementVersion.agreement))
            .where(
                Agreement.distributor_id == distributor_id,
                AgreementVersion.state.in_(("approved", "suspended")),
                AgreementVersion.valid_to > since,
            )
        )
    )

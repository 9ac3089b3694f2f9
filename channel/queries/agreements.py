"""Reads of agreements: which version rules, what others were granted, and the lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from channel import clock
from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.partners import Distributor
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible
from contracts import agreement as terms_of
from contracts.territory import Grant
from contracts.values.periods import Period


def ruling_version(
    distributor_id: int, on: date
) -> tuple[AgreementVersion | None, AgreementVersion | None]:
    """(version in force on the date, newest approved version) of a distributor.

    The highest approved version of the agreement whose span holds the date.
    """
    versions = list(
        db.session.scalars(
            sa.select(AgreementVersion)
            .join(AgreementVersion.agreement)
            .options(contains_eager(AgreementVersion.agreement))
            .where(Agreement.distributor_id == distributor_id, AgreementVersion.state == "approved")
            .order_by(Agreement.id.desc(), AgreementVersion.version_no.desc())
        )
    )
    ruling = next((v for v in versions if v.valid_from <= on < v.valid_to), None)
    last = max(versions, key=lambda v: v.valid_to, default=None)
    return ruling, last


def granted_to_others(distributor_id: int, span: Period) -> list[Grant]:
    """The territories that others' approved versions hold within a span.

    A version that a later one of the same agreement replaces ends where that one begins.
    """
    rows = db.session.scalars(
        sa.select(AgreementVersion)
        .join(AgreementVersion.agreement)
        .options(contains_eager(AgreementVersion.agreement))
        .where(
            Agreement.distributor_id != distributor_id,
            AgreementVersion.state == "approved",
            AgreementVersion.valid_to > span.start,
            AgreementVersion.valid_from < span.end,
        )
        .order_by(Agreement.id, AgreementVersion.version_no)
    ).all()
    grants = []
    for i, version in enumerate(rows):
        later = [
            v.valid_from
            for v in rows[i + 1 :]
            if v.agreement_id == version.agreement_id and v.valid_from < version.valid_to
        ]
        end = min([version.valid_to, *later])
        if end <= version.valid_from:
            continue
        terms = terms_of.from_json(version.terms)
        grants.append(
            Grant(
                terms.territory,
                terms.goods,
                Period(version.valid_from, end),
                terms.exclusive,
                version.agreement.number,
            )
        )
    return grants


def get_version(actor: Actor, version_id: int) -> AgreementVersion:
    """A version with its agreement and distributor; a distributor sees no drafts."""
    version = db.session.scalar(
        sa.select(AgreementVersion)
        .join(AgreementVersion.agreement)
        .options(
            contains_eager(AgreementVersion.agreement).options(
                joinedload(Agreement.distributor), selectinload(Agreement.versions)
            )
        )
        .where(AgreementVersion.id == version_id, visible(actor, Agreement.distributor_id))
    )
    if version is None or (actor.is_distributor and version.state not in ("approved",)):
        raise NotVisible
    return version


def newest_version_id(actor: Actor, agreement_id: int) -> int:
    """The version to show first: the one being worked on, else the newest."""
    found = db.session.scalar(
        sa.select(AgreementVersion.id)
        .join(AgreementVersion.agreement)
        .where(Agreement.id == agreement_id, visible(actor, Agreement.distributor_id))
        .order_by(AgreementVersion.version_no.desc())
        .limit(1)
    )
    if found is None:
        raise NotVisible
    return found


def standing(version: AgreementVersion, on: date) -> str:
    return terms_of.standing(
        terms_of.State(version.state), Period(version.valid_from, version.valid_to), on
    )


def _standing_sql(on: date) -> Any:
    v = AgreementVersion
    return sa.case(
        (v.state != "approved", v.state),
        (v.valid_from > on, "approved"),
        (v.valid_to <= on, "expired"),
        else_="in_force",
    )


def versions_listing() -> Listing:
    """All versions with their standing today; ends within 90 days can be filtered."""
    on = clock.today()
    v = AgreementVersion
    word = _standing_sql(on)
    return Listing(
        name="agreements",
        title=_l("Agreements"),
        identity=v.id,
        source=sa.join(v, Agreement, v.agreement_id == Agreement.id).join(
            Distributor, Distributor.id == Agreement.distributor_id
        ),
        columns=[
            Column("number", _l("number"), Agreement.number, "code"),
            Column("version_no", _l("version"), v.version_no, "quantity", wide=True),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("valid_from", _l("valid from"), v.valid_from, "date", wide=True),
            Column("valid_to", _l("until (exclusive)"), v.valid_to, "date"),
            Column("standing", _l("state"), word, "state"),
        ],
        default_sort="-number",
        scope=lambda actor: sa.and_(
            visible(actor, Agreement.distributor_id),
            v.state == "approved" if actor.is_distributor else sa.true(),
        ),
        filters=[
            Filter(
                "standing",
                _l("state"),
                sa.type_coerce(word, sa.String),
                choices=[
                    ("draft", _l("draft")),
                    ("review", _l("in review")),
                    ("in_force", _l("in force")),
                    ("approved", _l("approved, not yet in force")),
                    ("expired", _l("expired")),
                    ("rejected", _l("rejected")),
                    ("terminated", _l("terminated")),
                ],
            ),
            Filter("ends_to", _l("ends until"), v.valid_to, kind="to"),
        ],
        search=[Agreement.number, Distributor.name, Distributor.code],
        endpoint="agreements.record",
        empty=_l("No agreement yet: draft the first one."),
    )

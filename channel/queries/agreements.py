"""Reads of agreements: which version rules, what others were granted, and the lists."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from channel import clock
from channel.access import Actor, NotVisible
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.partners import Distributor
from channel.queries import carve_outs
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import visible
from contracts import agreement as rules
from contracts.territory import Grant
from contracts.values.periods import Period

SIGNED = tuple(state.value for state in rules.SIGNED)


def shown_to(actor: Actor) -> Any:
    """The SQL condition on versions: a distributor sees what is signed or was shown to it."""
    if not actor.is_distributor:
        return sa.true()
    return sa.or_(AgreementVersion.state.in_(SIGNED), AgreementVersion.shared_at.is_not(None))


def is_shown_to(actor: Actor, version: AgreementVersion) -> bool:
    """The same for a version at hand."""
    is_open = version.state in SIGNED or version.shared_at is not None
    return is_open or not actor.is_distributor


def binds_on(on: Any) -> Any:
    """The SQL condition that a version binds on a day: signed, within its dates, not ended.

    Of several that do, the highest number of the agreement rules.
    """
    v = AgreementVersion
    return sa.and_(
        v.state.in_(SIGNED),
        v.valid_from <= on,
        v.valid_to > on,
        sa.or_(v.state != "terminated", v.ended_on > on),
    )


def as_rule(version: AgreementVersion, *, with_terms: bool = False) -> rules.Version:
    """A stored version as the core judges it; the terms only where they are asked for."""
    return rules.Version(
        number=version.version_no,
        state=rules.State(version.state),
        span=Period(version.valid_from, version.valid_to),
        terms=rules.from_json(version.terms) if with_terms else None,
        ended_on=version.ended_on,
        suspended_from=version.suspended_from,
    )


def text_hash(version: AgreementVersion) -> str:
    """The hash of the version's words as they are stored."""
    return rules.stored_hash(version.terms, Period(version.valid_from, version.valid_to))


def ruling_version(
    distributor_id: int, on: date
) -> tuple[AgreementVersion | None, AgreementVersion | None]:
    """(version that rules on the date, signed version that ends last) of a distributor.

    The highest signed version of the newest agreement whose days hold the date. A suspended one
    rules, but stops goods; a terminated one rules until the day on which it ended.
    """
    versions = list(
        db.session.scalars(
            sa.select(AgreementVersion)
            .join(AgreementVersion.agreement)
            .options(contains_eager(AgreementVersion.agreement))
            .where(Agreement.distributor_id == distributor_id, AgreementVersion.state.in_(SIGNED))
            .order_by(Agreement.id.desc(), AgreementVersion.version_no.desc())
        )
    )
    days = {v.id: as_rule(v).binding for v in versions}
    bound = [v for v in versions if days[v.id] is not None]
    ruling = next((v for v in bound if days[v.id].contains(on)), None)  # type: ignore[union-attr]
    last = max(bound, key=lambda v: days[v.id].end, default=None)  # type: ignore[union-attr]
    return ruling, last


def ruling_versions(distributor_ids: Sequence[int], on: date) -> dict[int, AgreementVersion]:
    """`ruling_version` of many in one statement: what rules, else what ended last."""
    rows = db.session.execute(
        sa.select(Agreement.distributor_id, AgreementVersion)
        .join(AgreementVersion.agreement)
        .where(Agreement.distributor_id.in_(distributor_ids), AgreementVersion.state.in_(SIGNED))
        .order_by(Agreement.id.desc(), AgreementVersion.version_no.desc())
    )
    bound: dict[int, list[tuple[Period, AgreementVersion]]] = {}
    for owner, version in rows:
        if (days := as_rule(version).binding) is not None:
            bound.setdefault(owner, []).append((days, version))
    return {
        owner: next((v for days, v in own if days.contains(on)), None)
        or max(own, key=lambda one: one[0].end)[1]
        for owner, own in bound.items()
    }


def granted_to_others(distributor_id: int, span: Period) -> list[Grant]:
    """The territories that others' agreements hold within a span, each for the days it rules."""
    rows = db.session.scalars(
        sa.select(AgreementVersion)
        .join(AgreementVersion.agreement)
        .options(contains_eager(AgreementVersion.agreement))
        .where(
            Agreement.distributor_id != distributor_id,
            AgreementVersion.state.in_(SIGNED),
            AgreementVersion.valid_to > span.start,
            AgreementVersion.valid_from < span.end,
        )
        .order_by(Agreement.id, AgreementVersion.version_no)
    ).all()
    cuts = carve_outs.cuts_of({version.agreement_id for version in rows})
    grants = []
    for agreement_id, versions in itertools.groupby(rows, key=lambda v: v.agreement_id):
        own = list(versions)
        number = own[0].agreement.number
        for version, days in rules.ruled_days([as_rule(v, with_terms=True) for v in own]):
            if version.terms is not None and days.overlaps(span):
                terms = carve_outs.overlaid(version.terms, cuts.get(agreement_id, ()))
                grants.append(Grant(terms.territory, terms.goods, days, terms.exclusive, number))
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
    if version is None or not is_shown_to(actor, version):
        raise NotVisible
    return version


def newest_version_id(actor: Actor, agreement_id: int) -> int:
    """The version to show first: the one being worked on, else the newest."""
    found = db.session.scalar(
        sa.select(AgreementVersion.id)
        .join(AgreementVersion.agreement)
        .where(
            Agreement.id == agreement_id,
            visible(actor, Agreement.distributor_id),
            shown_to(actor),
        )
        .order_by(AgreementVersion.version_no.desc())
        .limit(1)
    )
    if found is None:
        raise NotVisible
    return found


def standings(versions: Sequence[AgreementVersion], on: date) -> dict[int, str]:
    """Version id → the word for people on a day, for all versions of one agreement."""
    known = {v.id: as_rule(v) for v in versions}
    return {i: rules.standing(one, list(known.values()), on) for i, one in known.items()}


def standing(version: AgreementVersion, on: date) -> str:
    """The word for people on a day."""
    return standings(version.agreement.versions, on)[version.id]


def _standing_sql(on: date) -> Any:
    """The same words as contracts.agreement.standing, for lists."""
    v, later = AgreementVersion, aliased(AgreementVersion)
    # Ruled by a later one today, or on the last day of a version that is over.
    rules_instead = sa.or_(
        sa.and_(v.valid_to > on, later.valid_from <= on, later.valid_to > on),
        sa.and_(v.valid_to <= on, later.valid_from < v.valid_to, later.valid_to >= v.valid_to),
    )
    superseded = (
        sa.exists()
        .where(
            later.agreement_id == v.agreement_id,
            later.version_no > v.version_no,
            later.state.in_(("approved", "suspended")),
            v.valid_from <= on,
            rules_instead,
        )
        .correlate(v)
    )
    return sa.case(
        (sa.and_(v.state == "terminated", binds_on(on)), "in_force"),
        (v.state.not_in(("approved", "suspended")), v.state),
        (superseded, "superseded"),
        (v.valid_to <= on, "expired"),
        (
            sa.and_(v.state == "suspended", sa.func.coalesce(v.suspended_from, on) <= on),
            "suspended",
        ),
        (v.valid_from > on, "approved"),
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
        scope=lambda actor: sa.and_(visible(actor, Agreement.distributor_id), shown_to(actor)),
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
                    ("suspended", _l("suspended")),
                    ("superseded", _l("superseded")),
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

"""Reads about the maker and the distributors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload, selectinload

from channel import clock
from channel.access import Actor, Role
from channel.db import db
from channel.messages.partners import PARTNER_KINDS
from channel.models.accounts import User
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.partners import Distributor, Maker, ShipTo
from channel.models.territories import Division
from channel.queries import territories
from channel.queries.agreements import binds_on
from channel.queries.listing import Column, Filter, Listing
from channel.queries.scope import get_visible, visible

AGREEMENTS_SHOWN = 20


def get_maker() -> Maker:
    """The house; one row, made by the set-up."""
    return db.session.scalars(sa.select(Maker).order_by(Maker.id).limit(1)).one()


def choices(actor: Actor) -> list[tuple[Any, str]]:
    """(id, «code name») of the active distributors that the actor may see."""
    rows = db.session.execute(
        sa.select(Distributor.id, Distributor.code, Distributor.name)
        .where(visible(actor, Distributor.id), Distributor.is_active.is_(True))
        .order_by(Distributor.code)
    )
    return [(str(i), f"{code} {name}") for i, code, name in rows]


def rep_choices() -> list[tuple[str, str]]:
    """(id, name) of the people who may look after distributors."""
    rows = db.session.execute(
        sa.select(User.id, User.name)
        .where(User.role == Role.SALES_REP, User.is_active.is_(True))
        .order_by(User.name)
    )
    return [(str(i), name) for i, name in rows]


def get_distributor(actor: Actor, distributor_id: int) -> Distributor:
    """The distributor with its ship-to places, or NotVisible."""
    found: Distributor = get_visible(
        actor, Distributor, distributor_id, selectinload(Distributor.ship_tos)
    )
    return found


def get_ship_to(actor: Actor, ship_to_id: int) -> ShipTo:
    """The place with its distributor, or NotVisible."""
    found: ShipTo = get_visible(actor, ShipTo, ship_to_id, joinedload(ShipTo.distributor))
    return found


def rep_name(distributor: Distributor) -> str:
    """Who looks after the distributor; '' for nobody."""
    if distributor.sales_rep_id is None:
        return ""
    return db.session.scalar(sa.select(User.name).where(User.id == distributor.sales_rep_id)) or ""


@dataclass(frozen=True)
class AgreementLine:
    """An agreement on a distributor's page: its newest version and what that is today."""

    agreement_id: int
    version_id: int
    number: str
    version_no: int
    state: str
    valid_from: date
    last_day: date


def agreements_of(actor: Actor, distributor_id: int, on: date) -> list[AgreementLine]:
    """The distributor's agreements with the version in force on that day, else the newest."""
    rules = binds_on(on)
    place = sa.func.row_number().over(
        partition_by=Agreement.id,
        order_by=(sa.case((rules, 0), else_=1), AgreementVersion.version_no.desc()),
    )
    ranked = (
        sa.select(
            Agreement.id.label("agreement_id"),
            AgreementVersion.id.label("version_id"),
            Agreement.number,
            AgreementVersion.version_no,
            sa.case(
                (sa.and_(rules, AgreementVersion.state == "suspended"), "suspended"),
                (rules, "in_force"),
                (
                    sa.and_(AgreementVersion.state == "approved", AgreementVersion.valid_to <= on),
                    "expired",
                ),
                else_=AgreementVersion.state,
            ).label("state"),
            AgreementVersion.valid_from,
            AgreementVersion.valid_to,
            place.label("place"),
        )
        .join(AgreementVersion, AgreementVersion.agreement_id == Agreement.id)
        .where(Agreement.distributor_id == distributor_id, visible(actor, Agreement.distributor_id))
        .subquery()
    )
    rows = db.session.execute(
        sa.select(ranked)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.valid_from.desc(), ranked.c.agreement_id.desc())
        .limit(AGREEMENTS_SHOWN)
    )
    return [
        AgreementLine(
            r.agreement_id,
            r.version_id,
            r.number,
            r.version_no,
            r.state,
            r.valid_from,
            date.fromordinal(r.valid_to.toordinal() - 1),
        )
        for r in rows
    ]


class PlaceFilter(Filter):
    """Divisions and all below them: the code's trailing pairs of zeros stand for anything."""

    def condition(self, value: str) -> sa.ColumnElement[bool] | None:
        if not value.isdigit() or len(value) != 6:
            return None
        head = value.removesuffix("00").removesuffix("00")
        return self.expression.startswith(head)  # type: ignore[no-any-return]


def _places() -> list[tuple[str, str]]:
    """The provinces and prefectures in which distributors sit."""
    seats = set(
        db.session.scalars(
            sa.select(sa.func.substr(Distributor.division_code, 1, 4))
            .where(Distributor.division_code.is_not(None))
            .distinct()
        )
    )
    codes = {f"{seat[:2]}0000" for seat in seats} | {f"{seat}00" for seat in seats}
    named = territories.names(codes, clock.today())
    return [(code, f"{code} {named[code]}") for code in sorted(codes) if named[code]]


_rep = aliased(User)
_seat = aliased(Division)


def _seat_name() -> Any:
    """The newest name of the seat's division."""
    return (
        sa.select(_seat.name)
        .where(_seat.code == Distributor.division_code)
        .order_by(_seat.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


DISTRIBUTORS = Listing(
    name="distributors",
    title=_l("Distributors"),
    identity=Distributor.id,
    source=sa.outerjoin(Distributor, _rep, Distributor.sales_rep_id == _rep.id),
    columns=[
        Column("code", _l("code"), Distributor.code, "code"),
        Column("name", _l("name"), Distributor.name),
        Column("kind", _l("kind"), Distributor.kind, "partner_kind", wide=True),
        Column("uscc", _l("credit code"), Distributor.uscc, "code", wide=True),
        Column("division", _l("division"), _seat_name(), wide=True, sortable=False),
        Column("rep", _l("sales rep"), _rep.name, wide=True),
        Column("licence_until", _l("licence until"), Distributor.licence_until, "date", wide=True),
        Column("currency", _l("currency"), Distributor.currency, wide=True),
        Column(
            "state",
            _l("state"),
            sa.case((Distributor.is_active.is_(True), "active"), else_="inactive"),
            "state",
        ),
    ],
    default_sort="code",
    scope=lambda actor: visible(actor, Distributor.id),
    filters=[
        Filter(
            "active",
            _l("state"),
            Distributor.is_active,
            choices=[("1", _l("active")), ("0", _l("inactive"))],
        ),
        Filter("kind", _l("kind"), Distributor.kind, choices=list(PARTNER_KINDS.items())),
        PlaceFilter("division", _l("division"), Distributor.division_code, choices=_places),
        Filter("rep", _l("sales rep"), Distributor.sales_rep_id, choices=rep_choices),
        Filter("licence", _l("licence until"), Distributor.licence_until, kind="to"),
    ],
    search=[Distributor.code, Distributor.name, Distributor.uscc, Distributor.tax_name],
    endpoint="partners.record",
    empty=_l("No distributors yet: open the first one, or import a list."),
)

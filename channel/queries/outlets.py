"""Reads of outlets' upkeep: last order, last visit, display, and who sleeps or is lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from channel.access import Actor
from channel.db import db
from channel.messages.channel_stock import OUTLET_STATES
from channel.messages.market import OUTLET_KINDS
from channel.models.market import DisplayCheck, Outlet
from channel.models.outlets import OutletVisit
from channel.models.partners import Distributor
from channel.models.territories import Division
from channel.queries import partners, territories
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import area_of
from channel.queries.scope import visible

#: Outlets seen within so many days are counted as visited.
VISITED_DAYS = 30


def _happened() -> Any:
    """(outlet_id, last_order, last_visit): visits, orders, and looks at the display."""
    visit, check = OutletVisit, DisplayCheck
    days = sa.union_all(
        sa.select(
            visit.outlet_id,
            sa.case((visit.is_visit.is_(True), visit.visited_on)).label("visit"),
            sa.case((visit.has_order.is_(True), visit.visited_on)).label("ordered"),
        ),
        sa.select(check.outlet_id, check.checked_on, sa.cast(sa.null(), sa.Date)),
    ).subquery("day")
    return (
        sa.select(
            days.c.outlet_id,
            sa.func.max(days.c.ordered, type_=sa.Date).label("last_order"),
            sa.func.max(days.c.visit, type_=sa.Date).label("last_visit"),
        )
        .group_by(days.c.outlet_id)
        .subquery("happened")
    )


def _passed() -> Any:
    """Whether the last look at an outlet's display passed; NULL without any."""
    check = DisplayCheck
    return (
        sa.select(check.is_passed)
        .where(check.outlet_id == Outlet.id)
        .order_by(check.checked_on.desc(), check.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _state(happened: Any, on: date) -> Any:
    """The rule of channel.rules.outlets.state_of in the words of the database."""
    maker = partners.get_maker()
    since = sa.func.coalesce(happened.c.last_order, Outlet.opened_on)
    return sa.case(
        (Outlet.is_active.is_(False), "closed"),
        (since.is_(None), "sleeping"),
        (since <= on - timedelta(days=maker.outlet_lost_days), "lost"),
        (since <= on - timedelta(days=maker.outlet_sleep_days), "sleeping"),
        else_="active",
    )


def _source(happened: Any) -> Any:
    return sa.join(Outlet, Distributor, Distributor.id == Outlet.distributor_id).outerjoin(
        happened, happened.c.outlet_id == Outlet.id
    )


def outlets_list(on: date) -> Listing:
    """Every outlet with its last order, its last visit and its display."""
    o, happened = Outlet, _happened()
    state = _state(happened, on)
    shown = sa.case((_passed().is_(None), None), (_passed().is_(True), "display_pass"),
                    else_="display_fail")  # fmt: skip
    return Listing(
        name="outlets",
        title=_l("Outlets"),
        identity=o.id,
        source=_source(happened),
        columns=[
            Column("name", _l("name"), o.name),
            Column("kind", _l("kind"), o.kind, "outlet_kind", wide=True),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("division", _l("division"), o.division_code, "code", wide=True),
            Column("last_order", _l("last order"), happened.c.last_order, "date"),
            Column("last_visit", _l("last visit"), happened.c.last_visit, "date", wide=True),
            Column("display", _l("display"), shown, "state"),
            Column("state", _l("state"), sa.literal("outlet_") + state, "state"),
        ],
        default_sort="name",
        scope=lambda actor: visible(actor, o.distributor_id),
        filters=[
            Filter("state", _l("state"), state, choices=list(OUTLET_STATES.items())),
            partners.PlaceFilter("place", _l("place"), o.division_code, choices=_places),
            Filter("kind", _l("kind"), o.kind, choices=list(OUTLET_KINDS.items())),
            Filter("owner", _l("distributor"), o.distributor_id, choices=_owners),
        ],
        search=[o.name, o.address, Distributor.code, Distributor.name],
        endpoint="market.outlet",
        empty=_l("No outlet yet: open the first shop that sells the goods."),
    )


def _places() -> list[tuple[str, str]]:
    return PLACE.options()


PLACE = next(f for f in partners.DISTRIBUTORS.filters if isinstance(f, partners.PlaceFilter))


def _owners() -> list[tuple[str, str]]:
    """Distributors that have outlets."""
    rows = db.session.execute(
        sa.select(Distributor.id, Distributor.code, Distributor.name)
        .where(sa.select(Outlet.id).where(Outlet.distributor_id == Distributor.id).exists())
        .order_by(Distributor.code)
    )
    return [(str(i), f"{code} {name}") for i, code, name in rows]


def upkeep_list(actor: Actor, on: date, by: str) -> Listing:
    """Outlets counted by their state: by «area» (prefecture) or by distributor."""
    o, happened = Outlet, _happened()
    state, key = (
        _state(happened, on),
        area_of(o.division_code) if by == "area" else o.distributor_id,
    )
    seen = happened.c.last_visit > on - timedelta(days=VISITED_DAYS)
    opened = o.is_active.is_(True)
    counts: dict[str, Any] = {name: state == name for name in OUTLET_STATES}
    counts |= {"visited": sa.and_(opened, seen), "passed": sa.and_(opened, _passed().is_(True))}
    grouped = (
        sa.select(
            key.label("key"),
            sa.func.count().label("outlets"),
            *(sa.func.sum(sa.case((c, 1), else_=0)).label(name) for name, c in counts.items()),
        )
        .select_from(_source(happened))
        .where(visible(actor, o.distributor_id))
        .group_by(key)
        .subquery("upkeep")
    )
    if by == "area":
        source = sa.outerjoin(
            grouped, Division, sa.and_(Division.code == grouped.c.key, territories.in_force(on))
        )
        name, label = sa.func.coalesce(Division.name, grouped.c.key), _l("area")
    else:
        source = sa.join(grouped, Distributor, Distributor.id == grouped.c.key)
        name, label = Distributor.code + " " + Distributor.name, _l("distributor")
    c = grouped.c
    return Listing(
        name=f"outlets-by-{by}",
        title=_l("Outlets by area") if by == "area" else _l("Outlets by distributor"),
        identity=c.key,
        source=source,
        columns=[
            Column("name", label, name),
            Column("outlets", _l("outlets"), c.outlets, "quantity", total=True),
            Column("active", _l("buying"), c.active, "quantity", total=True),
            Column("sleeping", _l("sleeping"), c.sleeping, "quantity", total=True),
            Column("lost", _l("lost to us"), c.lost, "quantity", total=True),
            Column("closed", _l("closed"), c.closed, "quantity", total=True, wide=True),
            Column("visited", _l("visited within 30 days"), c.visited, "quantity", total=True),
            Column("passed", _l("display passed"), c.passed, "quantity", total=True, wide=True),
        ],
        default_sort="name",
        search=[name],
        endpoint="market.outlets_in" if by == "area" else "market.outlets_of",
        empty=_l("No outlet yet: open the first shop that sells the goods."),
    )


def visits_of(outlet_id: int) -> list[OutletVisit]:
    """Visits and orders of an outlet, the newest first."""
    v = OutletVisit
    statement = sa.select(v).where(v.outlet_id == outlet_id)
    return list(db.session.scalars(statement.order_by(v.visited_on.desc(), v.id.desc()).limit(50)))


def state_of(outlet_id: int, on: date) -> tuple[str, date | None, date | None]:
    """(state, last order, last visit) of one outlet."""
    happened = _happened()
    row = db.session.execute(
        sa.select(_state(happened, on), happened.c.last_order, happened.c.last_visit)
        .select_from(_source(happened))
        .where(Outlet.id == outlet_id)
    ).one()
    return row[0], row[1], row[2]

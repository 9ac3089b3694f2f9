"""Reads of displays and POP: standards by date, looks by month, and what stands where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel import clock
from channel.access import Actor
from channel.db import db
from channel.models.market import DisplayCheck, DisplayStandard, Outlet, PopPlacement
from channel.models.partners import Distributor
from channel.queries.catalogue_margins import Hundredths
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import month_choices, month_of
from channel.queries.scope import get_visible, visible
from channel.rules import display
from channel.rules.display import Item, Score
from contracts.values.periods import Period


def standard_on(outlet_kind: str, on: date) -> DisplayStandard | None:
    """What outlets of a kind have to show on a day."""
    s = DisplayStandard
    return db.session.scalar(
        sa.select(s)
        .where(s.outlet_kind == outlet_kind, s.valid_from <= on)
        .order_by(s.valid_from.desc())
        .limit(1)
    )


def standards() -> list[DisplayStandard]:
    """All standards, kind by kind, the newest first."""
    s = DisplayStandard
    return list(db.session.scalars(sa.select(s).order_by(s.outlet_kind, s.valid_from.desc())))


def score_of(check: DisplayCheck) -> Score:
    """The score as it was judged, with the missing items."""
    items = [Item(name, required, found) for name, required, found in check.items]
    return display.score(items, check.pass_percent)


def get_check(actor: Actor, check_id: int) -> DisplayCheck:
    found: DisplayCheck = get_visible(
        actor,
        DisplayCheck,
        check_id,
        joinedload(DisplayCheck.outlet),
        joinedload(DisplayCheck.distributor),
    )
    return found


def get_outlet(actor: Actor, outlet_id: int) -> Outlet:
    found: Outlet = get_visible(actor, Outlet, outlet_id, joinedload(Outlet.distributor))
    return found


def checks_of(outlet_id: int) -> list[DisplayCheck]:
    c = DisplayCheck
    statement = sa.select(c).where(c.outlet_id == outlet_id)
    return list(db.session.scalars(statement.order_by(c.checked_on.desc(), c.id.desc()).limit(50)))


def checks_listing() -> Listing:
    c = DisplayCheck
    share = sa.type_coerce((c.found * 20_000 + c.required) // (2 * c.required), Hundredths)
    return Listing(
        name="display-checks",
        title=_l("Display checks"),
        identity=c.id,
        source=sa.join(c, Outlet, Outlet.id == c.outlet_id).join(
            Distributor, Distributor.id == c.distributor_id
        ),
        columns=[
            Column("checked_on", _l("day"), c.checked_on, "date"),
            Column("outlet", _l("outlet"), Outlet.name),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("found", _l("faces found"), c.found, "quantity", wide=True),
            Column("required", _l("faces asked for"), c.required, "quantity", wide=True),
            Column("score", _l("score (%)"), share, "percent"),
            Column("mark", _l("pass mark (%)"), c.pass_percent, "quantity", wide=True),
            Column(
                "state",
                _l("verdict"),
                sa.case((c.is_passed.is_(True), "display_pass"), else_="display_fail"),
                "state",
            ),
        ],
        default_sort="-checked_on",
        scope=lambda actor: visible(actor, c.distributor_id),
        filters=[
            Filter("month", _l("month"), month_of(c.checked_on),
                   choices=lambda: month_choices(clock.today(), 24)),
            Filter("passed", _l("verdict"), c.is_passed,
                   choices=[("1", _l("passed")), ("0", _l("did not pass"))]),
        ],
        search=[Outlet.name, Distributor.code, Distributor.name],
        endpoint="market.display_check",
        empty=_l("No look at a display yet: open an outlet and check it."),
    )  # fmt: skip


def pop_listing() -> Listing:
    p = PopPlacement
    return Listing(
        name="pop",
        title=_l("POP places"),
        identity=p.id,
        source=sa.join(p, Outlet, Outlet.id == p.outlet_id).join(
            Distributor, Distributor.id == p.distributor_id
        ),
        columns=[
            Column("item", _l("material"), p.item),
            Column("outlet", _l("outlet"), Outlet.name),
            Column("spot", _l("spot"), p.spot, wide=True),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("consent", _l("agreed by"), p.consent_by, wide=True),
            Column("placed_on", _l("stands from"), p.placed_on, "date"),
            Column("removed_on", _l("gone from"), p.removed_on, "date"),
            Column(
                "state",
                _l("state"),
                sa.case((p.removed_on.is_(None), "pop_standing"), else_="pop_gone"),
                "state",
            ),
        ],
        default_sort="-placed_on",
        scope=lambda actor: visible(actor, p.distributor_id),
        filters=[
            Filter("started", _l("started in"), month_of(p.placed_on),
                   choices=lambda: month_choices(clock.today(), 24)),
            StandingAtEnd("standing", _l("standing at the end of"), p.placed_on,
                          choices=lambda: month_choices(clock.today(), 24)),
        ],
        search=[p.item, p.spot, Outlet.name, Distributor.code, Distributor.name],
        endpoint="market.pop_record",
        empty=_l("No material registered yet: open an outlet and place some."),
    )  # fmt: skip


class StandingAtEnd(Filter):
    """What stood on the last day of a month."""

    def condition(self, value: str) -> sa.ColumnElement[bool] | None:
        try:
            last = Period.parse(value).last_day
        except ValueError:
            return None
        p = PopPlacement
        return sa.and_(p.placed_on <= last, sa.or_(p.removed_on.is_(None), p.removed_on > last))


def get_placement(actor: Actor, placement_id: int) -> PopPlacement:
    found: PopPlacement = get_visible(
        actor,
        PopPlacement,
        placement_id,
        joinedload(PopPlacement.outlet),
        joinedload(PopPlacement.distributor),
    )
    return found


@dataclass
class PopMonth:
    """A distributor's material in a month: how much started, how much stood at its end."""

    code: str
    name: str
    started: int = 0
    standing: int = 0


def pop_month(actor: Actor, month: Period) -> list[PopMonth]:
    """The report of a month, by distributor; one statement."""
    p = PopPlacement
    rows = db.session.execute(
        sa.select(Distributor.id, Distributor.code, Distributor.name, p.placed_on, p.removed_on)
        .join(Distributor, Distributor.id == p.distributor_id)
        .where(
            visible(actor, p.distributor_id),
            p.placed_on < month.end,
            sa.or_(p.removed_on.is_(None), p.removed_on >= month.start),
        )
        .order_by(Distributor.code)
    )
    found: dict[int, PopMonth] = {}
    for owner, code, name, placed_on, removed_on in rows:
        row = found.setdefault(owner, PopMonth(code, name))
        placement = [display.Placement(placed_on, removed_on)]
        row.started += display.started_in(placement, month)
        row.standing += display.standing_at_end(placement, month)
    return list(found.values())


@dataclass(frozen=True)
class DisplayMonth:
    """A distributor's display in a month: looks, outlets seen, outlets whose last look passed."""

    code: str
    name: str
    is_met: bool
    outlets: int
    passed: int
    missing: tuple[str, ...] = field(default=())


def display_month(actor: Actor, month: Period) -> list[DisplayMonth]:
    """The condition «display» of each distributor that was looked at, with what is missing."""
    c = DisplayCheck
    checks = db.session.execute(
        sa.select(c, Outlet.name, Distributor.code, Distributor.name)
        .join(Outlet, Outlet.id == c.outlet_id)
        .join(Distributor, Distributor.id == c.distributor_id)
        .where(
            visible(actor, c.distributor_id),
            c.checked_on >= month.start,
            c.checked_on < month.end,
        )
        .order_by(Distributor.code, c.checked_on, c.id)
    )
    last: dict[tuple[str, str], dict[int, tuple[DisplayCheck, str]]] = defaultdict(dict)
    for check, outlet, code, name in checks:
        last[code, name][check.outlet_id] = (check, outlet)
    found = []
    for (code, name), looks in last.items():
        failed = [
            f"{outlet}: {item.name} −{item.missing}"
            for check, outlet in looks.values()
            if not check.is_passed
            for item in score_of(check).missing
        ]
        passed = sum(check.is_passed for check, _outlet in looks.values())
        found.append(
            DisplayMonth(code, name, passed == len(looks), len(looks), passed, tuple(failed))
        )
    return found


def placements_of(outlet_id: int) -> list[PopPlacement]:
    p = PopPlacement
    statement = sa.select(p).where(p.outlet_id == outlet_id)
    return list(db.session.scalars(statement.order_by(p.placed_on.desc(), p.id.desc()).limit(50)))

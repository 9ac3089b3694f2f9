"""Reads of incidents: the one list that every count opens, the dashboard, and what is unheard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from channel import clock
from channel.access import Actor
from channel.db import db
from channel.messages.market import INCIDENT_KINDS, SEVERITIES, TOPICS
from channel.models.market import Incident
from channel.models.partners import Distributor
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import (
    area_names,
    area_of,
    days_between,
    month_choices,
    month_of,
    seconds_between,
)
from channel.queries.scope import get_visible, visible
from contracts.values.money import divide_half_up


def unheard_ids(now: datetime) -> list[int]:
    """Incidents whose clock ran out and that nobody acknowledged or escalated yet."""
    i = Incident
    statement = sa.select(i.id).where(
        i.due_at < now,
        i.acknowledged_at.is_(None),
        i.escalated_at.is_(None),
        i.state != "closed",
    )
    return list(db.session.scalars(statement.order_by(i.id)))


def get_incident(actor: Actor, incident_id: int) -> Incident:
    found: Incident = get_visible(actor, Incident, incident_id, joinedload(Incident.distributor))
    return found


def unheard() -> Any:
    """The condition that nobody of the house has acknowledged it."""
    return sa.and_(Incident.acknowledged_at.is_(None), Incident.state != "closed")


def clock_word(now: datetime) -> Any:
    """escalated, overdue, waiting or heard: how the clock of an incident stands."""
    i = Incident
    return sa.case(
        (sa.or_(i.acknowledged_at.is_not(None), i.state == "closed"), "heard"),
        (i.escalated_at.is_not(None), "escalated"),
        (i.due_at < now, "unheard"),
        (i.due_at.is_not(None), "waiting"),
        else_="",
    )


def _filters(now: datetime) -> list[Filter]:
    i = Incident
    month, area = month_of(i.opened_on), area_of(i.division_code)
    return [
        Filter("kind", _l("kind"), i.kind, choices=list(INCIDENT_KINDS.items())),
        Filter(
            "state",
            _l("state"),
            i.state,
            choices=[
                ("!closed", _l("not closed")),
                ("open", _l("opened")),
                ("notice", _l("notice sent")),
                ("answered", _l("answered")),
                ("closed", _l("closed")),
            ],
        ),
        Filter(
            "clock",
            _l("clock"),
            clock_word(now),
            choices=[
                ("waiting", _l("clock runs")),
                ("unheard", _l("not acknowledged in time")),
                ("escalated", _l("escalated to the owner")),
                ("heard", _l("acknowledged")),
            ],
        ),
        Filter("topic", _l("topic"), i.topic, choices=list(TOPICS.items())),
        Filter("severity", _l("severity"), i.severity, choices=list(SEVERITIES.items())),
        Filter("month", _l("month"), month, choices=lambda: month_choices(clock.today(), 24)),
        Filter("area", _l("area"), area, choices=_areas),
    ]


def incidents_listing() -> Listing:
    """All incidents of all kinds, with how long they are open."""
    i, now = Incident, clock.now()
    return Listing(
        name="incidents",
        title=_l("Incidents"),
        identity=i.id,
        source=sa.join(i, Distributor, Distributor.id == i.distributor_id),
        counted=i,
        columns=[
            Column("number", _l("number"), i.number, "code"),
            Column("kind", _l("kind"), i.kind, "incident_kind"),
            Column("distributor", _l("distributor"), Distributor.name),
            Column("place", _l("place"), i.place, wide=True),
            Column("division", _l("division"), i.division_code, "code", wide=True),
            Column("severity", _l("severity"), i.severity, "severity", wide=True),
            Column("opened_on", _l("opened on"), i.opened_on, "date"),
            Column(
                "elapsed",
                _l("time open"),
                sa.case(
                    (i.closed_at.is_not(None), seconds_between(i.reported_at, i.closed_at)),
                    else_=seconds_between(i.reported_at, now),
                ),
                "elapsed",
            ),
            Column("clock", _l("clock"), clock_word(now), "state"),
            Column("state", _l("state"), sa.case((i.state == "open", "incident_open"),
                                                 else_=i.state), "state"),
        ],
        default_sort="-opened_on",
        scope=lambda actor: visible(actor, i.distributor_id),
        filters=_filters(now),
        search=[i.number, i.place, i.what, Distributor.code, Distributor.name],
        endpoint="market.incident",
        empty=_l("No incidents: prices inside their bands, promotions with their numbers."),
    )  # fmt: skip


def _areas() -> list[tuple[str, str]]:
    codes = set(db.session.scalars(sa.select(area_of(Incident.division_code)).distinct()))
    return sorted(area_names(codes).items())


@dataclass
class Cell:
    """How many were opened, how many of them are closed, and the days that it took."""

    opened: int = 0
    closed: int = 0
    days: int = 0

    def add(self, count: int, days: int | None) -> None:
        self.opened += count
        if days is not None:
            self.closed += count
            self.days += days * count

    @property
    def still_open(self) -> int:
        return self.opened - self.closed

    @property
    def days_to_close(self) -> Decimal | None:
        """The mean of those closed, to one decimal."""
        if not self.closed:
            return None
        return Decimal(divide_half_up(self.days * 10, self.closed)).scaleb(-1)


@dataclass
class Dashboard:
    """Counts by kind and by area and month, of the months shown."""

    months: list[str]
    areas: dict[str, str] = field(default_factory=dict)
    by_kind: dict[str, Cell] = field(default_factory=lambda: defaultdict(Cell))
    by_place: dict[tuple[str, str], Cell] = field(default_factory=lambda: defaultdict(Cell))
    by_area: dict[str, Cell] = field(default_factory=lambda: defaultdict(Cell))
    by_month: dict[str, Cell] = field(default_factory=lambda: defaultdict(Cell))
    total: Cell = field(default_factory=Cell)


def dashboard(actor: Actor, months: Iterable[str], kind: str = "") -> Dashboard:
    """What was opened in the months, by area; two statements. `kind` empties the others out."""
    i = Incident
    board = Dashboard(sorted(months))
    month, area = month_of(i.opened_on), area_of(i.division_code)
    days = days_between(i.opened_on, i.closed_on)
    rows = db.session.execute(
        sa.select(i.kind, area.label("a"), month.label("m"), days.label("d"), sa.func.count())
        .where(visible(actor, i.distributor_id), month.in_(board.months))
        .group_by(i.kind, sa.text("a"), sa.text("m"), sa.text("d"))
    )
    for its_kind, place, label, took, count in rows:
        took = None if took is None else int(took)
        board.by_kind[its_kind].add(count, took)
        if kind and its_kind != kind:
            continue
        for cell in (
            board.by_place[place, label],
            board.by_area[place],
            board.by_month[label],
            board.total,
        ):
            cell.add(count, took)
    board.areas = dict(sorted(area_names(set(board.by_area)).items()))
    return board

"""Reads of findings: the list, one finding, who is the victim, and the patterns behind them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload

from channel.access import Actor, NotVisible, Role
from channel.db import db
from channel.messages.diversions import VERDICT_WORDS
from channel.models.catalogue import Product
from channel.models.diversions import CodeScan
from channel.models.market import Incident
from channel.models.partners import Distributor
from channel.queries import trace_codes
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import area_of
from channel.queries.scope import visible
from channel.queries.trace_codes import Coverage
from channel.rules.diversions import WINDOW_DAYS, percent, score, weight

_c = CodeScan


def _scope(actor: Actor) -> Any:
    """Findings of goods that the actor may see; a rep also its own of unknown codes."""
    mine = visible(actor, _c.distributor_id)
    if actor.role is Role.SALES_REP:
        unknown = sa.and_(_c.distributor_id.is_(None), _c.scanned_by_id == actor.user_id)
        return sa.or_(mine, unknown)
    return mine


def get_scan(actor: Actor, scan_id: int) -> CodeScan:
    """A finding with its goods, or NotVisible."""
    statement = (
        sa.select(_c)
        .where(_c.id == scan_id, _scope(actor))
        .options(
            joinedload(_c.distributor),
            joinedload(_c.product),
            joinedload(_c.incident),
            joinedload(_c.range),
        )
    )
    if not actor.is_distributor:
        statement = statement.options(joinedload(_c.holder))
    found = db.session.scalar(statement)
    if found is None:
        raise NotVisible
    return found


def scans_of(incident_id: int, *, with_victims: bool) -> list[CodeScan]:
    """The findings of a case; the victim is read for the house only."""
    statement = (
        sa.select(_c)
        .where(_c.incident_id == incident_id)
        .options(joinedload(_c.product), joinedload(_c.range))
        .order_by(_c.id)
    )
    if with_victims:
        statement = statement.options(joinedload(_c.holder))
    return list(db.session.scalars(statement))


def open_case(distributor_id: int, division_code: str) -> Incident | None:
    """The case that already runs against a distributor about this place."""
    statement = (
        sa.select(Incident)
        .where(
            Incident.kind == "diversion",
            Incident.distributor_id == distributor_id,
            Incident.division_code == division_code,
            Incident.state.in_(("open", "notice", "answered")),
        )
        .order_by(Incident.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def _state() -> Any:
    return sa.literal("scan_").concat(_c.verdict)


def scans_listing() -> Listing:
    """All findings; a distributor sees those of its own goods, never whose place it was."""
    holder = aliased(Distributor)
    return Listing(
        name="findings",
        title=_l("Goods found"),
        identity=_c.id,
        source=sa.outerjoin(_c, Distributor, Distributor.id == _c.distributor_id)
        .outerjoin(holder, holder.id == _c.holder_id)
        .outerjoin(Product, Product.id == _c.product_id)
        .outerjoin(Incident, Incident.id == _c.incident_id),
        columns=[
            Column("number", _l("number"), _c.number, "code"),
            Column("found_on", _l("found on"), _c.found_on, "date"),
            Column("code", _l("trace code"), _c.code, "code", wide=True),
            Column("distributor", _l("shipped to"), Distributor.name),
            Column("product", _l("product"), Product.code, "code", wide=True),
            Column("division", _l("found in"), _c.division_code, "code"),
            Column("holder", _l("victim"), holder.name, wide=True),
            Column("case", _l("case"), Incident.number, "code", wide=True),
            Column("verdict", _l("verdict"), _state(), "state"),
        ],
        default_sort="-found_on",
        scope=_scope,
        filters=_filters(),
        search=[_c.number, _c.code, _c.place, Distributor.code, Distributor.name],
        endpoint="diversions.record",
        empty=_l("Nothing was found yet: scan the first code."),
    )


def own_listing() -> Listing:
    """Findings of a distributor's own goods, as it may see them: no column names another."""
    return Listing(
        name="own-findings",
        title=_l("Findings of our goods"),
        identity=_c.id,
        source=sa.outerjoin(_c, Product, Product.id == _c.product_id).outerjoin(
            Incident, Incident.id == _c.incident_id
        ),
        columns=[
            Column("number", _l("number"), _c.number, "code"),
            Column("found_on", _l("found on"), _c.found_on, "date"),
            Column("code", _l("trace code"), _c.code, "code", wide=True),
            Column("product", _l("product"), Product.code, "code"),
            Column("division", _l("found in"), _c.division_code, "code"),
            Column("case", _l("case"), Incident.number, "code", wide=True),
            Column("verdict", _l("verdict"), _state(), "state"),
        ],
        default_sort="-found_on",
        scope=_scope,
        filters=_filters(),
        search=[_c.number, _c.code, _c.place],
        endpoint="diversions.record",
        empty=_l("None of your goods was found elsewhere."),
    )


def victim_listing() -> Listing:
    """What was found in a distributor's own territory: never whose goods, never a figure."""
    state = sa.case(
        (Incident.state.is_(None), "received"),
        (Incident.state != "closed", "incident_open"),
        (Incident.is_upheld.is_(True), "confirmed"),
        else_="closed",
    )
    return Listing(
        name="found-here",
        title=_l("Found in our territory"),
        identity=_c.id,
        source=sa.outerjoin(_c, Product, Product.id == _c.product_id).outerjoin(
            Incident, Incident.id == _c.incident_id
        ),
        columns=[
            Column("number", _l("number"), _c.number, "code"),
            Column("found_on", _l("found on"), _c.found_on, "date"),
            Column("product", _l("product"), Product.name),
            Column("place", _l("place"), _c.place, wide=True),
            Column("division", _l("found in"), _c.division_code, "code"),
            Column("state", _l("state"), state, "state"),
        ],
        default_sort="-found_on",
        scope=lambda actor: sa.and_(visible(actor, _c.holder_id), _c.verdict == "outside"),
        filters=[
            Filter("from", _l("from"), _c.found_on, kind="from"),
            Filter("to", _l("to"), _c.found_on, kind="to"),
        ],
        search=[_c.number, _c.place],
        endpoint="",
        empty=_l("No goods of others were found in your territory."),
    )


def _filters() -> list[Filter]:
    return [
        Filter("verdict", _l("verdict"), _c.verdict, choices=list(VERDICT_WORDS.items())),
        Filter("from", _l("from"), _c.found_on, kind="from"),
        Filter("to", _l("to"), _c.found_on, kind="to"),
    ]


@dataclass(frozen=True)
class Pattern:
    """A distributor's year: findings by where they lay, the score, and what was never scanned."""

    distributor_id: int
    code: str
    name: str
    scans: int = 0
    outside: int = 0
    #: Of those outside: inside the own province, and beyond it.
    in_province: int = 0
    places: int = 0
    score: int = 0
    coverage: Coverage = field(default_factory=Coverage)

    @property
    def beyond(self) -> int:
        return self.outside - self.in_province

    @property
    def rate(self) -> Decimal | None:
        return percent(self.outside, self.scans)

    @property
    def weight(self) -> str:
        return weight(self.score) if self.outside else "clean"


def patterns(actor: Actor, on: date) -> list[Pattern]:
    """Every active distributor's year that ends on the day, the heaviest first; three reads."""
    since = on - timedelta(days=WINDOW_DAYS)
    covered = trace_codes.coverage(actor, since, on)
    found = scans_since(actor, since, on)
    rows = db.session.execute(
        sa.select(Distributor.id, Distributor.code, Distributor.name, Distributor.division_code)
        .where(visible(actor, Distributor.id), Distributor.is_active.is_(True))
        .order_by(Distributor.code)
    )
    result = []
    for owner, code, name, home in rows:
        own = found.get(owner, [])
        outside = [(area, day) for verdict, area, day in own if verdict == "outside"]
        near = sum(1 for area, _day in outside if area[:2] == (home or "")[:2])
        result.append(
            Pattern(
                owner,
                code,
                name,
                scans=len(own),
                outside=len(outside),
                in_province=near,
                places=len({area for area, _day in outside}),
                score=score(outside),
                coverage=covered.get(owner, Coverage()),
            )
        )
    return sorted(result, key=lambda p: (-p.score, -p.outside, p.code))


def scans_since(
    actor: Actor, since: date, on: date
) -> dict[int, list[tuple[str, str, date]]]:  # fmt: skip
    """distributor → (verdict, prefecture, day) of what was found after `since` up to the day."""
    found: dict[int, list[tuple[str, str, date]]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(_c.distributor_id, _c.verdict, area_of(_c.division_code), _c.found_on).where(
            visible(actor, _c.distributor_id), _c.found_on > since, _c.found_on <= on
        )
    )
    for owner, verdict, area, day in rows:
        found[owner].append((verdict, area, day))
    return found

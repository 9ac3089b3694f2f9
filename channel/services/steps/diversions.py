"""What a finding says: whose goods, whose place, and whether that is a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from channel.access import SYSTEM
from channel.models.catalogue import Product
from channel.models.diversions import TraceRange
from channel.models.market import Incident
from channel.models.orders import Shipment
from channel.models.partners import Distributor
from channel.queries import diversions as reads
from channel.queries import territories, territory_holders
from channel.rules.diversions import NOISE, PATTERN, WINDOW_DAYS, score, weight
from channel.services.steps import market, waivers
from channel.services.steps.judging import ground_on
from channel.services.work import Work
from contracts.territory import covers, lies_in
from contracts.values.findings import Finding, warn

SEVERITY = {NOISE: "low", PATTERN: "high"}


@dataclass(frozen=True)
class Seen:
    """Goods at a place on a day: whose they are by the code, or by a photo."""

    owner_id: int
    division: str
    on: date
    sent_to: str | None = None


def holder_of(division: str, on: date, but: int | None) -> int | None:
    """Who held the place on the day, other than `but`; None: nobody."""
    held = territory_holders.holders(SYSTEM, [division], on)[division]
    if any(one.distributor_id == but for one in held):
        return but
    return held[0].distributor_id if held else None


def verdict(seen: Seen) -> str:
    """outside, home, allowed or no_contract, by the agreement in force on the day it was found.

    An exception that opens the place, or our own delivery there, makes it allowed.
    """
    ground = ground_on(seen.owner_id, seen.on)
    if ground.terms is None or not ground.is_in_force:
        return "no_contract"
    opened = {
        left.waiver.division_code
        for left in waivers.of_type(waivers.in_force(seen.owner_id, seen.on), "territory")
        if left.waiver.division_code
    }
    if seen.sent_to:
        opened.add(territories.current(seen.sent_to, seen.on))
    tree = territories.ancestors({seen.division, *ground.terms.territory.named(), *opened}, seen.on)
    if covers(ground.terms.territory, seen.division, tree, seen.on):
        return "home"
    if any(lies_in(seen.division, area, tree) for area in opened):
        return "allowed"
    return "outside"


def case_for(w: Work, seen: Seen, place: str, finding: Finding, note: str) -> tuple[Incident, bool]:
    """The case about these goods at this place, opened where none runs; (case, is it new)."""
    running = reads.open_case(seen.owner_id, seen.division)
    if running is not None:
        return running, False
    owner = w.session.get_one(Distributor, seen.owner_id)
    at = market.Where(owner, None, place, seen.division)
    hours = market.duties(owner.id, w).incident_report_hours
    incident = market.open_incident(
        w, "diversion", at, finding=finding, severity=_severity(seen), hours=hours, what=note
    )
    return incident, True


def _severity(seen: Seen) -> str:
    """By the pattern of the year with this finding: a single one is low."""
    since = seen.on - timedelta(days=WINDOW_DAYS)
    before = reads.scans_since(SYSTEM, since, seen.on).get(seen.owner_id, [])
    outside = [(area, day) for word, area, day in before if word == "outside"]
    points = score([*outside, (seen.division[:4] + "00", seen.on)])
    return SEVERITY.get(weight(points), "medium")


def finding_of(w: Work, seen: Seen, code: str, held: TraceRange | None) -> Finding:
    """The rule that was broken with its figures; it never says whose place it is."""
    name = territories.names([seen.division], seen.on).get(seen.division, "")
    if held is None:
        return warn("diversion.seen", seen.division, division=seen.division, name=name)
    product = w.session.get_one(Product, held.product_id)
    shipment = w.session.get_one(Shipment, held.shipment_id)
    return warn(
        "diversion.found",
        seen.division,
        division=seen.division,
        name=name,
        code=code,
        product=f"{product.code} {product.name}",
        shipment=shipment.number,
        shipped=shipment.ship_date,
    )

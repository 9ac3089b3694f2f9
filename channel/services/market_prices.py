"""Use cases about reported resale prices: held against the band of the day, kept as they stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from channel.access import Actor, Permission
from channel.models.catalogue import Product
from channel.models.market import Outlet, PriceReport
from channel.models.partners import Distributor
from channel.queries import catalogue_margins
from channel.queries.catalogue import get_product
from channel.queries.scope import get_visible
from channel.services.steps import market
from channel.services.steps.market import File, Where
from channel.services.work import Refused, Work, work
from contracts.margins import check_band
from contracts.values.findings import Finding, block

#: The band's finding → what is kept with the report.
VERDICTS = {"resale.below_floor": "below", "resale.above_ceiling": "above"}


@dataclass(frozen=True)
class Seen:
    """A resale price as somebody saw it; an outlet of the register, or the place in words."""

    distributor_id: int
    product_id: int
    price_fen: int
    seen_on: date
    outlet_id: int | None = None
    place: str = ""
    division_code: str | None = None
    evidence: str = ""


def report_price(actor: Actor, seen: Seen, files: Sequence[File] = ()) -> int:
    """Keep a reported price; outside the band it opens one incident. The id of the report."""
    with work(actor, Permission.MARKET_FILE) as w:
        product = get_product(seen.product_id)
        at = market.where(
            actor, w, seen.distributor_id, seen.outlet_id, seen.place, seen.division_code
        )
        report = put_report(w, product, at, seen)
        market.attach(w, report, at.distributor.id, files)
        return report.id


def put_report(w: Work, product: Product, at: Where, seen: Seen) -> PriceReport:
    """The report and, where the price is out of its band, the incident; within an open work."""
    if seen.seen_on > w.today:
        raise Refused([block("resale.in_future", on=seen.seen_on)])
    if seen.price_fen < 1:
        raise Refused([block("price.below_cent", product.code)])
    currency = at.distributor.currency
    band = catalogue_margins.bands([product.id], currency, seen.seen_on).get(product.id)
    floor, ceiling = (band.floor_fen, band.ceiling_fen) if band else (None, None)
    name = f"{product.code} {product.name}"
    findings: list[Finding] = check_band(name, seen.price_fen, floor, ceiling)
    verdict = "inside" if floor is not None or ceiling is not None else "no_band"
    report = PriceReport(
        number=w.draw("PR", w.today),
        distributor_id=at.distributor.id,
        product_id=product.id,
        outlet_id=at.outlet_id,
        place=at.place,
        division_code=at.division_code,
        seen_on=seen.seen_on,
        currency=currency,
        price_fen=seen.price_fen,
        floor_fen=floor,
        ceiling_fen=ceiling,
        verdict=VERDICTS[findings[0].code] if findings else verdict,
        evidence=seen.evidence,
        reported_by_id=w.actor.user_id,
        reported_at=w.now,
    )
    w.session.add(report)
    w.session.flush()  # the incident and the audit entry need its id
    w.audit("resale:report", report, label=report.number, changes={"price_fen": seen.price_fen})
    for finding in findings:
        market.open_incident(w, "price", at, finding=finding, price_report_id=report.id)
    return report


@dataclass(frozen=True)
class OutletFacts:
    """A place where people buy the goods."""

    distributor_id: int
    name: str
    kind: str
    division_code: str
    address: str = ""


def save_outlet(actor: Actor, outlet_id: int | None, facts: OutletFacts) -> int:
    """Open an outlet (no id) or change it; its id. It stays with its distributor."""
    with work(actor, Permission.MARKET_FILE) as w:
        owner: Distributor = get_visible(actor, Distributor, facts.distributor_id)
        if outlet_id is None:
            outlet = Outlet(distributor_id=owner.id)
            w.session.add(outlet)
        else:
            outlet = get_visible(actor, Outlet, outlet_id)
        outlet.name, outlet.kind = facts.name, facts.kind
        outlet.division_code, outlet.address = facts.division_code, facts.address
        w.session.flush()  # the audit entry needs its id
        tag = "outlet:open" if outlet_id is None else "outlet:save"
        w.audit(tag, outlet, label=outlet.name)
        return outlet.id


def set_outlet_active(actor: Actor, outlet_id: int, is_active: bool) -> None:
    """Close or reopen an outlet; what was seen there stays."""
    with work(actor, Permission.MARKET_FILE) as w:
        outlet: Outlet = get_visible(actor, Outlet, outlet_id)
        outlet.is_active = is_active
        w.audit("outlet:reopen" if is_active else "outlet:close", outlet, label=outlet.name)

"""Steps of reported resale prices: one report with its band and, outside of it, its incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from channel.models.catalogue import Product
from channel.models.market import PriceReport
from channel.queries import catalogue_margins
from channel.services.steps import market
from channel.services.steps.market import Where
from channel.services.work import Refused, Work
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


def put_report(w: Work, product: Product, at: Where, seen: Seen, number: str = "") -> PriceReport:
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
        number=number or w.draw("PR", w.today),
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

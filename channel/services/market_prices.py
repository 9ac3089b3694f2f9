"""Use cases about reported resale prices: held against the band of the day, kept as they stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from channel.access import Actor, Permission
from channel.models.market import Outlet
from channel.models.partners import Distributor
from channel.queries.catalogue import get_product
from channel.queries.scope import get_visible
from channel.services.steps import market
from channel.services.steps.market import File
from channel.services.steps.market_prices import Seen, put_report
from channel.services.work import work

__all__ = ["OutletFacts", "Seen", "report_price", "save_outlet", "set_outlet_active"]


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
            outlet = Outlet(distributor_id=owner.id, opened_on=w.today)
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

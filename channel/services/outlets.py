"""Use cases about outlets' upkeep: a visit or an order, logged by who was there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from channel.access import Actor, Permission
from channel.models.market import Outlet
from channel.models.outlets import OutletVisit
from channel.queries.scope import get_visible
from channel.services.work import Refused, work
from contracts.values.findings import block


@dataclass(frozen=True)
class Visit:
    """What took place on a day; `quantity` in boxes, where the order was counted."""

    visited_on: date
    is_visit: bool = True
    has_order: bool = False
    quantity: int | None = None
    note: str = ""


def log_visit(actor: Actor, outlet_id: int, visit: Visit) -> int:
    """Log a visit, an order, or both; its id."""
    with work(actor, Permission.MARKET_FILE) as w:
        outlet: Outlet = get_visible(actor, Outlet, outlet_id)
        findings = []
        if visit.visited_on > w.today:
            findings.append(block("visit.in_future", on=visit.visited_on))
        if not (visit.is_visit or visit.has_order):
            findings.append(block("visit.nothing"))
        if visit.quantity is not None and not visit.has_order:
            findings.append(block("visit.quantity"))
        if not outlet.is_active:
            findings.append(block("visit.closed"))
        if findings:
            raise Refused(findings)
        record = OutletVisit(
            distributor_id=outlet.distributor_id,
            outlet_id=outlet.id,
            visited_on=visit.visited_on,
            is_visit=visit.is_visit,
            has_order=visit.has_order,
            quantity=visit.quantity,
            note=visit.note.strip(),
            logged_by_id=actor.user_id,
            logged_at=w.now,
        )
        w.session.add(record)
        w.session.flush()  # the page needs its id
        tag = "outlet:order" if visit.has_order else "outlet:visit"
        w.audit(tag, outlet, label=outlet.name, changes={"visited_on": visit.visited_on})
        return record.id

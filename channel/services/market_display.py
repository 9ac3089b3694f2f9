"""Use cases about displays and POP: standards, looks at outlets, and what stands where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from channel.access import Actor, Permission
from channel.models.market import DisplayCheck, DisplayStandard, Outlet, PopPlacement
from channel.queries import market_display as reads
from channel.queries.scope import get_visible
from channel.rules.display import Item, score
from channel.services.steps import market
from channel.services.steps.market import File
from channel.services.work import Refused, work
from contracts.values.findings import block


def set_standard(
    actor: Actor, outlet_kind: str, valid_from: date, items: Sequence[tuple[str, int]]
) -> int:
    """What outlets of a kind have to show from a day on; looks of the past keep theirs."""
    with work(actor, Permission.MARKET_HANDLE) as w:
        asked = [(name.strip(), faces) for name, faces in items if name.strip() and faces > 0]
        if not asked:
            raise Refused([block("display.nothing_asked")])
        if len({name for name, _faces in asked}) < len(asked):
            raise Refused([block("display.twice")])
        standing = w.session.scalar(
            sa.select(DisplayStandard).where(
                DisplayStandard.outlet_kind == outlet_kind,
                DisplayStandard.valid_from == valid_from,
            )
        )
        if standing is None:
            standing = DisplayStandard(outlet_kind=outlet_kind, valid_from=valid_from)
            w.session.add(standing)
        standing.items = [list(pair) for pair in asked]
        standing.set_by_id, standing.set_at = actor.user_id, w.now
        w.session.flush()  # the audit entry needs its id
        changes = {"valid_from": valid_from, "faces": sum(faces for _name, faces in asked)}
        w.audit("display:standard", standing, label=outlet_kind, changes=changes)
        return standing.id


def check_display(
    actor: Actor,
    outlet_id: int,
    checked_on: date,
    found: Mapping[str, int],
    note: str = "",
    files: Sequence[File] = (),
) -> int:
    """Record a look at an outlet, by the standard and the pass mark of that day; its id."""
    with work(actor, Permission.MARKET_FILE) as w:
        outlet: Outlet = get_visible(actor, Outlet, outlet_id)
        if checked_on > w.today:
            raise Refused([block("display.in_future", on=checked_on)])
        standard = reads.standard_on(outlet.kind, checked_on)
        if standard is None:
            raise Refused([block("display.no_standard", outlet_kind=outlet.kind)])
        items = [Item(name, faces, found.get(name, 0)) for name, faces in standard.items]
        mark = market.duties(outlet.distributor_id, w).display_pass_percent
        result = score(items, mark)
        check = DisplayCheck(
            distributor_id=outlet.distributor_id,
            outlet_id=outlet.id,
            checked_on=checked_on,
            items=[[i.name, i.required, i.found] for i in items],
            required=result.required,
            found=result.found,
            pass_percent=mark,
            is_passed=result.is_passed,
            note=note,
            checked_by_id=actor.user_id,
            recorded_at=w.now,
        )
        w.session.add(check)
        w.session.flush()  # the evidence needs its id
        market.attach(w, check, outlet.distributor_id, files)
        w.audit("display:check", check, label=outlet.name, changes={"faces": result.found})
        return check.id


@dataclass(frozen=True)
class Placing:
    """Material put up at an outlet."""

    outlet_id: int
    item: str
    placed_on: date
    spot: str = ""
    consent_by: str = ""


def place_pop(actor: Actor, wish: Placing, files: Sequence[File] = ()) -> int:
    """Register material that stands from a day on; the outlet's consent is named."""
    with work(actor, Permission.MARKET_FILE) as w:
        outlet: Outlet = get_visible(actor, Outlet, wish.outlet_id)
        if wish.placed_on > w.today:
            raise Refused([block("display.in_future", on=wish.placed_on)])
        if not wish.consent_by.strip():
            raise Refused([block("pop.consent_needed")])
        placement = PopPlacement(
            distributor_id=outlet.distributor_id,
            outlet_id=outlet.id,
            item=wish.item.strip(),
            spot=wish.spot.strip(),
            consent_by=wish.consent_by.strip(),
            placed_on=wish.placed_on,
            placed_by_id=actor.user_id,
            recorded_at=w.now,
        )
        w.session.add(placement)
        w.session.flush()  # the evidence needs its id
        market.attach(w, placement, outlet.distributor_id, files)
        w.audit("pop:place", placement, label=f"{outlet.name} {placement.item}")
        return placement.id


def remove_pop(actor: Actor, placement_id: int, removed_on: date, reason: str = "") -> None:
    """Material that no longer stands from a day on."""
    with work(actor, Permission.MARKET_FILE) as w:
        placement: PopPlacement = get_visible(actor, PopPlacement, placement_id)
        if placement.removed_on is not None:
            raise Refused([block("pop.gone", on=placement.removed_on)])
        if not placement.placed_on <= removed_on <= w.today:
            raise Refused([block("pop.span", start=placement.placed_on, today=w.today)])
        placement.removed_on, placement.reason = removed_on, reason.strip()
        changes = {"removed_on": removed_on}
        w.audit("pop:remove", placement, label=placement.item, reason=reason, changes=changes)

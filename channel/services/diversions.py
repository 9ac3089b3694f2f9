"""Findings of goods: looked up by their code, judged by the territory, made a case where outside.

The case is an incident of the market against whom the goods were shipped to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from channel.access import Actor, Permission
from channel.db import lock
from channel.models.diversions import CodeScan, TraceRange
from channel.models.orders import Shipment
from channel.models.partners import Distributor
from channel.queries import territories, trace_codes
from channel.queries.scope import get_visible
from channel.rules.trace_codes import MOST_LENGTH, normal
from channel.services.steps import diversions as steps
from channel.services.steps import market
from channel.services.steps.diversions import Seen
from channel.services.steps.market import File
from channel.services.work import Refused, Work, work
from contracts.values.findings import block


@dataclass(frozen=True)
class Found:
    """What was found where; without a code `distributor_id` says whose goods the photo shows."""

    division_code: str
    place: str
    found_on: date
    code: str = ""
    distributor_id: int | None = None
    quantity: int = 1
    note: str = ""


def record(actor: Actor, found: Found, files: Sequence[File] = ()) -> int:
    """Record a finding; its id. Outside the territory it opens a case, or joins the one open."""
    with work(actor, Permission.MARKET_FILE) as w:
        _assert_sound(w, found, files)
        code = normal(found.code)
        held = trace_codes.find([code]).get(code) if code else None
        owner = held.distributor_id if held else (None if code else found.distributor_id)
        if owner is not None and held is None:
            get_visible(actor, Distributor, owner)
        division = territories.current(found.division_code, found.found_on)
        scan = CodeScan(
            number=w.draw("FD", w.today),
            code=code,
            range_id=held.id if held else None,
            distributor_id=owner,
            product_id=held.product_id if held else None,
            holder_id=steps.holder_of(division, found.found_on, owner),
            division_code=division,
            place=found.place.strip(),
            found_on=found.found_on,
            quantity=found.quantity,
            note=found.note.strip(),
            verdict="unknown",
            scanned_by_id=actor.user_id,
            scanned_at=w.now,
        )
        if owner is not None:
            _judge(w, scan, held)
        w.session.add(scan)
        w.session.flush()  # the trail and the evidence need scan.id
        if owner is not None:
            market.attach(w, scan.incident or scan, owner, files)
        w.audit("diversion:scan", scan, changes={"verdict": scan.verdict})
        return scan.id


def _assert_sound(w: Work, found: Found, files: Sequence[File]) -> None:
    if w.actor.is_distributor:
        raise Refused([block("diversion.house_only")])
    if len(normal(found.code)) > MOST_LENGTH:
        raise Refused([block("trace.code_needed")])
    if not normal(found.code):
        if found.distributor_id is None:
            raise Refused([block("diversion.whose")])
        if not any(file.data for file in files):
            raise Refused([block("diversion.proof_needed")])
    if found.found_on > w.today:
        raise Refused([block("diversion.in_future", on=found.found_on)])
    if not found.place.strip():
        raise Refused([block("market.place_needed")])
    if not territories.is_known(found.division_code, found.found_on):
        raise Refused([block("market.division_needed")])


def _judge(w: Work, scan: CodeScan, held: TraceRange | None) -> None:
    """The verdict, and the case where it is one; the debtor is locked: one case, not two."""
    assert scan.distributor_id is not None
    lock(Distributor, [scan.distributor_id])
    sent_to = w.session.get_one(Shipment, held.shipment_id).division_code if held else None
    seen = Seen(scan.distributor_id, scan.division_code, scan.found_on, sent_to)
    scan.verdict = steps.verdict(seen)
    if scan.verdict != "outside":
        return
    finding = steps.finding_of(w, seen, scan.code, held)
    scan.incident, _is_new = steps.case_for(w, seen, scan.place, finding, scan.note)

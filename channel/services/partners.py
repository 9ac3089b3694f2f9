"""Use cases about the maker and the distributors: opening, changing, ship-to places, house rules.

A distributor is never deleted; it is closed, and its history stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from channel.access import Actor, Permission, Role
from channel.models.accounts import User
from channel.models.partners import Distributor, Maker, ShipTo
from channel.queries import partners as reads
from channel.queries import territories
from channel.queries.scope import get_visible
from channel.rules.identity import check_uscc, compact
from channel.services.steps.records import other_with, put
from channel.services.work import Refused, Work, assert_seen, work
from contracts.rebates.payout import FORMS
from contracts.values.findings import Finding, block


@dataclass(frozen=True)
class DistributorFacts:
    """What the form of a distributor says; codes as typed, empty texts as ''."""

    code: str
    name: str
    kind: str = "company"
    uscc: str = ""
    tax_name: str = ""
    division_code: str | None = None
    address: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    bank_name: str = ""
    bank_account: str = ""
    licence_until: date | None = None
    currency: str = "CNY"
    sales_rep_id: int | None = None
    is_active: bool = True
    class_code: str = ""

    def values(self) -> dict[str, Any]:
        """As the columns hold them."""
        codes = {"uscc": compact(self.uscc) or None, "class_code": self.class_code or ""}
        return asdict(self) | codes


@dataclass(frozen=True)
class ShipToFacts:
    """A place where goods are taken."""

    name: str
    division_code: str
    address: str = ""


@dataclass(frozen=True)
class MakerFacts:
    """The house and its rules; amounts in fen, days as calendar days."""

    name: str
    name_en: str
    uscc: str
    address: str
    currency: str
    min_shipment_fen: int
    levels_open: tuple[str, ...]
    objection_days: int
    exception_band_fen: int
    silence_confirms: bool = True
    dispute_days: int = 10
    limit_raise_bp: int = 2000
    floor_margin_bp: int = 800
    ladder_rebate_bp: int = 200
    growth_bound_bp: int = 3000
    quiet_from: int = 20
    quiet_to: int = 8
    shows_grades: bool = False
    stock_old_days: int = 35
    stock_short_days: int = 7
    stock_over_days: int = 60
    count_gap_bp: int = 1000
    outlet_sleep_days: int = 90
    outlet_lost_days: int = 180
    payout_forms: str = ",".join(FORMS)
    payout_cap_bp: int | None = 3000
    payout_clawback_months: int | None = None


def _refuse(findings: Iterable[Finding]) -> None:
    """Stop when anything blocks; warnings are shown on the record's page instead."""
    if blocks := [f for f in findings if f.is_blocking]:
        raise Refused(blocks)


def check_division(code: str | None, on: date) -> list[Finding]:
    """`division.unknown` unless a division bears the code on that day; blank passes."""
    if not code or territories.is_known(code, on):
        return []
    return [block("division.unknown", code, value=code, on=on)]


def _check_distributor(w: Work, facts: DistributorFacts, record_id: int | None) -> None:
    values = facts.values()
    findings = check_uscc(values["uscc"], facts.kind)
    findings += check_division(facts.division_code, w.today)
    for column, code in (("code", "partner.code_taken"), ("uscc", "partner.uscc_taken")):
        value = values[column]
        if value and (other := other_with(w, Distributor, column, value, record_id)):
            findings.append(block(code, value, value=value, name=f"{other.code} {other.name}"))
    known = w.session.get(Distributor, record_id) if record_id is not None else None
    if facts.sales_rep_id is not None and (
        known is None or known.sales_rep_id != facts.sales_rep_id
    ):
        rep = w.session.get(User, facts.sales_rep_id)
        if rep is None or rep.role != Role.SALES_REP or not rep.is_active:
            findings.append(block("partner.rep_unknown"))
    _refuse(findings)


def create_distributor(actor: Actor, facts: DistributorFacts) -> int:
    """Open a distributor; its id."""
    with work(actor, Permission.PARTNERS_WRITE) as w:
        _check_distributor(w, facts, None)
        record = Distributor(**facts.values(), created_at=w.now)
        w.session.add(record)
        w.session.flush()  # the audit entry needs its id
        w.audit("distributor:create", record, label=record.code, distributor_id=record.id)
        return record.id


def save_distributor(
    actor: Actor, distributor_id: int, facts: DistributorFacts, seen_version: int | None
) -> None:
    """Change a distributor, unless it moved on since the actor's page was drawn."""
    with work(actor, Permission.PARTNERS_WRITE) as w:
        record = get_visible(actor, Distributor, distributor_id)
        assert_seen(record, seen_version)
        _check_distributor(w, facts, distributor_id)
        if changed := put(record, facts.values()):
            w.audit(
                "distributor:save",
                record,
                label=record.code,
                changes=changed,
                distributor_id=record.id,
            )


def add_ship_to(actor: Actor, distributor_id: int, facts: ShipToFacts) -> int:
    """Add a place where the distributor takes goods; its id."""
    with work(actor, Permission.PARTNERS_WRITE) as w:
        distributor = get_visible(actor, Distributor, distributor_id)
        _refuse(check_division(facts.division_code, w.today))
        place = ShipTo(distributor_id=distributor.id, **asdict(facts))
        w.session.add(place)
        w.session.flush()  # the audit entry needs its id
        w.audit("ship_to:add", place, label=f"{distributor.code} {place.name}")
        return place.id


def save_ship_to(actor: Actor, ship_to_id: int, facts: ShipToFacts) -> int:
    """Change a place; documents that were judged keep the division they froze."""
    with work(actor, Permission.PARTNERS_WRITE) as w:
        place: ShipTo = get_visible(actor, ShipTo, ship_to_id)
        if facts.division_code != place.division_code:
            _refuse(check_division(facts.division_code, w.today))
        if changed := put(place, asdict(facts)):
            w.audit("ship_to:save", place, label=place.name, changes=changed)
        return place.distributor_id


def set_ship_to_active(actor: Actor, ship_to_id: int, is_active: bool) -> int:
    """Close or reopen a place; a closed one takes no new orders."""
    with work(actor, Permission.PARTNERS_WRITE) as w:
        place: ShipTo = get_visible(actor, ShipTo, ship_to_id)
        if place.is_active != is_active:
            place.is_active = is_active
            w.audit("ship_to:reopen" if is_active else "ship_to:close", place, label=place.name)
        return place.distributor_id


def save_maker(actor: Actor, facts: MakerFacts) -> None:
    """Change who the house is and the rules that hold unless an agreement says otherwise."""
    with work(actor, Permission.SETTINGS_MANAGE) as w:
        maker: Maker = reads.get_maker()
        values = asdict(facts) | {
            "uscc": compact(facts.uscc) or None,
            "levels_open": list(facts.levels_open),
        }
        _refuse(check_uscc(values["uscc"], "company"))
        if changed := put(maker, values):
            changes = {key: (_readable(old), _readable(new)) for key, (old, new) in changed.items()}
            w.audit("maker:save", maker, label=maker.name, changes=changes)


def _readable(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value

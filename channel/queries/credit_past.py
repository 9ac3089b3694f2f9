"""What a judgement of the past knew: from its verdict, or read again as of its day.

Verdicts keep all their figures since credit policies are versioned. Of older ones the rest is
read from the ledger as of their day; what it does not hold is named, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.agreements import AgreementVersion
from channel.models.credit import CreditLimit
from channel.models.exceptions import Waiver
from channel.models.orders import Order, OrderLine, ShipmentLine
from channel.models.receivables import Allocation, Invoice, InvoiceInstalment
from channel.models.scores import CreditGrade
from channel.queries.credit_limits import as_limit
from contracts import agreement as terms_of
from contracts.values.findings import Finding
from credit.exposure import Exposure, Room
from credit.facts import CreditFacts, Offer, by_day, from_json
from credit.holds import Point
from credit.limits import ONE_OFF, Limit, limit_on
from credit.policy import CreditPolicy, days_of


@dataclass(frozen=True)
class Past:
    """The figures of one judgement. `lacks` names what nobody can tell any more: figures, later
    (what was ordered for later), limit, overdue or exceptions."""

    facts: CreditFacts | None
    offers: tuple[Offer, ...] = ()
    lacks: tuple[str, ...] = ()

    def matters(self, policy: CreditPolicy, decision: str, lacks: Iterable[str]) -> bool:
        """Whether the policy's decision hangs on what is not known."""
        if self.facts is None:
            return True
        if decision == "refuse":
            return False  # another rule stops it whatever credit says
        control = policy.at(self.facts.at)
        rules = policy.rules_of(self.facts.grade)
        hangs = {
            "later": control.horizon_days is not None,
            "limit": not self.facts.is_prepaid,
            "overdue": bool(rules) or control.oldest_days is not None,
            "exceptions": decision == "hold",
        }
        return any(hangs[name] for name in lacks)


def is_of_policy(finding: Finding) -> bool:
    """Whether the credit policy made the finding; a review that is due is the limit's own."""
    return finding.family == "credit" and finding.code != "credit.limit_review"


def facts_of(kind: str, documents: Sequence[Any]) -> dict[int, Past]:
    """The figures by document id; a fixed number of statements for those that must be re-read."""
    found, old = {}, []
    for document in documents:
        stored = document.verdict.get("credit")
        if not stored:
            old.append(document)
            continue
        offers = tuple(Offer(*offer) for offer in stored.get("offers", ()))
        found[document.id] = Past(from_json(stored["facts"]), offers)
    if old:
        ledger = _Ledger(kind, old)
        found |= {document.id: ledger.past(document) for document in old}
    return found


class _Ledger:
    """What the ledger says of some debtors, read once for a set of documents."""

    def __init__(self, kind: str, documents: Sequence[Any]) -> None:
        self.kind = kind
        who = {document.distributor_id for document in documents}
        days = [_day_of(document) for document in documents]
        self.limits = _limits(who)
        self.items, self.in_parts = _items(who, min(days), max(days))
        self.grades = _grades(who)
        self.waivers = _waivers(who)
        self.terms = _terms({each.verdict.get("agreement_version") for each in documents})
        ids = [each.id for each in documents] if kind == "shipment" else []
        self.confirmed = _confirmed(ids)

    def past(self, document: Any) -> Past:
        """The figures of an old verdict with what it lacks."""
        figures = document.verdict.get("figures") or {}
        names = ("ordered_fen", "shipped_fen", "invoiced_fen", "unapplied_fen")
        if not all(name in figures for name in names):
            return Past(None, lacks=("figures",))
        on, who = _day_of(document), document.distributor_id
        exposure = Exposure(*(figures[name] for name in names))
        lacks = ["later"]
        limits = [limit for known, limit in self.limits[who, document.currency] if known <= on]
        if any(limit.kind in ONE_OFF and limit.holds(on) for limit in limits):
            lacks.append("limit")  # what was drawn on it at that moment is not known
        if who in self.in_parts:
            lacks.append("overdue")
        if any(start <= on < end for start, end in self.waivers[who]):
            lacks.append("exceptions")
        term = self.terms.get(document.verdict.get("agreement_version"))
        is_order = self.kind == "order"
        value = document.gross_fen if is_order else document.goods_gross_fen + document.freight_fen
        facts = CreditFacts(
            at=Point(self.kind),
            on=on,
            exposure=exposure,
            room=Room.of(limit_on(limits, on, exposure.used_fen)),
            new_fen=figures.get("new_fen", value) if is_order else 0,
            value_fen=value,
            overdue=self._overdue(who, document.currency, on),
            later=None,
            is_prepaid=term is not None and term.kind == "prepaid",
            term_days=None if term is None else days_of(term),
            grade=next((grade for day, grade in self.grades[who] if day <= on), ""),
            deliver_on=document.deliver_on if is_order else None,
            confirmed_on=self.confirmed.get(document.id),
            currency=document.currency,
            freight_fen=0 if is_order else document.freight_fen,
        )
        return Past(facts, lacks=tuple(lacks))

    def _overdue(self, who: int, currency: str, on: date) -> tuple[tuple[date, int], ...]:
        """What was open and past its day at the end of the day."""
        return by_day(
            (due, gross - sum(fen for day, fen in paid if day <= on))
            for due, made, gross, paid in self.items[who, currency]
            if due < on and made <= on
        )


def _day_of(document: Any) -> date:
    day: date = document.order_date if isinstance(document, Order) else document.ship_date
    return day


def _limits(who: set[int]) -> dict[tuple[int, str], list[tuple[date, Limit]]]:
    """(day of the last signature, limit) by debtor and currency."""
    found: dict[tuple[int, str], list[tuple[date, Limit]]] = defaultdict(list)
    for row in db.session.scalars(
        sa.select(CreditLimit)
        .where(CreditLimit.distributor_id.in_(who), CreditLimit.approved_at.is_not(None))
        .order_by(CreditLimit.id)
    ):
        assert row.distributor_id is not None and row.approved_at is not None
        known = clock.date_of(row.approved_at)
        found[row.distributor_id, row.currency].append((known, as_limit(row)))
    return found


def _items(who: set[int], first: date, last: date) -> tuple[dict[Any, list[Any]], set[int]]:
    """(due, made, gross, what was paid when) by debtor and currency, of what was open some time
    in the span; and the debtors with instalments, whose parts are not read again."""
    i, a = Invoice, Allocation
    earlier = (
        sa.select(sa.func.coalesce(sa.func.sum(a.amount_fen), 0))
        .where(a.invoice_id == i.id, a.allocated_on < first)
        .scalar_subquery()
    )
    invoices = db.session.execute(
        sa.select(i.id, i.distributor_id, i.currency, i.pay_by, i.invoice_date, i.gross_fen)
        .where(i.distributor_id.in_(who), i.pay_by < last, i.gross_fen != earlier)
        .order_by(i.id)
    ).all()
    paid: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for invoice_id, day, fen in db.session.execute(
        sa.select(a.invoice_id, a.allocated_on, a.amount_fen).where(
            a.invoice_id.in_([row[0] for row in invoices])
        )
    ):
        paid[invoice_id].append((day, fen))
    found: dict[Any, list[Any]] = defaultdict(list)
    for invoice_id, debtor, currency, due, made, gross in invoices:
        found[debtor, currency].append((due, made, gross, paid[invoice_id]))
    part = InvoiceInstalment.distributor_id
    return found, set(db.session.scalars(sa.select(part).where(part.in_(who)).distinct()))


def _grades(who: set[int]) -> dict[int, list[tuple[date, str]]]:
    """(day, accepted grade) by debtor, newest first."""
    g = CreditGrade
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for debtor, day, grade in db.session.execute(
        sa.select(g.distributor_id, g.graded_on, g.grade)
        .where(g.distributor_id.in_(who), g.state == "accepted")
        .order_by(g.graded_on.desc(), g.turn.desc())
    ):
        found[debtor].append((day, grade))
    return found


def _waivers(who: set[int]) -> dict[int, list[tuple[date, date]]]:
    """The spans of credit exceptions by debtor."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for debtor, start, end in db.session.execute(
        sa.select(Waiver.distributor_id, Waiver.valid_from, Waiver.valid_to).where(
            Waiver.distributor_id.in_(who), Waiver.type == "credit"
        )
    ):
        found[debtor].append((start, end))
    return found


def _terms(versions: set[Any]) -> dict[int, Any]:
    """The payment term of each version of an agreement."""
    ids = [version for version in versions if version is not None]
    return {
        version: terms_of.from_json(stored).payment
        for version, stored in db.session.execute(
            sa.select(AgreementVersion.id, AgreementVersion.terms).where(
                AgreementVersion.id.in_(ids)
            )
        )
    }


def _confirmed(shipments: Sequence[int]) -> dict[int, date]:
    """The day on which the first order of each shipment was confirmed."""
    if not shipments:
        return {}
    rows = db.session.execute(
        sa.select(ShipmentLine.shipment_id, sa.func.min(Order.confirmed_at))
        .join(OrderLine, OrderLine.id == ShipmentLine.order_line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(ShipmentLine.shipment_id.in_(shipments))
        .group_by(ShipmentLine.shipment_id)
    )
    return {shipment: clock.date_of(at) for shipment, at in rows if at is not None}

"""Every dated duty on one calendar: from agreements, reports, receivables, shipments, exceptions.

A fixed number of statements whatever the number of distributors; the days themselves come from
contracts.obligations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from channel.access import Actor
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion, Obligation
from channel.models.exceptions import Waiver
from channel.models.exchanges import ExchangeClaim
from channel.models.orders import Shipment
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, InvoiceInstalment
from channel.models.stock import InventoryReport
from channel.queries import agreements, catalogue
from channel.queries.receivables import settled
from channel.queries.scope import visible
from channel.rules.stock_filing import due_on
from contracts import agreement as rules
from contracts.agreement import Terms, Version
from contracts.obligations import Duty, duties_of_terms, exchange_end, in_order
from contracts.values.findings import Finding, Severity
from contracts.values.money import Money
from contracts.values.periods import Period

#: Longest window of days to exchange that an agreement may name.
LONGEST_WINDOW = 730


@dataclass(frozen=True)
class Entry:
    """A duty with whose it is and the page where it is done or seen."""

    duty: Duty
    distributor_id: int
    distributor: str
    endpoint: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def finding(self) -> Finding:
        """The duty as a sentence."""
        return Finding(f"duty.{self.duty.source}", Severity.INFO, "", self.duty.facts)


@dataclass(frozen=True)
class _Asked:
    """Whose duties are asked for, and of which days."""

    actor: Actor
    within: Period
    distributor_id: int | None

    def rows(self, column: Any) -> Any:
        """The row scope: what the actor may see, of the one distributor if one is chosen."""
        own = visible(self.actor, column)
        return own if self.distributor_id is None else sa.and_(own, column == self.distributor_id)


def entries(actor: Actor, within: Period, distributor_id: int | None = None) -> list[Entry]:
    """The duties of some days, by day and then by source."""
    asked = _Asked(actor, within, distributor_id)
    names = dict(
        db.session.execute(
            sa.select(Distributor.id, Distributor.name).where(asked.rows(Distributor.id))
        ).all()
    )
    bound = _bound(asked)
    found = [
        *_of_terms(asked, bound),
        *_reports(asked, bound),
        *_receivables(asked),
        *_exchanges(asked, bound),
        *_returns(asked),
        *_obligations(asked),
        *_waivers(asked),
        *_licences(asked),
    ]
    shown = [
        Entry(duty, owner, names.get(owner, ""), endpoint, params)
        for owner, duty, endpoint, params in found
    ]
    order = {id(duty): n for n, duty in enumerate(in_order(e.duty for e in shown))}
    return sorted(shown, key=lambda e: order[id(e.duty)])


Found = tuple[int, Duty, str, Mapping[str, Any]]


@dataclass(frozen=True)
class _Bound:
    """An agreement with its signed versions and the stretches that they rule."""

    agreement: Agreement
    currency: str
    versions: list[Version]
    stretches: list[tuple[Version, Period]]
    newest_id: int

    def terms_on(self, day: date) -> Terms | None:
        return next((v.terms for v, days in self.stretches if days.contains(day)), None)


def _bound(asked: _Asked) -> dict[int, list[_Bound]]:
    """distributor → its agreements, with the versions that may matter for the days asked for."""
    rows = db.session.execute(
        sa.select(AgreementVersion, Distributor.currency)
        .join(AgreementVersion.agreement)
        .join(Distributor, Distributor.id == Agreement.distributor_id)
        .options(contains_eager(AgreementVersion.agreement))
        .where(asked.rows(Agreement.distributor_id), AgreementVersion.state.in_(agreements.SIGNED))
        .order_by(Agreement.id, AgreementVersion.version_no)
    ).all()
    by_agreement: dict[int, list[Any]] = defaultdict(list)
    for version, currency in rows:
        by_agreement[version.agreement_id].append((version, currency))
    found: dict[int, list[_Bound]] = defaultdict(list)
    for own in by_agreement.values():
        first, currency = own[0]
        versions = [agreements.as_rule(v, with_terms=True) for v, _c in own]
        found[first.agreement.distributor_id].append(
            _Bound(first.agreement, currency, versions, rules.ruled_days(versions), own[-1][0].id)
        )
    return found


def _of_terms(asked: _Asked, bound: Mapping[int, list[_Bound]]) -> Iterator[Found]:
    for owner, own in bound.items():
        for one in own:
            for duty in duties_of_terms(one.versions, asked.within, one.currency):
                yield owner, duty, "agreements.record", {"id": one.newest_id}


def _reports(asked: _Asked, bound: Mapping[int, list[_Bound]]) -> Iterator[Found]:
    """The report of a month is due in the next one, from whoever was bound in that month."""
    before = asked.within.start - timedelta(days=40)
    months = Period(before.replace(day=1), asked.within.end).split("month")
    calendar = catalogue.work_calendar()
    due = {month: due_on(month, calendar) for month in months}
    wanted = [month for month, day in due.items() if asked.within.contains(day)]
    if not wanted:
        return
    filed = {
        tuple(row)
        for row in db.session.execute(
            sa.select(InventoryReport.distributor_id, InventoryReport.period_start).where(
                asked.rows(InventoryReport.distributor_id),
                InventoryReport.period_start.in_([m.start for m in wanted]),
            )
        )
    }
    for owner, own in bound.items():
        for month in wanted:
            if any(days.overlaps(month) for one in own for _v, days in one.stretches):
                done = (owner, month.start) in filed
                duty = Duty(due[month], "report", "distributor", {"period": month.label}, done)
                endpoint = "stock.index" if done else "stock.file"
                yield owner, duty, endpoint, {}


def _receivables(asked: _Asked) -> Iterator[Found]:
    """Each invoice on its pay-by date, or each instalment on its own where there are any."""
    part = InvoiceInstalment
    in_parts = sa.exists().where(part.invoice_id == Invoice.id).correlate(Invoice)
    rest = Invoice.gross_fen - settled()
    whole = sa.select(
        Invoice.id, Invoice.number, Invoice.distributor_id, Invoice.pay_by, Invoice.currency,
        Invoice.gross_fen.label("amount"), rest.label("rest"),
    ).where(
        asked.rows(Invoice.distributor_id),
        Invoice.gross_fen > 0,
        Invoice.pay_by >= asked.within.start,
        Invoice.pay_by < asked.within.end,
        ~in_parts,
    )  # fmt: skip
    parts = (
        sa.select(
            Invoice.id, Invoice.number, part.distributor_id, part.pay_by, part.currency,
            part.amount_fen.label("amount"), rest.label("rest"),
        )
        .join(part, part.invoice_id == Invoice.id)
        .where(
            asked.rows(part.distributor_id),
            part.pay_by >= asked.within.start,
            part.pay_by < asked.within.end,
        )
    )  # fmt: skip
    for row in db.session.execute(sa.union_all(whole, parts)):
        facts = {"number": row.number, "amount": Money.from_fen(row.amount, row.currency)}
        duty = Duty(row.pay_by, "receivable", "distributor", facts, row.rest <= 0, row.id)
        yield row.distributor_id, duty, "receivables.invoice", {"id": row.id}


def _exchanges(asked: _Asked, bound: Mapping[int, list[_Bound]]) -> Iterator[Found]:
    """The last day to exchange goods of each shipment, by the version of its ship date."""
    rows = db.session.execute(
        sa.select(Shipment.id, Shipment.number, Shipment.distributor_id, Shipment.ship_date).where(
            asked.rows(Shipment.distributor_id),
            Shipment.state.in_(("shipped", "invoiced")),
            Shipment.ship_date >= asked.within.start - timedelta(days=LONGEST_WINDOW),
            Shipment.ship_date < asked.within.end,
        )
    )
    for row in rows:
        own = bound.get(row.distributor_id, [])
        terms = next((t for one in own if (t := one.terms_on(row.ship_date))), None)
        end = exchange_end(row.ship_date, terms) if terms else None
        if end is not None and asked.within.contains(end):
            facts = {"number": row.number, "shipped": row.ship_date}
            duty = Duty(end, "exchange", "distributor", facts, False, row.id)
            yield row.distributor_id, duty, "shipments.record", {"id": row.id}


def _returns(asked: _Asked) -> Iterator[Found]:
    """The day by which the goods of an approved exchange are sent back."""
    c = ExchangeClaim
    rows = db.session.execute(
        sa.select(c.id, c.number, c.distributor_id, c.return_by, c.sent_on).where(
            asked.rows(c.distributor_id),
            c.state.not_in(("withdrawn", "lapsed")),
            c.return_by >= asked.within.start,
            c.return_by < asked.within.end,
        )
    )
    for row in rows:
        is_done = row.sent_on is not None
        duty = Duty(row.return_by, "return", "distributor", {"number": row.number}, is_done, row.id)
        yield row.distributor_id, duty, "exchanges.record", {"id": row.id}


def _obligations(asked: _Asked) -> Iterator[Found]:
    rows = db.session.scalars(
        sa.select(Obligation).where(
            asked.rows(Obligation.distributor_id),
            Obligation.state != "dropped",
            Obligation.due_on >= asked.within.start,
            Obligation.due_on < asked.within.end,
        )
    )
    for row in rows:
        done = row.state == "fulfilled"
        duty = Duty(row.due_on, "obligation", row.owner, {"text": row.text}, done, row.id)
        yield row.distributor_id, duty, "agreements.newest", {"id": row.agreement_id}


def _waivers(asked: _Asked) -> Iterator[Found]:
    """The last day of an exception: from the next one the ordinary rule holds."""
    one = timedelta(days=1)
    rows = db.session.execute(
        sa.select(Waiver.id, Waiver.request_id, Waiver.type, Waiver.distributor_id, Waiver.valid_to)
        .where(
            asked.rows(Waiver.distributor_id),
            Waiver.valid_to > asked.within.start,
            Waiver.valid_to <= asked.within.end,
        )
    )  # fmt: skip
    for row in rows:
        duty = Duty(
            row.valid_to - one, "waiver", "distributor", {"subject": row.type}, False, row.id
        )
        yield row.distributor_id, duty, "exceptions.record", {"id": row.request_id}


def _licences(asked: _Asked) -> Iterator[Found]:
    """The last day of each business licence; a renewed one has another day."""
    rows = db.session.execute(
        sa.select(Distributor.id, Distributor.licence_until).where(
            asked.rows(Distributor.id),
            Distributor.is_active.is_(True),
            Distributor.licence_until >= asked.within.start,
            Distributor.licence_until < asked.within.end,
        )
    )
    for row in rows:
        duty = Duty(row.licence_until, "licence", "distributor", {}, False, row.id)
        yield row.id, duty, "partners.record", {"id": row.id}

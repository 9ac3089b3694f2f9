"""When an imported invoice is due: as the file says, else by the term of the agreement.

A due date in the file is the source ledger's word and is never rolled over days off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.queries import catalogue
from channel.services.steps import invoicing
from channel.services.steps.importing.plan import chunks
from contracts import payment_terms
from contracts.payment_terms import PaymentTerm, due_date, schedule
from contracts.values.workdays import WorkCalendar


@dataclass
class DueDates:
    """Due dates of many invoices from two statements; a whole sum's day is computed once."""

    terms: dict[int, list[tuple[date, date, PaymentTerm | None]]]
    calendar: WorkCalendar
    #: Invoices for which nobody said anything.
    at_once: int = 0
    _known: dict[tuple[int, date, date], tuple[date, date]] = field(default_factory=dict)

    def of(
        self, distributor_id: int, on: date, shipped: date | None, said: date | None,
        days: int | None, amounts: tuple[int, int],
    ) -> tuple[date, date, list[dict[str, Any]]]:  # fmt: skip
        """(due, pay by, instalments) of an invoice of this day over (gross, net) fen."""
        if said is not None:
            return said, said, []
        if days is not None:
            return on + timedelta(days=days), on + timedelta(days=days), []
        key = (distributor_id, shipped or on, on)
        if key in self._known:
            return *self._known[key], []
        term = next(
            (
                term
                for start, end, term in self.terms.get(distributor_id, ())
                if start <= key[1] < end
            ),
            None,
        )
        if term is None:
            self.at_once += 1
            return on, on, []
        basis = key[1] if term.basis == "shipment" else on
        if term.shares or term.discount:
            parts = schedule(term, amounts[0], basis, self.calendar, amounts[1])
            # What lowers a debt is not owed in parts: it may be used at once.
            rows = invoicing.rows_of(parts) if amounts[0] > 0 else []
            return max(p.due for p in parts), max(p.pay_by for p in parts), rows
        due = due_date(term, basis, self.calendar)
        self._known[key] = (due.due_date, due.pay_by)
        return *self._known[key], []


def due_dates(distributor_ids: Collection[int]) -> DueDates:
    """The terms of all approved agreement versions of these distributors, the newest first."""
    terms = defaultdict(list)
    for part in chunks(sorted(set(distributor_ids))):
        rows = db.session.execute(
            sa.select(
                Agreement.distributor_id,
                AgreementVersion.valid_from,
                AgreementVersion.valid_to,
                AgreementVersion.terms,
            )
            .join(AgreementVersion.agreement)
            .where(
                Agreement.distributor_id.in_(part),
                AgreementVersion.state.in_(("approved", "suspended")),
            )
            .order_by(Agreement.id.desc(), AgreementVersion.version_no.desc())
        )
        for distributor_id, start, end, stored in rows:
            # Of the terms only the one clause: thousands of agreements are read here.
            payment = stored["payment"] and payment_terms.from_json(stored["payment"])
            terms[distributor_id].append((start, end, payment or None))
    return DueDates(dict(terms), catalogue.work_calendar())

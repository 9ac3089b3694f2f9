"""Trade for the rebate tests: posted invoices with lines, policies approved, runs posted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from channel import clock
from channel.db import db
from channel.models.rebates import PoolEntry, RebateRun, RebateStatement
from channel.models.receivables import Invoice, InvoiceLine
from channel.services import rebates
from channel.services import rebates_policies as policies
from channel.services.work import work
from contracts.rebates.model import Base, Method, RebateTerms, Tier
from contracts.values.periods import Period
from contracts.values.rates import Rate

Q3 = Period.quarter(2026, 3)


def an_invoice(
    world: Any,
    code: str,
    on: date,
    *amounts: tuple[str, str],
    currency: str = "CNY",
    kind: str = "invoice",
    free: tuple[tuple[str, str], ...] = (),
) -> int:
    """A posted invoice of (product, net amount with up to four decimals) lines; VAT is 13 %."""
    with work(world.actor("fin")) as w:
        lines = []
        wanted = [(p, a, False) for p, a in amounts] + [(p, a, True) for p, a in free]
        for number, (product, amount, is_free) in enumerate(wanted, start=1):
            net = int(Decimal(amount) * 10_000)
            lines.append(
                InvoiceLine(
                    line_no=number,
                    distributor_id=world.distributor(code),
                    invoice_date=on,
                    currency=currency,
                    product_id=world.product(product),
                    group_id=world.group(product),
                    quantity=1 if net >= 0 else -1,
                    unit_price_e4=abs(net),
                    net_e4=net,
                    tax_e4=net * 13 // 100,
                    gross_e4=net + net * 13 // 100,
                    vat_rate_bp=1300,
                    is_free=is_free,
                )
            )
        net_fen = sum(line.net_e4 for line in lines) // 100
        gross_fen = sum(line.gross_e4 for line in lines) // 100
        invoice = Invoice(
            number=w.draw("INV", on),
            kind=kind,
            distributor_id=world.distributor(code),
            invoice_date=on,
            due_date=on,
            pay_by=on,
            currency=currency,
            net_fen=net_fen,
            tax_fen=gross_fen - net_fen,
            gross_fen=gross_fen,
            created_at=w.now,
            lines=lines,
        )
        w.session.add(invoice)
        w.session.flush()
        return invoice.id


def a_credit_note(world: Any, code: str, on: date, *amounts: tuple[str, str]) -> int:
    return an_invoice(world, code, on, *((p, f"-{a}") for p, a in amounts), kind="credit_note")


def some_terms(
    code: str = "P1",
    steps: tuple[tuple[str, str], ...] = (("0", "1"), ("100000", "2"), ("200000", "3")),
    method: Method = Method.WHOLE,
    vat: str = "net",
    **changes: Any,
) -> RebateTerms:
    """A policy of the tiers of E02, unless told otherwise."""
    return RebateTerms(
        code,
        changes.pop("name", f"Policy {code}"),
        method,
        tuple(Tier(Decimal(lower), Rate.percent(rate)) for lower, rate in steps),
        Base(vat=vat),  # type: ignore[arg-type]
        **changes,
    )


def an_approved_policy(
    world: Any,
    terms: RebateTerms | None = None,
    valid_from: date = date(2026, 1, 1),
    enrols: str = "all",
) -> int:
    draft = policies.Draft(terms or some_terms(), valid_from, enrols)
    policy = policies.draft_policy(world.actor("cm"), draft)
    policies.submit(world.actor("cm"), policy)
    policies.approve(world.actor("cm2"), policy)
    return policy


def a_posted_run(world: Any, period: Period = Q3, on: date | None = None) -> int:
    """Proposed and reviewed by one, posted by another."""
    with clock.at(on or clock.today()):
        run = rebates.propose(world.actor("fin"), period)
        rebates.review(world.actor("cm"), run)
        rebates.post(world.actor("fin2"), run)
    return run


def the_run(run_id: int) -> RebateRun:
    return db.session.get_one(RebateRun, run_id, populate_existing=True)


def the_statement(run_id: int, **where: Any) -> RebateStatement:
    """The one statement of a run that has these values."""
    [found] = [
        s for s in statements_of(run_id) if all(getattr(s, k) == v for k, v in where.items())
    ]
    return found


def statements_of(run_id: int) -> list[RebateStatement]:
    return list(
        db.session.scalars(
            sa.select(RebateStatement)
            .options(undefer(RebateStatement.document))
            .where(RebateStatement.run_id == run_id)
            .order_by(RebateStatement.id)
            .execution_options(populate_existing=True)
        )
    )


def pool_fen(distributor_id: int, currency: str = "CNY") -> int:
    return int(
        db.session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(PoolEntry.amount_fen), 0)).where(
                PoolEntry.distributor_id == distributor_id, PoolEntry.currency == currency
            )
        )
        or 0
    )

"""The debtor's account: locked before it is read, moved only by entries, checked in one place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from channel.db import lock_where
from channel.models.credit import CreditAccount, CreditEntry
from channel.models.partners import Maker
from channel.queries import credit as reads
from channel.queries import credit_limits
from channel.services.steps.closing import assert_open
from channel.services.work import Work
from contracts.payment_terms import PaymentTerm
from contracts.values.findings import Finding, Severity, in_currency
from credit.exposure import Exposure, check_limit, check_prepaid
from credit.holds import OverdueRule, Point, Step, check_overdue
from credit.limits import LimitOn, check_review, limit_on


def lock_account(w: Work, distributor_id: int, currency: str) -> CreditAccount:
    """The debtor's one row, locked; made on first use. Take it before reading any figure."""
    whose = (CreditAccount.distributor_id == distributor_id, CreditAccount.currency == currency)
    found = lock_where(CreditAccount, *whose)
    if not found:
        insert = _insert_unless_there(w)
        w.session.execute(
            insert.values(
                distributor_id=distributor_id,
                currency=currency,
                ordered_fen=0,
                shipped_fen=0,
                invoiced_fen=0,
                unapplied_fen=0,
            ).on_conflict_do_nothing(index_elements=["distributor_id", "currency"])
        )
        found = lock_where(CreditAccount, *whose)
    [account] = found
    return account  # type: ignore[no-any-return]


def _insert_unless_there(w: Work) -> Any:
    """Two first documents at once must not fail on the second row."""
    from sqlalchemy.dialects import postgresql, sqlite

    dialect = w.session.get_bind().dialect.name
    return (postgresql if dialect == "postgresql" else sqlite).insert(CreditAccount)


def move(
    w: Work,
    account: CreditAccount,
    moves: Iterable[tuple[str, int]],
    *,
    act: str,
    document: Any,
    on: date,
) -> None:
    """Write (bucket, signed fen) entries for a document and keep the balances with them.

    Refused on a day of a closed month.
    """
    assert_open(w, on)
    for bucket, amount in moves:
        if amount == 0:
            continue
        w.session.add(
            CreditEntry(
                account_id=account.id,
                bucket=bucket,
                amount_fen=amount,
                act=act,
                document_kind=document.__tablename__.removeprefix("sales_"),
                document_id=document.id,
                on_date=on,
                created_at=w.now,
            )
        )
        name = f"{bucket}_fen"
        setattr(account, name, getattr(account, name) + amount)


def exposure_of(account: CreditAccount) -> Exposure:
    return Exposure(
        ordered_fen=account.ordered_fen,
        shipped_fen=account.shipped_fen,
        invoiced_fen=account.invoiced_fen,
        unapplied_fen=account.unapplied_fen,
    )


def limit_of(distributor_id: int, currency: str, on: date, used_fen: int = 0) -> LimitOn:
    """The approved limit on a date; without any row the limit is nil."""
    return limit_on(credit_limits.limits(distributor_id, currency), on, used_fen)


def check(
    account: CreditAccount,
    maker: Maker,
    payment: PaymentTerm | None,
    *,
    new_fen: int,
    shipping_fen: int = 0,
    on: date,
    at: Point,
) -> list[Finding]:
    """Everything that credit says at one of the two control points.

    `new_fen` is what is not reserved yet; `shipping_fen` what would leave now.
    """
    mode = maker.credit_at_order if at is Point.ORDER else maker.credit_at_shipment
    severity = Severity.BLOCK if mode == "block" else Severity.WARN
    exposure = exposure_of(account)
    if payment is not None and payment.kind == "prepaid":
        if at is Point.ORDER:
            return []
        gone = account.shipped_fen + account.invoiced_fen
        short = check_prepaid(account.unapplied_fen, gone, shipping_fen, severity)
        return in_currency(short, account.currency)
    limit = limit_of(account.distributor_id, account.currency, on, exposure.used_fen)
    findings = check_limit(exposure, new_fen, limit, severity) + check_review(limit, on)
    items = reads.open_items(account.distributor_id, account.currency)
    rule = OverdueRule(maker.overdue_hold_days, Step.HOLD_SHIPMENTS, maker.overdue_tolerance_fen)
    findings += check_overdue(items, [rule], on, at)
    return in_currency(findings, account.currency)

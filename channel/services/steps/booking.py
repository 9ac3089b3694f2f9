"""A receipt is booked: by hand, over the interface or from a bank statement, always the same way.

Money against which clause 4 of the contract has something is parked; all other money counts at
once and pays by its policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import sqlalchemy as sa

from channel.db import db
from channel.models.credit import CreditAccount
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, Receipt
from channel.queries import credit as reads
from channel.rules.collection import check_receipt
from channel.services.steps import credit, judging, parking, receipts, rechecking
from channel.services.steps.closing import assert_open
from channel.services.work import Refused, Work
from contracts.values.findings import Finding, block, in_currency
from credit.allocation import NAMED, POLICIES, check_named

#: (invoice number, fen); None is what is open, as far as the money goes.
Named = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Money:
    """A receipt as somebody books it; `named` are (invoice number, fen) of the policy «named»,
    None for as much as is open."""

    distributor_id: int
    received_on: date
    amount_fen: int
    currency: str = "CNY"
    method: str = "transfer"
    payer_name: str = ""
    reference: str = ""
    #: A policy of credit.allocation; None is the house's usual one.
    policy: str | None = None
    named: Named = ()


def book(
    w: Work, account: CreditAccount, distributor: Distributor, money: Money,
    external_key: str | None = None,
) -> tuple[Receipt, bool]:  # fmt: skip
    """Book money of a locked debtor: (receipt, does it count). What waited is not judged again
    here, so that many receipts of one debtor are judged once."""
    assert_open(w, money.received_on)
    if money.policy is not None and money.policy not in POLICIES:
        raise Refused([block("receipt.policy", policy=money.policy)])
    wishes = named_ids(account, money.named, money.amount_fen) if money.policy == NAMED else {}
    receipt = add(w, money, money.amount_fen, external_key)
    w.audit("receipt:post", receipt, changes={"amount_fen": money.amount_fen})
    if findings := objections(w, distributor, money):
        parking.park(w, receipt, findings)
        return receipt, False
    count(w, account, receipt, wishes)
    return receipt, True


def add(w: Work, money: Money, amount_fen: int, external_key: str | None) -> Receipt:
    number = w.draw("RC", money.received_on)
    receipt = _receipt(w, money, amount_fen, number, external_key)
    w.session.add(receipt)
    w.session.flush()  # entries and allocations refer to receipt.id
    return receipt


def add_many(w: Work, moneys: Sequence[Money], keys: Sequence[str]) -> list[Receipt]:
    """Receipts of one statement in their order, their numbers drawn at once for each year."""
    numbers: dict[int, Iterator[str]] = {}
    for year, of_year in groupby(sorted(m.received_on for m in moneys), lambda day: day.year):
        days = list(of_year)
        numbers[year] = iter(w.draw_many("RC", days[0], len(days)))
    made = [
        _receipt(w, money, money.amount_fen, next(numbers[money.received_on.year]), key)
        for money, key in zip(moneys, keys, strict=True)
    ]
    w.session.add_all(made)
    w.session.flush()  # entries and allocations refer to receipt.id
    return made


def _receipt(
    w: Work, money: Money, amount_fen: int, number: str, external_key: str | None
) -> Receipt:
    return Receipt(
        number=number,
        distributor_id=money.distributor_id,
        received_on=money.received_on,
        currency=money.currency,
        amount_fen=amount_fen,
        method=money.method,
        policy=money.policy,
        payer_name=money.payer_name,
        reference=money.reference,
        created_by_id=w.actor.user_id,
        created_at=w.now,
        external_key=external_key,
    )


def objections(w: Work, distributor: Distributor, money: Money) -> list[Finding]:
    """What clause 4 of the contract in force on the day has against the receipt."""
    key = f"booking.methods.{distributor.id}.{money.received_on}"
    if key not in w.memo:
        ground = judging.ground_on(distributor.id, money.received_on)
        w.memo[key] = ground.terms.payment_methods if ground.terms else None
    return check_receipt(
        money.method, w.memo[key], money.payer_name, distributor.name, distributor.tax_name
    )


def count(
    w: Work, account: CreditAccount, receipt: Receipt, wishes: dict[int, int] | None = None
) -> None:
    """The money counts: it pays what it was sent for, or by its policy."""
    received = [("unapplied", receipt.amount_fen)]
    credit.move(w, account, received, act="receive", document=receipt, on=receipt.received_on)
    if receipt.policy == NAMED:
        receipts.pay_named(w, account, receipt, wishes or {}, receipt.received_on)
        w.session.flush()  # the rest is what is not set against anything
        if receipts.rest_of(w, receipt) > 0:
            receipts.keep_back(w, receipt)
    receipts.apply_waiting_money(w, account, receipt.received_on)


def judge_again(w: Work, account: CreditAccount) -> None:
    """What waited for money is judged again."""
    rechecking.recheck_held(w, account)


def named_ids(account: CreditAccount, named: Named, money_fen: int) -> dict[int, int]:
    """Invoice id → fen for invoices named by number; refused unless all of it can be done."""
    open_fen: dict[int, int] = {}
    for invoice_id, _due, fen in reads.open_items(account.distributor_id, account.currency):
        open_fen[invoice_id] = open_fen.get(invoice_id, 0) + fen
    numbers = numbers_of([invoice_id for invoice_id, fen in open_fen.items() if fen > 0])
    by_number = {number: open_fen[invoice_id] for invoice_id, number in numbers.items()}
    wishes = _with_amounts(named, by_number, money_fen)
    found = check_named(wishes, by_number, money_fen)
    if not named:
        found.append(block("receipt.named_none"))
    if found:
        raise Refused(in_currency(found, account.currency))
    ids = {number: invoice_id for invoice_id, number in numbers.items()}
    return {ids[number]: fen for number, fen in wishes}


def _with_amounts(named: Named, open_fen: dict[str, int], money_fen: int) -> list[tuple[str, int]]:
    """Invoices named without an amount take what is open of them, as far as the money goes."""
    left = money_fen - sum(fen for _number, fen in named if fen is not None)
    wishes = []
    for number, fen in named:
        if fen is None:
            fen = max(0, min(open_fen.get(number, 0), left))
            left -= fen
        wishes.append((number, fen))
    return wishes


def numbers_of(invoice_ids: list[int]) -> dict[int, str]:
    rows = db.session.execute(
        sa.select(Invoice.id, Invoice.number).where(Invoice.id.in_(invoice_ids))
    )
    return {invoice_id: number for invoice_id, number in rows}

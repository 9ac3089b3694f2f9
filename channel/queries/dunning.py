"""Reads of dunning: what is overdue as of a day, which letters were sent, and what comes next.

A fixed number of statements whatever the number of debtors; the levels come from credit.dunning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from channel.access import Actor
from channel.db import db
from channel.models.credit import CreditAccount, CreditEntry
from channel.models.dunning import (
    DunningLetter,
    DunningLetterItem,
    DunningPolicy,
    DunningRun,
)
from channel.models.partners import Distributor
from channel.models.receivables import Allocation, Invoice, InvoiceInstalment
from channel.queries import disputes, promises
from channel.queries.receivables import settled
from channel.queries.scope import visible
from credit.dunning import Item, Level, Policy, Proposal, policy_from_json, propose

Owner = tuple[int, str]
#: An invoice, and its instalment where it has any.
Ref = tuple[int, int | None]

#: The house's levels until somebody writes others (days overdue 1–15, 16–45, above 45).
USUAL = Policy(
    (
        Level(
            1,
            text_zh="经核对，下列款项已过应付日，尚未收到。如已付款，请忽略本函并告知付款日期；"
            "如未付款，请在下述日期前付清。",
            text_en="The items below have passed their day to pay by and we have not received the "
            "money. If it is on its way please tell us when it was sent; if not, please pay by the "
            "day below.",
        ),
        Level(
            16,
            text_zh="我方已就下列款项提示付款，至今仍未收到。请在下述日期前付清，或书面说明原因并"
            "给出付款日期。逾期期间，后续订单和发货可能暂停。",
            text_en="The items below are still unpaid. Please pay by the day below, or tell us in "
            "writing why not and when you will. While they are overdue, orders and shipments may "
            "be held.",
        ),
        Level(
            46,
            text_zh="下列款项严重逾期。请在下述日期前全部付清。届时仍未付清的，我方将依合同停止供货，"
            "以保证金抵扣，并保留依法追索的权利。",
            text_en="The items below are seriously overdue. Please pay all of them by the day "
            "below. Otherwise we shall stop deliveries under the contract, draw on the deposit and "
            "take the steps that the law gives us.",
        ),
    )
)


def policy_in_force() -> tuple[Policy, int | None]:
    """The levels that rule now, and the id of their row; None for the house's usual ones."""
    row = db.session.scalar(sa.select(DunningPolicy).order_by(DunningPolicy.id.desc()).limit(1))
    return (policy_from_json(row.terms), row.id) if row else (USUAL, None)


def last_run() -> date | None:
    """The day of the newest run."""
    return db.session.scalar(sa.select(sa.func.max(DunningRun.on_date)))


@dataclass(frozen=True)
class Shown:
    """What is known of an item beside the rule's view of it."""

    number: str
    invoice_date: date
    amount_fen: int


@dataclass(frozen=True)
class Debtor:
    """One debtor in one currency with its proposal, and its items as people know them."""

    distributor_id: int
    code: str
    name: str
    currency: str
    proposal: Proposal
    shown: Mapping[Ref, Shown]


def _overdue_rows(actor: Actor, on: date, distributor_id: int | None) -> list[Any]:
    """(debtor, currency, invoice, instalment, number, date, pay by, amount, open) as of the day."""
    part = InvoiceInstalment
    own = [visible(actor, Invoice.distributor_id), Invoice.invoice_date <= on]
    if distributor_id is not None:
        own.append(Invoice.distributor_id == distributor_id)
    rest = sa.cast(Invoice.gross_fen - settled(on), sa.BigInteger)
    whole = sa.select(
        Invoice.distributor_id, Invoice.currency, Invoice.id, sa.null(), Invoice.number,
        Invoice.invoice_date, Invoice.pay_by, Invoice.gross_fen, rest,
    ).where(
        *own, Invoice.pay_by < on, rest > 0, Invoice.id.not_in(sa.select(part.invoice_id)),
    )  # fmt: skip
    paid = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(
            Allocation.invoice_id == part.invoice_id,
            Allocation.instalment_id == part.id,
            Allocation.allocated_on <= on,
        )
        .scalar_subquery()
    )
    part_rest = sa.cast(part.amount_fen - paid, sa.BigInteger)
    parts = (
        sa.select(
            Invoice.distributor_id, Invoice.currency, Invoice.id, part.id, Invoice.number,
            Invoice.invoice_date, part.pay_by, part.amount_fen, part_rest,
        )
        .join(part, part.invoice_id == Invoice.id)
        .where(*own, part.pay_by < on, part_rest > 0)
    )  # fmt: skip
    return [*db.session.execute(whole), *db.session.execute(parts)]


def _credits(on: date, distributor_ids: set[int]) -> dict[Owner, int]:
    """Money not applied and credit notes not used up, in favour of each debtor as of the day."""
    found: dict[Owner, int] = defaultdict(int)
    rest = sa.cast(Invoice.gross_fen - settled(on), sa.BigInteger)
    notes = sa.select(Invoice.distributor_id, Invoice.currency, sa.func.sum(-rest)).where(
        Invoice.distributor_id.in_(distributor_ids), Invoice.invoice_date <= on,
        Invoice.gross_fen < 0, rest < 0,
    )  # fmt: skip
    money = (
        sa.select(
            CreditAccount.distributor_id,
            CreditAccount.currency,
            sa.func.sum(CreditEntry.amount_fen),
        )
        .join(CreditEntry, CreditEntry.account_id == CreditAccount.id)
        .where(
            CreditAccount.distributor_id.in_(distributor_ids),
            CreditEntry.bucket == "unapplied",
            CreditEntry.on_date <= on,
        )
        .group_by(CreditAccount.distributor_id, CreditAccount.currency)
    )
    grouped = notes.group_by(Invoice.distributor_id, Invoice.currency)
    for statement in (grouped, money):
        for distributor_id, currency, fen in db.session.execute(statement):
            found[distributor_id, currency] += int(fen)
    return found


def _levels(on: date, distributor_ids: set[int]) -> dict[Ref, tuple[int, date]]:
    """Item → the level that it reached by letters really sent, and when it reached it."""
    item, letter = DunningLetterItem, DunningLetter
    rows = db.session.execute(
        sa.select(
            item.invoice_id,
            item.instalment_id,
            sa.func.max(item.level),
            sa.func.max(letter.on_date),
        )
        .join(letter, letter.id == item.letter_id)
        .where(
            letter.distributor_id.in_(distributor_ids),
            letter.on_date <= on,
            item.is_raised.is_(True),
        )
        .group_by(item.invoice_id, item.instalment_id)
    )
    return {(invoice, part): (level, sent) for invoice, part, level, sent in rows}


def debtors(
    actor: Actor, on: date, distributor_id: int | None = None, policy: Policy | None = None
) -> list[Debtor]:
    """Everybody with something overdue on the day and the letter that is offered, by code."""
    policy = policy or policy_in_force()[0]
    rows = _overdue_rows(actor, on, distributor_id)
    if not rows:
        return []
    ids = {row[0] for row in rows}
    contested, levels = disputes.disputed_fen(on, ids), _levels(on, ids)
    credits, promised = _credits(on, ids), promises.promised_fen(on, ids)
    names = {
        i: (code, name)
        for i, code, name in db.session.execute(
            sa.select(Distributor.id, Distributor.code, Distributor.name).where(
                Distributor.id.in_(ids)
            )
        )
    }
    items: dict[Owner, list[Item]] = defaultdict(list)
    shown: dict[Owner, dict[Ref, Shown]] = defaultdict(dict)
    for owner_id, currency, invoice, part, number, dated, pay_by, amount, rest in sorted(
        rows, key=lambda row: (row[6], row[2], row[3] or 0)
    ):
        # What is contested of an invoice rests on its oldest instalments.
        off = min(int(rest), contested.get(invoice, 0))
        contested[invoice] = contested.get(invoice, 0) - off
        level, sent = levels.get((invoice, part), (0, None))
        items[owner_id, currency].append(Item((invoice, part), pay_by, int(rest), off, level, sent))
        shown[owner_id, currency][invoice, part] = Shown(number, dated, int(amount))
    found = [
        Debtor(
            owner[0], *names[owner[0]], owner[1],
            propose(policy, own, on, credit_fen=credits.get(owner, 0),
                    promised_fen=promised.get(owner, 0)),
            shown[owner],
        )
        for owner, own in items.items()
    ]  # fmt: skip
    return sorted(found, key=lambda d: (d.code, d.currency))


@dataclass(frozen=True)
class Payable:
    """An open item that is to be paid by a day."""

    distributor_id: int
    currency: str
    number: str
    pay_by: date
    open_fen: int


def payables(on: date, first: date, last: date) -> list[Payable]:
    """Open items of everybody to be paid between the days, both inclusive; disputed ones rest."""
    part = InvoiceInstalment
    rest = sa.cast(Invoice.gross_fen - settled(), sa.BigInteger)
    whole = sa.select(
        Invoice.distributor_id, Invoice.currency, Invoice.number, Invoice.pay_by, rest, Invoice.id
    ).where(
        Invoice.pay_by.between(first, last), rest > 0, Invoice.id.not_in(sa.select(part.invoice_id))
    )
    paid = (
        sa.select(sa.func.coalesce(sa.func.sum(Allocation.amount_fen), 0))
        .where(Allocation.invoice_id == part.invoice_id, Allocation.instalment_id == part.id)
        .scalar_subquery()
    )
    part_rest = sa.cast(part.amount_fen - paid, sa.BigInteger)
    parts = (
        sa.select(
            Invoice.distributor_id, Invoice.currency, Invoice.number, part.pay_by, part_rest,
            Invoice.id,
        )
        .join(part, part.invoice_id == Invoice.id)
        .where(part.pay_by.between(first, last), part_rest > 0)
    )  # fmt: skip
    rows = [*db.session.execute(whole), *db.session.execute(parts)]
    contested = disputes.disputed_fen(on, {row[0] for row in rows}) if rows else {}
    found = []
    for owner, currency, number, pay_by, fen, invoice in sorted(rows, key=lambda r: (r[3], r[5])):
        off = min(int(fen), contested.get(invoice, 0))
        contested[invoice] = contested.get(invoice, 0) - off
        if int(fen) > off:
            found.append(Payable(owner, currency, number, pay_by, int(fen) - off))
    return found

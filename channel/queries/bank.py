"""Reads of bank lines: the lists by state, one line with its candidates, and what is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload

from channel.access import Actor, NotVisible, Permission, may
from channel.db import db
from channel.messages.cash import MATCH_WORDS
from channel.models.cash import BankLine, PayerMemory
from channel.models.orders import Order
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, Receipt
from channel.queries.listing import Column, Filter, Listing
from channel.queries.market_areas import days_between
from channel.queries.receivables import UNDONE
from channel.rules import bank
from channel.rules.collection import plain_name

#: Money that was booked by hand so many days before or after a line may be the line's own.
TWIN_DAYS = 7
#: Numbers asked for in one statement.
AT_ONCE = 5_000
STATES = {
    "unassigned": _l("unassigned"),
    "matched": _l("ready to be booked"),
    "booked": _l("booked"),
    "outgoing": _l("money out"),
    "left_out": _l("left out"),
}


def get_line(actor: Actor, line_id: int) -> BankLine:
    """A line with what it led to. Money that has no owner yet is seen by the house only."""
    line = db.session.scalar(
        sa.select(BankLine)
        .options(joinedload(BankLine.distributor), joinedload(BankLine.receipt))
        .where(BankLine.id == line_id)
    )
    if line is None or not may(actor, Permission.AUDIT_READ):
        raise NotVisible
    return line


def as_line(row: BankLine) -> bank.Line:
    return bank.Line(
        row.booked_on, row.amount_fen, row.payer_name, row.payer_account, row.purpose, row.reference
    )


def known(lines: Iterable[bank.Line]) -> bank.Known:
    """What the house knows of payers, in one statement each, and of the numbers in the lines."""
    accounts: dict[str, set[int]] = defaultdict(set)
    names: dict[str, set[int]] = defaultdict(set)
    aliases: dict[str, set[int]] = defaultdict(set)
    for distributor_id, name, tax_name, account in db.session.execute(
        sa.select(Distributor.id, Distributor.name, Distributor.tax_name, Distributor.bank_account)
    ):
        for text in (name, tax_name):
            if text:
                names[plain_name(text)].add(distributor_id)
        if plain_account := bank.plain_account(account):
            accounts[plain_account].add(distributor_id)
    for kind, value, distributor_id in db.session.execute(
        sa.select(PayerMemory.kind, PayerMemory.value, PayerMemory.distributor_id)
    ):
        (accounts if kind == "account" else aliases)[value].add(distributor_id)
    words = sorted({token for line in lines for token in bank.tokens(line.purpose)})
    return bank.Known(accounts, names, aliases, _numbers(words))


def _numbers(words: Sequence[str]) -> dict[str, set[int]]:
    """Document number → distributors, of invoices and orders."""
    found: dict[str, set[int]] = defaultdict(set)
    for start in range(0, len(words), AT_ONCE):
        part = words[start : start + AT_ONCE]
        for model in (Invoice, Order):
            for number, distributor_id in db.session.execute(
                sa.select(model.number, model.distributor_id).where(model.number.in_(part))
            ):
                found[number].add(distributor_id)
    return found


def candidates(line: BankLine) -> list[Distributor]:
    """The distributors between which an ambiguous line stands."""
    if line.state != "unassigned":
        return []
    ids = bank.match(as_line(line), known([as_line(line)])).candidates
    if not ids:
        return []
    return list(
        db.session.scalars(
            sa.select(Distributor).where(Distributor.id.in_(ids)).order_by(Distributor.code)
        )
    )


def is_twin() -> Any:
    """That a receipt is of the same debtor and amount as a bank line, near its day, no line's
    own and not undone: perhaps the same money, booked by hand."""
    opposite, booked = aliased(Receipt), aliased(BankLine)
    apart = days_between(BankLine.booked_on, Receipt.received_on)
    return sa.and_(
        Receipt.distributor_id == BankLine.distributor_id,
        Receipt.currency == BankLine.currency,
        Receipt.amount_fen == BankLine.amount_fen,
        apart.between(-TWIN_DAYS, TWIN_DAYS),
        ~sa.exists().where(booked.receipt_id == Receipt.id),
        ~sa.exists().where(
            opposite.distributor_id == Receipt.distributor_id,
            opposite.reference == UNDONE + Receipt.number,
        ),
    )


def has_twin() -> Any:
    """That a bank line has such a receipt."""
    return sa.exists().where(is_twin())


def twins_waiting() -> int:
    """How many matched lines may be money that was booked by hand already."""
    statement = sa.select(sa.func.count(BankLine.id))
    return db.session.scalar(statement.where(BankLine.state == "matched", has_twin())) or 0


def twins_of(line: BankLine) -> list[Receipt]:
    """The receipts that may be a matched line's own money, booked by hand."""
    if line.state != "matched":
        return []
    return list(
        db.session.scalars(
            sa.select(Receipt)
            .join(BankLine, is_twin())
            .where(BankLine.id == line.id)
            .order_by(Receipt.received_on, Receipt.id)
        )
    )


def counts() -> dict[str, int]:
    """How many lines stand in each state."""
    rows = db.session.execute(sa.select(BankLine.state, sa.func.count()).group_by(BankLine.state))
    return {state: int(count) for state, count in rows}


def _scope(actor: Actor) -> Any:
    return sa.true() if may(actor, Permission.AUDIT_READ) else sa.false()


LINES = Listing(
    name="bank-lines",
    title=_l("Bank lines"),
    identity=BankLine.id,
    source=sa.outerjoin(BankLine, Distributor, BankLine.distributor_id == Distributor.id).outerjoin(
        Receipt, Receipt.id == BankLine.receipt_id
    ),
    columns=[
        Column("booked_on", _l("date"), BankLine.booked_on, "date"),
        Column("payer_name", _l("payer"), BankLine.payer_name),
        Column("payer_account", _l("payer's account"), BankLine.payer_account, wide=True),
        Column("purpose", _l("purpose"), BankLine.purpose, wide=True),
        Column("distributor", _l("distributor"), Distributor.name),
        Column("reason", _l("matched by"), BankLine.reason, "bank_match", wide=True),
        Column("currency", _l("currency"), BankLine.currency, wide=True),
        Column("amount_fen", _l("amount"), BankLine.amount_fen, "fen", total=True),
        Column("state", _l("state"), BankLine.state, "state"),
    ],
    default_sort="-booked_on",
    scope=_scope,
    filters=[
        Filter("state", _l("state"), BankLine.state, choices=lambda: list(STATES.items())),
        Filter("reason", _l("matched by"), BankLine.reason,
               choices=lambda: list(MATCH_WORDS.items())),
        Filter("from", _l("from"), BankLine.booked_on, kind="from"),
        Filter("to", _l("to"), BankLine.booked_on, kind="to"),
    ],
    search=[BankLine.payer_name, BankLine.payer_account, BankLine.purpose, BankLine.reference,
            Distributor.code, Distributor.name],
    currency=BankLine.currency,
    endpoint="bank.record",
    empty=_l("No bank line here: import a bank statement."),
)  # fmt: skip

"""Money of the demo: a bank statement with lines that fit and lines that wait, late-payment
interest, a write-off, and the house's rules for all of it.

Two statements, so that what was learned from the first is seen at work in the second.
"""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from channel.db import db
from channel.demo.world import World
from channel.models.cash import BankLine
from channel.models.partners import Distributor
from channel.models.receivables import Invoice
from channel.queries import cash as rules
from channel.queries import credit as reads
from channel.queries import interest as late
from channel.services import bank, cash, interest, uploads, write_offs
from channel.services.work import Refused

HEADER = "交易日期,收入金额,支出金额,对方户名,对方账号,附言,交易流水号"
#: A dealer's owner who pays from an account of his own, and one who shares a name with another.
OWNER, OWNER_ACCOUNT, SHARED = "周建国", "6228480482912345678", "李强"


def close_the_day(world: World, today: date) -> None:
    """What finance does on the last day of the demo."""
    _set_rules(world)
    _statement(world, "银行流水-上旬.csv", _first(world, today))
    _assign(world, "YH0001", "D2")
    _assign(world, "YH0002", "D1")
    _assign(world, "YH0003", "D3")
    bank.book(world.actor("fin"), [_line("YH0001").id])
    _statement(world, "银行流水-下旬.csv", _second(world, today))
    _charge_interest(world, today)
    _write_off(world)


def _set_rules(world: World) -> None:
    """1.00 or 0.1 % may lack; late payment costs 6 % by the year."""
    facts = cash.RuleFacts("oldest", 100, 10, 100, 10, False, 600, 500_000)
    cash.save_rules(world.actor("admin"), facts, rules.rules().row_version)


def _statement(world: World, filename: str, lines: list[str]) -> None:
    text = "\n".join([HEADER, *lines, ""])
    got = uploads.receive(world.actor("fin"), "bank_lines", filename, text.encode("utf-8-sig"))
    uploads.check(world.actor("fin"), got.upload_id)
    uploads.confirm(world.actor("fin"), got.upload_id)


def _name(code: str) -> str:
    name = db.session.scalar(sa.select(Distributor.name).where(Distributor.code == code))
    assert name is not None
    return name


def _first(world: World, today: date) -> list[str]:
    """Payers whom nobody knows yet: a person says whose money it is, and the house learns."""
    day = (today - timedelta(days=3)).isoformat()
    return [
        f"{day},860.00,,{OWNER},{OWNER_ACCOUNT},货款,YH0001",
        f"{day},500.00,,{SHARED},,货款,YH0002",
        f"{day},300.00,,{SHARED},,代付货款,YH0003",
    ]


def _second(world: World, today: date) -> list[str]:
    """By name, by account, by number, by what was learned; two that wait; one that went out."""
    day = (today - timedelta(days=1)).isoformat()
    number = db.session.scalar(
        sa.select(Invoice.number)
        .where(Invoice.distributor_id == world.distributor("D4"), Invoice.kind == "invoice")
        .order_by(Invoice.id.desc())
    )
    return [
        f"{day},2000.00,,{_name('D1')},,货款,YH0101",
        f"{day},640.00,,{OWNER},{OWNER_ACCOUNT},货款,YH0102",
        f"{day},450.00,,隆昌市金鹅街道便民店,,付{number or 'IV'}货款,YH0103",
        f"{day},380.00,,{SHARED},,货款,YH0104",
        f"{day},1250.00,,成都某某投资有限公司,51050166000099999,往来款,YH0105",
        f"{day},,318.60,国网四川省电力公司,,电费,YH0106",
    ]


def _line(reference: str) -> BankLine:
    return db.session.scalars(sa.select(BankLine).where(BankLine.reference == reference)).one()


def _assign(world: World, reference: str, code: str) -> None:
    line = _line(reference)
    bank.assign(world.actor("fin"), line.id, world.distributor(code), learn=True)


def _charge_interest(world: World, today: date) -> None:
    """One note posted by a second person, where somebody paid late."""
    for code in ("D1", "D2", "D3", "D4"):
        rate = rules.rules().interest_bp
        if late.late_items(world.distributor(code), "CNY", today, rate):
            note = interest.propose(world.actor("fin"), world.distributor(code), today)
            interest.post(world.actor("fin2"), note)
            return


def _write_off(world: World) -> None:
    """A small rest that is not worth a letter: one posted, one that waits for a signature."""
    for code, fen, is_signed in (("D3", 1_280, True), ("D2", 2_650, False), ("D1", 990, True)):
        items = reads.open_items(world.distributor(code), "CNY")
        big = next((item for item in items if item[2] > 10 * fen), None)
        if big is None:
            continue
        try:
            made = write_offs.propose(
                world.actor("fin"), big[0], fen, "运输破损小额差异，双方同意不再追收"
            )
        except Refused:
            continue  # several instalments are open: the demo chooses none for the reader
        if is_signed:
            write_offs.sign(world.actor("fin2"), made)

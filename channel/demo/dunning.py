"""Collection in the demo: letters, promises kept and broken, disputes, statements of last month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from channel.db import db
from channel.demo.world import World
from channel.models.receivables import Invoice
from channel.queries import dunning as reads
from channel.queries.disputes import open_fen
from channel.services import account_statements, disputes, dunning, promises
from channel.services.promises import Word
from channel.services.work import Refused
from contracts.values.periods import preceding

#: Days before today on which something happened.
WRITTEN, SENT, PROMISED, ANSWERED = 55, (18, 4), 12, 6
ACCOUNT = "中国建设银行成都锦江支行　川香食品有限公司　5105 0142 6208 0000 0321"


def on_day(world: World, day: date, today: date) -> None:
    """What happened in collection on a day of the past."""
    ago = (today - day).days
    if ago == WRITTEN:
        usual = replace(reads.USUAL, account=ACCOUNT)
        dunning.save_policy(world.actor("fin"), usual)
    elif ago in SENT:
        _send(world, day)
    elif ago == PROMISED:
        word = Word(3_000_000, day, day + timedelta(days=6), "周总", "电话：月中回笼后先付三万元")
        promises.log_promise(world.actor("rep"), world.distributor("D3"), word)
    elif ago == ANSWERED:
        _dispute(world, "D1", "quantity", "本单少收 A 两箱", 20_000, "更正：仓库补发两箱，已签收")


def leave_open(world: World, today: date) -> None:
    """A promise and a dispute that are open, and the statements of last month."""
    word = Word(1_500_000, today, today + timedelta(days=7), "周总", "先付最早的一张")
    promises.log_promise(world.actor("fin"), world.distributor("D3"), word)
    _dispute(world, "D4", "price", "新品促销价未执行", 150_000)
    month = preceding(today, "month")
    wish = account_statements.Wish("all", "", "", month.start, month.last_day)
    batch, _job = account_statements.order_batch(world.actor("fin"), wish)
    account_statements.make_statements(world.actor("fin"), batch, workers=1)


def _send(world: World, day: date) -> None:
    """Finance sends what is offered; a day without anything overdue has no letters."""
    try:
        dunning.send_letters(world.actor("fin"), day)
    except Refused:
        return


def _dispute(world: World, code: str, kind: str, reason: str, fen: int, answer: str = "") -> None:
    """On the newest invoice with something open; with an answer it is closed at once."""
    newest = db.session.scalars(
        sa.select(Invoice)
        .where(Invoice.distributor_id == world.distributor(code), Invoice.kind == "invoice")
        .order_by(Invoice.id.desc())
        .limit(5)
    ).all()
    found = next((i.id for i in newest if open_fen(i) >= fen), None)
    if found is None:
        return
    actor = world.actor(code.lower())
    dispute = disputes.open_dispute(actor, found, kind=kind, reason=reason, amount_fen=fen)
    if answer:
        disputes.close_dispute(world.actor("fin"), dispute, outcome="upheld", note=answer)

"""Replies to rebate statements in the demo: one signed, some lines in dispute, one by silence."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from channel.db import db
from channel.demo.world import World
from channel.models.dunning import Dispute
from channel.models.rebates import RebateRun, RebateStatement
from channel.services import rebates_disputes as disputes
from channel.services import rebates_exports as exports
from channel.services import rebates_replies as replies
from channel.services.rebates_disputes import Answer, Objection
from channel.services.rebates_exports import Wish
from channel.services.steps.market import File

#: A delivery note as it might be scanned.
NOTE = File("签收回单.pdf", b"%PDF-1.4\n% a page that was scanned\n%%EOF\n")
#: Runs are posted on this day; what follows from them comes on the days after.
POSTED_ON = 12


def on_day(world: World, day: date, today: date) -> None:
    """What happens to the statements of the last run."""
    replies.sign_by_silence(world.actor("fin"))
    disputes.escalate(world.actor("fin"))
    if day == today - timedelta(days=3):
        _for_a_distributor(world)
    if day.month not in (1, 4, 7, 10):
        return
    if day.day == POSTED_ON + 1:
        _export(world)
    elif day.day == POSTED_ON + 2:
        _reply(world, (today - day).days < 92)
    elif day.day == POSTED_ON + 6:
        _answer(world)


def _newest(world: World, code: str) -> RebateStatement | None:
    """The last posted statement of a distributor."""
    return db.session.scalar(
        sa.select(RebateStatement)
        .join(RebateStatement.run)
        .where(
            RebateRun.state == "posted",
            RebateStatement.distributor_id == world.distributor(code),
        )
        .order_by(RebateStatement.id.desc())
        .limit(1)
    )


def _export(world: World) -> None:
    """Finance takes the table of the run."""
    statement = _newest(world, "D1")
    if statement is not None:
        exports.export(world.actor("fin"), Wish("xlsx", "zh", run_id=statement.run_id))


def _reply(world: World, is_last: bool) -> None:
    """D1 signs; of the last run D2 and D4 contest a line, D3 is silent."""
    if (own := _newest(world, "D1")) is not None:
        replies.confirm(world.actor("d1"), own.id)
    if not is_last:
        return
    _contest(world, "D4", "d4", "本月有一批 60 箱未签收，金额应扣除", [NOTE])
    _contest(world, "D2", "d2", "退货未从基数中扣除，请核对")


def _contest(
    world: World, code: str, user: str, text: str, files: list[File] | None = None
) -> None:
    statement = _newest(world, code)
    if statement is None:
        return
    found = disputes.contestable(world.actor(user), statement.id)
    line = next((x for x in found if x.kind == "base" and x.e4), None)
    if line is None or line.e4 is None:
        return
    wish = Objection("base", text, line.key, claimed_e4=line.e4 * 8 // 10)
    disputes.open_dispute(world.actor(user), statement.id, wish, files or [])


def _answer(world: World) -> None:
    """D2 was right, which the next run puts right; D4 still waits."""
    waiting = db.session.scalars(
        sa.select(Dispute.id).where(
            Dispute.distributor_id == world.distributor("D2"),
            Dispute.statement_id.is_not(None),
            Dispute.closed_on.is_(None),
        )
    ).all()
    for dispute_id in waiting:
        said = Answer("upheld", "退货单已补录，下次结算调整", "run")
        disputes.answer(world.actor("fin"), dispute_id, said)


def _for_a_distributor(world: World) -> None:
    """Finance opens one for D1 after the day, out of goodwill."""
    _contest(world, "D1", "fin", "客户来电：单价与合同价目表不符")

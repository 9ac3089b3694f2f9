"""One line of a statement is disputed: only it is held, the rest can be used; replies are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import Forbidden, NotVisible
from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.audit import AuditEntry
from channel.models.dunning import Dispute
from channel.models.jobs import MailMessage
from channel.models.market import Evidence
from channel.models.partners import Maker
from channel.models.rebates import PoolEntry, RebateStatement
from channel.models.rebates_desk import DisputeMessage, StatementReply
from channel.queries import rebates_pool_facts, rebates_replies
from channel.services import agreements
from channel.services import rebates_disputes as disputes
from channel.services import rebates_replies as replies
from channel.services.rebates_disputes import Answer, Objection
from channel.services.steps.market import File
from channel.services.work import Refused, work
from contracts.agreement import from_json
from contracts.clauses import Replies
from contracts.rebates.model import Method
from tests.services.rebate_trade import (
    Q3,
    a_credit_note,
    a_posted_run,
    an_approved_policy,
    an_invoice,
    pool_fen,
    some_terms,
    statements_of,
    the_statement,
)

pytestmark = pytest.mark.database

AUGUST = date(2026, 8, 15)
PAPER = File("回单.pdf", b"%PDF-1.7 signed")


@pytest.fixture
def posted(world) -> RebateStatement:
    """D4's third quarter: 70,000 of SAUCE and 50,000 of HOTPOT, 2 % of the whole: 2,400."""
    an_invoice(world, "D4", AUGUST, ("A", "70000"), ("B", "50000"))
    [statement] = statements_of(a_posted_run(world))
    return statement


def line_of(world: Any, statement: RebateStatement, words: str) -> str:
    lines = disputes.contestable(world.actor("fin"), statement.id)
    return next(line.key for line in lines if words in line.label)


def a_dispute(world: Any, statement: RebateStatement, claimed: str = "", **more: Any) -> Dispute:
    """D4 contests the line of HOTPOT, 50,000."""
    wish = Objection(
        "base",
        "数量不对",
        line_of(world, statement, "HOTPOT"),
        claimed_e4=int(claimed) * 10_000 if claimed else None,
        **more,
    )
    made = disputes.open_dispute(world.actor("d4"), statement.id, wish, [PAPER])
    return the_dispute(made)


def the_dispute(dispute_id: int) -> Dispute:
    return db.session.get_one(Dispute, dispute_id, populate_existing=True)


def agree_on_replies(world: Any, code: str, **clause: Any) -> None:
    """An amendment from today on, signed by two channel managers."""
    first = db.session.scalars(
        sa.select(AgreementVersion)
        .join(Agreement)
        .where(Agreement.distributor_id == world.distributor(code))
    ).one()
    today, end, terms = clock.today(), first.valid_to, from_json(first.terms)
    new = agreements.amend_agreement(world.actor("cm"), first.id, today, "异议期")
    terms = replace(terms, replies=Replies(**clause), targets=())
    draft = agreements.Draft(today, end, terms, "异议期")
    agreements.save_draft(world.actor("cm"), new, draft)
    agreements.submit_version(world.actor("cm"), new)
    agreements.approve_version(world.actor("cm2"), new)


def codes(refused: Any) -> list[str]:
    return [finding.code for finding in refused.value.findings]


@pytest.mark.row("E11")
def test_only_what_rests_on_the_line_is_held(world, posted):
    d4 = world.distributor("D4")
    assert posted.amount_fen == 240_000
    dispute = a_dispute(world, posted)
    # Without the line 70,000 remain, which give 1 %: 700.00. So 1,700.00 rest on it.
    assert (dispute.difference_fen, dispute.amount_fen) == (-170_000, 170_000)
    assert pool_fen(d4) == 70_000
    assert rebates_pool_facts.pool_of(d4, "CNY").free_fen == 70_000
    assert dispute.number.startswith("DC-2026-")
    [message] = rebates_replies.messages_of(dispute.id)
    assert (message.side, message.text) == ("distributor", "数量不对")
    [paper] = rebates_replies.papers_of([message])[message.id]
    assert paper.filename == "回单.pdf"
    mails = db.session.scalars(sa.select(MailMessage.recipient)).all()
    assert any("fin@" in recipient for recipient in mails)


@pytest.mark.row("E11")
@pytest.mark.parametrize(
    ("claimed", "difference", "held"),
    [
        ("60000", 20_000, 20_000),  # 130,000 × 2 % is 200.00 more
        ("20000", -150_000, 150_000),  # 90,000 × 1 % is 900.00
        ("50000", 0, 0),
        ("130000", 360_000, 240_000),  # 200,000 × 3 %: no more is held than the statement gave
    ],
)
def test_with_a_figure_only_the_difference_is_in_dispute(world, posted, claimed, difference, held):
    dispute = a_dispute(world, posted, claimed)
    assert (dispute.difference_fen, dispute.amount_fen) == (difference, held)
    assert pool_fen(world.distributor("D4")) == 240_000 - held


@pytest.mark.row("E11")
def test_two_lines_never_hold_more_than_the_statement(world, posted):
    a_dispute(world, posted)
    key = line_of(world, posted, "SAUCE")
    wish = Objection("base", "未收到货", key)
    second = the_dispute(disputes.open_dispute(world.actor("d4"), posted.id, wish))
    # Without it 50,000 remain, 500.00: 1,900.00 rest on it, but only 700.00 are left to hold.
    assert (second.difference_fen, second.amount_fen) == (-190_000, 70_000)
    assert pool_fen(world.distributor("D4")) == 0


@pytest.mark.row("E11")
def test_what_was_used_already_is_not_held(world, posted):
    d4 = world.distributor("D4")
    with work(world.actor("fin")) as w:
        from channel.services.steps import rebates_pool

        rebates_pool.write(w, (d4, "CNY"), "used", -200_000, reference="X")
    assert a_dispute(world, posted).amount_fen == 40_000
    assert pool_fen(d4) == 0


@pytest.mark.row("E11")
def test_a_rejected_line_is_free_again_and_the_reason_is_kept(world, posted):
    dispute = a_dispute(world, posted)
    fin = world.actor("fin")
    with pytest.raises(Refused) as refused:
        disputes.answer(fin, dispute.id, Answer("rejected", " "))
    assert codes(refused) == ["dispute.answer_needed"]
    disputes.answer(fin, dispute.id, Answer("rejected", "回单已核对，数量无误"), [PAPER])
    closed = the_dispute(dispute.id)
    assert (closed.outcome, closed.closed_by_id) == ("rejected", fin.user_id)
    assert pool_fen(world.distributor("D4")) == 240_000
    said = rebates_replies.messages_of(dispute.id)
    assert [(m.side, m.act) for m in said] == [("distributor", "open"), ("maker", "reject")]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 2
    with pytest.raises(Refused) as refused:
        disputes.answer(fin, dispute.id, Answer("upheld", "x", "run"))
    assert codes(refused) == ["dispute.closed"]


@pytest.mark.row("E11", "E06")
def test_an_accepted_line_is_put_right_by_the_next_run(world, posted):
    dispute = a_dispute(world, posted, "20000")
    said = Answer("upheld", "退货单漏记", "run")
    disputes.answer(world.actor("fin"), dispute.id, said)
    # Too much was granted: it stays held until the next run takes it back.
    assert pool_fen(world.distributor("D4")) == 240_000 - 150_000
    a_credit_note(world, "D4", date(2026, 9, 20), ("B", "30000"))
    [late] = statements_of(a_posted_run(world))
    assert late.amount_fen == -150_000
    right = the_dispute(dispute.id)
    assert (right.corrected_by, right.corrected_on) == (late.number, clock.today())
    assert pool_fen(world.distributor("D4")) == 90_000
    kinds = db.session.scalars(sa.select(PoolEntry.kind).order_by(PoolEntry.id)).all()
    assert sorted(kinds) == ["earned", "freed", "held", "reversed"]
    last = rebates_replies.messages_of(dispute.id)[-1]
    assert (last.act, last.text) == ("correct", late.number)


@pytest.mark.row("E11")
def test_where_more_is_due_the_hold_ends_with_the_answer(world, posted):
    dispute = a_dispute(world, posted, "60000")
    disputes.answer(world.actor("fin"), dispute.id, Answer("partly", "补单", "document"))
    assert pool_fen(world.distributor("D4")) == 240_000
    with pytest.raises(Refused) as refused:
        disputes.correct(world.actor("fin"), dispute.id, "")
    assert codes(refused) == ["dispute.document_needed"]
    disputes.correct(world.actor("fin2"), dispute.id, "INV-2026-000099")
    assert the_dispute(dispute.id).corrected_by == "INV-2026-000099"


@pytest.mark.row("E11")
def test_one_invoice_line_what_is_missing_and_what_is_not_there(world, posted):
    d4 = world.actor("d4")
    number = db.session.scalar(sa.text("SELECT number FROM invoice ORDER BY id"))
    one = Objection("line", "重复开票", invoice=number, line_no=2)
    assert the_dispute(disputes.open_dispute(d4, posted.id, one)).difference_fen == -170_000
    other = Objection("line", "x", invoice=number, line_no=9)
    with pytest.raises(Refused) as refused:
        disputes.open_dispute(d4, posted.id, other)
    assert codes(refused) == ["dispute.not_its_line"]
    gone = Objection("missing", "9 月发票未计入", claimed_e4=80_000 * 10_000)
    assert the_dispute(disputes.open_dispute(d4, posted.id, gone)).difference_fen == 360_000
    with pytest.raises(Refused) as refused:
        disputes.open_dispute(d4, posted.id, Objection("missing", "x"))
    assert codes(refused) == ["dispute.figure_needed"]


@pytest.mark.row("E11")
def test_a_tier_and_what_was_granted_before(world):
    terms = some_terms("S", (("0", "1"), ("100000", "2")), Method.SEGMENT)
    an_approved_policy(world, terms)
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    first = the_statement(a_posted_run(world), policy_code="S")
    assert first.amount_fen == 140_000
    an_invoice(world, "D4", AUGUST, ("A", "10000"))
    second = the_statement(a_posted_run(world), policy_code="S")
    lines = {x.kind: x for x in disputes.contestable(world.actor("d4"), second.id)}
    # 130,000: 1,000 in the first tier and 600 in the second; 1,400 were granted before.
    tiers = [
        x.rests_fen for x in disputes.contestable(world.actor("d4"), second.id) if x.kind == "tier"
    ]
    assert tiers == [100_000, 60_000]
    assert lines["granted"].rests_fen == -140_000
    wish = Objection("granted", "只收到 1,300", "before", claimed_e4=1_300 * 10_000)
    dispute = the_dispute(disputes.open_dispute(world.actor("d4"), second.id, wish))
    assert (dispute.difference_fen, dispute.amount_fen) == (10_000, 10_000)


@pytest.mark.row("E11")
def test_after_the_day_only_the_house_opens_one(world, posted):
    reply = rebates_replies.reply_of(posted.id)
    assert reply is not None
    assert (reply.reply_by, reply.silence) == (clock.today() + timedelta(days=15), "confirms")
    assert posted.document["objection_until"] == reply.reply_by.isoformat()
    assert posted.document["silence"] == "confirms"
    key = line_of(world, posted, "HOTPOT")
    with clock.at(reply.reply_by + timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            disputes.open_dispute(world.actor("d4"), posted.id, Objection("base", "x", key))
        assert codes(refused) == ["dispute.late"]
        made = disputes.open_dispute(world.actor("fin"), posted.id, Objection("base", "x", key))
        with pytest.raises(Refused) as refused:
            disputes.answer(world.actor("fin"), made, Answer("rejected", "x"))
        assert codes(refused) == ["dispute.own"]
    with pytest.raises(NotVisible):
        disputes.open_dispute(world.actor("d1"), posted.id, Objection("base", "x", key))


@pytest.mark.row("E11")
def test_a_line_is_disputed_once_and_can_be_taken_back(world, posted):
    dispute = a_dispute(world, posted)
    with pytest.raises(Refused) as refused:
        a_dispute(world, posted)
    assert codes(refused) == ["dispute.line_standing"]
    disputes.say(world.actor("fin"), dispute.id, "请补回单")
    with pytest.raises(Refused):
        disputes.withdraw(world.actor("fin"), dispute.id)
    disputes.withdraw(world.actor("d4"), dispute.id, "已找到")
    assert pool_fen(world.distributor("D4")) == 240_000
    assert the_dispute(dispute.id).outcome == "withdrawn"
    assert a_dispute(world, posted).amount_fen == 170_000


@pytest.mark.row("E11")
def test_what_nobody_answers_in_time_goes_to_the_owner_once(world, posted):
    dispute = a_dispute(world, posted)
    assert dispute.answer_by == clock.today() + timedelta(days=10)
    with clock.at(dispute.answer_by):
        disputes.escalate(world.actor("fin"))
    assert the_dispute(dispute.id).escalated_at is None
    with clock.at(dispute.answer_by + timedelta(days=1)):
        disputes.escalate(world.actor("fin"))
        disputes.escalate(world.actor("fin"))
    assert the_dispute(dispute.id).escalated_at is not None
    late = sa.select(MailMessage.recipient).where(MailMessage.key.contains(":late:"))
    assert db.session.scalars(late).all() == ["boss@weir.example"]


@pytest.mark.row("E11")
def test_confirmed_by_name_instant_and_hash_but_for_the_dispute(world, posted):
    dispute = a_dispute(world, posted)
    with pytest.raises(Forbidden):
        replies.confirm(world.actor("fin"), posted.id)
    replies.confirm(world.actor("d4"), posted.id, "其余无误")
    reply = rebates_replies.reply_of(posted.id)
    assert reply is not None
    assert (reply.signed_as, reply.signed_name) == ("confirmed", world.actor("d4").name)
    assert reply.document_sha256 == posted.document_sha256
    assert reply.excepted == [dispute.number]
    with pytest.raises(Refused) as refused:
        replies.confirm(world.actor("d4"), posted.id)
    assert codes(refused) == ["rebate.reply.signed"]
    with pytest.raises(sa.exc.DBAPIError), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE statement_reply SET signed_name = 'x'"))
    tags = db.session.scalars(sa.select(AuditEntry.tag)).all()
    assert {"dispute:open", "statement:confirm"} <= set(tags)


@pytest.mark.row("E11")
def test_silence_confirms_or_not_as_the_house_or_the_agreement_says(world):
    agree_on_replies(world, "D1", days=5, silence="open")
    for code in ("D1", "D4"):
        an_invoice(world, code, AUGUST, ("A", "120000"))
    first, second = statements_of(a_posted_run(world))
    own = {s.distributor_id: s for s in (first, second)}
    d1, d4 = own[world.distributor("D1")], own[world.distributor("D4")]
    assert (d1.document["objection_days"], d1.document["silence"]) == (5, "open")
    assert (d4.document["objection_days"], d4.document["silence"]) == (15, "confirms")
    with clock.at(clock.today() + timedelta(days=16)):
        replies.sign_by_silence(world.actor("fin"))
        replies.sign_by_silence(world.actor("fin"))
        signed = {
            r.statement_id: r.signed_as for r in db.session.scalars(sa.select(StatementReply))
        }
        assert signed == {d1.id: "", d4.id: "silence"}
        replies.confirm(world.actor("d1"), d1.id)
    assert rebates_replies.reply_of(d1.id).signed_as == "confirmed"


@pytest.mark.row("E11")
def test_the_house_may_let_silence_mean_nothing(world):
    with work(world.actor("admin")) as w:
        w.session.scalars(sa.select(Maker)).one().silence_confirms = False
    an_invoice(world, "D4", AUGUST, ("A", "120000"))
    [statement] = statements_of(a_posted_run(world))
    with clock.at(clock.today() + timedelta(days=99)):
        replies.sign_by_silence(world.actor("fin"))
    reply = rebates_replies.reply_of(statement.id)
    assert (reply.silence, reply.signed_as) == ("open", "")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DisputeMessage)) == 0


def test_the_period_is_the_third_quarter(posted):
    assert (posted.period_start, posted.period_end) == (Q3.start, Q3.end)

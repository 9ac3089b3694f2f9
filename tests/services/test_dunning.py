"""Letters through the use cases: levels by what was really sent, and what lets them rest."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.dunning import DunningLetter, DunningLetterFile, DunningLetterItem
from channel.models.jobs import MailMessage
from channel.models.receivables import Invoice, Receipt
from channel.queries import dunning as reads
from channel.services import disputes, dunning, jobs, promises, receivables
from channel.services.promises import Word
from channel.services.work import Refused
from credit.dunning import Level, Policy
from tests.builders import delivered, paid

pytestmark = [pytest.mark.database, pytest.mark.row("B11")]

TODAY = date(2026, 11, 21)


def overdue(world: Any, days: int, code: str = "D1", boxes: int = 100) -> date:
    """An invoice of so many boxes of A; gives the day on which it is so many days overdue."""
    delivered(world, code, on=date(2026, 9, 1), A=boxes)
    pay_by = db.session.scalar(sa.select(sa.func.max(Invoice.pay_by)))
    return pay_by + timedelta(days=days)


def proposal(world: Any, on: date, code: str = "D1") -> Any:
    [debtor] = reads.debtors(world.actor("fin"), on, world.distributor(code))
    return debtor.proposal


def send(world: Any, on: date) -> Any:
    run = dunning.send_letters(world.actor("fin"), on)
    return db.session.scalars(sa.select(DunningLetter).where(DunningLetter.run_id == run)).one()


def refused(call: Any, *args: Any, **values: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **values)
    return str(caught.value.findings[0].code)


@pytest.mark.parametrize(("days", "level"), [(1, 1), (15, 1), (16, 2), (45, 2), (46, 3)])
def test_an_invoice_first_looked_at_is_offered_the_level_of_its_age(world, days, level):
    on = overdue(world, days)
    assert (proposal(world, on).level, proposal(world, on).oldest_days) == (level, days)


def test_what_is_due_today_is_not_overdue(world):
    assert reads.debtors(world.actor("fin"), overdue(world, 0)) == []


def test_after_a_letter_the_next_one_follows_and_none_is_left_out(world):
    day = overdue(world, 5)
    with clock.at(day):
        assert send(world, day).level == 1
        assert proposal(world, day).level == 0
        assert refused(dunning.send_letters, world.actor("fin"), day) == "dunning.nothing"
    # Sixty days late it would be the third; but only the first was sent.
    late = day + timedelta(days=55)
    with clock.at(late):
        assert send(world, late).level == 2
        assert send(world, late).level == 3
        assert proposal(world, late).why == "last_level"


def test_a_run_before_the_last_one_and_one_to_come_are_refused(world):
    day = overdue(world, 20)
    with clock.at(day):
        send(world, day)
        fin, before = world.actor("fin"), day - timedelta(days=1)
        assert refused(dunning.send_letters, fin, before) == "dunning.run.before"
        after = day + timedelta(days=1)
        assert refused(dunning.send_letters, fin, after) == "dunning.run.future"


def test_a_reversed_receipt_takes_the_item_back_to_its_level(world):
    day = overdue(world, 5)
    with clock.at(day):
        send(world, day)
    with clock.at(day + timedelta(days=2)):
        paid(world, "D1", 1_000_000, on=day + timedelta(days=2))
        assert reads.debtors(world.actor("fin"), day + timedelta(days=2)) == []
        receipt = db.session.scalar(sa.select(sa.func.max(Receipt.id)))
        receivables.reverse_receipt(world.actor("fin"), receipt, "退票")
        [line] = proposal(world, day + timedelta(days=2)).lines
        assert (line.item.level, line.offered) == (1, 0)
    assert proposal(world, day + timedelta(days=11)).level == 2


def test_a_dispute_rests_its_part_and_the_debt_stays(world):
    day = overdue(world, 20)
    with clock.at(day):
        invoice = db.session.scalars(sa.select(Invoice.id)).one()
        dispute = disputes.open_dispute(
            world.actor("d1"), invoice, kind="quantity", reason="少两箱", amount_fen=200_000
        )
        found = proposal(world, day)
        assert (found.overdue_fen, found.disputed_fen) == (1_000_000, 200_000)
        assert (found.demanded_fen, found.level) == (800_000, 2)
        again = {"kind": "price", "reason": "价格", "amount_fen": 1}
        assert refused(disputes.open_dispute, world.actor("d1"), invoice, **again) == (
            "dispute.standing"
        )
        disputes.close_dispute(world.actor("fin"), dispute, outcome="rejected", note="已签收")
        assert proposal(world, day).demanded_fen == 1_000_000


def test_all_that_is_disputed_pauses_the_letter(world):
    day = overdue(world, 20)
    with clock.at(day):
        invoice = db.session.scalars(sa.select(Invoice.id)).one()
        disputes.open_dispute(world.actor("fin"), invoice, kind="price", reason="价格")
        assert (proposal(world, day).level, proposal(world, day).why) == (0, "rests")
        too_much = {"kind": "price", "reason": "价格", "amount_fen": 1_000_001}
        assert refused(disputes.open_dispute, world.actor("d1"), invoice, **too_much) == (
            "dispute.amount"
        )


def test_a_promise_pauses_until_its_day(world):
    day = overdue(world, 20)
    until = day + timedelta(days=5)
    with clock.at(day):
        promises.log_promise(
            world.actor("fin"), world.distributor("D1"), Word(1_000_000, day, until)
        )
        assert proposal(world, day).why == "rests"
    assert proposal(world, until).why == "rests"
    assert proposal(world, until + timedelta(days=1)).level == 2


@pytest.mark.row("P03")
def test_the_letter_is_frozen_mailed_and_printed_with_embedded_fonts(world):
    day = overdue(world, 16)
    with clock.at(day):
        dunning.save_policy(
            world.actor("fin"),
            Policy((Level(1), Level(16, text_zh="请付款", text_en="Please pay.")), "工行 0001"),
        )
        letter = send(world, day)
        assert (letter.level, letter.demanded_fen) == (2, 1_000_000)
        mails = db.session.scalars(sa.select(MailMessage).where(
            MailMessage.key.startswith("dunning:")
        )).all()  # fmt: skip
        assert [m.recipient for m in mails] == ["d1@weir.example"]
        assert "10,000.00" in mails[0].body
        while jobs.run_next():
            pass
        [file] = db.session.scalars(sa.select(DunningLetterFile)).all()
        name, data = dunning.letter_pdf(world.actor("d1"), letter.id, "zh")
        assert (name, data) == (f"{letter.number}-zh.pdf", file.data)
        reader = pypdf.PdfReader(io.BytesIO(data))
        text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
        for words in ("催款函", "第二次", "人民币壹万元整", "工行 0001", "第 1 页", letter.number):
            assert words in text
        for font in reader.pages[0]["/Resources"]["/Font"].values():
            [inner] = font.get_object()["/DescendantFonts"]
            assert "/FontFile2" in inner.get_object()["/FontDescriptor"]
        # Paid afterwards: the letter does not change.
        paid(world, "D1", 1_000_000, on=day)
        assert dunning.letter_pdf(world.actor("d1"), letter.id, "zh")[1] == data
        english = pypdf.PdfReader(
            io.BytesIO(dunning.letter_pdf(world.actor("fin"), letter.id, "en")[1])
        ).pages[0].extract_text()  # fmt: skip
        assert "Please pay." in english


def test_only_what_is_raised_counts_as_a_level(world):
    """A younger item on a letter stands on its own level."""
    day = overdue(world, 20, boxes=100)
    with clock.at(day):
        delivered_late = db.session.scalars(sa.select(Invoice)).one()
        send(world, day)
        [item] = db.session.scalars(sa.select(DunningLetterItem)).all()
        assert (item.invoice_id, item.level, item.is_raised) == (delivered_late.id, 2, True)


def test_a_policy_that_cannot_be_used_is_refused(world):
    bad = Policy((Level(10), Level(5)))
    assert refused(dunning.save_policy, world.actor("fin"), bad) == "dunning.policy.order"
    with_previous = Policy((Level(5, "previous"),))
    assert refused(dunning.save_policy, world.actor("fin"), with_previous) == (
        "dunning.policy.first_previous"
    )

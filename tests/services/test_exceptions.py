"""Exceptions: applied for, routed, signed, reminded, expired; the waiver opens what was shut."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.exceptions import ExceptionRequest
from channel.models.jobs import MailMessage
from channel.queries import approvals as reads
from channel.services import exceptions
from channel.services.work import Refused
from contracts.approval import ActKind
from tests.builders import (
    a_shipment,
    an_application,
    an_approved_exception,
    an_order,
    codes_of,
    the_order,
    the_shipment,
)

pytestmark = pytest.mark.database


def refusal(call, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return [f.code for f in refused.value.findings]


@pytest.mark.row("D01", "D03")
def test_from_the_refusal_to_the_released_shipment(world):
    order = an_order(world, "D2", A=60)
    shipment = the_shipment(a_shipment(world, order, code="D2"))
    assert shipment.state == "refused"
    wish = an_application(
        world,
        subject_kind="shipment",
        subject_id=shipment.id,
        finding=shipment.verdict["findings"][0],
    )
    an_approved_exception(world, wish, by="d2")
    assert the_shipment(shipment.id).state == "released"


@pytest.mark.row("D10")
def test_an_exception_without_an_end_is_not_accepted(world):
    assert refusal(
        exceptions.request_exception, world.actor("rep"), an_application(world, valid_to=None)
    ) == ["exception.end_needed"]


@pytest.mark.row("D04")
def test_both_grounds_are_needed(world):
    wish = an_application(world, ground_market=" ")
    assert refusal(exceptions.request_exception, world.actor("rep"), wish) == [
        "exception.grounds_needed"
    ]


@pytest.mark.row("D09")
def test_nobody_decides_a_request_of_their_own(world):
    request = exceptions.request_exception(world.actor("cm"), an_application(world))
    assert refusal(exceptions.decide, world.actor("cm"), request, ActKind.APPROVE) == [
        "approval.own_request"
    ]
    assert exceptions.decide(world.actor("cm2"), request, ActKind.APPROVE) == "approved"


@pytest.mark.row("D09")
def test_after_48_hours_one_reminder_and_one_escalation(world):
    request = exceptions.request_exception(world.actor("rep"), an_application(world))
    tags = (
        sa.select(sa.func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.tag.in_(("exception:remind", "exception:escalate")))
    )
    with clock.at(clock.now() + timedelta(hours=47)):
        exceptions.remind_and_expire(world.actor("admin"))
    assert db.session.scalar(tags) == 0
    with clock.at(clock.now() + timedelta(hours=48)):
        exceptions.remind_and_expire(world.actor("admin"))
        exceptions.remind_and_expire(world.actor("admin"))  # twice changes nothing
    assert db.session.scalar(tags) == 2
    assert db.session.get_one(ExceptionRequest, request).reminded_at is not None
    boss = db.session.scalars(
        sa.select(MailMessage.subject).where(
            MailMessage.recipient == "boss@weir.example", MailMessage.subject.contains("48")
        )
    ).all()
    assert len(boss) == 1


@pytest.mark.row("D09")
def test_send_back_resubmit_reassign_add_and_withdraw(world):
    request = exceptions.request_exception(world.actor("rep"), an_application(world))
    act = exceptions.decide
    assert refusal(act, world.actor("cm"), request, ActKind.SEND_BACK) == ["exception.note_needed"]
    assert act(world.actor("cm"), request, ActKind.SEND_BACK, note="补充数据") == "sent_back"
    assert act(world.actor("rep"), request, ActKind.SUBMIT) == "pending"
    cm2 = world.actor("cm2").user_id
    assert act(world.actor("cm"), request, ActKind.REASSIGN, to_person=cm2) == "pending"
    assert refusal(act, world.actor("cm"), request, ActKind.APPROVE) == ["approval.not_yours"]
    assert act(world.actor("cm2"), request, ActKind.ADD_APPROVER, to_role="finance") == "pending"
    assert act(world.actor("cm2"), request, ActKind.APPROVE) == "pending"
    assert act(world.actor("fin"), request, ActKind.APPROVE) == "approved"
    other = exceptions.request_exception(world.actor("rep"), an_application(world))
    assert act(world.actor("rep"), other, ActKind.WITHDRAW) == "withdrawn"


@pytest.mark.row("D09")
def test_large_ones_also_need_the_owner(world):
    wish = an_application(world, max_uses=20)  # 20 × 5,000 is above the band of 50,000
    request = exceptions.request_exception(world.actor("rep"), wish)
    assert exceptions.decide(world.actor("cm"), request, ActKind.APPROVE) == "pending"
    assert exceptions.decide(world.actor("boss"), request, ActKind.APPROVE) == "approved"


@pytest.mark.row("D10")
def test_an_undecided_request_expires_with_its_last_day(world):
    wish = an_application(world, valid_to=date(2026, 11, 22))
    request = exceptions.request_exception(world.actor("rep"), wish)
    with clock.at(date(2026, 11, 22)):
        exceptions.remind_and_expire(world.actor("admin"))
    assert db.session.get_one(ExceptionRequest, request).state == "expired"


@pytest.mark.row("P02")
def test_the_inbox_holds_what_waits_for_me_oldest_first(world):
    first = exceptions.request_exception(world.actor("rep"), an_application(world))
    with clock.at(date(2026, 11, 22)):
        second = exceptions.request_exception(world.actor("rep"), an_application(world, "D3"))
    assert [r.id for r in reads.inbox(world.actor("cm"))] == [first, second]
    assert reads.inbox(world.actor("fin")) == []
    exceptions.decide(world.actor("cm"), first, ActKind.APPROVE)
    assert [r.id for r in reads.inbox(world.actor("cm"))] == [second]


@pytest.mark.row("C07")
def test_a_special_price_for_its_quantity_then_the_book(world):
    wish = an_application(
        world,
        "D1",
        type="price",
        asked={"product_id": world.product("A"), "unit_gross_fen": 9_500, "max_quantity": 500},
    )
    an_approved_exception(world, wish, signers=("cm", "fin"))
    order = the_order(an_order(world, A=501))
    assert [(line.quantity, line.unit_gross_fen, line.price_source) for line in order.lines] == [
        (500, 9_500, "special"),
        (1, 10_000, "book"),
    ]
    assert [line.price_source for line in the_order(an_order(world, A=1)).lines] == ["book"]


@pytest.mark.row("A21")
def test_an_expiry_exception_lets_exactly_its_amount_through(world):
    wish = an_application(
        world,
        "D1",
        type="expiry",
        asked={"amount_fen": 1_000_000},
        valid_from=date(2027, 1, 1),
        valid_to=date(2027, 2, 1),
    )
    an_approved_exception(world, wish, signers=("cm", "fin", "boss"))
    on = date(2027, 1, 5)
    assert the_order(an_order(world, on=on, A=101)).state == "refused"
    assert the_order(an_order(world, on=on, A=100)).state == "confirmed"
    assert codes_of(the_order(an_order(world, on=on, A=1))) == ["agreement.none_in_force"]


@pytest.mark.row("D01")
def test_a_credit_exception_releases_the_held_order(world):
    an_order(world, B=1000)
    held = an_order(world, A=100)
    wish = an_application(
        world,
        "D1",
        type="credit",
        asked={"amount_fen": 1_000_000},
        subject_kind="order",
        subject_id=held,
        valid_from=date(2026, 11, 1),
    )
    an_approved_exception(world, wish, signers=("cm", "fin"))
    assert the_order(held).state == "confirmed"


def test_a_distributor_cannot_ask_about_another(world):
    from channel.access import NotVisible

    with pytest.raises(NotVisible):
        exceptions.request_exception(world.actor("d1"), an_application(world, "D2"))

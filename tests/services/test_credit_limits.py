"""Limits of every kind at work: proposed, approved, used up by orders, explained for a date."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from channel.queries import credit_limits
from channel.services import credit, orders, shipments
from channel.services.credit import LimitWish
from channel.services.work import Refused
from tests.builders import a_shipment, an_order, codes_of, paid, the_order

pytestmark = pytest.mark.database

NOVEMBER = {"valid_from": date(2026, 11, 1), "valid_to": date(2026, 12, 1)}


def a_limit(world: Any, code: str, kind: str, amount_fen: int | None = None, **more: Any) -> int:
    """An approved limit of November, or of the dates given."""
    wish = LimitWish(
        **{**NOVEMBER, "kind": kind, "amount_fen": amount_fen, "reason": "旺季", **more}
    )
    limit = credit.propose_limit(world.actor("fin"), world.distributor(code), wish)
    signed_by_all(world, limit)
    return limit


def signed_by_all(world: Any, limit: int) -> None:
    """Every desk in its turn, until the limit is in force."""
    for name in ("cm", "fin2", "boss"):
        if credit.sign_limit(world.actor(name), limit):
            return
    raise AssertionError("nobody is left to sign")


def limit_of(world: Any, code: str, on: date) -> Any:
    [found] = credit_limits.limits_of_day(world.distributor(code), on)
    return found


@pytest.mark.row("B04")
def test_a_one_off_limit_is_used_up_and_does_not_come_back(world):
    """D2 has 50,000.00 for good and 20,000.00 once."""
    a_limit(world, "D2", "temporary", 2_000_000)
    first = an_order(world, "D2", A=700)
    assert the_order(first).state == "confirmed"
    assert limit_of(world, "D2", date(2026, 11, 20)).free_fen == 0
    assert the_order(an_order(world, "D2", A=1)).state == "held"
    orders.end_order(world.actor("cm"), first, "cancel", "测试")
    assert limit_of(world, "D2", date(2026, 11, 20)).free_fen == 0, "as it was that day"
    assert limit_of(world, "D2", date(2026, 11, 21)).free_fen == 7_000_000, "undone, not repaid"


@pytest.mark.row("B04")
def test_repaid_in_full_only_the_fixed_limit_is_left(world):
    a_limit(world, "D2", "temporary", 2_000_000)
    order = an_order(world, "D2", A=700)
    shipment = a_shipment(world, order, code="D2")
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    shipments.invoice_shipment(world.actor("fin"), shipment, date(2026, 11, 20))
    paid(world, "D2", 7_000_000)
    day = limit_of(world, "D2", date(2026, 11, 20))
    assert (day.limit.amount_fen, day.used_fen, day.limit.one_off_left_fen) == (5_000_000, 0, 0)
    assert the_order(an_order(world, "D2", A=501)).state == "held"
    assert the_order(an_order(world, "D2", A=500)).state == "confirmed"


@pytest.mark.row("B04")
def test_after_its_last_day_a_one_off_limit_is_nothing_even_unused(world):
    a_limit(world, "D2", "temporary", 2_000_000)
    assert limit_of(world, "D2", date(2026, 11, 30)).limit.amount_fen == 7_000_000
    assert limit_of(world, "D2", date(2026, 12, 1)).limit.amount_fen == 5_000_000
    assert the_order(an_order(world, "D2", on=date(2026, 12, 1), A=501)).state == "held"


def test_a_seasonal_limit_revolves_and_a_replacing_one_stands_in(world):
    a_limit(world, "D2", "seasonal", 2_000_000)
    assert the_order(an_order(world, "D2", A=700)).state == "confirmed"
    a_limit(world, "D2", "replacing", 1_000_000)
    day = limit_of(world, "D2", date(2026, 11, 20))
    assert [(p.limit.kind, p.fen, p.why) for p in day.parts] == [
        ("fixed", 0, "replaced"),
        ("seasonal", 2_000_000, "adds"),
        ("replacing", 1_000_000, "base"),
    ]
    assert day.free_fen == -4_000_000


@pytest.mark.row("B01")
def test_a_guarantee_adds_its_share_until_it_expires(world):
    a_limit(world, "D2", "guarantee", guarantor="内江担保", guarantee_fen=8_000_000, share_bp=8_000)
    assert limit_of(world, "D2", date(2026, 11, 30)).limit.amount_fen == 5_000_000 + 6_400_000
    assert limit_of(world, "D2", date(2026, 12, 1)).limit.amount_fen == 5_000_000


@pytest.mark.row("B01")
def test_a_raise_does_not_change_what_was_said_of_the_day_before(world):
    a_limit(world, "D1", "fixed", 25_000_000, valid_from=date(2026, 10, 1), valid_to=None)
    assert limit_of(world, "D1", date(2026, 9, 30)).limit.amount_fen == 20_000_000
    assert limit_of(world, "D1", date(2026, 10, 1)).limit.amount_fen == 25_000_000


def test_a_review_that_is_due_is_said_at_the_order_and_holds_nothing(world):
    a_limit(world, "D2", "fixed", 5_000_000, valid_to=None, review_on=date(2026, 11, 20))
    order = the_order(an_order(world, "D2", A=100))
    assert (order.state, codes_of(order)) == ("confirmed", ["credit.limit_review"])
    today = date(2026, 11, 21)
    assert [d.code for _l, d in credit_limits.limits_to_review(today, today)] == ["D2"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "limit.reason_needed"),
        ({"kind": "temporary", "amount_fen": 1, "valid_to": None}, "limit.end_needed"),
        ({"valid_to": date(2026, 11, 1)}, "limit.span"),
        ({"review_on": date(2026, 12, 1)}, "limit.review_outside"),
        ({"review_on": date(2026, 11, 1)}, "limit.review_outside"),
        ({"kind": "seasonal", "amount_fen": None}, "limit.amount_needed"),
        ({"kind": "guarantee", "guarantee_fen": 1, "share_bp": 1}, "limit.guarantee_needed"),
        (
            {"kind": "guarantee", "guarantor": "x", "guarantee_fen": 1, "share_bp": 10_001},
            "limit.share",
        ),
    ],
)
def test_what_a_proposal_lacks_is_told_and_nothing_is_kept(world, changes, code):
    wish = LimitWish(**{**NOVEMBER, "kind": "fixed", "amount_fen": 1, "reason": "x", **changes})
    before = len(credit_limits.limit_rows(world.distributor("D1")))
    with pytest.raises(Refused) as refused:
        credit.propose_limit(world.actor("fin"), world.distributor("D1"), wish)
    assert [f.code for f in refused.value.findings] == [code]
    assert len(credit_limits.limit_rows(world.distributor("D1"))) == before


def test_who_proposes_a_limit_does_not_approve_it(world):
    wish = LimitWish(**NOVEMBER, kind="temporary", amount_fen=1, reason="x")
    limit = credit.propose_limit(world.actor("fin"), world.distributor("D1"), wish)
    with pytest.raises(Refused) as refused:
        credit.sign_limit(world.actor("fin"), limit)
    assert refused.value.findings[0].code == "approval.own_request"
    assert limit_of(world, "D1", date(2026, 11, 20)).limit.amount_fen == 20_000_000


def a_wish(world: Any, amount_fen: int | None, by: str = "cm2", **more: Any) -> int:
    """A fixed limit for D1, who has 200,000.00, from December on."""
    wish = LimitWish(
        kind="fixed", amount_fen=amount_fen, valid_from=date(2026, 12, 1), reason="增长", **more
    )
    return credit.propose_limit(world.actor(by), world.distributor("D1"), wish)


@pytest.mark.row("B09")
def test_a_raise_of_thirty_per_cent_moves_from_the_channel_to_finance_and_the_owner(world):
    limit = a_wish(world, 26_000_000, by="cm2")
    with pytest.raises(Refused) as refused:
        credit.sign_limit(world.actor("cm2"), limit)
    assert refused.value.findings[0].code == "approval.own_request"
    assert not credit.sign_limit(world.actor("cm"), limit), "not granted yet"
    assert limit_of(world, "D1", date(2026, 12, 1)).limit.amount_fen == 20_000_000
    for name, code in (("cm", "approval.already_signed"), ("boss", "approval.wrong_role")):
        with pytest.raises(Refused) as refused:
            credit.sign_limit(world.actor(name), limit)
        assert refused.value.findings[0].code == code
    assert not credit.sign_limit(world.actor("fin"), limit)
    assert credit.sign_limit(world.actor("boss"), limit)
    assert limit_of(world, "D1", date(2026, 12, 1)).limit.amount_fen == 26_000_000
    with pytest.raises(Refused) as refused:
        credit.sign_limit(world.actor("fin2"), limit)
    assert refused.value.findings[0].code == "limit.decided"


@pytest.mark.row("B09")
@pytest.mark.parametrize(
    ("amount_fen", "is_small"),
    [(24_000_000, True), (24_000_001, False), (10_000_000, True), (None, False)],
)
def test_exactly_the_share_and_a_cut_need_one_desk(world, amount_fen, is_small):
    assert credit.sign_limit(world.actor("cm"), a_wish(world, amount_fen, by="fin")) is is_small


@pytest.mark.row("B09")
def test_a_one_off_limit_counts_as_a_raise_too(world):
    wish = LimitWish(**NOVEMBER, kind="temporary", amount_fen=4_000_001, reason="x")
    limit = credit.propose_limit(world.actor("fin"), world.distributor("D1"), wish)
    assert not credit.sign_limit(world.actor("cm"), limit)

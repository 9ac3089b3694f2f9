"""Credit policies: proposed, tried, approved by a second person; and every path obeys them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.credit_policies import FROZEN_WHEN, CreditPolicyVersion, CreditTrialLine
from channel.models.orders import Order
from channel.queries import credit_policies as reads
from channel.queries import credit_trials as trials
from channel.services import credit_policies, credit_trials, jobs, orders, shipments
from channel.services.work import Refused
from contracts.values.findings import from_json
from credit.exposure import Bucket
from credit.holds import OverdueRule, Step
from credit.policy import FIRST, Control, CreditPolicy, Ladder, Mode
from tests.builders import (
    a_credit_policy,
    a_draft,
    a_shipment,
    an_application,
    an_approved_exception,
    an_order,
    codes_of,
    delivered,
    paid,
    the_order,
    the_shipment,
)
from tests.services.test_exceptions import refusal
from tests.services.test_shipments import make_prepaid

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 21)
BLOCKS = Control(mode=Mode.BLOCK)


def a_wish(policy: CreditPolicy, on: date = TODAY, reason: str = "收紧") -> credit_policies.Draft:
    return credit_policies.Draft(policy, on, reason)


def blocking(document):
    return [f for f in from_json(document.verdict["findings"]) if f.is_blocking]


def credit_exception(world, fen: int, code: str = "D1") -> None:
    wish = an_application(world, code, type="credit", asked={"amount_fen": fen})
    an_approved_exception(world, wish)


def test_the_first_version_says_what_the_settings_said(world):
    version = reads.in_force(date(1999, 1, 1))
    assert (version.number, reads.policy_of(version)) == (1, FIRST)


def test_a_version_rules_from_its_day_and_the_verdict_names_it(world):
    number = a_credit_policy(order="warn", valid_from=date(2026, 11, 20))
    delivered(world, B=750)
    before = the_order(an_order(world, on=date(2026, 11, 19), B=1000))
    after = the_order(an_order(world, on=date(2026, 11, 20), B=1000))
    assert (before.state, after.state) == ("held", "confirmed")
    kept = [order.verdict["credit"] for order in (before, after)]
    assert [(each["policy"], each["mode"]) for each in kept] == [(1, "approve"), (number, "warn")]
    assert kept[1]["buckets"] == ["ordered", "shipped", "invoiced", "unapplied"]
    facts = kept[1]["facts"]
    assert facts["exposure"] == [0, 0, 15_000_000, 0]
    assert (facts["new_fen"], facts["room"]) == (20_000_000, [20_000_000, 0, 0])


@pytest.mark.row("B03")
def test_what_blocks_is_softened_by_no_exception_and_released_by_money(world):
    credit_exception(world, 10_000_000)
    delivered(world, B=750)
    assert the_order(an_order(world, on=date(2026, 11, 20), B=300)).state == "confirmed"
    a_credit_policy(order="block", shipment="block")
    held = the_order(an_order(world, B=125))
    assert held.state == "held"
    [finding] = blocking(held)
    assert finding.facts["release"] == "money"
    paid(world, "D1", finding.facts["pay"].fen - 1)
    assert the_order(held.id).state == "held"
    paid(world, "D1", 1)
    assert the_order(held.id).state == "confirmed"


@pytest.mark.row("B02")
def test_orders_for_later_do_not_count_within_the_horizon(world):
    control = Control(horizon_days=30)
    a_credit_policy(policy=replace(FIRST, order=control, shipment=control))
    draft = replace(a_draft(world, B=900), deliver_on=date(2026, 12, 21))  # 31 days: 180,000
    later = the_order(orders.place_order(world.actor("cm"), draft))
    draft = replace(a_draft(world, B=900), deliver_on=date(2026, 12, 20))  # 30 days
    soon = the_order(orders.place_order(world.actor("cm"), draft))
    assert (later.state, soon.state) == ("confirmed", "confirmed")
    assert soon.verdict["credit"]["facts"]["later"] == [["2026-12-21", 18_000_000]]
    third = the_order(an_order(world, B=125))  # 180,000 + 25,000 > 200,000
    assert third.state == "held"
    [finding] = blocking(third)
    assert finding.facts["unshipped"].fen == 18_000_000
    # Its own goods count as soon as they are to leave.
    shipment = the_shipment(a_shipment(world, later.id))
    assert shipment.state == "held"


@pytest.mark.row("B05")
def test_the_ladder_of_the_grade_rules(world):
    from channel.models.scores import CreditGrade

    rules = (OverdueRule(0, Step.REMIND), OverdueRule(30, Step.HOLD_ORDERS))
    strict = (OverdueRule(0, Step.HOLD_ORDERS),)
    a_credit_policy(policy=CreditPolicy(ladders=(Ladder("", rules), Ladder("D", strict))))
    invoice = delivered(world, on=date(2026, 9, 1), A=100)
    assert invoice
    day = date(2026, 11, 5)  # due 2026-10-31, 5 days over
    first = the_order(an_order(world, on=day, A=100))
    assert (first.state, codes_of(first)) == ("confirmed", ["credit.overdue"])
    db.session.add(
        CreditGrade(
            distributor_id=world.distributor("D1"), graded_on=day, turn=1, score_e2=1000,
            grade="D", lines=[], card_version=0, currency="CNY", state="accepted",
            made_at=clock.now(), accepted_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()
    second = the_order(an_order(world, on=day, A=100))
    assert (second.state, second.verdict["credit"]["grade"]) == ("held", "D")


@pytest.mark.row("B07")
def test_orders_paid_in_advance_may_wait_for_the_money(world):
    make_prepaid(world, "D3")
    a_credit_policy(policy=replace(FIRST, prepaid="both"))
    order = the_order(an_order(world, "D3", A=100))  # 10,000.00
    assert (order.state, codes_of(order)) == ("held", ["credit.prepaid_short"])
    paid(world, "D3", 900_000)
    assert the_order(order.id).state == "held"
    paid(world, "D3", 100_000)
    assert the_order(order.id).state == "confirmed"
    assert the_shipment(a_shipment(world, order.id, code="D3")).state == "released"


def test_grace_lets_a_shipment_go_unchecked_for_its_days(world):
    a_credit_policy(policy=replace(FIRST, grace_days=2))
    order = an_order(world, on=TODAY, B=900)  # confirmed today
    db.session.execute(sa.text("UPDATE credit_limit SET amount_fen = 0"))
    db.session.commit()
    in_time = the_shipment(a_shipment(world, order, on=TODAY + timedelta(days=2)))
    assert (in_time.state, codes_of(in_time)) == ("released", ["credit.grace"])
    shipments.cancel_shipment(world.actor("cm"), in_time.id, "改期")
    late = the_shipment(a_shipment(world, order, on=TODAY + timedelta(days=3)))
    assert late.state == "held"


@pytest.mark.parametrize(
    ("control", "code"),
    [
        (Control(largest_fen=1_999_999), "credit.document_large"),
        (Control(longest_days=0), "credit.terms_longer"),
    ],
)
def test_what_money_does_not_release_an_exception_does(world, control, code):
    a_credit_policy(policy=replace(FIRST, order=control))
    order = the_order(an_order(world, B=100))  # 20,000.00 on credit
    assert (order.state, codes_of(order)) == ("held", [code])
    paid(world, "D1", 2_000_000)
    assert the_order(order.id).state == "held"
    credit_exception(world, 2_000_000)
    orders.submit_order(world.actor("cm"), order.id)
    assert the_order(order.id).state == "confirmed"


@pytest.mark.row("B13")
@pytest.mark.parametrize("path", ["edit", "copy", "reopen", "rest"])
def test_every_path_meets_the_policy_of_the_day(world, path):
    """An order that was fine is stopped by a stricter policy wherever it comes in again."""
    order = an_order(world, B=100)
    if path == "reopen":
        orders.end_order(world.actor("cm"), order, "cancel", "测试")
    a_credit_policy(policy=replace(FIRST, order=Control(mode=Mode.BLOCK, largest_fen=1_000_000)))
    draft = a_draft(world, B=101)
    actor = world.actor("cm")
    if path == "edit":
        assert refusal(orders.edit_order, actor, order, draft, None) == ["credit.document_large"]
    elif path == "reopen":
        assert refusal(orders.reopen_order, actor, order) == ["credit.document_large"]
    else:
        key = "外部-1" if path == "rest" else None
        copied = the_order(orders.place_order(actor, draft, external_key=key))
        assert (copied.state, codes_of(copied)) == ("held", ["credit.document_large"])


def test_a_proposal_is_tried_and_signed_by_a_second_person(world):
    fin, boss = world.actor("fin"), world.actor("boss")
    policy = replace(FIRST, order=BLOCKS)
    assert refusal(credit_policies.propose, fin, a_wish(FIRST)) == ["credit_policy.unchanged"]
    yesterday = a_wish(policy, TODAY - timedelta(days=1), " ")
    assert refusal(credit_policies.propose, fin, yesterday) == [
        "credit_policy.past",
        "credit_policy.reason_needed",
    ]
    wish = credit_policies.propose(fin, a_wish(policy))
    assert refusal(credit_policies.approve, boss, wish) == ["credit_policy.no_trial"]
    assert refusal(credit_trials.try_month, fin, wish, "2026-12") == ["credit_policy.month"]
    assert refusal(credit_trials.try_month, fin, wish, "2026Q3") == ["credit_policy.month"]
    credit_trials.try_month(fin, wish, "2026-10")
    assert refusal(credit_policies.approve, fin, wish) == ["credit_policy.own"]
    assert reads.in_force(TODAY).number == 1
    credit_policies.approve(boss, wish)
    assert reads.in_force(TODAY).id == wish
    assert refusal(credit_policies.withdraw, fin, wish) == ["credit_policy.decided"]
    other = credit_policies.propose(fin, a_wish(replace(FIRST, grace_days=1)))
    credit_policies.withdraw(fin, other, "不要了")
    assert refusal(credit_policies.approve, boss, other) == ["credit_policy.decided"]


@pytest.mark.parametrize("sql", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_an_approved_policy_never_changes(world, sql):
    assert list(FROZEN_WHEN) == ["credit_policy"]
    with pytest.raises(sa.exc.DBAPIError, match=r"append-only|posted"):
        with db.engine.begin() as connection:
            connection.execute(sa.text(sql.format("credit_policy")))


def history_of_october(world) -> dict[str, int]:
    """D1 owes 150,000; an order of 30,000 passes, one of 25,000 is held, a small one passes."""
    day = date(2026, 10, 12)
    delivered(world, on=day, B=750)
    found = {"passed": an_order(world, on=day, B=150), "held": an_order(world, on=day, B=125)}
    found["small"] = an_order(world, on=day, A=100)
    assert [the_order(i).state for i in found.values()] == ["confirmed", "held", "confirmed"]
    return found


def lines_of(trial_id: int) -> dict[tuple[str, int], CreditTrialLine]:
    return {
        (line.kind, line.document_id): line
        for line in db.session.scalars(
            sa.select(CreditTrialLine).where(CreditTrialLine.trial_id == trial_id)
        )
    }


@pytest.mark.row("B02", "B03")
def test_a_dry_run_says_what_the_policy_would_have_stopped_and_let_through(world):
    found = history_of_october(world)
    fin = world.actor("fin")
    strict = replace(FIRST, order=Control(largest_fen=2_999_999))
    trial, job = credit_trials.try_month(
        fin, credit_policies.propose(fin, a_wish(strict)), "2026-10"
    )
    assert job is None
    lines = lines_of(trial)
    assert lines["order", found["passed"]].change == "stopped"
    assert lines["order", found["small"]].change == "same"
    assert lines["order", found["held"]].change == "same"
    orders_tally, shipment_tally = trials.tallies(fin, trial)
    assert orders_tally.judged == (4, 15_000_000 + 3_000_000 + 2_500_000 + 1_000_000)
    assert orders_tally.accepted_then[0] == 3
    assert orders_tally.stopped == (2, 18_000_000)
    assert (orders_tally.freed, orders_tally.unknown) == ((0, 0), (0, 0))
    assert shipment_tally.judged == (1, 15_000_000)
    lax = replace(FIRST, order=Control(mode=Mode.WARN))
    trial, _job = credit_trials.try_month(fin, credit_policies.propose(fin, a_wish(lax)), "2026-10")
    assert lines_of(trial)["order", found["held"]].change == "freed"
    assert trials.tallies(fin, trial)[0].freed == (1, 2_500_000)
    # Nothing of the documents themselves has moved.
    assert the_order(found["held"]).state == "held"


def test_a_dry_run_under_the_same_rules_changes_nothing(world):
    credit_exception(world, 2_500_000)
    found = history_of_october_with_exception(world)
    fin = world.actor("fin")
    same = replace(FIRST, grace_days=0, ladders=(*FIRST.ladders, Ladder("Z", ())))
    trial, _job = credit_trials.try_month(
        fin, credit_policies.propose(fin, a_wish(same)), "2026-10"
    )
    assert {line.change for line in lines_of(trial).values()} == {"same"}
    firm = replace(FIRST, order=BLOCKS)
    trial, _job = credit_trials.try_month(
        fin, credit_policies.propose(fin, a_wish(firm)), "2026-10"
    )
    assert lines_of(trial)["order", found].change == "stopped"  # the exception would not help


def history_of_october_with_exception(world) -> int:
    day = date(2026, 10, 12)
    delivered(world, on=day, B=900)
    order = an_order(world, on=day, B=125)
    assert the_order(order).state == "confirmed"
    return order


@pytest.mark.parametrize("horizon", [None, 30])
def test_old_verdicts_are_read_again_or_named_as_unknown(world, horizon):
    found = history_of_october(world)
    for order in db.session.scalars(sa.select(Order)):
        order.verdict = {k: v for k, v in order.verdict.items() if k != "credit"}
    db.session.commit()
    fin = world.actor("fin")
    policy = replace(FIRST, order=Control(largest_fen=2_999_999, horizon_days=horizon))
    trial, _job = credit_trials.try_month(
        fin, credit_policies.propose(fin, a_wish(policy)), "2026-10"
    )
    line = lines_of(trial)["order", found["passed"]]
    if horizon is None:
        assert (line.change, line.reasons[0]["code"]) == ("stopped", "credit.document_large")
        assert trials.lacking(fin, trial) == []
        assert lines_of(trial)["order", found["held"]].now == "hold"
    else:
        assert (line.change, line.reasons) == ("unknown", [{"lacks": ["later"]}])
        assert trials.lacking(fin, trial) == ["later"]


def test_a_large_dry_run_is_a_job_and_goes_on_where_it_stopped(world, monkeypatch):
    history_of_october(world)
    monkeypatch.setattr(credit_trials, "AT_ONCE", 2)
    monkeypatch.setattr(credit_trials, "CHUNK", 2)
    fin = world.actor("fin")
    wish = credit_policies.propose(fin, a_wish(replace(FIRST, order=BLOCKS)))
    trial, job = credit_trials.try_month(fin, wish, "2026-10")
    assert job is not None
    assert refusal(credit_policies.approve, world.actor("boss"), wish) == ["credit_policy.no_trial"]
    # A worker wrote two lines and died: the next one does the rest, nothing twice.
    from channel.services.work import work

    with work(fin) as w:
        record = trials.get_trial(fin, trial)
        credit_trials._try_some(w, record, reads.policy_of(record.policy))
    assert jobs.run_next()
    assert len(lines_of(trial)) == 5
    credit_policies.approve(world.actor("boss"), wish)


def test_versions_are_numbered_without_gaps(world):
    fin = world.actor("fin")
    for days in (1, 2):
        credit_policies.propose(fin, a_wish(replace(FIRST, grace_days=days)))
    numbers = db.session.scalars(sa.select(CreditPolicyVersion.number)).all()
    assert sorted(numbers) == [1, 2, 3]


@pytest.mark.row("B03")
def test_shipped_goods_are_invoiced_whatever_the_policy(world):
    order = an_order(world, B=100)
    shipment = a_shipment(world, order)
    assert shipments.dispatch_shipment(world.actor("cm"), shipment) == "shipped"
    bounds = Control(mode=Mode.BLOCK, largest_fen=0, longest_days=0, oldest_days=0)
    a_credit_policy(policy=CreditPolicy(order=bounds, shipment=bounds))
    assert shipments.invoice_shipment(world.actor("fin"), shipment, date(2026, 11, 20))


def test_only_the_buckets_that_count_count(world):
    delivered(world, B=750)  # 150,000 invoiced
    only = Control(buckets=frozenset({Bucket.ORDERED, Bucket.UNAPPLIED}))
    a_credit_policy(policy=replace(FIRST, order=only))
    order = the_order(an_order(world, B=500))
    assert (order.state, codes_of(order)) == ("confirmed", ["credit.not_counted"])
    held = the_order(an_order(world, B=600))
    [finding] = blocking(held)
    # 100,000 + 120,000 − 200,000, and 150,000 of invoices that a payment settles first.
    assert finding.facts["excess"].fen == 2_000_000
    assert finding.facts["pay"].fen == 17_000_000
    paid(world, "D1", 16_999_999)
    assert the_order(held.id).state == "held"
    paid(world, "D1", 1)
    assert the_order(held.id).state == "confirmed"


def test_a_refused_proposal_takes_no_number(world):
    with pytest.raises(Refused):
        credit_policies.propose(world.actor("fin"), a_wish(FIRST))
    wish = credit_policies.propose(world.actor("fin"), a_wish(replace(FIRST, grace_days=1)))
    assert db.session.get_one(CreditPolicyVersion, wish).number == 2

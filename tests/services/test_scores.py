"""Credit grades and score cards: scored by one, accepted by another, and a day scored once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.credit import CreditLimit
from channel.models.market import Incident
from channel.models.scores import CreditGrade
from channel.queries import scores as reads
from channel.queries.scores_facts import figures, months_between
from channel.services import jobs, market_incidents, receivables, scores
from channel.services.market_incidents import Filing
from channel.services.scores import CardWish
from channel.services.work import Refused
from credit.score_cards import FIRST_CARD
from credit.scoring import explain, lines_from_json
from tests.builders import delivered, paid

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 21)


def latest(world, code: str = "D1") -> CreditGrade:
    db.session.expire_all()
    return reads.history(world.actor("fin"), world.distributor(code))[0]


def accepted(world, on: date = TODAY, code: str = "D1") -> CreditGrade:
    """Scored by finance, accepted by the owner."""
    with clock.at(on):
        scores.score_one(world.actor("fin"), world.distributor(code), on)
        grade = latest(world, code)
        if grade.state == "proposed":
            scores.accept_grade(world.actor("boss"), grade.id)
    return latest(world, code)


def a_violation(world, code: str = "D1", *, is_upheld: bool | None = True, noticed: bool = False):
    filing = Filing(world.distributor(code), "diversion", "区外销售", clock.now(), place="内江")
    incident = market_incidents.file_incident(world.actor("cm"), filing)
    if noticed:
        market_incidents.notify(world.actor("cm"), incident, "请说明")
    market_incidents.close(world.actor("cm"), incident, "已核实", is_upheld=is_upheld)
    return incident


@pytest.mark.row("B08")
def test_one_input_changes_one_line_and_the_limit_only_by_approval(world):
    before = accepted(world)
    limits = db.session.scalars(sa.select(CreditLimit.id)).all()
    a_violation(world)
    scores.score_one(world.actor("fin"), world.distributor("D1"), TODAY)
    after = latest(world)
    assert (after.state, after.turn) == ("proposed", 2)
    assert after.previous_score_e2 == before.score_e2
    [move] = explain(lines_from_json(before.lines), lines_from_json(after.lines))
    assert (move.factor, move.e2) == ("violations", -500)
    assert after.score_e2 == before.score_e2 - 500
    assert db.session.scalars(sa.select(CreditLimit.id)).all() == limits
    scores.accept_grade(world.actor("boss"), after.id)
    assert db.session.scalars(sa.select(CreditLimit.id)).all() == limits


@pytest.mark.row("B08")
def test_the_figures_of_a_distributor_by_hand(world):
    """100 boxes of A are 10,000.00; paid 12 days late, a second invoice is open and overdue."""
    with clock.at(date(2026, 8, 3)):
        due = receivables_of(delivered(world, on=date(2026, 8, 3), A=100)).pay_by
    with clock.at(due + timedelta(days=12)):
        paid(world, "D1", 1_000_000, on=due + timedelta(days=12))
    with clock.at(due + timedelta(days=15)):
        last = receivables_of(delivered(world, on=due + timedelta(days=15), A=150))
    second = last.pay_by + timedelta(days=5)
    found = figures(second, world.distributor("D1"))[world.distributor("D1")]
    assert found.inputs["days_late"] == Decimal("12.0")
    assert found.inputs["overdue_count"] == 1
    assert found.inputs["overdue_amount"] == 1_500_000
    assert found.inputs["turnover"] == found.sales_fen == 2_500_000
    assert found.inputs["violations"] == 0
    # Before its day to pay nothing is overdue; before the money came nothing was paid late.
    early = figures(due, world.distributor("D1"))[world.distributor("D1")]
    assert (early.inputs["overdue_count"], early.inputs["days_late"]) == (0, None)


def receivables_of(invoice_id: int):
    from channel.models.receivables import Invoice

    return db.session.get_one(Invoice, invoice_id)


def test_money_in_time_counts_as_no_days_and_what_was_undone_not_at_all(world):
    who = world.distributor("D1")
    delivered(world, on=date(2026, 11, 2), A=100)
    receipt = paid(world, "D1", 500_000, on=date(2026, 11, 10))
    assert figures(TODAY, who)[who].inputs["days_late"] == 0
    receivables.reverse_receipt(world.actor("fin"), receipt, "退票")
    assert figures(TODAY, who)[who].inputs["days_late"] is None


@pytest.mark.parametrize(
    ("is_upheld", "noticed", "count"),
    [(True, False, 1), (False, True, 0), (None, True, 1), (None, False, 0)],
)
def test_which_incidents_count(world, is_upheld, noticed, count):
    a_violation(world, is_upheld=is_upheld, noticed=noticed)
    who = world.distributor("D1")
    assert figures(TODAY, who)[who].inputs["violations"] == count
    assert db.session.scalars(sa.select(Incident.is_upheld)).all()[-1] is is_upheld


@pytest.mark.row("B08")
def test_a_day_scored_again_writes_nothing(world):
    first = scores.score_one(world.actor("fin"), world.distributor("D1"), TODAY)
    again = scores.score_one(world.actor("cm"), world.distributor("D1"), TODAY)
    assert (first.made, again.made, again.moved, again.same) == (1, 0, 0, 1)
    scores.accept_grade(world.actor("boss"), latest(world).id)
    again = scores.score_one(world.actor("fin"), world.distributor("D1"), TODAY)
    assert (again.made, again.moved, again.same) == (0, 0, 1)
    a_violation(world)
    scores.score_one(world.actor("fin"), world.distributor("D1"), TODAY)
    a_violation(world)
    moved = scores.score_one(world.actor("fin"), world.distributor("D1"), TODAY)
    assert (moved.made, moved.moved) == (0, 1)


@pytest.mark.row("B08")
def test_all_are_scored_by_a_job_in_the_same_statements(world, count_sql):
    who = world.actor("fin")
    job = scores.order_scores(who, TODAY)
    assert scores.order_scores(who, TODAY) == job
    assert jobs.run_next()
    grades = db.session.scalars(sa.select(CreditGrade)).all()
    assert {g.distributor_id for g in grades} == {world.distributor(f"D{n}") for n in range(1, 5)}
    assert all(g.made_by_id == who.user_id for g in grades)
    second = scores.order_scores(who, TODAY)
    assert second != job
    assert jobs.run_next()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CreditGrade)) == len(grades)
    del count_sql[:]
    figures(TODAY)
    for_all = len(count_sql)
    del count_sql[:]
    figures(TODAY, world.distributor("D1"))
    assert for_all == len(count_sql) <= 14


@pytest.mark.row("B08")
def test_who_scored_cannot_accept_and_nobody_accepts_what_is_stale(world):
    scores.score_one(world.actor("fin"), world.distributor("D1"), TODAY - timedelta(days=30))
    old = latest(world)
    with pytest.raises(Refused) as refused:
        scores.accept_grade(world.actor("fin"), old.id)
    assert refused.value.findings[0].code == "score.own"
    scores.score_one(world.actor("fin"), world.distributor("D1"), TODAY)
    with pytest.raises(Refused) as refused:
        scores.accept_grade(world.actor("boss"), old.id)
    assert refused.value.findings[0].code == "score.stale"
    new = latest(world)
    scores.accept_grade(world.actor("fin2"), new.id)
    with pytest.raises(Refused):
        scores.accept_grade(world.actor("boss"), new.id)
    with pytest.raises(Refused) as refused:
        scores.score_one(world.actor("fin"), world.distributor("D1"), TODAY + timedelta(days=1))
    assert refused.value.findings[0].code == "score.future"


def test_an_accepted_grade_never_changes(world):
    grade = accepted(world)
    for sql in ("UPDATE credit_grade SET grade = 'A'", "DELETE FROM credit_grade"):
        with pytest.raises(sa.exc.DBAPIError, match=r"posted|append-only"):
            with db.engine.begin() as connection:
                connection.execute(sa.text(f"{sql} WHERE id = {grade.id}"))


@pytest.mark.row("B08")
def test_the_grade_on_a_day_is_the_last_accepted_one(world):
    who = world.distributor("D1")
    first = accepted(world, TODAY - timedelta(days=60))
    for _n in range(3):
        a_violation(world)
    second = accepted(world)
    assert reads.grade_on(who, TODAY - timedelta(days=61)) == ""
    assert reads.grade_on(who, TODAY - timedelta(days=60)) == first.grade
    assert reads.grade_on(who, TODAY - timedelta(days=1)) == first.grade
    assert reads.grade_on(who, TODAY) == second.grade


def test_those_that_keep_their_grade_are_accepted_together(world):
    for code in ("D1", "D2"):
        accepted(world, TODAY - timedelta(days=30), code)
    for code in ("D1", "D2", "D3"):
        scores.score_one(world.actor("fin"), world.distributor(code), TODAY)
    grades = {code: latest(world, code) for code in ("D1", "D2", "D3")}
    keep = [g for g in grades.values() if g.state == "proposed" and g.grade == g.previous_grade]
    assert scores.accept_unchanged(world.actor("fin")) == 0
    assert scores.accept_unchanged(world.actor("fin2")) == len(keep)
    assert latest(world, "D3").state == "proposed"


@pytest.mark.row("B08")
def test_a_card_is_proposed_by_one_and_approved_by_another(world):
    heavy = tuple(
        replace(s, weight={"violations": 15, "turnover": 10}.get(s.factor, s.weight))
        for s in FIRST_CARD.scales
    )
    card = replace(FIRST_CARD, scales=heavy)
    wish = CardWish(card, TODAY, "违规加重")
    number = scores.propose_card(world.actor("fin"), wish)
    assert reads.card_on(TODAY)[1] == 0
    with pytest.raises(Refused) as refused:
        scores.decide_card(world.actor("fin"), number, approve=True)
    assert refused.value.findings[0].code == "score.card_own"
    scores.decide_card(world.actor("boss"), number, approve=True)
    assert reads.card_on(TODAY) == (number, 1, card)
    assert reads.card_on(TODAY - timedelta(days=1))[1] == 0
    with pytest.raises(Refused):
        scores.decide_card(world.actor("boss"), number, approve=False)
    scores.score_one(world.actor("fin"), world.distributor("D1"), TODAY)
    assert latest(world).card_version == 1


def test_an_unsound_card_is_refused_with_every_reason(world):
    broken = replace(FIRST_CARD, scales=FIRST_CARD.scales[1:], limit_step_fen=0)
    with pytest.raises(Refused) as refused:
        scores.propose_card(world.actor("fin"), CardWish(broken, TODAY - timedelta(days=1), " "))
    assert {f.code for f in refused.value.findings} >= {
        "score.weights",
        "score.factor_missing",
        "score.step",
        "score.reason_needed",
        "score.past",
    }


def test_a_rejected_card_leaves_the_table(world):
    number = scores.propose_card(world.actor("fin"), CardWish(FIRST_CARD, TODAY, "试用"))
    scores.decide_card(world.actor("cm"), number, approve=False, reason="不需要")
    assert reads.get_card(number) is None


@pytest.mark.parametrize(
    ("first", "on", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 1), date(2026, 11, 21), 10),
        (date(2025, 11, 21), date(2026, 11, 21), 12),
        (date(2026, 12, 1), date(2026, 11, 21), 0),
    ],
)
def test_whole_months(first, on, months):
    assert months_between(first, on) == months

"""Which version rules on a day, what stands against its terms, its duties and its exit charge."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.agreement import (
    WORKFLOW,
    Action,
    State,
    Terms,
    Version,
    in_force,
    ruled_days,
    standing,
)
from contracts.clauses import Commitment, Duties, MixRule, Obligation, ResaleClause
from contracts.commitments import last_day, month_number, month_start, quote
from contracts.obligations import counts, duties_of_terms, exchange_end
from contracts.payment_terms import PaymentTerm
from contracts.soundness import check_sound
from contracts.targets import Target
from contracts.territory import Territory
from contracts.values.periods import Period
from contracts.values.rates import Rate
from contracts.values.transitions import IllegalTransition

YEAR = Period.year(2026)
TERMS = Terms(Territory(frozenset({"511000"})), "CN", PaymentTerm("net_days", 30))


def version(number, start, end, state=State.APPROVED, **values):
    return Version(number, state, Period(start, end), **values)


days = st.dates(date(2026, 1, 1), date(2026, 12, 30))
spans = st.tuples(days, st.integers(1, 200)).map(lambda t: (t[0], t[0] + timedelta(days=t[1])))


@st.composite
def histories(draw):
    found = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        start, end = draw(spans)
        state = draw(st.sampled_from(list(State)))
        ended = draw(st.none() | days) if state is State.TERMINATED else None
        found.append(version(number, start, end, state, ended_on=ended))
    return found


@pytest.mark.row("A00", "A17")
@given(histories(), days)
def test_the_stretches_say_the_same_as_the_day(history, on):
    holding = [v for v, stretch in ruled_days(history) if stretch.contains(on)]
    ruling = in_force(history, on)
    assert holding == ([ruling] if ruling else [])


@given(histories())
def test_stretches_are_in_order_and_do_not_overlap(history):
    stretches = [stretch for _v, stretch in ruled_days(history)]
    assert all(a.end <= b.start for a, b in itertools.pairwise(stretches))


@pytest.mark.row("A00")
@given(histories(), days)
def test_of_all_versions_one_at_most_is_in_force(history, on):
    # A suspension is told before the first day, too; here only those days count that bind.
    words = [standing(v, history, on) for v in history if v.span.contains(on)]
    live = words.count("in_force") + words.count("suspended")
    # A termination that is still to come binds beside what a later version says.
    assume(all(v.state is not State.TERMINATED for v in history))
    assert live == (1 if in_force(history, on) else 0)


@pytest.mark.row("A00")
def test_every_step_of_the_workflow_and_no_other():
    legal = {
        ("draft", "submit"): "review",
        ("review", "withdraw"): "draft",
        ("review", "approve"): "approved",
        ("review", "reject"): "rejected",
        ("rejected", "revise"): "draft",
        ("approved", "suspend"): "suspended",
        ("suspended", "resume"): "approved",
        ("approved", "terminate"): "terminated",
        ("suspended", "terminate"): "terminated",
    }
    for state in State:
        for act in Action:
            wanted = legal.get((state.value, act.value))
            if wanted:
                assert WORKFLOW.next(state, act) == wanted
            else:
                with pytest.raises(IllegalTransition):
                    WORKFLOW.next(state, act)


@pytest.mark.row("A00", "A17")
@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 9, 30), ["in_force", "approved"]),
        (date(2026, 10, 1), ["superseded", "in_force"]),
        (date(2026, 11, 30), ["superseded", "in_force"]),
        (date(2026, 12, 1), ["in_force", "expired"]),
        (date(2027, 1, 1), ["expired", "expired"]),
    ],
)
def test_a_dated_relaxation_in_words(on, words):
    both = [
        version(1, date(2026, 1, 1), date(2027, 1, 1)),
        version(2, date(2026, 10, 1), date(2026, 12, 1)),
    ]
    assert [standing(v, both, on) for v in both] == words


def codes(terms, span=YEAR):
    return [f.code for f in check_sound(terms, span)]


QUARTERS = tuple(Target(Period.quarter(2026, q), frozenset(), 2500_00) for q in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"resale": ResaleClause("fixed")}, ["resale.not_reviewed"]),
        ({"resale": ResaleClause("fixed", "王", " ")}, ["resale.not_reviewed"]),
        ({"resale": ResaleClause("fixed", "王", "首发")}, []),
        ({"targets": (*QUARTERS, Target(YEAR, frozenset(), 10000_00))}, []),
        ({"targets": (*QUARTERS, Target(YEAR, frozenset(), 10000_01))}, ["agreement.targets_sum"]),
        # Three quarters are no parts of the year: nothing re-adds, nothing is said.
        ({"targets": (*QUARTERS[:3], Target(YEAR, frozenset(), 1_00))}, []),
        # Months re-add to their quarter, the quarters to the year.
        (
            {
                "targets": (
                    *QUARTERS,
                    Target(YEAR, frozenset(), 10000_00),
                    *(Target(Period.month(2026, m), frozenset(), 833_00) for m in (1, 2)),
                    Target(Period.month(2026, 3), frozenset(), 834_01),
                )
            },
            ["agreement.targets_sum"],
        ),
        (
            {"targets": (*QUARTERS, Target(Period.quarter(2026, 1), frozenset("B"), 3000_00))},
            ["agreement.groups_exceed"],
        ),
        (
            {"mix": (MixRule("A", Rate.percent(60)), MixRule("B", Rate.percent(41)))},
            ["agreement.mix_exceeds"],
        ),
        ({"mix": (MixRule("A", Rate.percent(60)), MixRule("B", Rate.percent(40)))}, []),
        (
            {"goods": frozenset("B"), "mix": (MixRule("A", Rate.percent(30)),)},
            ["agreement.mix_outside"],
        ),
        (
            {"obligations": (Obligation("开户", date(2025, 12, 31)),)},
            ["agreement.obligation_past"],
        ),
        ({"obligations": (Obligation("年检", date(2027, 3, 31)),)}, []),
        ({"kind": "buyout"}, ["agreement.buyout_exchange"]),
        ({"kind": "buyout", "duties": Duties(exchange_window_days=0)}, []),
    ],
)
def test_clauses_that_contradict_each_other(changes, found):
    assert codes(replace(TERMS, **changes)) == found


@pytest.mark.row("A20")
def test_the_days_of_one_october():
    terms = replace(
        TERMS,
        targets=(Target(Period.quarter(2026, 4), frozenset(), 120_000_00),),
        renewal_notice_days=62,
    )
    found = duties_of_terms([version(1, *days_of(YEAR), terms=terms)], Period.month(2026, 10))
    assert [(d.source, d.on) for d in found] == [
        ("renewal", date(2026, 10, 30)),
        ("target", date(2026, 10, 31)),
    ]
    assert counts(found)["target"] == 1


def days_of(span):
    return span.start, span.end


@given(st.integers(1, 12), st.integers(1, 4))
def test_a_target_shows_once_in_every_month_that_it_covers(month, quarter):
    terms = replace(TERMS, targets=(Target(Period.quarter(2026, quarter), frozenset(), 1_00),))
    held = [version(1, *days_of(YEAR), terms=terms)]
    found = [d for d in duties_of_terms(held, Period.month(2026, month)) if d.source == "target"]
    assert len(found) == (1 if (month - 1) // 3 + 1 == quarter else 0)


def test_a_duty_is_overdue_the_day_after_and_not_on_the_day():
    [duty] = duties_of_terms([version(1, *days_of(YEAR), terms=TERMS)], Period.month(2026, 12))[:1]
    assert not duty.is_overdue(duty.on)
    assert duty.is_overdue(duty.on + timedelta(days=1))


@pytest.mark.row("A18")
def test_the_window_of_an_exchange_has_its_last_day_and_a_buy_out_none():
    assert exchange_end(date(2026, 7, 6), TERMS) == date(2026, 10, 4)
    buyout = replace(TERMS, kind="buyout", duties=Duties(exchange_window_days=0))
    assert exchange_end(date(2026, 7, 6), buyout) is None


@pytest.mark.row("A19")
def test_leaving_in_month_ten_of_twenty_four():
    commitment = Commitment(24, 500_000_00, Rate.percent(5))
    found = quote(commitment, date(2026, 1, 1), 360_000_00, date(2026, 10, 15))
    assert (found.month_no, found.months) == (10, 24)
    assert (found.remaining_fen, found.charge_fen) == (140_000_00, 7_000_00)


@pytest.mark.row("A19")
@pytest.mark.parametrize(
    ("bought", "on", "charge"),
    [
        (500_000_00, date(2026, 10, 15), 0),
        (600_000_00, date(2026, 10, 15), 0),
        (0, date(2027, 12, 31), 25_000_00),
        (0, date(2028, 1, 1), 0),
        (499_999_90, date(2026, 10, 15), 1),  # 0.5 fen, half up
        (499_999_91, date(2026, 10, 15), 0),
    ],
)
def test_the_edges_of_a_commitment(bought, on, charge):
    commitment = Commitment(24, 500_000_00, Rate.percent(5))
    assert quote(commitment, date(2026, 1, 1), bought, on).charge_fen == charge


@pytest.mark.parametrize(
    ("start", "on", "number"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), 1),
        (date(2026, 1, 1), date(2026, 10, 1), 10),
        (date(2026, 1, 15), date(2026, 2, 14), 1),
        (date(2026, 1, 15), date(2026, 2, 15), 2),
        (date(2026, 1, 31), date(2026, 2, 27), 1),
        (date(2026, 1, 31), date(2026, 2, 28), 2),
        (date(2026, 12, 31), date(2027, 1, 31), 2),
    ],
)
def test_months_are_counted_from_the_first_day(start, on, number):
    assert month_number(start, on) == number


@given(days, st.integers(1, 60), st.integers(0, 1800))
def test_a_month_holds_the_days_from_its_start(start, months, later):
    on = start + timedelta(days=later)
    number = month_number(start, on)
    assert month_start(start, number - 1) <= on < month_start(start, number)
    commitment = Commitment(months, 1, Rate.percent(5))
    assert (on <= last_day(commitment, start)) == (number <= months)

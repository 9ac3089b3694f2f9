"""Credit policies: bounds, ladders, the dynamic check; stricter never lets more through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.payment_terms import PaymentTerm
from contracts.values.findings import Finding, Severity
from contracts.values.money import Money
from credit.checking import check, is_firm, pay_to_release, soften, try_on
from credit.exposure import Bucket, Exposure, Room
from credit.facts import CreditFacts, Offer, by_day
from credit.facts import from_json as facts_from_json
from credit.facts import to_json as facts_to_json
from credit.holds import OverdueRule, Point, Step
from credit.policy import (
    FIRST,
    Control,
    CreditPolicy,
    Ladder,
    Mode,
    days_of,
    from_json,
    read_aloud,
    to_json,
    validate,
)
from credit.release import Decision
from credit.waiting import Waiting, pay_for_all

ON = date(2026, 11, 20)
MODES = list(Mode)


def some_facts(**changes: Any) -> CreditFacts:
    """B02: unpaid 150,000, approved 30,000, new 25,000 under a limit of 200,000."""
    values: dict[str, Any] = {
        "at": Point.ORDER,
        "on": ON,
        "exposure": Exposure(ordered_fen=3_000_000, invoiced_fen=15_000_000),
        "room": Room(20_000_000),
        "new_fen": 2_500_000,
        "value_fen": 2_500_000,
        "term_days": 60,
    }
    return CreditFacts(**values | changes)


def codes(policy: CreditPolicy, facts: CreditFacts) -> list[str]:
    return [finding.code for finding in check(policy, facts) if finding.is_blocking]


def at_order(**bounds: Any) -> CreditPolicy:
    return CreditPolicy(order=Control(**bounds))


@pytest.mark.row("B03")
@pytest.mark.parametrize(
    ("mode", "severity", "firm"),
    [
        (Mode.WARN, Severity.WARN, False),
        (Mode.APPROVE, Severity.BLOCK, False),
        (Mode.BLOCK, Severity.BLOCK, True),
    ],
)
def test_each_point_has_its_mode(mode: Mode, severity: Severity, firm: bool) -> None:
    [finding] = check(at_order(mode=mode), some_facts())
    assert (finding.code, finding.severity) == ("credit.over_limit", severity)
    assert is_firm(finding) is firm
    [(softened, taken, needed)] = soften([finding], [Offer(500_000)], 2_500_000)
    assert (softened.severity is Severity.BLOCK) is firm
    assert (taken, needed) == ((0, 500_000) if mode is Mode.APPROVE else (None, 500_000 * 0))


@pytest.mark.row("B02")
@pytest.mark.parametrize(
    ("deliver_on", "later", "horizon", "used"),
    [
        (None, (), None, 20_500_000),
        # 20,000 of the open orders are wanted on day 31: within 31 days, not within 30.
        (None, ((ON + timedelta(days=31), 2_000_000),), 31, 20_500_000),
        (None, ((ON + timedelta(days=31), 2_000_000),), 30, None),
        # The order itself is wanted after the horizon.
        (ON + timedelta(days=31), (), 30, None),
        (ON + timedelta(days=30), (), 30, 20_500_000),
        (None, ((ON + timedelta(days=1), 2_000_000),), 0, None),
    ],
)
def test_the_horizon_leaves_out_what_is_wanted_later(
    deliver_on: date | None, later: Any, horizon: int | None, used: int | None
) -> None:
    facts = some_facts(deliver_on=deliver_on, later=later)
    found = [f for f in check(at_order(horizon_days=horizon), facts) if f.is_blocking]
    shown = [f.facts["used"] for f in found]
    assert shown == ([] if used is None else [Money.from_fen(used)])


def test_what_does_not_count_is_told_and_the_leaving_goods_always_count() -> None:
    only_unpaid = frozenset({Bucket.SHIPPED, Bucket.INVOICED, Bucket.UNAPPLIED})
    policy = CreditPolicy(shipment=Control(buckets=only_unpaid))
    facts = some_facts(at=Point.SHIPMENT, new_fen=0, value_fen=5_000_000)
    [left] = check(policy, facts)  # 150,000 + 50,000 equals the limit
    assert (left.code, left.facts["left"]) == ("credit.not_counted", Money.from_fen(3_000_000))
    [over, _left] = check(policy, replace(facts, value_fen=5_000_001))
    assert over.facts["excess"] == Money.from_fen(1)


@pytest.mark.parametrize(
    ("bounds", "code", "pay"),
    [
        ({"largest_fen": 2_500_000}, None, None),
        ({"largest_fen": 2_499_999}, "credit.document_large", None),
        ({"longest_days": 60}, None, None),
        ({"longest_days": 59}, "credit.terms_longer", None),
        ({"oldest_days": 10}, None, None),
        ({"oldest_days": 9}, "credit.oldest_item", 300),
        ({"oldest_days": 0}, "credit.oldest_item", 1_000),
    ],
)
def test_what_equals_a_bound_passes(bounds: Any, code: str | None, pay: int | None) -> None:
    overdue = ((ON - timedelta(days=10), 300), (ON - timedelta(days=1), 700))
    facts = some_facts(room=Room(None), overdue=overdue)
    found = [f for f in check(at_order(**bounds), facts) if f.is_blocking]
    assert [f.code for f in found] == ([code] if code else [])
    assert (pay_to_release(found) if found else None) == pay


@pytest.mark.row("B05")
@pytest.mark.parametrize(
    ("grade", "days", "at_order", "at_shipment"),
    [
        ("", 0, [], []),
        ("", 1, [], []),
        ("", 16, ["credit.overdue"], []),
        ("", 31, ["credit.overdue"], ["credit.overdue"]),
        ("A", 31, [], []),
        ("D", 1, ["credit.overdue"], ["credit.overdue"]),
        ("B", 16, ["credit.overdue"], []),
    ],
)
def test_the_ladder_climbs_by_grade(
    grade: str, days: int, at_order: list[str], at_shipment: list[str]
) -> None:
    everybody = (
        OverdueRule(0, Step.REMIND),
        OverdueRule(15, Step.HOLD_ORDERS, 100),
        OverdueRule(30, Step.HOLD_SHIPMENTS, 100),
    )
    strict = (OverdueRule(0, Step.HOLD_ORDERS), OverdueRule(0, Step.HOLD_SHIPMENTS))
    policy = CreditPolicy(
        ladders=(Ladder("", everybody), Ladder("A", everybody[:1]), Ladder("D", strict))
    )
    facts = some_facts(
        room=Room(None), grade=grade, overdue=((ON - timedelta(days=days), 101),) if days else ()
    )
    assert codes(policy, facts) == at_order
    assert codes(policy, replace(facts, at=Point.SHIPMENT, new_fen=0)) == at_shipment


@pytest.mark.parametrize(("day", "is_checked"), [(1, False), (3, False), (4, True)])
def test_two_days_of_grace_after_the_first_end_before_the_fourth(
    day: int, is_checked: bool
) -> None:
    facts = some_facts(
        at=Point.SHIPMENT, on=date(2026, 11, day), new_fen=0, room=Room(0),
        confirmed_on=date(2026, 11, 1),
    )  # fmt: skip
    assert bool(codes(replace(FIRST, grace_days=2), facts)) is is_checked
    assert codes(FIRST, facts)


@pytest.mark.row("B07")
def test_paid_in_advance_asks_for_money_and_for_no_limit() -> None:
    facts = some_facts(
        is_prepaid=True, exposure=Exposure(unapplied_fen=900_000), room=Room(0),
        new_fen=1_000_000, value_fen=1_000_000,
    )  # fmt: skip
    assert check(FIRST, facts) == []
    both = replace(FIRST, prepaid="both")
    leaving = replace(facts, at=Point.SHIPMENT, new_fen=0)
    for policy, each in ((both, facts), (FIRST, leaving), (both, leaving)):
        [short] = check(policy, each)
        assert pay_to_release([short]) == 100_000
        paid = replace(each, exposure=Exposure(unapplied_fen=1_000_000))
        assert check(policy, paid) == []


def test_terms_are_ranked_by_the_most_days_that_may_pass() -> None:
    terms = [
        PaymentTerm("prepaid"),
        PaymentTerm("net_days", 30),
        PaymentTerm("end_of_month_plus", 15),
        PaymentTerm("net_days", 60),
        PaymentTerm("day_of_month", 15, day=20),
        PaymentTerm("days_end_of_month", 45, after=10),
    ]
    assert [days_of(term) for term in terms] == [0, 30, 45, 60, 65, 85]


def test_what_is_wrong_with_a_policy_is_told() -> None:
    nothing = Control(mode=Mode.WARN, buckets=frozenset(), horizon_days=5)
    rule = OverdueRule(0, Step.REMIND)
    found = validate(CreditPolicy(nothing, Control(mode=Mode.WARN), (Ladder("", (rule, rule)),)))
    assert [(f.code.removeprefix("credit_policy."), f.is_blocking) for f in found] == [
        ("nothing_counts", True),
        ("money_ignored", False),
        ("horizon_idle", False),
        ("rule_twice", True),
        ("overdue_idle", False),
        ("only_warns", False),
    ]
    assert validate(FIRST) == []
    with pytest.raises(ValueError, match="two ladders"):
        CreditPolicy(ladders=(Ladder("A", ()), Ladder("A", ())))
    with pytest.raises(ValueError, match="not negative"):
        Control(horizon_days=-1)
    with pytest.raises(ValueError, match="not a policy"):
        CreditPolicy(grace_days=-1)


controls = st.builds(
    Control,
    mode=st.sampled_from(MODES),
    buckets=st.frozensets(st.sampled_from(Bucket)),
    horizon_days=st.none() | st.integers(0, 40),
    oldest_days=st.none() | st.integers(0, 40),
    largest_fen=st.none() | st.integers(0, 5_000),
    longest_days=st.none() | st.integers(0, 90),
)
rules = st.builds(OverdueRule, st.integers(0, 40), st.sampled_from(Step), st.integers(0, 2_000))
policies = st.builds(
    CreditPolicy,
    order=controls,
    shipment=controls,
    ladders=st.dictionaries(st.sampled_from(["", "A"]), st.lists(rules, max_size=3).map(tuple)).map(
        lambda found: tuple(Ladder(*pair) for pair in found.items())
    ),
    grace_days=st.integers(0, 5),
    prepaid=st.sampled_from(["shipment", "both"]),
)
days = st.integers(1, 45)
amounts = st.integers(0, 5_000)
facts_of_all_kinds = st.builds(
    CreditFacts,
    at=st.sampled_from(Point),
    on=st.just(ON),
    exposure=st.builds(Exposure, st.integers(5_000, 9_000), amounts, amounts, amounts),
    room=st.builds(Room, st.none() | st.integers(0, 12_000), amounts, amounts),
    new_fen=amounts,
    value_fen=amounts,
    overdue=st.lists(st.tuples(days.map(lambda n: ON - timedelta(days=n)), amounts)).map(by_day),
    later=st.lists(
        st.tuples(days.map(lambda n: ON + timedelta(days=n)), st.integers(0, 1_000)), max_size=4
    ).map(tuple),
    is_prepaid=st.booleans(),
    term_days=st.none() | st.integers(0, 90),
    grade=st.sampled_from(["", "A"]),
    deliver_on=st.none() | days.map(lambda n: ON + timedelta(days=n)),
    confirmed_on=st.none() | days.map(lambda n: ON - timedelta(days=n)),
)


@given(policies, facts_of_all_kinds)
def test_policies_and_facts_survive_storage(policy: CreditPolicy, facts: CreditFacts) -> None:
    assert from_json(to_json(policy)) == policy
    assert facts_from_json(facts_to_json(facts)) == facts
    assert from_json({}) == CreditPolicy()
    assert all(isinstance(finding, Finding) for finding in read_aloud(policy))


@st.composite
def stricter(draw: Any) -> tuple[CreditPolicy, CreditPolicy]:
    """A policy, and the same one with some of its screws tightened."""
    lax = draw(policies)

    def tighten(control: Control) -> Control:
        def less(bound: int | None) -> int | None:
            top = 5_000 if bound is None else bound
            return draw(st.sampled_from([bound, draw(st.integers(0, top))]))

        counted = set(control.buckets) | draw(st.sets(st.sampled_from(list(Bucket)[:3])))
        if draw(st.booleans()):
            counted.discard(Bucket.UNAPPLIED)
        horizon = control.horizon_days
        if horizon is not None:
            horizon = draw(st.sampled_from([None, horizon, horizon + draw(days)]))
        return Control(
            mode=MODES[max(MODES.index(control.mode), draw(st.integers(0, 2)))],
            buckets=frozenset(counted),
            horizon_days=horizon,
            oldest_days=less(control.oldest_days),
            largest_fen=less(control.largest_fen),
            longest_days=less(control.longest_days),
        )

    more = tuple(draw(st.lists(rules, max_size=2)))
    given_to = {ladder.grade: ladder.rules for ladder in lax.ladders} or {"": ()}
    tight = CreditPolicy(
        order=tighten(lax.order),
        shipment=tighten(lax.shipment),
        ladders=tuple(Ladder(grade, (*old, *more)) for grade, old in given_to.items()),
        grace_days=draw(st.integers(0, lax.grace_days)),
        prepaid=draw(st.sampled_from([lax.prepaid, "both"])),
    )
    return lax, tight


offers = st.lists(st.builds(Offer, amounts, st.none() | amounts), max_size=2).map(tuple)


@pytest.mark.row("B03")
@given(stricter(), facts_of_all_kinds, offers)
def test_a_stricter_policy_never_lets_through_what_a_laxer_one_stops(
    pair: tuple[CreditPolicy, CreditPolicy], facts: CreditFacts, offers: tuple[Offer, ...]
) -> None:
    lax, tight = pair
    if try_on(lax, facts, (), ())[0] is not Decision.ACCEPT:
        assert try_on(tight, facts, (), ())[0] is not Decision.ACCEPT
    bare, helped = try_on(tight, facts, (), ())[0], try_on(tight, facts, offers, ())[0]
    if bare is Decision.ACCEPT:
        assert helped is Decision.ACCEPT


@given(policies, facts_of_all_kinds, st.randoms(use_true_random=False))
def test_the_order_of_items_is_irrelevant(
    policy: CreditPolicy, facts: CreditFacts, random: Any
) -> None:
    overdue, later = list(facts.overdue), list(facts.later or ())
    random.shuffle(overdue)
    random.shuffle(later)
    ladders = [replace(each, rules=each.rules[::-1]) for each in policy.ladders[::-1]]
    other = replace(policy, ladders=tuple(ladders))
    shuffled = replace(facts, overdue=tuple(overdue), later=tuple(later))
    told = [(f.code, f.severity, f.facts.get("pay")) for f in check(policy, facts)]
    assert told == [(f.code, f.severity, f.facts.get("pay")) for f in check(other, shuffled)]


def after_payment(facts: CreditFacts, fen: int) -> CreditFacts:
    """The oldest debts are settled first; the rest is money not applied."""
    exposure, rest = facts.exposure, min(fen, facts.exposure.invoiced_fen)
    overdue, left = [], rest
    for due, owed in sorted(facts.overdue):
        paid = min(owed, left)
        left -= paid
        overdue.append((due, owed - paid))
    return replace(
        facts,
        exposure=replace(
            exposure,
            invoiced_fen=exposure.invoiced_fen - rest,
            unapplied_fen=exposure.unapplied_fen + fen - rest,
        ),
        overdue=by_day(overdue),
    )


@pytest.mark.row("B02", "B05", "B07")
@given(policies, facts_of_all_kinds)
def test_the_payment_told_satisfies_every_reason_and_a_fen_less_does_not(
    policy: CreditPolicy, facts: CreditFacts
) -> None:
    owed = sum(fen for _, fen in facts.overdue)
    facts = replace(
        facts, exposure=replace(facts.exposure, invoiced_fen=owed + facts.exposure.invoiced_fen)
    )
    pay = Waiting(policy, facts).pay_fen()
    if not pay:
        return
    assert Waiting(policy, after_payment(facts, pay)).pay_fen() == 0
    assert Waiting(policy, after_payment(facts, pay - 1)).pay_fen() != 0


@pytest.mark.row("B02")
def test_one_off_limits_shrink_as_their_debt_is_paid() -> None:
    """Base 50,000; 20,000 one-off, all drawn and still owed; a new 1,000 needs 21,000."""
    facts = some_facts(
        exposure=Exposure(invoiced_fen=7_000_000), room=Room(5_000_000, 0, 2_000_000),
        new_fen=100_000, value_fen=100_000,
    )  # fmt: skip
    [over] = check(FIRST, facts)
    assert over.facts["excess"] == Money.from_fen(100_000)
    assert pay_to_release([over]) == 2_100_000


def test_one_payment_releases_all_that_money_can_release() -> None:
    """Free 0: two orders of 10,000 and 20,000 need 30,000; one that is too large is left out."""
    base = some_facts(exposure=Exposure(invoiced_fen=20_000_000))
    first = Waiting(FIRST, replace(base, new_fen=1_000_000, value_fen=1_000_000))
    second = Waiting(FIRST, replace(base, new_fen=2_000_000, value_fen=2_000_000))
    large = Waiting(at_order(largest_fen=1), base)
    assert [each.pay_fen() for each in (first, second, large)] == [1_000_000, 2_000_000, None]
    assert pay_for_all([first, large, second]) == 3_000_000
    assert pay_for_all([]) == 0

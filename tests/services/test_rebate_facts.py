"""What a policy counts, summed in SQL, against every row looked at in Python."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from channel.db import db
from channel.models.agreements import PolicyEnrolment
from channel.models.rebates import RebateGroup, RebateGroupMember, RebatePolicy
from channel.queries.rebates_enrolled import last_year
from channel.queries.rebates_facts import gather
from channel.queries.rebates_policies import ruling_by_code
from channel.queries.rebates_settling import settling
from channel.services.work import work
from contracts.rebates.figures import Figures
from contracts.rebates.model import BASE_KINDS, Base, BundlePart, RebateTerms
from contracts.rebates.terms_json import to_json
from contracts.values.periods import Period
from tests.services.rebate_naive import Naive
from tests.services.rebate_random_trade import Trade
from tests.services.rebate_trade import some_terms

pytestmark = pytest.mark.database

Q3, YEAR, ON = Period.quarter(2026, 3), Period.year(2026), date(2026, 11, 21)

PLAIN = some_terms("X")
FIRST = some_terms("FIRST", goods=frozenset({"SAUCE"}), products_out=frozenset({"B"}))


def counted(**base) -> RebateTerms:
    return replace(PLAIN, base=Base(**base))


ASKED = {
    **{kind: counted(kind=kind) for kind in BASE_KINDS},
    **{f"{kind} gross": counted(kind=kind, vat="gross", discounts=True) for kind in BASE_KINDS},
    **{
        f"{kind} units": counted(kind=kind, measure="quantity", free_goods=True, exchanges=True)
        for kind in BASE_KINDS
    },
    "returns out": counted(returns=False),
    "paid, returns out": counted(kind="paid", returns=False),
    "grace": replace(counted(kind="paid_on_time"), grace_days=20),
    "place in": replace(PLAIN, territories=frozenset({"510000"})),
    "place out": replace(
        counted(kind="shipped"),
        territories=frozenset({"510000", "420000"}),
        territories_out=frozenset({"511000"}),
    ),
    "exchanges by place": replace(counted(exchanges=True), territories=frozenset({"511002"})),
    "new": replace(PLAIN, new_days=120),
    "new and shipped": replace(counted(kind="shipped"), new_days=60),
    "bundle": replace(PLAIN, bundle=(BundlePart("A", 10), BundlePart("B", 3))),
    "bundle, gross, returns out": replace(
        counted(returns=False, vat="gross"), bundle=(BundlePart("A", 10), BundlePart("N", 3))
    ),
    "bundle paid": replace(counted(kind="paid"), bundle=(BundlePart("A"), BundlePart("N"))),
    "not with": replace(PLAIN, not_with=frozenset({"FIRST"})),
    "by product": replace(counted(discounts=True), scope="product"),
    "by group": replace(counted(kind="paid"), scope="product_group"),
    "goods": replace(PLAIN, goods=frozenset({"SAUCE"}), products_out=frozenset({"A"})),
    "products": replace(counted(kind="shipped"), products=frozenset({"A", "N"})),
}


def a_policy(terms: RebateTerms, enrols: str = "all") -> RebatePolicy:
    """Approved, without the two people that the rules of policies ask for."""
    policy = RebatePolicy(
        code=terms.code, version_no=1, name=terms.name, state="approved",
        valid_from=date(2025, 1, 1), enrols=enrols, terms=to_json(terms),
    )  # fmt: skip
    db.session.add(policy)
    db.session.flush()
    return policy


@pytest.fixture(params=[1, 2])
def trade(world, request) -> Naive:
    Trade(world, Random(request.param)).fill(60)
    return Naive()


def found_of(gathered) -> dict:
    return {
        owner: {
            gathered.names[part]: (base.e4, base.quantity, base.lines)
            for part, base in parts.items()
        }
        for owner, parts in gathered.own.items()
    }


def without_units(terms: RebateTerms, sums: dict) -> dict:
    """Quantities are read only where the policy asks for them."""
    if terms.base.measure == "quantity":
        return sums
    return {
        owner: {part: (e4, 0, lines) for part, (e4, _units, lines) in parts.items()}
        for owner, parts in sums.items()
    }


@pytest.mark.row("E01", "E04")
def test_every_base_is_what_a_look_at_each_row_gives(world, trade):
    a_policy(FIRST)
    wrong, seen = {}, 0
    for name, terms in ASKED.items():
        others = tuple(o for o in (FIRST,) if o.code in terms.not_with)
        policy = RebatePolicy(code="X", version_no=1, name="X", terms=to_json(terms), enrols="all")
        for period in (Q3, YEAR):
            gathered = gather(settling(policy, period), ON)
            want = without_units(terms, trade.sums(terms, period, others))
            seen += len(want)
            if found_of(gathered) != want:
                wrong[name, period.label] = (found_of(gathered), want)
    assert wrong == {}
    assert seen > 200


@pytest.mark.row("E01")
def test_only_enrolled_days_count_whatever_the_source(world, trade):
    with work(world.actor("cm")) as w:
        known = w.session.query(PolicyEnrolment).first()
        assert known is not None
        for code, start, end in (
            ("D1", date(2026, 8, 10), date(2026, 9, 5)),
            ("D1", date(2026, 9, 1), date(2026, 9, 20)),
            ("D2", date(2026, 1, 1), date(2027, 1, 1)),
            ("D3", date(2026, 5, 1), date(2026, 8, 1)),
        ):
            w.session.add(
                PolicyEnrolment(
                    version_id=known.version_id, distributor_id=world.distributor(code),
                    policy_code="X", valid_from=start, valid_to=end,
                )
            )  # fmt: skip
    naive = Naive()
    for kind in BASE_KINDS:
        terms = counted(kind=kind)
        policy = RebatePolicy(
            code="X", version_no=1, name="X", terms=to_json(terms), enrols="agreement"
        )
        gathered = gather(settling(policy, Q3), ON)
        assert found_of(gathered) == without_units(terms, naive.sums(terms, Q3, by_agreement=True))
        assert gathered.spans_of((world.distributor("D2"), "CNY")) is None
        assert gathered.spans_of((world.distributor("D4"), "CNY")) == ()


@pytest.mark.row("E16")
def test_growth_is_measured_from_the_same_days_and_goods_of_the_year_before(world, trade):
    for terms in (
        replace(PLAIN, gauge="growth", goods=frozenset({"SAUCE"})),
        replace(counted(measure="quantity", kind="shipped"), gauge="growth"),
        replace(counted(), gauge="growth", scope="product"),
    ):
        policy = RebatePolicy(code="X", version_no=1, name="X", terms=to_json(terms), enrols="all")
        gathered = gather(settling(policy, Q3), ON)
        before = trade.sums(terms, last_year(Q3))
        for owner in gathered.own:
            for part, figures in gathered.of(owner).parts.items():
                e4, units, _lines = before.get(owner, {}).get(part, (None, None, 0))
                is_value = terms.base.measure == "value"
                want = e4 if is_value else units and units * 10_000
                assert figures.reference_e4 == want


@pytest.mark.row("E01")
@pytest.mark.parametrize("catch_up", [True, False])
def test_sales_accumulate_from_the_start_of_the_longer_period(world, trade, catch_up):
    terms = replace(PLAIN, accumulate="year", catch_up=catch_up)
    policy = RebatePolicy(code="X", version_no=1, name="X", terms=to_json(terms), enrols="all")
    gathered = gather(settling(policy, Q3), ON)
    so_far = trade.sums(terms, Period(date(2026, 1, 1), Q3.end))
    alone = trade.sums(terms, Q3)
    assert gathered.own.keys() == (so_far if catch_up else alone).keys()
    for owner in gathered.own:
        figures = gathered.of(owner).parts[""]
        if catch_up:
            assert (figures.base_e4, figures.gauge_e4) == (so_far[owner][""][0], None)
        else:
            assert (figures.base_e4, figures.gauge_e4) == (
                alone[owner][""][0], so_far[owner][""][0],
            )  # fmt: skip


@pytest.mark.row("E01")
def test_a_group_reaches_the_tiers_together_and_who_left_stands_alone(world, trade):
    with work(world.actor("cm")) as w:
        group = RebateGroup(name="川南", created_at=w.now)
        w.session.add(group)
        w.session.flush()
        for code, until in (("D1", None), ("D2", date(2026, 12, 1)), ("D3", date(2026, 9, 30))):
            w.session.add(
                RebateGroupMember(
                    group_id=group.id, distributor_id=world.distributor(code),
                    valid_from=date(2026, 1, 1), valid_to=until,
                )
            )  # fmt: skip
    terms = replace(PLAIN, scope="group")
    policy = RebatePolicy(code="X", version_no=1, name="X", terms=to_json(terms), enrols="all")
    gathered = gather(settling(policy, Q3), ON)
    sums = trade.sums(terms, Q3)
    together = {world.distributor("D1"), world.distributor("D2")}
    for (owner, currency), parts in sums.items():
        alike = [
            other[""][0]
            for (who, money), other in sums.items()
            if money == currency and (who == owner or {who, owner} <= together)
        ]
        figures = gathered.of((owner, currency)).parts[""]
        assert figures == Figures(base_e4=parts[""][0], gauge_e4=sum(alike))


def test_one_distributor_is_read_as_everybody_is(world, trade):
    for terms in ASKED.values():
        if terms.not_with:
            continue
        policy = RebatePolicy(code="X", version_no=1, name="X", terms=to_json(terms), enrols="all")
        owner = world.distributor("D2")
        everybody = found_of(gather(settling(policy, Q3), ON))
        alone = found_of(gather(settling(policy, Q3), ON, only=owner))
        assert alone == {o: parts for o, parts in everybody.items() if o[0] == owner}


def test_the_number_of_statements_is_the_same_for_any_trade(world, count_sql):
    def asked(terms: RebateTerms) -> int:
        policy = RebatePolicy(code="X", version_no=1, name="X", terms=to_json(terms), enrols="all")
        count_sql.clear()
        gather(settling(policy, Q3), ON)
        return len(count_sql)

    empty = {name: asked(terms) for name, terms in ASKED.items() if not terms.not_with}
    Trade(world, Random(3)).fill(20)
    assert {name: asked(terms) for name, terms in ASKED.items() if not terms.not_with} == empty
    assert max(empty.values()) <= 5


def test_a_policy_that_comes_first_is_the_one_that_rules_at_the_start(world):
    a_policy(FIRST)
    assert [p.code for p in ruling_by_code({"FIRST", "none"}, Q3.start)] == ["FIRST"]
    assert ruling_by_code({"FIRST"}, date(2024, 1, 1)) == []

"""Exchange rules: the window to its day, the cap to the fen, counts, and the state machine."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import exchanges as rules
from contracts.clauses import Duties
from contracts.exchanges import Change, Part, Source, Wish
from contracts.values.transitions import IllegalTransition

pytestmark = pytest.mark.row("A11")

SHIPPED = date(2026, 8, 3)
SOURCE = Source(1, "SH-1", SHIPPED, "A", "B1", 40, SHIPPED + timedelta(days=90), "C-1")
WISH = Wish("A", "B1", 20)
DUTIES = Duties()


def codes(findings):
    return [f.code for f in findings]


@pytest.mark.parametrize(
    ("day", "extra", "found"),
    [
        (0, 0, []),
        (90, 0, []),
        (91, 0, ["exchange.window"]),
        (91, 1, ["exchange.window_waived"]),
        (92, 1, ["exchange.window"]),
        (455, 365, ["exchange.window_waived"]),
    ],
)
def test_the_last_day_is_day_90(day, extra, found):
    part = Part(WISH, SOURCE, 20)
    assert codes(rules.check_part(part, SHIPPED + timedelta(days=day), DUTIES, extra)) == found


def test_the_refusal_names_the_last_day():
    [finding] = rules.check_part(Part(WISH, SOURCE, 20), date(2026, 11, 2), DUTIES)
    assert (finding.facts["last"], finding.facts["day"]) == (date(2026, 11, 1), 91)


@pytest.mark.row("A18")
def test_goods_sold_without_exchange_are_refused_by_their_contract():
    part = Part(WISH, replace(SOURCE, last_day=None), 20)
    assert codes(rules.check_part(part, SHIPPED, DUTIES)) == ["exchange.by_type_shipped"]


@pytest.mark.parametrize(("sealed_only", "found"), [(True, ["exchange.not_sealed"]), (False, [])])
def test_opened_packs(sealed_only, found):
    part = Part(replace(WISH, is_sealed=False), SOURCE, 20)
    duties = Duties(exchange_sealed=sealed_only)
    assert codes(rules.check_part(part, SHIPPED, duties)) == found


def a_source(line, day, batch="", left=10, product="A"):
    shipped = SHIPPED + timedelta(days=day)
    last = shipped + timedelta(days=90)
    return Source(line, f"SH-{line}", shipped, product, batch, left, last)


#: Three deliveries without a batch and two with.
SOURCES = [
    a_source(1, 0),
    a_source(2, 10),
    a_source(3, 20),
    a_source(4, 5, "B1", 7),
    a_source(5, 6, "B2", 8),
]


@pytest.mark.parametrize(
    ("batch", "quantity", "found"),
    [
        ("", 15, [(3, 10), (2, 5)]),  # the newest first: the oldest were sold first
        ("", 31, [(3, 10), (2, 10), (1, 10), (None, 1)]),
        ("B1", 7, [(4, 7)]),
        ("B1", 9, [(4, 7), (None, 2)]),
        ("B9", 12, [(3, 10), (2, 2)]),  # our unnamed deliveries may be it
    ],
)
def test_where_goods_come_from(batch, quantity, found):
    parts = rules.spread(Wish("A", batch, quantity), SOURCES)
    assert [(p.source and p.source.line_id, p.quantity) for p in parts] == found


def test_a_batch_that_we_never_shipped_is_nobodys():
    named = [s for s in SOURCES if s.batch]
    [part] = rules.spread(Wish("A", "B9", 3), named)
    assert (part.source, part.quantity) == (None, 3)
    [finding] = rules.check_part(part, SHIPPED, DUTIES)
    assert finding.code == "exchange.too_many"
    assert (finding.facts["left"], finding.facts["over"]) == (0, 3)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 30)), max_size=8),
    st.integers(1, 200),
)
def test_parts_add_up_to_the_wish_and_take_no_more_than_there_is(deliveries, quantity):
    sources = [a_source(n, day, left=left) for n, (day, left) in enumerate(deliveries)]
    parts = rules.spread(Wish("A", "", quantity), sources)
    assert sum(p.quantity for p in parts) == quantity
    assert all(p.source is None or p.quantity <= p.source.left for p in parts)
    taken = [p.source.shipped_on for p in parts if p.source]
    assert taken == sorted(taken, reverse=True)
    short = quantity - sum(s.left for s in sources)
    assert sum(p.quantity for p in parts if p.source is None) == max(0, short)


@pytest.mark.parametrize(
    ("price", "paid", "book", "worth"),
    [
        ("last", 10_000, 9_000, 10_000),
        ("lower", 10_000, 9_000, 9_000),
        ("lower", 10_000, 11_000, 10_000),
        ("lower", 10_000, None, 10_000),
    ],
)
def test_what_one_is_worth(price, paid, book, worth):
    assert rules.unit_worth(price, paid, book) == worth


@pytest.mark.parametrize(
    ("asked", "used", "found"),
    [
        (500_000, 0, []),  # 5 % of 100,000.00
        (500_001, 0, ["exchange.cap"]),
        (499_999, 1, []),
        (500_000, 1, ["exchange.cap"]),
    ],
)
def test_the_cap_is_exact_to_the_fen(asked, used, found):
    duties = Duties(exchange_cap_bp=500)
    assert codes(rules.check_cap(asked, used, 10_000_000, duties)) == found


def test_a_cap_of_nothing_is_not_no_cap():
    assert rules.cap_fen(-5, 500) == 0
    assert rules.cap_fen(10_000_000, None) is None
    assert rules.cap_fen(101, 5_000) == 51  # half-up
    assert codes(rules.check_cap(1, 0, 0, Duties(exchange_cap_bp=500))) == ["exchange.cap"]


@pytest.mark.parametrize(
    ("filed", "most", "found"),
    [(0, 1, []), (1, 1, ["exchange.too_often"]), (9, None, []), (1, 2, [])],
)
def test_times_a_quarter(filed, most, found):
    assert codes(rules.check_times(filed, "2026Q4", Duties(exchange_times=most))) == found


@pytest.mark.parametrize(
    ("means", "needed", "worth", "goods", "found"),
    [
        ("credit", False, 100, 0, []),
        ("credit", True, 100, 0, ["exchange.goods_needed"]),
        ("same", True, 100, 0, []),
        ("other", True, 100, 99, ["exchange.goods_short"]),
        ("other", True, 100, 100, []),
        ("other", False, 100, 1, []),
        ("other", False, 100, 0, ["exchange.no_goods"]),
        ("other", False, 100, None, ["exchange.no_price"]),
    ],
)
def test_what_goes_out(means, needed, worth, goods, found):
    duties = Duties(exchange_needs_goods=needed)
    assert codes(rules.check_means(means, worth, goods, duties)) == found


@pytest.mark.parametrize(
    ("act", "before", "said", "reason", "found"),
    [
        ("approve", 20, 20, "", []),
        ("approve", 20, 19, "", ["exchange.reason_needed"]),
        ("approve", 20, 21, "x", ["exchange.approved_more"]),
        ("approve", 20, 0, "x", ["exchange.nothing_left"]),
        ("send", 20, 5, "", []),
        ("send", 20, 21, "", ["exchange.sent_more"]),
        ("count", 20, 18, "wet", []),
        ("count", 20, 18, " ", ["exchange.reason_needed"]),
        ("count", 20, 21, "", ["exchange.counted_more"]),
        ("count", 20, 0, "none", []),
        ("judge", 2, 3, "", ["exchange.granted_more"]),
        ("judge", 2, 2, "", []),
        ("count", 20, -1, "x", ["exchange.negative"]),
    ],
)
def test_what_may_be_said_of_a_line(act, before, said, reason, found):
    assert codes(rules.check_said(act, [Change("A", before, said, reason)])) == found


@pytest.mark.parametrize(
    ("paid_by", "borne_by", "fen"),
    [
        ("maker", "maker", 0),
        ("distributor", "distributor", 0),
        ("maker", "distributor", 500),
        ("distributor", "maker", -500),
    ],
)
def test_who_owes_the_freight(paid_by, borne_by, fen):
    assert rules.freight_share(500, paid_by, borne_by) == fen


@given(st.integers(0, 10**9), st.sampled_from([0, 600, 900, 1_300]))
def test_an_amount_and_its_opposite_cancel_out(gross, rate):
    amount = rules.amount_of(gross, rate)
    assert amount.net_fen + amount.tax_fen == gross
    assert (-amount).net_fen + amount.net_fen == (-amount).tax_fen + amount.tax_fen == 0


STATES = {
    "draft", "claimed", "approved", "on_way", "counted", "disputed", "judged", "settled",
    "refused", "withdrawn", "lapsed",
}  # fmt: skip
ACTS = {act for _state, act in rules.WORKFLOW.table}
LEGAL = {
    "draft": {"file", "withdraw"},
    "claimed": {"approve", "refuse", "withdraw"},
    "approved": {"send", "withdraw", "lapse"},
    "on_way": {"count"},
    "counted": {"settle", "settle_part"},
    "disputed": {"judge", "dismiss"},
    "judged": {"settle"},
}


def test_every_state_and_act():
    for state, act in itertools.product(STATES, ACTS):
        if act in LEGAL.get(state, ()):
            assert rules.WORKFLOW.next(state, act) in STATES
        else:
            with pytest.raises(IllegalTransition):
                rules.WORKFLOW.next(state, act)

"""Clauses as data: read back as written, and old stored terms still read and prove."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.agreement import (
    Commitment,
    Duties,
    MixRule,
    Obligation,
    ResaleClause,
    Terms,
    from_json,
    stored_hash,
    terms_hash,
    to_json,
)
from contracts.payment_terms import PaymentTerm
from contracts.territory import Territory
from contracts.values.periods import Period
from contracts.values.rates import Rate

YEAR = Period.year(2026)
PLAIN = Terms(Territory(frozenset({"511000"}), frozenset()), "2026", PaymentTerm("net_days", 30))

#: As the first release stored it; its hash was computed by that release.
OLD = {
    "territory": {"includes": ["511000"], "excludes": [], "carve_outs": []},
    "exclusive": True,
    "goods": [],
    "kind": "standard",
    "price_book": "2026",
    "payment": {"kind": "net_days", "days": 30, "day": None, "basis": "shipment", "roll": "none"},
    "payment_methods": ["transfer"],
    "min_shipment_fen": None,
    "targets": [],
    "rebate_policies": [],
    "duties": {
        "display_pass_percent": 90,
        "delivery_notice_working_days": 3,
        "exchange_window_days": 90,
        "incident_report_hours": 24,
        "other": "",
        "pop_places": "",
        "promotion_needs_approval": True,
    },
}
OLD_HASH = "d00b3c0ba12f7ea0d49c7a212c07fe8bcd15c421d33fb34a07abd93c67d0d61e"


def test_terms_of_the_first_release_are_read_with_defaults():
    assert from_json(OLD) == PLAIN


def test_the_hash_of_an_old_version_is_proved_over_its_text_as_stored():
    assert stored_hash(OLD, YEAR) == OLD_HASH
    assert terms_hash(from_json(OLD), YEAR) != OLD_HASH


whole = st.integers(0, 10**9)
percents = st.integers(1, 10000).map(Rate.basis_points)
sides = st.sampled_from(["distributor", "maker"])
words = st.text(min_size=1, max_size=20).filter(str.strip)


@given(
    st.lists(st.builds(MixRule, words, percents, st.sampled_from(["month", "year"])), max_size=3),
    st.builds(ResaleClause, st.sampled_from(["suggested", "fixed"]), words, words),
    st.none() | st.builds(Commitment, st.integers(1, 60), whole, percents),
    st.lists(st.builds(Obligation, words, st.dates(), sides), max_size=3),
    st.builds(Duties, late_delivery_freight_fen=whole, exchange_freight_by=sides),
    whole,
)
def test_terms_are_read_back_as_written(mix, resale, commitment, obligations, duties, deposit):
    terms = replace(
        PLAIN,
        mix=tuple(mix),
        resale=resale,
        commitment=commitment,
        obligations=tuple(obligations),
        duties=duties,
        deposit_fen=deposit,
        renewal_notice_days=deposit % 100,
    )
    stored = json.loads(json.dumps(to_json(terms)))
    assert from_json(stored) == terms
    assert stored_hash(stored, YEAR) == terms_hash(terms, YEAR)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ResaleClause("advised"),  # type: ignore[arg-type]
        lambda: Commitment(0, 1, Rate.percent(5)),
        lambda: Commitment(12, -1, Rate.percent(5)),
        lambda: MixRule("B", Rate.percent(101)),
        lambda: Obligation(" ", date(2027, 3, 31)),
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="not a"):
        wrong()

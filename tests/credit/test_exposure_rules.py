"""Exposure by buckets against the limit, and goods that leave only against money received."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.values.findings import Severity
from contracts.values.money import Money
from credit.exposure import Bucket, Counted, Exposure, Room, check_limit, check_prepaid
from credit.limits import Limit, limit_on
from tests.golden import cases, fen

LINES = st.lists(st.tuples(st.sampled_from(Bucket), st.integers(-(10**12), 10**12)), max_size=10)


def a_limit(figure: str) -> Room:
    amount = None if figure == "unlimited" else fen(figure)
    return Room.of(limit_on([Limit("fixed", amount, date(2026, 1, 1))], date(2026, 8, 1)))


@pytest.mark.parametrize("case", cases("exposure"))
def test_does_the_order_fit(case: dict[str, Any]) -> None:
    exposure = Exposure(
        ordered_fen=fen(case["unshipped"]),
        invoiced_fen=fen(case["unpaid"]),
        unapplied_fen=fen(case.get("unapplied", "0")),
    )
    findings = check_limit(Counted(exposure, new_fen=fen(case["new"])), a_limit(case["limit"]))
    shown = [{name: finding.facts[name] for name in ("used", "excess")} for finding in findings]
    expected = {
        name: Money.from_fen(fen(case[name])) for name in ("used", "excess") if name in case
    }
    assert shown == ([expected] if expected else [])


@pytest.mark.row("B02")
def test_the_hold_shows_the_three_parts_and_the_excess() -> None:
    exposure = Exposure(ordered_fen=3_000_000, shipped_fen=6_000_000, invoiced_fen=9_000_000)
    (finding,) = check_limit(Counted(exposure, new_fen=2_500_000), a_limit("200,000.00"))
    assert (finding.code, finding.severity) == ("credit.over_limit", Severity.BLOCK)
    amounts = {
        "unpaid": 15_000_000,
        "unshipped": 3_000_000,
        "unapplied": 0,
        "new": 2_500_000,
        "used": 20_500_000,
        "limit": 20_000_000,
        "excess": 500_000,
        "pay": 500_000,
    }
    assert finding.facts == {name: Money.from_fen(amount) for name, amount in amounts.items()}


@pytest.mark.row("B03")
def test_a_control_point_may_only_warn() -> None:
    over = Exposure(invoiced_fen=20_000_001)
    (finding,) = check_limit(Counted(over), a_limit("200,000.00"), Severity.WARN)
    assert finding.severity is Severity.WARN


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_the_ledger_does_not_matter(
    lines: list[tuple[Bucket, int]], random: Any
) -> None:
    exposure = Exposure.of(lines)
    assert exposure.used_fen == sum(amount for _, amount in lines)
    random.shuffle(lines)
    assert Exposure.of(lines) == exposure


def test_receipts_lower_what_is_used() -> None:
    exposure = Exposure.of(
        [
            (Bucket.ORDERED, 100),
            (Bucket.ORDERED, -60),
            (Bucket.SHIPPED, 60),
            (Bucket.INVOICED, 30),
            (Bucket.UNAPPLIED, -25),
        ]
    )
    assert exposure == Exposure(40, 60, 30, 25)
    assert (exposure.unpaid_fen, exposure.used_fen) == (90, 105)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_paying_the_excess_releases_and_a_fen_less_does_not(
    owed: int, new: int, limit: int
) -> None:
    room = Room(limit)
    for finding in check_limit(Counted(Exposure(invoiced_fen=owed), new_fen=new), room):
        excess = finding.facts["pay"]
        assert isinstance(excess, Money) and excess.fen > 0
        for paid, passes in ((excess.fen, True), (excess.fen - 1, False)):
            after = Exposure(invoiced_fen=owed, unapplied_fen=paid)
            assert (not check_limit(Counted(after, new_fen=new), room)) is passes


@pytest.mark.row("B07")
@pytest.mark.parametrize(
    ("received", "committed", "new", "short"),
    [
        (900_000, 0, 1_000_000, 100_000),
        (1_000_000, 0, 1_000_000, None),
        (1_000_000, 1, 1_000_000, 1),
        (0, 0, 1, 1),
        (0, 0, 0, None),
        (0, 500_000, 0, 500_000),
        (1_500_000, 500_000, 1_000_000, None),
        (0, 500_000, -100, None),
    ],
)
def test_pay_first(received: int, committed: int, new: int, short: int | None) -> None:
    findings = check_prepaid(received, committed, new)
    assert [finding.facts["short"] for finding in findings] == (
        [] if short is None else [Money.from_fen(short)]
    )


@pytest.mark.row("B07")
def test_a_prepaid_refusal_shows_its_figures() -> None:
    (finding,) = check_prepaid(900_000, 0, 1_000_000)
    assert (finding.code, finding.severity) == ("credit.prepaid_short", Severity.BLOCK)
    assert finding.facts == {
        "received": Money.from_fen(900_000),
        "committed": Money.from_fen(0),
        "new": Money.from_fen(1_000_000),
        "short": Money.from_fen(100_000),
    }

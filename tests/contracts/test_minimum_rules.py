"""The least value of a shipment, and the exceptions that lower it and are used up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.minimums import MinimumRule, MinimumWaiver, check_minimum, floor_on, uses_waiver
from contracts.values.findings import Severity
from contracts.values.money import Money
from contracts.values.periods import Period
from tests.golden import cases, fen

HOUSE = MinimumRule(1_000_000, "house")


def a_waiver(row: dict[str, Any]) -> MinimumWaiver:
    return MinimumWaiver(
        floor_fen=fen(row["floor"]),
        valid=Period(row["first"], row["last"] + timedelta(days=1)),
        shipments_left=row.get("shipments_left"),
    )


@pytest.mark.parametrize("case", cases("minimum_shipment"))
def test_may_the_shipment_leave(case: dict[str, Any]) -> None:
    rule = MinimumRule(fen(case["floor"]), "house") if "floor" in case else None
    waiver = a_waiver(case["waiver"]) if "waiver" in case else None
    judged = (fen(case["value"]), rule, waiver, case["day"])
    findings = check_minimum(*judged)
    assert [finding.code for finding in findings] == (["minimum.below"] if "short" in case else [])
    for finding in findings:
        assert finding.facts["short"] == Money.from_fen(fen(case["short"]))
    assert uses_waiver(*judged) is case.get("uses_waiver", False)


@pytest.mark.row("D02")
def test_a_refusal_shows_value_floor_and_what_is_short() -> None:
    (finding,) = check_minimum(999_999, HOUSE, None, date(2026, 8, 1))
    assert finding.severity is Severity.BLOCK
    assert finding.facts == {
        "value": Money.from_fen(999_999),
        "floor": Money.from_fen(1_000_000),
        "short": Money.from_fen(1),
        "source": "house",
    }


@pytest.mark.row("D03")
def test_a_refusal_under_an_exception_names_the_exception() -> None:
    waiver = MinimumWaiver(500_000, Period.parse("2026H2"), source="LW-2026-007")
    (finding,) = check_minimum(499_999, HOUSE, waiver, date(2026, 8, 1))
    assert finding.facts["floor"] == Money.from_fen(500_000)
    assert finding.facts["source"] == "LW-2026-007"
    assert floor_on(HOUSE, waiver, date(2027, 1, 1)) is HOUSE
    same = MinimumWaiver(HOUSE.floor_fen, Period.parse("2026H2"), source="LW-2026-008")
    assert floor_on(HOUSE, same, date(2026, 8, 1)) is HOUSE


@given(
    st.integers(0, 2_000_000),
    st.integers(0, 2_000_000),
    st.none() | st.integers(0, 3),
    st.dates(date(2026, 1, 1), date(2027, 3, 1)),
)
def test_an_exception_only_ever_helps(value: int, floor: int, left: int | None, on: date) -> None:
    waiver = MinimumWaiver(floor, Period.parse("2026H2"), left)
    with_it, without = (
        check_minimum(value, HOUSE, waiver, on),
        check_minimum(value, HOUSE, None, on),
    )
    assert len(with_it) <= len(without)
    assert uses_waiver(value, HOUSE, waiver, on) is (with_it != without and not with_it)
    if with_it != without:
        assert waiver.holds(on) and floor < HOUSE.floor_fen


@given(st.integers(0, 2_000_000), st.integers(0, 2_000_000))
def test_adding_goods_never_stops_a_shipment(value: int, more: int) -> None:
    if not check_minimum(value, HOUSE, None, date(2026, 8, 1)):
        assert not check_minimum(value + more, HOUSE, None, date(2026, 8, 1))

"""Causes of a disagreement: hand-worked figures, and that a named cause explains them exactly."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.stock_causes import (
    STRENGTH,
    Known,
    Shipped,
    misread,
    of_balance,
    of_opening,
    of_receipts,
)
from channel.rules.stock_row import StockRow
from contracts.reporting import Tolerance


def sent(day: int, quantity: int, number: str = "") -> Shipped:
    return Shipped(date(2026, 10, day), quantity, number or f"DN-{day}")


def kinds(found) -> list[str]:
    return [cause.kind for cause in found]


@pytest.mark.row("F02")
@pytest.mark.parametrize(
    ("entered", "wanted", "case", "named"),
    [
        (20, 240, 12, ["pack"]),  # 20 cases of 12 written as pieces
        (240, 20, 12, ["pack"]),
        (240, 20, 10, []),
        (40, 400, 1, ["ten"]),
        (4000, 4, 1, ["ten"]),
        (20, 200, 10, ["pack", "ten"]),
        (180, 810, 1, ["swapped"]),
        (186, 168, 1, ["swapped"]),  # 18 = 2 × 9
        (123, 321, 1, ["permuted"]),
        (186, 169, 1, []),
        (0, 240, 12, []),
        (5, 5, 12, []),
    ],
)
def test_a_figure_written_wrongly(entered, wanted, case, named):
    assert kinds(misread(entered, wanted, case)) == named


@pytest.mark.row("F02")
def test_the_last_shipments_are_still_on_the_road():
    known = Known(arrived=(sent(5, 200), sent(20, 60), sent(24, 40)))
    (cause,) = of_receipts(260, known)
    assert (cause.kind, cause.facts["quantity"]) == ("in_transit", 40)
    assert cause.facts["days"] == ("2026-10-24",)
    (both,) = of_receipts(200, known)
    assert both.facts["numbers"] == ("DN-20", "DN-24")
    assert of_receipts(240, known) == []  # 60 alone is not the last one
    assert of_receipts(300, known) == []  # agrees


@pytest.mark.row("F02")
def test_receipts_in_the_wrong_unit_and_those_we_never_shipped():
    known = Known(case=12, arrived=(sent(5, 240),))
    assert kinds(of_receipts(20, known)) == ["pack"]
    grey = of_receipts(290, known)
    assert kinds(grey) == ["grey"]
    assert (grey[0].facts["quantity"], grey[0].facts["shipped"]) == (50, 240)
    late = of_receipts(300, Known(arrived=(sent(5, 240),), before=(sent(1, 60),)))
    assert kinds(late) == ["arrived_late", "grey"]


@pytest.mark.row("F02")
def test_what_may_be_on_the_road_counts_either_way():
    known = Known(arrived=(sent(5, 200),), moving=(sent(29, 40), sent(30, 10)))
    for reported in (200, 225, 250):
        assert of_receipts(reported, known) == []
    assert kinds(of_receipts(420, known)) == ["permuted", "grey"] or kinds(
        of_receipts(420, known)
    ) == ["swapped", "grey"]


@pytest.mark.row("F02")
def test_rows_left_out_and_returns_explain_what_is_missing():
    known = Known(arrived=(sent(5, 200),), left_out={"X9": 30, "Y1": 20}, returned=15)
    assert kinds(of_receipts(170, known)) == ["left_out"]
    assert of_receipts(150, known)[0].facts["codes"] == ("X9", "Y1")
    assert kinds(of_receipts(185, known)) == ["returned"]
    assert kinds(of_receipts(181, known)) == []


def a_row(**given) -> StockRow:
    figures = {"opening": 100, "receipts": 200, "sell_out": 180, "losses": 5, "closing": 115}
    return StockRow(row_number=2, product="A", **{**figures, **given})


@pytest.mark.row("F02")
@pytest.mark.parametrize(
    ("given", "known", "named"),
    [
        ({"closing": 151}, Known(), [("swapped", "closing")]),  # 115 ↔ 151, 36 = 4 × 9
        ({"receipts": 20}, Known(case=10), [("pack", "receipts"), ("ten", "receipts")]),
        ({"closing": 1150}, Known(), [("ten", "closing")]),
        ({"closing": 95}, Known(returned=20), [("returned", None)]),
        ({"closing": 95, "returns_out": 20}, Known(returned=20), []),  # 115 - 20 = 95 balances
        ({"closing": 117}, Known(), []),
    ],
)
def test_why_a_line_does_not_balance(given, known, named):
    found = of_balance(a_row(**given), known)
    assert [(c.kind, c.facts.get("column")) for c in found] == named


@pytest.mark.row("F02")
def test_an_opening_of_the_version_before_is_a_restatement():
    found = of_opening(115, 116, [(2, 118), (1, 115)])
    assert kinds(found) == ["restated"]
    assert found[0].facts == {"version": 1, "was": 115, "now": 116}
    assert kinds(of_opening(161, 116, [])) == ["swapped"]
    assert of_opening(116, 116, [(1, 115)]) == []


@pytest.mark.row("F02")
@pytest.mark.parametrize(
    ("expected", "units", "bp", "most"),
    [(1000, 5, 100, 10), (100, 5, 100, 5), (199, 0, 50, 0), (200, 0, 50, 1), (0, 3, 100, 3)],
)
def test_the_tolerance_is_the_larger_of_the_two(expected, units, bp, most):
    assert Tolerance(units, bp).of(expected) == most


quantities = st.integers(0, 5_000)
shipments = st.lists(st.builds(sent, st.integers(1, 28), st.integers(1, 900)), max_size=5).map(
    tuple
)


@given(reported=quantities, case=st.integers(1, 24), arrived=shipments, moving=shipments,
       before=shipments, returned=st.integers(0, 300))  # fmt: skip
def test_a_cause_explains_the_figures_to_the_unit(
    reported, case, arrived, moving, before, returned
):
    known = Known(case=case, arrived=arrived, moving=moving, before=before, returned=returned)
    due = sum(s.quantity for s in arrived)
    most = due + sum(s.quantity for s in moving)
    found = of_receipts(reported, known)
    strengths = [cause.strength for cause in found]
    assert strengths == sorted(strengths, reverse=True)
    if due <= reported <= most:
        assert found == []
    for cause in found:
        facts = cause.facts
        assert cause.kind in STRENGTH
        if cause.kind == "in_transit":
            assert reported + facts["quantity"] == due
        elif cause.kind == "arrived_late":
            assert reported - facts["quantity"] == most
        elif cause.kind == "returned":
            assert reported + facts["returned"] == due
        elif cause.kind == "grey":
            assert reported - facts["quantity"] == facts["shipped"] == most
        else:
            assert facts["entered"] == reported and due <= facts["wanted"] <= most
            _explains(cause.kind, facts)


def _explains(kind, facts) -> None:
    one, other = sorted((facts["entered"], facts["wanted"]))
    if kind == "pack":
        assert one * facts["case"] == other
    elif kind == "ten":
        assert one * facts["factor"] == other
    else:
        assert (other - one) % 9 == 0 and sorted(str(one)) == sorted(str(other))


@given(entered=st.integers(1, 10**6), wanted=st.integers(1, 10**6), case=st.integers(1, 48))
def test_misreading_works_both_ways(entered, wanted, case):
    there, back = misread(entered, wanted, case), misread(wanted, entered, case)
    assert sorted(c.kind for c in there) == sorted(c.kind for c in back)

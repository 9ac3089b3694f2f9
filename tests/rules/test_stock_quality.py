"""The score re-added by hand, hidden outflow, unusual figures, and reports on time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.stock_conduct import judge
from channel.rules.stock_filing import step_on
from channel.rules.stock_history import check_expiry, check_outliers, median, spread
from channel.rules.stock_outflow import Flow
from channel.rules.stock_quality import Measure, from_json, score, to_json
from channel.rules.stock_row import StockRow
from contracts import reporting
from contracts.reporting import PARTS, WEIGHTS, Reporting, Tolerance
from contracts.values.periods import Period
from contracts.values.workdays import WorkCalendar

CALENDAR = WorkCalendar({}, frozenset({2026}))
OCTOBER = Period.month(2026, 10)


def a_row(number: int = 2, **given) -> StockRow:
    figures = {"opening": 100, "receipts": 200, "sell_out": 180, "closing": 120}
    return StockRow(row_number=number, product="A", **{**figures, **given})


@pytest.mark.row("F02")
def test_a_score_by_hand():
    found = score(
        {
            "on_time": Measure(1, ("2026-11-07",)),  # 0 of 20
            "complete": Measure(3),  # 15
            "arithmetic": Measure(20, (4,)),  # 15 × 19/20 = 14.25 → 14
            "continuity": Measure(0, note="first"),  # 15, nothing to compare
            "reconciliation": Measure(3, ("A",)),  # 15 × 2/3 = 10
            "mapped": Measure(20),  # 5
            "batch": Measure(20, tuple(range(2, 12))),  # 10 × 10/20 = 5
            "unrestated": Measure(1),  # 5
        },
        WEIGHTS,
    )
    assert [p.points for p in found.parts] == [0, 15, 14, 15, 10, 5, 5, 5]
    assert (found.points, found.full) == (69, 100)
    assert [p.lost for p in found.parts] == [20, 0, 1, 0, 5, 0, 5, 0]
    assert found.parts[2].rows == (4,)
    assert from_json(to_json(found)) == found


measures = st.builds(
    lambda total, bad: Measure(total, tuple(range(min(bad, total)))),
    st.integers(0, 5_000),
    st.integers(0, 5_000),
)


@given(
    found=st.dictionaries(st.sampled_from(PARTS), measures),
    weights=st.fixed_dictionaries({part: st.integers(0, 60) for part in PARTS}),
)
def test_the_parts_are_the_score(found, weights):
    result = score(found, weights)
    assert result.points == sum(p.points for p in result.parts)
    assert result.points + sum(p.lost for p in result.parts) == result.full
    for part in result.parts:
        assert 0 <= part.points <= part.weight
        assert bool(part.lost) == bool(part.faults and part.weight)


@pytest.mark.row("F11")
@pytest.mark.parametrize(
    ("flow", "certain", "percent_e1"),
    [
        (Flow(shipped=1000, out=700, closing=100), 200, 200),  # 20 %
        (Flow(opening=200, shipped=1000, out=700, losses=20, returned=80, closing=100), 300, 250),
        (Flow(shipped=1000, moving=150, out=700, closing=100), 50, 50),
        (Flow(shipped=1000, moving=400, out=700, closing=100), 0, 0),
        (Flow(shipped=300, out=300, closing=100), 0, 0),
        (Flow(shipped=3, closing=2), 1, 333),
        (Flow(), 0, 0),
    ],
)
def test_hidden_outflow_by_hand(flow, certain, percent_e1):
    assert (flow.certain, flow.percent_e1) == (certain, percent_e1)


quantity = st.integers(0, 10_000)


@given(flow=st.builds(Flow, **dict.fromkeys(
    ("opening", "shipped", "moving", "other_in", "out", "losses", "returned", "closing"), quantity
)))  # fmt: skip
def test_outflow_is_never_more_than_came(flow):
    assert 0 <= flow.certain <= max(flow.possible, 0) <= flow.came
    assert 0 <= flow.percent_e1 <= 1000


@pytest.mark.parametrize(
    ("values", "middle"), [([3, 1, 2], 2), ([4, 1, 2, 3], "2.5"), ([5], 5), ([0, 0, 9], 0)]
)
def test_medians(values, middle):
    assert str(median(values)) == str(middle)


@pytest.mark.row("F02")
def test_unusual_sales_need_a_reason():
    past = [100, 104, 96, 100, 110, 90]
    before = spread(past)
    # Median 100; distances 0 4 4 0 10 10 → MAD 4; 4 × 1.4826 × 3.5 = 20.76 < half of 100.
    assert (before.median, before.mad, before.limit) == (100, 4, 50)
    assert list(check_outliers([a_row(sell_out=150)], {"A": past})) == []
    (found,) = check_outliers([a_row(sell_out=151)], {"A": past})
    assert (found.finding.code, found.severity.name) == ("stock.outlier", "BLOCK")
    (told,) = check_outliers([a_row(sell_out=49, reason="停电")], {"A": past})
    assert told.severity.name == "WARN"
    assert list(check_outliers([a_row(sell_out=900)], {"A": past[:5]})) == []


@pytest.mark.row("F06")
@pytest.mark.parametrize(
    ("expires", "given", "codes"),
    [
        (date(2026, 10, 31), {}, ["stock.expired_sold_possible", "stock.expired"]),
        (date(2026, 11, 1), {}, ["stock.near_expiry"]),
        (date(2026, 9, 30), {"held": 120}, ["stock.expired_sold"]),
        (date(2026, 9, 30), {"sell_out": 0, "damaged": 20}, ["stock.expired"]),
        (date(2027, 9, 30), {}, []),
    ],
)
def test_goods_past_their_day(expires, given, codes):
    row = a_row(produced_on=date(2026, 2, 1), expires_on=expires, **given)
    found = [f.finding.code for f in check_expiry([row], OCTOBER)]
    if expires == date(2026, 10, 31):
        # Its own day is a day of sale: on the last day of the period nothing was sold after it.
        codes = ["stock.expired"]
    assert found == codes


@pytest.mark.row("F08", "E14")
def test_three_of_three_and_two_of_three():
    quarter = [Period.month(2026, n) for n in (8, 9, 10)]
    due = {p.start: date(2026, p.start.month + 1, 6) for p in quarter}
    in_time = {start: (day, day, 0) for start, day in due.items()}
    assert judge(quarter, in_time, date(2026, 11, 21), CALENDAR).met is True
    late = {**in_time, date(2026, 10, 1): (date(2026, 11, 6), date(2026, 11, 7), 1)}
    found = judge(quarter, late, date(2026, 11, 21), CALENDAR)
    assert (found.met, found.in_time) == (False, 2)
    assert [(m.period.label, m.filed, m.late_days) for m in found.late] == [
        ("2026-10", date(2026, 11, 7), 1)
    ]


@pytest.mark.row("E14")
def test_a_month_that_is_not_due_says_nothing_and_one_that_never_came_is_late():
    months = [Period.month(2026, 10), Period.month(2026, 11)]
    filed = {date(2026, 10, 1): (date(2026, 11, 6), date(2026, 11, 4), 0)}
    assert judge(months, filed, date(2026, 11, 21), CALENDAR).met is None
    gone = judge(months, filed, date(2026, 12, 9), CALENDAR)
    assert gone.met is False
    assert gone.late[0].state(date(2026, 12, 9)) == "missing"
    assert judge(months, filed, date(2026, 11, 3), CALENDAR).months[0].filed is None
    assert judge([], {}, date(2026, 11, 3), CALENDAR).met is None


@pytest.mark.row("F08")
@pytest.mark.parametrize(
    ("day", "step"),
    [(3, ""), (4, "before"), (5, "before"), (6, "on"), (7, "after"), (9, "after"), (20, "after"),
     (23, "")],
)  # fmt: skip
def test_steps_of_reminding(day, step):
    assert step_on(date(2026, 11, 6), date(2026, 11, day), CALENDAR) == step


def test_the_clause_keeps_and_defaults():
    clause = Reporting(Tolerance(2, 100), Tolerance(9, 900), 7, {**WEIGHTS, "batch": 0})
    assert reporting.from_json(reporting.to_json(clause)) == clause
    assert reporting.from_json(None) == reporting.from_json({}) == Reporting()
    assert Reporting().full == 100
    with pytest.raises(ValueError, match="clause"):
        Reporting(weights={"batch": 1})
    with pytest.raises(ValueError, match="tolerance"):
        Tolerance(-1)

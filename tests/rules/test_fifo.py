"""First in, first out, judged from reports: what is certain, possible, or cannot be known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel.rules.fifo import Batch, breaches, check_fifo, findings_of
from channel.rules.stock import StockRow
from contracts.values.findings import Severity

JUNE, AUGUST = date(2026, 6, 1), date(2026, 8, 1)


def a_batch(
    batch: str, made: date | None, opening: int, out: int, received: int = 0, **more: object
) -> Batch:
    return Batch(batch, opening, received, out, produced_on=made, **more)  # type: ignore[arg-type]


@pytest.mark.row("F05")
def test_newer_goods_sold_while_older_remain_are_out_of_order() -> None:
    breach = breaches("A", [a_batch("B1", JUNE, 30, 0), a_batch("B2", AUGUST, 50, 40)])

    assert (breach.certain, breach.possible, breach.percent) == (30, 0, Decimal("75.0"))
    (finding,) = findings_of(breach)
    assert (finding.code, finding.severity) == ("stock.fifo", Severity.WARN)
    assert finding.facts == {
        "product": "A",
        "quantity": 30,
        "total": 40,
        "percent": Decimal("75.0"),
        "older": ("B1 (2026-06-01)",),
        "newer": ("B2 (2026-08-01)",),
    }


@pytest.mark.row("F05")
def test_the_oldest_first_is_no_breach() -> None:
    breach = breaches("A", [a_batch("B2", AUGUST, 50, 10), a_batch("B1", JUNE, 30, 30)])

    assert (breach.certain, breach.possible) == (0, 0)
    assert findings_of(breach) == []


def test_the_rate_is_what_went_out_of_order_of_all_that_went_out() -> None:
    breach = breaches("A", [a_batch("A", JUNE, 50, 20), a_batch("B", AUGUST, 50, 40)])

    assert [(line.batch, line.ideal) for line in breach.lines] == [("A", 50), ("B", 10)]
    assert (breach.certain, breach.percent) == (30, Decimal("50.0"))


def test_an_older_batch_that_arrived_in_the_period_is_only_possibly_passed_over() -> None:
    breach = breaches("A", [a_batch("B1", JUNE, 0, 0, received=30), a_batch("B2", AUGUST, 50, 40)])

    assert (breach.certain, breach.possible) == (0, 30)
    (finding,) = findings_of(breach)
    assert (finding.code, finding.severity) == ("stock.fifo_possible", Severity.INFO)


def test_a_batch_delivered_twice_is_certain_only_for_what_stood_there() -> None:
    breach = breaches("A", [a_batch("B1", JUNE, 10, 4, received=20), a_batch("B2", AUGUST, 50, 40)])

    # Of the 26 passed over, the first 4 sold were opening stock: 6 of it stood there to the end.
    assert (breach.certain, breach.possible) == (6, 20)


def test_the_expiry_date_goes_before_the_production_date() -> None:
    batches = [
        a_batch("B1", AUGUST, 30, 0, expires_on=date(2026, 12, 1)),
        a_batch("B2", JUNE, 50, 40, expires_on=date(2027, 6, 1)),
    ]

    assert (breaches("A", batches).basis, breaches("A", batches).certain) == ("expiry", 30)


def test_a_date_that_not_all_batches_have_is_not_used_while_another_is() -> None:
    batches = [
        a_batch("B1", JUNE, 30, 0),
        a_batch("B2", AUGUST, 50, 40, expires_on=date(2026, 7, 1)),
    ]

    assert (breaches("A", batches).basis, breaches("A", batches).certain) == ("production", 30)


def test_batches_of_one_date_may_go_in_any_order() -> None:
    breach = breaches("A", [a_batch("B1", JUNE, 30, 0), a_batch("B2", JUNE, 50, 40)])

    assert (breach.certain, breach.possible) == (0, 0)


@pytest.mark.parametrize(
    "more", [{"unavailable": 30}, {"unavailable": 25}], ids=["all of it held", "5 could be sold"]
)
def test_goods_that_could_not_be_sold_are_not_passed_over(more: dict[str, object]) -> None:
    breach = breaches("A", [a_batch("B1", JUNE, 30, 0, **more), a_batch("B2", AUGUST, 50, 40)])

    assert breach.certain == 30 - more["unavailable"]  # type: ignore[operator]


def test_sales_with_leave_to_go_out_of_order_are_no_breach() -> None:
    batches = [a_batch("B1", JUNE, 30, 0), a_batch("B2", AUGUST, 50, 40, excepted=35)]

    assert breaches("A", batches).certain == 5


def test_leave_is_a_part_of_what_was_sold() -> None:
    with pytest.raises(ValueError, match="B1"):
        a_batch("B1", JUNE, 30, 10, excepted=11)


def test_a_batch_that_sold_more_than_it_had_is_not_judged_upon() -> None:
    breach = breaches("A", [a_batch("B1", JUNE, 30, 31), a_batch("B2", AUGUST, 50, 9)])

    (finding,) = findings_of(breach)
    assert (finding.code, finding.facts["batches"]) == ("stock.fifo_impossible", ("B1",))
    assert breach.percent is None


def test_batches_without_a_date_are_left_out_and_named() -> None:
    dated = [a_batch("B1", JUNE, 30, 0), a_batch("B2", AUGUST, 50, 40)]
    breach = breaches("A", [*dated, a_batch("B3", None, 50, 20)])

    assert (breach.certain, breach.total_out) == (30, 40)
    assert [finding.code for finding in findings_of(breach)] == ["stock.fifo", "stock.fifo_undated"]
    (finding,) = findings_of(breaches("A", [a_batch("B3", None, 50, 20)]))
    assert (finding.code, finding.severity) == ("stock.fifo_undated", Severity.INFO)


def a_row(number: int, batch: str, made: date, opening: int | None, out: int) -> StockRow:
    return StockRow(
        row_number=number,
        product="A",
        batch=batch,
        produced_on=made,
        opening=opening,
        receipts=0,
        sell_out=out,
        closing=(opening or 0) - out,
    )


@pytest.mark.row("F05")
def test_the_finding_stands_on_the_line_that_was_sold_from_too_early() -> None:
    rows = [a_row(7, "B1", JUNE, 30, 0), a_row(8, "B2", AUGUST, 50, 40)]

    (found,) = check_fifo(rows)

    assert (found.row_number, found.column, found.finding.code) == (8, "sell_out", "stock.fifo")


def test_locations_are_judged_apart_and_single_or_unsound_lines_not_at_all() -> None:
    rows = [a_row(7, "B1", JUNE, 30, 0), a_row(8, "B2", AUGUST, 50, 40)]
    elsewhere = StockRow(
        **{name: getattr(rows[1], name) for name in StockRow.__slots__} | {"location": "West"}
    )

    assert check_fifo([rows[0], elsewhere]) == []
    assert (
        check_fifo([StockRow(row_number=7, product="A", opening=1, receipts=0, sell_out=1)]) == []
    )
    assert check_fifo([a_row(7, "B1", JUNE, None, 0), rows[1]]) == []
    assert check_fifo([a_row(7, "B1", JUNE, 30, -1), rows[1]]) == []


def test_losses_and_held_goods_of_a_line_were_not_for_sale() -> None:
    lost = StockRow(
        row_number=7,
        product="A",
        batch="B1",
        produced_on=JUNE,
        opening=30,
        receipts=0,
        sell_out=0,
        losses=20,
        held=10,
        closing=10,
    )

    assert check_fifo([lost, a_row(8, "B2", AUGUST, 50, 40)]) == []


@st.composite
def sound_batches(draw: st.DrawFn) -> list[Batch]:
    batches = []
    for number in range(draw(st.integers(1, 6))):
        opening, received = draw(st.integers(0, 50)), draw(st.integers(0, 50))
        unavailable = draw(st.integers(0, opening + received))
        out = draw(st.integers(0, opening + received - unavailable))
        made = JUNE + timedelta(days=draw(st.integers(0, 4)))
        batches.append(a_batch(f"B{number}", made, opening, out, received, unavailable=unavailable))
    return batches


@pytest.mark.row("F05")
@given(sound_batches())
def test_what_was_passed_over_is_what_was_taken_too_early(batches: list[Batch]) -> None:
    breach = breaches("A", batches)

    passed_over = breach.certain + breach.possible
    assert passed_over == sum(line.too_much for line in breach.lines)
    assert sum(line.ideal for line in breach.lines) == breach.total_out
    for line in breach.lines:
        assert 0 <= line.ideal <= line.available
        assert line.certain + line.possible == max(line.ideal - line.out, 0)


@given(sound_batches(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_change_the_judgement(
    batches: list[Batch], random: object
) -> None:
    shuffled = list(batches)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    one, other = breaches("A", batches), breaches("A", shuffled)

    assert (one.certain, one.possible, one.percent) == (
        other.certain,
        other.possible,
        other.percent,
    )


@given(sound_batches())
def test_selling_the_oldest_first_is_never_a_breach(batches: list[Batch]) -> None:
    ideal = {line.batch: line.ideal for line in breaches("A", batches).lines}
    obedient = [
        Batch(
            each.batch,
            each.opening,
            each.received,
            ideal[each.batch],
            each.unavailable,
            produced_on=each.produced_on,
        )
        for each in batches
    ]

    assert findings_of(breaches("A", obedient)) == []

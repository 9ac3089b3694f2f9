"""What was sold out of order in money: at the price of what stayed behind."""

from __future__ import annotations

from datetime import date

import pytest

from channel.rules.fifo import Batch, breaches
from channel.rules.fifo_worth import worth

OLD, NEW = date(2026, 6, 1), date(2026, 8, 1)


@pytest.mark.row("F05")
def test_thirty_boxes_passed_over_are_worth_their_own_price() -> None:
    breach = breaches("A", [
        Batch("B1", 30, 0, 0, produced_on=OLD), Batch("B2", 50, 0, 40, produced_on=NEW),
    ])  # fmt: skip
    found = worth(breach, {"B1": 10_000, "B2": 12_000})
    assert (found.certain_fen, found.possible_fen, found.unpriced) == (300_000, 0, ())


@pytest.mark.row("F05")
def test_certain_and_possible_are_kept_apart() -> None:
    breach = breaches("A", [
        Batch("B1", 10, 20, 4, produced_on=OLD), Batch("B2", 50, 0, 40, produced_on=NEW),
    ])  # fmt: skip
    found = worth(breach, {"B1": 10_000})
    assert (found.certain_fen, found.possible_fen) == (60_000, 200_000)


@pytest.mark.row("F05")
def test_a_batch_without_a_price_is_named_and_not_guessed() -> None:
    breach = breaches("A", [
        Batch("B1", 30, 0, 0, produced_on=OLD), Batch("B2", 50, 0, 40, produced_on=NEW),
    ])  # fmt: skip
    found = worth(breach, {"B2": 12_000})
    assert (found.certain_fen, found.unpriced) == (0, ("B1",))


@pytest.mark.row("F05")
def test_nothing_out_of_order_costs_nothing() -> None:
    breach = breaches("A", [
        Batch("B1", 30, 0, 30, produced_on=OLD), Batch("B2", 50, 0, 10, produced_on=NEW),
    ])  # fmt: skip
    assert worth(breach, {}) == worth(breach, {"B1": 1})

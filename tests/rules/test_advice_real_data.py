"""Layers, classes and replays on two public data sets: what the rules find in real movements."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from channel.rules.demand import Kind, Observation, Profile
from channel.rules.layers import Delivery, Holding, ages, stack
from channel.rules.replenishment_methods import Method, Plan, choose, level
from channel.rules.replenishment_replay import replay

pytestmark = pytest.mark.row("P09")

FIRST_WEEK = date(2010, 11, 29)
WEEKS = 13


@pytest.fixture(scope="module")
def movements(shared: Path) -> dict[str, list[tuple[date, int, int, int]]]:
    """Product → (day, in, out, balance) in the order of time; the first row is the opening."""
    found: dict[str, list[tuple[date, int, int, int]]] = defaultdict(list)
    name = shared / "data" / "adventureworks" / "FactProductInventory_movements_2010-2012.csv"
    with name.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            numbers = (int(row[key]) for key in ("UnitsIn", "UnitsOut", "UnitsBalance"))
            day = date.fromisoformat(row["MovementDate"])
            found[row["ProductKey"]].append((day, *numbers))  # type: ignore[arg-type]
    return {key: sorted(rows) for key, rows in found.items()}


def test_layers_sum_to_every_balance_and_negative_ones_are_set_apart(
    movements: dict[str, list[tuple[date, int, int, int]]],
) -> None:
    checked = quarantined = 0
    for rows in movements.values():
        opening = [Delivery(rows[0][0], rows[0][3], rows[0][3] * 100)] if rows[0][3] > 0 else []
        came = [Delivery(day, into, into * 100) for day, into, _out, _left in rows[1:] if into]
        for day, _into, _out, balance in rows[:: max(1, len(rows) // 8)]:
            known = [one for one in opening + came if one.shipped_on <= day]
            found = stack([Holding("", balance)], known)
            apart = sum(held.quantity for held in found.quarantined)
            assert found.quantity + apart == balance
            assert (apart < 0) is (balance < 0)
            aged = ages(found.layers, day)
            assert sum(aged.buckets) + aged.unexplained == max(balance, 0)
            assert found.unexplained == 0  # all that came in is on record
            checked, quarantined = checked + 1, quarantined + (balance < 0)
    assert checked > 1_500
    assert quarantined > 0


@pytest.fixture(scope="module")
def weekly(shared: Path) -> dict[str, list[int]]:
    """Stock code → units sold in each of thirteen weeks, cancellations and fees left out.

    A line of goods has a code that begins with five digits; cancelled invoices begin with C.
    """
    sold: dict[str, Counter[int]] = defaultdict(Counter)
    name = shared / "data" / "online_retail" / "online_retail_2010-12_2011-02.csv.gz"
    with gzip.open(name, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            quantity = int(row["Quantity"])
            if row["InvoiceNo"].startswith("C") or quantity <= 0:
                continue
            if not row["StockCode"][:5].isdigit():
                continue
            day = date.fromisoformat(row["InvoiceDate"][:10])
            week = (day - FIRST_WEEK).days // 7
            if week < WEEKS:  # the last week holds a single day
                sold[row["StockCode"]][week] += quantity
    return {code: [weeks.get(n, 0) for n in range(WEEKS)] for code, weeks in sold.items()}


def a_profile(sold: list[int]) -> Profile:
    labels = ((FIRST_WEEK + timedelta(days=7 * n)).isoformat() for n in range(len(sold)))
    return Profile(tuple(Observation(x, 7, q) for x, q in zip(labels, sold, strict=True)))


def test_every_class_of_demand_is_found_and_every_product_gets_a_method(
    weekly: dict[str, list[int]],
) -> None:
    kinds: Counter[Kind] = Counter()
    for sold in weekly.values():
        profile = a_profile(sold)
        kinds[profile.kind] += 1
        found = level(profile, Plan(pace=(sum(sold), 7 * WEEKS)), choose(profile)[0])
        assert found.safety is not None and 0 <= found.safety <= (found.target or 0)
    assert len(weekly) > 2_000
    assert set(kinds) == {Kind.SMOOTH, Kind.ERRATIC, Kind.INTERMITTENT, Kind.LUMPY}


def test_a_higher_service_level_is_achieved_more_often_on_real_sales(
    weekly: dict[str, list[int]],
) -> None:
    """On the hundred best sellers: the levels of 98 % beat those of 80 % in units and in weeks."""
    best = sorted(weekly.values(), key=sum, reverse=True)[:100]
    achieved = {}
    for service in (Decimal("0.80"), Decimal("0.98")):
        plan = Plan(service=service, review_days=7, lead_days=Decimal(7))
        rates = []
        for sold in best:
            profile = a_profile(sold)
            target = level(profile, plan, Method.CYCLE).target
            assert target is not None
            done = replay(profile.history, Decimal(14), target)
            assert done.fill_rate is not None and done.cycle_service is not None
            rates.append((done.fill_rate, done.cycle_service))
        achieved[service] = [sum(column) / len(rates) for column in zip(*rates, strict=True)]
    (low_fill, low_cycle), (high_fill, high_cycle) = achieved.values()
    assert low_fill < high_fill and low_cycle < high_cycle
    assert high_fill > 95 and high_cycle > 90

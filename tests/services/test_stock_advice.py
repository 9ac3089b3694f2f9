"""Advice on the stock of a distributor: histories, levels, layers and lists, on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from channel.access import SYSTEM, Forbidden, NotVisible
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.catalogue import Product
from channel.models.stock import InventoryReport, InventoryRow
from channel.models.stock_advice import StockPolicy
from channel.queries import (
    listing,
    stock_advice,
    stock_advice_fifo,
    stock_advice_levels,
    stock_advice_list,
    stock_ages,
    stock_layers_goods,
)
from channel.rules.demand import Kind
from channel.rules.replenishment_methods import Method
from channel.services import stock_policies
from channel.services.stock_policies import Choice
from channel.services.work import Refused, work
from contracts.values.periods import Period
from tests.builders import an_order, delivered, paid

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 21)


def a_report(world: Any, period: str, *rows: dict[str, Any], code: str = "D1") -> int:
    """A report as if it had been filed; what is not said is what makes the line balance."""
    span = Period.parse(period)
    with work(SYSTEM) as w:
        report = InventoryReport(
            distributor_id=world.distributor(code), period_start=span.start, period_end=span.end,
            period=span.label, filed_on=span.end, due_on=span.end, first_filed_on=span.end,
            version_no=1 + (db.session.scalar(
                sa.select(sa.func.max(InventoryReport.version_no)).where(
                    InventoryReport.distributor_id == world.distributor(code),
                    InventoryReport.period_start == span.start,
                )
            ) or 0),
            created_at=w.now,
        )  # fmt: skip
        w.session.add(report)
        w.session.flush()
        for n, row in enumerate(rows, 1):
            given = dict(row)
            product = world.product(given.pop("product", "A"))
            opening, receipts = given.pop("opening", 0), given.pop("receipts", 0)
            sold = given.pop("sell_out", 0)
            closing = given.pop("closing", opening + receipts - sold)
            w.session.add(
                InventoryRow(
                    report_id=report.id,
                    row_number=n,
                    product_id=product,
                    opening=opening,
                    receipts=receipts,
                    sell_out=sold,
                    closing=closing,
                    **given,
                )
            )
        return report.id


def months(world: Any, *sold: int, closing: int = 500, product: str = "A") -> None:
    """One report a month up to October 2026, all of which end with stock."""
    for back, quantity in enumerate(reversed(sold)):
        index = 2026 * 12 + 9 - back
        period = f"{index // 12}-{index % 12 + 1:02d}"
        a_report(
            world, period,
            {"product": product, "opening": closing, "receipts": quantity, "sell_out": quantity},
        )  # fmt: skip


def advised(world: Any, code: str = "D1", who: str = "cm") -> Any:
    report = stock_advice_list.last_report(world.actor(who), world.distributor(code))
    assert report is not None
    return stock_advice_levels.advise_by_method(report, TODAY)


def rows_of(made: Any, world: Any, who: str = "cm", **params: str) -> list[Any]:
    return listing.fetch(made, world.actor(who), params).rows


def a_choice(**changes: Any) -> Choice:
    values: dict[str, Any] = {
        "method": "cycle_service", "valid_from": TODAY, "service_bp": 9800, "review_days": 10,
        "safety_days": 9, "cover_days": 30, "reason": "旺季备货",
    }  # fmt: skip
    return Choice(**(values | changes))


@pytest.mark.row("F03")
def test_one_report_is_advised_by_days_of_cover(world: Any) -> None:
    a_report(world, "2026-09", {"opening": 160, "receipts": 200, "sell_out": 300})
    (one,) = advised(world).goods
    assert (one.ruling.method, one.ruling.safety, one.ruling.target) == (Method.COVER, 70, 210)
    assert one.choice.code == "stock.choice_few"
    assert [f.facts["short"] for f in one.warnings] == [10]


@pytest.mark.row("F03")
def test_a_long_smooth_history_is_advised_by_its_service_level(world: Any) -> None:
    months(world, 100, 110, 90, 105, 95, 100, 104)
    (one,) = advised(world).goods
    assert (one.profile.kind, one.ruling.method) == (Kind.SMOOTH, Method.CYCLE)
    assert one.profile.n == 7 and one.plan.service == Decimal("0.95")
    assert one.replay.windows and one.replay.cycle_service is not None
    met = {a.level.method: a.level.is_refused for a in stock_advice_levels.alternatives(one)}
    assert not any(met.values()) and len(met) == len(Method)


@pytest.mark.row("F03")
def test_periods_without_stock_are_left_out_and_weeks_are_not_mixed_with_months(
    world: Any,
) -> None:
    months(world, 100, 100, 100, 100, 100, 100)
    a_report(world, "2026-04", {"opening": 10, "receipts": 0, "sell_out": 10})
    a_report(world, "2026-03-02..2026-03-08", {"opening": 50, "receipts": 0, "sell_out": 7})
    (one,) = advised(world).goods
    assert [o.label for o in one.profile.left_out] == ["2026-04"]
    assert (one.profile.n, one.profile.mean) == (6, 100)
    assert [n.code for n in one.level.notes] == ["stock.no_deviation"]


@pytest.mark.row("F03")
def test_the_current_version_of_each_period_counts(world: Any) -> None:
    months(world, 100, 100, 100, 100, 100, 100)
    a_report(world, "2026-05", {"opening": 500, "receipts": 40, "sell_out": 40})
    (one,) = advised(world).goods
    assert [int(o.sold) for o in one.profile.history] == [40, 100, 100, 100, 100, 100]


@pytest.mark.row("F03")
def test_no_movement_gives_no_level_and_no_alert(world: Any) -> None:
    months(world, 0, 0, closing=0)
    (one,) = advised(world).goods
    assert (one.ruling.safety, one.warnings, one.cover) == (0, (), None)


@pytest.mark.row("F04")
def test_open_orders_are_counted_for_the_last_report_only(world: Any) -> None:
    september = a_report(world, "2026-09", {"opening": 160, "receipts": 200, "sell_out": 300})
    delivered(world, on=date(2026, 10, 20), A=100)  # meets sales that nobody has reported
    (one,) = advised(world).goods
    assert (one.on_order, one.suggestion.quantity) == (0, 150)
    an_order(world, on=date(2026, 11, 20), A=100)
    (one,) = advised(world).goods
    assert (one.on_order, one.suggestion.need, one.suggestion.quantity) == (100, 50, 50)
    a_report(world, "2026-10", {"opening": 60, "receipts": 100, "sell_out": 100})
    report = db.session.get_one(InventoryReport, september)
    (good,) = stock_advice.advise(report, 7, 21, TODAY).goods
    assert good.suggestion.on_order == 0 and good.suggestion.need == 150


@pytest.mark.row("F03")
def test_a_negative_closing_is_named_and_no_advice_stands_on_it(world: Any) -> None:
    a_report(world, "2026-10", {"batch": "B1", "closing": -10}, {"batch": "B2", "closing": 4})
    (one,) = advised(world).goods
    assert [f.code for f in one.warnings] == ["stock.quarantined"]
    assert one.warnings[0].facts["quantity"] == -6


@pytest.mark.row("F03")
def test_the_lead_time_is_that_of_our_deliveries(world: Any) -> None:
    a_report(world, "2026-10", {"opening": 10, "sell_out": 5})
    report = stock_advice_list.last_report(world.actor("cm"), world.distributor("D1"))
    assert report is not None
    assert stock_advice_levels.lead_time(report.distributor_id, TODAY).n == 0
    delivered(world, on=date(2026, 11, 3), A=100)
    found = stock_advice_levels.lead_time(report.distributor_id, TODAY)
    assert (found.days, found.deviation, found.n) == (5, 0, 1)


@pytest.mark.row("F03")
def test_a_choice_by_hand_holds_from_its_day_and_is_kept_with_its_reason(world: Any) -> None:
    months(world, 100, 110, 90, 105, 95, 100)
    d1, good = world.distributor("D1"), world.product("A")
    stock_policies.set_policy(world.actor("d1"), d1, good, a_choice(method="fill_rate"))
    stock_policies.set_policy(
        world.actor("cm"), d1, good, a_choice(valid_from=date(2026, 12, 1), lead_days=8)
    )
    (one,) = advised(world).goods
    assert (one.ruling.method, one.choice) == (Method.FILL, None)
    assert (one.plan.service, one.plan.review_days) == (Decimal("0.98"), 10)
    assert stock_advice_levels.policies(d1, date(2026, 12, 1))[good].lead_days == 8
    assert stock_advice_levels.safety_days(d1, TODAY) == {good: 9}
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.tag == "stock_policy:set").order_by(AuditEntry.id)
    ).first()
    assert entry.reason == "旺季备货" and entry.changes["stock_method"] == [None, "fill_rate"]
    stock_policies.set_policy(world.actor("cm"), d1, good, a_choice(method="", reason="淡季"))
    (one,) = advised(world).goods
    assert one.ruling.method is Method.CYCLE and one.choice is not None


@pytest.mark.row("F03")
def test_a_choice_without_reason_or_for_the_past_or_for_other_goods_is_refused(
    world: Any,
) -> None:
    a_report(world, "2026-10", {"opening": 10, "sell_out": 5})
    d1 = world.distributor("D1")
    with pytest.raises(Refused) as refused:
        stock_policies.set_policy(
            world.actor("cm"), d1, world.product("B"),
            a_choice(reason=" ", valid_from=date(2026, 11, 20)),
        )  # fmt: skip
    assert [f.code for f in refused.value.findings] == [
        "stock.policy_reason", "stock.policy_past", "stock.policy_not_held",
    ]  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StockPolicy)) == 0


@pytest.mark.row("P01")
def test_a_choice_is_made_by_those_who_file_and_for_what_they_see(world: Any) -> None:
    a_report(world, "2026-10", {"opening": 10, "sell_out": 5})
    d1, good = world.distributor("D1"), world.product("A")
    for name in ("fin", "auditor", "boss"):
        with pytest.raises(Forbidden):
            stock_policies.set_policy(world.actor(name), d1, good, a_choice())
    with pytest.raises(NotVisible):
        stock_policies.set_policy(world.actor("d2"), d1, good, a_choice())


def shipped(world: Any, on: date, batches: dict[str, int], code: str = "D1") -> None:
    """Goods A that we shipped on a day under these batches, apart from orders."""
    from channel.models.orders import ShipmentLine

    for batch, quantity in batches.items():
        delivered(world, code, on, A=quantity)
        paid(world, code, quantity * 10_000, on)  # else the next one would be held
        line = db.session.scalars(sa.select(ShipmentLine).order_by(ShipmentLine.id.desc())).first()
        assert line is not None
        line.batch = batch
        db.session.commit()


@pytest.mark.row("F06")
def test_the_list_of_the_house_and_the_rule_find_the_same_layers(world: Any) -> None:
    """The same stock by SQL over all distributors and by the pure rule for one."""
    for on, batches in (
        (date(2026, 8, 3), {"B1": 200}),
        (date(2026, 9, 7), {"B2": 150, "": 120}),
        (date(2026, 10, 5), {"B2": 100, "B3": 110, "": 130}),
    ):
        shipped(world, on, batches)
    a_report(
        world, "2026-10",
        {"batch": "B1", "opening": 50, "sell_out": 10, "location": "east"},
        {"batch": "B1", "opening": 5, "location": "west"},
        {"batch": "B2", "opening": 220},
        {"batch": "B3", "opening": 110, "sell_out": 110},
        {"batch": "", "opening": 300},
        {"batch": "B9", "closing": -3},
    )  # fmt: skip
    on = date(2026, 11, 21)
    report = stock_advice_list.last_report(world.actor("cm"), world.distributor("D1"))
    assert report is not None
    stack = stock_layers_goods.stacks(report, on)[world.product("A")].stack
    by_rule = sorted((x.batch, str(x.delivered_on), x.quantity, x.value_fen) for x in stack.layers)
    found = rows_of(stock_ages.layers_list(on), world)
    by_sql = sorted((r.batch, str(r.delivered_on), r.quantity, r.value_fen) for r in found)
    assert by_sql == by_rule
    assert by_sql == sorted([
        ("", "2026-10-05", 130, 1_300_000), ("", "2026-09-07", 120, 1_200_000),
        ("", "None", 50, None), ("B1", "2026-08-03", 45, 450_000),
        ("B2", "2026-10-05", 100, 1_000_000), ("B2", "2026-09-07", 120, 1_200_000),
    ])  # fmt: skip
    assert [held.batch for held in stack.quarantined] == ["B9"]


@pytest.mark.row("F06")
def test_ages_are_filtered_by_bucket_product_and_place_and_summed(world: Any) -> None:
    delivered(world, on=date(2026, 10, 22), A=100)  # 30 days: the first bucket
    delivered(world, on=date(2026, 10, 21), A=100)  # 31 days: the second
    a_report(world, "2026-10", {"opening": 160})
    made = stock_ages.layers_list(TODAY)
    assert [(r.age, r.bucket, r.quantity) for r in rows_of(made, world)] == [
        (31, "b", 60), (30, "a", 100),
    ]  # fmt: skip
    assert len(rows_of(made, world, bucket="a")) == 1
    assert len(rows_of(made, world, product=str(world.product("B")))) == 0
    assert len(rows_of(made, world, place="511000")) == len(rows_of(made, world))
    assert rows_of(made, world, who="d2") == []
    _count, sums = listing.totals(made, world.actor("cm"), {})
    assert sums == {"CNY": {"quantity": 160, "value_fen": 1_600_000}}


@pytest.mark.row("F06")
def test_twelve_month_goods_have_seventy_days_left(world: Any) -> None:
    db.session.get_one(Product, world.product("A")).shelf_life_days = 365
    db.session.commit()
    a_report(
        world, "2026-10",
        {"batch": "B1", "opening": 10, "produced_on": date(2026, 2, 1)},
        {"batch": "B2", "opening": 10, "produced_on": date(2026, 2, 1),
         "expires_on": date(2027, 8, 1)},
        {"batch": "B3", "opening": 10, "expires_on": date(2026, 11, 22)},
        {"batch": "B4", "opening": 10},
        {"batch": "B5", "opening": 0, "produced_on": date(2026, 2, 1)},
    )  # fmt: skip
    found = rows_of(stock_ages.expiry_list(date(2026, 11, 23)), world)
    assert [(r.batch, r.days_left, r.life) for r in found] == [
        ("B3", -1, "expired"), ("B1", 70, "third"), ("B2", 251, "two_thirds"),
    ]  # fmt: skip
    assert found[1].expires_on == date(2027, 2, 1)
    near = rows_of(stock_ages.expiry_list(date(2026, 11, 23)), world, life="third")
    assert [r.batch for r in near] == ["B1"]


@pytest.mark.row("F07")
def test_forty_boxes_without_a_sale_in_sixty_days_have_thirty_days_left(world: Any) -> None:
    shipped(world, date(2026, 9, 22), {"S1": 100, "S2": 100})
    a_report(
        world, "2026-09",
        {"batch": "S1", "receipts": 100, "sell_out": 60}, {"batch": "S2", "receipts": 100},
    )  # fmt: skip
    a_report(
        world, "2026-10",
        {"batch": "S1", "opening": 40, "sell_out": 20}, {"batch": "S2", "opening": 100},
    )  # fmt: skip
    (row,) = rows_of(stock_ages.slow_list(TODAY), world)
    assert (row.batch, row.quantity, row.sold, row.age, row.left, row.window) == (
        "S2", 100, 0, 60, 30, "open",
    )  # fmt: skip
    # On the last day of the window the claim is still in time; the day after it is not.
    (last,) = rows_of(stock_ages.slow_list(date(2026, 12, 21)), world)
    assert (last.left, last.window) == (0, "last_week")
    (gone,) = rows_of(stock_ages.slow_list(date(2026, 12, 22)), world)
    assert (gone.left, gone.window) == (-1, "over")
    # A day too young for the list.
    assert rows_of(stock_ages.slow_list(date(2026, 11, 20)), world) == []
    found = stock_advice_list.slow_layer(world.actor("d1"), row.id)
    assert (found.batch, found.quantity) == ("S2", 100)
    with pytest.raises(NotVisible):
        stock_advice_list.slow_layer(world.actor("d2"), row.id)


@pytest.mark.row("F05")
def test_what_was_out_of_order_is_told_in_money(world: Any) -> None:
    shipped(world, date(2026, 9, 1), {"B1": 100})
    a_report(
        world, "2026-10",
        {"batch": "B1", "opening": 30, "produced_on": date(2026, 6, 1)},
        {"batch": "B2", "opening": 50, "sell_out": 40, "produced_on": date(2026, 8, 1)},
        {"product": "B", "batch": "C1", "receipts": 30, "produced_on": date(2026, 6, 1)},
        {"product": "B", "batch": "C2", "opening": 9, "sell_out": 9,
         "produced_on": date(2026, 8, 1)},
    )  # fmt: skip
    report = stock_advice_list.last_report(world.actor("cm"), world.distributor("D1"))
    assert report is not None
    found = stock_advice_fifo.judge(report, stock_advice.advise(report, 7, 21, TODAY))
    # A: 30 boxes for sure at 100.00 as delivered; B: 9 possibly at 200.00 by the book.
    assert (found.certain_fen, found.possible_fen) == (300_000, 180_000)
    assert [(j.breach.certain, j.breach.possible) for j in found.breaches] == [(30, 0), (0, 9)]

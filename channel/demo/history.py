"""A year of trade in the fixture world, day by day through the use cases.

The same start gives the same world: the dice have a fixed seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.demo import (
    cash,
    channel_stock,
    clauses,
    credit_policies,
    deliveries,
    desk,
    diversions,
    dunning,
    exchanges,
    limits,
    market,
    rebate_evidence,
    rebate_policies,
    rebate_pool,
    rebate_trials,
    rebates_desk,
    reports,
    scores,
    sources,
    stock_advice,
    stock_checks,
)
from channel.demo.cast import DISTRIBUTORS
from channel.demo.world import World
from channel.models.agreements import Agreement, AgreementVersion
from channel.models.orders import Order, Shipment
from channel.models.receivables import Invoice
from channel.queries import catalogue
from channel.queries.agreements import ruling_version
from channel.services import (
    agreements,
    exceptions,
    orders,
    rebates,
    receivables,
    shipments,
)
from channel.services.steps.applications import Application
from channel.services.steps.pricing import Wanted
from contracts.approval import ActKind
from contracts.values.periods import Period

#: Boxes of A, B and N that each distributor takes in an ordinary half month.
PACE = {"D1": (140, 90, 40), "D2": (48, 36, 12), "D3": (80, 60, 20), "D4": (320, 260, 120)}
#: Trade grows over the year, and more before Spring Festival and in the hotpot season.
SEASON = (1.3, 0.7, 0.9, 0.9, 0.95, 0.9, 0.85, 0.9, 1.05, 1.15, 1.25, 1.3)


@dataclass
class History:
    """The trade of one world from its start to today."""

    world: World
    start: date
    today: date
    dice: random.Random = field(default_factory=lambda: random.Random(20260101))  # noqa: S311

    def play(self) -> None:
        clauses.agree(self.world, self.start, self.today)
        market.agree(self.world, self.start, self.today)
        rebate_policies.approve(self.world, self.start, self.today)
        for day in self._days():
            with clock.at(clock.instant_of(day, 10)):
                self._settle_quarter(day)
                self._pay(day)
                self._trade(day)
                self._report(day)
                desk.on_day(self.world, day, self.today)
                dunning.on_day(self.world, day, self.today)
                scores.on_day(self.world, day)
                rebate_pool.on_day(self.world, day, self.today)
                rebates_desk.on_day(self.world, day, self.today)
                rebate_trials.on_day(self.world, day, self.today)
        with clock.at(clock.instant_of(self.today, 9, 30)):
            self._leave_open()
            limits.settle(self.world, self.today)
            deliveries.leave_open(self.world, self.today)
            dunning.leave_open(self.world, self.today)
            credit_policies.propose(self.world, self.today)
        clauses.leave_open(self.world, self.today)
        market.leave_open(self.world, self.start, self.today)
        sources.leave_open(self.world, self.today)
        stock_checks.leave_open(self.world, self.today)
        channel_stock.leave_open(self.world, self.today)
        with clock.at(clock.instant_of(self.today, 9, 50)):
            scores.leave_open(self.world, self.today)
            stock_advice.leave_open(self.world, self.today)
        exchanges.leave_open(self.world, self.today)
        diversions.leave_open(self.world, self.start, self.today)
        rebate_evidence.leave_open(self.world, self.start, self.today)
        rebate_pool.leave_open(self.world, self.today)
        rebate_trials.leave_open(self.world, self.today)
        with clock.at(clock.instant_of(self.today, 9, 55)):
            cash.close_the_day(self.world, self.today)

    def _days(self) -> Iterator[date]:
        day = self.start
        while day <= self.today:
            yield day
            day += timedelta(days=1)

    def _is_active(self, code: str, day: date) -> bool:
        return ruling_version(self.world.distributor(code), day)[0] is not None

    def _trade(self, day: date) -> None:
        """Two deliveries a month each; ordered, shipped and invoiced on the day."""
        if day.day not in (6, 18) or (self.today - day).days < 2:
            return
        for code in DISTRIBUTORS:
            if self._is_active(code, day):
                self._deliver(code, day)

    def _deliver(self, code: str, day: date) -> None:
        world = self.world
        factor = SEASON[day.month - 1] * self.dice.uniform(0.85, 1.15)
        quantities = [max(10, int(q * factor) // 10 * 10) for q in PACE[code]]
        lines = tuple(Wanted(world.product(p), q) for p, q in zip("ABN", quantities, strict=True))
        draft = orders.Draft(world.distributor(code), day, world.ship_to(code), lines)
        order_id = orders.place_order(world.actor(code.lower()), draft)
        order = db.session.get_one(Order, order_id)
        if order.state != "confirmed":
            return
        produced = day - timedelta(days=self.dice.randint(8, 25))
        loads = [
            shipments.Load(line.id, line.quantity, f"{produced:%y%m%d}", produced)
            for line in order.lines
        ]
        shipment = shipments.plan_shipment(
            world.actor("cm"), world.distributor(code), day, world.ship_to(code), loads
        )
        if db.session.get_one(Shipment, shipment).state != "released":
            shipments.cancel_shipment(world.actor("cm"), shipment, "客户改期")
            orders.end_order(world.actor("cm"), order_id, "cancel", "客户改期")
            return
        shipments.dispatch_shipment(world.actor("cm"), shipment)
        shipments.invoice_shipment(world.actor("fin"), shipment, day)

    def _pay(self, day: date) -> None:
        """Invoices are paid a few days before they are due; D3 has been late since last month."""
        late = self.today - timedelta(days=60)
        due = db.session.scalars(
            sa.select(Invoice)
            .where(Invoice.pay_by == day + timedelta(days=3), Invoice.kind == "invoice")
            .order_by(Invoice.id)
        ).all()
        for invoice in [(i.distributor_id, i.gross_fen, i.number, i.invoice_date) for i in due]:
            distributor_id, fen, number, issued = invoice
            if distributor_id == self.world.distributor("D3") and issued > late:
                continue
            money = receivables.Money(
                distributor_id, day, fen, payer_name="", reference=f"货款 {number}"
            )
            receivables.book_receipt(self.world.actor("fin"), money)

    def _report(self, day: date) -> None:
        """Inventory reports of the month before, on the fourth working day; D3 is slow."""
        calendar = catalogue.work_calendar()
        if day == calendar.nth_working_day(day.year, day.month, 4):
            self._file_all(day, ("D1", "D2", "D4"))
        elif day == calendar.nth_working_day(day.year, day.month, 7) and (
            day.month != self.today.month or day.year != self.today.year
        ):
            self._file_all(day, ("D3",))

    def _file_all(self, day: date, codes: tuple[str, ...]) -> None:
        last = day.replace(day=1) - timedelta(days=1)
        month = Period.month(last.year, last.month)
        if month.start < self.start:
            return
        for code in codes:
            if self._is_active(code, month.start):
                lying = stock_advice.lying(code, month, self.today)
                reports.file_month(self.world, code, month, self.dice, lying)

    def _settle_quarter(self, day: date) -> None:
        """Finance runs the quarter in the second week after it, another posts it."""
        if day.day != 12 or day.month not in (1, 4, 7, 10):
            return
        last = day.replace(day=1) - timedelta(days=1)
        quarter = Period.quarter(last.year, (last.month + 2) // 3)
        if quarter.start < self.start:
            return
        run = rebates.propose(self.world.actor("fin"), quarter)
        rebates.review(self.world.actor("fin"), run)
        rebates.post(self.world.actor("fin2"), run)

    def _leave_open(self) -> None:
        """What a visitor finds waiting: a refused shipment, requests, a hold, drafts."""
        self._refused_shipment()
        self._place("D3", {"B": 300})
        orders.draft_order(self.world.actor("d1"), self._wish("D1", {"A": 120, "N": 30}))
        self._sent_back_request()
        desk.leave_open(self.world, self.today)
        self._renew()

    def _wish(self, code: str, quantities: dict[str, int]) -> orders.Draft:
        world = self.world
        lines = tuple(Wanted(world.product(p), q) for p, q in quantities.items())
        return orders.Draft(world.distributor(code), self.today, world.ship_to(code), lines)

    def _place(self, code: str, quantities: dict[str, int]) -> int:
        return orders.place_order(self.world.actor(code.lower()), self._wish(code, quantities))

    def _refused_shipment(self) -> None:
        """D2's small shipment is below the minimum; the rep asks for an exception."""
        world, today = self.world, self.today
        order = db.session.get_one(Order, self._place("D2", {"A": 40, "B": 15}))
        loads = [shipments.Load(line.id, line.quantity) for line in order.lines]
        shipment = db.session.get_one(
            Shipment,
            shipments.plan_shipment(
                world.actor("cm"), world.distributor("D2"), today, world.ship_to("D2"), loads
            ),
        )
        assert shipment.verdict is not None
        exceptions.request_exception(
            world.actor("rep"),
            Application(
                type="minimum",
                distributor_id=world.distributor("D2"),
                reason="县级市场，单次要货量小，门店库容有限",
                valid_from=today,
                valid_to=today + timedelta(days=90),
                asked={"floor_fen": 500_000},
                subject_kind="shipment",
                subject_id=shipment.id,
                finding=shipment.verdict["findings"][0],
                ground_means="门店两间，流动资金约三十万元，无逾期记录",
                ground_market="隆昌城区约三十万人，火锅店两百余家",
                expected_sales_fen=15_000_000,
                max_uses=6,
                max_value_fen=4_000_000,
            ),
        )

    def _sent_back_request(self) -> None:
        """D4's wish for a special price came back with a question."""
        world, today = self.world, self.today
        request = exceptions.request_exception(
            world.actor("d4"),
            Application(
                type="price",
                distributor_id=world.distributor("D4"),
                reason="新品上市促销",
                valid_from=today,
                valid_to=today + timedelta(days=30),
                asked={
                    "product_id": world.product("N"),
                    "unit_gross_fen": 14_000,
                    "max_quantity": 300,
                },
            ),
        )
        exceptions.decide(world.actor("cm"), request, ActKind.SEND_BACK, note="请补充销量预测")

    def _renew(self) -> None:
        """D1's agreement for the next year waits for a second person."""
        version = db.session.scalars(
            sa.select(AgreementVersion)
            .join(Agreement)
            .where(Agreement.distributor_id == self.world.distributor("D1"))
        ).first()
        assert version is not None
        new = agreements.amend_agreement(
            self.world.actor("cm"), version.id, version.valid_to, "续签下一年度"
        )
        agreements.submit_version(self.world.actor("cm"), new)

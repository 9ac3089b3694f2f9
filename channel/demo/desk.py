"""Exceptions of the demo: some that ran their course, some that wait, a cap and an absence.

The trade under them goes through the same doors as all other trade.
"""

from __future__ import annotations

from datetime import date, timedelta

from channel.db import db
from channel.demo.world import World
from channel.models.orders import Order, Shipment
from channel.queries.agreements import ruling_version
from channel.queries.outcomes import due_reviews
from channel.services import approvers, caps, exceptions, orders, outcomes, shipments, supports
from channel.services.steps.applications import Application
from channel.services.steps.pricing import Wanted
from contracts.approval import ActKind

#: Days before today on which something happened.
LOWERED, SMALL, SPECIAL, SOLD, REVIEWED = 120, (110, 96, 75), 62, 50, 20


def on_day(world: World, day: date, today: date) -> None:
    """What happened at the desk on a day of the past."""
    ago = (today - day).days
    if ago == LOWERED and ruling_version(world.distributor("D2"), day)[0] is not None:
        _lowered_minimum(world, day)
    elif ago in SMALL:
        _deliver(world, "D2", day, {"A": 45, "B": 12})
    elif ago == SPECIAL:
        _special_price(world, day)
    elif ago == SOLD:
        _deliver(world, "D4", day, {"N": 260})
    elif ago == REVIEWED:
        _review(world)


def _lowered_minimum(world: World, day: date) -> None:
    """D2 may take smaller shipments; after 90 days the outcome is due."""
    request = exceptions.request_exception(
        world.actor("rep"),
        Application(
            type="minimum",
            distributor_id=world.distributor("D2"),
            reason="县级市场起步，单次要货量小",
            valid_from=day,
            valid_to=day + timedelta(days=100),
            asked={"floor_fen": 500_000},
            ground_means="门店两间，流动资金约三十万元，无逾期记录",
            ground_market="隆昌城区约三十万人，火锅店两百余家",
            ground_cost="每月多送一趟，运费约三百元",
            expected_sales_fen=8_000_000,
            max_uses=12,
            max_value_fen=9_000_000,
            review_on=(day + timedelta(days=90), day + timedelta(days=100)),
        ),
    )
    exceptions.decide(world.actor("cm"), request, ActKind.APPROVE)
    exceptions.decide(world.actor("boss"), request, ActKind.APPROVE, note="同意试行")


def _special_price(world: World, day: date) -> None:
    """D4 sells the new good cheaper for a while."""
    request = exceptions.request_exception(
        world.actor("d4"),
        Application(
            type="price",
            distributor_id=world.distributor("D4"),
            reason="新品进店，首批让利",
            valid_from=day,
            valid_to=day + timedelta(days=30),
            asked={
                "product_id": world.product("N"),
                "unit_gross_fen": 14_200,
                "max_quantity": 260,
            },
            expected_sales_fen=4_000_000,
            review_on=(day + timedelta(days=30),),
        ),
    )
    exceptions.decide(world.actor("cm2"), request, ActKind.APPROVE)
    exceptions.decide(world.actor("fin"), request, ActKind.APPROVE)


def _deliver(world: World, code: str, day: date, quantities: dict[str, int]) -> None:
    """Ordered, shipped and invoiced on the day, where the rules let it."""
    distributor = world.distributor(code)
    if ruling_version(distributor, day)[0] is None:
        return
    lines = tuple(Wanted(world.product(p), q) for p, q in quantities.items())
    draft = orders.Draft(distributor, day, world.ship_to(code), lines)
    order_id = orders.place_order(world.actor(code.lower()), draft)
    order = db.session.get_one(Order, order_id)
    if order.state != "confirmed":
        orders.end_order(world.actor("cm"), order_id, "cancel", "客户改期")
        return
    produced = day - timedelta(days=12)
    loads = [
        shipments.Load(line.id, line.quantity, f"{produced:%y%m%d}", produced)
        for line in order.lines
    ]
    shipment = shipments.plan_shipment(
        world.actor("cm"), distributor, day, world.ship_to(code), loads
    )
    if db.session.get_one(Shipment, shipment).state != "released":
        shipments.cancel_shipment(world.actor("cm"), shipment, "客户改期")
        orders.end_order(world.actor("cm"), order_id, "cancel", "客户改期")
        return
    shipments.dispatch_shipment(world.actor("cm"), shipment)
    shipments.invoice_shipment(world.actor("fin"), shipment, day)


def _review(world: World) -> None:
    """The owner looks at the special price: it sold, and it ended by itself."""
    boss = world.actor("boss")
    found = [r.id for r in due_reviews(boss) if r.request.type == "price"]
    for review_id in found:
        outcomes.decide_review(
            boss,
            review_id,
            outcomes.Verdict("keep", "首批进店完成，按原价续订", margin_bp=2200),
        )


def leave_open(world: World, today: date) -> None:
    """What a visitor finds: a wish of D1, a cap that is full, a colleague who is away."""
    exceptions.request_exception(
        world.actor("rep"),
        Application(
            type="terms",
            distributor_id=world.distributor("D1"),
            reason="春节备货期间回款周期拉长",
            valid_from=today,
            valid_to=today + timedelta(days=75),
            asked={"extra_days": 15},
            ground_means="连续两年按期回款，现有三家直营超市合同",
            expected_sales_fen=30_000_000,
            max_value_fen=4_500_000,
        ),
    )
    caps.set_cap(world.actor("cm"), "511000", "prefecture", 1, today, "内江地级市场只设一家")
    caps.set_cap(world.actor("cm"), "510100", "prefecture", 2, today, "成都可设两家")
    _support(world, today)
    approvers.enter_absence(
        world.actor("cm2"),
        approvers.Away(
            world.users["cm2"].id,
            world.users["boss"].id,
            today + timedelta(days=2),
            today + timedelta(days=9),
            "外出培训",
        ),
    )


#: The smallest picture there is: a white dot, as PNG.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478"
    "9c63f8ffff3f0005fe02fea7350a5c0000000049454e44ae426082"
)


def _support(world: World, today: date) -> None:
    """D1's season budget: one support paid, one cut to what is left, one out of season."""
    cm, fin = world.actor("cm"), world.actor("fin")
    supports.set_season(cm, world.group("B"), [10, 11, 12, 1, 2])
    supports.set_season(cm, world.group("N"), [4, 5])
    budget = supports.set_budget(
        cm,
        supports.Budget(
            world.distributor("D1"),
            "火锅季终端支持",
            2_000_000,
            today - timedelta(days=30),
            today + timedelta(days=90),
        ),
    )

    def plan(title: str, fen: int, trigger: str, kind: str, group: str) -> int:
        claim = supports.Claim(kind, trigger, today, title, fen, world.group(group))
        return supports.plan_support(cm, budget, claim)

    paid = plan("火锅底料陈列堆头", 1_200_000, "competitor", "fee", "B")
    supports.prove_support(
        cm,
        paid,
        used_fen=1_180_000,
        evidence="陈列协议 12 份",
        result="新增堆头 12 个，周销增加约三成",
        file=("堆头.png", DOT),
    )
    supports.pay_support(fin, paid)
    plan("新品试吃", 900_000, "season", "goods", "N")

"""What rebates are judged by, in the demo: policies with conditions, and what they look at.

All begin with the present quarter, so that the quarters settled before stay as they were.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.demo.clauses import first_version
from channel.demo.world import World
from channel.messages.rebates_evidence import declaration_text, legal_note
from channel.models.agreements import Obligation
from channel.models.catalogue import Product
from channel.models.partners import Distributor
from channel.models.receivables import Invoice, InvoiceLine
from channel.queries import partners
from channel.services import (
    agreements_duties,
    exclusivity,
    market_incidents,
    rebates_baselines,
    rebates_policies,
    returns,
)
from channel.services import catalogue as goods
from channel.services.agreements_duties import NewDuty
from channel.services.rebates_baselines import Wish
from contracts.rebates.model import Base, Condition, Factor, Method, RebateTerms, Tier
from contracts.values.periods import Period, containing, preceding
from contracts.values.rates import Rate

ALL, NOTHING = Rate.percent(100), Rate.percent(0)
#: Nothing of a breach is let pass.
NONE_OF_IT = (Factor(Decimal(0), ALL), Factor(Decimal(1), NOTHING))


def leave_open(world: World, start: date, today: date) -> None:
    """What a visitor finds on the last day."""
    quarter = containing(today, "quarter")
    first = max(quarter.start, start)
    with clock.at(clock.instant_of(today, 9, 10)):
        for terms in _policies():
            _approve(world, terms, quarter.start)
        _baselines(world, quarter)
        _declarations(world, Period(first, quarter.end), today)
        _trainings(world, today)
        _return(world, today)
        _launch(world, quarter.start)


def _policies() -> list[RebateTerms]:
    """Process, growth for smaller ones, exclusivity and frequency, each by the quarter."""
    percent = Rate.percent
    return [
        RebateTerms(
            "PROC",
            "过程返利（报表、窜货、回款）",
            Method.WHOLE,
            (Tier(Decimal(0), percent("0.5")),),
            conditions=(
                Condition("report", NONE_OF_IT),
                Condition("diversion", NONE_OF_IT),
                Condition(
                    "collection",
                    (
                        Factor(Decimal(0), ALL),
                        Factor(Decimal(16), percent(80)),
                        Factor(Decimal(31), NOTHING),
                    ),
                ),
            ),
        ),
        RebateTerms(
            "GROW",
            "增长返利（中小客户）",
            Method.WHOLE,
            (
                Tier(Decimal(0), percent("0.5")),
                Tier(Decimal(20), percent("1")),
                Tier(Decimal(50), percent("2")),
            ),
            gauge="growth",
            reference="typed",
        ),
        RebateTerms(
            "EXCL",
            "专营奖励",
            Method.WHOLE,
            (Tier(Decimal(0), percent("0.8")),),
            conditions=(
                Condition("exclusivity", (Factor(Decimal(0), NOTHING), Factor(Decimal(1), ALL))),
            ),
        ),
        RebateTerms(
            "FREQ",
            "频次奖励",
            Method.LUMP,
            (Tier(Decimal(5), amount=Decimal(300)),),
            Base(vat="gross"),
            gauge="orders",
            pays="amount",
            qualify_fen=1_000_000,
        ),
    ]


def _approve(world: World, terms: RebateTerms, valid_from: date) -> None:
    draft = rebates_policies.Draft(terms, valid_from, "all", "本季度起试行")
    policy = rebates_policies.draft_policy(world.actor("cm"), draft)
    rebates_policies.submit(world.actor("cm"), policy)
    rebates_policies.approve(world.actor("cm2"), policy)


def _baselines(world: World, quarter: Period) -> None:
    """D2's is approved, D3's waits for a second person."""
    for code, value_e4 in (("D2", 800_000_000), ("D3", 1_500_000_000)):
        wish = Wish(
            world.distributor(code), "GROW", quarter, "CNY", value_e4, "按前两季平均销售额核定"
        )
        made = rebates_baselines.propose(world.actor("cm"), wish)
        if code == "D2":
            rebates_baselines.decide(world.actor("fin"), made, is_approved=True)


def _declarations(world: World, days: Period, today: date) -> None:
    """D1 and D3 declare; of D3 rival goods are confirmed, of D2 a sighting is open."""
    maker = partners.get_maker().name
    for code in ("D1", "D3"):
        actor = world.actor(code.lower())
        owner = db.session.get_one(Distributor, world.distributor(code))
        text = declaration_text(maker, owner.name)
        wish = exclusivity.Declaration(
            days.start, days.last_day, actor.name, True, "zh", text, legal_note()
        )
        exclusivity.sign(actor, wish)
    for code, place in (("D3", "自贡贡井便民超市"), ("D2", "隆昌好邻居便利店")):
        filing = market_incidents.Filing(
            world.distributor(code),
            "rival",
            "货架上发现竞品豆瓣酱，已拍照",
            clock.instant_of(max(days.start, today - timedelta(days=4))),
            severity="low",
            place=place,
        )
        case = market_incidents.file_incident(world.actor("cm"), filing)
        if code == "D3":
            result = "现场核实，经销商承认经营竞品"
            market_incidents.close(world.actor("cm"), case, result, is_upheld=True)


def _trainings(world: World, today: date) -> None:
    """D1's took place in time; D2's is still to come."""
    for code, due in (("D1", today - timedelta(days=6)), ("D2", today + timedelta(days=12))):
        duty = NewDuty("新品陈列与先进先出培训", due, kind="training")
        made = agreements_duties.add_obligation(
            world.actor("cm"), first_version(world, code).id, duty
        )
        if code == "D1":
            row = db.session.get_one(Obligation, made)
            agreements_duties.fulfil_obligation(
                world.actor("cm"), made, "签到表与照片", row.row_version, due - timedelta(days=2)
            )


def _return(world: World, today: date) -> None:
    """A few boxes of last quarter come back now: its rebate is corrected by the next run."""
    before = preceding(today, "quarter")
    line = db.session.scalars(
        sa.select(InvoiceLine)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(
            InvoiceLine.distributor_id == world.distributor("D2"),
            Invoice.kind == "invoice",
            InvoiceLine.quantity >= 10,
            InvoiceLine.is_free.is_(False),
            InvoiceLine.invoice_date >= before.start,
            InvoiceLine.invoice_date < before.end,
        )
        .order_by(InvoiceLine.id.desc())
        .limit(1)
    ).first()
    if line is not None:
        wish = returns.Wish({line.id: 5}, today, "运输破损，五箱退回", True, "demo-return")
        returns.book(world.actor("fin"), line.invoice_id, wish)


def _launch(world: World, on: date) -> None:
    """N is the new product."""
    product = db.session.get_one(Product, world.product("N"))
    facts = goods.ProductFacts(
        **{name: getattr(product, name) for name in goods.ProductFacts.__dataclass_fields__}
        | {"launched_on": on}
    )
    goods.save_product(world.actor("admin"), product.id, facts)

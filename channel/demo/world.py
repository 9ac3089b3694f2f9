"""The fixture world of the mission: maker 川香食品, three goods, four distributors.

Tests start from it and the demo adds a year of trade to it. All names and figures are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from channel.access import SYSTEM, Actor
from channel.db import db
from channel.demo.cast import (
    BOOK,
    COUNTY_OPENED,
    DISTRIBUTORS,
    GOODS,
    GROUPS,
    PASSWORD,
    POLICY,
    USERS,
)
from channel.models.accounts import User
from channel.models.catalogue import PriceBook, PriceEntry, Product, ProductGroup
from channel.models.credit import CreditLimit
from channel.models.jobs import MailMessage
from channel.models.partners import Distributor, Maker, ShipTo
from channel.models.rebates import RebatePolicy
from channel.queries.accounts import actor_of
from channel.services import agreements, exceptions
from channel.services.accounts import hash_password
from channel.services.steps.applications import Application
from channel.services.work import Work, work
from contracts.agreement import Terms
from contracts.approval import ActKind
from contracts.payment_terms import PaymentTerm
from contracts.rebates.model import Method, RebateTerms, Tier
from contracts.rebates.terms_json import terms_hash as policy_hash
from contracts.rebates.terms_json import to_json as policy_json
from contracts.targets import Target
from contracts.territory import Territory
from contracts.values.periods import Period
from contracts.values.rates import Rate
from contracts.values.schedules import Dated


@dataclass
class World:
    """Ids by short name, for tests and for the demo."""

    users: dict[str, User] = field(default_factory=dict)
    distributors: dict[str, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    ship_tos: dict[str, int] = field(default_factory=dict)
    app: Any = None

    @classmethod
    def load(cls) -> World:
        """Find the world again in the database."""
        world = cls()
        for user in db.session.scalars(sa.select(User)):
            world.users[user.email.split("@")[0]] = user
        world.distributors = dict(
            db.session.execute(sa.select(Distributor.code, Distributor.id)).all()
        )
        world.products = dict(db.session.execute(sa.select(Product.code, Product.id)).all())
        world.groups = dict(db.session.execute(sa.select(Product.code, Product.group_id)).all())
        world.ship_tos = dict(
            db.session.execute(
                sa.select(Distributor.code, sa.func.min(ShipTo.id))
                .join(ShipTo, ShipTo.distributor_id == Distributor.id)
                .group_by(Distributor.code)
            ).all()
        )
        world._actors = {name: actor_of(user) for name, user in world.users.items()}
        db.session.rollback()
        return world

    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return self._actors[name]

    def distributor(self, code: str) -> int:
        return self.distributors[code]

    def product(self, code: str) -> int:
        return self.products[code]

    def group(self, product_code: str) -> int:
        return self.groups[product_code]

    def ship_to(self, code: str) -> int:
        return self.ship_tos[code]


def email_of(name: str) -> str:
    return f"{name}@weir.example"


def build_world(start: date = date(2026, 1, 1), end: date = date(2027, 1, 1)) -> World:
    """Make the world, with agreements from `start` to `end` (exclusive)."""
    _partners_and_goods(start)
    world = World.load()
    _policy_and_limits(world, start)
    _open_county(world, start, end)
    _agreements(world, start, end)
    with work(SYSTEM) as w:
        # What the making of the world would have mailed to its people is no news to them.
        w.session.execute(sa.delete(MailMessage))
    return World.load()


def _partners_and_goods(start: date) -> None:
    with work(SYSTEM) as w:
        maker = w.session.scalars(sa.select(Maker)).first() or Maker(name="")
        maker.name, maker.name_en = "川香食品有限公司", "Chuanxiang Foods"
        maker.uscc, maker.address = "91510100MA0000000H", "四川省成都市锦江区示范路 1 号"
        w.session.add(maker)
        _add_distributors(w)
        _add_users(w)
        _add_goods(w, start)


def _add_distributors(w: Work) -> None:
    for code, (name, kind, uscc, division, _limit, place, place_name) in DISTRIBUTORS.items():
        w.session.add(
            Distributor(
                code=code,
                name=name,
                kind=kind,
                uscc=uscc,
                division_code=division,
                tax_name=name,
                contact=USERS[code.lower()][0],
                phone="13800008000",
                currency="CNY",
                created_at=w.now,
                row_version=1,
                ship_tos=[ShipTo(name=place_name, division_code=place)],
            )
        )


def _add_users(w: Work) -> None:
    hashed = hash_password(PASSWORD)
    w.session.flush()  # users refer to distributors
    ids = dict(w.session.execute(sa.select(Distributor.code, Distributor.id)).all())
    for name, (person, role, code) in USERS.items():
        w.session.add(
            User(
                email=email_of(name),
                name=person,
                role=role.value,
                password_hash=hashed,
                distributor_id=ids[code] if code else None,
                locale="zh_CN",
                created_at=w.now,
                session_epoch=0,
            )
        )
    w.session.flush()  # the rep's id is needed
    rep = w.session.scalars(sa.select(User).where(User.role == "sales_rep")).one()
    for code in ("D1", "D2", "D3"):
        w.session.get_one(Distributor, ids[code]).sales_rep_id = rep.id


def _add_goods(w: Work, start: date) -> None:
    """Goods in their groups, with approved prices in the national book."""
    groups = {code: ProductGroup(code=code, name=name) for code, name in GROUPS.items()}
    book = PriceBook(code=BOOK, name="全国统一经销价", currency="CNY")
    w.session.add_all([*groups.values(), book])
    w.session.flush()  # goods and prices refer to groups and book
    for code, (name, english, group, price, case) in GOODS.items():
        product = Product(
            code=code,
            name=name,
            name_en=english,
            group_id=groups[group].id,
            unit="箱",
            units_per_case=case if code == "B" else 1,
            vat_class="standard",
            shelf_life_days=365,
        )
        w.session.add(product)
        w.session.flush()  # the price refers to product.id
        w.session.add(
            PriceEntry(
                book_id=book.id,
                product_id=product.id,
                gross_fen=price,
                valid_from=start,
                proposed_at=w.now,
                approved_at=w.now,
            )
        )


def _policy_and_limits(world: World, start: date) -> None:
    terms = RebateTerms(
        code=POLICY,
        name="季度阶梯返利",
        method=Method.WHOLE,
        tiers=(
            Tier(Decimal(0), Rate.percent("1")),
            Tier(Decimal(100_000), Rate.percent("2")),
            Tier(Decimal(200_000), Rate.percent("3")),
        ),
        period_kind="quarter",
    )
    with work(SYSTEM) as w:
        w.session.add(
            RebatePolicy(
                code=POLICY,
                version_no=1,
                name=terms.name,
                state="approved",
                valid_from=start,
                terms=policy_json(terms),
                terms_hash=policy_hash(terms),
                row_version=1,
                submitted_by_id=world.users["cm"].id,
                submitted_at=w.now,
                approved_by_id=world.users["boss"].id,
                approved_at=w.now,
                enrols="agreement",
            )
        )
        for code, row in DISTRIBUTORS.items():
            w.session.add(
                CreditLimit(
                    distributor_id=world.distributor(code),
                    currency="CNY",
                    kind="fixed",
                    amount_fen=row[4],
                    valid_from=start,
                    reason="年度授信",
                    proposed_by_id=world.users["fin"].id,
                    proposed_at=w.now,
                    approved_by_id=world.users["boss"].id,
                    approved_at=w.now,
                )
            )


def terms_for(code: str, start: date, end: date) -> Terms:
    """The agreement's words of one distributor of the world."""
    division = DISTRIBUTORS[code][3]
    opened = max(start, COUNTY_OPENED)
    cuts = (Dated("511083", opened, None),) if code == "D1" and opened < end else ()
    quarters = [
        p
        for p in (
            Period.quarter(y, q) for y in range(start.year, end.year + 1) for q in (1, 2, 3, 4)
        )
        if p.start >= start and p.end <= end
    ]
    return Terms(
        territory=Territory(frozenset({division}), carve_outs=cuts),
        price_book=BOOK,
        payment=PaymentTerm("net_days", 30, None, "shipment", "next"),
        targets=tuple(Target(p, frozenset(), 12_000_000) for p in quarters),
        rebate_policies=(POLICY,),
    )


def _open_county(world: World, start: date, end: date) -> None:
    """The county of D2 is opened by an exception: asked for by the rep, signed by two desks.

    It holds two years, so that the agreements of the next year stand on it as well.
    """
    opened = max(start, COUNTY_OPENED) if end > COUNTY_OPENED else start
    request = exceptions.request_exception(
        world.actor("rep"),
        Application(
            type="level",
            distributor_id=world.distributor("D2"),
            reason="隆昌县级市场尚无人经营，申请单独开放",
            valid_from=opened,
            valid_to=opened + timedelta(days=731),
            asked={"division_code": "511083"},
            ground_means="门店两间，流动资金约三十万元，自有送货车一辆",
            ground_market="隆昌城区约三十万人，火锅店两百余家",
            expected_sales_fen=30_000_000,
            review_on=(opened + timedelta(days=180), opened + timedelta(days=731)),
        ),
    )
    exceptions.decide(world.actor("cm2"), request, ActKind.APPROVE)
    exceptions.decide(world.actor("boss"), request, ActKind.APPROVE, note="同意开放，半年后复核")


def _agreements(world: World, start: date, end: date) -> None:
    """Drafted and submitted by one channel manager, approved by another."""
    for code in DISTRIBUTORS:
        first = max(start, COUNTY_OPENED) if code == "D2" and end > COUNTY_OPENED else start
        draft = agreements.Draft(first, end, terms_for(code, first, end), "首次签约")
        version = agreements.draft_agreement(
            world.actor("cm"),
            world.distributor(code),
            draft,
            number=f"CX-{start.year}-{code}",
        )
        agreements.submit_version(world.actor("cm"), version)
        agreements.approve_version(world.actor("cm2"), version)

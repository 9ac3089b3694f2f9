"""Prices down the channel, target plans and the market of the demo world; all made up.

D1 is left as it was for visitors who walk through the rules themselves; the others show what a
running year leaves behind.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.demo.world import World
from channel.models.agreements import AgreementVersion
from channel.models.market import Incident, Promotion
from channel.models.orders import Shipment
from channel.services import (
    agreements,
    freight,
    market_display,
    market_incidents,
    market_prices,
    market_promotions,
    market_sizes,
    prices_suggested,
    targets,
)
from channel.services.agreements import Draft
from channel.services.market_display import Placing
from channel.services.market_incidents import Filing
from channel.services.market_prices import OutletFacts, Seen
from channel.services.market_promotions import Happened, PromotionPlan
from channel.services.prices_suggested import Suggestion
from channel.services.steps.market import File
from channel.services.targets import PlanFacts
from contracts import agreement as rules
from contracts.clauses import MixRule
from contracts.plans import Weights
from contracts.values.periods import containing
from contracts.values.rates import Rate

#: Wholesale, retail and the band of each good, in fen.
LADDER = {
    "A": (10_800, 13_000, 9_500, 13_000),
    "B": (22_000, 26_800, 20_500, 27_500),
    "N": (15_900, 19_800, 15_000, 20_500),
}
#: What the maker pays to carry goods, in thousandths of their value.
FREIGHT = {"D1": 21, "D2": 34, "D3": 25, "D4": 9}
OUTLETS = (
    ("D2", "隆昌好邻居便利店", "convenience", "511083"),
    ("D3", "自贡大安批发市场 12 号", "wholesale", "510304"),
    ("D4", "成都锦江生活超市", "supermarket", "510104"),
    ("D4", "成都春熙路火锅店", "restaurant", "510104"),
)
FACES = (("货架", 2), ("堆头", 1), ("端架", 1), ("收银台", 1))


def agree(world: World, start: date, today: date) -> None:
    """Before the trade: what goods are suggested to cost, and the mix that D2 promises."""
    with clock.at(clock.instant_of(start, 9)):
        for code, (wholesale, retail, floor, ceiling) in LADDER.items():
            entry = prices_suggested.suggest(
                world.actor("cm"),
                world.product(code),
                Suggestion(start, wholesale, retail, floor, ceiling),
            )
            prices_suggested.approve_suggestion(world.actor("cm2"), entry)
    quarter = containing(today, "quarter").start
    version = db.session.scalars(
        sa.select(AgreementVersion)
        .where(AgreementVersion.agreement.has(distributor_id=world.distributor("D2")))
        .order_by(AgreementVersion.id)
    ).first()
    if version is None or not version.valid_from < quarter < version.valid_to:
        return
    with clock.at(clock.instant_of(max(start, quarter - timedelta(days=5)), 9)):
        end = version.valid_to
        new = agreements.amend_agreement(
            world.actor("cm"), version.id, quarter, "约定品种比例", end
        )
        terms = rules.from_json(db.session.get_one(AgreementVersion, new).terms)
        mix = (MixRule("HOTPOT", Rate.percent("30"), "quarter"),)
        draft = Draft(quarter, end, replace(terms, mix=mix), "约定品种比例")
        agreements.save_draft(world.actor("cm"), new, draft)
        agreements.submit_version(world.actor("cm"), new)
        agreements.approve_version(world.actor("cm2"), new)


def leave_open(world: World, start: date, today: date) -> None:
    """What a visitor finds on the last day."""
    _Market(world, start, today).play()


def photo() -> bytes:
    """A small grey picture as PNG: made here, so that nobody's photo is needed."""
    width, height = 64, 48
    rows = b"".join(b"\0" + bytes(160 + (x + y) % 60 for x in range(width)) for y in range(height))

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + name + data + crc

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 0, 0, 0, 0))
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


class _Market:
    """The registers of the market, day by day backwards from today."""

    def __init__(self, world: World, start: date, today: date) -> None:
        self.world, self.start, self.today = world, start, today

    @contextmanager
    def days_ago(self, days: int, hour: int = 10) -> Iterator[date]:
        """The clock so many days back, never before the world began."""
        day = max(self.start, self.today - timedelta(days=days))
        with clock.at(clock.instant_of(day, hour)):
            yield day

    def play(self) -> None:
        with self.days_ago(90):
            self.shops = [
                market_prices.save_outlet(
                    self.world.actor("cm"),
                    None,
                    OutletFacts(self.world.distributor(code), name, kind, division),
                )
                for code, name, kind, division in OUTLETS
            ]
        self._prices()
        self._promotions()
        self._incidents()
        self._displays()
        self._sizes_and_freight()
        self._plans()

    def _seen(self, days: int, code: str, good: str, fen: int, place: str) -> None:
        with self.days_ago(days) as day:
            world = self.world
            wish = Seen(
                world.distributor(code), world.product(good), fen, day,
                place=place, evidence="价签照片",
            )  # fmt: skip
            market_prices.report_price(world.actor("cm"), wish, [File("价签.png", photo())])

    def _prices(self) -> None:
        """Some inside the band, some not; the older incidents are closed."""
        for days, code, good, fen, place in (
            (66, "D3", "A", 9_000, "自贡汇东超市"),
            (41, "D4", "B", 28_800, "成都机场便利店"),
            (24, "D4", "A", 12_800, "成都锦江生活超市"),
            (16, "D2", "N", 18_900, "隆昌好邻居便利店"),
            (12, "D4", "N", 14_200, "成都荷花池批发市场"),
            (4, "D3", "A", 9_200, "自贡大安批发市场"),
        ):
            self._seen(days, code, good, fen, place)
        with self.days_ago(61):
            self._close(1, "核实为临期清货，已下架，口头提醒")
        with self.days_ago(30):
            self._close(2, "门店已调回建议零售价")
        with self.days_ago(10):
            number = self._incident(3)
            text = "批发价低于价格区间下限，请三日内说明原因"
            market_incidents.notify(self.world.actor("cm"), number, text)

    def _incident(self, nth: int) -> int:
        ids = db.session.scalars(sa.select(Incident.id).order_by(Incident.id)).all()
        return ids[nth - 1]

    def _close(self, nth: int, result: str) -> None:
        market_incidents.close(self.world.actor("cm"), self._incident(nth), result)

    def _promotions(self) -> None:
        world, d4 = self.world, self.world.actor("d4")
        owner = world.distributor("D4")
        with self.days_ago(25) as day:
            plan = PromotionPlan(
                owner, "冬季火锅节", "火锅底料买十送一，五家门店堆头陈列", 2_000_000,
                day + timedelta(days=5), day + timedelta(days=45),
            )  # fmt: skip
            approved = market_promotions.file_promotion(d4, plan)
        with self.days_ago(23):
            market_promotions.decide_promotion(world.actor("cm"), approved, True, "注意保留凭证")
        with self.days_ago(8) as day:
            number = db.session.get_one(Promotion, approved).approval_number or ""
            happened = Happened(owner, day, "堆头陈列与买赠", number, place="成都锦江生活超市")
            market_promotions.log_promotion(d4, happened)
        with self.days_ago(18) as day:
            happened = Happened(
                world.distributor("D3"), day, "全场豆瓣酱第二件半价", place="自贡汇东超市"
            )
            market_promotions.log_promotion(world.actor("cm"), happened)
        with self.days_ago(2) as day:
            plan = PromotionPlan(
                world.distributor("D2"), "新品试吃", "周末门店试吃，赠小包装", 300_000,
                day + timedelta(days=7), day + timedelta(days=9),
            )  # fmt: skip
            market_promotions.file_promotion(world.actor("d2"), plan)

    def _incidents(self) -> None:
        world = self.world
        for days, code, kind, topic, severity, what in (
            (52, "D4", "local", "government", "medium", "市场监管局抽检三个批次"),
            (33, "D3", "diversion", "", "high", "在自贡发现喷码为其他区域的豆瓣酱两百箱"),
            (0, "D2", "local", "media", "high", "本地自媒体发布产品变质的短视频"),
        ):
            with self.days_ago(days, 8):
                filing = Filing(
                    world.distributor(code), kind, what, clock.now() - timedelta(hours=2), topic,
                    severity, "门店现场", interest="品牌声誉与当季销售",
                )  # fmt: skip
                by = world.actor(code.lower() if kind == "local" else "cm")
                incident = market_incidents.file_incident(by, filing)
            if days == 52:
                with self.days_ago(days, 15):
                    market_incidents.acknowledge(world.actor("cm"), incident)
                with self.days_ago(44):
                    market_incidents.close(world.actor("cm"), incident, "抽检合格，报告已存档")
            elif days == 33:
                with self.days_ago(days - 1):
                    market_incidents.acknowledge(world.actor("cm"), incident)

    def _displays(self) -> None:
        world, cm = self.world, self.world.actor("cm")
        with self.days_ago(80) as day:
            for kind in ("supermarket", "convenience"):
                market_display.set_standard(cm, kind, day, FACES)
        whole = dict(FACES)
        for days, shop, found in ((9, 2, whole), (6, 0, whole | {"端架": 0})):
            with self.days_ago(days) as day:
                market_display.check_display(cm, self.shops[shop], day, found)
        with self.days_ago(15) as day:
            placed = [
                market_display.place_pop(
                    world.actor("d2"), Placing(self.shops[0], item, day, spot, "邓店长")
                )
                for item, spot in (("灯箱", "门头"), ("新品海报", "入口"))
            ]
        with self.days_ago(5) as day:
            market_display.remove_pop(world.actor("d2"), placed[1], day, "破损")

    def _sizes_and_freight(self) -> None:
        cm, fin = self.world.actor("cm"), self.world.actor("fin")
        for code, yuan in (("510100", 48_000_000), ("511000", 6_500_000), ("510300", 5_800_000)):
            market_sizes.enter_size(cm, code, self.today.year, yuan * 100, "行业协会估算")
        codes = {self.world.distributor(code): share for code, share in FREIGHT.items()}
        recent = sa.select(Shipment.id, Shipment.distributor_id, Shipment.goods_gross_fen).where(
            Shipment.state == "invoiced", Shipment.ship_date >= self.today - timedelta(days=75)
        )
        for shipment, owner, goods in db.session.execute(recent.order_by(Shipment.id)).all():
            fen = goods * codes[owner] // 100_000 * 100
            freight.record_freight(fin, shipment, fen, "川运物流")

    def _plans(self) -> None:
        """Next year's: D4's is signed, D3's asks for much and waits for a second person."""
        world, year = self.world, self.today.year + 1
        weights = Weights((28, 22, 20, 30), (1,) * 12, (("HOTPOT", 50), ("NEW", 15), ("SAUCE", 35)))
        for code, fen, reason in (
            ("D4", 320_000_000, "直营门店扩至三十家"),
            ("D3", 160_000_000, "与两家连锁超市签订进场协议，春节前铺货"),
        ):
            with self.days_ago(6):
                plan = targets.draft_plan(
                    world.actor("cm"),
                    world.distributor(code),
                    PlanFacts(year, fen, weights, reason),
                )
                targets.submit_plan(world.actor("cm"), plan)
            if code == "D4":
                with self.days_ago(5):
                    targets.sign_plan(world.actor("cm2"), plan)

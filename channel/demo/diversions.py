"""Cross-territory selling in the demo: codes on what left, a case open, one decided, one reversed.

D1's goods bear codes too, and nothing was found of them: a visitor finds the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.demo.market import photo
from channel.demo.world import World
from channel.models.diversions import CodeScan, TraceRange
from channel.models.orders import Shipment
from channel.services import conduct, diversions, market_incidents, trace_codes
from channel.services.diversions import Found
from channel.services.steps.market import File
from channel.services.trace_codes import Binding
from contracts.consequences import Consequence

#: So many days of shipments bear codes; every fifth line was sent without.
DAYS = 75
UNCODED = 5
PLACES = {
    "510300": "自贡大安批发市场 7 号",
    "510100": "成都荷花池批发市场 B 区",
    "511000": "内江城西粮油市场",
}


def leave_open(world: World, start: date, today: date) -> None:
    """What a visitor finds on the last day."""
    _bind_codes(world, today)
    _Cases(world, start, today).play()


def _bind_codes(world: World, today: date) -> None:
    """A range for each line, one code a box, in the order in which the goods left."""
    shipments = db.session.scalars(
        sa.select(Shipment)
        .where(
            Shipment.state.in_(("shipped", "invoiced")),
            Shipment.ship_date >= today - timedelta(days=DAYS),
        )
        .order_by(Shipment.ship_date, Shipment.id)
    ).all()
    wanted = [(s.id, line.id, line.quantity) for s in shipments for line in s.lines]
    number = 260_100_001
    with clock.at(clock.instant_of(today, 8)):
        for nth, (shipment, line, quantity) in enumerate(wanted):
            if nth % UNCODED == UNCODED - 1:
                continue
            last = number + quantity - 1
            wish = Binding(line, "case", f"CX{number}", f"CX{last}")
            trace_codes.bind(world.actor("cm"), shipment, wish)
            number = last + 1


class _Cases:
    """Findings and what came of them."""

    def __init__(self, world: World, start: date, today: date) -> None:
        self.world, self.start, self.today = world, start, today

    @contextmanager
    def days_ago(self, days: int, hour: int = 10) -> Iterator[date]:
        """The clock so many days back, never before the world began."""
        day = max(self.start, self.today - timedelta(days=days))
        with clock.at(clock.instant_of(day, hour)):
            yield day

    def play(self) -> None:
        self._decided()
        self._reversed()
        self._running()
        self._find(5, "D2", "511083", "隆昌好邻居便利店")
        with self.days_ago(3) as day:
            wish = Found("510300", PLACES["510300"], day, "ZX000231", note="标签被刮，疑似仿冒")
            diversions.record(self.world.actor("cm"), wish, [])

    def _find(self, days: int, code: str, division: str, place: str = "", nth: int = 0) -> int:
        """A finding of a box of a distributor; its case, 0 without one."""
        owner = self.world.distributor(code)
        codes = db.session.scalars(
            sa.select(TraceRange.first_code)
            .where(TraceRange.distributor_id == owner)
            .order_by(TraceRange.id)
        ).all()
        if not codes:
            return 0
        with self.days_ago(days) as day:
            wish = Found(
                division, place or PLACES[division], day, codes[nth % len(codes)], quantity=6,
                note="巡查发现，已拍照取证",
            )  # fmt: skip
            scan = diversions.record(self.world.actor("cm"), wish, [File("货箱.png", photo())])
        return db.session.get_one(CodeScan, scan).incident_id or 0

    def _hear(self, case: int, days: int, by: str, answer: str) -> None:
        """Notice, and some days later the answer."""
        with self.days_ago(days):
            text = "请说明该批货物的流向，并提供销售单据"
            conduct.notify(self.world.actor("cm"), case, text)
        with self.days_ago(days - 3):
            market_incidents.answer(self.world.actor(by), case, answer)

    def _decide(self, case: int, days: int, result: str, fen: int, why: str) -> int:
        with self.days_ago(days):
            wish = Consequence("fine", fen, "settlement", why)
            step = conduct.decide(
                self.world.actor("cm"), case, result, is_upheld=True, consequence=wish
            )
        with self.days_ago(days - 1):
            conduct.sign(self.world.actor("fin"), step or 0, is_approved=True, note="情况属实")
        return step or 0

    def _decided(self) -> None:
        case = self._find(32, "D3", "510100")
        self._find(30, "D3", "510100", nth=1)
        if case:
            self._hear(case, 28, "d3", "二批商低价转卖，已停止供货")
            self._decide(case, 20, "属实，二批商跨区转卖", 300_000, "双方协商，首次从轻")

    def _reversed(self) -> None:
        case = self._find(44, "D4", "511000")
        if not case:
            return
        self._hear(case, 42, "d4", "顾客自行带货，非本公司销售")
        step = self._decide(case, 35, "证据显示成批销售，予以认定", 200_000, "按和解金额")
        with self.days_ago(12):
            back = conduct.reverse(self.world.actor("cm"), step, "申诉成立：系顾客自购带出")
        with self.days_ago(11):
            conduct.sign(self.world.actor("boss"), back, is_approved=True, note="同意撤销")

    def _running(self) -> None:
        case = self._find(4, "D2", "510300")
        if case:
            with self.days_ago(2):
                text = "请在期限内说明货物流向，并附销售单据"
                conduct.notify(self.world.actor("cm"), case, text)

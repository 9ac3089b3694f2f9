"""The market: prices seen, promotions, incidents, displays, POP and white space."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from channel import clock
from channel.access import NotVisible
from channel.db import db
from channel.models.jobs import MailMessage
from channel.models.market import DisplayCheck, Incident, PriceReport, Promotion, PromotionLog
from channel.queries import market_display, market_incidents, market_white
from channel.queries.listing import fetch
from channel.services import (
    market_display as displays,
)
from channel.services import (
    market_incidents as incidents,
)
from channel.services import (
    market_prices,
    market_promotions,
    market_sizes,
)
from channel.services.market_incidents import Filing
from channel.services.market_prices import OutletFacts, Seen
from channel.services.market_promotions import Happened, PromotionPlan
from channel.services.steps.market import File
from channel.services.work import Refused
from contracts.values.periods import Period
from tests.builders import delivered
from tests.services.test_suggested_prices import suggested

pytestmark = pytest.mark.database
TODAY = date(2026, 11, 21)
NOVEMBER = Period.month(2026, 11)
PHOTO = File("货架.jpg", b"\xff\xd8\xff\xe0 photo")


def seen(world, fen: int, code: str = "D1", on: date = TODAY, **more) -> int:
    wish = Seen(world.distributor(code), world.product("A"), fen, on, place="东市场", **more)
    return market_prices.report_price(world.actor("rep" if code != "D4" else "cm"), wish)


def all_incidents() -> list[Incident]:
    return list(db.session.scalars(sa.select(Incident).order_by(Incident.id)))


def mails() -> list[str]:
    """To whom the incidents were told."""
    told = sa.select(MailMessage.recipient).where(MailMessage.key.startswith("incident:"))
    return list(db.session.scalars(told))


@pytest.mark.row("A04")
def test_prices_outside_the_band_open_one_incident_each(world):
    suggested(world)  # band 95 to 130
    for fen in (8_000, 14_000, 9_500, 13_000):
        seen(world, fen)
    found = all_incidents()
    assert [i.finding[0]["code"] for i in found] == [
        "resale.below_floor", "resale.above_ceiling",
    ]  # fmt: skip
    assert {i.kind for i in found} == {"price"}
    verdicts = db.session.scalars(sa.select(PriceReport.verdict).order_by(PriceReport.id))
    assert list(verdicts) == ["below", "above", "inside", "inside"]


@pytest.mark.row("A04")
def test_the_band_of_the_day_counts_and_stays_with_the_report(world):
    suggested(world)
    report = db.session.get_one(PriceReport, seen(world, 8_000, on=date(2026, 11, 20)))
    assert (report.verdict, report.floor_fen) == ("no_band", None)
    assert all_incidents() == []
    with pytest.raises(Refused, match="in_future"):
        seen(world, 8_000, on=TODAY + timedelta(days=1))


@pytest.mark.row("A04")
def test_an_incident_walks_from_notice_over_answer_to_its_result(world):
    suggested(world)
    seen(world, 8_000)
    (incident,) = all_incidents()
    with pytest.raises(Refused, match="not_now"):
        incidents.answer(world.actor("d1"), incident.id, "先答")
    incidents.notify(world.actor("cm"), incident.id, "请说明低价原因")
    assert mails() == ["d1@weir.example"]
    with pytest.raises(NotVisible):
        incidents.answer(world.actor("d2"), incident.id, "不是我")
    incidents.answer(world.actor("d1"), incident.id, "门店清仓，已恢复原价", [PHOTO])
    with pytest.raises(Refused, match="result_needed"):
        incidents.close(world.actor("cm"), incident.id, "  ")
    incidents.close(world.actor("cm"), incident.id, "属实，口头警告")
    (incident,) = all_incidents()
    assert (incident.state, incident.result) == ("closed", "属实，口头警告")


@pytest.mark.row("A09")
def test_a_promotion_without_its_number_is_an_incident_and_with_it_evidence(world):
    def log(number: str, on: date = TODAY) -> str:
        happened = Happened(world.distributor("D1"), on, "买十送一", number, place="内江沃尔玛")
        log_id = market_promotions.log_promotion(world.actor("d1"), happened, [PHOTO])
        return db.session.get_one(PromotionLog, log_id).verdict

    assert log("") == "incident"
    (incident,) = all_incidents()
    assert (incident.kind, incident.finding[0]["code"]) == ("promotion", "promotion.no_number")
    plan = PromotionPlan(
        world.distributor("D1"), "双十一买赠", "买十送一", 500_000, date(2026, 11, 11), TODAY
    )
    promotion = market_promotions.file_promotion(world.actor("d1"), plan)
    assert log("PA-2026-000001") == "incident"  # filed, not approved
    market_promotions.decide_promotion(world.actor("cm"), promotion, True)
    number = db.session.get_one(Promotion, promotion).approval_number
    assert number == "PA-2026-000001"
    assert log(number) == "evidence"
    assert log(number, date(2026, 11, 10)) == "incident"
    other = Happened(world.distributor("D2"), TODAY, "买十送一", number, place="隆昌")
    log_id = market_promotions.log_promotion(world.actor("d2"), other)
    assert db.session.get_one(PromotionLog, log_id).verdict == "incident"


@pytest.mark.row("A09")
def test_a_promotion_is_decided_by_a_second_person_and_closed_with_its_result(world):
    plan = PromotionPlan(world.distributor("D1"), "春节", "陈列", 1, TODAY, TODAY)
    mine = market_promotions.file_promotion(world.actor("cm"), plan)
    with pytest.raises(Refused, match="own"):
        market_promotions.decide_promotion(world.actor("cm"), mine, True)
    with pytest.raises(Refused, match="reason_needed"):
        market_promotions.decide_promotion(world.actor("cm2"), mine, False)
    market_promotions.decide_promotion(world.actor("cm2"), mine, True)
    with pytest.raises(Refused, match="result_needed"):
        market_promotions.close_promotion(world.actor("d1"), mine, "", None)
    market_promotions.close_promotion(world.actor("d1"), mine, "销量增长两成", 90)
    assert db.session.get_one(Promotion, mine).state == "closed"
    over = PromotionPlan(
        world.distributor("D1"), "过期", "陈列", 1, date(2026, 11, 1), date(2026, 11, 2)
    )
    late = market_promotions.file_promotion(world.actor("d1"), over)
    with pytest.raises(Refused, match="over"):
        market_promotions.decide_promotion(world.actor("cm"), late, True)


def filed(world, kind: str = "local", code: str = "D1", by: str = "d1") -> int:
    filing = Filing(
        world.distributor(code), kind, "当地电视台来访", clock.now() - timedelta(hours=1),
        "media", "high", "市中区", "511002", "品牌声誉",
    )  # fmt: skip
    return incidents.file_incident(world.actor(by), filing)


@pytest.mark.row("A10")
def test_what_nobody_acknowledges_in_time_goes_to_the_owner_once(world):
    nine = clock.instant_of(TODAY, 9)
    with clock.at(nine):
        incident = filed(world)
    page = fetch(market_incidents.incidents_listing(), world.actor("cm"), {})
    with clock.at(nine + timedelta(hours=24)):
        incidents.escalate(world.actor("admin"))
        assert all_incidents()[0].escalated_at is None
    with clock.at(nine + timedelta(hours=24, minutes=1)):
        page = fetch(market_incidents.incidents_listing(), world.actor("cm"), {})
        assert (page.rows[0].elapsed, page.rows[0].clock) == (24 * 3600 + 60, "unheard")
        incidents.escalate(world.actor("admin"))
        incidents.escalate(world.actor("admin"))
        page = fetch(market_incidents.incidents_listing(), world.actor("cm"), {})
        assert page.rows[0].clock == "escalated"
        assert mails() == ["boss@weir.example"]
        with pytest.raises(Refused, match="result_needed"):
            incidents.close(world.actor("boss"), incident, "")
        incidents.close(world.actor("boss"), incident, "已与媒体沟通，未播出")


@pytest.mark.row("A10")
def test_an_acknowledged_incident_is_not_escalated(world):
    nine = clock.instant_of(TODAY, 9)
    with clock.at(nine):
        incident = filed(world)
    with clock.at(nine + timedelta(hours=2)):
        incidents.acknowledge(world.actor("cm"), incident)
        incidents.record_actions(world.actor("d1"), incident, "已联系公关")
    with clock.at(nine + timedelta(hours=30)):
        incidents.escalate(world.actor("admin"))
    (found,) = all_incidents()
    assert found.escalated_at is None
    assert found.actions == "已联系公关"


def test_a_distributor_files_its_own_local_incidents_only(world):
    with pytest.raises(Refused, match="not_yours"):
        filed(world, "diversion")
    with pytest.raises(NotVisible):
        filed(world, code="D2")


@pytest.mark.row("C06")
def test_every_number_of_the_dashboard_is_the_count_of_its_list(world):
    suggested(world)
    for fen, code in ((8_000, "D1"), (14_000, "D1"), (8_000, "D3"), (8_000, "D4")):
        seen(world, fen, code)
    filed(world)
    filed(world, "diversion", "D3", "cm")
    first = all_incidents()[0]
    with clock.at(TODAY + timedelta(days=4)):
        incidents.close(world.actor("cm"), first.id, "属实")
    months = ["2026-10", "2026-11"]
    cm = world.actor("cm")
    board = market_incidents.dashboard(cm, months)

    def count(**params: str) -> int:
        return fetch(market_incidents.incidents_listing(), cm, params).count

    assert board.total.opened == count(month="2026-10,2026-11") == 6
    for kind, cell in board.by_kind.items():
        assert cell.opened == count(kind=kind, month="2026-10,2026-11")
        assert cell.still_open == count(kind=kind, state="!closed")
    for (area, month), cell in board.by_place.items():
        assert cell.opened == count(area=area, month=month)
    assert {area for area, _month in board.by_place} >= {"511000", "510300", "510100"}
    assert board.by_area["511000"].days_to_close == Decimal("4.0")
    assert board.by_area["511000"].closed == count(area="511000", state="closed") == 1
    own = market_incidents.dashboard(world.actor("d3"), months)
    assert own.total.opened == 2
    only = market_incidents.dashboard(cm, months, "price")
    assert only.total.opened == 4


def outlet(world, code: str = "D1") -> int:
    facts = OutletFacts(world.distributor(code), "内江沃尔玛", "supermarket", "511002")
    return market_prices.save_outlet(world.actor("rep"), None, facts)


FACES = [("货架", 1), ("堆头", 1), ("收银台", 1), ("价签", 1), ("端架", 1)]


@pytest.mark.row("A13")
def test_four_of_five_faces_fail_the_outlet(world):
    shop = outlet(world)
    with pytest.raises(Refused, match="no_standard"):
        displays.check_display(world.actor("rep"), shop, TODAY, {})
    displays.set_standard(world.actor("cm"), "supermarket", date(2026, 11, 1), FACES)
    found = {name: 1 for name, _faces in FACES[:4]}
    check = displays.check_display(world.actor("rep"), shop, TODAY, found, files=[PHOTO])
    row = db.session.get_one(DisplayCheck, check)
    result = market_display.score_of(row)
    assert (result.percent, row.is_passed, row.pass_percent) == (Decimal("80.0"), False, 90)
    assert [item.name for item in result.missing] == ["端架"]


@pytest.mark.row("A14")
def test_two_placed_one_taken_away(world):
    shop = outlet(world)
    made = [
        displays.place_pop(world.actor("d1"), displays.Placing(shop, item, TODAY, "门口", "王店长"))
        for item in ("海报", "灯箱")
    ]
    displays.remove_pop(world.actor("d1"), made[0], TODAY, "破损")
    (row,) = market_display.pop_month(world.actor("cm"), NOVEMBER)
    assert (row.code, row.started, row.standing) == ("D1", 2, 1)
    cm = world.actor("cm")
    assert fetch(market_display.pop_listing(), cm, {"started": "2026-11"}).count == 2
    assert fetch(market_display.pop_listing(), cm, {"standing": "2026-11"}).count == 1
    with pytest.raises(Refused, match="gone"):
        displays.remove_pop(world.actor("d1"), made[0], TODAY)
    with pytest.raises(Refused, match="span"):
        displays.remove_pop(world.actor("d1"), made[1], TODAY + timedelta(days=1))


@pytest.mark.row("G05")
def test_the_white_space_of_sichuan_by_date(world):
    cm, levels = world.actor("cm"), {"province", "prefecture"}
    found = market_white.region(cm, "510000", levels, TODAY)
    assert len(found.tiles) == 21
    assert dict(found.counts["prefecture"]) == {"held": 3, "white": 18}
    before = market_white.region(cm, "510000", levels, date(2025, 12, 31))
    assert dict(before.counts["prefecture"]) == {"white": 21}
    counties = market_white.region(cm, "510000", {"county"}, TODAY)
    assert sum(counties.counts["county"].values()) > 180
    assert market_white.region(cm, "990000", levels, TODAY) is None
    assert market_white.home_province() == "510000"


@pytest.mark.row("G05")
def test_a_market_share_where_the_size_is_known(world):
    delivered(world, "D1", TODAY, A=150)  # ¥15,000.00 to 511002
    market_sizes.enter_size(world.actor("cm"), "511000", 2026, 20_000_000, "统计年鉴")
    market_sizes.enter_size(world.actor("cm"), "511000", 2026, 15_000_000, "调研")
    found = market_white.region(world.actor("cm"), "510000", {"prefecture"}, TODAY)
    shares = {t.place.division.code: t.share for t in found.tiles}
    assert shares["511000"] == Decimal("10.0")
    assert shares["510300"] is None


def test_only_photos_and_papers_are_evidence(world):
    wish = Seen(world.distributor("D1"), world.product("A"), 100, TODAY, place="x")
    with pytest.raises(Refused, match="not_a_photo"):
        market_prices.report_price(world.actor("rep"), wish, [File("a.jpg", b"<script>")])
    assert db.session.scalars(sa.select(PriceReport)).all() == []

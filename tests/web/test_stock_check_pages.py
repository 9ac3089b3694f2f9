"""The pages of the checks of reports, as the people who use them see them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from channel import clock
from channel.queries import listing, stock_outflow
from channel.services import stock_checks
from contracts.values.periods import Period
from tests.services.test_stock_reports import GOOD, file_report, receive, ship

pytestmark = pytest.mark.database


@pytest.mark.row("F11", "P10")
def test_hidden_outflow_opens_its_rows_and_the_board_shows_its_count(
    world: Any, sign_in: Any
) -> None:
    ship(world, "A", 1000, date(2026, 7, 6))
    file_report(world, "A,,,0,1000,700,0,100,盘点", period="2026-07")
    cm = sign_in("cm")
    page = cm.get("/stock/outflow?quarter=2026Q3")
    for figure in ("1,000", "700", "200", "20.0"):
        assert f">{figure}<" in page.text
    found = stock_outflow.outflow_listing(Period.quarter(2026, 3))
    key = listing.fetch(found, world.actor("cm"), {}).rows[0].id
    flow = cm.get(f"/stock/outflow/{key}")
    assert "200 (20.0 %)" in flow.text and "2026-07" in flow.text
    export = cm.get("/stock/outflow?quarter=2026Q3&format=csv")
    assert "200" in export.data.decode("utf-8-sig")
    board = cm.get("/board")
    assert "/stock/outflow?quarter=2026Q3" in board.text.replace("&amp;", "&")
    for user in ("d1", "d2"):
        sign_in(user).get("/stock/outflow", status=403)
        sign_in(user).get(f"/stock/outflow/{key}", status=403)


@pytest.mark.row("F02")
def test_the_score_opens_the_rows_of_each_lost_point(world: Any, sign_in: Any) -> None:
    report_id = file_report(world, "A,B1,,100,200,180,5,120,盘点多五箱", "B,,,0,50,20,0,30,")
    d1 = sign_in("d1")
    page = d1.get(f"/stock/{report_id}/checks")
    assert "part=arithmetic" in page.text
    rows = d1.get(f"/stock/{report_id}/checks?part=arithmetic")
    assert "盘点多五箱" in rows.text
    assert f"/stock/{report_id}/checks" in d1.get("/stock/quality").text
    sign_in("d2").get(f"/stock/{report_id}/checks", status=404)
    assert f"/stock/{report_id}/checks" not in sign_in("d2").get("/stock/quality").text
    assert "/checks" in d1.get(f"/stock/{report_id}").text


@pytest.mark.row("F02")
def test_a_report_that_waits_is_accepted_or_sent_back_with_a_reason(
    world: Any, sign_in: Any
) -> None:
    report_id = file_report(world, "A,,,500,0,100,0,100,漏单")
    cm, d1 = sign_in("cm"), sign_in("d1")
    assert "/stock?state=submitted" in cm.get("/").text
    assert f"/stock/{report_id}/accept" in cm.get(f"/stock/{report_id}").text
    assert f"/stock/{report_id}/accept" not in d1.get(f"/stock/{report_id}").text
    d1.post(f"/stock/{report_id}/accept", {}, status=403)
    told = cm.follow(cm.post(f"/stock/{report_id}/return", {"note": ""}))
    assert "退回报表必须写明原因" in told.text
    cm.follow(cm.post(f"/stock/{report_id}/return", {"note": "请附盘点表"}))
    assert "请附盘点表" in d1.get(f"/stock/{report_id}").text
    assert "/stock?state=sent_back" in d1.get("/").text
    again = file_report(world, "A,,,500,0,100,0,100,漏单二", reason="附盘点表")
    cm.follow(cm.post(f"/stock/{again}/accept", {"note": ""}))
    assert "/stock?state=sent_back" not in d1.get("/").text


@pytest.mark.row("F02")
def test_a_restatement_shows_what_changed_and_what_rests_on_it(world: Any, sign_in: Any) -> None:
    first = file_report(world, GOOD, period="2026-09")
    october = file_report(world, "A,,,115,0,15,0,100,")
    restated = file_report(world, "A,,,100,200,179,5,116,", period="2026-09", reason="漏记退货")
    cm = sign_in("cm")
    page = cm.get(f"/stock/{restated}/difference")
    for text in ("漏记退货", "179", "116", f"/stock/{october}"):
        assert text in page.text
    cm.get(f"/stock/{first}/difference", status=303)
    sign_in("d2").get(f"/stock/{restated}/difference", status=404)


@pytest.mark.row("F08")
def test_the_calendar_for_the_house_and_for_one(world: Any, sign_in: Any) -> None:
    with clock.at(date(2026, 11, 7)):
        file_report(world, GOOD)
    house = sign_in("cm").get("/stock/calendar")
    assert "2026-11-06" in house.text and "/stock?period=2026-10&amp;late=1" in house.text
    own = sign_in("d1").get("/stock/calendar")
    assert "2026-11-07" in own.text and "迟报 1 个工作日" in own.text
    other = sign_in("d2").get(f"/stock/calendar?distributor_id={world.distributor('D1')}")
    assert "2026-11-07" not in other.text
    missing = sign_in("cm").get("/stock/missing?period=2026-09")
    assert "2026-09" in missing.text


@pytest.mark.row("F02")
def test_the_review_names_the_cause_beside_the_disagreement(world: Any, sign_in: Any) -> None:
    ship(world, "A", 240, date(2026, 10, 6))
    upload_id = receive(world, "A,,,0,24,0,0,24,")
    page = sign_in("d1").get(f"/stock/uploads/{upload_id}")
    assert "正好相差 10 倍" in page.text
    receive(world, "A,,,0,24,0,0,24,少零")
    report_id = file_report(world, "A,,,0,24,0,0,24,少零")
    assert "正好相差 10 倍" in sign_in("d1").get(f"/stock/{report_id}").text
    _report, checks = stock_checks.look(world.actor("d1"), report_id)
    assert len(checks.findings) == 2

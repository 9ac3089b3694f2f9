"""The desk through its pages: openings, caps, bands, absences, reviews, the board, support."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.approvals import ApprovalBand
from channel.models.exceptions import ExceptionRequest
from channel.models.outcomes import OutcomeReview
from channel.models.supports import SupportBudget, SupportClaim
from channel.services import agreements, exceptions
from contracts.approval import ActKind
from tests.builders import a_shipment, an_application, an_approved_exception, an_order, delivered
from tests.services.test_level_opening import OPENED, PLACE, a_version


def newest_request() -> ExceptionRequest:
    return db.session.scalars(
        sa.select(ExceptionRequest).order_by(ExceptionRequest.id.desc())
    ).first()


@pytest.mark.row("D05", "D01", "D04")
def test_from_the_refused_agreement_to_the_opened_county(world, sign_in):
    version = a_version(world)
    cm = sign_in("cm")
    page = cm.get(f"/agreements/{version}").text
    address = next(
        html.unescape(a)
        for a in re.findall(r'href="(/exceptions/new\?[^"]+)"', page)
        if "level_closed" in a
    )
    form = cm.get(address).text
    assert "511002 市中区" in form
    assert 'value="2026-12-01"' in form
    answer = {
        "type": "level",
        "kind": "agreement",
        "document": str(version),
        "code": "agreement.level_closed",
        "distributor_id": str(world.distributor("D3")),
        "division_code": PLACE,
        "valid_from": OPENED.isoformat(),
        "last_day": "2026-12-31",
        "reason": "市中区另设一家",
        "ground_means": "资金充裕",
    }
    refused = cm.post("/exceptions/new?type=level", answer, status=422).text
    assert "依据" in refused or "理由" in refused or "缺一不可" in refused
    assert newest_request().type == "level"
    assert newest_request().distributor_id == world.distributor("D2")  # nothing new was kept
    cm.post("/exceptions/new?type=level", {**answer, "ground_market": "城区人口六十万"})
    request = newest_request()
    assert (request.distributor_id, request.subject_kind) == (world.distributor("D3"), "agreement")
    seen = sign_in("cm2").get(f"/exceptions/{request.id}").text
    for words in ("资金充裕", "城区人口六十万", "内江蜀味商贸有限公司", "移出"):
        assert words in seen
    for user in ("cm2", "boss"):
        exceptions.decide(world.actor(user), request.id, ActKind.APPROVE)
    agreements.submit_version(world.actor("cm"), version)
    agreements.approve_version(world.actor("cm2"), version)
    incumbent = db.session.scalar(
        sa.text(
            "SELECT v.id FROM agreement_version v JOIN agreement a ON a.id = v.agreement_id"
            " WHERE a.number = 'CX-2026-D1'"
        )
    )
    page = sign_in("cm").get(f"/agreements/{incumbent}").text
    assert "经例外开放" in page
    assert request.number in page
    division = db.session.scalar(sa.text(f"SELECT id FROM division WHERE code = '{PLACE}'"))
    before = sign_in("cm").get(f"/territories/{division}?on=2026-11-30").text
    after = sign_in("cm").get(f"/territories/{division}?on=2026-12-01").text
    assert "内江蜀味" in before and "自贡盐都" not in before
    assert "自贡盐都" in after and "内江蜀味" not in after


@pytest.mark.row("G01")
def test_a_cap_is_set_and_counted_in_the_browser(world, sign_in):
    cm = sign_in("cm")
    cm.post(
        "/territories/caps",
        {"division_code": "511000", "level": "prefecture", "most": "1", "valid_from": "2026-11-21"},
    )
    page = cm.get("/territories/caps").text
    assert "CX-2026-D1" in page
    assert "1 / 1" in page
    late = cm.post(
        "/territories/caps",
        {"division_code": "511000", "level": "prefecture", "most": "2", "valid_from": "2026-11-20"},
        status=422,
    ).text
    assert "追溯" in late
    assert 'action="/territories/caps' not in sign_in("fin").get("/territories/caps").text


@pytest.mark.row("D09")
def test_the_administrator_sets_who_signs(world, sign_in):
    admin = sign_in("admin")
    admin.post(
        "/exceptions/bands",
        {
            "kind": "minimum",
            "class_code": "",
            "from_fen": "0",
            "mode_1": "all",
            "roles_1": ["channel_manager", "finance"],
            "mode_2": "any",
            "mode_3": "any",
        },
    )
    assert db.session.scalars(sa.select(ApprovalBand.from_fen)).all() == [0, 5_000_000]
    assert "渠道经理 + 财务" in re.sub(r"\s+", " ", sign_in("cm").get("/exceptions/bands").text)
    request = exceptions.request_exception(world.actor("rep"), an_application(world))
    assert exceptions.decide(world.actor("cm"), request, ActKind.APPROVE) == "pending"
    assert exceptions.decide(world.actor("fin"), request, ActKind.APPROVE) == "approved"
    sign_in("cm").post("/exceptions/bands/1/delete", status=403)


@pytest.mark.row("D06")
def test_the_review_page_shows_rank_and_forecast_and_is_decided(world, sign_in):
    wish = an_application(
        world, expected_sales_fen=1_000_000, review_on=(date(2026, 11, 21),), max_uses=9
    )
    request = an_approved_exception(world, wish)
    delivered(world, "D2", date(2026, 11, 20), A=180)
    review = db.session.scalars(
        sa.select(OutcomeReview.id).where(OutcomeReview.request_id == request)
    ).one()
    cm = sign_in("cm")
    assert f"/exceptions/reviews/{review}" in cm.get("/inbox").text
    page = cm.get(f"/exceptions/reviews/{review}").text
    assert "预期 ¥10,000.00，实际 ¥18,000.00（180.0 %）" in page
    assert "第 1 名，共 2 家" in page
    assert "没有货品成本" in page
    bad = cm.post(f"/exceptions/reviews/{review}", {"decision": "keep", "reason": ""}, status=422)
    assert "请写一句话" in bad.text or "原因" in bad.text
    answer = cm.post(
        f"/exceptions/reviews/{review}",
        {"decision": "widen", "reason": "超出预期", "margin_bp": "20", "seen_version": "1"},
    )
    form = cm.follow(answer).text
    assert f'name="widens" value="{request}"' in form
    assert 'value="5000.00"' in form
    # 18,000.00 more than before, at 20 %.
    assert "¥3,600.00" in cm.get(f"/exceptions/reviews/{review}").text
    assert f"/exceptions/reviews/{review}" not in cm.get("/inbox").text
    # A distributor never sees it; a rep learns the rank without the others' figures.
    sign_in("d2").get(f"/exceptions/reviews/{review}", status=404)
    assert "内江蜀味商贸有限公司" not in sign_in("rep").get(f"/exceptions/reviews/{review}").text


@pytest.mark.row("D11", "P04")
def test_the_board_opens_in_a_spreadsheet_and_sums_to_the_register(world, sign_in):
    an_approved_exception(world, an_application(world))
    a_shipment(world, an_order(world, "D2", A=60), code="D2")
    boss = sign_in("boss")
    assert "陈敏" in boss.get("/exceptions/board?by=approver").text
    data = boss.get("/exceptions/board?by=approver&format=csv").data
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert any("陈敏" in row for row in rows)
    used = [row[4] for row in rows[1:]]
    assert used[-1] == "6000.00" == next(row[4] for row in rows if row[0] == "陈敏")
    register = boss.get("/exceptions?format=csv").data.decode("utf-8-sig")
    assert "6000.00" in register
    assert "最低发货额" in register
    for kind in ("type", "distributor", "territory", "outcome"):
        assert boss.get(f"/exceptions/board?by={kind}&format=xlsx").data[:2] == b"PK"
    assert "511000 内江市" in boss.get("/exceptions/board?by=territory").text


@pytest.mark.row("D10")
def test_what_ends_within_thirty_days_is_a_list(world, sign_in):
    for valid_to in (date(2026, 12, 10), date(2027, 2, 1)):
        an_approved_exception(world, an_application(world, valid_to=valid_to))
    cm = sign_in("cm")
    page = cm.get("/exceptions").text
    address = html.unescape(re.search(r'href="(/exceptions\?[^"]*ends_from[^"]*)"', page)[1])
    ending = cm.get(address).text
    assert "EX-2026-000002" in ending
    assert "EX-2026-000003" not in ending


@pytest.mark.row("D12", "D03")
def test_the_page_says_what_is_left(world, sign_in):
    request = an_approved_exception(world, an_application(world, max_uses=3))
    a_shipment(world, an_order(world, "D2", A=60), code="D2")
    assert "1 / 3" in sign_in("cm").get(f"/exceptions/{request}").text


@pytest.mark.row("D08", "D07")
def test_a_support_from_its_budget_to_its_payment(world, sign_in):
    cm, fin = sign_in("cm"), sign_in("fin")
    cm.post(
        "/supports/new",
        {
            "distributor_id": str(world.distributor("D1")),
            "title": "旺季支持",
            "amount_fen": "20000",
            "valid_from": "2026-11-01",
            "last_day": "2027-01-31",
        },
    )
    budget = db.session.scalars(sa.select(SupportBudget.id)).one()
    group = world.group("B")
    cm.post("/supports/seasons", {"group_id": str(group), "months": ["12", "1"]})
    claim = {"title": "堆头", "kind": "fee", "trigger": "season", "group_id": str(group)}
    for fen, on in (("12000", "2026-12-01"), ("9000", "2026-11-21")):
        cm.post(f"/supports/{budget}", {**claim, "on_date": on, "asked_fen": fen})
    first, second = db.session.scalars(sa.select(SupportClaim.id).order_by(SupportClaim.id)).all()
    page = cm.get(f"/supports/claims/{second}").text
    assert "¥8,000.00" in page
    assert "11 月不是火锅底料的旺季" in page
    apply = html.unescape(re.search(r'href="(/exceptions/new\?[^"]+)"', page)[1])
    assert 'value="1000.00"' in cm.get(apply).text
    unpaid = fin.post(f"/supports/claims/{first}/act", {"act": "pay", "seen_version": "1"})
    assert "没有凭证" in fin.follow(unpaid).text
    cm.post(
        f"/supports/claims/{first}",
        {
            "used_fen": "11800",
            "result": "新增堆头 12 个",
            "file": (io.BytesIO(b"%PDF-1"), "票.pdf"),
        },
        content_type="multipart/form-data",
    )
    fin.get(f"/supports/claims/{first}")
    fin.post(f"/supports/claims/{first}/act", {"act": "pay"})
    assert fin.get(f"/supports/claims/{first}/evidence").data == b"%PDF-1"
    ledger = fin.get("/supports/ledger?state=paid").text
    assert "11,800.00" in ledger
    sign_in("d2").get(f"/supports/claims/{first}", status=404)
    sign_in("d1").get(f"/supports/claims/{first}")


@pytest.mark.row("D09")
def test_an_absence_is_entered_and_ended_in_the_browser(world, sign_in):
    fin = sign_in("fin")
    boss = world.actor("boss").user_id
    fin.post(
        "/exceptions/absences",
        {
            "person_id": str(world.actor("fin").user_id),
            "delegate_id": str(boss),
            "valid_from": "2026-11-21",
            "last_day": "2026-11-25",
        },
    )
    page = fin.get("/exceptions/absences").text
    assert "鲍总" in page
    assert "您同时代方芳审批" in sign_in("boss").get("/inbox").text
    with clock.at(date(2026, 11, 26)):
        assert "您同时代方芳审批" not in sign_in("boss").get("/inbox").text
    fin.post("/exceptions/absences/1/end")
    assert "您同时代方芳审批" not in sign_in("boss").get("/inbox").text

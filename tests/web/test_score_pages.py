"""Credit grades, score cards and risk scores in the browser."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from channel.access import SYSTEM
from channel.db import db
from channel.models.credit import CreditLimit
from channel.models.scores import CreditGrade, ScoreCard
from channel.queries import scores as reads
from channel.services import jobs, risk, scores
from tests.services.test_scores import a_violation, accepted, latest

TODAY = date(2026, 11, 21)


@pytest.mark.row("B08")
def test_the_page_sets_old_and_new_side_by_side_with_the_line_that_moved(world, sign_in):
    who = world.distributor("D1")
    before = accepted(world)
    limits = db.session.scalar(sa.select(sa.func.count()).select_from(CreditLimit))
    a_violation(world)
    fin = sign_in("fin")
    page = fin.get(f"/scores/{who}")
    new = before.score_e2 - 500
    for e2 in (before.score_e2, new):
        assert f"{e2 // 100}.{e2 % 100:02d}" in page.text
    assert "−5.00" in page.text and "属实违规" in page.text
    fin.post(f"/scores/{who}/score")
    grade = latest(world)
    assert (grade.state, grade.score_e2) == ("proposed", new)
    refused = fin.follow(fin.post(f"/scores/grades/{grade.id}/accept"))
    assert "不能自行确认" in refused.text
    boss = sign_in("boss")
    done = boss.follow(boss.post(f"/scores/grades/{grade.id}/accept"))
    assert "等级已生效" in done.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CreditLimit)) == limits
    assert "−5.00" in fin.get(f"/scores/grades/{grade.id}").text


@pytest.mark.row("B08")
def test_an_accepted_grade_fills_in_the_form_of_a_limit(world, sign_in):
    grade = accepted(world)
    fin = sign_in("fin")
    assert f"grade={grade.id}" in fin.get(f"/scores/{grade.distributor_id}").text
    form = fin.get(f"/credit/{grade.distributor_id}/limits/new?grade={grade.id}")
    assert f'value="{grade.limit_fen / 100:.2f}"' in form.text
    assert "信用等级" in form.text
    other = world.distributor("D2")
    assert "信用等级 " not in fin.get(f"/credit/{other}/limits/new?grade={grade.id}").text


@pytest.mark.row("B08")
def test_everybody_is_scored_by_a_job_and_the_list_filters(world, sign_in):
    fin = sign_in("fin")
    answer = fin.post("/scores/run", data={"on": TODAY.isoformat()})
    assert "/jobs/" in answer.headers["Location"]
    assert jobs.run_next()
    page = fin.get("/scores")
    assert "待第二人确认" in page.text
    grade = latest(world)
    assert "D1" in fin.get(f"/scores?grade={grade.grade}").text
    assert fin.get("/scores?moved=new&format=csv").status_code == 200
    answer = fin.post("/scores/run", data={"on": "2026-12-01"})
    assert "将来" in fin.follow(answer).text
    sign_in("boss").post("/scores/accept")
    assert db.session.scalars(sa.select(CreditGrade.state).distinct()).all() == ["proposed"]


@pytest.mark.row("B08")
def test_a_card_is_typed_mended_tried_and_approved(world, sign_in):
    fin = sign_in("fin")
    form = fin.get("/score-cards/new")
    cells = dict(re.findall(r'name="([a-z_]+-[0-9a-z-]+|step)" value="([^"]*)"', form.text))
    cells |= {"valid_from": TODAY.isoformat(), "reason": "违规加重"}
    wrong = cells | {"violations-weight": "15", "overdue_amount-1-upper": "abc"}
    page = fin.post("/score-cards/new", data=wrong, status=422)
    assert "不是数字" in page.text and "abc" in page.text
    wrong["overdue_amount-1-upper"] = "9000"
    page = fin.post("/score-cards/new", data=wrong, status=422)
    assert "105" in page.text and "空档" in page.text and 'value="9000"' in page.text
    right = cells | {"violations-weight": "15", "turnover-weight": "10"}
    fin.post("/score-cards/new", data=right)
    card = db.session.scalars(sa.select(ScoreCard)).one()
    page = fin.get(f"/score-cards/{card.id}")
    assert "试算" in page.text and 'value="approve"' not in page.text
    boss = sign_in("boss")
    boss.post(f"/score-cards/{card.id}/decide", data={"act": "approve"})
    assert reads.card_on(TODAY)[1] == 1
    assert "违规加重" in boss.get("/score-cards").text
    again = boss.post(f"/score-cards/{card.id}/decide", data={"act": "reject"})
    assert "已处理" in boss.follow(again).text


@pytest.mark.row("P11")
def test_the_risk_page_prints_its_steps_and_moves_by_them(world, sign_in):
    from tests.builders import delivered

    delivered(world, A=100)
    who = world.distributor("D1")
    risk.take_week(SYSTEM, TODAY)
    cm = sign_in("cm")
    assert "+0.5" in cm.get(f"/risk/{who}").text
    day = TODAY + timedelta(days=70)
    pages = [cm.get(f"/risk/{who}?on={day + timedelta(days=n)}").text for n in (0, 1)]
    first, second = (
        Decimal(re.findall(r"<tfoot>.*?<strong>([0-9.]+)</strong>", page)[0]) for page in pages
    )
    assert second - first == Decimal("0.5")
    assert "D1" in cm.get("/risk").text
    assert cm.get("/risk?level=high&format=xlsx").status_code == 200


@pytest.mark.row("P11")
def test_a_distributor_sees_no_risk_and_its_grade_only_when_the_house_says_so(world, sign_in):
    who = world.distributor("D1")
    accepted(world)
    d1 = sign_in("d1")
    for url in (f"/risk/{who}", "/risk", f"/scores/{who}", "/scores", "/score-cards"):
        assert d1.get(url, status=403).status_code == 403
    assert "未开放" in d1.get(f"/credit/{who}/grade").text
    from channel.queries import partners
    from channel.services.work import work

    with work(SYSTEM):
        partners.get_maker().shows_grades = True
    assert "属实违规" in d1.get(f"/credit/{who}/grade").text
    assert d1.get(f"/credit/{world.distributor('D2')}/grade", status=404).status_code == 404


@pytest.mark.row("P11")
def test_a_rep_sees_the_scores_of_its_own_accounts(world, sign_in):
    risk.take_week(SYSTEM, TODAY)
    scores.score_one(world.actor("fin"), world.distributor("D1"), TODAY)
    rep = sign_in("rep")
    assert rep.get("/scores").status_code == 200
    assert rep.get("/risk").status_code == 200


def test_pages_of_scores_take_a_constant_number_of_statements(world, sign_in, count_sql):
    accepted(world)
    fin = sign_in("fin")
    url = f"/scores/{world.distributor('D1')}"
    fin.get(url)
    del count_sql[:]
    fin.get(url)
    before = list(count_sql)
    for n in range(3):
        accepted(world, TODAY - timedelta(days=30 * (3 - n)), "D2")
        a_violation(world)
    fin.get(url)
    del count_sql[:]
    fin.get(url)
    assert len(count_sql) == len(before), set(count_sql) - set(before)

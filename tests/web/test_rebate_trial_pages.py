"""Trials and accruals in the browser: asked on a form, answered in figures that open."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa

from channel import clock
from channel.db import db
from channel.models.rebates_trials import RebateTrial, RebateTrialLine
from tests.services.rebate_trade import a_posted_run, an_approved_policy, an_invoice, some_terms
from tests.services.test_rebate_trials import Q1, Q2, a_past

TRIAL = {
    "first": "2026Q1",
    "last": "2026Q2",
    "who": "enrolled",
    "facts": "settled",
    "against": "",
    "close": "5",
}


def id_of(response) -> int:
    return int(re.search(r"/(\d+)(?:/|$)", response.location)[1])


@pytest.mark.row("E12")
def test_a_policy_is_tried_on_the_past(world, sign_in):
    policy = a_past(world)
    cm = sign_in("cm")
    assert "历史试算" in cm.get(f"/rebates/policies/{policy}").text
    form = cm.get(f"/rebates/trials/new?policy={policy}").text
    assert 'value="2026Q1"' in form
    assert 'value="2026Q2"' in form
    trial = id_of(cm.post("/rebates/trials/new", {**TRIAL, "policy": policy}))
    page = cm.get(f"/rebates/trials/{trial}").text
    assert page.count("¥3,880.00") == 3
    assert "与现行费用一致" in page
    periods = cm.get(f"/rebates/trials/{trial}/periods?close=1").text
    assert "2,000.00" in periods
    assert "1,020.00" in periods
    csv = cm.get(f"/rebates/trials/{trial}?format=csv")
    assert csv.status_code == 200
    line = db.session.scalar(
        sa.select(RebateTrialLine.id).where(RebateTrialLine.gain_fen.is_not(None))
    )
    told = cm.get(f"/rebates/trials/lines/{line}").text
    assert "¥98,000.00 × 1 %" in told
    assert cm.get(f"/rebates/trials/of/{line}").status_code == 200


@pytest.mark.row("E12")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first": "gestern"}, "不是"),
        ({"first": "2026Q3"}, "早于"),
        ({"first": "2026-02", "last": "2026-02"}, "不含该政策的完整结算期间"),
        ({"close": "51"}, "临界范围"),
    ],
)
def test_a_slip_is_said_at_its_field_and_what_was_typed_stays(world, sign_in, typed, said):
    policy = a_past(world)
    cm = sign_in("cm")
    cm.get("/rebates/trials/new")
    answer = cm.post("/rebates/trials/new", {**TRIAL, "policy": policy, **typed}, status=422)
    assert said in answer.text
    assert f'value="{next(iter(typed.values()))}"' in answer.text


@pytest.mark.row("E12")
def test_more_than_a_year_is_ordered_as_a_job(world, sign_in):
    policy = a_past(world)
    cm = sign_in("cm")
    cm.get("/rebates/trials/new")
    ordered = cm.post(
        "/rebates/trials/new", {**TRIAL, "policy": policy, "first": "2025", "last": "2026"}
    )
    assert "/jobs/" in ordered.location
    [trial] = db.session.scalars(sa.select(RebateTrial.id))
    assert "稍后刷新" in cm.get(f"/rebates/trials/{trial}").text


@pytest.mark.row("E05")
def test_the_tier_expected_is_chosen_and_booked(world, sign_in):
    an_approved_policy(world)
    an_invoice(world, "D1", date(2026, 10, 3), ("A", "60000"))
    fin = sign_in("fin")
    with clock.at(date(2026, 11, 21)):
        where = f"/rebates/standing?distributor={world.distributor('D1')}"
        assert "¥40,000.00" in fin.get(where).text
        chosen = fin.post(
            "/rebates/standing/expect?on=2026-11-21",
            {
                "policy": "P1",
                "distributor": world.distributor("D1"),
                "currency": "CNY",
                "start": "2026-10-01",
                "end": "2027-01-01",
                "tier": "1",
                "reason": "订货会已预订",
            },
        )
        page = fin.follow(chosen).text
        assert "订货会已预订" in page
        assert "待入账 ¥1,200.00" in page
        fin.get("/rebates/accruals/new")
        run = id_of(fin.post("/rebates/accruals/new", {"on": "2026-10-31"}))
        booked = fin.get(f"/rebates/accruals/{run}").text
        assert "600.00" in booked
        again = fin.post("/rebates/accruals/new", {"on": "2026-10-31"}, status=422)
        assert "没有变化" in again.text
        assert "RA-2026-000001" in fin.get("/rebates/accruals").text


@pytest.mark.row("E05")
def test_while_ordering_the_next_tier_is_told(world, sign_in):
    an_approved_policy(world)
    an_invoice(world, "D1", date(2026, 11, 3), ("A", "95000"))
    with clock.at(date(2026, 11, 21)):
        d1 = sign_in("d1")
        d1.get("/orders/new")
        said = d1.post(
            "/orders/verdict",
            {
                "order_date": "2026-11-21",
                "product-0": world.product("A"),
                "quantity-0": "10",
            },
            status=200,
        ).text
        assert "距下一档还差 ¥5,000.00，达到可多得 ¥1,050.00。" in said
        standing = d1.get("/rebates/standing").text
        assert "距下一档还差 ¥5,000.00" in standing
        assert "待入账" not in standing


@pytest.mark.row("P01")
def test_trials_and_accruals_are_pages_of_the_house(world, sign_in):
    policy = a_past(world)
    trial = id_of(_asked(sign_in("cm"), policy))
    d1 = sign_in("d1")
    for path in (f"/rebates/trials/{trial}", f"/rebates/trials/{trial}/periods"):
        d1.get(path, status=404)
    for path in ("/rebates/trials/new", "/rebates/accruals/new"):
        d1.get(path, status=403)
    assert "RT-2026" not in d1.get("/rebates/trials").text


def _asked(client, policy):
    client.get("/rebates/trials/new")
    return client.post("/rebates/trials/new", {**TRIAL, "policy": policy})


def test_a_trial_for_everybody_says_so(world, sign_in):
    an_invoice(world, "D3", Q1.start, ("A", "120000"))
    policy = an_approved_policy(world, some_terms("ALL"), enrols="agreement")
    a_posted_run(world, Q2, date(2026, 7, 10))
    cm = sign_in("cm")
    cm.get("/rebates/trials/new")
    answer = cm.post("/rebates/trials/new", {**TRIAL, "policy": policy, "who": "everybody"})
    assert "¥2,400.00" in cm.get(f"/rebates/trials/{id_of(answer)}").text

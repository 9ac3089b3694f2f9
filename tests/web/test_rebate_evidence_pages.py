"""What rebates are judged by, in the browser: baselines, exclusivity, trainings, conditions."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import Agreement, AgreementVersion, Obligation
from channel.models.catalogue import Product
from contracts.rebates.model import Condition, Factor
from contracts.values.rates import Rate
from tests.services.rebate_trade import an_approved_policy, some_terms
from tests.services.test_rebate_baselines import growth
from tests.services.test_rebate_evidence import asked

pytestmark = pytest.mark.database

ALL, NOTHING = Rate(Decimal(1)), Rate(Decimal(0))


@pytest.mark.row("E16")
def test_a_baseline_is_typed_by_one_and_approved_by_another(world, sign_in):
    an_approved_policy(world, growth())
    cm = sign_in("cm")
    assert "/rebates/baselines/new" in cm.get("/rebates/baselines").text
    assert "GROW" in cm.get("/rebates/baselines/new").text
    form = {
        "policy_code": "GROW", "distributor_id": str(world.distributor("D2")),
        "period": "2026Q9", "currency": "CNY", "value": "80000", "reason": "按前两季平均",
    }  # fmt: skip
    wrong = cm.post("/rebates/baselines/new", form, status=422).text
    assert "按前两季平均" in wrong and "2026Q9" in wrong
    made = cm.post("/rebates/baselines/new", form | {"period": "2026q4"}).headers["Location"]
    assert "80,000.00" in cm.get(made).text
    cm.post(f"{made}/act", {"act": "approve"}, status=403)
    sign_in("fin").post(f"{made}/act", {"act": "approve"})
    assert "已批准" in sign_in("d2").get(made).text
    sign_in("d1").get(made, status=404)
    sign_in("d1").get("/rebates/baselines/new", status=403)


@pytest.mark.row("E15")
def test_a_distributor_declares_exclusivity_and_a_sighting_breaks_it(world, sign_in):
    d1 = sign_in("d1")
    assert "/rebates/exclusivity/new" in d1.get("/rebates/exclusivity").text
    page = d1.get("/rebates/exclusivity/new").text
    assert "反垄断法" in page
    form = {"first": "2026-10-01", "last": "2026-12-31", "signer": "王经理"}
    assert "王经理" in d1.post("/rebates/exclusivity/new", form, status=422).text
    made = d1.post("/rebates/exclusivity/new", form | {"is_agreed": "y"}).headers["Location"]
    shown = d1.get(made).text
    assert "生效中" in shown and "反垄断法" in shown
    sign_in("d2").get(made, status=404)
    sign_in("cm").get("/rebates/exclusivity/new", status=403)
    rep = sign_in("rep")
    assert "kind=rival" in rep.get("/rebates/exclusivity").text
    opened = rep.get("/market/incidents/new?kind=rival").text
    assert re.search(r"<option selected value=\"rival\"", opened)
    filing = {
        "distributor_id": str(world.distributor("D1")), "kind": "rival", "topic": "other",
        "severity": "low", "known_on": "2026-11-20", "known_time": "10:00", "place": "内江门店",
        "what": "货架上有竞品豆瓣酱",
    }  # fmt: skip
    case = rep.post("/market/incidents/new", filing).headers["Location"]
    cm = sign_in("cm")
    version = re.search(r'name="seen_version" value="(\d+)"', cm.get(case).text)[1]
    cm.post(
        f"{case}/act",
        {"act": "close", "text": "现场核实", "upheld": "1", "seen_version": version},
    )
    assert asked(world, "exclusivity", period_of("2026Q4")).value == 0
    assert case in d1.get(made).text
    d1.post(f"{made}/withdraw", {"reason": "增加品类"})
    assert "已撤回" in d1.get(made).text


def period_of(label: str):
    from contracts.values.periods import Period

    return Period.parse(label)


@pytest.mark.row("E14")
def test_a_training_is_noted_and_confirmed_by_the_house(world, sign_in):
    version = db.session.scalar(
        sa.select(AgreementVersion.id)
        .join(Agreement)
        .where(Agreement.distributor_id == world.distributor("D1"))
    )
    cm = sign_in("cm")
    duty = {"text": "新品培训", "due_on": "2026-11-10", "owner": "distributor", "kind": "training"}
    cm.post(f"/agreements/{version}/obligations", duty)
    row = db.session.scalars(sa.select(Obligation).where(Obligation.kind == "training")).one()
    path, seen = f"/agreements/obligations/{row.id}", {"seen_version": str(row.row_version)}
    assert asked(world, "training", period_of("2026Q4")).value == 1
    d1 = sign_in("d1")
    d1.post(path, {"evidence": "签到表", **seen})
    assert "培训是否举行由厂家确认" in d1.get(f"/agreements/{version}").text
    cm.post(path, {"evidence": "签到表", "done_on": "2026-11-22", **seen})
    assert "尚未到来" in cm.get(f"/agreements/{version}").text
    cm.post(path, {"evidence": "签到表", "done_on": "2026-11-09", **seen})
    assert asked(world, "training", period_of("2026Q4")).value == 0


@pytest.mark.row("E03", "E14")
def test_conditions_are_shown_with_what_proves_them_before_a_run(world, sign_in):
    late = Condition("report", (Factor(Decimal(0), ALL), Factor(Decimal(1), NOTHING)))
    an_approved_policy(world, some_terms("PROC", conditions=(late,)))
    page = sign_in("cm").get("/rebates/conditions?policy=PROC&period=2026Q4").text
    # October was not filed by anybody: due on the fifth working day of November.
    assert "2026-10: — &gt; 2026-11-06" in page and "0 %" in page
    own = sign_in("d1").get("/rebates/conditions").text
    assert "D1 " in own and "D2 " not in own
    sign_in("cm").get("/rebates/conditions?policy=NONE&period=x&page=99")


def test_a_product_is_launched_on_a_day(world, sign_in):
    admin, product = sign_in("admin"), world.product("A")
    page = admin.get(f"/products/{product}/edit", status=200).text
    assert 'name="launched_on"' in page
    fields = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    group = db.session.get_one(Product, product).group_id
    fields |= {"launched_on": "2026-07-01", "group_id": str(group), "vat_class": "standard"}
    fields.pop("csrf_token", None)
    admin.post(f"/products/{product}/edit", fields)
    db.session.expire_all()
    assert db.session.get_one(Product, product).launched_on == date(2026, 7, 1)

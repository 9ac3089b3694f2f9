"""Targets through the pages: the board on both sides, a plan from history to signature."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.agreements import AgreementVersion
from channel.models.targets import TargetPlan
from channel.services import agreements
from contracts.clauses import MixRule
from contracts.values.rates import Rate
from tests.services.test_targets import amended, booked, history

ON = "2026-08-14"


@pytest.mark.row("A05", "A06", "G06")
def test_the_same_figures_on_both_sides(sign_in, world):
    amended(world, MixRule("HOTPOT", Rate.percent("30"), "quarter"))
    booked(world, 9_500_000, date(2026, 7, 10))
    booked(world, 3_500_000, date(2026, 7, 10), good="B")
    booked(world, -1_000_000, date(2026, 8, 1))
    address = f"/targets/of/{world.distributor('D1')}?on={ON}"
    for user in ("cm", "d1"):
        text = sign_in(user).get(address).text
        for figure in ("¥130,000.00", "¥10,000.00", "¥120,000.00", "100.0 %", "29.17 %", "+51.1"):
            assert figure in text, (user, figure)
        assert "品种比例未达成" in text
        board = sign_in(user).get(f"/targets?on={ON}").text
        assert "51.1" in board and "120,000.00" in board
    assert "自贡" in sign_in("cm").get(f"/targets?on={ON}").text
    assert "自贡" not in sign_in("d1").get(f"/targets?on={ON}").text
    sign_in("d1").get(f"/targets/of/{world.distributor('D3')}", status=404)
    csv = sign_in("d1").get(f"/targets?on={ON}&format=csv").data.decode("utf-8-sig")
    assert "120000.00" in csv and "自贡" not in csv


def form_of(total: str, **changes: str) -> dict[str, str]:
    weights = dict(zip(("quarter-1", "quarter-2", "quarter-3", "quarter-4"),
                       ("20", "30", "30", "20"), strict=True))  # fmt: skip
    months = {f"month-{n}": "1" for n in range(1, 13)}
    return {"year": "2026", "total_fen": total, "reason": "", **weights, **months, **changes}


@pytest.mark.row("G02", "G03")
def test_a_plan_is_built_submitted_signed_and_handed_over(sign_in, world):
    history(world)
    cm, cm2 = sign_in("cm"), sign_in("cm2")
    cm.get("/targets/plans/new")
    chosen = cm.post(
        "/targets/plans/new", {"distributor_id": str(world.distributor("D1")), "year": "2026"}
    )
    form = cm.follow(chosen).text
    assert "¥600,000.00" in form
    bad = cm.post(chosen.location, form_of("1,000,000", **{"month-1": "一"}), status=422).text
    assert "“一”不是权重" in bad and 'value="1,000,000"' in bad
    made = cm.post(chosen.location, form_of("1,000,000", **{"group-SAUCE": "2", "group-NEW": "1"}))
    page = cm.follow(made).text
    for figure in ("200,000.00", "300,000.00", "66,666.66", "66,666.68", "66.7 %", "目标不合理"):
        assert figure in page, figure
    plan = db.session.scalars(sa.select(TargetPlan.id)).one()
    act = f"/targets/plans/{plan}/act"
    page = cm.follow(cm.post(act, {"act": "submit", "seen_version": "1"})).text
    assert "须书面说明理由" in page
    cm.post(act, {"act": "submit", "reason": "新开三家连锁超市"})
    page = cm2.get(f"/targets/plans/{plan}").text
    assert "新开三家连锁超市" in page and "签署" in page
    assert "不能签署自己编制的计划" in cm.follow(cm.post(act, {"act": "sign"})).text
    cm2.post(act, {"act": "sign"})
    assert "新开三家连锁超市" in sign_in("d1").get(f"/targets/plans/{plan}").text
    version = db.session.scalars(
        sa.select(AgreementVersion.id).order_by(AgreementVersion.id)
    ).first()
    draft = agreements.amend_agreement(world.actor("cm"), version, date(2026, 12, 1), "目标")
    page = cm.get(f"/targets/plans/{plan}").text
    assert f'value="{draft}"' in page
    landed = cm.post(act, {"act": "hand_over", "version": str(draft), "level": "month"})
    assert landed.location.endswith(f"/agreements/{draft}")


def test_the_lists_and_a_distributor_without_write(sign_in, world):
    sign_in("cm").get("/targets/plans")
    sign_in("d1").get("/targets/plans")
    sign_in("d1").get("/targets/plans/new", status=403)

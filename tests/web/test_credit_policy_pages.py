"""The pages of credit policies, and «pay X to release» where the distributor looks."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from credit.holds import OverdueRule, Step
from credit.policy import FIRST, Control, CreditPolicy, Ladder, Mode
from tests.builders import (
    a_credit_policy,
    a_shipment,
    an_application,
    an_approved_exception,
    an_order,
    delivered,
    paid,
    the_order,
    the_shipment,
)

FORM = {
    "order-mode": "block",
    "order-buckets": ["ordered", "shipped", "invoiced", "unapplied"],
    "order-horizon_days": "30",
    "order-largest_fen": "29,999.99",
    "shipment-mode": "approve",
    "shipment-buckets": ["ordered", "shipped", "invoiced", "unapplied"],
    "rule-0-over_days": "0",
    "rule-0-step": "hold_shipments",
    "rule-1-grade": "D",
    "rule-1-over_days": "5",
    "rule-1-tolerance_fen": "100",
    "rule-1-step": "hold_orders",
    "grace_days": "2",
    "prepaid": "both",
    "valid_from": "2026-11-22",
    "reason": "年底收紧",
}


def proposed(fin: Any, **changes: Any) -> str:
    """The address of a proposal."""
    return str(fin.post("/credit/policies/new", FORM | changes).location)


@pytest.mark.row("B03", "B05")
def test_a_policy_from_the_form_over_the_dry_run_to_its_approval(world: Any, sign_in: Any) -> None:
    delivered(world, on=date(2026, 10, 12), B=200)  # 40,000.00
    fin, boss = sign_in("fin"), sign_in("boss")
    assert "订单环节" in fin.get("/credit/policies/new").text
    place = proposed(fin)
    text = fin.get(place).text
    for words in (
        "只有到款或提高额度才放行",
        "未发货订单只计入 30 天内要货的",
        "单笔含税金额最多 ¥29,999.99",
        "信用等级 D：逾期超过 5 天的欠款大于 ¥100.00",
        "从 4 号起检查",
        "与第 1 版相比",
        "没有试算不能批准",
    ):
        assert words in text, words
    assert "/approve" not in boss.get(place).text
    page = fin.follow(fin.post(f"{place}/try", {"month": "2026-10"}))
    assert "第 2 版试算" in page.text
    assert re.search(r"新被拦下.*¥40,000\.00", page.text, re.DOTALL)
    [shown] = re.findall(r'href="(/credit/trials/\d+\?[^"]*change=stopped)"', page.text)
    stopped = fin.get(shown.replace("&amp;", "&")).text
    [line] = re.findall(r'class="row-link" href="([^"]+)"', stopped)
    reasons = fin.get(line).text
    assert "超过信用政策规定的单笔上限 ¥29,999.99" in reasons
    listed = fin.get(page.request.path + "?format=csv")
    assert "SO-2026" in listed.data.decode("utf-8-sig")
    assert "/approve" not in fin.get(place).text, "not the one who proposed it"
    assert "待" in boss.get("/").text
    done = boss.follow(boss.post(f"{place}/approve", {}))
    assert "自生效日起执行" in done.text
    assert "第 1 版" in boss.get("/credit/policies").text, "version 2 begins tomorrow"


def test_what_cannot_be_read_stays_typed_and_says_why(world: Any, sign_in: Any) -> None:
    fin = sign_in("fin")
    fin.get("/credit/policies/new")
    wrong = {"order-largest_fen": "viel", "rule-2-grade": "A", "valid_from": "2026-11-20"}
    answer = fin.post("/credit/policies/new", FORM | wrong, 422)
    assert 'value="viel"' in answer.text
    assert "逾期阶梯第 3 行缺少天数或措施" in answer.text
    late = fin.post("/credit/policies/new", FORM | {"valid_from": "2026-11-20"}, 422)
    assert "已过去" in late.text
    none = fin.post("/credit/policies/new", FORM | {"order-buckets": ["unapplied"]}, 422)
    assert "没有任何欠款会计入" in none.text
    spoken = fin.post("/credit/policies/preview", FORM, 200)
    assert "超出界限即扣住" in spoken.text
    assert "表单填好后" in fin.post("/credit/policies/preview", FORM | wrong, 200).text
    place = proposed(fin)
    told = fin.follow(fin.post(f"{place}/try", {"month": "2027-01"}))
    assert "不是可以试算的月份" in told.text
    assert "已撤回" in fin.follow(fin.post(f"{place}/withdraw", {"reason": "不要了"})).text


def test_no_distributor_sees_the_policies(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    for path in ("/credit/policies", "/credit/policies/1"):
        d1.get(path, 404)
    sign_in("rep").get("/credit/policies/new", 403)


def held_under(policy: CreditPolicy, world: Any, prepare: Any) -> tuple[str, Any]:
    """(address, document) that the policy holds."""
    a_credit_policy(policy=policy)
    return prepare(world)


def an_order_over_the_limit(world: Any) -> tuple[str, Any]:
    delivered(world, B=750)
    an_order(world, B=150)
    order = an_order(world, B=125)
    return f"/orders/{order}", lambda: the_order(order)


def a_shipment_overdue(world: Any) -> tuple[str, Any]:
    order = an_order(world, A=100)
    delivered(world, on=date(2026, 9, 1), A=100)
    shipment = a_shipment(world, order)
    return f"/shipments/{shipment}", lambda: the_shipment(shipment)


def an_order_overdue(world: Any) -> tuple[str, Any]:
    delivered(world, on=date(2026, 9, 1), A=100)
    order = an_order(world, A=100)
    return f"/orders/{order}", lambda: the_order(order)


HOLDS_ORDERS = CreditPolicy(ladders=(Ladder("", (OverdueRule(3, Step.HOLD_ORDERS, 12_345),)),))


@pytest.mark.row("B02", "B05")
@pytest.mark.parametrize(
    ("policy", "prepare", "pay_fen", "shown"),
    [
        (FIRST, an_order_over_the_limit, 500_000, "5,000.00"),
        (FIRST, a_shipment_overdue, 1_000_000, "10,000.00"),
        (HOLDS_ORDERS, an_order_overdue, 987_655, "9,876.55"),
        (
            CreditPolicy(order=Control(mode=Mode.BLOCK, oldest_days=3)),
            an_order_overdue,
            1_000_000,
            "10,000.00",
        ),
    ],
)
def test_the_distributor_is_told_what_to_pay_and_it_is_right_to_the_fen(
    world: Any, sign_in: Any, policy: Any, prepare: Any, pay_fen: int, shown: str
) -> None:
    place, document = held_under(policy, world, prepare)
    d1 = sign_in("d1")
    words = f"付款 ¥{shown} 即可放行"
    assert words in d1.get(place).text
    assert words in d1.get("/").text
    paid(world, "D1", pay_fen - 1)
    assert document().state == "held"
    assert "付款 ¥0.01 即可放行" in d1.get(place).text
    paid(world, "D1", 1)
    assert document().state in ("confirmed", "released")
    assert "等款放行" not in d1.get("/").text


def test_what_money_does_not_release_says_so(world: Any, sign_in: Any) -> None:
    a_credit_policy(policy=CreditPolicy(order=Control(mode=Mode.BLOCK, largest_fen=1)))
    order = an_order(world, A=100)
    text = sign_in("d1").get(f"/orders/{order}").text
    assert "光付款不能放行" in text
    assert "信用政策规定此处不接受例外" in text
    assert "/exceptions/new" not in text


@pytest.mark.row("B03")
def test_the_application_says_where_exceptions_do_not_help(world: Any, sign_in: Any) -> None:
    rep = sign_in("rep")
    assert "例外不适用于" not in rep.get("/exceptions/new?type=credit").text
    a_credit_policy(order="block")
    text = rep.get("/exceptions/new?type=credit").text
    assert "例外不适用于" in text
    assert "订单环节" in text
    assert "例外不适用于" not in rep.get("/exceptions/new?type=minimum").text


@pytest.mark.row("B05")
def test_the_exception_that_is_filled_in_releases_what_is_overdue(world: Any, sign_in: Any) -> None:
    place, document = a_shipment_overdue(world)
    assert document().state == "held"
    rep = sign_in("rep")
    link = re.search(r'href="(/exceptions/new[^"]+)"', rep.get(place).text)
    assert link is not None
    form = rep.get(link[1].replace("&amp;", "&")).text
    [field] = re.findall(r'<input[^>]*name="amount_fen"[^>]*>', form)
    assert 'value="10000.00"' in field
    wish = an_application(
        world, "D1", type="credit", asked={"amount_fen": 1_000_000},
        subject_kind="shipment", subject_id=document().id,
    )  # fmt: skip
    an_approved_exception(world, wish)
    assert document().state == "released"

"""The pages of credit limits, as the people who use them."""

from __future__ import annotations

from typing import Any

import pytest

from channel.queries import credit_limits

FORM = {
    "kind": "temporary",
    "amount_fen": "20,000",
    "valid_from": "2026-11-01",
    "last_day": "2026-11-30",
    "reason": "双十二备货",
}


def sign(sign_in: Any, limit: int) -> None:
    """Every desk in its turn."""
    for name in ("cm", "fin2", "boss"):
        sign_in(name).post(f"/credit/limits/{limit}", {"act": "approve"})


@pytest.mark.row("B09")
def test_a_large_raise_waits_at_one_desk_after_the_other(world: Any, sign_in: Any) -> None:
    fin, cm = sign_in("fin"), sign_in("cm")
    owner = world.distributor("D1")
    fin.get(f"/credit/{owner}/limits/new")
    form = FORM | {"kind": "fixed", "amount_fen": "260,000", "last_day": ""}
    fin.post(f"/credit/{owner}/limits/new", form)
    [(limit, _whose)] = credit_limits.pending_limits()
    button = f'action="/credit/limits/{limit.id}"'
    assert button in cm.get(f"/credit/{owner}").text
    assert button not in sign_in("boss").get(f"/credit/{owner}").text
    page = cm.follow(cm.post(f"/credit/limits/{limit.id}", {"act": "approve"}))
    assert "财务" in page.text
    assert "方芳" not in page.text.partition("信用额度记录")[0]
    assert button not in cm.get(f"/credit/{owner}").text
    assert button not in fin.get(f"/credit/{owner}").text, "not the one who proposed it"
    assert button in sign_in("fin2").get(f"/credit/{owner}").text


@pytest.mark.row("B01", "B04")
def test_a_one_off_limit_from_the_form_to_the_page_that_explains_it(
    world: Any, sign_in: Any
) -> None:
    fin, boss, d2 = sign_in("fin"), sign_in("boss"), sign_in("d2")
    owner = world.distributor("D2")
    page = fin.follow(fin.post(f"/credit/{owner}/limits/new", FORM))
    assert "一次性额度" in page.text
    assert "待处理" in page.text
    [pending] = credit_limits.pending_limits()
    assert "一次性额度" in boss.get("/credit").text
    sign(sign_in, pending[0].id)
    text = d2.get(f"/credit/{owner}/limit?on=2026-11-30").text
    assert "70,000.00" in text
    assert "剩余部分" in text
    text = d2.get(f"/credit/{owner}/limit?on=2026-12-01").text
    assert "70,000.00" not in text
    assert "已结束" in text
    assert "70,000.00" in fin.get(f"/credit/{owner}/limit?on=soon").text, (
        "an unreadable day is today"
    )


def test_each_mistake_is_told_at_its_field_and_what_was_typed_survives(
    world: Any, sign_in: Any
) -> None:
    fin, url = sign_in("fin"), f"/credit/{world.distributor('D2')}/limits/new"
    fin.get(url)
    page = fin.post(url, FORM | {"last_day": ""}, status=422)
    assert "只有固定额度可以没有截止日" in page.text
    assert 'value="双十二备货"' in page.text
    page = fin.post(url, FORM | {"kind": "fixed", "amount_fen": "", "last_day": ""}, status=422)
    assert 'href="#amount_fen"' in page.text
    page = fin.post(url, FORM | {"kind": "guarantee", "share_bp": "80"}, status=422)
    assert "担保额度需写明" in page.text
    assert credit_limits.pending_limits() == []


def test_an_unlimited_debtor_is_not_over_the_limit(world: Any, sign_in: Any) -> None:
    from tests.builders import an_order

    fin = sign_in("fin")
    an_order(world, "D1", A=100)
    form = FORM | {"kind": "fixed", "amount_fen": "", "is_unlimited": "y", "last_day": ""}
    fin.post(f"/credit/{world.distributor('D1')}/limits/new", form)
    [pending] = credit_limits.pending_limits()
    sign(sign_in, pending[0].id)
    assert "D1" not in fin.get("/credit?over=1").text.split("<tbody>")[-1]
    assert "D1" in fin.get("/credit?over=0").text


@pytest.mark.row("P01")
def test_a_distributor_sees_only_its_own_limit(world: Any, sign_in: Any) -> None:
    sign_in("d1").get(f"/credit/{world.distributor('D2')}/limit", status=404)
    sign_in("d1").get(f"/credit/{world.distributor('D1')}/limits/new", status=403)

"""Deposits in the browser."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.deposits import DepositEntry

pytestmark = pytest.mark.row("B10")

PAID = {"kind": "paid", "amount_fen": "20,000", "on": "2026-11-21", "reason": "合同保证金"}


@pytest.mark.row("A16")
def test_paid_deducted_by_two_persons_and_restored(world: Any, sign_in: Any) -> None:
    fin, boss, d1 = sign_in("fin"), sign_in("boss"), sign_in("d1")
    url = f"/deposits/{world.distributor('D1')}"
    fin.get(url)
    fin.post(url, PAID)
    fine = PAID | {"kind": "deducted", "amount_fen": "5000", "top_up_by": "2026-12-06"}
    page = fin.follow(fin.post(url, fine))
    assert 'value="approve"' not in page.text, "not by the one who entered it"
    entry = db.session.scalars(sa.select(DepositEntry).order_by(DepositEntry.id.desc())).first()
    assert entry is not None
    assert 'value="approve"' in boss.get(url).text
    boss.post(f"/deposits/entries/{entry.id}", {"act": "approve", "note": "按合同第一条"})
    text = d1.get(url).text
    assert "¥15,000.00" in text
    assert "2026-12-06" in text
    assert "15,000.00" in boss.get("/deposits").text
    boss.post(f"/deposits/entries/{entry.id}", {"act": "restore", "note": "申诉成立"})
    text = d1.get(url).text
    assert "¥20,000.00" in text
    assert "恢复" in text


def test_too_much_is_told_at_the_amount_and_what_was_typed_survives(
    world: Any, sign_in: Any
) -> None:
    fin, url = sign_in("fin"), f"/deposits/{world.distributor('D1')}"
    fin.get(url)
    page = fin.post(url, PAID | {"kind": "refunded", "reason": "合同到期"}, status=422)
    assert "超过保证金余额" in page.text
    assert 'href="#amount_fen"' in page.text
    assert 'value="合同到期"' in page.text


@pytest.mark.row("P01")
def test_a_distributor_sees_its_own_and_changes_nothing(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    d1.get(f"/deposits/{world.distributor('D2')}", status=404)
    assert f"/deposits/{world.distributor('D1')}" in d1.get("/deposits", status=303).location
    d1.get(f"/deposits/{world.distributor('D1')}")
    with_form = d1.post(f"/deposits/{world.distributor('D1')}", PAID, status=403)
    assert with_form.status_code == 403
    sign_in("cm").post(f"/deposits/{world.distributor('D1')}", PAID, status=403)

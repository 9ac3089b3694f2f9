"""Groups of distributors: made, joined and left in the browser, and what they do to a run."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.rebates import RebateGroup, RebateGroupMember
from channel.services import rebates
from tests.services.rebate_trade import (
    Q3,
    an_approved_policy,
    an_invoice,
    some_terms,
    the_statement,
)

AUGUST = date(2026, 8, 15)


def a_group(client, *members: int, name: str = "川南") -> int:
    client.post("/rebates/groups", data={"name": name})
    group = db.session.scalars(sa.select(RebateGroup).filter_by(name=name)).one().id
    for member in members:
        client.post(
            f"/rebates/groups/{group}", data={"distributor_id": member, "valid_from": "2026-01-01"}
        )
    return group


@pytest.mark.row("E01")
def test_members_reach_a_tier_together_and_are_paid_on_their_own_sales(world, sign_in):
    """60,000 and 50,000 are 110,000 together: 2 % of each one's own; alone it would be 1 %."""
    d1, d4 = world.distributor("D1"), world.distributor("D4")
    a_group(sign_in("fin"), d1, d4)
    an_approved_policy(world, some_terms("TOGETHER", scope="group"))
    an_invoice(world, "D1", AUGUST, ("A", "60000"))
    an_invoice(world, "D4", AUGUST, ("A", "50000"))
    an_invoice(world, "D3", AUGUST, ("A", "50000"))
    run = rebates.propose(world.actor("fin"), Q3)
    amounts = {
        code: the_statement(
            run, policy_code="TOGETHER", distributor_id=world.distributor(code)
        ).amount_fen
        for code in ("D1", "D4", "D3")
    }
    assert amounts == {"D1": 120_000, "D4": 100_000, "D3": 50_000}


def test_one_group_at_a_time_and_a_membership_ends_with_a_day(world, sign_in):
    client, d1 = sign_in("fin"), world.distributor("D1")
    first = a_group(client, d1)
    second = a_group(client, name="川北")
    page = client.post(
        f"/rebates/groups/{second}",
        data={"distributor_id": d1, "valid_from": "2026-10-01"},
        status=422,
    )
    assert "川南" in page.text
    member = db.session.scalars(sa.select(RebateGroupMember)).one()
    data = {"member_id": member.id, "last_day": "2026-09-30"}
    client.post(f"/rebates/groups/{first}/leave", data=data)
    client.post(
        f"/rebates/groups/{second}", data={"distributor_id": d1, "valid_from": "2026-10-01"}
    )
    rows = db.session.execute(
        sa.select(RebateGroupMember.group_id, RebateGroupMember.valid_to).order_by(
            RebateGroupMember.id
        )
    ).all()
    assert [tuple(row) for row in rows] == [(first, date(2026, 10, 1)), (second, None)]
    assert "2026-09-30" in client.get(f"/rebates/groups/{first}").text


def test_a_distributor_sees_no_groups_and_who_may_not_write_changes_none(world, sign_in):
    group = a_group(sign_in("fin"))
    sign_in("d1").get(f"/rebates/groups/{group}", status=404)
    assert "川南" not in sign_in("d1").get("/rebates/groups").text
    sign_in("auditor").post("/rebates/groups", data={"name": "x"}, status=403)
    sign_in("fin").post("/rebates/groups", data={"name": "川南"}, status=422)

"""How rebates are used: typed in the agreement or in the house's rules, kept, printed, obeyed."""

from __future__ import annotations

import pytest

from channel.db import db
from channel.demo.cast import BOOK
from channel.models.partners import Maker
from channel.queries import rebates_pool_facts as facts
from contracts import agreement as terms_of
from contracts.rebates.payout import FORMS, Payout
from tests.conftest import TODAY
from tests.web.test_agreement_pages import a_form, newest
from tests.web.test_partners_pages import inputs

pytestmark = pytest.mark.database

TYPED = {
    "payout_forms": ["transfer", "invoice"],
    "payout_cap_bp": "12.5",
    "payout_clawback_months": "18",
}


@pytest.mark.row("E07", "E08", "E13")
def test_the_clause_is_typed_kept_printed_and_shown_again(world, sign_in):
    cm = sign_in("cm")
    cm.post("/agreements/new", a_form(world, price_book=BOOK, **TYPED))
    kept = terms_of.from_json(newest().terms).payout
    assert kept == Payout(("invoice", "transfer"), 1250, 18)
    form = cm.get(f"/agreements/{newest().id}/edit").text
    assert 'value="12.5"' in form
    assert 'value="18"' in form
    page = cm.get(f"/agreements/{newest().id}").text
    assert "返利兑付方式：票折（冲减下一张发票）、现金或转账。" in page
    assert "每张订单使用返利不超过该订单货款的 12.5 %。" in page
    assert "最低发货额按冲减返利之前、不含免费货物的货值核定。" in page
    assert "追回返利以此前 18 个月内已得返利为限。" in page


@pytest.mark.row("E07")
def test_left_blank_the_house_rules_and_half_a_clause_is_refused(world, sign_in):
    cm = sign_in("cm")
    cm.post("/agreements/new", a_form(world, price_book=BOOK))
    assert terms_of.from_json(newest().terms).payout is None
    half = a_form(world, price_book=BOOK, payout_cap_bp="20")
    assert "请两项都填" in cm.post("/agreements/new", half, status=422).text


@pytest.mark.row("E07")
def test_the_house_says_what_holds_without_a_clause(world, sign_in):
    before = facts.clause_on(world.distributor("D1"), TODAY)
    assert before == Payout(FORMS, 3000, None)
    admin = sign_in("admin")
    typed = inputs(admin.get("/maker"))
    typed |= {"payout_forms": ["goods"], "payout_cap_bp": "40", "payout_clawback_months": "6"}
    admin.post("/maker", typed)
    db.session.rollback()
    house = db.session.query(Maker).one()
    assert (house.payout_forms, house.payout_cap_bp) == ("goods", 4000)
    assert facts.clause_on(world.distributor("D1"), TODAY) == Payout(("goods",), 4000, 6)

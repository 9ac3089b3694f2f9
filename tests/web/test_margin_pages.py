"""C05 through the pages: suggested prices proposed by one, approved by another, and the ladder."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from channel.db import db
from channel.models.catalogue import PriceBook, SuggestedPrice

WISH = {
    "valid_from": "2026-11-21",
    "wholesale_fen": "108",
    "retail_fen": "130",
    "floor_fen": "95",
    "ceiling_fen": "130",
}


def entry() -> int:
    return db.session.scalars(sa.select(SuggestedPrice.id)).one()


@pytest.mark.row("C05")
def test_the_ladder_is_proposed_approved_and_read(sign_in, world):
    good = f"/products/{world.product('A')}/ladder"
    cm = sign_in("cm")
    cm.get(good)
    cm.post(good, WISH)
    page = cm.post(f"/suggested-prices/{entry()}/approve")
    assert "提议" in cm.follow(page).text  # the proposer may not approve
    other = sign_in("cm2")
    assert "suggested-prices" in other.get("/").text
    other.post(f"/suggested-prices/{entry()}/approve")
    text = other.get(good + "?rebate=2").text
    for figure in ("7.41 %", "9.26 %", "16.92 %", "低于下限", "达到下限"):
        assert figure in text
    book = db.session.scalars(sa.select(PriceBook.id)).one()
    whole = other.get(f"/price-books/{book}/margins?rebate=2").text
    assert "7.41" in whole and "9.26" in whole and "含返利才达标" in whole
    assert "7.41" in other.get(f"/price-books/{book}/margins?format=csv").data.decode("utf-8-sig")
    assert (
        "低于下限" in other.get(f"/price-books/{book}/margins?standing=below_floor&rebate=0").text
    )


def test_wrong_prices_keep_what_was_typed(sign_in, world):
    good = f"/products/{world.product('A')}/ladder"
    text = sign_in("cm").post(good, WISH | {"retail_fen": "99"}, status=422).text
    assert 'value="99"' in text and "低于批发价" in text
    text = sign_in("cm").post(good, WISH | {"ceiling_fen": "90"}, status=422).text
    assert "区间" in text


@pytest.mark.row("C05")
def test_the_floor_is_a_setting_of_the_house(sign_in, world):
    admin = sign_in("admin")
    page = admin.get("/maker").text
    assert 'name="floor_margin_bp"' in page


def test_a_distributor_has_no_ladder(sign_in, world):
    sign_in("d1").get(f"/products/{world.product('A')}/ladder", status=404)
    sign_in("d1").get("/suggested-prices", status=404)

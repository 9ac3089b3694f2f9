"""Suggested prices by two persons (C05), and the list of a book against the rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channel.db import db
from channel.models.catalogue import PriceBook, PriceEntry, SuggestedPrice
from channel.queries import catalogue_margins
from channel.queries.catalogue_margins import House
from channel.queries.listing import fetch
from channel.services import prices_suggested
from channel.services.prices_suggested import Suggestion
from channel.services.work import Refused
from contracts import margins
from contracts.values.rates import Rate

pytestmark = pytest.mark.database
NOW = date(2026, 11, 21)
A = Suggestion(NOW, 10_800, 13_000, 9_500, 13_000)


def suggested(world, wish=A, code="A"):
    entry = prices_suggested.suggest(world.actor("cm"), world.product(code), wish)
    prices_suggested.approve_suggestion(world.actor("cm2"), entry)
    return entry


def rows(world, house=House(800, 200), on=NOW):
    book = db.session.scalars(sa.select(PriceBook)).one()
    page = fetch(catalogue_margins.book_ladder(book, on, house), world.actor("cm"), {})
    return {row.code: row for row in page.rows}


@pytest.mark.row("C05")
def test_a_ladder_needs_two_persons_and_warns_under_the_floor(world):
    entry = prices_suggested.suggest(world.actor("cm"), world.product("A"), A)
    assert rows(world)["A"].standing == "no_ladder"
    with pytest.raises(Refused, match="own_proposal"):
        prices_suggested.approve_suggestion(world.actor("cm"), entry)
    prices_suggested.approve_suggestion(world.actor("cm2"), entry)
    row = rows(world)["A"]
    assert (row.margin, row.margin_rebate) == (Decimal("7.41"), Decimal("9.26"))
    assert row.standing == "with_rebate"
    assert rows(world, House(800, 0))["A"].standing == "below_floor"
    assert rows(world, House(700, 0))["A"].standing == "passes"
    assert rows(world)["B"].standing == "no_ladder"


def test_a_later_one_ends_the_former_and_nothing_changes_in_the_past(world):
    suggested(world)
    suggested(world, Suggestion(date(2026, 12, 1), 11_000, 13_500))
    spans = db.session.execute(
        sa.select(SuggestedPrice.valid_from, SuggestedPrice.valid_to).order_by(
            SuggestedPrice.valid_from
        )
    ).all()
    assert [tuple(s) for s in spans] == [(NOW, date(2026, 12, 1)), (date(2026, 12, 1), None)]
    assert rows(world)["A"].wholesale == 10_800
    assert rows(world, on=date(2026, 12, 1))["A"].wholesale == 11_000
    with pytest.raises(Refused, match="same_day"):
        suggested(world, Suggestion(date(2026, 12, 1), 11_000, 12_000))


def test_a_past_day_that_has_prices_stays(world):
    suggested(world, Suggestion(date(2026, 11, 1), 10_800, 13_000))
    with pytest.raises(Refused, match="backdated"):
        suggested(world, Suggestion(date(2026, 11, 5), 11_000, 12_000))


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Suggestion(NOW, 10_800, 10_700), "suggested.retail_low"),
        (Suggestion(NOW, 10_800, 13_000, 13_001, 13_000), "suggested.band_crossed"),
    ],
)
def test_what_cannot_be_is_refused(world, wish, code):
    with pytest.raises(Refused) as refused:
        prices_suggested.suggest(world.actor("cm"), world.product("A"), wish)
    assert [f.code for f in refused.value.findings] == [code]


def test_the_list_and_the_rule_agree(world):
    book = db.session.scalars(sa.select(PriceBook)).one()
    suggested(world)
    entry = db.session.scalars(sa.select(SuggestedPrice)).one()
    price = db.session.scalars(
        sa.select(PriceEntry).where(PriceEntry.product_id == world.product("A"))
    ).one()

    @settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
    @given(
        dealer=st.integers(1, 10**7),
        wholesale=st.integers(1, 10**7),
        rebate=st.integers(0, 3_000),
        floor=st.integers(0, 3_000),
    )
    def agree(dealer, wholesale, rebate, floor):
        price.gross_fen = dealer
        entry.wholesale_fen = entry.retail_fen = wholesale
        db.session.flush()
        house = House(floor, rebate)
        page = fetch(catalogue_margins.book_ladder(book, NOW, house), world.actor("cm"), {"q": "A"})
        row = next(r for r in page.rows if r.code == "A")
        ladder = margins.Ladder("A", dealer, wholesale, wholesale)
        rates = Rate.basis_points(rebate), Rate.basis_points(floor)
        assert row.margin == margins.dealer_margin(ladder).percent
        assert row.margin_rebate == margins.dealer_margin(ladder, rates[0]).percent
        bare = margins.dealer_margin(ladder).reaches(rates[1])
        helped = margins.dealer_margin(ladder, rates[0]).reaches(rates[1])
        expected = "passes" if bare else "with_rebate" if helped else "below_floor"
        assert row.standing == expected

    agree()
    db.session.rollback()

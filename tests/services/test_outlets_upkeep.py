"""Outlets' upkeep: who sleeps and who is lost, by the rule and by the database alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channel.access import Forbidden, NotVisible
from channel.db import db
from channel.models.market import Outlet
from channel.models.partners import Maker
from channel.queries import listing
from channel.queries.outlets import outlets_list, state_of, upkeep_list
from channel.rules import outlets as rules
from channel.services import market_prices
from channel.services.market_prices import OutletFacts
from channel.services.outlets import Visit, log_visit
from channel.services.work import Refused

pytestmark = pytest.mark.database

TODAY = date(2026, 11, 21)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def shop(world: Any, code: str = "D1", place: str = "511000", opened: date | None = None) -> int:
    facts = OutletFacts(world.distributor(code), f"{code} 超市", "supermarket", place)
    outlet = market_prices.save_outlet(world.actor("cm"), None, facts)
    db.session.execute(sa.update(Outlet).where(Outlet.id == outlet).values(opened_on=opened))
    db.session.commit()
    return outlet


def ordered(world: Any, outlet: int, day: date, **more: Any) -> None:
    log_visit(world.actor("cm"), outlet, Visit(day, has_order=True, **more))


def rows(world: Any, user: str = "cm", **params: str) -> list[Any]:
    return listing.fetch(outlets_list(TODAY), world.actor(user), params).rows


@pytest.mark.row("F13")
def test_an_outlet_without_an_order_for_90_days_sleeps_and_is_counted(world):
    outlet = shop(world, opened=ago(200))
    ordered(world, outlet, ago(89))
    assert state_of(outlet, TODAY)[0] == "active"
    assert state_of(outlet, TODAY + timedelta(days=1))[0] == "sleeping"
    assert state_of(outlet, ago(89) + timedelta(days=179))[0] == "sleeping"
    assert state_of(outlet, ago(89) + timedelta(days=180))[0] == "lost"
    # A visit without an order wakes nobody; an order does.
    log_visit(world.actor("rep"), outlet, Visit(TODAY))
    tomorrow = TODAY + timedelta(days=1)
    assert state_of(outlet, tomorrow)[0] == "sleeping"
    [row] = listing.fetch(upkeep_list(world.actor("cm"), tomorrow, "distributor"),
                          world.actor("cm"), {}).rows  # fmt: skip
    assert (row.outlets, row.active, row.sleeping, row.lost, row.visited) == (1, 0, 1, 0, 1)
    ordered(world, outlet, TODAY, quantity=12)
    assert state_of(outlet, tomorrow) == ("active", TODAY, TODAY)


@pytest.mark.row("F13")
def test_the_house_sets_the_days_and_people_close_an_outlet(world):
    outlet = shop(world, opened=ago(40))
    assert state_of(outlet, TODAY)[0] == "active"
    db.session.execute(sa.update(Maker).values(outlet_sleep_days=30))
    db.session.commit()
    assert state_of(outlet, TODAY)[0] == "sleeping"
    market_prices.set_outlet_active(world.actor("cm"), outlet, False)
    assert state_of(outlet, TODAY)[0] == "closed"
    with pytest.raises(Refused, match=r"visit\.closed"):
        log_visit(world.actor("cm"), outlet, Visit(TODAY))


@pytest.mark.row("F13")
def test_an_outlet_of_before_such_days_were_kept_sleeps_until_it_orders(world):
    outlet = shop(world)
    assert state_of(outlet, TODAY) == ("sleeping", None, None)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    st.booleans(),
    st.none() | st.integers(0, 400),
    st.none() | st.integers(0, 400),
)
def test_the_database_judges_as_the_rule_does(world, is_open, order, opened):
    outlet = shop(world, opened=None if opened is None else ago(opened))
    if order is not None:
        ordered(world, outlet, ago(order))
    market_prices.set_outlet_active(world.actor("cm"), outlet, is_open)
    last = None if order is None else ago(order)
    since = None if opened is None else ago(opened)
    wanted = rules.state_of(is_open, last, since, TODAY, 90, 180)
    assert state_of(outlet, TODAY)[0] == wanted.value


@pytest.mark.row("F13")
def test_totals_by_distributor_and_by_area_agree(world):
    for code, place, days in (("D1", "511000", 5), ("D1", "511002", 100), ("D2", "511083", 200),
                              ("D4", "510104", 5)):  # fmt: skip
        ordered(world, shop(world, code, place), ago(days))
    actor = world.actor("cm")
    pages = [listing.fetch(upkeep_list(actor, TODAY, by), actor, {})
             for by in ("distributor", "area")]  # fmt: skip
    assert pages[0].totals == pages[1].totals
    assert pages[0].totals[""] == {
        "outlets": 4, "active": 2, "sleeping": 1, "lost": 1, "closed": 0, "visited": 2, "passed": 0
    }  # fmt: skip
    assert [(row.name[:2], row.outlets) for row in pages[0].rows] == [
        ("D1", 2), ("D2", 1), ("D4", 1)
    ]  # fmt: skip
    assert len(rows(world, state="sleeping")) == 1
    assert len(rows(world, place="511000")) == 3
    assert len(rows(world, owner=str(world.distributor("D1")))) == 2


@pytest.mark.row("F13", "P01")
def test_outlets_are_those_of_the_actor(world):
    shop(world, "D1")
    other = shop(world, "D4", "510104")
    assert len(rows(world, "d1")) == len(rows(world, "rep")) == 1
    assert len(rows(world)) == 2
    for user in ("d1", "rep"):
        actor = world.actor(user)
        assert (
            listing.fetch(upkeep_list(actor, TODAY, "area"), actor, {}).totals[""]["outlets"] == 1
        )
        with pytest.raises(NotVisible):
            log_visit(actor, other, Visit(TODAY))
    with pytest.raises(Forbidden):
        log_visit(world.actor("auditor"), other, Visit(TODAY))


def test_a_visit_is_refused_with_its_reasons(world):
    outlet = shop(world)
    with pytest.raises(Refused, match=r"visit\.in_future"):
        log_visit(world.actor("rep"), outlet, Visit(TODAY + timedelta(days=1)))
    with pytest.raises(Refused, match=r"visit\.nothing"):
        log_visit(world.actor("rep"), outlet, Visit(TODAY, is_visit=False))
    with pytest.raises(Refused, match=r"visit\.quantity"):
        log_visit(world.actor("rep"), outlet, Visit(TODAY, quantity=3))

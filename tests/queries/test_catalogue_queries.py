"""Prices, VAT rates and working days by date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from channel.db import db
from channel.models.catalogue import PriceBook, PriceEntry, WorkingDay
from channel.queries import catalogue
from contracts.values.money import vat_split

pytestmark = pytest.mark.database

ON = date(2026, 11, 21)


def reads(statements: list[str]) -> int:
    """How many of them read; SQLite's BEGIN is none."""
    return sum(s.startswith(("SELECT", "WITH")) for s in statements)


def _price(world: Any, product: str, fen: int, start: date, *, approved: bool) -> None:
    book = db.session.scalars(db.select(PriceBook)).one()
    db.session.add(
        PriceEntry(
            book_id=book.id,
            product_id=world.product(product),
            gross_fen=fen,
            valid_from=start,
            proposed_by_id=world.actor("cm").user_id,
            proposed_at=world.users["cm"].created_at,
            approved_by_id=world.actor("cm2").user_id if approved else None,
            approved_at=world.users["cm"].created_at if approved else None,
        )
    )
    db.session.commit()


def prices(world: Any, on: date) -> dict[str, int]:
    ids = [world.product(code) for code in "ABN"]
    return {e.product: e.gross_fen for e in catalogue.price_entries("STD", ids, on)}


@pytest.mark.row("C04")
def test_a_new_price_holds_from_its_day_on_and_not_before(world: Any) -> None:
    _price(world, "A", 10_500, date(2026, 12, 1), approved=True)
    assert prices(world, date(2026, 11, 30))["A"] == 10_000
    assert {
        e.gross_fen for e in catalogue.price_entries("STD", [world.product("A")], date(2026, 12, 1))
    } >= {10_500}


@pytest.mark.row("C04")
def test_a_proposed_price_holds_for_nothing(world: Any) -> None:
    _price(world, "A", 10_500, date(2026, 11, 1), approved=False)
    assert prices(world, ON) == {"A": 10_000, "B": 20_000, "N": 15_000}


def test_the_whole_book_is_one_statement(world: Any, count_sql: list[str]) -> None:
    count_sql.clear()
    assert len(catalogue.price_entries("STD", None, ON)) == 3
    assert reads(count_sql) == 1
    assert catalogue.price_entries("STD", [], ON) == []
    assert catalogue.price_entries("NONE", None, ON) == []


@pytest.mark.row("C08")
def test_vat_rates_are_those_of_the_day(app: Any) -> None:
    assert catalogue.vat_rate_bp("standard", date(2019, 3, 31)) == 1600
    assert catalogue.vat_rate_bp("standard", date(2019, 4, 1)) == 1300
    assert catalogue.vat_rates(["standard", "reduced", "none"], ON) == {
        "standard": 1300,
        "reduced": 900,
    }
    assert catalogue.vat_rate_bp("standard", date(1999, 1, 1)) is None
    assert vat_split(1_000_000, catalogue.vat_rate_bp("standard", ON) or 0) == (884_956, 115_044)


@pytest.mark.row("A07")
def test_the_calendar_knows_2026_and_marks_2027_as_forecast(app: Any) -> None:
    calendar = catalogue.work_calendar()
    assert calendar.roll(date(2026, 10, 1), "next") == date(2026, 10, 8)
    assert calendar.is_working(date(2026, 10, 10))
    assert not calendar.is_forecast(date(2026, 5, 1))
    assert calendar.is_forecast(date(2027, 10, 1))
    assert not calendar.is_working(date(2027, 10, 1))
    # A year that nobody entered: Monday to Friday, never an error.
    assert calendar.is_working(date(2040, 10, 1))
    assert calendar.is_forecast(date(2040, 10, 1))


def test_one_forecast_day_makes_the_year_a_forecast(app: Any) -> None:
    db.session.get_one(WorkingDay, date(2026, 10, 1)).state = "forecast"
    db.session.commit()
    assert catalogue.work_calendar().is_forecast(date(2026, 1, 1))


def test_days_of_a_year_are_those_of_the_year_only(app: Any) -> None:
    days = catalogue.working_days(2026)
    assert days[date(2026, 10, 10)].is_working
    assert {d.year for d in days} == {2026}
    assert min(days) - timedelta(days=1) not in days


def test_choices_and_products(world: Any, count_sql: list[str]) -> None:
    assert [label for _id, label in catalogue.product_choices()] == [
        "A 豆瓣酱",
        "B 火锅底料",
        "N 新品香辣酱",
    ]
    assert ("SAUCE", "SAUCE 酱类") in catalogue.group_codes()
    assert catalogue.book_choices()[0][0] == "STD"
    count_sql.clear()
    found = catalogue.products_by_id([world.product("A"), world.product("B")])
    assert {p.group.code for p in found.values()} == {"SAUCE", "HOTPOT"}
    assert reads(count_sql) == 1

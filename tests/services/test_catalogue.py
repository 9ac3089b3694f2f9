"""Products, groups, price books, VAT rates and the calendar as use cases; the first start."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from channel.access import Forbidden
from channel.db import db
from channel.models.audit import AuditEntry
from channel.models.catalogue import PriceBook, Product, ProductGroup, VatRate, WorkingDay
from channel.models.partners import Maker
from channel.models.territories import Division
from channel.queries import catalogue as reads
from channel.services import catalogue, setup
from channel.services.catalogue import ProductFacts
from channel.services.work import Refused

pytestmark = pytest.mark.database


def refusals(act: Any, *args: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        act(*args)
    return [f.code for f in refused.value.findings]


def new(world: Any, **changes: Any) -> ProductFacts:
    facts = ProductFacts("C", "泡菜", world.groups["A"], units_per_case=20, shelf_life_days=180)
    return replace(facts, **changes)


def test_a_product_is_opened_and_changed(world: Any) -> None:
    cm = world.actor("cm")
    product_id = catalogue.create_product(cm, new(world))
    catalogue.save_product(cm, product_id, new(world, name="老坛泡菜", srp_fen=1_280))
    product = db.session.get_one(Product, product_id, populate_existing=True)
    assert (product.name, product.srp_fen, product.units_per_case) == ("老坛泡菜", 1_280, 20)
    entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.tag == "product:save")).one()
    assert entry.changes == {"name": ["泡菜", "老坛泡菜"], "srp_fen": [None, 1_280]}


def test_a_product_needs_a_free_code_a_group_and_a_vat_class(world: Any) -> None:
    wrong = new(world, code="A", group_id=999_999, vat_class="luxury")
    assert refusals(catalogue.create_product, world.actor("cm"), wrong) == [
        "goods.code_taken",
        "product.group_unknown",
        "product.vat_unknown",
    ]


def test_groups_are_opened_and_renamed(world: Any) -> None:
    cm = world.actor("cm")
    group_id = catalogue.save_group(cm, None, "PICKLE", "泡菜")
    assert catalogue.save_group(cm, group_id, "PICKLE", "泡菜类") == group_id
    assert db.session.get_one(ProductGroup, group_id, populate_existing=True).name == "泡菜类"
    assert refusals(catalogue.save_group, cm, None, "SAUCE", "重复") == ["goods.code_taken"]


def test_a_book_with_prices_keeps_its_currency(world: Any) -> None:
    cm = world.actor("cm")
    book = db.session.scalars(db.select(PriceBook)).one()
    assert refusals(catalogue.save_book, cm, book.id, "STD", "标准", "USD") == [
        "price_book.currency_fixed"
    ]
    other = catalogue.save_book(cm, None, "USD", "出口价", "USD")
    catalogue.save_book(cm, other, "EUR", "出口价", "EUR")
    assert db.session.get_one(PriceBook, other, populate_existing=True).currency == "EUR"


@pytest.mark.row("C08")
def test_a_vat_rate_holds_from_its_day_and_can_be_taken_back_before(world: Any) -> None:
    cm = world.actor("cm")
    catalogue.add_vat_rate(cm, "standard", 1_200, date(2027, 1, 1))
    assert reads.vat_rate_bp("standard", date(2026, 12, 31)) == 1_300
    assert reads.vat_rate_bp("standard", date(2027, 1, 1)) == 1_200
    assert refusals(catalogue.add_vat_rate, cm, "standard", 1_100, date(2027, 1, 1)) == [
        "vat.known"
    ]
    rates = {r.valid_from: r.id for r in reads.vat_table() if r.vat_class == "standard"}
    assert refusals(catalogue.remove_vat_rate, cm, rates[date(2019, 4, 1)]) == ["vat.in_force"]
    catalogue.remove_vat_rate(cm, rates[date(2027, 1, 1)])
    assert reads.vat_rate_bp("standard", date(2027, 1, 1)) == 1_300


def test_a_day_is_taken_off_worked_and_given_back_to_the_week(world: Any) -> None:
    cm, day = world.actor("cm"), date(2026, 11, 24)
    catalogue.set_day(cm, day, False, "厂庆", "official")
    assert not reads.work_calendar().is_working(day)
    catalogue.set_day(cm, day, True, "", "official")
    assert reads.work_calendar().is_working(day)
    catalogue.set_day(cm, day, None, "", "official")
    assert db.session.get(WorkingDay, day) is None
    catalogue.set_day(cm, day, None, "", "official")


def test_a_year_becomes_official_when_its_notice_is_entered(world: Any) -> None:
    cm = world.actor("cm")
    assert reads.work_calendar().is_forecast(date(2027, 5, 1))
    assert catalogue.mark_official(cm, 2027) > 0
    assert not reads.work_calendar().is_forecast(date(2027, 5, 1))
    assert catalogue.mark_official(cm, 2027) == 0
    assert refusals(catalogue.mark_official, cm, 2050) == ["calendar.nothing_known"]


@pytest.mark.row("P01")
@pytest.mark.parametrize("who", ["fin", "rep", "d1", "auditor", "boss"])
def test_only_those_who_may_change_the_catalogue(world: Any, who: str) -> None:
    with pytest.raises(Forbidden):
        catalogue.create_product(world.actor(who), new(world))
    with pytest.raises(Forbidden):
        catalogue.set_day(world.actor(who), date(2026, 11, 24), False, "", "official")


def counts() -> list[int]:
    tables = (Maker, VatRate, Division, WorkingDay)
    return [db.session.scalar(db.select(db.func.count()).select_from(t)) or 0 for t in tables]


def test_the_first_start_loads_the_reference_data_once(app: Any) -> None:
    before = counts()
    assert before[0] == 1
    assert min(before) > 0
    setup.load_reference()
    assert counts() == before


def test_what_the_house_changed_survives_the_next_start(app: Any) -> None:
    db.session.scalars(db.select(Maker)).one().name = "川香食品有限公司"
    db.session.delete(db.session.get_one(WorkingDay, date(2026, 10, 10)))
    db.session.commit()
    setup.load_reference()
    assert db.session.scalars(db.select(Maker)).one().name == "川香食品有限公司"
    assert db.session.get(WorkingDay, date(2026, 10, 10)) is None


def test_a_forecast_year_gives_way_to_the_official_one(app: Any) -> None:
    for day in reads.working_days(2026).values():
        db.session.delete(day)
    db.session.add(WorkingDay(day=date(2026, 10, 9), is_working=False, state="forecast"))
    db.session.commit()
    setup.load_reference()
    calendar = reads.work_calendar()
    assert not calendar.is_forecast(date(2026, 10, 9))
    assert calendar.is_working(date(2026, 10, 9))
    assert calendar.is_working(date(2026, 10, 10))


def test_a_year_that_the_house_entered_itself_stays(app: Any) -> None:
    for day in reads.working_days(2026).values():
        db.session.delete(day)
    db.session.add(WorkingDay(day=date(2026, 10, 9), is_working=False, state="official"))
    db.session.commit()
    setup.load_reference()
    assert list(reads.working_days(2026)) == [date(2026, 10, 9)]

"""The pages of goods, prices, VAT and working days, fetched as the people who use them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from channel import clock
from channel.db import db
from channel.models.catalogue import PriceBook, PriceEntry, Product, WorkingDay
from channel.queries import catalogue as reads


def book_path() -> str:
    return f"/price-books/{db.session.scalars(db.select(PriceBook.id)).one()}"


def product_form(world: Any, **changes: Any) -> dict[str, Any]:
    return {
        "code": "C", "name": "泡菜", "group_id": world.groups["A"], "unit": "箱",
        "units_per_case": "20", "vat_class": "standard", "srp_fen": "12.80", "is_active": "y",
    } | changes  # fmt: skip


def test_a_product_is_opened_and_changed_by_form(world: Any, sign_in: Any) -> None:
    cm = sign_in("cm")
    cm.get("/products/new")
    page = cm.follow(cm.post("/products/new", product_form(world)))
    assert "泡菜" in page.text
    product = db.session.scalars(db.select(Product).where(Product.code == "C")).one()
    assert (product.srp_fen, product.units_per_case) == (1_280, 20)
    cm.get(f"/products/{product.id}/edit")
    cm.post(f"/products/{product.id}/edit", product_form(world, name="老坛泡菜"))
    assert "老坛泡菜" in cm.get("/products?q=老坛").text


def test_bad_input_keeps_what_was_typed(world: Any, sign_in: Any) -> None:
    page = sign_in("cm").post(
        "/products/new", product_form(world, code="A", srp_fen="贵"), status=422
    )
    assert 'value="贵"' in page.text
    page = sign_in("cm").post("/products/new", product_form(world, code="A"), status=422)
    assert "编码 A 已被 豆瓣酱 使用" in page.text
    assert 'href="#code"' in page.text


@pytest.mark.row("C04")
def test_a_price_is_proposed_by_one_and_approved_by_another(world: Any, sign_in: Any) -> None:
    cm, second, path = sign_in("cm"), sign_in("cm2"), book_path()
    cm.get(f"{path}/propose")
    cm.post(
        f"{path}/propose",
        {"valid_from": "2026-12-01", "product_id": world.product("A"), "gross_fen": "105.00"},
    )
    waiting = cm.get(path).text
    assert "须由另一人批准" in waiting
    assert 'name="entry"' not in waiting
    page = second.get(path)
    entries = re.findall(r'name="entry" value="(\d+)"', page.text)
    assert len(entries) == 1
    second.post(f"{path}/approve", {"entry": entries})
    assert (
        reads.price_entries("STD", [world.product("A")], date(2026, 12, 1))[0].gross_fen == 10_500
    )
    later = second.get(f"{path}?on=2026-12-01&state=in_force&q=豆瓣").text
    assert "105.00" in later
    assert ">100.00<" not in later
    assert "¥105.00" in second.get(f"/products/{world.product('A')}").text


@pytest.mark.row("C01", "P01")
def test_a_tampered_approval_of_ones_own_price_is_refused(world: Any, sign_in: Any) -> None:
    cm, path = sign_in("cm"), book_path()
    cm.post(
        f"{path}/propose",
        {"valid_from": "2026-12-01", "product_id": world.product("A"), "gross_fen": "99"},
    )
    entry = db.session.scalars(
        db.select(PriceEntry.id).where(PriceEntry.approved_at.is_(None))
    ).one()
    page = cm.follow(cm.post(f"{path}/approve", {"entry": str(entry)}))
    assert "不能批准自己提交的价格" in page.text
    cm.post(f"/prices/{entry}/withdraw")
    assert db.session.get(PriceEntry, entry) is None


def test_a_price_in_the_past_is_refused_with_its_remedy(world: Any, sign_in: Any) -> None:
    page = sign_in("cm").post(
        f"{book_path()}/propose",
        {"valid_from": "2026-11-01", "product_id": world.product("A"), "gross_fen": "105.00"},
        status=422,
    )
    assert "价格只能提前调整" in page.text
    assert "2026-11-21" in page.text


def test_after_a_proposal_the_form_stays_on_the_day(world: Any, sign_in: Any) -> None:
    cm = sign_in("cm")
    answer = cm.post(
        f"{book_path()}/propose",
        {"valid_from": "2026-12-01", "product_id": world.product("A"), "gross_fen": "105",
         "next": "1"},
    )  # fmt: skip
    assert 'value="2026-12-01"' in cm.follow(answer).text


@pytest.mark.row("P01")
def test_a_distributor_sees_products_but_neither_books_nor_rates(world: Any, sign_in: Any) -> None:
    d1 = sign_in("d1")
    assert "豆瓣酱" in d1.get("/products").text
    assert "100.00" not in d1.get(f"/products/{world.product('A')}").text
    d1.get("/price-books", status=404)
    d1.get(book_path(), status=404)
    d1.get("/vat", status=404)
    d1.get("/prices/1", status=404)


@pytest.mark.row("C08")
def test_a_vat_rate_by_form(world: Any, sign_in: Any) -> None:
    cm = sign_in("cm")
    cm.get("/vat")
    cm.post("/vat", {"vat_class": "standard", "rate": "12.5", "valid_from": "2027-01-01"})
    assert reads.vat_rate_bp("standard", date(2027, 1, 1)) == 1_250
    page = cm.post(
        "/vat", {"vat_class": "standard", "rate": "12.555", "valid_from": "2027-02-01"}, status=422
    )
    assert 'value="12.555"' in page.text
    remove = re.search(r'action="(/vat/\d+/remove)"', cm.get("/vat").text)
    assert remove
    cm.post(remove[1])


def test_those_who_only_read_may_not_add_rates(world: Any, sign_in: Any) -> None:
    sign_in("auditor").post(
        "/vat", {"vat_class": "standard", "rate": "1", "valid_from": "2027-01-01"}, status=403
    )


def test_groups_and_books_by_form(world: Any, sign_in: Any) -> None:
    cm = sign_in("cm")
    cm.get("/product-groups/new")
    cm.post("/product-groups/new", {"code": "PICKLE", "name": "泡菜"})
    assert "PICKLE" in cm.get("/product-groups").text
    cm.get(f"/product-groups/{world.groups['A']}")
    cm.get("/price-books/new")
    page = cm.follow(
        cm.post("/price-books/new", {"code": "USD", "name": "出口价", "currency": "USD"})
    )
    assert "出口价" in page.text
    page = cm.post(
        f"{book_path_of('STD')}/edit",
        {"code": "STD", "name": "标准", "currency": "USD"},
        status=422,
    )
    assert "币种保持 CNY" in page.text


def book_path_of(code: str) -> str:
    found = db.session.scalars(db.select(PriceBook.id).where(PriceBook.code == code)).one()
    return f"/price-books/{found}"


def test_the_calendar_shows_days_off_and_marks_forecasts(world: Any, sign_in: Any) -> None:
    cm = sign_in("cm")
    now = cm.get("/calendar").text
    assert "2026 年工作日历" in now
    assert "预测" not in now
    assert "18 个工作日" in now
    assert "预测" in cm.get("/calendar?year=2027").text
    assert "周一至周五按工作日计算" in cm.get("/calendar?year=2055").text
    assert cm.get("/calendar?year=99999").status_code == 200


def test_a_day_of_the_calendar_by_form(world: Any, sign_in: Any) -> None:
    cm = sign_in("cm")
    cm.get("/calendar/2026-11-24")
    cm.post("/calendar/2026-11-24", {"kind": "off", "name": "厂庆", "state": "official"})
    assert "厂庆" in cm.get("/calendar").text
    cm.post("/calendar/2026-11-24", {"kind": "week", "name": "", "state": "official"})
    assert db.session.get(WorkingDay, date(2026, 11, 24)) is None
    cm.post("/calendar/2026-11-24", {"kind": "never"}, status=422)
    cm.get("/calendar/2026-13-01", status=404)
    cm.post("/calendar/2027/official")
    assert "预测" not in cm.get("/calendar?year=2027").text


def test_the_price_list_needs_the_same_statements_for_many(
    world: Any, sign_in: Any, count_sql: list[str]
) -> None:
    cm, path = sign_in("cm"), book_path()

    def asked() -> int:
        cm.get(path)
        # What the test's own session remembers would save a statement now and then.
        db.session.expunge_all()
        count_sql.clear()
        cm.get(path)
        return sum(s.startswith("SELECT") for s in count_sql)

    before = asked()
    for n in range(30):
        db.session.add(Product(code=f"P{n}", name=f"货{n}", group_id=world.groups["A"]))
    db.session.flush()
    for product in db.session.scalars(db.select(Product).where(Product.name.like("货%"))):
        db.session.add(
            PriceEntry(
                book_id=int(path.split("/")[-1]), product_id=product.id, gross_fen=100,
                valid_from=date(2026, 12, 1), proposed_at=clock.now(),
            )
        )  # fmt: skip
    db.session.commit()
    assert asked() == before

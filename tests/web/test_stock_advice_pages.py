"""The pages of stock advice, fetched as the people who use them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.builders import delivered
from tests.services.test_stock_advice import a_report, months, shipped

pytestmark = pytest.mark.database


def record(world: Any, code: str = "D1") -> str:
    return f"/stock/advice/{world.distributor(code)}"


@pytest.mark.row("F03", "F04")
def test_a_distributor_finds_level_order_and_every_figure(world: Any, sign_in: Any) -> None:
    months(world, 100, 110, 90, 105, 95, 100, closing=20)
    d1 = sign_in("d1")
    page = d1.follow(d1.get("/stock/advice", status=303))
    assert page.request.path == record(world)
    assert "平稳" in page.text and "周期服务水平" in page.text
    assert f"/orders/new?distributor={world.distributor('D1')}" in page.text
    goods = d1.get(f"{record(world)}/{world.product('A')}").text
    for text in ("σ = √", "样本标准差", "历史回放", "泊松", "Croston", "2026-05", "ADI 1"):
        assert text in goods


@pytest.mark.row("F03")
def test_too_few_periods_are_said_with_their_number(world: Any, sign_in: Any) -> None:
    a_report(world, "2026-09", {"opening": 160, "receipts": 200, "sell_out": 300})
    text = sign_in("cm").get(f"{record(world)}/{world.product('A')}").text
    assert "可用期间只有 1 个" in text and "不予计算：可用期间 1 个" in text
    assert "安全库存" in text and ">70" in text
    assert "低于安全库存" in sign_in("cm").get(record(world)).text


@pytest.mark.row("F03")
def test_a_method_is_chosen_on_the_page_and_typed_text_stays_when_refused(
    world: Any, sign_in: Any
) -> None:
    months(world, 100, 110, 90, 105, 95, 100)
    d1, url = sign_in("d1"), f"{record(world)}/{world.product('A')}"
    data = {
        "method": "days_of_cover", "service_bp": "97.5", "review_days": "7", "lead_days": "",
        "safety_days": "11", "cover_days": "30", "valid_from": "2026-11-21", "reason": "",
    }  # fmt: skip
    refused = d1.post(url, data, status=422)
    assert 'value="97.5"' in refused.text and 'value="11"' in refused.text
    too_high = d1.post(url, {**data, "service_bp": "100", "reason": "x"}, status=422)
    assert "99.99" in too_high.text
    page = d1.follow(d1.post(url, {**data, "reason": "节前备货"}))
    assert "节前备货" in page.text and "人工选定" in page.text and "97.5 %" in page.text
    assert "选定了安全库存的算法" in page.text
    report = page.text.split('href="/stock/')[1]
    assert report
    # The days of the choice are those of the report's page as well.
    from channel.queries import stock_advice_list

    last = stock_advice_list.last_report(world.actor("cm"), world.distributor("D1"))
    assert last is not None
    assert "安全天数 11" in sign_in("cm").get(f"/stock/{last.id}").text
    for name, status in (("fin", 403), ("auditor", 403), ("d2", 404)):
        sign_in(name).post(url, {**data, "reason": "x"}, status=status)


@pytest.mark.row("F06", "F07")
def test_ages_expiry_and_slow_movers_are_lists_of_the_house_and_of_the_distributor(
    world: Any, sign_in: Any
) -> None:
    shipped(world, date(2026, 9, 22), {"S1": 100})
    a_report(world, "2026-10", {"batch": "S1", "opening": 40, "produced_on": date(2026, 2, 1)})
    for name in ("cm", "d1", "auditor", "rep"):
        for path, figure in (("ages", "60"), ("expiry", "S1"), ("slow", "30")):
            page = sign_in(name).get(f"/stock/{path}?on=2026-11-21")
            shown = figure in page.text and "S1" in page.text
            assert shown is (name != "rep") or name == "rep"
    assert "S1" not in sign_in("d2").get("/stock/slow").text
    expiry = sign_in("d1").get("/stock/expiry?on=2026-11-23").text
    assert ">70<" in expiry and "剩余不足 1/3" in expiry
    exported = sign_in("cm").get("/stock/slow?format=csv&on=2026-11-21")
    assert "S1" in exported.data.decode("utf-8-sig")
    assert "S1" not in sign_in("cm").get("/stock/slow?days=90&on=2026-11-21").text
    sign_in("cm").get("/stock/slow?days=abc&on=soon")


@pytest.mark.row("F07")
def test_a_slow_mover_is_one_click_from_its_claim(world: Any, sign_in: Any) -> None:
    shipped(world, date(2026, 9, 22), {"S1": 100})
    a_report(world, "2026-10", {"batch": "S1", "opening": 40})
    d1 = sign_in("d1")
    page = d1.get("/stock/slow?on=2026-11-21")
    link = page.text.split('class="row-link" href="')[1].split('"')[0]
    target = d1.get(link, status=303).headers["Location"]
    if "exchanges" in target:
        assert "quantity=40" in target and "batch=S1" in target
        assert "40" in d1.get(target).text
    else:
        assert target.endswith(str(world.product("A")))
    sign_in("d2").get(link, status=404)


@pytest.mark.row("F05")
def test_the_report_tells_units_and_money_certain_and_possible_apart(
    world: Any, sign_in: Any
) -> None:
    report = a_report(
        world, "2026-10",
        {"batch": "B1", "opening": 30, "produced_on": date(2026, 6, 1)},
        {"batch": "B2", "opening": 50, "sell_out": 40, "produced_on": date(2026, 8, 1)},
    )  # fmt: skip
    text = sign_in("d1").get(f"/stock/{report}").text
    assert "3,000.00" in text and "75.0 %" in text and "可能" in text


@pytest.mark.row("P03")
def test_the_inventory_statement_is_read_and_printed(world: Any, sign_in: Any) -> None:
    delivered(world, on=date(2026, 9, 5), A=100)
    a_report(world, "2026-10", {"opening": 120, "sell_out": 20})
    for name in ("d1", "fin", "auditor"):
        page = sign_in(name).get(f"{record(world)}/statement")
        assert "库存对账单" in page.text and "10,000.00" in page.text
        for lang in ("zh", "en"):
            pdf = sign_in(name).get(f"{record(world)}/statement.pdf?lang={lang}")
            assert pdf.data.startswith(b"%PDF") and pdf.mimetype == "application/pdf"
    for suffix in ("", ".pdf"):
        sign_in("d1").get(f"{record(world, 'D2')}/statement{suffix}", status=404)


def test_without_a_report_the_page_says_the_next_step(world: Any, sign_in: Any) -> None:
    assert "报送" in sign_in("d1").get(record(world)).text
    sign_in("d1").get(f"{record(world)}/statement")
    sign_in("d1").get(f"{record(world)}/statement.pdf", status=404)
    sign_in("cm").get("/stock/advice")
    sign_in("d1").get(record(world, "D2"), status=404)


def test_goods_that_are_not_in_the_report_are_not_found(world: Any, sign_in: Any) -> None:
    a_report(world, "2026-10", {"opening": 10})
    sign_in("cm").get(f"{record(world)}/{world.product('B')}", status=404)


def test_the_pages_ask_as_many_statements_of_many_goods(
    world: Any, sign_in: Any, count_sql: list[str]
) -> None:
    delivered(world, on=date(2026, 9, 5), A=100)
    a_report(world, "2026-10", {"opening": 10})
    cm = sign_in("cm")
    pages = [record(world), f"{record(world)}/{world.product('A')}", f"{record(world)}/statement",
             "/stock/ages", "/stock/expiry", "/stock/slow", "/stock/advice"]  # fmt: skip

    def counted() -> list[int]:
        numbers = []
        for url in pages:
            cm.get(url)
            count_sql.clear()
            cm.get(url)
            numbers.append(len(count_sql))
        return numbers

    before = counted()
    for good in ("A", "B", "N"):
        months(world, 100, 110, 90, 0, 95, 100, product=good)
        months(world, 100, 110, 90, 0, 95, 100, product=good)
    a_report(
        world, "2026-10",
        *({"product": g, "batch": f"X{n}", "opening": 10} for g in "ABN" for n in range(20)),
    )  # fmt: skip
    assert counted() == before

"""The main job as its people do it, by clicking, from the first agreement to the paid rebate."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from channel.tabular.reading import read_table
from channel.tabular.writing import Column, write_xlsx
from contracts.values.words import amount_in_words
from tests.journeys.conftest import choose, write

pytestmark = pytest.mark.browser


def act(page: Page, value: str) -> None:
    """Press the button of a step."""
    page.locator(f"main button[name=act][value={value}]").first.click()


def order(page: Page, *quantities: str) -> None:
    """Fill the order form with the first goods of the list; the verdict answers."""
    for n, quantity in enumerate(quantities):
        page.locator(f"[name=product-{n}]").select_option(index=n + 1)
        page.locator(f"[name=quantity-{n}]").fill(quantity)
        page.locator(f"[name=quantity-{n}]").press("Tab")


def number_of(page: Page) -> str:
    """The document number in the heading."""
    found = re.search(r"[A-Z]{2}-\d{4}-\d{6}", page.locator("h1").inner_text())
    assert found, page.locator("h1").inner_text()
    return found[0]


@pytest.mark.row("A00", "A01", "B02", "P01")
def test_a_new_distributor_is_signed_and_orders(desk: Any) -> None:
    cm = desk.page_of("cm")
    cm.goto("/distributors/new")
    cm.fill("#code", "D5")
    cm.fill("#name", "乐山嘉州食品商行")
    cm.select_option("#kind", index=2)
    cm.fill("#division_code", "511100")
    choose(cm, "sales_rep_id", "任强")
    cm.click("[data-save]")
    expect(cm.locator("h1")).to_have_text("乐山嘉州食品商行")
    home = cm.url

    cm.locator("a[href$='/places/new']").first.click()
    cm.fill("#name", "市中区仓库")
    cm.fill("#division_code", "511102")
    cm.click("[data-save]")
    expect(cm.locator("main")).to_contain_text("市中区仓库")

    fin = desk.page_of("fin")
    fin.goto(home.replace("/distributors/", "/credit/"))
    fin.locator(".page-actions a[href$='/limits/new']").click()
    fin.fill("#amount_fen", "50,000")
    fin.fill("#reason", "首年授信")
    fin.click("[data-save]")
    expect(fin.locator(".flashes")).to_contain_text("另一人")

    for desk_name in ("cm", "fin2", "boss"):  # a first limit: three desks in turn
        signer = desk.page_of(desk_name, 390)
        signer.goto(fin.url)
        act(signer, "approve")
        expect(signer.locator(".flashes .alert-success")).to_be_visible()
    expect(signer.locator("main")).to_contain_text("¥50,000.00")

    cm.goto("/agreements")
    cm.locator(".page-actions a.btn-primary").click()
    choose(cm, "distributor_id", "D5")
    write(cm, "#includes", "511100")
    cm.select_option("#price_book", index=1)
    cm.fill("[name=target-period-0]", "2026Q4")
    cm.fill("[name=target-amount-0]", "60000")
    choose(cm, "rebate_policies", "QTR")
    cm.click("[data-save]")
    act(cm, "submit")
    expect(cm.locator(".flashes")).to_contain_text("另一人")
    assert cm.locator("button[value=approve]").count() == 0, "the author may not approve"

    second = desk.page_of("cm2")
    second.goto(cm.url)
    act(second, "approve")
    expect(second.locator(".flashes .alert-success")).to_be_visible()

    rep = desk.page_of("rep")
    rep.goto("/orders/new")
    choose(rep, "distributor_id", "D5")
    expect(rep.locator("#ship_to_id option:checked")).to_contain_text("市中区仓库")
    order(rep, "400", "200")
    expect(rep.locator("#verdict")).to_contain_text("¥80,000.00")
    expect(rep.locator("#verdict")).to_contain_text("¥50,000.00")
    order(rep, "100", "50")
    expect(rep.locator("#verdict")).to_contain_text("提交后将确认")
    act(rep, "submit")
    expect(rep.locator("h1")).to_contain_text("乐山嘉州食品商行")
    expect(rep.locator("main")).to_contain_text("20,000.00")


@pytest.mark.row("D01", "D02", "D03", "P02")
def test_a_refused_shipment_goes_out_by_exception_and_is_paid(desk: Any) -> None:
    d1 = desk.page_of("d1", 390)
    d1.goto("/orders/new")
    order(d1, "40", "15")
    expect(d1.locator("#verdict .figure")).to_have_text("¥7,000.00")
    act(d1, "submit")
    expect(d1.locator("main")).to_contain_text("7,000.00")
    placed = number_of(d1)

    cm = desk.page_of("cm")
    cm.goto("/orders")
    cm.get_by_role("link", name=placed).click()
    cm.locator("a[href*='/shipments/new/']").click()
    cm.click("[data-save]")
    refusal = cm.locator(".finding-block")
    expect(refusal).to_contain_text("¥7,000.00")
    expect(refusal).to_contain_text("¥10,000.00")
    expect(refusal).to_contain_text("¥3,000.00")
    assert cm.locator("button[value=dispatch]").count() == 0
    shipment = cm.url

    refusal.get_by_role("link", name="提交例外申请").click()
    expect(cm.locator("#floor_fen")).to_have_value("7000.00")
    expect(cm.locator(".finding")).to_contain_text("¥7,000.00")
    cm.fill("#last_day", "2026-12-31")
    cm.fill("#reason", "年前补货，门店库容有限")
    cm.fill("#ground_means", "无逾期记录")
    cm.fill("#ground_market", "县城餐饮旺季")
    cm.fill("#expected_sales_fen", "30000")
    cm.click("[data-save]")
    asked = number_of(cm)

    approve_on_the_phone(desk, "cm2", asked)
    cm.goto(shipment)
    expect(cm.locator("button[value=dispatch]")).to_be_visible()
    act(cm, "dispatch")
    expect(cm.locator(".flashes .alert-success")).to_be_visible()

    fin = desk.page_of("fin")
    fin.goto(shipment)
    act(fin, "invoice")
    fin.wait_for_url("**/invoices/*")
    expect(fin.locator(".figure")).to_have_text("¥7,000.00")
    invoice = fin.url

    fin.goto("/receipts/new")
    choose(fin, "distributor_id", "D1")
    write(fin, "#amount_fen", "200,000")
    write(fin, "#reference", "货款")
    fin.click("[data-save]")
    fin.wait_for_url(re.compile(r"/receipts/\d+$"))
    fin.goto(invoice)
    expect(fin.locator(".figure")).to_have_text("¥0.00")


def approve_on_the_phone(desk: Any, user: str, number: str) -> None:
    """Approve from the inbox at phone width; the item leaves it."""
    page = desk.page_of(user, 390)
    page.goto("/inbox")
    item = page.locator("article.card", has_text=number)
    expect(item).to_contain_text("¥7,000.00")
    item.locator("button[value=approve]").click()
    expect(page.locator(".flashes .alert-success")).to_be_visible()
    assert item.count() == 0


FIGURES = ("期初", "进货", "出货", "损耗", "期末")


@pytest.mark.row("F01", "F02", "F09")
def test_a_distributor_files_its_month_after_a_wrong_file(desk: Any) -> None:
    d3 = desk.page_of("d3")
    d3.goto("/stock")
    d3.locator(".page-actions a.btn-primary").click()
    with d3.expect_download() as got:
        d3.locator("a[href*='/stock/template']").click()
    table = read_table(Path(got.value.path()).read_bytes(), "form.xlsx")
    assert len(table.rows) >= 3

    wrong = "产品编码,期初,进货,出货,损耗,期末\nA,100,50,四十,0,110\nZZ9,5,0,1,0,4\n"
    send(d3, "wrong.csv", "text/csv", wrong.encode())
    expect(d3.locator("#mend")).to_contain_text("四十")
    expect(d3.locator("#mend")).to_contain_text("ZZ9")
    assert d3.locator("form[action$='/confirm'] button").count() == 0

    d3.set_input_files("#again", {"name": "十月.xlsx", "mimeType": XLSX, "buffer": filled(table)})
    d3.locator("form:has(#again) button").click()
    d3.wait_for_load_state()
    assert d3.locator("#mend").count() == 0, d3.locator("#mend").inner_text()
    d3.locator("form[action$='/confirm'] button").click()
    d3.wait_for_url(re.compile(r"/stock/\d+$"))
    expect(d3.locator(".flashes .alert-success")).to_be_visible()
    expect(d3.locator("main")).to_contain_text("2026-10-01 – 2026-10-31")
    expect(d3.locator("main")).to_contain_text("本月发货在途，下月入库")


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send(page: Page, name: str, kind: str, data: bytes) -> None:
    """Hand in a file on the page of a new report."""
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": kind, "buffer": data}
    )
    page.locator("form:has(input[type=file]) [data-save]").click()
    page.wait_for_url("**/stock/uploads/*")


def as_given(cell: Any) -> Any:
    """A cell of the form as it came, in a type that can be written again."""
    return Decimal(str(cell)) if isinstance(cell, float) else cell or None


def filled(table: Any) -> bytes:
    """The form as a clerk fills it: nothing came in yet, so each line gives its reason."""
    assert "差异说明" in table.header
    rows: list[list[Any]] = []
    for row in table.rows:
        cells = dict(zip(table.header, row.cells, strict=True))
        start, came = Decimal(cells["期初"] or 0), Decimal(cells["进货"] or 0)
        typed = {"期初": start, "进货": came, "出货": Decimal(0), "损耗": Decimal(0)}
        typed |= {"期末": start + came, "差异说明": "本月发货在途，下月入库"}
        rows.append([typed.get(label, as_given(cells[label])) for label in table.header])
    kinds = {label: "number" if label in FIGURES else "text" for label in table.header}
    return write_xlsx([Column(n, k) for n, k in kinds.items()], rows, sheet="进销存报表")


@pytest.mark.row("E01", "E02", "E05", "E09", "P03")
def test_the_quarter_is_settled_and_printed(desk: Any) -> None:
    fin = desk.page_of("fin")
    fin.goto("/rebates/runs")
    fin.locator(".page-actions a.btn-primary").click()
    fin.fill("#period", "2026Q4")
    fin.click("[data-save]")
    fin.wait_for_url(re.compile(r"/rebates/runs/\d+$"))
    act(fin, "review")
    expect(fin.locator(".flashes .alert-success")).to_be_visible()
    assert fin.locator("button[value=post]").count() == 0, "who proposed it may not post it"

    other = desk.page_of("fin2")
    other.goto(fin.url)
    act(other, "post")
    expect(other.locator(".flashes .alert-success")).to_be_visible()
    other.locator("#list tbody a.row-link").first.click()
    other.wait_for_url(re.compile(r"/rebates/statements/\d+$"))

    figure = other.locator(".tiles .tile").nth(3).locator(".figure").inner_text()
    amount = round(float(figure.strip("¥").replace(",", "")) * 100)
    words = amount_in_words(amount)
    expect(other.locator(".tiles [lang=zh-CN]")).to_have_text(words)
    statement = other.locator("h1").inner_text()

    with other.expect_download() as got:
        other.locator("a[href*='statement.pdf?lang=zh']").click()
    pdf = PdfReader(got.value.path())
    text = "".join(page.extract_text() for page in pdf.pages)
    plain = re.sub(r"\s", "", text)
    assert words in plain and words.startswith("人民币")
    assert statement in plain and figure.strip("¥") in text

    other.locator("a[href$='/lines']").first.click()
    expect(other.locator(".alert-success")).to_contain_text("加总相符")
    other.locator("#list tbody a.row-link").first.click()
    other.wait_for_url(re.compile(r"/invoices/\d+$"))
    expect(other.locator("h1")).to_contain_text("IN")

"""Every kind of import: columns found by label, rows typed, each fault named where it stands."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from channel.tabular.kinds import KINDS, Context, Mapping, Parsed, read_kind
from channel.tabular.kinds.prices import PriceRow
from channel.tabular.mapping import propose
from channel.tabular.reading import read_table
from channel.tabular.tables import Table
from contracts.values.findings import Severity, from_json, to_json


def a_table(text: str, name: str = "file.csv") -> Table:
    return read_table(text.encode(), name)


def parsed(
    kind: str, text: str, remembered: Mapping | None = None, context: Context | None = None
) -> Parsed:
    table = a_table(text)
    return read_kind(kind, table, propose(table.header, KINDS[kind].fields, remembered), context)


def codes(result: Parsed) -> list[str]:
    return [found.code for found in result.findings]


INVOICES = "发票号,行号,开票日期,经销商编码,产品编码,数量,单价,不含税金额,税额,币种\n"


@pytest.mark.row("P09")
def test_an_invoice_line_keeps_four_decimals() -> None:
    result = parsed(
        "invoices", INVOICES + "I1,1,2026-08-02,D1,A,3,2024.9940,6074.9820,485.9986,USD"
    )
    assert result.findings == []
    (line,) = result.rows
    assert (line.unit_price_e4, line.net_e4, line.tax_e4) == (20_249_940, 60_749_820, 4_859_986)
    assert (line.row, line.kind, line.date) == (2, "invoice", dt.date(2026, 8, 2))
    assert line.quantity == Decimal(3)


def test_net_may_be_told_by_gross_less_tax() -> None:
    head = "InvoiceID,InvoiceLineID,TransactionDate,CustomerID,StockItemID,Quantity,UnitPrice,"
    text = head + "TaxAmount,ExtendedPrice\n55835,181050,2015-10-01,3,86,60,18.0,162.0,1242.0\n"
    result = parsed("invoices", text, Mapping(constants={"currency": "USD"}))
    assert result.findings == []
    assert (result.rows[0].net_e4, result.rows[0].tax_e4) == (10_800_000, 1_620_000)
    without = parsed("invoices", text.replace("TaxAmount", "Other"),
                     Mapping(constants={"currency": "USD"}))  # fmt: skip
    assert codes(without) == ["column.not_mapped"]


def test_a_blank_net_amount_is_a_fault_not_a_zero() -> None:
    result = parsed("invoices", INVOICES + "I1,1,2026-08-02,D1,A,3,10,,1,CNY")
    assert codes(result) == ["cell.missing"]
    assert result.findings[0].facts["column"] == "不含税金额"


def test_credit_notes_are_negative_however_they_are_written() -> None:
    head = INVOICES.rstrip() + ",单据类型\n"
    plus = parsed("invoices", head + "C1,1,2026-08-02,D1,A,2,10,20,2.60,CNY,红字发票")
    minus = parsed("invoices", head + "C1,1,2026-08-02,D1,A,-2,10,-20,-2.60,CNY,红字发票")
    for result in (plus, minus):
        line = result.rows[0]
        assert (line.quantity, line.net_e4, line.tax_e4) == (-2, -200_000, -26_000)


def test_a_wrong_product_of_quantity_and_price_names_the_row() -> None:
    result = parsed("invoices", INVOICES + "I1,1,2026-08-02,D1,A,3,10,31,4,CNY\n")
    assert codes(result) == ["row.amount_differs"]
    facts = result.findings[0].facts
    assert (facts["row"], facts["computed"], facts["amount"]) == (2, Decimal(30), Decimal(31))
    assert result.is_refused


@pytest.mark.row("F09")
def test_unknown_code_in_row_7_and_a_minus_in_row_9_are_both_named() -> None:
    given = ["A 1", "B 2", "N 3", "C1 4", "C2 5", "X9 6", "C3 7", "C4 -8"]
    rows = ["{0},{1},0,0,{1}".format(*pair.split()) for pair in given]
    text = "产品编码,期初,进货,出货,期末\n" + "\n".join(rows)
    known = Context(known={"product": frozenset({"A", "B", "N", "C1", "C2", "C3", "C4"})})
    result = parsed("stock_report", text, context=known)
    assert result.is_refused
    told = {(f.facts["row"], f.code, f.facts["value"]) for f in result.findings}
    assert (7, "cell.unknown_code", "X9") in told
    assert {row for row, _, _ in told} == {7, 9}
    fixed = parsed("stock_report", text.replace("X9", "C5").replace("-8", "8"),
                   context=Context(known={"product": known.known["product"] | {"C5"}}))  # fmt: skip
    assert not fixed.is_refused
    assert len(fixed.rows) == 8


def test_a_blank_quantity_stays_blank() -> None:
    result = parsed("stock_report", "产品编码,期初,进货,出货,期末\nA,100,,,0\n")
    row = result.rows[0]
    assert (row.opening, row.receipts, row.sell_out, row.closing) == (100, None, None, 0)


def test_missing_columns_are_named_in_both_languages() -> None:
    result = parsed("prices", "产品编码,备注\nA,x\n")
    assert [(f.code, f.facts["column"], f.facts["field"]) for f in result.findings] == [
        ("column.not_mapped", "经销价\uff08含税\uff09", "Dealer price (incl. VAT)"),
        ("column.not_mapped", "生效日期", "Valid from"),
    ]


def test_the_last_valid_day_is_inclusive_in_the_file_and_exclusive_in_the_row() -> None:
    text = "产品编码,经销价,生效日期,有效期至\nA,100.00,2026-01-01,2026-06-30\nA,105,2026/7/1,\n"
    result = parsed("prices", text)
    assert result.findings == []
    assert result.rows[0] == PriceRow(2, "A", 1_000_000, dt.date(2026, 1, 1), dt.date(2026, 7, 1))
    overlap = parsed("prices", text.replace("06-30", "07-01"))
    assert codes(overlap) == ["row.periods_overlap"]
    backwards = parsed("prices", text.replace("2026-06-30", "2025-06-30"))
    assert codes(backwards) == ["row.ends_before_start"]


@pytest.mark.row("I12")
def test_the_credit_code_of_a_firm_is_checked_to_the_last_letter() -> None:
    head = "经销商编码,经销商名称,统一社会信用代码\n"
    assert parsed("distributors", head + "D1,内江,91511000MA0000000Q").findings == []
    assert codes(parsed("distributors", head + "D1,内江,91511000MA0000000A")) == ["cell.uscc_check"]
    assert codes(parsed("distributors", head + "D1,内江,91511000")) == ["cell.uscc_shape"]


def test_the_same_key_twice_is_refused_with_both_rows() -> None:
    result = parsed("distributors", "经销商编码,经销商名称\nD1,甲\nD2,乙\nD1,丙\n")
    assert codes(result) == ["row.duplicate"]
    assert (result.findings[0].facts["row"], result.findings[0].facts["first"]) == (4, 2)


def test_receipts_of_a_ledger_with_minus_signs_can_be_turned_round() -> None:
    head = "CustomerTransactionID,TransactionDate,CustomerID,TransactionAmount\n"
    text = head + "1,2015-10-01,1,-83488.59\n"
    settings = Mapping(constants={"currency": "USD"})
    assert codes(parsed("receipts", text, settings)) == ["cell.negative"]
    turned = Mapping(constants={"currency": "USD"}, negated=frozenset({"amount"}))
    assert parsed("receipts", text, turned).rows[0].amount_fen == 8_348_859


def test_words_of_the_source_are_translated_before_parsing() -> None:
    text = INVOICES + "I1,1,2026-08-02,D1,A,1,10,10,0,100\n"
    assert codes(parsed("invoices", text)) == ["cell.not_currency"]
    settings = Mapping(translations={"currency": {"100": "USD"}})
    assert parsed("invoices", text, settings).rows[0].currency == "USD"


def test_a_column_of_ambiguous_dates_is_decided_by_its_other_values_or_refused() -> None:
    lines = ["I1,1,05/06/2026,D1,A,1,10,10,0,CNY", "I2,1,29/12/2026,D1,A,1,10,10,0,CNY"]
    both = parsed("invoices", INVOICES + "\n".join(lines))
    assert [row.date for row in both.rows] == [dt.date(2026, 6, 5), dt.date(2026, 12, 29)]
    assert codes(parsed("invoices", INVOICES + lines[0])) == ["cell.date_ambiguous"]
    by_hand = Mapping(date_orders={"date": "mdy"})
    assert parsed("invoices", INVOICES + lines[0], by_hand).rows[0].date == dt.date(2026, 5, 6)
    mixed = INVOICES + "\n".join([lines[1], lines[1].replace("I2", "I3").replace("29/12", "12/29")])
    assert codes(parsed("invoices", mixed)) == ["column.date_orders_mixed"]


def test_many_bad_cells_of_one_column_are_one_finding() -> None:
    text = INVOICES + "\n".join(f"I{n},1,soon,D1,A,1,10,10,0,CNY" for n in range(50))
    (found,) = parsed("invoices", text).findings
    assert (found.code, found.facts["count"], found.facts["column"]) == (
        "column.not_date", 50, "开票日期",
    )  # fmt: skip
    assert found.facts["rows"] == tuple(str(n) for n in range(2, 10))


def test_a_total_row_is_passed_over_and_said_so() -> None:
    result = parsed("distributors", "经销商编码,经销商名称\nD1,甲\n合计,1\n")
    assert [(f.code, f.severity) for f in result.findings] == [("row.total_skipped", Severity.INFO)]
    assert len(result.rows) == 1
    assert codes(parsed("distributors", "经销商编码,经销商名称\n")) == ["file.no_rows"]


def test_remembered_columns_come_first_and_lost_ones_are_forgotten() -> None:
    fields = KINDS["orders"].fields
    header = ("单号", "行", "日期", "客户", "货号", "数量", "建议数量")
    plain = propose(header, fields)
    assert plain.columns["quantity"] == "数量"
    remembered = Mapping(columns={"quantity": "建议数量", "unit_price": "已删除"})
    again = propose(header, fields, remembered)
    assert again.columns["quantity"] == "建议数量"
    assert "unit_price" not in again.columns
    assert again.unmapped(header) == ("数量",)
    assert Mapping.from_json(again.to_json()) == again


def test_labels_match_without_case_width_brackets_and_units() -> None:
    header = ("INVOICE NUMBER*", "line_no", "Invoice  date", "经销商编码(必填)", "Product Code",
              "Qty", "Amount(USD)", "currency")  # fmt: skip
    columns = propose(header, KINDS["invoices"].fields).columns
    assert columns == {
        "document": "INVOICE NUMBER*", "line": "line_no", "date": "Invoice  date",
        "distributor": "经销商编码(必填)", "product": "Product Code", "quantity": "Qty",
        "net_amount": "Amount(USD)", "currency": "currency",
    }  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_labels_of_every_kind_find_their_own_fields(kind: str, lang: str) -> None:
    fields = KINDS[kind].fields
    header = KINDS[kind].header(lang)
    assert len(set(header)) == len(header)
    assert propose(header, fields).columns == {f.name: f.label(lang) for f in fields}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_example_of_every_kind_is_a_row_of_it(kind: str) -> None:
    filled = [f for f in KINDS[kind].fields if f.example]
    text = ",".join(f.label("zh") for f in filled) + "\n" + ",".join(f.example for f in filled)
    extra = {"opening_balances", "product_groups", "invoices"}
    if kind not in extra:
        result = parsed(kind, text, Mapping(constants={"distributor": "D1"}),
                        Context(known={"division": frozenset({"511000"})}) if kind == "divisions"
                        else None)  # fmt: skip
        assert len(result.rows) == 1, result.findings


def test_opening_balances_are_open_items_with_their_own_due_date() -> None:
    head = "经销商编码,发票号,开票日期,到期日,未收金额,币种\n"
    text = head + "D1,I9,2026-06-01,2026-07-01,150000.00,CNY\n"
    (row,) = parsed("opening_balances", text).rows
    assert (row.open_fen, row.due_date) == (15_000_000, dt.date(2026, 7, 1))
    assert codes(parsed("opening_balances", text.replace("2026-07-01", "2026-05-01"))) == [
        "row.due_before_date"
    ]


def test_divisions_need_their_parents() -> None:
    head = "区划代码,名称,级别,上级代码\n"
    whole = head + "510000,四川省,省级,\n511000,内江市,地级,510000\n511083,隆昌市,县级,511000\n"
    assert parsed("divisions", whole).findings == []
    orphan = parsed("divisions", head + "511083,隆昌市,县级,511000\n")
    assert codes(orphan) == ["cell.unknown_code"]
    known = Context(known={"division": frozenset({"511000"})})
    assert parsed("divisions", head + "511083,隆昌市,县级,511000\n", context=known).findings == []


def test_working_days_and_groups_and_shipments_are_typed() -> None:
    days = parsed("working_days", "日期,是否上班,名称,状态\n2026-10-10,是,国庆节调休,官方\n").rows
    assert (days[0].is_working, days[0].state) == (True, "official")
    groups = parsed("product_groups", "产品组编码,产品组名称\nS,酱料\n").rows
    assert (groups[0].code, groups[0].name) == ("S", "酱料")
    text = "发货单号,行号,发货日期,经销商编码,产品编码,数量,批次\nDN1,1,2026-08-02,D1,A,1.5,B1\n"
    assert parsed("shipments", text).rows[0].batch == "B1"


def test_findings_survive_storage() -> None:
    result = parsed("invoices", INVOICES + "I1,1,soon,D1,A,3,10,31,4,CNY\n")
    assert from_json(to_json(result.findings)) == result.findings

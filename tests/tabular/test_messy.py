"""Two real files that a spreadsheet damaged, and what is left of them when the plainest signs go.

They must be refused column by column, whatever is cut out of them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from channel.tabular.kinds import KINDS, Context, Mapping, Parsed, read_kind
from channel.tabular.mapping import propose
from channel.tabular.reading import read_table

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
SETTINGS = Mapping(
    translations={"currency": {"100": "USD", "19": "CAD", "36": "EUR", "98": "GBP", "6": "AUD"}}
)
needs_data = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared sample data is not beside the project"
)
DAYS = "FactResellerSales_ddmmyyyy_lost_decimals.csv"
BLANKS = "FactResellerSales_blank_rows_lost_decimals.csv"


def invoices(data: bytes, name: str, context: Context | None = None) -> Parsed:
    table = read_table(data, name)
    return read_kind(
        "invoices", table, propose(table.header, KINDS["invoices"].fields, SETTINGS), context
    )


def blocked(result: Parsed) -> dict[str, str]:
    """Column → code of every blocking finding; a column may have only one."""
    told: dict[str, str] = {}
    for found in result.findings:
        if found.is_blocking:
            column = str(found.facts["column"])
            assert column not in told, f"{column} is refused twice"
            told[column] = found.code
            assert found.facts["file"]
            assert found.facts["rows"]
            assert found.facts["value"]
            assert int(str(found.facts["count"])) > 0
    return told


@needs_data
@pytest.mark.row("P09")
def test_the_file_with_times_for_dates_is_refused_per_column() -> None:
    result = invoices((FOLDER / "messy" / BLANKS).read_bytes(), BLANKS)
    assert result.rows == ()
    assert result.row_count == 587
    assert blocked(result) == {
        "UnitPrice": "column.decimal_lost",
        "SalesAmount": "column.decimal_lost",
        "TaxAmt": "column.decimal_lost",
        "OrderDate": "column.time_only",
        "DueDate": "column.time_only",
        "ShipDate": "column.time_only",
    }


@needs_data
@pytest.mark.row("P09")
def test_the_file_with_contradicting_dates_is_refused_per_column() -> None:
    result = invoices((FOLDER / "messy" / DAYS).read_bytes(), DAYS)
    assert result.rows == ()
    assert blocked(result) == {
        "UnitPrice": "column.decimal_lost",
        "SalesAmount": "column.decimal_lost",
        "TaxAmt": "column.decimal_lost",
        "OrderDate": "column.dates_disagree",
        "DueDate": "column.dates_disagree",
        "ShipDate": "column.dates_disagree",
    }
    example = next(f for f in result.findings if f.facts["column"] == "UnitPrice")
    assert example.facts["value"] == "2,024,994"
    assert example.facts["other"] == "5,70"


def cut(drop: set[str], keep_row: str) -> bytes:
    """The damaged file without some columns and without rows that hold a decimal comma."""
    import csv
    import io
    import re

    text = (FOLDER / "messy" / DAYS).read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    head = rows[0]
    keep = [i for i, label in enumerate(head) if label not in drop]
    money = [head.index(label) for label in ("UnitPrice", "SalesAmount", "TaxAmt")]
    comma = re.compile(r"\d+,\d{1,2}|\d+,\d{4,}|\d{4,},\d{3}|0,\d+")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([head[i] for i in keep])
    for row in rows[1:]:
        if keep_row == "no decimal comma" and any(comma.fullmatch(row[i]) for i in money):
            continue
        if keep_row == "identity holds":
            figures = [int(row[head.index(c)].replace(",", "") or 0)
                       for c in ("OrderQuantity", "UnitPrice", "SalesAmount")]  # fmt: skip
            if figures[0] * figures[1] != figures[2] or any(comma.fullmatch(row[i]) for i in money):
                continue
        writer.writerow([row[i] for i in keep])
    return out.getvalue().encode()


KEYS = {"OrderDateKey", "DueDateKey", "ShipDateKey"}


@needs_data
def test_without_decimal_commas_the_products_betray_it() -> None:
    result = invoices(cut(KEYS, "no decimal comma"), "cut.csv")
    assert blocked(result) == {
        "UnitPrice": "column.decimal_lost_amount",
        "SalesAmount": "column.decimal_lost_amount",
        "TaxAmt": "column.decimal_lost_tax",
    }


@needs_data
def test_where_all_products_hold_the_tax_rates_betray_it() -> None:
    result = invoices(cut(KEYS, "identity holds"), "cut.csv")
    assert blocked(result) == {
        "TaxAmt": "column.decimal_lost_tax",
        "SalesAmount": "column.decimal_lost_tax",
    }


@needs_data
def test_without_tax_the_price_list_betrays_it() -> None:
    data = cut({*KEYS, "TaxAmt"}, "identity holds")
    prices = {"349": 20_249_940, "350": 20_249_940, "351": 20_249_940, "344": 20_399_940}
    result = invoices(data, "cut.csv", Context(prices_e4=prices))
    assert blocked(result) == {"UnitPrice": "column.decimal_lost_price"}


@needs_data
@pytest.mark.row("P09")
def test_the_undamaged_lines_are_read_whole() -> None:
    name = "FactResellerSales_2010-2012.csv"
    result = invoices((FOLDER / "adventureworks" / name).read_bytes(), name)
    assert result.findings == []
    assert len(result.rows) == 32_315
    assert {row.currency for row in result.rows} == {"USD", "CAD", "EUR", "GBP", "AUD"}
    assert len({row.distributor for row in result.rows}) == 463

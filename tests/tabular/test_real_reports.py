"""Real movements as reports: a wholesaler's sales, balances month by month, holdings by bin."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from channel.queries.stock_facts import StockContext
from channel.rules.stock_units import Dictionary, Meaning, Pack, code_key
from channel.services.steps.stock_sheet import Sheet, check_sheet, open_table
from channel.tabular.report_json import write_rows

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared sample data is not beside the project"
)
#: What the wholesaler books under codes of its own that are no goods.
NOT_GOODS = ("POST", "DOT", "M", "D", "C2", "S", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "B")


def known(codes: set[str], *, others: tuple[str, ...] = (), **facts: object) -> StockContext:
    """Goods of these codes, those that are none, and what we know of stock and shipments."""
    packs = {code: Pack("pc") for code in codes - set(others)}
    meanings = {code_key(code): Meaning(None) for code in others}
    ids = {code: n for n, code in enumerate(sorted(packs), start=1)}
    return StockContext(products=ids, words=Dictionary(meanings, {}, packs), **facts)  # type: ignore[arg-type]


def blocking(sheet: Sheet) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for finding in sheet.findings:
        if finding.is_blocking:
            counts[finding.code] += 1
    return dict(counts)


@pytest.mark.row("F09", "P09")
def test_a_week_of_a_real_wholesaler_is_its_sell_out_by_stated_rules() -> None:
    path = FOLDER / "online_retail" / "online_retail_first_week.csv"
    raw = open_table(path.read_bytes(), path.name)
    labels = {"StockCode": "product", "Description": "product_name", "Quantity": "sell_out"}
    codes = {code.strip() for code in raw.column("StockCode")}
    context = known(codes, others=NOT_GOODS, previous_closings={}, shipped={})
    sheet = check_sheet(raw, labels, {}, context, ("opening", "receipts", "closing", "sum"))
    # Counted by another way: distinct rows, minus on C is a return, any other minus a loss.
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    with path.open(encoding="utf-8", newline="") as stream:
        for row in sorted({tuple(row.items()) for row in csv.DictReader(stream)}):
            cells = dict(row)
            quantity, code = int(cells["Quantity"]), cells["StockCode"].strip()
            if code not in NOT_GOODS:
                place = 0 if quantity >= 0 else 1 if cells["InvoiceNo"][0] == "C" else 2
                sums[code][place] += abs(quantity)
    found = {
        line.product: [line.sell_out or 0, line.returns_in or 0, line.losses or 0]
        for line in sheet.lines
    }
    assert found == dict(sums)
    (summed,) = [f.facts for f in sheet.findings if f.code == "stock.summed"]
    assert summed["rows"] == len(raw.rows)
    assert int(str(summed["twice"])) > 0
    # Nothing was known of its stock: what it sold is more than it had, and is refused by name.
    assert set(blocking(sheet)) == {"stock.negative", "stock.unsaleable_over_closing"}


def movements() -> list[dict[str, str]]:
    path = FOLDER / "adventureworks" / "FactProductInventory_movements_2010-2012.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.row("F01", "F02", "P09")
def test_months_of_real_movements_balance_and_follow_one_another() -> None:
    balances: dict[str, int] = {}
    months: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    ends: dict[str, dict[str, int]] = defaultdict(dict)
    for row in movements():
        key, month = row["ProductKey"], row["MovementDate"][:7]
        if row["MovementDate"] == "2010-12-28":
            balances[key] = int(row["UnitsBalance"])
            continue
        months[month][key][0] += int(row["UnitsIn"])
        months[month][key][1] += int(row["UnitsOut"])
        ends[month][key] = int(row["UnitsBalance"])
    before: dict[tuple[str, str, str], int] = {}
    filed = negative = 0
    for month in sorted(months)[:6]:
        lines = []
        for key in sorted(balances, key=int):
            came, went = months[month].get(key, [0, 0])
            closing = ends[month].get(key, balances[key])
            lines.append({"product": key, "opening": balances[key], "receipts": came,
                          "sell_out": went, "closing": closing})  # fmt: skip
            balances[key] = closing
        context = known(set(balances), previous_closings=before or None)
        table = open_table(write_rows(lines), f"{month}.json")
        sheet = check_sheet(table, {label: _field(label) for label in table.header}, {}, context)
        counts = blocking(sheet)
        # A balance below zero is quarantined by the reader; every other line adds up and follows.
        assert set(counts) <= {"cell.negative", "column.negative", "stock.identity"}
        negative += sum(int(line["closing"]) < 0 for line in lines)
        filed += len(sheet.lines)
        before = {(str(x["product"]), "", ""): int(x["closing"]) for x in lines}
        assert not [f for f in sheet.findings if f.code == "stock.continuity"]
    assert filed > 1000


def _field(label: str) -> str:
    names = {"产品编码": "product", "期初": "opening", "进货": "receipts", "出货": "sell_out",
             "期末": "closing"}  # fmt: skip
    return names[label]


@pytest.mark.row("F01", "F02", "P09")
def test_real_holdings_keep_book_and_count_apart_by_bin() -> None:
    path = FOLDER / "wide_world_importers" / "StockItemHoldings_2016-05-31.csv"
    raw = open_table(path.read_bytes(), path.name)
    labels = {"StockItemID": "product", "QuantityOnHand": "closing", "BinLocation": "location",
              "LastStocktakeQuantity": "counted"}  # fmt: skip
    context = known(set(raw.column("StockItemID")))
    sheet = check_sheet(raw, labels, {}, context)
    assert not sheet.is_mapped  # holdings alone are no report: three columns are asked for
    rows = [
        {"product": item, "location": place, "opening": hand, "receipts": "0", "sell_out": "0",
         "closing": hand, "counted": count}
        for item, hand, place, count in zip(
            raw.column("StockItemID"), raw.column("QuantityOnHand"), raw.column("BinLocation"),
            raw.column("LastStocktakeQuantity"), strict=True,
        )
    ]  # fmt: skip
    table = open_table(write_rows(rows), "holdings.json")
    names = {"仓库": "location", "实盘": "counted"}
    columns = {x: names.get(x) or _field(x) for x in table.header}
    sheet = check_sheet(table, columns, {}, context)
    differing = sum(row["closing"] != row["counted"] for row in rows)
    assert blocking(sheet) == {"stock.counted_differs": differing}
    assert sum(Decimal(str(line.closing)) for line in sheet.lines) == sum(
        Decimal(text) for text in raw.column("QuantityOnHand")
    )
    assert len({line.key for line in sheet.lines}) == len(raw.rows)

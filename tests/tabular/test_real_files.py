"""Two sample companies read whole, with the very settings that docs/real-data.md names.

Nothing of them may be refused, and their sums must be those of the source.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from channel.tabular.kinds import KINDS, Mapping, Parsed, read_kind
from channel.tabular.mapping import propose
from channel.tabular.reading import read_table
from channel.tabular.shaping import filled, join, only
from channel.tabular.tables import Table

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared sample data is not beside the project"
)
USD = {"currency": "USD"}
NET_PRICE = {**USD, "valid_from": "2010-01-01", "includes_vat": "no"}


def file(name: str) -> Table:
    path = FOLDER / name
    return read_table(path.read_bytes(), path.name)


def wide_world_invoices() -> Table:
    heads = only(file("wide_world_importers/CustomerTransactions_2015Q4.csv"),
                 "TransactionTypeID", {"1"})  # fmt: skip
    lines = file("wide_world_importers/InvoiceLines_2015Q4.csv")
    return join(lines, heads, "InvoiceID", take=("TransactionDate", "CustomerID"))


def wide_world_orders() -> Table:
    lines = file("wide_world_importers/OrderLines_2015Q4.csv")
    heads = file("wide_world_importers/Orders_2015Q4.csv")
    return join(lines, heads, "OrderID", take=("OrderDate", "CustomerID"))


def wide_world_receipts() -> Table:
    ledger = file("wide_world_importers/CustomerTransactions_2015Q4.csv")
    return only(ledger, "TransactionTypeID", {"3"})


def adventure_products() -> Table:
    products = filled(file("adventureworks/DimProduct.csv"), "ProductSubcategoryKey")
    groups = file("adventureworks/DimProductSubcategory.csv")
    return join(products, groups, "ProductSubcategoryKey", take=("EnglishProductSubcategoryName",))


CASES: list[tuple[str, Callable[[], Table], Mapping, int]] = [
    ("distributors", lambda: file("adventureworks/DimReseller.csv"), Mapping(), 701),
    ("products", adventure_products, Mapping(columns={"group": "EnglishProductSubcategoryName"}),
     397),
    ("prices", lambda: filled(file("adventureworks/DimProduct.csv"), "DealerPrice"),
     Mapping(columns={"price": "DealerPrice"}, constants=NET_PRICE,
             left_out=frozenset({"last_day"})), 395),
    ("distributors", lambda: file("wide_world_importers/Customers.csv"), Mapping(), 663),
    ("products", lambda: file("wide_world_importers/StockItems.csv"),
     Mapping(constants={"group": "NOVELTIES"}), 227),
    ("prices", lambda: file("wide_world_importers/StockItems.csv"),
     Mapping(constants=NET_PRICE), 227),
    ("orders", wide_world_orders, Mapping(constants=USD), 18_032),
    ("shipments", lambda: filled(join(
        file("wide_world_importers/OrderLines_2015Q4.csv"),
        file("wide_world_importers/Orders_2015Q4.csv"), "OrderID", take=("CustomerID",)),
        "PickingCompletedWhen"), Mapping(columns={"quantity": "PickedQuantity"}), 17_660),
    ("invoices", wide_world_invoices, Mapping(constants=USD), 17_758),
    ("receipts", wide_world_receipts,
     Mapping(constants=USD, negated=frozenset({"amount"})), 2_156),
]  # fmt: skip


def parsed(kind: str, table: Table, settings: Mapping) -> Parsed:
    return read_kind(kind, table, propose(table.header, KINDS[kind].fields, settings))


@pytest.mark.row("P09")
@pytest.mark.parametrize(("kind", "table", "settings", "rows"), CASES)
def test_a_sample_company_is_read_whole(
    kind: str, table: Callable[[], Table], settings: Mapping, rows: int
) -> None:
    result = parsed(kind, table(), settings)
    assert result.findings == []
    assert len(result.rows) == rows


@pytest.mark.row("P09")
def test_the_sums_of_the_invoices_are_those_of_the_ledger() -> None:
    lines = parsed("invoices", wide_world_invoices(), Mapping(constants=USD)).rows
    ledger = file("wide_world_importers/CustomerTransactions_2015Q4.csv")
    invoices = only(ledger, "TransactionTypeID", {"1"})
    for column, mine in (
        ("AmountExcludingTax", sum(line.net_e4 for line in lines)),
        ("TaxAmount", sum(line.tax_e4 or 0 for line in lines)),
    ):
        assert Decimal(mine).scaleb(-4) == sum(map(Decimal, invoices.column(column)))


def test_amounts_of_the_head_taken_for_amounts_of_the_lines_are_refused_as_such() -> None:
    heads = only(file("wide_world_importers/CustomerTransactions_2015Q4.csv"),
                 "TransactionTypeID", {"1"})  # fmt: skip
    lines = file("wide_world_importers/InvoiceLines_2015Q4.csv")
    result = parsed("invoices", join(lines, heads, "InvoiceID"), Mapping(constants=USD))
    assert {f.code for f in result.findings if f.is_blocking} >= {"column.amount_differs"}
    assert "column.decimal_lost_amount" not in {f.code for f in result.findings}

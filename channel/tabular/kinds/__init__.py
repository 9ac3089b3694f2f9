"""The kinds of import: one module each, declaring its columns, its typed row and its checks.

`read_kind("invoices", table, mapping)` is the way in; `KINDS` lists them in loading order.
"""

from __future__ import annotations

from channel.tabular.fields import Context, Field, Kind
from channel.tabular.kinds import (
    bank_lines,
    credit_limits,
    distributors,
    divisions,
    invoices,
    opening_balances,
    orders,
    price_reports,
    prices,
    product_groups,
    products,
    receipts,
    ship_tos,
    shipments,
    stock_report,
    trace_codes,
    vat_rates,
    working_days,
)
from channel.tabular.mapping import Mapping
from channel.tabular.tables import Table
from channel.tabular.understanding import Parsed, understand

__all__ = ["KINDS", "Context", "Field", "Kind", "Mapping", "Parsed", "kind_named", "read_kind"]

KINDS: dict[str, Kind] = {
    module.KIND.name: module.KIND
    for module in (
        divisions,
        working_days,
        vat_rates,
        product_groups,
        products,
        prices,
        distributors,
        ship_tos,
        credit_limits,
        opening_balances,
        orders,
        shipments,
        invoices,
        receipts,
        bank_lines,
        price_reports,
        trace_codes,
        stock_report,
    )
}


def kind_named(name: str) -> Kind:
    """The kind of this name; KeyError for an unknown one."""
    return KINDS[name]


def read_kind(
    kind: str | Kind, table: Table, mapping: Mapping, context: Context | None = None
) -> Parsed:
    """Typed rows and findings of one table; `Parsed.is_refused` decides whether to save."""
    chosen = KINDS[kind] if isinstance(kind, str) else kind
    return understand(chosen, table, mapping, context or Context())

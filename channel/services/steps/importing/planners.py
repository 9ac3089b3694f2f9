"""Which planner belongs to which kind of import, and what its writer must be allowed to do."""

from __future__ import annotations

from collections.abc import Callable

from channel.access import Permission
from channel.services.steps.importing import (
    bank_lines,
    goods,
    invoices,
    openings,
    orders,
    partners,
    places,
    price_reports,
    prices,
    receipts,
    shipments,
    trace_codes,
)
from channel.services.steps.importing.plan import Plan, Task

Planner = Callable[[Task], Plan]

#: In loading order: what comes later refers to what came before.
PLANNERS: dict[str, tuple[Planner, Permission]] = {
    "divisions": (places.plan_divisions, Permission.TERRITORIES_WRITE),
    "working_days": (places.plan_days, Permission.CATALOGUE_WRITE),
    "vat_rates": (goods.plan_vat_rates, Permission.CATALOGUE_WRITE),
    "product_groups": (goods.plan_groups, Permission.CATALOGUE_WRITE),
    "products": (goods.plan_products, Permission.CATALOGUE_WRITE),
    "prices": (prices.plan_prices, Permission.CATALOGUE_WRITE),
    "distributors": (partners.plan_distributors, Permission.PARTNERS_WRITE),
    "ship_tos": (partners.plan_ship_tos, Permission.PARTNERS_WRITE),
    "credit_limits": (prices.plan_limits, Permission.CREDIT_WRITE),
    "opening_balances": (openings.plan, Permission.INVOICES_WRITE),
    "invoices": (invoices.plan, Permission.INVOICES_WRITE),
    "receipts": (receipts.plan, Permission.RECEIPTS_WRITE),
    "bank_lines": (bank_lines.plan, Permission.RECEIPTS_WRITE),
    "price_reports": (price_reports.plan, Permission.MARKET_FILE),
    "orders": (orders.plan, Permission.ORDERS_WRITE),
    "shipments": (shipments.plan, Permission.SHIPMENTS_WRITE),
    "trace_codes": (trace_codes.plan, Permission.SHIPMENTS_WRITE),
}

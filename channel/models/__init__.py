"""Tables, constraints and column types; importing this package knows them all."""

from channel.models import (
    accounts,
    agreements,
    audit,
    catalogue,
    credit,
    exceptions,
    jobs,
    orders,
    partners,
    rebates,
    receivables,
    stock,
    territories,
    uploads,
)

__all__ = [
    "accounts",
    "agreements",
    "audit",
    "catalogue",
    "credit",
    "exceptions",
    "jobs",
    "orders",
    "partners",
    "rebates",
    "receivables",
    "stock",
    "territories",
    "uploads",
]

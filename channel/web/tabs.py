"""Tabs over the lists of money: what belongs together stands side by side."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.web.pages import actor


def _tabs(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"url": url_for(endpoint), "label": label, "here": request.endpoint == endpoint}
        for endpoint, label in pairs
    ]


def invoice_tabs() -> list[dict[str, Any]]:
    """Documents that raise or lower what is owed."""
    return _tabs(
        ("receivables.invoices", _("Invoices")),
        ("returns.index", _("Returns")),
        ("interest.index", _("Late-payment interest")),
        ("write_offs.index", _("Write-offs")),
    )


def receipt_tabs() -> list[dict[str, Any]]:
    """Money that came in; the house also sees the bank's lines and its own rules."""
    pairs = [("receivables.receipts", _("Receipts")),
             ("receivables.receipts_parked", _("Parked receipts"))]  # fmt: skip
    if may(actor(), Permission.AUDIT_READ):
        pairs += [("bank.index", _("Bank lines")), ("cash.rules", _("Rules"))]
    return _tabs(*pairs)

"""Records as JSON: whole fen, ISO dates, codes; each shape is described in the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from channel.api.problems import worded
from channel.models.orders import Order, Shipment
from channel.models.rebate_pool import InvoiceDiscount
from channel.models.receivables import Invoice, InvoiceCharge, InvoiceLine
from channel.queries.instalments import PartLine
from channel.queries.listing import Page
from channel.services.steps.pricing import Priced
from contracts.values.findings import from_json
from contracts.values.money import fen_from_e4


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def rows(page: Page) -> dict[str, Any]:
    """A page of a list with the columns that the screen shows."""
    keys = [column.key for column in page.listing.columns]
    return {
        "items": [
            {"id": row.id, **{key: plain(getattr(row, key)) for key in keys}} for row in page.rows
        ],
        "count": page.count,
        "page": page.number,
        "pages": page.pages,
    }


def verdict(stored: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The decision with its findings, each in words."""
    if stored is None:
        return None
    found = from_json(stored.get("findings", []))
    return {"decision": stored["decision"], "findings": [worded(f) for f in found]}


def order(record: Order) -> dict[str, Any]:
    return {
        "id": record.id,
        "number": record.number,
        "distributor": record.distributor.code,
        "state": record.state,
        "order_date": plain(record.order_date),
        "deliver_on": plain(record.deliver_on),
        "ship_to": record.ship_to_id,
        "division": record.division_code,
        "currency": record.currency,
        "gross_fen": record.gross_fen,
        "freight_fen": record.freight_fen,
        "note": record.note,
        "version": record.row_version,
        "lines": [
            {
                "product": line.product.code,
                "quantity": line.quantity,
                "shipped_quantity": line.shipped_quantity,
                "unit_gross_fen": line.unit_gross_fen,
                "gross_fen": line.gross_fen,
                "vat_rate_bp": line.vat_rate_bp,
                "price_source": line.price_source,
                "free": line.is_free,
            }
            for line in record.lines
        ],
        "verdict": verdict(record.verdict),
    }


def priced(lines: Iterable[Priced]) -> list[dict[str, Any]]:
    """The lines of a preview."""
    return [
        {
            "product": line.product.code,
            "quantity": line.quantity,
            "unit_gross_fen": line.unit_gross_fen,
            "gross_fen": line.gross_fen,
            "vat_rate_bp": line.vat_rate_bp,
            "price_source": line.source,
            "free": line.is_free,
        }
        for line in lines
    ]


def shipment(record: Shipment, invoice: Invoice | None) -> dict[str, Any]:
    return {
        "id": record.id,
        "number": record.number,
        "distributor": record.distributor.code,
        "state": record.state,
        "ship_date": plain(record.ship_date),
        "ship_to": record.ship_to_id,
        "division": record.division_code,
        "currency": record.currency,
        "goods_gross_fen": record.goods_gross_fen,
        "freight_fen": record.freight_fen,
        "invoice": invoice.number if invoice else None,
        "lines": [
            {
                "order": line.order_line.order.number,
                "product": line.product.code,
                "quantity": line.quantity,
                "gross_fen": line.gross_fen,
                "batch": line.batch,
                "produced_on": plain(line.produced_on),
                "free": line.is_free,
            }
            for line in record.lines
        ],
        "verdict": verdict(record.verdict),
    }


def invoice(
    record: Invoice,
    lines: Iterable[InvoiceLine],
    charges: Iterable[InvoiceCharge | InvoiceDiscount],
    parts: Iterable[PartLine],
    open_fen: int,
) -> dict[str, Any]:
    return {
        "id": record.id,
        "number": record.number,
        "kind": record.kind,
        "distributor": record.distributor.code,
        "invoice_date": plain(record.invoice_date),
        "due_date": plain(record.due_date),
        "pay_by": plain(record.pay_by),
        "currency": record.currency,
        "net_fen": record.net_fen,
        "tax_fen": record.tax_fen,
        "gross_fen": record.gross_fen,
        "open_fen": open_fen,
        "lines": [
            {
                "product": line.product.code,
                "quantity": line.quantity,
                "net_fen": fen_from_e4(line.net_e4),
                "gross_fen": fen_from_e4(line.gross_e4),
                "vat_rate_bp": line.vat_rate_bp,
            }
            for line in lines
        ],
        "charges": [
            {"kind": c.kind, "net_fen": c.net_fen, "tax_fen": c.tax_fen, "gross_fen": c.gross_fen}
            for c in charges
        ],
        "instalments": [
            {
                "number": p.part.number,
                "due_date": plain(p.part.due_date),
                "pay_by": plain(p.part.pay_by),
                "amount_fen": p.part.amount_fen,
                "open_fen": p.open_fen,
                "discount_until": plain(p.part.discount_until),
                "discount_fen": p.part.discount_fen,
            }
            for p in parts
        ],
    }

"""Shipments: planned from orders, judged per shipment, dispatched, invoiced, cancelled.

The minimum is that of one shipment: goods value incl. VAT, before any rebate offset and without
free goods. Shipped goods can always be invoiced.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import selectinload

from channel.access import Actor, Permission
from channel.models.orders import Shipment
from channel.models.partners import Distributor, ShipTo
from channel.models.receivables import Invoice
from channel.queries.scope import get_visible
from channel.services.steps import (
    credit,
    invoicing,
    loading,
    places,
    receipts,
    trace_codes,
    waivers,
)
from channel.services.steps import shipments as shipment_steps
from channel.services.steps.loading import Load as Load
from channel.services.work import Refused, Work, assert_seen, work
from contracts.values.findings import Finding, Severity


def plan_shipment(
    actor: Actor,
    distributor_id: int,
    ship_date: date,
    ship_to_id: int | None,
    loads: Sequence[Load],
) -> int:
    """Put open order lines of one distributor together, and judge them at once."""
    with work(actor, Permission.SHIPMENTS_WRITE) as w:
        distributor: Distributor = get_visible(actor, Distributor, distributor_id)
        ship_to: ShipTo | None = get_visible(actor, ShipTo, ship_to_id) if ship_to_id else None
        if ship_to is not None and ship_to.distributor_id != distributor_id:
            raise Refused([Finding("order.foreign_ship_to", Severity.BLOCK)])
        place = (ship_to_id, ship_to.division_code if ship_to else None)
        shipment = loading.plan(w, distributor, ship_date, place, loads)
        return shipment.id


def _load_locked(w: Work, shipment_id: int, seen_version: int | None) -> Shipment:
    """The shipment, with its debtor locked before anything of it is trusted."""
    shipment: Shipment = get_visible(w.actor, Shipment, shipment_id, selectinload(Shipment.lines))
    credit.lock_account(w, shipment.distributor_id, shipment.currency)
    w.session.refresh(shipment)
    assert_seen(shipment, seen_version)
    return shipment


def check_shipment(actor: Actor, shipment_id: int, seen_version: int | None = None) -> str:
    """Judge again, after money came or an exception was approved; gives the new state."""
    with work(actor, Permission.SHIPMENTS_WRITE) as w:
        shipment = _load_locked(w, shipment_id, seen_version)
        shipment_steps.check(w, shipment)
        return shipment.state


def dispatch_shipment(actor: Actor, shipment_id: int, seen_version: int | None = None) -> str:
    """The goods leave: judged once more, then ordered becomes shipped. Gives the new state."""
    with work(actor, Permission.SHIPMENTS_WRITE) as w:
        shipment = _load_locked(w, shipment_id, seen_version)
        loading.dispatch(w, shipment)
        return shipment.state


def cancel_shipment(
    actor: Actor, shipment_id: int, reason: str, seen_version: int | None = None
) -> None:
    """Take back what has not left; a waiver that it used is free again."""
    with work(actor, Permission.SHIPMENTS_WRITE) as w:
        shipment = _load_locked(w, shipment_id, seen_version)
        old, shipment.state = shipment.state, shipment_steps.step(shipment, "cancel")
        waivers.give_back(w, shipment, w.today)
        account = credit.lock_account(w, shipment.distributor_id, shipment.currency)
        places.give_up_shipment(w, account, shipment)
        trace_codes.let_go(w, shipment)
        w.audit(
            "shipment:cancel", shipment, reason=reason, changes={"state": (old, shipment.state)}
        )


def invoice_shipment(
    actor: Actor, shipment_id: int, invoice_date: date, seen_version: int | None = None
) -> int:
    """Post the invoice of shipped goods; never refused for credit. Money waiting is applied."""
    with work(actor, Permission.INVOICES_WRITE) as w:
        shipment = _load_locked(w, shipment_id, seen_version)
        new_state = shipment_steps.step(shipment, "invoice")
        if invoice_date < shipment.ship_date:
            raise Refused(
                [
                    Finding(
                        "invoice.before_shipment",
                        Severity.BLOCK,
                        "",
                        {"shipped": shipment.ship_date},
                    )
                ]
            )
        invoice: Invoice = invoicing.invoice_for(w, shipment, invoice_date)
        account = credit.lock_account(w, shipment.distributor_id, shipment.currency)
        value = invoice.gross_fen
        shipped = shipment.goods_gross_fen + shipment.freight_fen
        credit.move(
            w,
            account,
            [("shipped", -shipped), ("invoiced", value)],
            act="post",
            document=invoice,
            on=invoice_date,
        )
        shipment.state = new_state
        w.audit("invoice:post", invoice, changes={"gross_fen": value})
        receipts.apply_waiting_money(w, account, invoice_date)
        return invoice.id

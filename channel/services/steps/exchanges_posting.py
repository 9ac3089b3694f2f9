"""What settles a claim: one document over the difference, and a shipment of what goes out.

The document has no invoice lines and the shipment carries its goods without a price, so that
neither is part of a target, a rebate or a mix: exchanged goods are no sales and no returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from channel.models.catalogue import Product
from channel.models.credit import CreditAccount
from channel.models.exchanges import ExchangeClaim, ExchangeLine, ExchangePosting
from channel.models.orders import Order, OrderLine, Shipment, ShipmentLine
from channel.models.partners import ShipTo
from channel.models.receivables import Invoice
from channel.queries import catalogue
from channel.queries import exchanges as reads
from channel.queries import exchanges_facts as facts_of
from channel.services.steps import (
    exchanges,
    invoicing,
    judging,
    notes,
    offsetting,
    receipts,
    rechecking,
)
from channel.services.work import Refused, Work
from contracts import exchanges as rules
from contracts.exchanges import Amount
from contracts.payment_terms import due_date
from contracts.values.findings import block, in_currency


@dataclass(frozen=True)
class Out:
    """Goods that go out, of one batch, at the book price of the day."""

    product: Product
    quantity: int
    unit_gross_fen: int
    vat_rate_bp: int
    batch: str = ""


def priced(
    claim: ExchangeClaim,
    quantities: Mapping[int, int],
    on: date,
    batches: Mapping[int, str] | None = None,
) -> list[Out]:
    """product → quantity as goods that go out on a day; refused where the book has no price."""
    wanted = {i: n for i, n in quantities.items() if n > 0}
    products = catalogue.products_by_id(wanted)
    terms = judging.ground_on(claim.distributor_id, on).terms
    prices = facts_of.book_prices(terms, wanted, on)
    if wanted.keys() - prices.keys():
        raise Refused([block("exchange.no_price", "means")])
    rates = catalogue.vat_rates({p.vat_class for p in products.values()}, on)
    return [
        Out(
            products[i], n, prices[i], rates.get(products[i].vat_class, 0),
            (batches or {}).get(i, "").strip(),
        )
        for i, n in wanted.items()
    ]  # fmt: skip


def post(
    w: Work,
    account: CreditAccount,
    claim: ExchangeClaim,
    accepted: Mapping[int, int],
    outs: Sequence[Out],
    *,
    with_freight: bool,
) -> Invoice | None:
    """Post line → units that are settled now, and what goes out; None where there is nothing."""
    rows = rows_of(claim, accepted, outs, with_freight)
    if not rows:
        return None
    shipment = _ship(w, claim, outs) if outs else None
    total = Amount(
        sum(r.net_fen for r in rows),
        sum(r.tax_fen for r in rows),
        sum(r.gross_fen for r in rows),
    )
    invoice = _document(w, account, claim, total, shipment)
    for number, row in enumerate(rows, 1):
        row.claim_id, row.distributor_id, row.posted_on = claim.id, claim.distributor_id, w.today
        row.invoice_id, row.line_no = invoice.id, number
        if row.kind == "goods" and shipment is not None:
            row.shipment_id = shipment.id
        w.session.add(row)
    changes = {"gross_fen": total.gross_fen, "document": invoice.number}
    w.audit("exchange:post", claim, changes=changes)
    if total.gross_fen > 0:
        receipts.apply_waiting_money(w, account, w.today)
    elif total.gross_fen < 0:
        _set_off(w, account, invoice)
        rechecking.recheck_held(w, account)
    return invoice


def _set_off(w: Work, account: CreditAccount, note: Invoice) -> None:
    """Set a credit note against what is open, oldest due first; a rest stays open as credit."""
    w.session.flush()  # what was just posted takes part
    offsetting.settle(w, note.id, offsetting.plan(account, -note.gross_fen), w.today)


def rows_of(
    claim: ExchangeClaim, accepted: Mapping[int, int], outs: Sequence[Out], with_freight: bool
) -> list[ExchangePosting]:
    """The lines of the document, not yet of any: what comes back, goes out, and freight."""
    rows = []
    for line in claim.lines:
        units = accepted.get(line.id, 0)
        if units > 0:
            worth = rules.amount_of(units * line.unit_gross_fen, line.vat_rate_bp)
            rows.append(_row("returned", -worth, line.vat_rate_bp, line, -units))
    for out in outs:
        value = rules.amount_of(out.quantity * out.unit_gross_fen, out.vat_rate_bp)
        rows.append(_row("goods", value, out.vat_rate_bp, out, out.quantity))
    if with_freight and claim.freight_fen:
        borne_by = exchanges.duties_of(claim).exchange_freight_by
        share = rules.freight_share(claim.freight_fen, claim.freight_paid_by, borne_by)
        rate = max((line.vat_rate_bp for line in claim.lines), default=0)
        if share:
            cost = rules.amount_of(abs(share), rate)
            rows.append(_row("freight", cost if share > 0 else -cost, rate, None, 0))
    return rows


def _row(
    kind: str, amount: Amount, rate_bp: int, of: ExchangeLine | Out | None, quantity: int
) -> ExchangePosting:
    return ExchangePosting(
        kind=kind,
        product_id=(of.product.id if isinstance(of, Out) else of.product_id) if of else None,
        batch=of.batch if of else "",
        quantity=quantity,
        unit_gross_fen=of.unit_gross_fen if of else 0,
        vat_rate_bp=rate_bp,
        net_fen=amount.net_fen,
        tax_fen=amount.tax_fen,
        gross_fen=amount.gross_fen,
    )


def _document(
    w: Work,
    account: CreditAccount,
    claim: ExchangeClaim,
    total: Amount,
    shipment: Shipment | None,
) -> Invoice:
    """The difference: a credit note where it is the distributor's, else due by its term."""
    due = pay_by = w.today
    if total.gross_fen > 0:
        terms = judging.ground_on(claim.distributor_id, w.today).terms
        term = (terms.payment if terms else None) or invoicing.AT_ONCE
        dates = due_date(term, w.today, catalogue.work_calendar())
        due, pay_by = dates.due_date, dates.pay_by
    kind = "invoice" if total.gross_fen > 0 else "credit_note"
    return notes.post(
        w, account, w.today, "XN", kind,
        net_fen=total.net_fen, gross_fen=total.gross_fen,
        shipment_id=shipment.id if shipment else None, due_date=due, pay_by=pay_by,
    )  # fmt: skip


def _ship(w: Work, claim: ExchangeClaim, outs: Sequence[Out]) -> Shipment:
    """What goes out, as an order and a shipment without a price: stock and receipts see it."""
    place = reads.usual_ship_to(claim.distributor_id)
    order = _order(w, claim, outs, w.today, place)
    shipment = Shipment(
        number=w.draw("SH", w.today),
        distributor_id=claim.distributor_id,
        agreement_version_id=claim.agreement_version_id,
        ship_date=w.today,
        ship_to_id=place.id if place else None,
        division_code=place.division_code if place else None,
        currency=claim.currency,
        state="invoiced",
        goods_gross_fen=0,
        freight_fen=0,
        created_by_id=w.actor.user_id,
        created_at=w.now,
        shipped_at=w.now,
        row_version=1,
        lines=[
            ShipmentLine(
                line_no=line.line_no,
                order_line_id=line.id,
                product_id=line.product_id,
                quantity=line.quantity,
                gross_fen=0,
                is_free=True,
                batch=out.batch,
            )
            for line, out in zip(order.lines, outs, strict=True)
        ],
    )
    w.session.add(shipment)
    w.session.flush()  # the document and the audit line need shipment.id
    w.audit("shipment:exchange", shipment, reason=claim.number)
    return shipment


def _order(
    w: Work, claim: ExchangeClaim, outs: Sequence[Out], on: date, place: ShipTo | None
) -> Order:
    order = Order(
        number=w.draw("SO", on),
        distributor_id=claim.distributor_id,
        agreement_version_id=claim.agreement_version_id,
        order_date=on,
        ship_to_id=place.id if place else None,
        division_code=place.division_code if place else None,
        currency=claim.currency,
        state="closed",
        note=claim.number,
        gross_fen=0,
        freight_fen=0,
        created_by_id=w.actor.user_id,
        created_at=w.now,
        confirmed_at=w.now,
        row_version=1,
        lines=[
            OrderLine(
                line_no=number,
                product_id=out.product.id,
                quantity=out.quantity,
                shipped_quantity=out.quantity,
                unit_gross_fen=0,
                price_source="free",
                vat_rate_bp=out.vat_rate_bp,
                gross_fen=0,
                is_free=True,
            )
            for number, out in enumerate(outs, 1)
        ],
    )
    w.session.add(order)
    w.session.flush()  # the shipment's lines refer to the order's
    w.audit("order:exchange", order, reason=claim.number)
    return order


def check_goods_worth(claim: ExchangeClaim, worth_fen: int, outs: Sequence[Out]) -> None:
    """Where goods must be taken for it, they are worth as much as what is settled."""
    value = sum(out.quantity * out.unit_gross_fen for out in outs)
    found = rules.check_means("other", worth_fen, value, exchanges.duties_of(claim))
    if found:
        raise Refused(in_currency(found, claim.currency))

"""Invoices, credit, agreements in force and prices: what another system asks before it acts."""

from __future__ import annotations

from datetime import date
from typing import Any

from channel import clock
from channel.access import NotVisible, Permission
from channel.api import shapes
from channel.api.routing import Query, actor, asked, route
from channel.models.partners import Distributor
from channel.queries import agreements, by_code, credit, instalments, partners, rebates_pool_facts
from channel.queries import receivables as reads
from channel.services.steps import judging, pricing, waivers
from channel.services.steps.credit import exposure_of, limit_of
from channel.services.steps.judging import Judgement
from channel.services.work import Refused
from contracts import agreement
from contracts.values.findings import block
from contracts.values.money import vat_split

ON = Query("on", "date", "the day; today when left out")
WHOSE = Query("distributor", "text", "the distributor's code; a distributor's own may be left out")


def _whose() -> Distributor:
    """The distributor asked for by code, or the actor's own. NotVisible for another's."""
    code, who = asked().get("distributor"), actor()
    if code is None and who.distributor_id is not None:
        return partners.get_distributor(who, who.distributor_id)
    if code is None:
        raise Refused([block("api.parameter", "distributor", value="")])
    found = by_code.distributor_by_code(who, code)
    if found is None:
        raise NotVisible
    return found


def _on() -> date:
    text = asked().get("on")
    return date.fromisoformat(text) if text else clock.today()


@route("/invoices/<int:id>", Permission.INVOICES_READ, "One invoice", gives="Invoice")
def get_invoice(id: int) -> Any:
    """With its lines, its charges and rebates beside the goods, and its instalments."""
    record = reads.get_invoice(actor(), id)
    paid = sum(allocation.amount_fen for allocation, _receipt in reads.payments_of(id))
    return shapes.invoice(
        record,
        reads.invoice_lines(id),
        [*instalments.charges_of(id), *rebates_pool_facts.discounts_of(id)],
        instalments.instalments_of(id),
        record.gross_fen - paid,
    )


@route(
    "/credit",
    Permission.CREDIT_READ,
    "What a distributor uses of its limit today",
    queries=(WHOSE,),
    gives="Credit",
)
def get_credit() -> Any:
    owner, today = _whose(), clock.today()
    accounts = []
    for account in credit.accounts(actor(), owner.id):
        exposure = exposure_of(account)
        limit = limit_of(owner.id, account.currency, today, exposure.used_fen).amount_fen
        items = credit.open_items(owner.id, account.currency)
        accounts.append(
            {
                "currency": account.currency,
                "ordered_fen": account.ordered_fen,
                "shipped_fen": account.shipped_fen,
                "invoiced_fen": account.invoiced_fen,
                "unapplied_fen": account.unapplied_fen,
                "used_fen": exposure.used_fen,
                "limit_fen": limit,
                "free_fen": None if limit is None else limit - exposure.used_fen,
                "overdue_fen": sum(fen for _id, due, fen in items if due < today),
            }
        )
    return {"distributor": owner.code, "on": today.isoformat(), "accounts": accounts}


@route(
    "/agreements/in-force",
    Permission.AGREEMENTS_READ,
    "The agreement that rules on a day",
    queries=(WHOSE, ON),
    gives="Agreement",
)
def get_agreement() -> Any:
    """404 where none is in force."""
    owner, on = _whose(), _on()
    version, _last = agreements.ruling_version(owner.id, on)
    if version is None:
        raise NotVisible
    return {
        "number": version.agreement.number,
        "version": version.version_no,
        "distributor": owner.code,
        "valid_from": shapes.plain(version.valid_from),
        "valid_to": shapes.plain(version.valid_to),
        "terms_hash": version.terms_hash,
        "terms": agreement.to_json(agreement.from_json(version.terms)),
    }


@route(
    "/prices/<code>",
    Permission.CATALOGUE_READ,
    "The price of a good for a distributor on a day",
    queries=(WHOSE, ON),
    gives="Price",
)
def get_price(code: str) -> Any:
    """The price that an order of that day would get for one unit; 404 where there is none."""
    owner, on = _whose(), _on()
    product_id = by_code.product_ids([code]).get(code)
    if product_id is None:
        raise NotVisible
    judgement = Judgement(judging.ground_on(owner.id, on))
    lefts = waivers.in_force(owner.id, on)
    lines = pricing.price_lines(judgement, [pricing.Wanted(product_id, 1)], lefts, on)
    if not lines:
        raise Refused(judgement.findings)
    line = lines[0]
    net_fen, tax_fen = vat_split(line.unit_gross_fen, line.vat_rate_bp)
    return {
        "product": code,
        "name": line.product.name,
        "unit": line.product.unit,
        "distributor": owner.code,
        "on": on.isoformat(),
        "gross_fen": line.unit_gross_fen,
        "net_fen": net_fen,
        "tax_fen": tax_fen,
        "vat_rate_bp": line.vat_rate_bp,
        "price_source": line.source,
        "currency": owner.currency,
    }

"""Exchange claims in the browser: the list, the claim as it is written, the record and its steps.

`exchanges.new` takes product (id or code), batch and quantity in the address, each as often as
needed, and for people of the house the distributor: so a list of slow movers opens it filled in.
"""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.messages.exchanges import PRICE_WORDS
from channel.models.exchanges import ExchangeClaim
from channel.queries import catalogue, partners
from channel.queries import exchanges as reads
from channel.queries import exchanges_facts as facts_of
from channel.services import exchanges as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.exchanges_record import bp
from channel.web.forms import exchanges as forms
from channel.web.forms.exchanges import ClaimForm, GoodsRow
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, page, see_other, seen_version, show
from contracts import exchanges as rules
from contracts.obligations import check_exchange

#: Rows for goods that no offer names, and for goods in return.
BLANK_ROWS, OUT_ROWS = 2, 4


@page(bp, "/exchanges", Permission.EXCHANGES_READ)
def index() -> Any:
    actions = []
    if may(actor(), Permission.EXCHANGES_FILE):
        url = url_for("exchanges.new")
        actions.append({"url": url, "icon": "plus", "label": _("New exchange claim")})
    subtitle = _("Goods that do not move, sent back within the window of the contract.")
    return lists.answer(reads.CLAIMS, actions=actions, subtitle=subtitle)


@page(bp, "/exchanges/new", Permission.EXCHANGES_FILE, methods=("GET", "POST"))
def new() -> Any:
    """A new claim; people of the house choose the distributor first."""
    who = actor()
    text = request.values.get("distributor", "")
    chosen = who.distributor_id or (int(text) if text.isdecimal() else None)
    if chosen is None:
        asked = {k: v for k, v in request.args.items(multi=True) if k != "distributor"}
        return show("exchanges/choose.html", choices=partners.choices(who), asked=asked)
    return _write(chosen, None)


@page(bp, "/exchanges/<int:id>/edit", Permission.EXCHANGES_FILE, methods=("GET", "POST"))
def edit(id: int) -> Any:
    """Change a draft."""
    claim = reads.get_claim(actor(), id)
    if claim.state != "draft":
        return see_other("exchanges.record", id=id)
    return _write(claim.distributor_id, claim)


def _write(distributor_id: int, claim: ExchangeClaim | None) -> Any:
    distributor = partners.get_distributor(actor(), distributor_id)
    form = ClaimForm(obj=claim)
    offers = reads.offers(distributor_id, clock.today())
    rows, goods = _rows(offers, claim), _goods(claim)
    if request.method == "POST" and form.validate():
        try:
            typed = service.Claim(
                distributor_id,
                form.means.data,
                form.reason.data or "",
                forms.wanted_of(rows),
                forms.goods_of(goods),
                form.once.data or "",
            )
            files = request.form.get("act") == "file"
            seen = seen_version() if claim else None
            made = service.save_claim(actor(), typed, claim.id if claim else None, seen, file=files)
        except Refused as refused:
            show_refusal(form, refused, forms.PLACES)
        else:
            _say(made, files=files)
            return see_other("exchanges.record", id=made)
    by_key = {offer.key: offer for offer in offers}
    shown = [
        (n, row, by_key.get(f"{row.product}-{row.batch}"))
        for n, row in enumerate(_with_offers(rows, offers))
    ]
    return show(
        "exchanges/form.html",
        form=form,
        claim=claim,
        distributor=distributor,
        shown=shown,
        is_late=_is_late,
        open_count=sum(not _is_late(row, offer) for _n, row, offer in shown),
        goods=goods + [("", "")] * max(0, OUT_ROWS - len(goods)),
        products=catalogue.product_choices(),
        clause=_clause(distributor_id, distributor.currency),
        prices=PRICE_WORDS,
        today=clock.today(),
    ), 422 if request.method == "POST" else 200


def _is_late(row: GoodsRow, offer: reads.Offer | None) -> bool:
    """Whether a row stands apart: its window is over and nothing is asked for it."""
    return offer is not None and not offer.open_quantity and not row.quantity


def _say(claim_id: int, *, files: bool) -> None:
    state = reads.get_claim(actor(), claim_id).state
    if state == "claimed":
        flash(_("The claim is filed: the channel manager decides about it."), "success")
    elif files:
        flash(_("The claim is kept as a draft: something stops it, see below."), "warning")
    else:
        flash(_("The draft is kept."), "success")


def _clause(distributor_id: int, currency: str) -> dict[str, Any]:
    """Clause 7 in force today with what is left of the quarter's cap."""
    today = clock.today()
    terms, contract = facts_of.ruling(distributor_id).on(today)
    quarter = facts_of.quarter_of(distributor_id, currency, today)
    duties = terms.duties if terms else None
    cap = rules.cap_fen(quarter.base_net_fen, duties.exchange_cap_bp) if duties else None
    return {
        "duties": duties,
        "contract": contract,
        "stops": check_exchange(terms, contract) if terms else [],
        "quarter": quarter,
        "cap_fen": cap,
        "left_fen": None if cap is None else max(0, cap - quarter.used_net_fen),
    }


def _rows(offers: list[reads.Offer], claim: ExchangeClaim | None) -> list[GoodsRow]:
    """What stands beside the goods: as typed, as stored, or as the address names it."""
    if request.method == "POST":
        return forms.typed_rows(request.form)
    if claim is not None:
        sums: dict[tuple[int, str, bool], int] = {}
        for line in claim.lines:
            key = line.product_id, line.batch, line.is_sealed
            sums[key] = sums.get(key, 0) + line.asked
        return [GoodsRow(str(p), b, str(n), sealed) for (p, b, sealed), n in sums.items()]
    return _named(offers)


def _named(offers: list[reads.Offer]) -> list[GoodsRow]:
    """The goods that the address names: product, batch and quantity, one of each for a row."""
    products = request.args.getlist("product")
    batches = request.args.getlist("batch")
    quantities = request.args.getlist("quantity")
    codes = {code.partition(" ")[0]: i for i, code in catalogue.product_choices()}
    codes |= {offer.code: str(offer.product_id) for offer in offers}
    found = []
    for n, product in enumerate(products[:100]):
        batch = batches[n].strip() if n < len(batches) else ""
        quantity = quantities[n].strip() if n < len(quantities) else ""
        found.append(GoodsRow(codes.get(product, product), batch, quantity))
    return found


def _with_offers(rows: list[GoodsRow], offers: list[reads.Offer]) -> list[GoodsRow]:
    """Each offer as a row, filled in where something is named for it; the rest; blanks."""
    named = {f"{row.product}-{row.batch}": row for row in rows if row.product}
    shown = [named.pop(offer.key, GoodsRow(str(offer.product_id), offer.batch)) for offer in offers]
    rest = [row for row in rows if f"{row.product}-{row.batch}" in named]
    return [*shown, *rest, *[GoodsRow()] * BLANK_ROWS]


def _goods(claim: ExchangeClaim | None) -> list[tuple[str, str]]:
    if request.method == "POST":
        return forms.typed_goods(request.form)
    return [(str(g.product_id), str(g.quantity)) for g in claim.goods] if claim else []

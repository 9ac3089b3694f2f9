"""Pages of the margin ladder: a whole book on a day, and one good with its suggested prices."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.models.catalogue import PriceBook, SuggestedPrice
from channel.queries import audit, catalogue_margins, partners
from channel.queries import catalogue as reads
from channel.queries.catalogue_margins import House
from channel.queries.catalogue_specials import order_of_line, special_listing
from channel.services import prices_suggested as service
from channel.services.prices_suggested import Suggestion
from channel.services.work import Refused
from channel.web import lists
from channel.web.catalogue.blueprint import bp, price_tabs
from channel.web.forms.margins import SuggestionForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, day_asked, flash_refusal, page, see_other, show
from contracts import margins
from contracts.values.rates import Rate

PLACES = {
    "price.below_cent": "wholesale_fen",
    "price.same_day": "valid_from",
    "suggested.retail_low": "retail_fen",
    "suggested.band_crossed": "ceiling_fen",
    "suggested.backdated": "valid_from",
}


def _staff_only() -> None:
    if actor().is_distributor:
        abort(404)


def _house() -> House:
    """The floor of the house, and the rebate of the URL or of the house."""
    maker = partners.get_maker()
    typed = request.args.get("rebate", "").strip(" %％")
    try:
        points = int(Decimal(typed) * 100)
    except (InvalidOperation, ValueError, OverflowError):
        points = -1
    return House(maker.floor_margin_bp, points if 0 <= points <= 10_000 else maker.ladder_rebate_bp)


@page(bp, "/suggested-prices", Permission.CATALOGUE_READ)
def suggested() -> Any:
    _staff_only()
    return lists.answer(
        catalogue_margins.suggested_list(clock.today()), tabs=price_tabs("catalogue.suggested")
    )


@page(bp, "/suggested-prices/<int:id>", Permission.CATALOGUE_READ)
def suggestion(id: int) -> Any:
    """A suggested price is looked at on the ladder of its good."""
    _staff_only()
    return see_other("catalogue.ladder", id=reads.get_record(SuggestedPrice, id).product_id)


@page(bp, "/special-prices", Permission.ORDERS_READ)
def special_lines() -> Any:
    """Every order line that was sold under an exception, beside the book's price."""
    staff = not actor().is_distributor
    return lists.answer(
        special_listing(), tabs=price_tabs("catalogue.special_lines") if staff else []
    )


@page(bp, "/special-prices/<int:id>", Permission.ORDERS_READ)
def special_line(id: int) -> Any:
    """A line is looked at in its order."""
    return see_other("orders.record", id=order_of_line(actor(), id))


@page(bp, "/price-books/<int:id>/margins", Permission.CATALOGUE_READ)
def book_margins(id: int) -> Any:
    """The ladder of every good of the book."""
    _staff_only()
    book, on, house = reads.get_record(PriceBook, id), day_asked(), _house()
    return lists.answer(
        catalogue_margins.book_ladder(book, on, house),
        template="catalogue/margins.html",
        book=book,
        on=on,
        floor=Rate.basis_points(house.floor_bp),
        rebate=Rate.basis_points(house.rebate_bp),
    )


@page(bp, "/products/<int:id>/ladder", Permission.CATALOGUE_READ, methods=("GET", "POST"))
def ladder(id: int) -> Any:
    """One good: what each step keeps, what is suggested and since when, and a new proposal."""
    _staff_only()
    product, on, house = reads.get_product(id), day_asked(), _house()
    form = SuggestionForm()
    if form.validate_on_submit():
        wish = Suggestion(**{n: form[n].data for n in Suggestion.__dataclass_fields__})
        try:
            service.suggest(actor(), id, wish)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Proposed. It holds when a second person has approved it."), "success")
            return see_other("catalogue.ladder", id=id)
    floor, rebate = Rate.basis_points(house.floor_bp), Rate.basis_points(house.rebate_bp)
    found = catalogue_margins.ladders_of(product, on, house)
    findings = [
        f
        for row in found
        for f in (
            margins.check_floor(row.ladder, floor) + margins.check_floor(row.ladder, floor, rebate)
        )
    ]
    return show(
        "catalogue/ladder.html",
        product=product,
        form=form,
        on=on,
        today=clock.today(),
        floor=floor,
        rebate=rebate,
        ladders=found,
        findings=findings,
        entries=catalogue_margins.suggestions(id),
        history_lines=audit.history("product", id),
        maker=partners.get_maker(),
    ), 422 if form.is_submitted() else 200


@page(bp, "/suggested-prices/<int:id>/<act>", Permission.CATALOGUE_READ, methods=("POST",))
def suggestion_act(id: int, act: str) -> Any:
    """Approve or withdraw a proposal; each use case demands its own permission."""
    entry = reads.get_record(SuggestedPrice, id)
    product_id = entry.product_id
    try:
        if act == "approve":
            service.approve_suggestion(actor(), id)
            flash(_("The suggested prices are approved."), "success")
        elif act == "withdraw":
            service.withdraw_suggestion(actor(), id)
            flash(_("The proposal is withdrawn."), "success")
        else:
            abort(404)
    except Refused as refused:
        flash_refusal(refused)
    return see_other("catalogue.ladder", id=product_id)

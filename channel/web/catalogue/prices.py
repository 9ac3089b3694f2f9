"""Pages about price books: the prices by date, proposals, and their approval by a second person."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _

from channel.access import Permission, may
from channel.models.catalogue import PriceBook, PriceEntry
from channel.queries import audit
from channel.queries import catalogue as reads
from channel.queries import catalogue_lists as listings
from channel.services import catalogue as service
from channel.services import prices as price_service
from channel.services.work import Refused
from channel.web import lists
from channel.web.catalogue.blueprint import bp, price_tabs
from channel.web.forms.catalogue import BookForm, ProposalForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, day_asked, flash_refusal, page, see_other, show

PLACES = {
    "goods.code_taken": "code",
    "price_book.currency_fixed": "currency",
    "price.below_cent": "gross_fen",
    "price.unchanged": "gross_fen",
    "price.same_day": "valid_from",
    "price.backdated": "valid_from",
}


def _staff_only() -> None:
    """Price books are the house's; a distributor sees its prices where it orders."""
    if actor().is_distributor:
        abort(404)


@page(bp, "/price-books", Permission.CATALOGUE_READ)
def price_books() -> Any:
    _staff_only()
    actions = []
    if may(actor(), Permission.CATALOGUE_WRITE):
        actions.append(
            {"url": url_for("catalogue.new_book"), "icon": "plus", "label": _("New price book")}
        )
    return lists.answer(listings.BOOKS, actions=actions, tabs=price_tabs("catalogue.price_books"))


@page(bp, "/price-books/new", Permission.CATALOGUE_WRITE, methods=("GET", "POST"))
def new_book() -> Any:
    return _book_form(None)


@page(bp, "/price-books/<int:id>/edit", Permission.CATALOGUE_WRITE, methods=("GET", "POST"))
def edit_book(id: int) -> Any:
    return _book_form(reads.get_record(PriceBook, id))


def _book_form(book: PriceBook | None) -> Any:
    form = BookForm(obj=book)
    if form.validate_on_submit():
        try:
            book_id = service.save_book(
                actor(),
                book and book.id,
                form.code.data or "",
                form.name.data or "",
                form.currency.data or "",
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Saved."), "success")
            return see_other("catalogue.price_book", id=book_id)
    status = 422 if form.is_submitted() else 200
    return show("catalogue/book_form.html", form=form, book=book), status


@page(bp, "/price-books/<int:id>", Permission.CATALOGUE_READ)
def price_book(id: int) -> Any:
    _staff_only()
    book, on = reads.get_record(PriceBook, id), day_asked()
    return lists.answer(
        listings.price_list(book, on),
        template="catalogue/price_book.html",
        book=book,
        on=on,
        waiting=reads.proposals(id),
        entries=audit.history("price_book", id),
    )


@page(bp, "/prices/<int:id>", Permission.CATALOGUE_READ)
def price_entry(id: int) -> Any:
    """A price is looked at on the page of its product."""
    _staff_only()
    entry = reads.get_record(PriceEntry, id)
    return see_other("catalogue.product", id=entry.product_id, _anchor="prices")


@page(bp, "/price-books/<int:id>/propose", Permission.CATALOGUE_WRITE, methods=("GET", "POST"))
def propose(id: int) -> Any:
    """Propose a price; afterwards the form stays open on the same day for the next product."""
    book = reads.get_record(PriceBook, id)
    form = ProposalForm()
    form.product_id.choices = [("", _("choose")), *reads.product_choices()]
    if not form.is_submitted():
        form.valid_from.data = day_asked() if "on" in request.args else None
        product = request.args.get("product", "")
        form.product_id.data = int(product) if product.isdigit() else None
    if form.validate_on_submit():
        try:
            price_service.propose_price(
                actor(), id, form.product_id.data, form.gross_fen.data, form.valid_from.data
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("Proposed. It holds when a second person has approved it."), "success")
            if request.form.get("next"):
                return see_other("catalogue.propose", id=id, on=form.valid_from.data.isoformat())
            return see_other("catalogue.price_book", id=id)
    status = 422 if form.is_submitted() else 200
    return show("catalogue/propose.html", form=form, book=book), status


@page(bp, "/price-books/<int:id>/approve", Permission.PRICES_APPROVE, methods=("POST",))
def approve(id: int) -> Any:
    seen = {int(text) for text in request.form.getlist("entry") if text.isdigit()}
    try:
        count = price_service.approve_prices(actor(), id, seen)
        flash(_("%(n)s prices approved.", n=count), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("catalogue.price_book", id=id)


@page(bp, "/prices/<int:id>/withdraw", Permission.CATALOGUE_WRITE, methods=("POST",))
def withdraw(id: int) -> Any:
    entry = reads.get_record(PriceEntry, id)
    book_id = entry.book_id
    try:
        price_service.withdraw_price(actor(), id)
        flash(_("The proposal is withdrawn."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("catalogue.price_book", id=book_id)

"""Pages of counts: a rep counts on a visit, gaps are listed, follow-ups are cleared."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.models.partners import Distributor
from channel.queries import (
    audit,
    catalogue,
    market_areas,
    partners,
    stock_counts,
    stock_counts_lists,
)
from channel.queries.scope import get_visible
from channel.queries.stock_counts import ToCount
from channel.services import stock_counts as service
from channel.services.steps.market import File
from channel.services.stock_counts import Counted
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.refusals import show_refusal
from channel.web.forms.stock_counts import CountForm
from channel.web.pages import actor, flash_refusal, page, see_other, seen_version, show
from contracts.values.findings import Finding, block

bp = Blueprint("stock_counts", __name__)

PLACES = {"count.in_future": "counted_on"}
#: Goods that the report does not name may be counted in so many extra lines.
EXTRA = 2


def tabs(here: str) -> list[dict[str, Any]]:
    """Counts beside the views of stock that they belong to."""
    places = [
        ("channel_stock.index", _("By area")),
        ("channel_stock.goods", _("By product")),
        ("channel_stock.positions", _("Everybody's")),
        ("stock_counts.index", _("Stock counts")),
        ("stock_counts.follow_ups", _("Follow-ups")),
    ]
    return [{"url": url_for(e), "label": label, "here": e == here} for e, label in places]


@page(bp, "/stock-counts", Permission.STOCK_COUNTS_READ)
def index() -> Any:
    """Every line counted, the largest gap first."""
    actions = []
    if may(actor(), Permission.STOCK_COUNT):
        actions.append(
            {"url": url_for("stock_counts.new"), "icon": "plus", "label": _("Count stock")}
        )
    return lists.answer(
        stock_counts_lists.counts_list(), actions=actions, tabs=tabs("stock_counts.index")
    )


@page(bp, "/stock-counts/new", Permission.STOCK_COUNT, methods=("GET", "POST"))
def new() -> Any:
    """One page for a visit: whose stock, then what lies there."""
    text = request.values.get("distributor", "")
    if not text.isdecimal() or len(text) > 12:
        return show("stock_counts/choose.html", owners=partners.choices(actor()))
    owner = get_visible(actor(), Distributor, int(text))
    form = CountForm()
    if not form.is_submitted():
        form.counted_on.data = clock.today()
    on = min(form.counted_on.data or clock.today(), clock.today())
    basis = stock_counts.basis_on(owner.id, on)
    goods = stock_counts.to_count(basis)
    typed = _typed(goods)
    if form.validate_on_submit():
        lines, wrong = _lines(goods, typed)
        try:
            if wrong:
                raise Refused(wrong)
            count_id = service.record_count(
                actor(), owner.id, form.counted_on.data, lines, form.note.data or "", _files()
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            return see_other("stock_counts.record", id=count_id)
    return show(
        "stock_counts/form.html",
        form=form,
        owner=owner,
        basis=basis,
        goods=goods,
        typed=typed,
        extra=range(EXTRA),
        products=catalogue.product_choices(),
    ), 422 if form.is_submitted() else 200


def _typed(goods: Sequence[ToCount]) -> dict[str, str]:
    """What stands in the fields: as sent, or the last reported closing."""
    if request.method == "POST":
        return {key: text.strip() for key, text in request.form.items()}
    return {f"n-{line.key}": str(max(line.reported, 0)) for line in goods}


def _lines(goods: Sequence[ToCount], typed: dict[str, str]) -> tuple[list[Counted], list[Finding]]:
    """The lines with a quantity, and what is no count; a blank was not counted."""
    asked = [
        (line.product.id, line.location, line.product.name, typed.get(f"n-{line.key}", ""))
        for line in goods
    ]
    names = dict(catalogue.product_choices())
    for n in range(EXTRA):
        product = typed.get(f"product-{n}", "")
        if product in names:
            asked.append((int(product), "", names[product], typed.get(f"extra-{n}", "")))
    lines, wrong = [], []
    for product_id, location, name, text in asked:
        if not text:
            continue
        digits = unicodedata.normalize("NFKC", text).replace(",", "").strip()
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= 9):
            wrong.append(block("count.not_whole", product=name, value=text))
            continue
        lines.append(Counted(product_id, int(digits), location))
    return lines, wrong


def _files() -> list[File]:
    return [
        File(sent.filename or "file", sent.read())
        for sent in request.files.getlist("files")
        if sent.filename
    ]


@page(bp, "/stock-counts/<int:id>", Permission.STOCK_COUNTS_READ)
def record(id: int) -> Any:
    """One count: every line beside the report, and the report moved to the count's day."""
    count = stock_counts.get_count(actor(), id)
    return show(
        "stock_counts/record.html",
        count=count,
        follow_ups=stock_counts.follow_ups_of(id),
        proofs=market_areas.evidence_of("stock_count", id),
        entries=audit.history("stock_count", id),
    )


@page(bp, "/stock-counts/lines/<int:id>", Permission.STOCK_COUNTS_READ)
def line(id: int) -> Any:
    """From a line of the list to its count."""
    return see_other("stock_counts.record", id=stock_counts.count_of_line(actor(), id))


@page(bp, "/stock-counts/follow-ups", Permission.STOCK_COUNTS_READ)
def follow_ups() -> Any:
    return lists.answer(stock_counts_lists.follow_ups_list(), tabs=tabs("stock_counts.follow_ups"))


@page(bp, "/stock-counts/follow-ups/<int:id>", Permission.STOCK_COUNTS_READ)
def follow_up(id: int) -> Any:
    """What a gap opened, with all counts of the product, and its result."""
    found = stock_counts.get_follow_up(actor(), id)
    return show(
        "stock_counts/follow_up.html",
        record=found,
        before=stock_counts.lines_before(found.line),
        entries=audit.history("stock_follow_up", id),
    )


@page(bp, "/stock-counts/follow-ups/<int:id>/close", Permission.STOCK_COUNTS_CLEAR,
      methods=("POST",))  # fmt: skip
def close(id: int) -> Any:
    try:
        service.close_follow_up(actor(), id, request.form.get("result", ""), seen_version())
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("The follow-up is closed."), "success")
    return see_other("stock_counts.follow_up", id=id)

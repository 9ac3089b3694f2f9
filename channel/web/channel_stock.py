"""Pages of stock in the channel: by area, by product, everybody's, and one distributor's."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.models.partners import Distributor
from channel.queries import (
    catalogue,
    channel_stock,
    channel_stock_lists,
    channel_stock_plans,
    stock_counts,
    territories,
)
from channel.queries.scope import get_visible
from channel.services import channel_stock as service
from channel.web import lists
from channel.web.pages import actor, page, see_other, show

bp = Blueprint("channel_stock", __name__)


def tabs(here: str, cover: str = "") -> list[dict[str, Any]]:
    """The pages of stock in the channel, beside one another."""
    positions = "channel_stock.positions"
    places = [
        ("channel_stock.index", {}, _("By area")),
        ("channel_stock.goods", {}, _("By product")),
        (positions, {"cover": "short"}, _("Short")),
        (positions, {"cover": "over"}, _("Over")),
        (positions, {}, _("Everybody's")),
        ("stock_counts.index", {}, _("Stock counts")),
        ("stock_counts.follow_ups", {}, _("Follow-ups")),
    ]
    if not may(actor(), Permission.STOCK_COUNTS_READ):
        places = places[:-2]
    return [
        {
            "url": url_for(endpoint, **values),
            "label": label,
            "here": endpoint == here and values.get("cover", "") == cover,
        }
        for endpoint, values, label in places
    ]


@page(bp, "/channel-stock", Permission.STOCK_READ)
def index() -> Any:
    """The provinces in which distributors sit."""
    return _areas("")


@page(bp, "/channel-stock/areas/<int:id>", Permission.STOCK_READ)
def area(id: int) -> Any:
    """The areas below a province or prefecture; below a county stand its distributors."""
    code = f"{id:06}"
    if not code.endswith("00"):
        return see_other("channel_stock.positions", place=code, **_product_chosen())
    return _areas(code)


def _product_chosen() -> dict[str, str]:
    text = request.args.get("product", "")
    return {"product": text} if text.isdecimal() and len(text) < 10 else {}


def _areas(parent: str) -> Any:
    chosen = _product_chosen()
    listing = channel_stock_lists.areas_list(
        actor(), clock.today(), parent, int(chosen["product"]) if chosen else None
    )
    above = []
    if parent:
        codes = [parent] if parent.endswith("0000") else [f"{parent[:2]}0000", parent]
        names = territories.names(codes, clock.today())
        above = [(code, names[code] or code) for code in codes]
    actions = []
    if may(actor(), Permission.SETTINGS_MANAGE):
        actions.append({"url": url_for("channel_stock.rebuild"), "label": _("Rebuild")})
    return lists.answer(
        listing,
        "channel_stock/areas.html",
        tabs=tabs("channel_stock.index"),
        parent=parent,
        above=above,
        chosen=chosen,
        products=catalogue.product_choices(),
        bounds=channel_stock.house(),
        rebuild=actions,
    )


@page(bp, "/channel-stock/rebuild", Permission.SETTINGS_MANAGE, methods=("GET", "POST"))
def rebuild() -> Any:
    """Make the snapshot anew, as a job with progress."""
    if request.method == "POST":
        return see_other("jobs.record", id=service.order_rebuild(actor()))
    return show("channel_stock/rebuild.html")


@page(bp, "/channel-stock/goods", Permission.STOCK_READ)
def goods() -> Any:
    """Every product with what everybody holds of it."""
    return lists.answer(
        channel_stock_lists.goods_list(actor(), clock.today()), tabs=tabs("channel_stock.goods")
    )


@page(bp, "/channel-stock/goods/<int:id>", Permission.STOCK_READ)
def product(id: int) -> Any:
    """From a product to everybody who holds it."""
    return see_other("channel_stock.positions", product=id)


@page(bp, "/channel-stock/positions", Permission.STOCK_READ)
def positions() -> Any:
    """Every product of every distributor; short and over are filters of it."""
    cover = request.args.get("cover", "")
    return lists.answer(
        channel_stock_lists.positions_list(clock.today()),
        tabs=tabs("channel_stock.positions", cover if cover in ("short", "over") else ""),
    )


@page(bp, "/channel-stock/positions/<int(signed=True):id>", Permission.STOCK_READ)
def position(id: int) -> Any:
    """From a row of the list to its distributor; one that never filed goes by its own number."""
    owner = channel_stock.owner_of(actor(), id)
    return see_other("channel_stock.record", id=owner)


@page(bp, "/channel-stock/distributors/<int:id>", Permission.STOCK_READ)
def record(id: int) -> Any:
    """One distributor's goods: as reported, as estimated, the forecast, the plan, the counts."""
    owner, today = get_visible(actor(), Distributor, id), clock.today()
    found = channel_stock.standings(actor(), id, today)
    return show(
        "channel_stock/record.html",
        distributor=owner,
        today=today,
        found=found,
        bounds=channel_stock.house(),
        past=channel_stock.history_of(id),
        plans=channel_stock_plans.beside_targets(actor(), owner, found, today),
        counted=stock_counts.last_lines(id) if may(actor(), Permission.STOCK_COUNTS_READ) else {},
        may_count=may(actor(), Permission.STOCK_COUNT),
        tabs=tabs(""),
    )

"""Collection figures: by customer at the end of a month, and month by month."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from channel import clock
from channel.access import NotVisible
from channel.access import Permission as P
from channel.messages.collection import FIGURES, REASONS
from channel.models.partners import Distributor
from channel.queries import collection as reads
from channel.queries import collection_lists
from channel.queries.scope import get_visible
from channel.web import lists
from channel.web.dunning_tabs import tabs
from channel.web.pages import actor, is_partial, page, show
from contracts.values.periods import Period, containing

bp = Blueprint("collection", __name__)

#: Months of a window that may be chosen.
WINDOWS = (1, 3, 6, 12)
#: Months of the table month by month.
TREND = 12


def _asked() -> tuple[Period, int]:
    """The month and the window of the address; this month and three where it cannot be read."""
    this = containing(clock.today(), "month")
    try:
        month = Period.parse(request.args.get("month", ""))
        if month != containing(month.start, "month") or not 1990 <= month.start.year <= 2100:
            month = this
    except ValueError:
        month = this
    text = request.args.get("window", "")
    window = int(text) if text.isdecimal() and int(text) in WINDOWS else 3
    return (month if month.start <= this.start else this), window


def _trend(month: Period, window: int, distributor_id: int | None = None) -> list[Any]:
    """(currency, rows, newest month first)."""
    months = reads.months_until(month, TREND)
    rows = reads.rows_of(actor(), months, window, distributor_id, today=clock.today())
    by_currency: dict[str, list[Any]] = {}
    for row in reversed(rows):
        by_currency.setdefault(row.key[1], []).append((row, collection_lists.figures_of(row)))
    return sorted(by_currency.items())


def _values(month: Period, window: int) -> dict[str, Any]:
    return {
        "month": month,
        "window": window,
        "windows": WINDOWS,
        "names": FIGURES,
        "reasons": REASONS,
        "keys": [key for key in collection_lists.KEYS if key != "true_dso"],
    }


@page(bp, "/collection", P.CREDIT_READ)
def index() -> Any:
    """Every customer's figures, and those of all together month by month."""
    if actor().is_distributor:
        raise NotVisible
    month, window = _asked()
    is_file = bool(request.args.get("format"))
    return lists.answer(
        collection_lists.listing(actor(), month, window, clock.today()),
        template="collection/index.html",
        tabs=tabs(),
        trend=[] if is_file or is_partial() else _trend(month, window),
        **_values(month, window),
    )


@page(bp, "/collection/<int:id>", P.CREDIT_READ)
def record(id: int) -> Any:
    """One customer's figures month by month."""
    if actor().is_distributor:
        raise NotVisible
    distributor: Distributor = get_visible(actor(), Distributor, id)
    month, window = _asked()
    return show(
        "collection/record.html",
        distributor=distributor,
        trend=_trend(month, window, id),
        **_values(month, window),
    )

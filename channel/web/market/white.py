"""White space: who holds which division on a day, as tiles and as a table, with market shares."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _

from channel.access import Permission
from channel.queries import market_white as reads
from channel.queries import partners
from channel.services import market_sizes as service
from channel.web.forms.market import MarketSizeForm
from channel.web.market.blueprint import bp, tabs
from channel.web.pages import actor, day_asked, page, see_other, show


@page(bp, "/market/white-space", Permission.MARKET_READ, methods=("GET", "POST"))
def white() -> Any:
    """One province on a day, and all provinces below it; a market size can be entered."""
    if actor().is_distributor:
        abort(404)
    on, form = day_asked(), MarketSizeForm()
    province = request.args.get("province", "") or reads.home_province() or "510000"
    if form.validate_on_submit():
        service.enter_size(
            actor(),
            form.division_code.data,
            form.year.data or on.year,
            form.amount_fen.data,
            form.source.data or "",
        )
        flash(_("The market size is entered."), "success")
        return see_other("market.white", province=province, on=on.isoformat())
    if not form.is_submitted():
        form.year.data = on.year
    levels = set(partners.get_maker().levels_open)
    found = reads.region(actor(), province, levels, on)
    if found is None:
        abort(404)
    return show(
        "market/white.html",
        region=found,
        provinces=reads.provinces(actor(), on),
        levels=levels,
        on=on,
        form=form,
        tabs=tabs("market.white"),
        maker=partners.get_maker(),
    ), 422 if form.is_submitted() else 200

"""The pace board, and one distributor's targets of a year with the mix beside them."""

from __future__ import annotations

from typing import Any

from flask import request

from channel.access import Permission
from channel.queries import catalogue, partners, targets
from channel.queries.targets_board import board_listing
from channel.web import lists
from channel.web.pages import actor, day_asked, page, show
from channel.web.targets.blueprint import bp, tabs
from contracts.values.periods import Period


def group_names() -> dict[str, str]:
    """code → name of the product groups."""
    return {code: label.removeprefix(f"{code} ") for code, label in catalogue.group_codes()}


@page(bp, "/targets", Permission.TARGETS_READ)
def index() -> Any:
    """Who is ahead and who is behind; a distributor sees its own rows only."""
    return lists.answer(
        board_listing(actor(), day_asked(), group_names()), tabs=tabs("targets.index")
    )


@page(bp, "/targets/of/<int:id>", Permission.TARGETS_READ)
def record(id: int) -> Any:
    """All targets of one distributor in a year."""
    owner, on = partners.get_distributor(actor(), id), day_asked()
    text = request.args.get("year", "")
    year = int(text) if text.isdigit() and len(text) == 4 and 1990 <= int(text) <= 2100 else on.year
    found = targets.year_of(owner, Period.year(year), on)
    return show(
        "targets/record.html",
        distributor=owner,
        year=year,
        on=on,
        found=found,
        groups=group_names(),
    )

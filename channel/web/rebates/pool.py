"""The rebate pool: balances on a date, and the movements behind each."""

from __future__ import annotations

from typing import Any

from channel.access import Permission
from channel.models.partners import Distributor
from channel.queries import rebates_pool as reads
from channel.queries.scope import get_visible
from channel.web import lists
from channel.web.pages import actor, day_asked, page
from channel.web.rebates.blueprint import bp
from channel.web.rebates.statements import statement_tabs


@page(bp, "/rebates/pool", Permission.REBATES_READ)
def pool() -> Any:
    """What is owed to whom; a day that cannot be read is today."""
    as_of = day_asked("as_of")
    tabs = statement_tabs("rebates.pool")
    listing = reads.balances_listing(as_of)
    return lists.answer(listing, "rebates/pool.html", as_of=as_of, tabs=tabs)


@page(bp, "/rebates/pool/<int:id>", Permission.REBATES_READ)
def pool_entries(id: int) -> Any:
    distributor: Distributor = get_visible(actor(), Distributor, id)
    whose = f"{distributor.code} {distributor.name}"
    return lists.answer(reads.entries_listing(id), subtitle=whose)

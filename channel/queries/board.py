"""The risk board: figures that are the counts and totals of lists, asked as the lists ask them.

A tile names a list, its filters and the column that it sums, so that the figure and the foot of
the list that it opens cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from channel.access import Actor, Permission, may
from channel.queries import (
    agreements_lists,
    credit,
    credit_pools,
    exceptions,
    listing,
    market_incidents,
    orders,
    parked,
    rebates_pool,
    receivables,
    risk,
    stock,
    stock_outflow,
)
from channel.queries.listing import Listing
from contracts.values.periods import preceding


@dataclass(frozen=True)
class Tile:
    """One figure: the count of a list, or the sum of one of its columns, with its address."""

    key: str
    listing: Listing
    endpoint: str
    permission: Permission
    #: Filters of the list, as they stand in its address.
    params: Mapping[str, str] = field(default_factory=dict)
    #: The column that is summed; none: the entries are counted.
    column: str = ""


@dataclass(frozen=True)
class Figure:
    """A tile with its value: a count, and sums by currency where a column is summed."""

    tile: Tile
    count: int
    sums: dict[str, int]

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to look at."""
        return not (any(self.sums.values()) if self.tile.column else self.count)


def tiles(today: date) -> dict[str, list[Tile]]:
    """The tiles by group, the gravest first."""
    P, stopped = Permission, {"state": "refused,held"}
    ageing, accounts = receivables.ageing_listing(today), credit.accounts_listing(today)
    incidents = market_incidents.incidents_listing()
    risks = risk.scores_listing(risk.latest_week(today))
    outflow = stock_outflow.outflow_listing(stock_outflow.latest_quarter(today))
    soon = {"within": "30"}

    def incident(kind: str) -> Tile:
        params = {"kind": kind, "state": "!closed"}
        return Tile(kind, incidents, "market.incidents", P.MARKET_READ, params)

    return {
        "money": [
            Tile("overdue", ageing, "receivables.ageing", P.CREDIT_READ, column="overdue"),
            Tile("over_90", ageing, "receivables.ageing", P.CREDIT_READ, column="b4"),
            Tile("exposure", accounts, "credit.index", P.CREDIT_READ, column="used_fen"),
            Tile("over_limit", accounts, "credit.index", P.CREDIT_READ, {"over": "1"}),
            Tile("risk_high", risks, "risk.index", P.RISK_READ, {"level": "high"}),
            Tile("risk_grew", risks, "risk.index", P.RISK_READ, {"moved": "up"}),
            Tile("over_pool", credit_pools.pools_listing(today), "credit_pools.index",
                 P.CREDIT_POOLS, {"over": "1"}),
        ],
        "stopped": [
            Tile("stopped_orders", orders.ORDERS, "orders.index", P.ORDERS_READ, stopped,
                 "gross_fen"),
            Tile("stopped_shipments", orders.SHIPMENTS, "shipments.index", P.ORDERS_READ, stopped),
            Tile("parked", parked.PARKED, "receivables.receipts_parked", P.INVOICES_READ,
                 {"state": "parked"}),
            Tile("late_reports", stock.not_filed(preceding(today, "month")), "stock.missing",
                 P.STOCK_READ),
            Tile("reports_wait", stock.REPORTS, "stock.index", P.STOCK_READ,
                 {"state": "submitted"}),
        ],
        "market": [Tile("hidden_outflow", outflow, "stock_checks.outflow", P.RISK_READ,
                        {"state": "certain", "share": "1"}),
                   incident("diversion"), incident("price"), incident("promotion"),
                   incident("local")],
        "contracts": [
            Tile("expiring_soon", agreements_lists.expiring_listing(), "agreements.expiring",
                 P.AGREEMENTS_READ, soon),
            Tile("expiring", agreements_lists.expiring_listing(), "agreements.expiring",
                 P.AGREEMENTS_READ),
            Tile("pending", exceptions.REGISTER, "exceptions.index", P.EXCEPTIONS_READ,
                 {"state": "pending"}, "size_fen"),
            Tile("rebate_owed", rebates_pool.balances_listing(today), "rebates.pool",
                 P.REBATES_READ, column="balance"),
        ],
    }  # fmt: skip


def figures(actor: Actor, today: date) -> dict[str, list[Figure]]:
    """The figures that the actor may see; one statement a list, none per row."""
    said: Said = {}
    return {
        group: [figure(tile, actor, said) for tile in found if may(actor, tile.permission)]
        for group, found in tiles(today).items()
    }


#: What lists have said of themselves so far: two tiles of one list ask it once.
Said = dict[tuple[str, tuple[tuple[str, str], ...]], tuple[int, dict[str, dict[str, int]]]]


def figure(tile: Tile, actor: Actor, said: Said | None = None) -> Figure:
    """What the list that the tile opens says of itself."""
    said = {} if said is None else said
    key = (tile.listing.name, tuple(sorted(tile.params.items())))
    if key not in said:
        said[key] = listing.totals(tile.listing, actor, tile.params)
    count, totals = said[key]
    if not tile.column:
        return Figure(tile, count, {})
    return Figure(tile, count, {currency: sums[tile.column] for currency, sums in totals.items()})


def address(tile: Tile) -> tuple[str, dict[str, Any]]:
    """(endpoint, parameters) of the list with the tile's filters."""
    return tile.endpoint, {**tile.listing.fixed, **tile.params}

"""The left menu and the keyboard hints, by role, from one declaration."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from flask import Flask, g, request
from flask_babel import lazy_gettext as _l

from channel.access import Permission, Role, may


@dataclass(frozen=True)
class Item:
    endpoint: str
    label: Any
    icon: str
    permission: Permission
    #: «g x» opens it.
    key: str = ""
    #: A distributor's page is reached from home instead.
    staff_only: bool = False


@dataclass(frozen=True)
class Group:
    label: Any
    items: tuple[Item, ...]


P = Permission
MENU = (
    Group(
        "",
        (
            Item("home.index", _l("Home"), "home", P.HOME, "h"),
            Item("board.index", _l("Risk board"), "chart-bar", P.BOARD_READ, "1"),
            Item("exceptions.inbox", _l("Approvals"), "inbox", P.EXCEPTIONS_DECIDE, "a"),
        ),
    ),
    Group(
        _l("Selling"),
        (
            Item("orders.index", _l("Orders"), "shopping-cart", P.ORDERS_READ, "o"),
            Item("shipments.index", _l("Shipments"), "truck-delivery", P.ORDERS_READ, "s"),
            Item("exceptions.index", _l("Exceptions"), "shield-lock", P.EXCEPTIONS_READ, "e"),
            Item("supports.index", _l("Support"), "coin", P.SUPPORTS_READ, "4"),
            Item("targets.index", _l("Targets"), "chart-line", P.TARGETS_READ, "n"),
            Item("market.index", _l("Market"), "eye", P.MARKET_READ, "f"),
            Item("freight.index", _l("Freight"), "coin", P.FREIGHT_READ, "j"),
        ),
    ),
    Group(
        _l("Money"),
        (
            Item("receivables.invoices", _l("Invoices"), "receipt", P.INVOICES_READ, "i"),
            Item("receivables.receipts", _l("Receipts"), "cash", P.INVOICES_READ, "r"),
            Item("bank.index", _l("Bank lines"), "database-import", P.AUDIT_READ, "7"),
            Item("receivables.ageing", _l("Ageing"), "clock", P.CREDIT_READ, "y"),
            Item("dunning.index", _l("Collection"), "mail", P.CREDIT_READ, "6"),
            Item("credit.index", _l("Credit"), "credit-card", P.CREDIT_READ, "c"),
            Item("scores.index", _l("Credit grades"), "star", P.SCORES_READ, "8"),
            Item("deposits.index", _l("Deposits"), "coin", P.CREDIT_READ, "2"),
            Item("closing.index", _l("Month closing"), "lock", P.CLOSING_READ, "3"),
            Item("rebates.statements", _l("Statements"), "file-text", P.REBATES_READ, "t"),
            Item(
                "rebates.runs",
                _l("Rebate runs"),
                "percentage",
                P.REBATES_READ,
                "b",
                staff_only=True,
            ),
        ),
    ),
    Group(
        _l("Stock"),
        (
            Item("stock.index", _l("Inventory reports"), "clipboard-list", P.STOCK_READ, "k"),
            Item("stock_advice.index", _l("Stock advice"), "package", P.STOCK_READ, "5"),
            Item("channel_stock.index", _l("Channel stock"), "chart-bar", P.STOCK_READ, "9"),
            Item("exchanges.index", _l("Exchanges"), "refresh", P.EXCHANGES_READ, "0"),
        ),
    ),
    Group(
        _l("Contracts"),
        (
            Item("agreements.index", _l("Agreements"), "file-certificate", P.AGREEMENTS_READ, "g"),
            Item(
                "partners.index",
                _l("Distributors"),
                "building-store",
                P.PARTNERS_READ,
                "d",
                staff_only=True,
            ),
            Item("territories.index", _l("Territories"), "map", P.TERRITORIES_READ, "m"),
            Item(
                "rebates.policies",
                _l("Rebate policies"),
                "discount",
                P.REBATES_READ,
                "p",
                staff_only=True,
            ),
        ),
    ),
    Group(
        _l("Master data"),
        (
            Item("catalogue.products", _l("Products"), "package", P.CATALOGUE_READ, "w"),
            Item(
                "catalogue.price_books",
                _l("Price books"),
                "tag",
                P.CATALOGUE_READ,
                "l",
                staff_only=True,
            ),
            Item(
                "catalogue.calendar",
                _l("Working days"),
                "calendar",
                P.CATALOGUE_READ,
                "v",
                staff_only=True,
            ),
            Item("uploads.index", _l("Imports"), "database-import", P.IMPORTS, "u"),
        ),
    ),
    Group(
        _l("House"),
        (
            Item("accounts.users", _l("Users"), "users", P.USERS_MANAGE, "x"),
            Item("partners.maker", _l("Maker and rules"), "settings", P.SETTINGS_MANAGE, "z"),
            Item("audit.index", _l("Audit trail"), "history", P.AUDIT_READ, "q"),
        ),
    ),
)


def menu() -> list[tuple[Any, list[Item]]]:
    """The groups and items that the actor's role may open."""
    who = g.get("actor")
    if who is None:
        return []
    shown = []
    for group in MENU:
        items = [
            i
            for i in group.items
            if may(who, i.permission) and not (i.staff_only and who.role is Role.DISTRIBUTOR)
        ]
        if items:
            shown.append((group.label, items))
    return shown


def _alike(a: str, b: str) -> int:
    """How many characters two names share from their beginning."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def is_here(item: Item) -> bool:
    """True for the one item of the menu that the present page belongs to.

    Of several items of a room the one whose name begins most like the page's: «policy_edit»
    belongs to «policies»; a page like none of them belongs to the first.
    """
    room, _dot, name = (request.endpoint or "").partition(".")
    same = [i for group in MENU for i in group.items if i.endpoint.split(".")[0] == room]
    if not same:
        return False
    likeness = [_alike(i.endpoint.split(".")[1], name) for i in same]
    best = max(likeness)
    return same[likeness.index(best) if best > 2 else 0] is item


def init_app(app: Flask) -> None:
    app.add_template_global(menu, "menu")
    app.add_template_global(is_here, "is_here")
    app.add_template_global(may, "may")
    app.add_template_global(Permission, "Permission")

"""Pages: parse, call one use case or query, answer. No SQL and no rules here."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

from channel.web import assets, errors, formats, lists, logs, navigation, session

#: One blueprint per noun, in the order of the field.
ROOMS = (
    "home",
    "board",
    "accounts",
    "tokens",
    "partners",
    "territories",
    "caps",
    "catalogue",
    "agreements",
    "orders",
    "shipments",
    "receivables",
    "allocating",
    "bank",
    "cash",
    "interest",
    "write_offs",
    "returns",
    "credit",
    "credit_policies",
    "credit_pools",
    "credit_control",
    "account_statement",
    "dunning",
    "promises",
    "disputes",
    "collection",
    "statements",
    "scores",
    "score_cards",
    "risk",
    "closing",
    "deposits",
    "exceptions",
    "supports",
    "stock",
    "stock_grid",
    "stock_codes",
    "stock_checks",
    "stock_advice",
    "stock_statement",
    "exchanges",
    "channel_stock",
    "stock_counts",
    "rebates",
    "verify",
    "targets",
    "market",
    "diversions",
    "conduct",
    "freight",
    "audit",
    "uploads",
    "jobs",
    "search",
    "help",
)


def init_app(app: Flask) -> None:
    """Hang everything that speaks HTTP on the application."""
    logs.init_app(app)
    session.init_app(app)
    errors.init_app(app)
    formats.init_app(app)
    assets.init_app(app)
    lists.init_app(app)
    navigation.init_app(app)
    for name in ROOMS:
        app.register_blueprint(import_module(f"channel.web.{name}").bp)

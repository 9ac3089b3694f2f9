"""The first page of each main list through the whole application, and how many statements it asks.

One request alone, by the test client, in one process; the statements are counted in a house of a
few hundred rows too and must be as many.
"""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, g

from channel import clock
from channel.access import Actor, Role
from channel.db import db
from channel.web.session import SignedIn
from tests.bench.bare import Bare
from tests.bench.results import Result, race
from tests.bench.scales import TODAY
from tests.bench.stores import open_app

ACTOR = Actor(2, "fin", Role.FINANCE)
FLOOR_MS = 30
LISTS = {
    "orders": ("/orders", "sales_order"),
    "invoices": ("/invoices", "invoice"),
    "distributors": ("/distributors", "distributor"),
    "statements": ("/rebates/statements", "rebate_statement"),
    "audit trail": ("/audit", "audit_entry"),
}


def run(url: str, scale: str, backend: str, tiny_url: str) -> list[Result]:
    few = _measure(tiny_url, timed=False)
    many = _measure(url, timed=True)
    bare = Bare(url)
    rows = {name: bare.rows(f"SELECT count(*) FROM {table}")[0][0]
            for name, (_path, table) in LISTS.items()}  # fmt: skip
    bare.close()
    found = []
    for name, (ms, statements) in many.items():
        same = statements == few[name][1]
        words = f"{statements} statements" + ("" if same else f", {few[name][1]} when small")
        found.append(
            Result(f"first page of {name} ({rows[name]:,} rows)", backend, ms, "ms",
                   floor=f"≤ {FLOOR_MS} ms", is_met=ms <= FLOOR_MS and same, note=words)
        )  # fmt: skip
    return found


def _measure(url: str, *, timed: bool) -> dict[str, tuple[float, int]]:
    """list → (milliseconds of one request, number of SQL statements)."""
    app = open_app(url)
    # A line per request would land between the lines of the table.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    found = {}
    with clock.at(TODAY):
        client = _signed_in(app)
        for name, (path, _table) in LISTS.items():
            _get(client, path)
            seen: list[str] = []
            with app.app_context():
                engine = db.engine
            note = _counter(seen)
            sa.event.listen(engine, "before_cursor_execute", note)
            _get(client, path)
            sa.event.remove(engine, "before_cursor_execute", note)
            ms = 1000 * race(lambda p=path: _get(client, p), repeat=8)[0] if timed else 0.0
            found[name] = (ms, len(seen))
    with app.app_context():
        db.engine.dispose()
    return found


def _signed_in(app: Flask) -> Any:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = SignedIn(ACTOR, 0).get_id()
        session["_fresh"] = True
    return client


def _get(client: Any, path: str) -> None:
    if g:
        g.__dict__.clear()
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"


def _counter(seen: list[str]) -> Any:
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    return note

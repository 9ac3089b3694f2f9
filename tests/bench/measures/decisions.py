"""The page on which an approver decides: everything about one applicant, for one phone.

It reads twelve months of sales, credit, conduct and peers; one request alone, by the test client.
The statements are counted for the applicant with the most rows of a large house.
"""

from __future__ import annotations

import logging
from datetime import timedelta

import sqlalchemy as sa
import structlog
from flask import g

from channel import clock
from channel.access import Actor, Role
from channel.db import db
from channel.models.partners import Distributor
from channel.services import exceptions
from channel.services.steps.applications import Application
from tests.bench.measures.pages import _counter, _get, _signed_in
from tests.bench.results import Result, race
from tests.bench.scales import TODAY
from tests.bench.stores import open_app

REQUESTER = Actor(1, "cm", Role.CHANNEL_MANAGER)
FLOOR_MS = 150


def run(url: str, scale: str, backend: str) -> list[Result]:
    """One application, then the page on which it is decided."""
    app = open_app(url)
    # A line per request would land between the lines of the table.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with clock.at(TODAY):
        with app.app_context():
            owner = db.session.scalar(sa.select(Distributor.id).order_by(Distributor.id).limit(1))
            assert owner is not None
            request = exceptions.request_exception(
                REQUESTER,
                Application(
                    type="credit",
                    distributor_id=owner,
                    reason="旺季备货",
                    valid_from=TODAY,
                    valid_to=TODAY + timedelta(days=30),
                    asked={"amount_fen": 5_000_000},
                ),
            )
            engine = db.engine
        client, path = _signed_in(app), f"/exceptions/{request}"
        _get(client, path)
        seen: list[str] = []
        note = _counter(seen)
        sa.event.listen(engine, "before_cursor_execute", note)
        _get(client, path)
        sa.event.remove(engine, "before_cursor_execute", note)
        ms = 1000 * race(lambda: _get(client, path), repeat=8)[0]
    if g:
        g.__dict__.clear()
    engine.dispose()
    return [
        Result(
            "decision page of an exception", backend, ms, "ms", floor=f"≤ {FLOOR_MS} ms",
            is_met=ms <= FLOOR_MS, note=f"{len(seen)} statements",
        )
    ]  # fmt: skip

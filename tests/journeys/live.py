"""The demo world behind a real web server, and a real Chromium to look at it.

Promises a world as of a fixed day, whose clock runs on from its morning, so that what journeys
and pictures show does not depend on when they are made.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from channel import clock
from channel.app import create_app
from channel.db import db
from channel.demo.commands import year_of
from channel.demo.history import History
from channel.demo.world import build_world
from channel.services import setup
from config import Config

DAY = date(2026, 11, 21)
FILE = "weir.sqlite3"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # small in containers; a page crashes when it is full
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]


def find_chromium() -> str | None:
    """The program of the system; the browser that the driver would download is not used."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


def launch(playwright: Playwright, lang: str = "zh_CN") -> Browser:
    """A browser whose own words (dates, file fields) are in the language, too."""
    return playwright.chromium.launch(
        executable_path=find_chromium(), args=ARGS, env={**os.environ, "LANGUAGE": lang}
    )


def _app(var: Path) -> Flask:
    app = create_app(
        Config(
            var=var,
            database_url=f"sqlite:///{var / FILE}",
            secret_key="j" * 40,
            base_url="http://127.0.0.1",
            testing=True,  # no line of log for each request
        )
    )
    # What goes wrong is shown as visitors see it, and not raised inside the server.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def load_demo(var: Path) -> None:
    """The whole demo world as of DAY, in var/weir.sqlite3."""
    start, end = year_of(DAY)
    app = _app(var)
    with app.app_context():
        upgrade()
        setup.load_reference()
        with clock.at(clock.instant_of(start, 8)):
            world = build_world(start, end)
        History(world, start, DAY).play()
        db.session.remove()
        db.engine.dispose()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: a request that fails fails its test."""


class Site:
    """One running server on one database."""

    def __init__(self, app: Flask, url: str, now: Callable[[], datetime]) -> None:
        self.app, self.url, self.now = app, url, now

    @contextmanager
    def inside(self) -> Iterator[None]:
        """The application's context at the server's time, for what no page does (the worker)."""
        with self.app.app_context(), clock.at(self.now()):
            yield
            db.session.remove()


@contextmanager
def serve(var: Path) -> Iterator[Site]:
    """Serve var/weir.sqlite3; the clock stands at ten in the morning of DAY and runs on."""
    app = _app(var)
    begun, opened = clock.instant_of(DAY, 10), time.monotonic()

    def now() -> datetime:
        return begun + timedelta(seconds=time.monotonic() - opened)

    inner = app.wsgi_app

    def timed(environ: Any, start_response: Any) -> Iterable[bytes]:
        with clock.at(now()):
            return inner(environ, start_response)

    app.wsgi_app = timed  # type: ignore[method-assign]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(app, f"http://127.0.0.1:{server.server_port}", now)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()

"""Fresh databases for tests: migrated once per worker, then copied for each test."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
from flask_migrate import upgrade

from channel import clock
from channel.app import create_app
from channel.db import db
from channel.services import setup
from config import Config
from tests import postgres

_count = itertools.count()
#: (backend, kind) → where its template is.
_templates: dict[tuple[str, str], str] = {}
_server: list[str] = []

#: The world is built as of this day; tests look at it later.
BUILT_ON = date(2026, 1, 5)


def _postgres() -> str:
    """URL of the worker's server, started once."""
    if not _server:
        _server.append(postgres.start())
    return _server[0]


def _named(url: str, name: str) -> str:
    """The same server, another database."""
    head, _, query = url.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")


def _admin(sql: str) -> None:
    url = _postgres().replace("+psycopg", "", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)


def _worker_name() -> str:
    return _postgres().partition("?")[0].rsplit("/", 1)[1]


def _fill(kind: str, var: Path, url: str) -> None:
    app = create_app(Config(var=var, database_url=url, secret_key="t" * 40, testing=True))
    with app.app_context():
        upgrade()
        setup.load_reference()
        if kind == "world":
            from channel.demo.world import build_world

            with clock.at(BUILT_ON):
                build_world()
        db.session.remove()
        db.engine.dispose()


def _template(backend: str, kind: str, var: Path) -> str:
    """The template database of a kind, built on first use."""
    known = _templates.get((backend, kind))
    if known:
        return known
    if backend == "sqlite":
        file = var / f"template-{kind}.sqlite3"
        _fill(kind, var, f"sqlite:///{file}")
        place = str(file)
    else:
        place = f"{_worker_name()}_{kind}"
        _admin(f'DROP DATABASE IF EXISTS "{place}"')
        _admin(f'CREATE DATABASE "{place}"')
        _fill(kind, var, _named(_postgres(), place))
    _templates[backend, kind] = place
    return place


@contextmanager
def fresh(backend: str, kind: str, var: Path, folder: Path) -> Iterator[str]:
    """URL of a copy that only this test uses."""
    template = _template(backend, kind, var)
    if backend == "sqlite":
        file = folder / "weir.sqlite3"
        shutil.copyfile(template, file)
        yield f"sqlite:///{file}"
        return
    name = f"{_worker_name()}_{next(_count)}"
    _admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _named(_postgres(), name)
    _admin(f'DROP DATABASE "{name}" WITH (FORCE)')


def empty(backend: str, var: Path) -> str:
    """URL of a database without tables that the caller fills."""
    if backend == "sqlite":
        return f"sqlite:///{var / 'weir.sqlite3'}"
    name = f"{_worker_name()}_{next(_count)}"
    _admin(f'CREATE DATABASE "{name}"')
    return _named(_postgres(), name)

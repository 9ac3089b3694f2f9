"""Fixtures: a fresh database per test on each backend, the fixture world, and guarded clients.

A database test starts from a copy of a migrated database, so the tests run on what migrations
make. WEIR_TEST_BACKENDS names the databases (default: sqlite).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings

from channel import clock
from channel.app import create_app
from channel.db import db
from config import Config
from tests import databases
from tests.guarded_client import GuardedClient

pytest_plugins = ["tests.plugin_rows"]

# The machines are slow and noisy: no deadlines, and fewer examples in a fast run.
settings.register_profile(
    "weir", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("weir")

BACKENDS = os.environ.get("WEIR_TEST_BACKENDS", "sqlite").split(",")

#: The day on which the fixture world is looked at, unless a test says otherwise.
TODAY = date(2026, 11, 21)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Database tests run on every backend, the rest of the app tests on SQLite."""
    if "backend" not in metafunc.fixturenames:
        return
    everywhere = metafunc.definition.get_closest_marker("database") is not None
    names = BACKENDS if everywhere else ["sqlite"]
    metafunc.parametrize(
        "backend",
        [pytest.param(n, marks=[pytest.mark.postgres] if n == "postgresql" else []) for n in names],
        scope="session",
    )


@pytest.fixture(scope="session")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def _clock(today: date) -> Iterator[None]:
    with clock.at(today):
        yield


def make_app(var: Path, url: str) -> Flask:
    return create_app(
        Config(
            var=var,
            database_url=url,
            secret_key="t" * 40,
            base_url="http://localhost",
            testing=True,
        )
    )


@pytest.fixture
def app(backend: str, var_dir: Path, tmp_path: Path, _clock: None) -> Iterator[Flask]:
    """The application on a fresh database with the reference data and nothing else."""
    with databases.fresh(backend, "empty", var_dir, tmp_path) as url:
        application = make_app(var_dir, url)
        with application.app_context():
            yield application
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def world(backend: str, var_dir: Path, tmp_path: Path, _clock: None) -> Iterator[Any]:
    """The fixture world of the mission: maker 川香食品, goods A B N, distributors D1 to D4."""
    from channel.demo.world import World

    with databases.fresh(backend, "world", var_dir, tmp_path) as url:
        application = make_app(var_dir, url)
        with application.app_context():
            loaded = World.load()
            loaded.app = application
            yield loaded
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def sign_in(world: Any) -> Callable[[str], GuardedClient]:
    """sign_in("cm") gives a client of that user of the world, who checks every page it gets."""

    def enter(user: str) -> GuardedClient:
        return GuardedClient(world.app, world.actor(user))

    return enter


@pytest.fixture
def count_sql() -> Iterator[list[str]]:
    """The statements that reach the database while the fixture is asked for."""
    seen: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with third-party data; tests that need it skip where it is absent."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is absent: third-party data is never part of the project")
    return folder

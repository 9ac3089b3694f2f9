"""Databases to measure on: made once per scale, kept under var/bench, copied for each run.

The name holds a hash of what made them, so that a changed table or formula makes them anew.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from channel.app import create_app
from channel.db import db
from channel.services import setup
from config import Config
from tests.bench import server
from tests.bench.loading import fill
from tests.bench.scales import SCALES

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "var" / "bench"
MADE_BY = ("tests/bench/loading.py", "tests/bench/trade.py", "tests/bench/scales.py",
           "tests/bench/dialects.py")  # fmt: skip

Tell = Callable[[str], None]


def open_app(url: str) -> Flask:
    """The product's application on a measured database."""
    return create_app(
        Config(var=HOME / "app", database_url=url, secret_key="b" * 40,
               base_url="http://localhost")
    )  # fmt: skip


def _key() -> str:
    files = [ROOT / name for name in MADE_BY]
    files += sorted((ROOT / "channel" / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]


class Stores:
    """The databases of one backend; `copy` gives the URL of one that may be changed."""

    def __init__(self, backend: str, tell: Tell) -> None:
        self.backend, self.tell = backend, tell
        HOME.mkdir(parents=True, exist_ok=True)
        self.server = server.start(HOME) if backend == "postgresql" else ""

    def copy(self, scale: str) -> str:
        template = self._template(scale)
        if self.backend == "sqlite":
            work = HOME / f"work-{scale}.sqlite3"
            for leftover in HOME.glob(f"{work.name}*"):
                leftover.unlink()
            shutil.copyfile(template, work)
            return f"sqlite:///{work}"
        name = f"bench_work_{scale}"
        server.run(
            self.server,
            f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy',
            "CHECKPOINT",
        )
        return server.url_of(self.server, name)

    def _template(self, scale: str) -> str:
        """The file or the name of the filled database; made when it is not there yet."""
        name = f"bench_{scale}_{_key()}"
        if self.backend == "sqlite":
            file = HOME / f"{name}.sqlite3"
            if not file.exists():
                for old in HOME.glob(f"bench_{scale}_*"):
                    old.unlink()
                part = file.with_suffix(".part")
                self._make(scale, f"sqlite:///{part}")
                part.rename(file)
            return str(file)
        if not server.has(self.server, name):
            for old in server.databases(self.server, f"bench_{scale}_"):
                server.run(self.server, f'DROP DATABASE "{old}" WITH (FORCE)')
            part_name = f"bench_part_{scale}"
            server.run(
                self.server,
                f'DROP DATABASE IF EXISTS "{part_name}" WITH (FORCE)',
                f'CREATE DATABASE "{part_name}" TEMPLATE template0',
            )
            self._make(scale, server.url_of(self.server, part_name))
            server.run(self.server, f'ALTER DATABASE "{part_name}" RENAME TO "{name}"')
        return name

    def _make(self, scale: str, url: str) -> None:
        started = time.monotonic()
        app = open_app(url)
        with app.app_context():
            upgrade()
            setup.load_reference()
            db.session.remove()
            db.engine.dispose()
        engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
        options = {"no_parameters": True}
        with engine.connect().execution_options(**options) as connection:
            if self.backend == "sqlite":
                # One file when it is done, so that it can be copied; nothing here must last.
                connection.exec_driver_sql("PRAGMA journal_mode = OFF")
                connection.exec_driver_sql("PRAGMA synchronous = OFF")
                connection.exec_driver_sql("PRAGMA cache_size = -400000")
            fill(connection, SCALES[scale])
            connection.commit()
        if self.backend == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        engine.dispose()
        seconds = time.monotonic() - started
        self.tell(f"made the {scale} house on {self.backend} in {seconds:.0f} s")

"""The bare engine: the driver alone, with the settings that the product gives its database."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg


class Bare:
    """A connection without any library of ours; `?` marks a value on both databases."""

    def __init__(self, url: str) -> None:
        self.is_postgresql = url.startswith("postgresql")
        if self.is_postgresql:
            self.connection: Any = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
            return
        self.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON",
                       "cache_size=-65536", "temp_store=MEMORY"):  # fmt: skip
            self.connection.execute(f"PRAGMA {pragma}")

    def rows(self, statement: str, *values: Any) -> list[Any]:
        return list(self._run(statement, values).fetchall())

    def run(self, statement: str, *values: Any) -> None:
        self._run(statement, values)

    def _run(self, statement: str, values: tuple[Any, ...]) -> Any:
        if self.is_postgresql:
            return self.connection.execute(statement.replace("?", "%s"), values or None)
        return self.connection.execute(statement, values)

    def begin(self) -> None:
        """A writing transaction: SQLite takes its one lock at once."""
        self.run("BEGIN" if self.is_postgresql else "BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.run("COMMIT")

    def close(self) -> None:
        self.connection.close()

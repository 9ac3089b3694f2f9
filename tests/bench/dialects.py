"""The few words in which SQLite and PostgreSQL differ when rows are made from a series."""

from __future__ import annotations

from tests.bench.scales import FIRST_DAY

#: Every row is made at this instant.
INSTANT = "'2026-01-01 00:00:00'"


class Words:
    """One dialect's words. All expressions are over whole numbers."""

    def __init__(self, dialect: str) -> None:
        self.is_postgresql = dialect == "postgresql"

    def series(self, count: int) -> str:
        """A subselect of n = 1 … count."""
        if self.is_postgresql:
            return f"(SELECT n FROM generate_series(CAST(1 AS bigint), {count}) AS g(n)) AS s"
        return (
            "(WITH RECURSIVE g(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM g "
            f"WHERE n < {count}) SELECT n FROM g) AS s"
        )

    def day(self, offset: str) -> str:
        """The date so many days after the first day of trade."""
        if self.is_postgresql:
            return f"(date '{FIRST_DAY}' + CAST({offset} AS int))"
        return f"date('{FIRST_DAY}', '+' || ({offset}) || ' days')"

    def later(self, column: str, days: str) -> str:
        """A date column moved on by some days."""
        if self.is_postgresql:
            return f"({column} + CAST({days} AS int))"
        return f"date({column}, '+' || ({days}) || ' days')"

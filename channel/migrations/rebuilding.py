"""How a table is made anew on SQLite with other words, for what ALTER TABLE cannot say there.

Indexes and triggers come back letter by letter; migrations run with foreign keys switched off.
"""

from __future__ import annotations

from collections.abc import Mapping

from alembic import op


def is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def rebuild(table: str, words: Mapping[str, str], fills: Mapping[str, str]) -> None:
    """Make `table` anew: each word of its own statement, there exactly once, becomes another.

    `fills`: column → SQL expression, for columns that the table did not have before.
    """
    bind = op.get_bind()
    found = "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
    parts = bind.exec_driver_sql(found, (table,)).all()
    [made] = [sql for kind, sql in parts if kind == "table"]
    kept = [row[1] for row in bind.exec_driver_sql(f"PRAGMA table_info({table})")]
    for old, new in words.items():
        if made.count(old) != 1:
            raise RuntimeError(f"{table}: «{old}» is not there once")
        made = made.replace(old, new)
    fresh = f"{table}_made_anew"
    head = f"CREATE TABLE {table}" if f"CREATE TABLE {table}" in made else f'CREATE TABLE "{table}"'
    bind.exec_driver_sql(made.replace(head, f"CREATE TABLE {fresh}", 1))
    gone = {row[1] for row in bind.exec_driver_sql(f"PRAGMA table_info({fresh})")}
    kept = [column for column in kept if column in gone]
    into = ", ".join([*kept, *fills])
    values = ", ".join([*kept, *fills.values()])
    for statement in (
        " ".join(("INSERT INTO", fresh, f"({into})", "SELECT", values, "FROM", table)),
        f"DROP TABLE {table}",
        f"ALTER TABLE {fresh} RENAME TO {table}",
        *(sql for kind, sql in parts if kind != "table"),
    ):
        bind.exec_driver_sql(statement)

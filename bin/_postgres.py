"""Dump and load of a PostgreSQL database through COPY: no pg_dump, so no version to match.

A dump holds rows only, as of one instant; the schema is that of the migration it names. A load is
one transaction: when anything fails, the target is as it was.
"""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

TABLES = """
SELECT c.relname,
       array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
  AND c.relname <> 'alembic_version'
GROUP BY c.relname ORDER BY c.relname
"""
SEQUENCES = """
SELECT sequencename, last_value FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY sequencename
"""
FOREIGN_KEYS = """
SELECT conname, c.relname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace ORDER BY conname
"""


class Unfit(Exception):
    """The target cannot take the dump; nothing was changed."""


def connect(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return psycopg.connect(plain)
    except psycopg.OperationalError as error:
        raise Unfit(f"PostgreSQL cannot be reached: {error}") from error


def revision(url: str) -> str | None:
    """The migration that the database stands at; None when none ever ran."""
    with connect(url) as connection:
        found = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        if found is None or found[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def dump(url: str, folder: Path) -> str | None:
    """Writes one COPY text file a table and `tables.json`; returns the migration's name."""
    folder.mkdir()
    stand = revision(url)
    with connect(url) as connection:
        # One instant for all tables, while others write.
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        tables = dict(connection.execute(TABLES).fetchall())
        sequences = dict(connection.execute(SEQUENCES).fetchall())
        for table, columns in tables.items():
            query = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), names(columns))
            with (
                (folder / f"{table}.copy").open("wb") as file,
                connection.cursor().copy(query) as rows,
            ):
                file.writelines(rows)
    content = {"tables": tables, "sequences": sequences}
    (folder / "tables.json").write_text(json.dumps(content, indent=1), "utf-8")
    return stand


def load(url: str, folder: Path, wanted: str) -> None:
    """Fills the database with a dump; its tables must be new or of the dump's own migration."""
    content = json.loads((folder / "tables.json").read_text("utf-8"))
    stand = revision(url)
    if stand is None:
        make_tables(wanted)
    elif stand != wanted:
        raise Unfit(
            f"the database stands at migration {stand}, the backup at {wanted}: "
            "restore into a new, empty database"
        )
    with connect(url) as connection:
        here = dict(connection.execute(TABLES).fetchall())
        if set(here) != set(content["tables"]):
            raise Unfit("the tables here are not those of the backup")
        replace_rows(connection, folder, content["tables"])
        for name, value in content["sequences"].items():
            connection.execute("SELECT setval(%s::regclass, %s)", (f'"{name}"', value))


def make_tables(wanted: str) -> None:
    """Migrates up to where the dump stands; `db upgrade` goes on from there later."""
    from flask_migrate import upgrade

    from channel.app import create_app
    from config import Config

    with create_app(Config()).app_context():
        upgrade(revision=wanted)


def replace_rows(
    connection: psycopg.Connection, folder: Path, tables: dict[str, list[str]]
) -> None:
    """Foreign keys come back, and are checked, when all rows are in: their order is then free."""
    keys = connection.execute(FOREIGN_KEYS).fetchall()
    for key, table, _ in keys:
        alter(connection, table, sql.SQL("DROP CONSTRAINT {}").format(sql.Identifier(key)))
    for table in tables:
        # Triggers that forbid changes of the audit trail forbid them to users, not to a restore.
        alter(connection, table, sql.SQL("DISABLE TRIGGER USER"))
    connection.execute(sql.SQL("TRUNCATE {}").format(names(list(tables))))
    for table, columns in tables.items():
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names(columns))
        with connection.cursor().copy(query) as rows, (folder / f"{table}.copy").open("rb") as file:
            while block := file.read(1 << 20):
                rows.write(block)
    for table in tables:
        alter(connection, table, sql.SQL("ENABLE TRIGGER USER"))
    for key, table, definition in keys:
        added = sql.SQL("ADD CONSTRAINT {} ").format(sql.Identifier(key)) + sql.SQL(definition)
        alter(connection, table, added)


def alter(connection: psycopg.Connection, table: str, action: sql.Composable) -> None:
    connection.execute(sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table)) + action)

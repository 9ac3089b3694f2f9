"""How migrations reach the database: through the application's own engine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context
from flask import current_app

from channel.db import UtcInstant, db


def render_item(kind, item, autogen_context):
    """Our column types by name in migration files."""
    if kind == "type" and isinstance(item, UtcInstant):
        autogen_context.imports.add("from channel.db import UtcInstant")
        return "UtcInstant()"
    variants = getattr(item, "_variant_mapping", None)
    if kind == "type" and variants and isinstance(item, sa.BigInteger):
        autogen_context.imports.add("from channel.db import BigId")
        return "BigId"
    if kind == "type" and variants and isinstance(item, sa.JSON):
        autogen_context.imports.add("from channel.db import Json")
        return "Json"
    return False


def foreign_keys(connection: sa.Connection, *, kept: bool) -> None:
    """SQLite changes a table by building it anew, which it refuses while others point at it."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()  # outside any transaction: else it does nothing
        cursor.execute(f"PRAGMA foreign_keys={'ON' if kept else 'OFF'}")
        broken = cursor.execute("PRAGMA foreign_key_check").fetchall() if kept else []
        cursor.close()
        if broken:
            raise RuntimeError(f"rows that point at nothing: {broken[:5]}")


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        foreign_keys(connection, kept=False)
        try:
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_item=render_item,
                render_as_batch=engine.dialect.name == "sqlite",
                compare_type=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
        finally:
            connection.rollback()
            foreign_keys(connection, kept=True)


run()

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


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
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


run()

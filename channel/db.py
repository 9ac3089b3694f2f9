"""The engine, the column types and the locks.

SQLite runs in WAL with BEGIN IMMEDIATE for every writing transaction; PostgreSQL uses row locks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UtcInstant(sa.TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive datetime is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Json = sa.JSON().with_variant(JSONB, "postgresql")

Id = Annotated[int, mapped_column(BigId, primary_key=True)]
#: Whole fen, signed.
Fen = Annotated[int, mapped_column(sa.BigInteger)]
#: Ten-thousandths of the currency unit, signed: source ledgers carry four decimals.
E4 = Annotated[int, mapped_column(sa.BigInteger)]
Instant = Annotated[datetime, mapped_column(UtcInstant)]
Code = Annotated[str, mapped_column(sa.String(64))]
Name = Annotated[str, mapped_column(sa.String(255))]
Currency = Annotated[str, mapped_column(sa.String(3))]
Facts = Annotated[Any, mapped_column(Json)]


_writing: ContextVar[bool] = ContextVar("weir_writing", default=False)


@contextmanager
def write_transaction() -> Iterator[None]:
    """Mark that the next transaction writes, so that SQLite takes its write lock at once.

    A transaction that reads first and then writes would fail with «database is locked», or lose
    an update; the mark must therefore stand before the first statement.
    """
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    """Whether the transaction at hand was begun to write."""
    return _writing.get()


def prepare_engine(engine: sa.Engine) -> None:
    """Hang the SQLite settings on an engine; PostgreSQL needs none."""
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: it would begin too late.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=15000",
            "foreign_keys=ON",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def lock(model: type[Model], ids: Sequence[int]) -> list[Any]:
    """Lock rows by id, always in ascending order, and return them fresh.

    On SQLite the write transaction already excludes every other writer.
    """
    return lock_where(model, model.__table__.c.id.in_(sorted(set(ids))))


def lock_where(model: type[Model], *conditions: Any) -> list[Any]:
    """Lock the rows that meet the conditions, by ascending id, and return them fresh."""
    statement = (
        sa.select(model)
        .where(*conditions)
        .order_by(model.__table__.c.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(statement))

"""How the database itself refuses to change what is posted, for the migrations that make tables.

The foundation made the PostgreSQL function that the triggers call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from alembic import op

ACTIONS = ("UPDATE", "DELETE")


def refuse_changes(tables: Iterable[str]) -> None:
    """Rows of these tables are never updated or deleted: corrections are new rows."""
    for table in tables:
        _hang(table, "", "append-only")


def refuse_changes_when(tables: Mapping[str, str]) -> None:
    """Rows of these tables are never changed again once the condition on OLD holds."""
    for table, condition in tables.items():
        _hang(table, f"WHEN ({condition}) ", "posted")


def allow_changes(tables: Iterable[str]) -> None:
    """Take the refusals down again."""
    for table in tables:
        for action in ACTIONS:
            place = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
            op.execute(f"DROP TRIGGER keep_{table}_{action.lower()}{place}")


def _hang(table: str, when: str, word: str) -> None:
    for action in ACTIONS:
        head = f"CREATE TRIGGER keep_{table}_{action.lower()} BEFORE {action} ON {table} "
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"{head}FOR EACH ROW {when}EXECUTE FUNCTION refuse_change()")
        else:
            refusal = f"SELECT RAISE(ABORT, '{word}: {table} cannot be changed')"
            op.execute(f"{head}{when}BEGIN {refusal}; END")

"""stock sources: learned columns, codes and units of a distributor"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_NO_PRODUCT = sa.text("product_id IS NULL")
_PRODUCT = sa.text("product_id IS NOT NULL")


def _owned(table: str) -> list[sa.Constraint]:
    """The keys that both dictionaries have."""
    return [
        sa.CheckConstraint("times > 0 AND per > 0", name=op.f(f"ck_{table}_ratio")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f(f"fk_{table}_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f(f"fk_{table}_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f(f"fk_{table}_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _decided() -> list[sa.Column[Any]]:
    return [
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("per", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", BigId, nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "stock_code",
        sa.Column("id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("written", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("product_id", BigId, nullable=True),
        *_decided(),
        *_owned("stock_code"),
        sa.UniqueConstraint(
            "distributor_id", "code", name=op.f("uq_stock_code_distributor_id_code")
        ),
    )
    op.create_index(op.f("ix_stock_code_product_id"), "stock_code", ["product_id"])
    op.create_table(
        "stock_unit",
        sa.Column("id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("written", sa.String(length=20), nullable=False),
        sa.Column("product_id", BigId, nullable=True),
        sa.Column("kind", sa.String(length=5), nullable=False),
        *_decided(),
        *_owned("stock_unit"),
        sa.CheckConstraint("kind IN ('base','case','ratio')", name=op.f("ck_stock_unit_kind")),
    )
    op.create_index(op.f("ix_stock_unit_product_id"), "stock_unit", ["product_id"])
    op.create_index(
        "uq_stock_unit_all", "stock_unit", ["distributor_id", "unit"], unique=True,
        sqlite_where=_NO_PRODUCT, postgresql_where=_NO_PRODUCT,
    )  # fmt: skip
    op.create_index(
        "uq_stock_unit_product", "stock_unit", ["distributor_id", "unit", "product_id"],
        unique=True, sqlite_where=_PRODUCT, postgresql_where=_PRODUCT,
    )  # fmt: skip
    op.create_table(
        "stock_habit",
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("held_beside", sa.Boolean(), nullable=False),
        sa.Column("damaged_beside", sa.Boolean(), nullable=False),
        sa.Column("transit_received", sa.Boolean(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_stock_habit_distributor_id")
        ),
        sa.PrimaryKeyConstraint("distributor_id", name=op.f("pk_stock_habit")),
    )
    # Rows of reports never change, and a rebuilt table would lose the triggers that say so.
    op.add_column("inventory_row", sa.Column("counted", sa.Integer(), nullable=True))
    op.add_column(
        "inventory_row",
        sa.Column("own_code", sa.String(length=64), nullable=False, server_default=""),
    )
    op.add_column(
        "inventory_row",
        sa.Column("own_unit", sa.String(length=20), nullable=False, server_default=""),
    )
    op.add_column("upload", sa.Column("preview", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("upload", "preview")
    for column in ("own_unit", "own_code", "counted"):
        op.drop_column("inventory_row", column)
    for table in ("stock_habit", "stock_unit", "stock_code"):
        op.drop_table(table)

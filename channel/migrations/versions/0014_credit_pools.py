"""credit pools: limits that debtors share, limits of projects, and the nightly count"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import refuse_changes

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS_BEFORE = "kind IN ('fixed', 'replacing', 'seasonal', 'guarantee', 'temporary')"
KINDS = "kind IN ('fixed', 'replacing', 'seasonal', 'guarantee', 'project', 'temporary')"
HOUSE = sa.text("kind = 'house'")


def upgrade() -> None:
    op.create_table(
        "credit_pool",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.CheckConstraint("kind IN ('group', 'house')", name=op.f("ck_credit_pool_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_pool")),
        sa.UniqueConstraint("name", name=op.f("uq_credit_pool_name")),
    )
    op.create_index(
        "uq_credit_pool_house",
        "credit_pool",
        ["currency"],
        unique=True,
        sqlite_where=HOUSE,
        postgresql_where=HOUSE,
    )
    op.create_table(
        "credit_pool_member",
        sa.Column("id", BigId, nullable=False),
        sa.Column("pool_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_credit_pool_member_span")
        ),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["credit_pool.id"], name=op.f("fk_credit_pool_member_pool_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"],
            ["distributor.id"],
            name=op.f("fk_credit_pool_member_distributor_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_pool_member")),
    )
    with op.batch_alter_table("credit_pool_member") as batch:
        batch.create_index("ix_credit_pool_member_distributor_id", ["distributor_id"])
        batch.create_index("ix_credit_pool_member_pool_id", ["pool_id"])
    op.create_table(
        "credit_control",
        sa.Column("id", BigId, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("checked_at", UtcInstant(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("differing", sa.Integer(), nullable=False),
        sa.Column("differences", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_control")),
    )
    with op.batch_alter_table("credit_control") as batch:
        batch.create_index("ix_credit_control_on_date", ["on_date"])
    refuse_changes(["credit_control"])
    with op.batch_alter_table("credit_limit") as batch:
        batch.alter_column("distributor_id", existing_type=BigId, nullable=True)
        batch.add_column(sa.Column("pool_id", BigId, nullable=True))
        batch.add_column(
            sa.Column("project", sa.String(length=200), nullable=False, server_default="")
        )
        batch.create_foreign_key(
            op.f("fk_credit_limit_pool_id"), "credit_pool", ["pool_id"], ["id"]
        )
        batch.drop_constraint(op.f("ck_credit_limit_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_credit_limit_kind"), KINDS)
        batch.create_check_constraint(
            op.f("ck_credit_limit_owner"), "(distributor_id IS NULL) <> (pool_id IS NULL)"
        )
        batch.create_index("ix_credit_limit_pool_id", ["pool_id"])


def downgrade() -> None:
    limits = sa.table("credit_limit", sa.column("kind"), sa.column("pool_id"))
    # What the older shape cannot hold: the limits of pools; a project's is a one-off like others.
    op.execute(sa.delete(limits).where(limits.c.pool_id.is_not(None)))
    op.execute(sa.update(limits).where(limits.c.kind == "project").values(kind="temporary"))
    with op.batch_alter_table("credit_limit") as batch:
        batch.drop_index("ix_credit_limit_pool_id")
        batch.drop_constraint(op.f("ck_credit_limit_owner"), type_="check")
        batch.drop_constraint(op.f("ck_credit_limit_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_credit_limit_kind"), KINDS_BEFORE)
        batch.drop_constraint(op.f("fk_credit_limit_pool_id"), type_="foreignkey")
        batch.drop_column("project")
        batch.drop_column("pool_id")
        batch.alter_column("distributor_id", existing_type=BigId, nullable=False)
    op.drop_table("credit_control")
    op.drop_table("credit_pool_member")
    op.drop_table("credit_pool")

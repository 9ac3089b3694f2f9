"""exceptions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import refuse_changes

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: Rows of these tables never change; the database itself refuses.
APPEND_ONLY = ("waiver_end", "carve_out")

OLD_TYPES = ("minimum", "credit", "territory", "price", "expiry")
NEW_TYPES = (*OLD_TYPES, "level", "terms", "exchange", "delivery_place", "support")
#: Tables whose column `type` is widened and takes more kinds.
TYPED = ("exception_request", "waiver")


def retype(old: tuple[str, ...], new: tuple[str, ...], widths: tuple[int, int]) -> None:
    """Let `type` hold other kinds, in tables that others refer to and that are append-only.

    On SQLite only the words of the table change, which its manual allows for constraints: the
    rows, the triggers and the references stay where they are.
    """
    if op.get_bind().dialect.name == "postgresql":
        for table in TYPED:
            op.drop_constraint(op.f(f"ck_{table}_type"), table, type_="check")
            op.alter_column(table, "type", type_=sa.String(widths[1]), existing_nullable=False)
            op.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_type"
                f" CHECK (type IN {new!r})"
            )
        return
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    for table in TYPED:
        bind.execute(
            sa.text(
                "UPDATE sqlite_master SET sql = replace(replace(sql, :old, :new), :narrow, :wide)"
                " WHERE type = 'table' AND name = :table"
            ),
            {
                "old": repr(old),
                "new": repr(new),
                "narrow": f"type VARCHAR({widths[0]})",
                "wide": f"type VARCHAR({widths[1]})",
                "table": table,
            },
        )
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")


#: (table, column, the table it refers to) that older tables gain.
REFERENCES = (
    ("exception_request", "widens_id", "exception_request"),
    ("approval_seat", "in_stead_of_id", "user_account"),
)


def columns() -> list[tuple[str, sa.Column]]:
    """Plain additions, so that no table is rebuilt."""

    def text(name: str) -> sa.Column:
        return sa.Column(name, sa.Text(), nullable=False, server_default="")

    return [
        ("exception_request", text("ground_cost")),
        ("exception_request", text("ground_incumbents")),
        ("exception_request", sa.Column("review_on", Json, nullable=True)),
        ("waiver", sa.Column("extra_days", sa.Integer(), nullable=True)),
        (
            "distributor",
            sa.Column("class_code", sa.String(8), nullable=False, server_default=""),
        ),
    ]


def upgrade() -> None:
    retype(OLD_TYPES, NEW_TYPES, (12, 16))
    for table, column in columns():
        op.add_column(table, column)
    number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    for table, column, target in REFERENCES:
        # In the column's own words: Alembic would write a constraint apart, which SQLite lacks.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} {number}"
            f" CONSTRAINT fk_{table}_{column} REFERENCES {target} (id)"
        )
    op.create_table(
        "approval_band",
        sa.Column("id", BigId, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("class_code", sa.String(length=8), nullable=False),
        sa.Column("from_fen", sa.BigInteger(), nullable=False),
        sa.Column("route", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_band")),
        sa.UniqueConstraint(
            "type", "class_code", "from_fen", name=op.f("uq_approval_band_type_class_code_from_fen")
        ),
    )
    op.create_table(
        "support_season",
        sa.Column("id", BigId, nullable=False),
        sa.Column("group_id", BigId, nullable=False),
        sa.Column("months", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["product_group.id"], name=op.f("fk_support_season_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_season")),
        sa.UniqueConstraint("group_id", name=op.f("uq_support_season_group_id")),
    )
    op.create_table(
        "absence",
        sa.Column("id", BigId, nullable=False),
        sa.Column("person_id", BigId, nullable=False),
        sa.Column("delegate_id", BigId, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("entered_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("ended_at", UtcInstant(), nullable=True),
        sa.CheckConstraint(
            "delegate_id IS NULL OR delegate_id <> person_id", name=op.f("ck_absence_two_persons")
        ),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_absence_span")),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["user_account.id"], name=op.f("fk_absence_delegate_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_absence_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user_account.id"], name=op.f("fk_absence_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_person_id"), "absence", ["person_id"], unique=False)
    op.create_table(
        "support_budget",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("created_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_support_budget_amount")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_support_budget_span")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_support_budget_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_support_budget_distributor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_budget")),
        sa.UniqueConstraint("number", name=op.f("uq_support_budget_number")),
    )
    op.create_index(
        op.f("ix_support_budget_distributor_id"), "support_budget", ["distributor_id"], unique=False
    )
    op.create_table(
        "territory_cap",
        sa.Column("id", BigId, nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("set_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.CheckConstraint(
            "level IN ('province','prefecture','county')", name=op.f("ck_territory_cap_level")
        ),
        sa.CheckConstraint("most >= 0", name=op.f("ck_territory_cap_most")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_territory_cap_span")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user_account.id"], name=op.f("fk_territory_cap_set_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory_cap")),
    )
    op.create_index(
        "ix_territory_cap_division_code", "territory_cap", ["division_code", "level"], unique=False
    )
    op.create_table(
        "support_claim",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("budget_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("trigger", sa.String(length=12), nullable=False),
        sa.Column("group_id", BigId, nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("asked_fen", sa.BigInteger(), nullable=False),
        sa.Column("granted_fen", sa.BigInteger(), nullable=False),
        sa.Column("over_fen", sa.BigInteger(), nullable=False),
        sa.Column("findings", Json, nullable=True),
        sa.Column("used_fen", sa.BigInteger(), nullable=True),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("evidence_name", sa.String(length=255), nullable=False),
        sa.Column("evidence_type", sa.String(length=100), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("evidence_data", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("paid_by_id", BigId, nullable=True),
        sa.Column("paid_at", UtcInstant(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('fee', 'goods', 'people', 'relaxation')", name=op.f("ck_support_claim_kind")
        ),
        sa.CheckConstraint(
            "state IN ('planned','paid','cancelled')", name=op.f("ck_support_claim_state")
        ),
        sa.CheckConstraint(
            "trigger IN ('start_up', 'season', 'new_product', 'competitor', 'recovery')",
            name=op.f("ck_support_claim_trigger"),
        ),
        sa.CheckConstraint(
            "granted_fen >= 0 AND granted_fen <= asked_fen", name=op.f("ck_support_claim_granted")
        ),
        sa.ForeignKeyConstraint(
            ["budget_id"], ["support_budget.id"], name=op.f("fk_support_claim_budget_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_support_claim_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_support_claim_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["product_group.id"], name=op.f("fk_support_claim_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_by_id"], ["user_account.id"], name=op.f("fk_support_claim_paid_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_claim")),
        sa.UniqueConstraint("number", name=op.f("uq_support_claim_number")),
    )
    op.create_index(
        op.f("ix_support_claim_budget_id"), "support_claim", ["budget_id"], unique=False
    )
    op.create_index(
        op.f("ix_support_claim_distributor_id"), "support_claim", ["distributor_id"], unique=False
    )
    op.create_table(
        "outcome_review",
        sa.Column("id", BigId, nullable=False),
        sa.Column("request_id", BigId, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("figures", Json, nullable=True),
        sa.Column("decided_by_id", BigId, nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "decision IN ('keep','widen','end')", name=op.f("ck_outcome_review_decision")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_outcome_review_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["exception_request.id"], name=op.f("fk_outcome_review_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_review")),
        sa.UniqueConstraint(
            "request_id", "due_on", name=op.f("uq_outcome_review_request_id_due_on")
        ),
    )
    op.create_index(
        "ix_outcome_review_due_on", "outcome_review", ["due_on", "decided_at"], unique=False
    )
    op.create_table(
        "carve_out",
        sa.Column("id", BigId, nullable=False),
        sa.Column("waiver_id", BigId, nullable=False),
        sa.Column("agreement_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("division_code", sa.String(length=6), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_carve_out_span")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_carve_out_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_carve_out_distributor_id")
        ),
        sa.ForeignKeyConstraint(["waiver_id"], ["waiver.id"], name=op.f("fk_carve_out_waiver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carve_out")),
    )
    op.create_index(op.f("ix_carve_out_agreement_id"), "carve_out", ["agreement_id"], unique=False)
    op.create_index(op.f("ix_carve_out_waiver_id"), "carve_out", ["waiver_id"], unique=False)
    op.create_table(
        "waiver_end",
        sa.Column("id", BigId, nullable=False),
        sa.Column("waiver_id", BigId, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["user_account.id"], name=op.f("fk_waiver_end_ended_by_id")
        ),
        sa.ForeignKeyConstraint(["waiver_id"], ["waiver.id"], name=op.f("fk_waiver_end_waiver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver_end")),
        sa.UniqueConstraint("waiver_id", name=op.f("uq_waiver_end_waiver_id")),
    )

    refuse_changes(APPEND_ONLY)


def downgrade() -> None:
    op.drop_table("waiver_end")
    op.drop_table("carve_out")
    op.drop_table("outcome_review")
    op.drop_table("support_claim")
    op.drop_table("territory_cap")
    op.drop_table("support_budget")
    op.drop_table("absence")
    op.drop_table("support_season")
    op.drop_table("approval_band")
    for table, column, _target in REFERENCES:
        op.drop_column(table, column)
    for table, column in reversed(columns()):
        op.drop_column(table, column.name)
    retype(NEW_TYPES, OLD_TYPES, (16, 12))

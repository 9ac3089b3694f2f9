"""clauses: how versions came about and ended, duties, papers, notices and quotations"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import refuse_changes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Rows of these tables never change; the database itself refuses.
APPEND_ONLY = ("agreement_attachment", "agreement_file", "breach_notice", "exit_quotation")

#: The hours, Chinese time, from and until which no reminder leaves.
QUIET = {"quiet_from": 20, "quiet_to": 8}

LATER_COLUMNS = (
    "end_reason", "ended_on", "suspended_from", "shared_at", "based_on_id", "origin",
)  # fmt: skip

STATES_BEFORE = "state IN ('draft','review','approved','rejected','terminated')"
STATES = "state IN ('draft','review','approved','rejected','suspended','terminated')"


def upgrade() -> None:
    for name, hour in QUIET.items():
        op.add_column(
            "maker", sa.Column(name, sa.Integer(), nullable=False, server_default=str(hour))
        )
    with op.batch_alter_table("agreement_version") as batch:
        batch.add_column(
            sa.Column("origin", sa.String(length=10), server_default="first", nullable=False)
        )
        batch.add_column(sa.Column("based_on_id", BigId, nullable=True))
        batch.add_column(sa.Column("shared_at", UtcInstant(), nullable=True))
        batch.add_column(sa.Column("suspended_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch.add_column(
            sa.Column("end_reason", sa.String(length=500), server_default="", nullable=False)
        )
        batch.create_foreign_key(
            op.f("fk_agreement_version_based_on_id"), "agreement_version", ["based_on_id"], ["id"]
        )
        batch.drop_constraint(op.f("ck_agreement_version_state"), type_="check")
        batch.create_check_constraint(op.f("ck_agreement_version_state"), STATES)
        batch.create_check_constraint(
            op.f("ck_agreement_version_origin"),
            "origin IN ('first','amendment','renewal','copy')",
        )
    _create_duties()
    _create_papers()
    refuse_changes(APPEND_ONLY)


def _create_duties() -> None:
    op.create_table(
        "obligation",
        sa.Column("id", BigId, nullable=False),
        sa.Column("agreement_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_from_terms", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("fulfilled_on", sa.Date(), nullable=True),
        sa.Column("fulfilled_by", sa.String(length=255), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open','fulfilled','dropped')", name=op.f("ck_obligation_state")
        ),
        sa.CheckConstraint("owner IN ('distributor','maker')", name=op.f("ck_obligation_owner")),
        sa.CheckConstraint(
            "(state = 'fulfilled') = (fulfilled_on IS NOT NULL)",
            name=op.f("ck_obligation_fulfilled"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_obligation_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_obligation_distributor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
    )
    op.create_index(op.f("ix_obligation_agreement_id"), "obligation", ["agreement_id"])
    op.create_index("ix_obligation_distributor_due", "obligation", ["distributor_id", "due_on"])
    op.create_table(
        "exit_quotation",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("exit_on", sa.Date(), nullable=False),
        sa.Column("month_no", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("committed_fen", sa.BigInteger(), nullable=False),
        sa.Column("bought_fen", sa.BigInteger(), nullable=False),
        sa.Column("remaining_fen", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.String(length=20), nullable=False),
        sa.Column("charge_fen", sa.BigInteger(), nullable=False),
        sa.Column("issued_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["agreement_version.id"], name=op.f("fk_exit_quotation_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_exit_quotation_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user_account.id"], name=op.f("fk_exit_quotation_issued_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exit_quotation")),
        sa.UniqueConstraint("number", name=op.f("uq_exit_quotation_number")),
    )
    op.create_index(op.f("ix_exit_quotation_version_id"), "exit_quotation", ["version_id"])
    op.create_index(op.f("ix_exit_quotation_distributor_id"), "exit_quotation", ["distributor_id"])


def _create_papers() -> None:
    op.create_table(
        "breach_notice",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("issued_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["agreement_version.id"], name=op.f("fk_breach_notice_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_breach_notice_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user_account.id"], name=op.f("fk_breach_notice_issued_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_breach_notice_number")),
    )
    op.create_index(op.f("ix_breach_notice_version_id"), "breach_notice", ["version_id"])
    op.create_index(op.f("ix_breach_notice_distributor_id"), "breach_notice", ["distributor_id"])
    op.create_table(
        "agreement_file",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("notice_id", BigId, nullable=True),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('contract','amendment','notice')", name=op.f("ck_agreement_file_kind")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["agreement_version.id"], name=op.f("fk_agreement_file_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["breach_notice.id"], name=op.f("fk_agreement_file_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_file")),
        sa.UniqueConstraint("key", name=op.f("uq_agreement_file_key")),
    )
    op.create_index(op.f("ix_agreement_file_version_id"), "agreement_file", ["version_id"])
    op.create_table(
        "agreement_attachment",
        sa.Column("id", BigId, nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("mimetype", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("added_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["agreement_version.id"],
            name=op.f("fk_agreement_attachment_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user_account.id"], name=op.f("fk_agreement_attachment_added_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_attachment")),
    )
    op.create_index(
        op.f("ix_agreement_attachment_version_id"), "agreement_attachment", ["version_id"]
    )


def downgrade() -> None:
    for table in (*APPEND_ONLY, "obligation"):
        op.drop_table(table)
    # The released house knows no suspension: what was suspended binds again.
    op.execute("UPDATE agreement_version SET state = 'approved' WHERE state = 'suspended'")
    with op.batch_alter_table("agreement_version") as batch:
        batch.drop_constraint(op.f("fk_agreement_version_based_on_id"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_agreement_version_origin"), type_="check")
        batch.drop_constraint(op.f("ck_agreement_version_state"), type_="check")
        batch.create_check_constraint(op.f("ck_agreement_version_state"), STATES_BEFORE)
        for name in LATER_COLUMNS:
            batch.drop_column(name)
    for name in QUIET:
        op.drop_column("maker", name)

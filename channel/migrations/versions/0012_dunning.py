"""dunning: letters, promises, disputes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import refuse_changes

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: In the order in which they can be made; dropped the other way round.
TABLES = (
    "dunning_policy",
    "dunning_run",
    "dunning_letter",
    "dunning_letter_item",
    "dunning_letter_file",
    "promise",
    "dispute",
    "statement_batch",
    "account_statement_file",
)
NEVER_CHANGED = (
    "dunning_policy",
    "dunning_run",
    "dunning_letter",
    "dunning_letter_item",
    "dunning_letter_file",
    "account_statement_file",
)


def upgrade() -> None:
    _make_dunning_policy()
    _make_dunning_run()
    _make_dunning_letter()
    _make_dunning_letter_item()
    _make_dunning_letter_file()
    _make_promise()
    _make_dispute()
    _make_statement_batch()
    _make_account_statement_file()
    refuse_changes(NEVER_CHANGED)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _make_dunning_policy() -> None:
    op.create_table(
        "dunning_policy",
        sa.Column("id", BigId, nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("created_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_dunning_policy_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_policy")),
    )


def _make_dunning_run() -> None:
    op.create_table(
        "dunning_run",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("created_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_dunning_run_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_run")),
        sa.UniqueConstraint("number", name=op.f("uq_dunning_run_number")),
    )
    op.create_index(op.f("ix_dunning_run_on_date"), "dunning_run", ["on_date"], unique=False)


def _make_dunning_letter() -> None:
    op.create_table(
        "dunning_letter",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("run_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("pay_until", sa.Date(), nullable=False),
        sa.Column("overdue_fen", sa.BigInteger(), nullable=False),
        sa.Column("demanded_fen", sa.BigInteger(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_dunning_letter_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["dunning_run.id"], name=op.f("fk_dunning_letter_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_dunning_letter_number")),
        sa.UniqueConstraint(
            "run_id",
            "distributor_id",
            "currency",
            name=op.f("uq_dunning_letter_run_id_distributor_id_currency"),
        ),
    )
    op.create_index(
        "ix_dunning_letter_owner",
        "dunning_letter",
        ["distributor_id", "currency", "on_date"],
        unique=False,
    )


def _make_dunning_letter_item() -> None:
    op.create_table(
        "dunning_letter_item",
        sa.Column("id", BigId, nullable=False),
        sa.Column("letter_id", BigId, nullable=False),
        sa.Column("invoice_id", BigId, nullable=False),
        sa.Column("instalment_id", BigId, nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("is_raised", sa.Boolean(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.Column("days_overdue", sa.Integer(), nullable=False),
        sa.Column("open_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instalment_id"],
            ["invoice_instalment.id"],
            name=op.f("fk_dunning_letter_item_instalment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_dunning_letter_item_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["dunning_letter.id"], name=op.f("fk_dunning_letter_item_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_letter_item")),
    )
    op.create_index(
        "ix_dunning_letter_item_invoice_id",
        "dunning_letter_item",
        ["invoice_id", "instalment_id"],
        unique=False,
    )
    op.create_index(
        "ix_dunning_letter_item_letter_id", "dunning_letter_item", ["letter_id"], unique=False
    )


def _make_dunning_letter_file() -> None:
    op.create_table(
        "dunning_letter_file",
        sa.Column("id", BigId, nullable=False),
        sa.Column("letter_id", BigId, nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["dunning_letter.id"], name=op.f("fk_dunning_letter_file_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dunning_letter_file")),
        sa.UniqueConstraint(
            "letter_id", "lang", name=op.f("uq_dunning_letter_file_letter_id_lang")
        ),
    )


def _make_promise() -> None:
    op.create_table(
        "promise",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("promised_by", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("entered_by_id", BigId, nullable=True),
        sa.Column("entered_at", UtcInstant(), nullable=False),
        sa.Column("followed_up_at", UtcInstant(), nullable=True),
        sa.Column("follow_up", sa.String(length=500), nullable=False),
        sa.Column("withdrawn_at", UtcInstant(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_promise_amount")),
        sa.CheckConstraint("due_on >= made_on", name=op.f("ck_promise_span")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_promise_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_promise_entered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("number", name=op.f("uq_promise_number")),
    )
    op.create_index("ix_promise_due_on", "promise", ["due_on"], unique=False)
    op.create_index(
        "ix_promise_owner", "promise", ["distributor_id", "currency", "due_on"], unique=False
    )


def _make_dispute() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("invoice_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason_kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by_id", BigId, nullable=True),
        sa.Column("opened_at", UtcInstant(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("outcome_note", sa.String(length=1000), nullable=False),
        sa.Column("closed_by_id", BigId, nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(closed_on IS NULL) = (outcome = '')", name=op.f("ck_dispute_closed")),
        sa.CheckConstraint(
            "outcome IN ('','upheld','partly','rejected','withdrawn')",
            name=op.f("ck_dispute_outcome"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_dispute_amount")),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user_account.id"], name=op.f("fk_dispute_closed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_dispute_distributor_id")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_dispute_invoice_id")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["user_account.id"], name=op.f("fk_dispute_opened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("number", name=op.f("uq_dispute_number")),
    )
    op.create_index("ix_dispute_invoice_id", "dispute", ["invoice_id"], unique=False)
    op.create_index("ix_dispute_owner", "dispute", ["distributor_id", "opened_on"], unique=False)


def _make_statement_batch() -> None:
    op.create_table(
        "statement_batch",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("chosen", Json, nullable=False),
        sa.Column("distributor_ids", Json, nullable=False),
        sa.Column("with_mail", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_statement_batch_span")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_statement_batch_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_statement_batch_number")),
    )


def _make_account_statement_file() -> None:
    op.create_table(
        "account_statement_file",
        sa.Column("id", BigId, nullable=False),
        sa.Column("batch_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("opening_fen", sa.BigInteger(), nullable=False),
        sa.Column("closing_fen", sa.BigInteger(), nullable=False),
        sa.Column("document", Json, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["statement_batch.id"], name=op.f("fk_account_statement_file_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"],
            ["distributor.id"],
            name=op.f("fk_account_statement_file_distributor_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_statement_file")),
        sa.UniqueConstraint(
            "batch_id",
            "distributor_id",
            name=op.f("uq_account_statement_file_batch_id_distributor_id"),
        ),
    )
    op.create_index(
        op.f("ix_account_statement_file_distributor_id"),
        "account_statement_file",
        ["distributor_id"],
        unique=False,
    )

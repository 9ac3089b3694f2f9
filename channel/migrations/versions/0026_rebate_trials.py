"""rebate_trials: rebate trials and accruals"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import allow_changes, refuse_changes

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

APPEND_ONLY = ("rebate_expectation", "rebate_accrual_run", "rebate_accrual")


def upgrade() -> None:
    _make_trial()
    _make_trial_line()
    _make_expectation()
    _make_accrual_run()
    _make_accrual()
    refuse_changes(APPEND_ONLY)


def downgrade() -> None:
    allow_changes(APPEND_ONLY)
    for table in (
        "rebate_accrual",
        "rebate_accrual_run",
        "rebate_expectation",
        "rebate_trial_line",
        "rebate_trial",
    ):
        op.drop_table(table)


def _make_trial() -> None:
    op.create_table(
        "rebate_trial",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("policy_id", BigId, nullable=False),
        sa.Column("policy_code", sa.String(length=64), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("terms", Json, nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("enrols", sa.String(length=10), nullable=False),
        sa.Column("against", sa.String(length=64), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("distributor_ids", Json, nullable=True),
        sa.Column("close_bp", sa.Integer(), nullable=False),
        sa.Column("as_settled", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", BigId, nullable=True),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.CheckConstraint("enrols IN ('all','agreement')", name=op.f("ck_rebate_trial_enrols")),
        sa.CheckConstraint("state IN ('waiting','done')", name=op.f("ck_rebate_trial_state")),
        sa.CheckConstraint("period_end > period_start", name=op.f("ck_rebate_trial_span")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_rebate_trial_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["rebate_policy.id"], name=op.f("fk_rebate_trial_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebate_trial")),
        sa.UniqueConstraint("number", name=op.f("uq_rebate_trial_number")),
    )
    op.create_index("ix_rebate_trial_policy_id", "rebate_trial", ["policy_id"], unique=False)


def _make_trial_line() -> None:
    op.create_table(
        "rebate_trial_line",
        sa.Column("id", BigId, nullable=False),
        sa.Column("trial_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("now_fen", sa.BigInteger(), nullable=False),
        sa.Column("then_fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("short_fen", sa.BigInteger(), nullable=True),
        sa.Column("short_units", sa.Integer(), nullable=True),
        sa.Column("gain_fen", sa.BigInteger(), nullable=True),
        sa.Column("is_close", sa.Boolean(), nullable=False),
        sa.Column("facts", Json, nullable=True),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_rebate_trial_line_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"],
            ["rebate_trial.id"],
            name=op.f("fk_rebate_trial_line_trial_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebate_trial_line")),
        sa.UniqueConstraint(
            "trial_id",
            "distributor_id",
            "currency",
            "period_start",
            "period_end",
            name="uq_rebate_trial_line_of_a_trial",
        ),
    )
    op.create_index(
        "ix_rebate_trial_line_distributor_id", "rebate_trial_line", ["distributor_id"], unique=False
    )


def _make_expectation() -> None:
    op.create_table(
        "rebate_expectation",
        sa.Column("id", BigId, nullable=False),
        sa.Column("policy_code", sa.String(length=64), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("chosen_by_id", BigId, nullable=True),
        sa.Column("chosen_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["user_account.id"], name=op.f("fk_rebate_expectation_chosen_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"],
            ["distributor.id"],
            name=op.f("fk_rebate_expectation_distributor_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebate_expectation")),
    )
    op.create_index(
        "ix_rebate_expectation_of",
        "rebate_expectation",
        ["policy_code", "distributor_id", "currency", "period_start"],
        unique=False,
    )


def _make_accrual_run() -> None:
    op.create_table(
        "rebate_accrual_run",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("posted_by_id", BigId, nullable=True),
        sa.Column("posted_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["posted_by_id"], ["user_account.id"], name=op.f("fk_rebate_accrual_run_posted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebate_accrual_run")),
        sa.UniqueConstraint("number", name=op.f("uq_rebate_accrual_run_number")),
    )


def _make_accrual() -> None:
    op.create_table(
        "rebate_accrual",
        sa.Column("id", BigId, nullable=False),
        sa.Column("run_id", BigId, nullable=False),
        sa.Column("policy_id", BigId, nullable=True),
        sa.Column("policy_code", sa.String(length=64), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("base_fen", sa.BigInteger(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("due_fen", sa.BigInteger(), nullable=False),
        sa.Column("settled_fen", sa.BigInteger(), nullable=False),
        sa.Column("open_fen", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "amount_fen = due_fen - settled_fen - open_fen",
            name=op.f("ck_rebate_accrual_difference"),
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_rebate_accrual_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["rebate_policy.id"], name=op.f("fk_rebate_accrual_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["rebate_accrual_run.id"], name=op.f("fk_rebate_accrual_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebate_accrual")),
        sa.UniqueConstraint(
            "run_id",
            "policy_code",
            "distributor_id",
            "currency",
            "period_start",
            "period_end",
            name="uq_rebate_accrual_of_a_run",
        ),
    )
    op.create_index(
        "ix_rebate_accrual_distributor_id", "rebate_accrual", ["distributor_id"], unique=False
    )
    op.create_index(
        "ix_rebate_accrual_of",
        "rebate_accrual",
        ["policy_code", "period_start", "distributor_id", "currency"],
        unique=False,
    )

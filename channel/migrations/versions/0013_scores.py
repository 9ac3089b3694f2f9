"""scores: cards, credit grades with their lines, the weekly risk"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import refuse_changes, refuse_changes_when

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

#: Rows of these tables never change again once this holds.
FROZEN_WHEN = {
    "score_card": "OLD.approved_at IS NOT NULL",
    "credit_grade": "OLD.state = 'accepted'",
}


def upgrade() -> None:
    op.add_column(
        "maker",
        sa.Column("shows_grades", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("market_incident", sa.Column("is_upheld", sa.Boolean(), nullable=True))
    _make_cards()
    _make_grades()
    _make_snapshots()
    refuse_changes(["risk_snapshot"])
    refuse_changes_when(FROZEN_WHEN)


def _make_cards() -> None:
    op.create_table(
        "score_card",
        sa.Column("id", BigId, nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("card", Json, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", BigId, nullable=True),
        sa.Column("proposed_at", UtcInstant(), nullable=False),
        sa.Column("approved_by_id", BigId, nullable=True),
        sa.Column("approved_at", UtcInstant(), nullable=True),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR proposed_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name=op.f("ck_score_card_two_persons"),
        ),
        sa.CheckConstraint("version_no > 0", name=op.f("ck_score_card_version_no")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_score_card_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_score_card_approved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_card")),
        sa.UniqueConstraint("version_no", name=op.f("uq_score_card_version_no")),
    )


def _make_grades() -> None:
    op.create_table(
        "credit_grade",
        sa.Column("id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("graded_on", sa.Date(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("score_e2", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=8), nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("card_id", BigId, nullable=True),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.Column("previous_score_e2", sa.Integer(), nullable=True),
        sa.Column("previous_grade", sa.String(length=8), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("limit_fen", sa.BigInteger(), nullable=True),
        sa.Column("limit_facts", Json, nullable=True),
        sa.Column("term_days", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_by_id", BigId, nullable=True),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.Column("accepted_by_id", BigId, nullable=True),
        sa.Column("accepted_at", UtcInstant(), nullable=True),
        sa.CheckConstraint("state IN ('proposed','accepted')", name=op.f("ck_credit_grade_state")),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_at IS NOT NULL)",
            name=op.f("ck_credit_grade_accepted"),
        ),
        sa.CheckConstraint("score_e2 BETWEEN 0 AND 10000", name=op.f("ck_credit_grade_score")),
        sa.CheckConstraint(
            "accepted_by_id IS NULL OR made_by_id IS NULL OR accepted_by_id <> made_by_id",
            name=op.f("ck_credit_grade_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_credit_grade_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["card_id"], ["score_card.id"], name=op.f("fk_credit_grade_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_credit_grade_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["user_account.id"], name=op.f("fk_credit_grade_accepted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_grade")),
        sa.UniqueConstraint(
            "distributor_id",
            "graded_on",
            "turn",
            name=op.f("uq_credit_grade_distributor_id_graded_on_turn"),
        ),
    )
    op.create_index(op.f("ix_credit_grade_graded_on"), "credit_grade", ["graded_on"])


def _make_snapshots() -> None:
    op.create_table(
        "risk_snapshot",
        sa.Column("id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("score_e1", sa.Integer(), nullable=False),
        sa.Column("steps", Json, nullable=False),
        sa.Column("taken_at", UtcInstant(), nullable=False),
        sa.CheckConstraint("score_e1 >= 0", name=op.f("ck_risk_snapshot_score")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_risk_snapshot_distributor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_snapshot")),
        sa.UniqueConstraint(
            "distributor_id", "week", name=op.f("uq_risk_snapshot_distributor_id_week")
        ),
    )
    op.create_index(
        "ix_risk_snapshot_week", "risk_snapshot", ["week", "distributor_id", "score_e1"]
    )


def downgrade() -> None:
    op.drop_table("risk_snapshot")
    op.drop_table("credit_grade")
    op.drop_table("score_card")
    op.drop_column("market_incident", "is_upheld")
    op.drop_column("maker", "shows_grades")

"""rebate_evidence: evidence of conditions: baselines, declarations, trainings, launches"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import allow_changes, refuse_changes, refuse_changes_when

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

#: As the models named them when this was written.
APPEND_ONLY = ("invoice_return",)
FROZEN_WHEN = {
    "growth_baseline": "OLD.decided_at IS NOT NULL",
    "exclusivity_declaration": "OLD.withdrawn_on IS NOT NULL",
}
KINDS = "kind IN ('price', 'promotion', 'local', 'diversion', 'rival')"
KINDS_BEFORE = "kind IN ('price', 'promotion', 'local', 'diversion')"
DUTIES = "kind IN ('other', 'training')"


def upgrade() -> None:
    for make in (_baselines, _declarations, _returns):
        make()
    refuse_changes(APPEND_ONLY)
    refuse_changes_when(FROZEN_WHEN)
    op.add_column("product", sa.Column("launched_on", sa.Date(), nullable=True))
    with op.batch_alter_table("obligation") as batch:
        batch.add_column(
            sa.Column("kind", sa.String(length=10), server_default="other", nullable=False)
        )
        batch.create_check_constraint(op.f("ck_obligation_kind"), DUTIES)
    with op.batch_alter_table("market_incident") as batch:
        batch.drop_constraint(op.f("ck_market_incident_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_market_incident_kind"), KINDS)


def downgrade() -> None:
    # What the older release has no word for is kept as an incident of another sort.
    op.execute("UPDATE market_incident SET kind = 'local', topic = 'other' WHERE kind = 'rival'")
    with op.batch_alter_table("market_incident") as batch:
        batch.drop_constraint(op.f("ck_market_incident_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_market_incident_kind"), KINDS_BEFORE)
    with op.batch_alter_table("obligation") as batch:
        batch.drop_constraint(op.f("ck_obligation_kind"), type_="check")
        batch.drop_column("kind")
    op.drop_column("product", "launched_on")
    allow_changes((*APPEND_ONLY, *FROZEN_WHEN))
    for table in ("invoice_return", "exclusivity_declaration", "growth_baseline"):
        op.drop_table(table)


def _baselines() -> None:
    op.create_table(
        "growth_baseline",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("policy_code", sa.String(length=64), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("value_e4", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", BigId, nullable=True),
        sa.Column("proposed_at", UtcInstant(), nullable=False),
        sa.Column("decided_by_id", BigId, nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed','approved','rejected')", name=op.f("ck_growth_baseline_state")
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_growth_baseline_decided")
        ),
        sa.CheckConstraint("period_end > period_start", name=op.f("ck_growth_baseline_span")),
        sa.CheckConstraint("value_e4 > 0", name=op.f("ck_growth_baseline_positive")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR proposed_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_growth_baseline_two_persons"),
        ),
        *_owned("growth_baseline", "proposed_by_id", "decided_by_id"),
        sa.UniqueConstraint("number", name=op.f("uq_growth_baseline_number")),
    )
    op.create_index(
        op.f("ix_growth_baseline_distributor_id"), "growth_baseline", ["distributor_id"]
    )
    op.create_index(
        "ix_growth_baseline_policy",
        "growth_baseline",
        ["policy_code", "period_start", "period_end"],
    )


def _declarations() -> None:
    op.create_table(
        "exclusivity_declaration",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("signer", sa.String(length=255), nullable=False),
        sa.Column("signed_by_id", BigId, nullable=True),
        sa.Column("signed_at", UtcInstant(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by_id", BigId, nullable=True),
        sa.Column("withdraw_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_exclusivity_declaration_span")),
        *_owned("exclusivity_declaration", "signed_by_id", "withdrawn_by_id"),
        sa.UniqueConstraint("number", name=op.f("uq_exclusivity_declaration_number")),
    )
    op.create_index(
        "ix_exclusivity_declaration_owner",
        "exclusivity_declaration",
        ["distributor_id", "valid_from"],
    )


def _returns() -> None:
    op.create_table(
        "invoice_return",
        sa.Column("id", BigId, nullable=False),
        sa.Column("note_id", BigId, nullable=False),
        sa.Column("invoice_id", BigId, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("is_goods_back", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("created_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_invoice_return_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_return_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["invoice.id"], name=op.f("fk_invoice_return_note_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_return")),
        sa.UniqueConstraint("key", name=op.f("uq_invoice_return_key")),
        sa.UniqueConstraint("note_id", name=op.f("uq_invoice_return_note_id")),
    )
    op.create_index(op.f("ix_invoice_return_invoice_id"), "invoice_return", ["invoice_id"])


def _owned(table: str, *people: str) -> list[sa.Constraint]:
    """The key of a table, its distributor, and the people that it names."""
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f(f"fk_{table}_distributor_id")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["user_account.id"], name=op.f(f"fk_{table}_{column}")
            )
            for column in people
        ),
    ]

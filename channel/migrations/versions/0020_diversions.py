"""diversions: goods found outside their territory, and the steps that follow"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import allow_changes, refuse_changes, refuse_changes_when

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

#: As the models named them when this was written.
APPEND_ONLY = ("code_scan", "conduct_notice", "statement_penalty")
FROZEN_WHEN = {"conduct_step": "OLD.decided_at IS NOT NULL"}


def upgrade() -> None:
    for make in (_ranges, _scans, _notices, _steps, _penalties):
        make()
    refuse_changes(APPEND_ONLY)
    refuse_changes_when(FROZEN_WHEN)


def downgrade() -> None:
    allow_changes((*APPEND_ONLY, *FROZEN_WHEN))
    for table in (
        "statement_penalty",
        "conduct_step",
        "conduct_notice",
        "code_scan",
        "trace_range",
    ):
        op.drop_table(table)


def _ranges() -> None:
    op.create_table(
        "trace_range",
        sa.Column("id", BigId, nullable=False),
        sa.Column("shipment_line_id", BigId, nullable=False),
        sa.Column("shipment_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("product_id", BigId, nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("units_each", sa.Integer(), nullable=False),
        sa.Column("first_code", sa.String(length=64), nullable=False),
        sa.Column("last_code", sa.String(length=64), nullable=False),
        sa.Column("parent_code", sa.String(length=64), nullable=False),
        sa.Column("stem", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("first_no", sa.BigInteger(), nullable=False),
        sa.Column("last_no", sa.BigInteger(), nullable=False),
        sa.Column("entered_by_id", BigId, nullable=True),
        sa.Column("entered_at", UtcInstant(), nullable=False),
        sa.CheckConstraint(
            "level IN ('unit', 'case', 'pallet')", name=op.f("ck_trace_range_level")
        ),
        sa.CheckConstraint(
            "last_no >= first_no AND units_each > 0", name=op.f("ck_trace_range_span")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_trace_range_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_trace_range_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_trace_range_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_trace_range_shipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_line_id"], ["shipment_line.id"], name=op.f("fk_trace_range_shipment_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_range")),
    )
    op.create_index(
        op.f("ix_trace_range_distributor_id"), "trace_range", ["distributor_id"], unique=False
    )
    op.create_index(
        "ix_trace_range_series",
        "trace_range",
        ["stem", "width", "last_no", "first_no"],
        unique=False,
    )
    op.create_index(
        op.f("ix_trace_range_shipment_id"), "trace_range", ["shipment_id"], unique=False
    )
    op.create_index(
        op.f("ix_trace_range_shipment_line_id"), "trace_range", ["shipment_line_id"], unique=False
    )


def _scans() -> None:
    op.create_table(
        "code_scan",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("range_id", BigId, nullable=True),
        sa.Column("distributor_id", BigId, nullable=True),
        sa.Column("product_id", BigId, nullable=True),
        sa.Column("holder_id", BigId, nullable=True),
        sa.Column("division_code", sa.String(length=6), nullable=False),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("incident_id", BigId, nullable=True),
        sa.Column("scanned_by_id", BigId, nullable=True),
        sa.Column("scanned_at", UtcInstant(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('outside', 'home', 'allowed', 'no_contract', 'unknown')",
            name=op.f("ck_code_scan_verdict"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_code_scan_quantity")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_code_scan_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["distributor.id"], name=op.f("fk_code_scan_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["market_incident.id"], name=op.f("fk_code_scan_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_code_scan_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["range_id"], ["trace_range.id"], name=op.f("fk_code_scan_range_id")
        ),
        sa.ForeignKeyConstraint(
            ["scanned_by_id"], ["user_account.id"], name=op.f("fk_code_scan_scanned_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_scan")),
        sa.UniqueConstraint("number", name=op.f("uq_code_scan_number")),
    )
    op.create_index(
        "ix_code_scan_distributor_id_found_on",
        "code_scan",
        ["distributor_id", "found_on"],
        unique=False,
    )
    op.create_index("ix_code_scan_found_on", "code_scan", ["found_on", "id"], unique=False)
    op.create_index(op.f("ix_code_scan_holder_id"), "code_scan", ["holder_id"], unique=False)
    op.create_index(op.f("ix_code_scan_incident_id"), "code_scan", ["incident_id"], unique=False)
    op.create_index(op.f("ix_code_scan_range_id"), "code_scan", ["range_id"], unique=False)


def _notices() -> None:
    op.create_table(
        "conduct_notice",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("incident_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("issued_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_conduct_notice_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["market_incident.id"], name=op.f("fk_conduct_notice_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user_account.id"], name=op.f("fk_conduct_notice_issued_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_conduct_notice_number")),
    )
    op.create_index(
        op.f("ix_conduct_notice_distributor_id"), "conduct_notice", ["distributor_id"], unique=False
    )
    op.create_index(
        op.f("ix_conduct_notice_incident_id"), "conduct_notice", ["incident_id"], unique=False
    )


def _steps() -> None:
    op.create_table(
        "conduct_step",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("incident_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("contract_fen", sa.BigInteger(), nullable=True),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("top_up_by", sa.Date(), nullable=True),
        sa.Column("reverses_id", BigId, nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("deposit_entry_id", BigId, nullable=True),
        sa.Column("pool_entry_id", BigId, nullable=True),
        sa.Column("document", Json, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", BigId, nullable=True),
        sa.Column("proposed_at", UtcInstant(), nullable=False),
        sa.Column("decided_by_id", BigId, nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_conduct_step_decided")
        ),
        sa.CheckConstraint(
            "basis IN ('contract', 'court', 'settlement')", name=op.f("ck_conduct_step_basis")
        ),
        sa.CheckConstraint(
            "kind IN ('warning', 'fine', 'deposit', 'withhold', 'stop', 'terminate')",
            name=op.f("ck_conduct_step_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed','approved','rejected')", name=op.f("ck_conduct_step_state")
        ),
        sa.CheckConstraint(
            "CASE WHEN reverses_id IS NULL THEN amount_fen >= 0 ELSE amount_fen <= 0 END",
            name=op.f("ck_conduct_step_opposite"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR proposed_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_conduct_step_two_persons"),
        ),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_conduct_step_span")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_conduct_step_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["deposit_entry_id"],
            ["deposit_entry.id"],
            name=op.f("fk_conduct_step_deposit_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_conduct_step_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["market_incident.id"], name=op.f("fk_conduct_step_incident_id")
        ),
        sa.ForeignKeyConstraint(
            ["pool_entry_id"], ["pool_entry.id"], name=op.f("fk_conduct_step_pool_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_conduct_step_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["conduct_step.id"], name=op.f("fk_conduct_step_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conduct_step")),
        sa.UniqueConstraint("number", name=op.f("uq_conduct_step_number")),
        sa.UniqueConstraint("pool_entry_id", name=op.f("uq_conduct_step_pool_entry_id")),
    )
    op.create_index(
        op.f("ix_conduct_step_incident_id"), "conduct_step", ["incident_id"], unique=False
    )
    op.create_index(
        "ix_conduct_step_owner",
        "conduct_step",
        ["distributor_id", "kind", "state", "from_on"],
        unique=False,
    )
    op.create_index(
        "uq_conduct_step_reverses_id",
        "conduct_step",
        ["reverses_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'rejected'"),
        postgresql_where=sa.text("state <> 'rejected'"),
    )


def _penalties() -> None:
    op.create_table(
        "statement_penalty",
        sa.Column("id", BigId, nullable=False),
        sa.Column("step_id", BigId, nullable=False),
        sa.Column("statement_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["rebate_statement.id"],
            name=op.f("fk_statement_penalty_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["conduct_step.id"], name=op.f("fk_statement_penalty_step_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_penalty")),
        sa.UniqueConstraint("step_id", name=op.f("uq_statement_penalty_step_id")),
    )
    op.create_index(
        op.f("ix_statement_penalty_statement_id"),
        "statement_penalty",
        ["statement_id"],
        unique=False,
    )

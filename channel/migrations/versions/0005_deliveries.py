"""deliveries"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import refuse_changes

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: Rows of these tables never change; the database itself refuses.
APPEND_ONLY = ("invoice_charge", "invoice_instalment", "discount_taken")


def columns() -> list[tuple[str, sa.Column]]:
    """(table, column) that older tables gain; plain additions, so that nothing is rebuilt."""
    return [
        ("sales_order", sa.Column("deliver_on", sa.Date(), nullable=True)),
        (
            "sales_order",
            sa.Column("freight_fen", sa.BigInteger(), nullable=False, server_default="0"),
        ),
        (
            "shipment",
            sa.Column("freight_fen", sa.BigInteger(), nullable=False, server_default="0"),
        ),
    ]


def refer_to_instalments() -> None:
    """A plain addition with its reference: a rebuilt table would lose its refusing triggers."""
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE allocation ADD COLUMN instalment_id {kind}"
        " CONSTRAINT fk_allocation_instalment_id REFERENCES invoice_instalment (id)"
    )


def upgrade() -> None:
    op.create_table(
        "invoice_charge",
        sa.Column("id", BigId, nullable=False),
        sa.Column("invoice_id", BigId, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("net_fen", sa.BigInteger(), nullable=False),
        sa.Column("tax_fen", sa.BigInteger(), nullable=False),
        sa.Column("gross_fen", sa.BigInteger(), nullable=False),
        sa.Column("vat_rate_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('freight')", name=op.f("ck_invoice_charge_kind")),
        sa.CheckConstraint("net_fen + tax_fen = gross_fen", name=op.f("ck_invoice_charge_parts")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_charge_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_charge")),
        sa.UniqueConstraint(
            "invoice_id", "line_no", name=op.f("uq_invoice_charge_invoice_id_line_no")
        ),
    )
    op.create_table(
        "invoice_instalment",
        sa.Column("id", BigId, nullable=False),
        sa.Column("invoice_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("discount_until", sa.Date(), nullable=True),
        sa.Column("discount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distributor_id"],
            ["distributor.id"],
            name=op.f("fk_invoice_instalment_distributor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_instalment_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_instalment")),
        sa.UniqueConstraint(
            "invoice_id", "number", name=op.f("uq_invoice_instalment_invoice_id_number")
        ),
    )
    op.create_index(
        "ix_invoice_instalment_open",
        "invoice_instalment",
        ["distributor_id", "currency", "pay_by"],
        unique=False,
    )
    op.create_table(
        "parked_receipt",
        sa.Column("id", BigId, nullable=False),
        sa.Column("receipt_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("findings", Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("parked_at", UtcInstant(), nullable=False),
        sa.Column("decided_by_id", BigId, nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('parked','approved','returned')", name=op.f("ck_parked_receipt_state")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_parked_receipt_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_parked_receipt_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_parked_receipt_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_receipt")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_parked_receipt_receipt_id")),
    )
    op.create_index(
        op.f("ix_parked_receipt_distributor_id"), "parked_receipt", ["distributor_id"], unique=False
    )
    op.create_index("ix_parked_receipt_state", "parked_receipt", ["state", "id"], unique=False)
    op.create_table(
        "discount_taken",
        sa.Column("id", BigId, nullable=False),
        sa.Column("instalment_id", BigId, nullable=False),
        sa.Column("receipt_id", BigId, nullable=False),
        sa.Column("credit_note_id", BigId, nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credit_note_id"], ["invoice.id"], name=op.f("fk_discount_taken_credit_note_id")
        ),
        sa.ForeignKeyConstraint(
            ["instalment_id"],
            ["invoice_instalment.id"],
            name=op.f("fk_discount_taken_instalment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_discount_taken_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount_taken")),
    )
    op.create_index(
        op.f("ix_discount_taken_instalment_id"), "discount_taken", ["instalment_id"], unique=False
    )
    op.create_index("ix_discount_taken_receipt_id", "discount_taken", ["receipt_id"], unique=False)
    op.create_table(
        "place_change",
        sa.Column("id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=True),
        sa.Column("shipment_id", BigId, nullable=True),
        sa.Column("from_ship_to_id", BigId, nullable=True),
        sa.Column("to_ship_to_id", BigId, nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("notice_days", sa.Integer(), nullable=True),
        sa.Column("required_days", sa.Integer(), nullable=False),
        sa.Column("freight_fen", sa.BigInteger(), nullable=False),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.CheckConstraint("freight_fen >= 0", name=op.f("ck_place_change_freight")),
        sa.CheckConstraint(
            "order_id IS NOT NULL OR shipment_id IS NOT NULL", name=op.f("ck_place_change_document")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_place_change_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_place_change_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_ship_to_id"], ["ship_to.id"], name=op.f("fk_place_change_from_ship_to_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_place_change_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_place_change_shipment_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_ship_to_id"], ["ship_to.id"], name=op.f("fk_place_change_to_ship_to_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_change")),
    )
    op.create_index(
        op.f("ix_place_change_distributor_id"), "place_change", ["distributor_id"], unique=False
    )
    op.create_index("ix_place_change_order_id", "place_change", ["order_id"], unique=False)
    op.create_index("ix_place_change_shipment_id", "place_change", ["shipment_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=4), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("last_used_at", UtcInstant(), nullable=True),
        sa.Column("revoked_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_api_token_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"], unique=False)
    for table, column in columns():
        op.add_column(table, column)
    refer_to_instalments()
    refuse_changes(APPEND_ONLY)


def downgrade() -> None:
    for table, column in reversed(columns()):
        op.drop_column(table, column.name)
    op.drop_column("allocation", "instalment_id")
    for table in (
        "api_token",
        "place_change",
        "discount_taken",
        "parked_receipt",
        "invoice_instalment",
        "invoice_charge",
    ):
        op.drop_table(table)

"""pool_payments: the rebate pool as a ledger: uses, expiry, forms of payment"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.rebuilding import is_sqlite, rebuild
from channel.migrations.refusals import allow_changes, refuse_changes

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

APPEND_ONLY = ("invoice_discount", "pool_control")
KINDS = "kind IN ('earned','used','expired','reversed')"
NEW_KINDS = "kind IN ('earned','used','expired','reversed','reserved','released')"
FORMS = "invoice,goods,offset,transfer"

#: What is added to tables whose rows never change, letter by letter; {id} is the key's type.
ENTRY = (
    "counter VARCHAR(12) DEFAULT '' NOT NULL",
    "reference VARCHAR(64) DEFAULT '' NOT NULL",
    "reason VARCHAR(500) DEFAULT '' NOT NULL",
    "expires_on DATE",
    "lot_id {id} CONSTRAINT fk_pool_entry_lot_id REFERENCES pool_entry (id)",
    "reverses_id {id} CONSTRAINT fk_pool_entry_reverses_id REFERENCES pool_entry (id)",
    "use_id {id} CONSTRAINT fk_pool_entry_use_id REFERENCES pool_use (id)",
    "created_by_id {id} CONSTRAINT fk_pool_entry_created_by_id REFERENCES user_account (id)",
)
LINE = "pool_use_id {id} CONSTRAINT fk_order_line_pool_use_id REFERENCES pool_use (id)"


def upgrade() -> None:
    _uses()
    _discounts()
    _controls()
    for column in ENTRY:
        _add("pool_entry", column)
    _add("order_line", LINE)
    op.create_index(op.f("ix_pool_entry_use_id"), "pool_entry", ["use_id"])
    op.create_index(op.f("ix_order_line_pool_use_id"), "order_line", ["pool_use_id"])
    _say_kinds(KINDS, NEW_KINDS)
    op.add_column(
        "maker",
        sa.Column("payout_forms", sa.String(60), server_default=FORMS, nullable=False),
    )
    op.add_column("maker", sa.Column("payout_cap_bp", sa.Integer(), server_default="3000"))
    op.add_column("maker", sa.Column("payout_clawback_months", sa.Integer()))
    refuse_changes(APPEND_ONLY)


def downgrade() -> None:
    for column in ("payout_clawback_months", "payout_cap_bp", "payout_forms"):
        op.drop_column("maker", column)
    # What the older release has no word for counted as used, and still does.
    allow_changes(("pool_entry",))
    op.execute("UPDATE pool_entry SET kind = 'used' WHERE kind IN ('reserved', 'released')")
    refuse_changes(("pool_entry",))
    _say_kinds(NEW_KINDS, KINDS)
    op.drop_index(op.f("ix_order_line_pool_use_id"), "order_line")
    op.drop_index(op.f("ix_pool_entry_use_id"), "pool_entry")
    _drop("order_line", (LINE,))
    _drop("pool_entry", ENTRY)
    allow_changes(APPEND_ONLY)
    for table in ("pool_control", "invoice_discount", "pool_use"):
        op.drop_table(table)


def _add(table: str, column: str) -> None:
    key = "INTEGER" if is_sqlite() else "BIGINT"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(id=key)}")


def _drop(table: str, columns: tuple[str, ...]) -> None:
    if is_sqlite():
        rebuild(table, {f", {column.format(id='INTEGER')}": "" for column in columns}, {})
        return
    for column in columns:
        op.drop_column(table, column.split()[0])


def _say_kinds(old: str, new: str) -> None:
    if is_sqlite():
        rebuild("pool_entry", {old: new}, {})
    else:
        op.drop_constraint(op.f("ck_pool_entry_kind"), "pool_entry", type_="check")
        op.create_check_constraint(op.f("ck_pool_entry_kind"), "pool_entry", new)


def _uses() -> None:
    keys = {
        "distributor_id": "distributor",
        "order_id": "sales_order",
        "note_id": "invoice",
        "requested_by_id": "user_account",
        "decided_by_id": "user_account",
    }
    op.create_table(
        "pool_use",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("used_fen", sa.BigInteger(), nullable=False),
        sa.Column("released_fen", sa.BigInteger(), nullable=False),
        sa.Column("order_id", BigId, nullable=True),
        sa.Column("note_id", BigId, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("requested_by_id", BigId, nullable=True),
        sa.Column("requested_at", UtcInstant(), nullable=False),
        sa.Column("decided_by_id", BigId, nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("payment_reference", sa.String(length=100), nullable=False),
        sa.Column("red_invoice", sa.String(length=200), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "form IN ('invoice', 'goods', 'offset', 'transfer')", name=op.f("ck_pool_use_form")
        ),
        sa.CheckConstraint(
            "state IN ('reserved', 'requested', 'approved', 'used', 'released', 'refused')",
            name=op.f("ck_pool_use_state"),
        ),
        sa.CheckConstraint(
            "amount_fen > 0 AND used_fen >= 0 AND released_fen >= 0"
            " AND used_fen + released_fen <= amount_fen",
            name=op.f("ck_pool_use_parts"),
        ),
        sa.CheckConstraint(
            "(form IN ('invoice', 'goods')) = (order_id IS NOT NULL)",
            name=op.f("ck_pool_use_of_order"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR requested_by_id IS NULL OR decided_by_id <> requested_by_id",
            name=op.f("ck_pool_use_two_persons"),
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_pool_use_{name}"))
            for name, to in keys.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_use")),
        sa.UniqueConstraint("number", name=op.f("uq_pool_use_number")),
    )
    op.create_index("ix_pool_use_owner", "pool_use", ["distributor_id", "currency", "state"])
    op.create_index(op.f("ix_pool_use_order_id"), "pool_use", ["order_id"])
    op.create_index(op.f("ix_pool_use_note_id"), "pool_use", ["note_id"])


def _discounts() -> None:
    op.create_table(
        "invoice_discount",
        sa.Column("id", BigId, nullable=False),
        sa.Column("invoice_id", BigId, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("use_id", BigId, nullable=False),
        sa.Column("vat_rate_bp", sa.Integer(), nullable=False),
        sa.Column("net_fen", sa.BigInteger(), nullable=False),
        sa.Column("tax_fen", sa.BigInteger(), nullable=False),
        sa.Column("gross_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("net_fen + tax_fen = gross_fen", name=op.f("ck_invoice_discount_parts")),
        sa.CheckConstraint("gross_fen < 0", name=op.f("ck_invoice_discount_taken_off")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_discount_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["use_id"], ["pool_use.id"], name=op.f("fk_invoice_discount_use_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_discount")),
        sa.UniqueConstraint(
            "invoice_id", "line_no", name=op.f("uq_invoice_discount_invoice_id_line_no")
        ),
    )
    op.create_index(op.f("ix_invoice_discount_use_id"), "invoice_discount", ["use_id"])


def _controls() -> None:
    op.create_table(
        "pool_control",
        sa.Column("id", BigId, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("checked_at", UtcInstant(), nullable=False),
        sa.Column("pools", sa.Integer(), nullable=False),
        sa.Column("differing", sa.Integer(), nullable=False),
        sa.Column("differences", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_control")),
    )
    op.create_index("ix_pool_control_on_date", "pool_control", ["on_date"])

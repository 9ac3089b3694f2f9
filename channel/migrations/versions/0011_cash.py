"""cash: bank statements, write-offs, interest"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import allow_changes, refuse_changes

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: The words of the invoice's CHECK, as they stand in the table before and after.
KINDS = "kind IN ('invoice','credit_note','opening')"
NEW_KINDS = "kind IN ('invoice','credit_note','opening','interest','write_off')"
SOURCE = "receipt_id IS NOT NULL OR note_id IS NOT NULL"
APPEND_ONLY = ("interest_item",)


def upgrade() -> None:
    _say_kinds(KINDS, NEW_KINDS)
    kind = "INTEGER" if _is_sqlite() else "BIGINT"
    op.execute(
        f"ALTER TABLE allocation ADD COLUMN note_id {kind}"
        " CONSTRAINT fk_allocation_note_id REFERENCES invoice (id)"
    )
    if _is_sqlite():
        rebuild("allocation", {
            "receipt_id INTEGER NOT NULL": "receipt_id INTEGER",
            "CONSTRAINT pk_allocation": f"CONSTRAINT ck_allocation_source CHECK ({SOURCE}),"
                                        " CONSTRAINT pk_allocation",
        })  # fmt: skip
    else:
        op.alter_column("allocation", "receipt_id", nullable=True)
        op.create_check_constraint(op.f("ck_allocation_source"), "allocation", SOURCE)
    op.create_index(op.f("ix_allocation_note_id"), "allocation", ["note_id"])
    op.add_column("receipt", sa.Column("policy", sa.String(length=16), nullable=True))
    _make_tables()
    _make_claims()
    _begin_rules()
    refuse_changes(APPEND_ONLY)


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def _say_kinds(old: str, new: str) -> None:
    if _is_sqlite():
        rebuild("invoice", {old: new})
    else:
        op.drop_constraint(op.f("ck_invoice_kind"), "invoice", type_="check")
        op.create_check_constraint(op.f("ck_invoice_kind"), "invoice", new)


def rebuild(table: str, changes: Mapping[str, str]) -> None:
    """Make a table anew on SQLite with other words in its own statement; rows, indexes and
    triggers stay as they are, letter by letter. Each word must be there exactly once."""
    bind = op.get_bind()
    found = "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
    parts = bind.exec_driver_sql(found, (table,)).all()
    [made] = [sql for kind, sql in parts if kind == "table"]
    for old, new in changes.items():
        if made.count(old) != 1:
            raise RuntimeError(f"{table}: «{old}» is not there once")
        made = made.replace(old, new)
    fresh = f"{table}_made_anew"
    head = f"CREATE TABLE {table}" if f"CREATE TABLE {table}" in made else f'CREATE TABLE "{table}"'
    for statement in (
        made.replace(head, f"CREATE TABLE {fresh}", 1),
        f"INSERT INTO {fresh} SELECT * FROM {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE {fresh} RENAME TO {table}",
        *(sql for kind, sql in parts if kind != "table"),
    ):
        bind.exec_driver_sql(statement)


def _begin_rules() -> None:
    """The one row of the house, with nothing tolerated and no interest."""
    rules = sa.table(
        "cash_rule",
        *(
            sa.column(name)
            for name in (
                "policy", "short_fen", "short_bp", "over_fen", "over_bp", "over_is_income",
                "interest_bp", "write_off_band_fen", "row_version",
            )
        ),
    )  # fmt: skip
    op.execute(
        rules.insert().values(
            policy="oldest", short_fen=0, short_bp=0, over_fen=0, over_bp=0,
            over_is_income=sa.false(), interest_bp=0, write_off_band_fen=1_000_000, row_version=1,
        )
    )  # fmt: skip


def _make_tables() -> None:
    op.create_table(
        "cash_rule",
        sa.Column("id", BigId, nullable=False),
        sa.Column("policy", sa.String(length=16), nullable=False),
        sa.Column("short_fen", sa.BigInteger(), nullable=False),
        sa.Column("short_bp", sa.Integer(), nullable=False),
        sa.Column("over_fen", sa.BigInteger(), nullable=False),
        sa.Column("over_bp", sa.Integer(), nullable=False),
        sa.Column("over_is_income", sa.Boolean(), nullable=False),
        sa.Column("interest_bp", sa.Integer(), nullable=False),
        sa.Column("write_off_band_fen", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "policy IN ('oldest','interest_first')", name=op.f("ck_cash_rule_policy")
        ),
        sa.CheckConstraint(
            "short_fen >= 0 AND short_bp >= 0 AND over_fen >= 0 AND over_bp >= 0"
            " AND interest_bp >= 0 AND write_off_band_fen >= 0",
            name=op.f("ck_cash_rule_not_negative"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_rule")),
    )
    op.create_table(
        "payer_memory",
        sa.Column("id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("learned_by_id", BigId, nullable=True),
        sa.Column("learned_at", UtcInstant(), nullable=False),
        sa.CheckConstraint("kind IN ('account','name')", name=op.f("ck_payer_memory_kind")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_payer_memory_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["learned_by_id"], ["user_account.id"], name=op.f("fk_payer_memory_learned_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_memory")),
        sa.UniqueConstraint(
            "kind",
            "value",
            "distributor_id",
            name=op.f("uq_payer_memory_kind_value_distributor_id"),
        ),
    )
    op.create_index(
        op.f("ix_payer_memory_distributor_id"), "payer_memory", ["distributor_id"], unique=False
    )
    op.create_table(
        "bank_line",
        sa.Column("id", BigId, nullable=False),
        sa.Column("upload_id", BigId, nullable=True),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payer_name", sa.String(length=255), nullable=False),
        sa.Column("payer_account", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("distributor_id", BigId, nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("evidence", sa.String(length=255), nullable=False),
        sa.Column("receipt_id", BigId, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("decided_by_id", BigId, nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'booked' OR receipt_id IS NOT NULL", name=op.f("ck_bank_line_booked")
        ),
        sa.CheckConstraint(
            "state IN ('outgoing','unassigned','matched','booked','left_out')",
            name=op.f("ck_bank_line_state"),
        ),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_bank_line_amount")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_bank_line_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_bank_line_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_bank_line_receipt_id")
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_bank_line_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_bank_line_fingerprint")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_bank_line_receipt_id")),
    )
    op.create_index(
        op.f("ix_bank_line_distributor_id"), "bank_line", ["distributor_id"], unique=False
    )
    op.create_index("ix_bank_line_state", "bank_line", ["state", "booked_on", "id"], unique=False)
    op.create_index("ix_bank_line_upload_id", "bank_line", ["upload_id"], unique=False)
    op.create_table(
        "kept_receipt",
        sa.Column("id", BigId, nullable=False),
        sa.Column("receipt_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("kept_by_id", BigId, nullable=True),
        sa.Column("kept_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_kept_receipt_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["kept_by_id"], ["user_account.id"], name=op.f("fk_kept_receipt_kept_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_kept_receipt_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_receipt")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_kept_receipt_receipt_id")),
    )
    op.create_index(
        op.f("ix_kept_receipt_distributor_id"), "kept_receipt", ["distributor_id"], unique=False
    )


def _make_claims() -> None:
    op.create_table(
        "interest_note",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("up_to", sa.Date(), nullable=False),
        sa.Column("rate_bp", sa.Integer(), nullable=False),
        sa.Column("rate_source", sa.String(length=64), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by_id", BigId, nullable=True),
        sa.Column("proposed_at", UtcInstant(), nullable=False),
        sa.Column("decided_by_id", BigId, nullable=True),
        sa.Column("decided_at", UtcInstant(), nullable=True),
        sa.Column("invoice_id", BigId, nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'posted' OR invoice_id IS NOT NULL", name=op.f("ck_interest_note_posted")
        ),
        sa.CheckConstraint(
            "state IN ('proposed','posted','dropped')", name=op.f("ck_interest_note_state")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_interest_note_amount")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_interest_note_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_interest_note_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_interest_note_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_interest_note_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_note")),
        sa.UniqueConstraint("invoice_id", name=op.f("uq_interest_note_invoice_id")),
        sa.UniqueConstraint("number", name=op.f("uq_interest_note_number")),
    )
    op.create_index(
        "ix_interest_note_owner",
        "interest_note",
        ["distributor_id", "currency", "state"],
        unique=False,
    )
    op.create_table(
        "interest_item",
        sa.Column("id", BigId, nullable=False),
        sa.Column("note_id", BigId, nullable=False),
        sa.Column("invoice_id", BigId, nullable=False),
        sa.Column("instalment_id", BigId, nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("working", Json, nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("until > since", name=op.f("ck_interest_item_span")),
        sa.ForeignKeyConstraint(
            ["instalment_id"],
            ["invoice_instalment.id"],
            name=op.f("fk_interest_item_instalment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_interest_item_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["interest_note.id"], name=op.f("fk_interest_item_note_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_item")),
    )
    op.create_index(
        "ix_interest_item_invoice", "interest_item", ["invoice_id", "instalment_id"], unique=False
    )
    op.create_index("ix_interest_item_note_id", "interest_item", ["note_id"], unique=False)
    op.create_table(
        "write_off",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("invoice_id", BigId, nullable=True),
        sa.Column("instalment_id", BigId, nullable=True),
        sa.Column("receipt_id", BigId, nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("route", Json, nullable=True),
        sa.Column("signatures", Json, nullable=True),
        sa.Column("proposed_by_id", BigId, nullable=True),
        sa.Column("proposed_at", UtcInstant(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("note_id", BigId, nullable=True),
        sa.Column("reversal_id", BigId, nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('bad_debt','difference','income')", name=op.f("ck_write_off_kind")
        ),
        sa.CheckConstraint(
            "state <> 'posted' OR note_id IS NOT NULL", name=op.f("ck_write_off_posted")
        ),
        sa.CheckConstraint(
            "state IN ('proposed','posted','refused','reversed')", name=op.f("ck_write_off_state")
        ),
        sa.CheckConstraint("amount_fen <> 0", name=op.f("ck_write_off_amount")),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_write_off_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["invoice_instalment.id"], name=op.f("fk_write_off_instalment_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_write_off_invoice_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["invoice.id"], name=op.f("fk_write_off_note_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_write_off_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipt.id"], name=op.f("fk_write_off_receipt_id")
        ),
        sa.ForeignKeyConstraint(
            ["reversal_id"], ["invoice.id"], name=op.f("fk_write_off_reversal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_off")),
        sa.UniqueConstraint("note_id", name=op.f("uq_write_off_note_id")),
        sa.UniqueConstraint("number", name=op.f("uq_write_off_number")),
        sa.UniqueConstraint("reversal_id", name=op.f("uq_write_off_reversal_id")),
    )
    op.create_index(op.f("ix_write_off_invoice_id"), "write_off", ["invoice_id"], unique=False)
    op.create_index(
        "ix_write_off_owner", "write_off", ["distributor_id", "currency", "state"], unique=False
    )
    op.create_index(op.f("ix_write_off_posted_on"), "write_off", ["posted_on"], unique=False)
    op.create_index("ix_write_off_receipt_id", "write_off", ["receipt_id"], unique=False)


def downgrade() -> None:
    """What the older release has no word for becomes what it is nearest to."""
    for table in ("interest_item", "interest_note", "write_off", "payer_memory", "bank_line",
                  "kept_receipt", "cash_rule"):  # fmt: skip
        op.drop_table(table)
    op.drop_column("receipt", "policy")
    # Older releases know money only: what a note settled is open again, and so is the note.
    allow_changes(("allocation", "invoice"))
    op.execute("DELETE FROM allocation WHERE receipt_id IS NULL")
    op.drop_index(op.f("ix_allocation_note_id"), "allocation")
    if _is_sqlite():
        rebuild("allocation", {
            "receipt_id INTEGER,": "receipt_id INTEGER NOT NULL,",
            f"CONSTRAINT ck_allocation_source CHECK ({SOURCE}), ": "",
        })  # fmt: skip
    else:
        op.drop_constraint(op.f("ck_allocation_source"), "allocation", type_="check")
        op.alter_column("allocation", "receipt_id", nullable=False)
    op.drop_column("allocation", "note_id")
    op.execute("UPDATE invoice SET kind = 'invoice' WHERE kind = 'interest'")
    op.execute("UPDATE invoice SET kind = 'credit_note' WHERE kind = 'write_off'")
    _say_kinds(NEW_KINDS, KINDS)
    refuse_changes(("allocation", "invoice"))

"""rebate_desk: the rebate desk: disputes of statement lines, replies, exports, mails"""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from channel import clock
from channel.db import BigId, Json, UtcInstant
from channel.migrations.rebuilding import is_sqlite, rebuild
from channel.migrations.refusals import allow_changes, refuse_changes, refuse_changes_when

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

APPEND_ONLY = ("dispute_message", "statement_export")
FROZEN_WHEN = {"statement_reply": "OLD.signed_at IS NOT NULL"}
#: What of a statement is contested is held in the pool, and freed again.
POOL_KINDS = ("held", "freed")

AMOUNT = "amount_fen > 0 OR (statement_id IS NOT NULL AND amount_fen = 0)"
CHECKS = {
    "amount": AMOUNT,
    "one_document": "(invoice_id IS NULL) <> (statement_id IS NULL)",
    "line_kind": "line_kind IN ('','base','line','missing','tier','condition','granted')",
    "correction": "correction IN ('','document','run')",
}
#: column → the table that it points at.
POINTERS = {
    "statement_id": "rebate_statement",
    "hold_entry_id": "pool_entry",
    "free_entry_id": "pool_entry",
}
#: What SQLite says of the new column, letter by letter.
ATTACHED = (
    "statement_file_id INTEGER"
    " CONSTRAINT fk_mail_message_statement_file_id REFERENCES statement_file (id)"
)
TEXTS = {"line_kind": 10, "line_key": 200, "line_label": 300, "correction": 10, "corrected_by": 100}


def upgrade() -> None:
    _disputes()
    _pool_kinds(more=True)
    _make_statement_reply()
    _make_dispute_message()
    _make_statement_export()
    op.add_column(
        "maker",
        sa.Column("silence_confirms", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column(
        "maker", sa.Column("dispute_days", sa.Integer(), nullable=False, server_default="10")
    )
    kind = "INTEGER" if is_sqlite() else "BIGINT"
    op.execute(f"ALTER TABLE mail_message ADD COLUMN {ATTACHED.replace('INTEGER', kind)}")
    op.create_index("ix_mail_message_statement_file_id", "mail_message", ["statement_file_id"])
    _reply_to_what_is_posted()
    refuse_changes(APPEND_ONLY)
    refuse_changes_when(FROZEN_WHEN)


def downgrade() -> None:
    allow_changes((*APPEND_ONLY, *FROZEN_WHEN))
    for table in ("statement_export", "dispute_message", "statement_reply"):
        op.drop_table(table)
    op.drop_index("ix_mail_message_statement_file_id", "mail_message")
    if is_sqlite():
        rebuild("mail_message", {f", {ATTACHED}": ""}, {})
    else:
        op.drop_column("mail_message", "statement_file_id")
    op.drop_column("maker", "dispute_days")
    op.drop_column("maker", "silence_confirms")
    _no_disputes()
    _pool_kinds(more=False)


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("statement_id", BigId, nullable=True),
        *(
            sa.Column(name, sa.String(length=size), nullable=False, server_default="")
            for name, size in TEXTS.items()
        ),
        sa.Column("stated_e4", sa.BigInteger(), nullable=True),
        sa.Column("claimed_e4", sa.BigInteger(), nullable=True),
        sa.Column("difference_fen", sa.BigInteger(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("escalated_at", UtcInstant(), nullable=True),
        sa.Column("corrected_on", sa.Date(), nullable=True),
        sa.Column("hold_entry_id", BigId, nullable=True),
        sa.Column("free_entry_id", BigId, nullable=True),
    ]


def _words() -> dict[str, str]:
    """What SQLite says of the table of disputes, and what it is to say."""
    compiler = op.get_bind().dialect
    added = []
    for column in _columns():
        kind = column.type.compile(dialect=compiler)
        end = "" if column.nullable else " DEFAULT '' NOT NULL"
        added.append(f"{column.name} {kind}{end}")
    pointers = [
        f"CONSTRAINT fk_dispute_{name} FOREIGN KEY({name}) REFERENCES {table} (id)"
        for name, table in POINTERS.items()
    ]
    checks = [f"CONSTRAINT ck_dispute_{name} CHECK ({rule})" for name, rule in CHECKS.items()]
    return {
        "invoice_id INTEGER NOT NULL": "invoice_id INTEGER",
        "row_version INTEGER NOT NULL": ", ".join(["row_version INTEGER NOT NULL", *added]),
        "CONSTRAINT ck_dispute_amount CHECK (amount_fen > 0)": ", ".join([*checks, *pointers]),
    }


def _disputes() -> None:
    if is_sqlite():
        rebuild("dispute", _words(), {})
    else:
        op.alter_column("dispute", "invoice_id", nullable=True)
        op.drop_constraint(op.f("ck_dispute_amount"), "dispute", type_="check")
        for column in _columns():
            op.add_column("dispute", column)
        for name, table in POINTERS.items():
            op.create_foreign_key(op.f(f"fk_dispute_{name}"), "dispute", table, [name], ["id"])
        for name, rule in CHECKS.items():
            op.create_check_constraint(op.f(f"ck_dispute_{name}"), "dispute", rule)
    op.create_index("ix_dispute_statement_id", "dispute", ["statement_id"])
    op.create_index("ix_dispute_answer_by", "dispute", ["closed_on", "answer_by"])


def _no_disputes() -> None:
    """Only disputes of invoices can stand in the older table."""
    op.execute("DELETE FROM dispute WHERE invoice_id IS NULL")
    op.drop_index("ix_dispute_answer_by", "dispute")
    op.drop_index("ix_dispute_statement_id", "dispute")
    if is_sqlite():
        rebuild("dispute", {new: old for old, new in _words().items()}, {})
        return
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_dispute_{name}"), "dispute", type_="check")
    for column in _columns():
        op.drop_column("dispute", column.name)
    op.create_check_constraint(op.f("ck_dispute_amount"), "dispute", "amount_fen > 0")
    op.alter_column("dispute", "invoice_id", nullable=False)


def _pool_kinds(*, more: bool) -> None:
    """Let the pool hold and free; without it, what was held and freed is taken out."""
    if not more:
        allow_changes(("pool_entry",))
        op.execute("DELETE FROM pool_entry WHERE kind IN ('held','freed')")
        refuse_changes(("pool_entry",))
    bind = op.get_bind()
    if is_sqlite():
        made = bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'pool_entry'")
        old = re.search(r"CHECK \(kind IN \([^)]*\)\)", made.scalar_one())
        assert old is not None
        kinds = _kinds(old[0], more=more)
        rebuild("pool_entry", {old[0]: f"CHECK (kind IN ({kinds}))"}, {})
        return
    rule = bind.exec_driver_sql(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_pool_entry_kind'"
    ).scalar_one()
    op.drop_constraint(op.f("ck_pool_entry_kind"), "pool_entry", type_="check")
    kinds = _kinds(rule, more=more)
    op.create_check_constraint(op.f("ck_pool_entry_kind"), "pool_entry", f"kind IN ({kinds})")


def _kinds(rule: str, *, more: bool) -> str:
    """The kinds of a rule as SQL says them, with or without ours."""
    known = [kind for kind in re.findall(r"'(\w+)'", rule) if kind not in POOL_KINDS]
    return ",".join(f"'{kind}'" for kind in [*known, *(POOL_KINDS if more else ())])


def _make_statement_reply() -> None:
    op.create_table(
        "statement_reply",
        sa.Column("id", BigId, nullable=False),
        sa.Column("statement_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("silence", sa.String(length=10), nullable=False),
        sa.Column("signed_as", sa.String(length=10), nullable=False),
        sa.Column("signed_by_id", BigId, nullable=True),
        sa.Column("signed_name", sa.String(length=255), nullable=False),
        sa.Column("signed_at", UtcInstant(), nullable=True),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("excepted", Json, nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "silence IN ('confirms','open')", name=op.f("ck_statement_reply_silence")
        ),
        sa.CheckConstraint(
            "signed_as IN ('','confirmed','silence')", name=op.f("ck_statement_reply_signed_as")
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signed_as = '')", name=op.f("ck_statement_reply_signed")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"], ["distributor.id"], name=op.f("fk_statement_reply_distributor_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["user_account.id"], name=op.f("fk_statement_reply_signed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["rebate_statement.id"], name=op.f("fk_statement_reply_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_reply")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_statement_reply_statement_id")),
    )
    waiting, owner = ["signed_as", "silence", "reply_by"], ["distributor_id", "signed_as"]
    op.create_index("ix_statement_reply_waiting", "statement_reply", waiting)
    op.create_index("ix_statement_reply_owner", "statement_reply", [*owner, "reply_by"])


def _make_dispute_message() -> None:
    op.create_table(
        "dispute_message",
        sa.Column("id", BigId, nullable=False),
        sa.Column("dispute_id", BigId, nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("said_by_id", BigId, nullable=True),
        sa.Column("said_by", sa.String(length=255), nullable=False),
        sa.Column("said_at", UtcInstant(), nullable=False),
        sa.CheckConstraint("side IN ('distributor','maker')", name=op.f("ck_dispute_message_side")),
        sa.CheckConstraint(
            "act IN ('open','say','accept','reject','withdraw','correct')",
            name=op.f("ck_dispute_message_act"),
        ),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_message_dispute_id")
        ),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["user_account.id"], name=op.f("fk_dispute_message_said_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_message")),
    )
    op.create_index("ix_dispute_message_dispute_id", "dispute_message", ["dispute_id"])


def _make_statement_export() -> None:
    op.create_table(
        "statement_export",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("run_id", BigId, nullable=True),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("format", sa.String(length=4), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("statement_ids", Json, nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("totals", Json, nullable=False),
        sa.Column("set_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("again_of_id", BigId, nullable=True),
        sa.Column("exported_by_id", BigId, nullable=True),
        sa.Column("exported_by", sa.String(length=255), nullable=False),
        sa.Column("exported_at", UtcInstant(), nullable=False),
        sa.CheckConstraint(
            "format IN ('zip','csv','xlsx','json','pdf')", name=op.f("ck_statement_export_format")
        ),
        sa.ForeignKeyConstraint(
            ["again_of_id"], ["statement_export.id"], name=op.f("fk_statement_export_again_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["exported_by_id"], ["user_account.id"], name=op.f("fk_statement_export_exported_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["rebate_run.id"], name=op.f("fk_statement_export_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_export")),
        sa.UniqueConstraint("number", name=op.f("uq_statement_export_number")),
    )
    op.create_index("ix_statement_export_run_id", "statement_export", ["run_id"])
    op.create_index("ix_statement_export_exported_at", "statement_export", ["exported_at"])


def _reply_to_what_is_posted() -> None:
    """Statements of before said that silence confirms, after the days of the house."""
    bind = op.get_bind()
    days = bind.exec_driver_sql("SELECT objection_days FROM maker").scalar() or 0
    run = sa.table("rebate_run", sa.column("id"), sa.column("posted_at", UtcInstant()))
    one = sa.table(
        "rebate_statement",
        *(sa.column(name) for name in ("id", "run_id", "distributor_id", "number")),
    )
    posted = bind.execute(
        sa.select(one.c.id, one.c.distributor_id, run.c.posted_at)
        .join_from(one, run, run.c.id == one.c.run_id)
        .where(one.c.number.is_not(None))
    ).all()
    rows = [
        {
            "statement_id": statement_id,
            "distributor_id": owner,
            "reply_by": clock.date_of(at) + timedelta(days=days),
            "silence": "confirms",
            "signed_as": "",
            "signed_name": "",
            "document_sha256": "",
            "excepted": [],
            "note": "",
        }
        for statement_id, owner, at in posted
    ]
    reply = sa.table(
        "statement_reply",
        sa.column("reply_by", sa.Date()),
        sa.column("excepted", Json),
        *(sa.column(name) for name in rows[0] if name not in ("reply_by", "excepted")),
    ) if rows else None  # fmt: skip
    if reply is not None:
        bind.execute(sa.insert(reply), rows)

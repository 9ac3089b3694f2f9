"""rebate_facts: what a rebate counts: the day of the sale, periods of statements, stored facts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.rebuilding import is_sqlite, rebuild
from channel.migrations.refusals import allow_changes, refuse_changes, refuse_changes_when

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BASE_INDEX = "ix_invoice_line_rebate_base"
KEY = ["run_id", "distributor_id", "policy_id", "currency"]
OLD_KEY = "uq_rebate_statement_run_id_distributor_id_policy_id_currency"
NEW_KEY = "uq_rebate_statement_of_a_run"
FROZEN = {"rebate_statement": "OLD.number IS NOT NULL"}
SHIPPED = (
    "coalesce((SELECT shipment.ship_date FROM invoice JOIN shipment"
    " ON shipment.id = invoice.shipment_id WHERE invoice.id = invoice_line.invoice_id),"
    " invoice_date)"
)
OF_RUN = "(SELECT {} FROM rebate_run WHERE rebate_run.id = rebate_statement.run_id)"


#: What SQLite says of the new columns, letter by letter.
INVOICE = "undoes_id INTEGER CONSTRAINT fk_invoice_undoes_id REFERENCES invoice (id)"
LINES = {
    "is_free BOOLEAN NOT NULL": (
        "is_free BOOLEAN NOT NULL, counts_on DATE NOT NULL, shipped_on DATE NOT NULL,"
        " undoes_id INTEGER CONSTRAINT fk_invoice_line_undoes_id REFERENCES invoice_line (id)"
    )
}
STATEMENTS = {
    "steps JSON NOT NULL": (
        "steps JSON NOT NULL, period_start DATE NOT NULL, period_end DATE NOT NULL,"
        " facts JSON, reasons JSON"
    ),
    f"{OLD_KEY} UNIQUE ({', '.join(KEY)})": f"{NEW_KEY} UNIQUE ({', '.join(KEY)}, period_start)",
}


def upgrade() -> None:
    kind = "INTEGER" if is_sqlite() else "BIGINT"
    op.execute(f"ALTER TABLE invoice ADD COLUMN {INVOICE.replace('INTEGER', kind)}")
    op.create_index(op.f("ix_invoice_undoes_id"), "invoice", ["undoes_id"])
    op.drop_index(BASE_INDEX, "invoice_line")
    if is_sqlite():
        rebuild("invoice_line", LINES, {"counts_on": "invoice_date", "shipped_on": SHIPPED})
        spans = {name: OF_RUN.format(name) for name in ("period_start", "period_end")}
        rebuild("rebate_statement", STATEMENTS, spans)
    else:
        _lines_of_postgresql()
        _statements_of_postgresql()
    op.create_index(op.f("ix_invoice_line_undoes_id"), "invoice_line", ["undoes_id"])
    _index("currency", "counts_on", more=("quantity",))
    op.create_index(
        "ix_rebate_statement_period", "rebate_statement", ["period_start", "period_end", "run_id"]
    )
    op.add_column("rebate_run", sa.Column("seen", Json, nullable=True))
    _groups()


def downgrade() -> None:
    op.drop_table("rebate_group_member")
    op.drop_table("rebate_group")
    op.drop_column("rebate_run", "seen")
    op.drop_index("ix_rebate_statement_period", "rebate_statement")
    op.drop_index(BASE_INDEX, "invoice_line")
    op.drop_index(op.f("ix_invoice_line_undoes_id"), "invoice_line")
    op.drop_index(op.f("ix_invoice_undoes_id"), "invoice")
    _no_true_ups()
    if is_sqlite():
        for table, words in (("rebate_statement", STATEMENTS), ("invoice_line", LINES)):
            rebuild(table, {new: old for old, new in words.items()}, {})
        rebuild("invoice", {f", {INVOICE}": ""}, {})
    else:
        op.drop_constraint(NEW_KEY, "rebate_statement", type_="unique")
        op.create_unique_constraint(OLD_KEY, "rebate_statement", KEY)
        for table, columns in (
            ("rebate_statement", ("period_start", "period_end", "facts", "reasons")),
            ("invoice_line", ("undoes_id", "shipped_on", "counts_on")),
            ("invoice", ("undoes_id",)),
        ):
            for column in columns:
                op.drop_column(table, column)
    _index("invoice_date", "currency")


def _index(*first: str, more: tuple[str, ...] = ()) -> None:
    columns = ["distributor_id", *first, "group_id", "is_free", "net_e4", "gross_e4", *more]
    op.create_index(BASE_INDEX, "invoice_line", columns)


def _no_true_ups() -> None:
    """Statements of other periods than their run's cannot stand in the older tables."""
    other = (
        "SELECT s.id FROM rebate_statement AS s JOIN rebate_run AS r ON r.id = s.run_id"
        " WHERE r.period_start <> s.period_start OR r.period_end <> s.period_end"
    )
    theirs = ("pool_entry", "statement_file", "statement_penalty")
    allow_changes((*theirs, *FROZEN))
    for table in theirs:
        op.execute(f"DELETE FROM {table} WHERE statement_id IN ({other})")
    op.execute(f"DELETE FROM rebate_statement WHERE id IN ({other})")
    refuse_changes(theirs)
    refuse_changes_when(FROZEN)


def _lines_of_postgresql() -> None:
    op.execute(
        "ALTER TABLE invoice_line ADD COLUMN counts_on date, ADD COLUMN shipped_on date,"
        " ADD COLUMN undoes_id bigint CONSTRAINT fk_invoice_line_undoes_id"
        " REFERENCES invoice_line (id)"
    )
    allow_changes(("invoice_line",))
    op.execute(f"UPDATE invoice_line SET counts_on = invoice_date, shipped_on = {SHIPPED}")
    refuse_changes(("invoice_line",))
    op.execute(
        "ALTER TABLE invoice_line ALTER COLUMN counts_on SET NOT NULL,"
        " ALTER COLUMN shipped_on SET NOT NULL"
    )


def _statements_of_postgresql() -> None:
    op.execute(
        "ALTER TABLE rebate_statement ADD COLUMN period_start date, ADD COLUMN period_end date,"
        " ADD COLUMN facts jsonb, ADD COLUMN reasons jsonb"
    )
    allow_changes(("rebate_statement",))
    op.execute(
        f"UPDATE rebate_statement SET period_start = {OF_RUN.format('period_start')},"
        f" period_end = {OF_RUN.format('period_end')}"
    )
    refuse_changes_when(FROZEN)
    op.execute(
        "ALTER TABLE rebate_statement ALTER COLUMN period_start SET NOT NULL,"
        " ALTER COLUMN period_end SET NOT NULL"
    )
    op.drop_constraint(OLD_KEY, "rebate_statement", type_="unique")
    op.create_unique_constraint(NEW_KEY, "rebate_statement", [*KEY, "period_start"])


def _groups() -> None:
    op.create_table(
        "rebate_group",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebate_group")),
        sa.UniqueConstraint("name", name=op.f("uq_rebate_group_name")),
    )
    op.create_table(
        "rebate_group_member",
        sa.Column("id", BigId, nullable=False),
        sa.Column("group_id", BigId, nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_rebate_group_member_span")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"],
            ["distributor.id"],
            name=op.f("fk_rebate_group_member_distributor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["rebate_group.id"], name=op.f("fk_rebate_group_member_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebate_group_member")),
    )
    op.create_index(
        "ix_rebate_group_member_distributor_id", "rebate_group_member", ["distributor_id"]
    )
    op.create_index("ix_rebate_group_member_group_id", "rebate_group_member", ["group_id"])

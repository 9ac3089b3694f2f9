"""ages: what is set against a debt bears its debtor, currency and due date itself"""

from __future__ import annotations

from alembic import op

from channel.migrations.rebuilding import is_sqlite, rebuild
from channel.migrations.refusals import allow_changes, refuse_changes

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

#: As the model named it when this was written.
TABLE = "allocation"
INDEX = "ix_allocation_ages"
OF_INVOICE = "(SELECT {} FROM invoice WHERE invoice.id = allocation.invoice_id)"
OF_PART = "(SELECT pay_by FROM invoice_instalment WHERE id = allocation.instalment_id)"
FILLS = {
    "distributor_id": OF_INVOICE.format("distributor_id"),
    "currency": OF_INVOICE.format("currency"),
    "pay_by": f"coalesce({OF_PART}, {OF_INVOICE.format('pay_by')})",
}
REFERENCE = "CONSTRAINT fk_allocation_distributor_id_distributor REFERENCES distributor (id)"
#: What SQLite says of the new columns, letter by letter.
WORDS = {
    "allocated_on DATE NOT NULL": "allocated_on DATE NOT NULL,"
    f" distributor_id INTEGER NOT NULL {REFERENCE},"
    " currency VARCHAR(3) NOT NULL, pay_by DATE NOT NULL"
}


def upgrade() -> None:
    if is_sqlite():
        rebuild(TABLE, WORDS, FILLS)
    else:
        op.execute(f"ALTER TABLE {TABLE} ADD COLUMN distributor_id BIGINT {REFERENCE}")
        op.execute(f"ALTER TABLE {TABLE} ADD COLUMN currency VARCHAR(3), ADD COLUMN pay_by DATE")
        allow_changes((TABLE,))
        sets = ", ".join(f"{column} = {value}" for column, value in FILLS.items())
        op.execute(" ".join(("UPDATE", TABLE, "SET", sets)))
        refuse_changes((TABLE,))
        for column in FILLS:
            op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {column} SET NOT NULL")
    columns = ["distributor_id", "currency", "pay_by", "allocated_on", "amount_fen"]
    op.create_index(INDEX, TABLE, columns)


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    if is_sqlite():
        rebuild(TABLE, {new: old for old, new in WORDS.items()}, {})
    else:
        for column in FILLS:
            op.drop_column(TABLE, column)

"""exchanges: claims for slow-moving stock"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import allow_changes, refuse_changes

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_STATES = (
    "draft", "claimed", "approved", "on_way", "counted", "disputed", "judged", "settled",
    "refused", "withdrawn", "lapsed",
)  # fmt: skip


def _keys(table: str, **targets: str) -> list[sa.Constraint]:
    """The primary key, and foreign keys column → table."""
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, target in targets.items()
        ),
    ]


def _fen(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False)


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=True)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, BigId, nullable=nullable)


def _check(table: str, name: str, condition: str) -> sa.Constraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    people = ("created", "filed", "decided", "counted", "judged", "settled")
    table = "exchange_claim"
    op.create_table(
        table,
        _id("id"),
        _text("number", 64),
        _id("distributor_id"),
        _id("agreement_version_id", nullable=True),
        _text("currency", 3),
        _text("state", 12),
        _text("means", 8),
        _text("reason", 500),
        sa.Column("clause", Json, nullable=True),
        _fen("base_net_fen"),
        _fen("cap_fen", nullable=True),
        _fen("used_net_fen"),
        sa.Column("findings", Json, nullable=True),
        *(_id(f"{who}_by_id", nullable=True) for who in people),
        sa.Column("created_at", UtcInstant(), nullable=False),
        *(_day(f"{when}_on") for when in ("sent", *people[1:])),
        _text("note", 500),
        _day("return_by"),
        sa.Column("document", Json, nullable=True),
        _text("carrier", 255),
        _text("waybill", 100),
        _fen("freight_fen"),
        _text("freight_paid_by", 12),
        sa.Column("once", sa.String(64), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        *_keys(
            table,
            distributor_id="distributor",
            agreement_version_id="agreement_version",
            **{f"{who}_by_id": "user_account" for who in people},
        ),
        sa.UniqueConstraint("number", name=op.f("uq_exchange_claim_number")),
        sa.UniqueConstraint("once", name=op.f("uq_exchange_claim_once")),
        _check(table, "state", f"state IN {_STATES!r}"),
        _check(table, "means", "means IN ('credit', 'same', 'other')"),
        _check(table, "freight_paid_by", "freight_paid_by IN ('distributor', 'maker')"),
        _check(table, "freight", "freight_fen >= 0"),
    )
    op.create_index("ix_exchange_claim_distributor_id_state", table, ["distributor_id", "state"])
    op.create_index("ix_exchange_claim_state", table, ["state", "return_by"])
    _lines()
    _goods()
    _postings()
    refuse_changes(["exchange_posting"])


def _lines() -> None:
    table = "exchange_line"
    op.create_table(
        table,
        _id("id"),
        _id("claim_id"),
        sa.Column("line_no", sa.Integer(), nullable=False),
        _id("product_id"),
        _text("batch", 64),
        _id("shipment_line_id", nullable=True),
        _day("shipped_on"),
        _day("last_day"),
        sa.Column("is_sealed", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in ("approved", "sent", "accepted", "granted")
        ),
        *(_text(f"{act}_note", 500) for act in ("approve", "count", "judge")),
        _fen("paid_gross_fen"),
        _fen("book_gross_fen", nullable=True),
        _fen("unit_gross_fen"),
        sa.Column("vat_rate_bp", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        _fen("held_net_fen"),
        *_keys(
            table,
            claim_id="exchange_claim",
            product_id="product",
            shipment_line_id="shipment_line",
        ),
        sa.UniqueConstraint("claim_id", "line_no", name=op.f("uq_exchange_line_claim_id_line_no")),
        _check(table, "asked", "asked > 0"),
        _check(table, "approved", "approved BETWEEN 0 AND asked"),
        _check(table, "sent", "sent BETWEEN 0 AND approved"),
        _check(table, "accepted", "accepted BETWEEN 0 AND sent"),
        _check(table, "granted", "granted BETWEEN 0 AND sent - accepted"),
    )
    op.create_index("ix_exchange_line_shipment_line_id", table, ["shipment_line_id"])


def _goods() -> None:
    table = "exchange_goods"
    op.create_table(
        table,
        _id("id"),
        _id("claim_id"),
        _id("product_id"),
        sa.Column("quantity", sa.Integer(), nullable=False),
        *_keys(table, claim_id="exchange_claim", product_id="product"),
        sa.UniqueConstraint(
            "claim_id", "product_id", name=op.f("uq_exchange_goods_claim_id_product_id")
        ),
        _check(table, "quantity", "quantity > 0"),
    )


def _postings() -> None:
    table = "exchange_posting"
    op.create_table(
        table,
        _id("id"),
        _id("claim_id"),
        _id("distributor_id"),
        _id("invoice_id"),
        _id("shipment_id", nullable=True),
        sa.Column("line_no", sa.Integer(), nullable=False),
        _text("kind", 10),
        sa.Column("posted_on", sa.Date(), nullable=False),
        _id("product_id", nullable=True),
        _text("batch", 64),
        sa.Column("quantity", sa.Integer(), nullable=False),
        _fen("unit_gross_fen"),
        sa.Column("vat_rate_bp", sa.Integer(), nullable=False),
        _fen("net_fen"),
        _fen("tax_fen"),
        _fen("gross_fen"),
        *_keys(
            table,
            claim_id="exchange_claim",
            distributor_id="distributor",
            invoice_id="invoice",
            shipment_id="shipment",
            product_id="product",
        ),
        sa.UniqueConstraint(
            "invoice_id", "line_no", name=op.f("uq_exchange_posting_invoice_id_line_no")
        ),
        _check(table, "kind", "kind IN ('returned', 'goods', 'freight')"),
        _check(table, "parts", "net_fen + tax_fen = gross_fen"),
    )
    op.create_index("ix_exchange_posting_claim_id", table, ["claim_id"])


def downgrade() -> None:
    allow_changes(["exchange_posting"])
    for table in ("exchange_posting", "exchange_goods", "exchange_line", "exchange_claim"):
        op.drop_table(table)

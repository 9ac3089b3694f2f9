"""credit policies: how credit is checked, by version"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import refuse_changes_when

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Rows of these tables never change again once this holds.
FROZEN_WHEN = {"credit_policy": "OLD.state = 'approved'"}

#: Earlier than any document: the first version is what has ruled so far.
BEGINNING = date(2000, 1, 1)

_BUCKETS = ["ordered", "shipped", "invoiced", "unapplied"]
_OLD = ("credit_at_order", "credit_at_shipment", "overdue_hold_days", "overdue_tolerance_fen")


def upgrade() -> None:
    _make_policies()
    _make_trials()
    _write_first()
    refuse_changes_when(FROZEN_WHEN)
    with op.batch_alter_table("maker") as batch:
        for name in _OLD:
            batch.drop_column(name)
    op.create_index(
        "ix_sales_order_later",
        "sales_order",
        ["distributor_id", "currency", "deliver_on"],
        sqlite_where=sa.text("state = 'confirmed' AND deliver_on IS NOT NULL"),
        postgresql_where=sa.text("state = 'confirmed' AND deliver_on IS NOT NULL"),
    )


def _make_policies() -> None:
    op.create_table(
        "credit_policy",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("policy", Json, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", BigId, nullable=True),
        sa.Column("proposed_at", UtcInstant(), nullable=False),
        sa.Column("approved_by_id", BigId, nullable=True),
        sa.Column("approved_at", UtcInstant(), nullable=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed','approved','withdrawn')", name=op.f("ck_credit_policy_state")
        ),
        sa.CheckConstraint(
            "(state = 'approved') = (approved_at IS NOT NULL)",
            name=op.f("ck_credit_policy_approved"),
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR proposed_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name=op.f("ck_credit_policy_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_credit_policy_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_credit_policy_approved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_policy")),
        sa.UniqueConstraint("number", name=op.f("uq_credit_policy_number")),
    )
    op.create_index("ix_credit_policy_ruling", "credit_policy", ["state", "valid_from", "number"])


def _make_trials() -> None:
    op.create_table(
        "credit_trial",
        sa.Column("id", BigId, nullable=False),
        sa.Column("policy_id", BigId, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("unjudged", sa.Integer(), nullable=False),
        sa.Column("created_by_id", BigId, nullable=True),
        sa.Column("created_at", UtcInstant(), nullable=False),
        sa.Column("finished_at", UtcInstant(), nullable=True),
        sa.CheckConstraint("end_day > first_day", name=op.f("ck_credit_trial_span")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["credit_policy.id"], name=op.f("fk_credit_trial_policy_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_credit_trial_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_trial")),
    )
    op.create_index("ix_credit_trial_policy_id", "credit_trial", ["policy_id"])
    op.create_table(
        "credit_trial_line",
        sa.Column("id", BigId, nullable=False),
        sa.Column("trial_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("distributor_id", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("was", sa.String(length=8), nullable=False),
        sa.Column("now", sa.String(length=8), nullable=False),
        sa.Column("change", sa.String(length=8), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.CheckConstraint("kind IN ('order','shipment')", name=op.f("ck_credit_trial_line_kind")),
        sa.CheckConstraint(
            "change IN ('same','stopped','freed','unknown')",
            name=op.f("ck_credit_trial_line_change"),
        ),
        sa.ForeignKeyConstraint(
            ["trial_id"], ["credit_trial.id"], name=op.f("fk_credit_trial_line_trial_id")
        ),
        sa.ForeignKeyConstraint(
            ["distributor_id"],
            ["distributor.id"],
            name=op.f("fk_credit_trial_line_distributor_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_trial_line")),
        sa.UniqueConstraint(
            "trial_id",
            "kind",
            "document_id",
            name=op.f("uq_credit_trial_line_trial_id_kind_document_id"),
        ),
    )
    op.create_index("ix_credit_trial_line_change", "credit_trial_line", ["trial_id", "change"])


def _write_first() -> None:
    """The rules of the settings become version 1, so that every check goes on as before."""
    bind = op.get_bind()
    maker = sa.table("maker", sa.column("id"), *(sa.column(name) for name in _OLD))
    settings = sa.select(*(maker.c[name] for name in _OLD)).order_by(maker.c.id).limit(1)
    row = bind.execute(settings).first()
    at_order, at_shipment, days, tolerance = row or ("block", "block", 0, 0)
    first = {
        "order": _control(at_order),
        "shipment": _control(at_shipment),
        "ladders": [
            {
                "grade": "",
                "rules": [
                    {"over_days": days, "step": "hold_shipments", "tolerance_fen": tolerance}
                ],
            }
        ],
        "grace_days": 0,
        "prepaid": "shipment",
    }
    table = sa.table(
        "credit_policy",
        sa.column("number", sa.Integer()),
        sa.column("valid_from", sa.Date()),
        sa.column("state", sa.String()),
        sa.column("policy", Json),
        sa.column("reason", sa.String()),
        sa.column("proposed_at", UtcInstant()),
        sa.column("approved_at", UtcInstant()),
        sa.column("row_version", sa.Integer()),
    )
    now = datetime.now(UTC)
    values = {"number": 1, "valid_from": BEGINNING, "state": "approved", "policy": first}
    values |= {"reason": "", "proposed_at": now, "approved_at": now, "row_version": 1}
    bind.execute(sa.insert(table).values(**values))
    series = sa.table("number_series", sa.column("name"), sa.column("value"))
    bind.execute(sa.insert(series).values(name="credit_policy", value=1))


def _control(mode: str) -> dict[str, Any]:
    """What held so far and was softened by exceptions is «approve»."""
    return {
        "mode": "warn" if mode == "warn" else "approve",
        "buckets": _BUCKETS,
        "horizon_days": None,
        "oldest_days": None,
        "largest_fen": None,
        "longest_days": None,
    }


def downgrade() -> None:
    op.drop_index("ix_sales_order_later", table_name="sales_order")
    for name, kind, start in zip(
        _OLD,
        (sa.String(8), sa.String(8), sa.Integer(), sa.BigInteger()),
        ("block", "block", "0", "0"),
        strict=True,
    ):
        op.add_column("maker", sa.Column(name, kind, nullable=False, server_default=start))
    _restore_settings()
    op.drop_table("credit_trial_line")
    op.drop_table("credit_trial")
    op.drop_table("credit_policy")
    op.execute("DELETE FROM number_series WHERE name = 'credit_policy'")


def _restore_settings() -> None:
    """The settings say what the newest policy says, as far as they can."""
    bind = op.get_bind()
    stored = bind.execute(
        sa.text(
            "SELECT policy FROM credit_policy WHERE state = 'approved'"
            " ORDER BY valid_from DESC, number DESC LIMIT 1"
        )
    ).scalar()
    policy = json.loads(stored) if isinstance(stored, str) else stored
    rules = [rule for ladder in policy["ladders"] for rule in ladder["rules"]]
    held = next((rule for rule in rules if rule["step"] == "hold_shipments"), None)
    bind.execute(
        sa.text(
            "UPDATE maker SET credit_at_order = :o, credit_at_shipment = :s,"
            " overdue_hold_days = :d, overdue_tolerance_fen = :t"
        ),
        {
            "o": "warn" if policy["order"]["mode"] == "warn" else "block",
            "s": "warn" if policy["shipment"]["mode"] == "warn" else "block",
            "d": held["over_days"] if held else 365,
            "t": held["tolerance_fen"] if held else 10**15,
        },
    )

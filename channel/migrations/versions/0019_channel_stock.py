"""channel stock: snapshots, counts by reps, visits to outlets"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from channel.db import BigId, Json, UtcInstant
from channel.migrations.refusals import allow_changes, refuse_changes

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("stock_count", "stock_count_line", "outlet_visit")
#: House setting → what holds until the house says otherwise.
_SETTINGS = {
    "stock_old_days": "35",
    "stock_short_days": "7",
    "stock_over_days": "60",
    "count_gap_bp": "1000",
    "outlet_sleep_days": "90",
    "outlet_lost_days": "180",
}


def _keys(table: str, **targets: str) -> list[sa.Constraint]:
    """Foreign keys column → table."""
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in targets.items()
    ]


def _whole(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable, server_default=default)


def _id() -> sa.Column:
    return sa.Column("id", BigId, nullable=False)


def _key(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, BigId, nullable=nullable)


def _text(name: str, length: int, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=False, server_default=default)


def upgrade() -> None:
    _make_snapshot()
    _make_counts()
    _make_follow_ups()
    _make_visits()
    for name, value in _SETTINGS.items():
        op.add_column("maker", _whole(name, default=value))
    op.add_column("outlet", sa.Column("opened_on", sa.Date(), nullable=True))
    refuse_changes(_APPEND_ONLY)
    _fill()


def _make_snapshot() -> None:
    op.create_table(
        "stock_position",
        _key("distributor_id"), sa.Column("period_start", sa.Date(), nullable=False),
        _key("product_id"), sa.Column("period_end", sa.Date(), nullable=False),
        _key("report_id"), _whole("closing"), _whole("saleable"),
        _whole("in_transit", nullable=True), _whole("sold"),
        *_keys("stock_position", distributor_id="distributor", product_id="product",
               report_id="inventory_report"),
        sa.PrimaryKeyConstraint(
            "distributor_id", "period_start", "product_id", name=op.f("pk_stock_position")
        ),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "stock_standing",
        _id(), _key("distributor_id"), _key("product_id"), _key("report_id"), _text("period", 24),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        _whole("closing"), _whole("saleable"), _whole("in_transit", nullable=True),
        _whole("pace_sold"), _whole("pace_days"), _text("method", 12, ""), _text("kind", 12, ""),
        sa.Column("daily_e4", sa.BigInteger(), nullable=True),
        _whole("used", default="0"), _whole("left_out", default="0"),
        sa.Column("note", Json, nullable=True),
        *_keys("stock_standing", distributor_id="distributor", product_id="product",
               report_id="inventory_report"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_standing")),
        sa.UniqueConstraint(
            "distributor_id", "product_id", name=op.f("uq_stock_standing_distributor_id_product_id")
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_stock_standing_report_id"), "stock_standing", ["report_id"])
    op.create_index(
        "ix_stock_standing_product_id", "stock_standing", ["product_id", "distributor_id"]
    )


def _make_counts() -> None:
    op.create_table(
        "stock_count",
        _id(), _text("number", 64), _key("distributor_id"),
        sa.Column("counted_on", sa.Date(), nullable=False), _key("report_id", nullable=True),
        _text("period", 24), sa.Column("last_day", sa.Date(), nullable=True), _text("note", 500),
        _whole("bound_bp"), _key("counted_by_id", nullable=True),
        sa.Column("recorded_at", UtcInstant(), nullable=False),
        *_keys("stock_count", distributor_id="distributor", report_id="inventory_report",
               counted_by_id="user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count")),
        sa.UniqueConstraint("number", name=op.f("uq_stock_count_number")),
    )  # fmt: skip
    op.create_index(
        "ix_stock_count_distributor_id_counted_on", "stock_count", ["distributor_id", "counted_on"]
    )
    op.create_table(
        "stock_count_line",
        _id(), _key("count_id"), _key("distributor_id"), _key("product_id"), _text("location", 64),
        _whole("counted"),
        *(_whole(name, nullable=True) for name in (
            "reported", "came", "sold", "moved", "gap", "gap_bp", "judged_gap", "judged_bp")),
        sa.Column("is_above", sa.Boolean(), nullable=False),
        sa.Column("is_repeated", sa.Boolean(), nullable=False),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_stock_count_line_counted")),
        *_keys("stock_count_line", count_id="stock_count", distributor_id="distributor",
               product_id="product"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count_line")),
        sa.UniqueConstraint(
            "count_id", "product_id", "location",
            name=op.f("uq_stock_count_line_count_id_product_id_location"),
        ),
    )  # fmt: skip
    op.create_index(
        "ix_stock_count_line_goods", "stock_count_line",
        ["distributor_id", "product_id", "location"],
    )  # fmt: skip


def _make_follow_ups() -> None:
    op.create_table(
        "stock_follow_up",
        _id(), _text("number", 64), _key("line_id"), _key("distributor_id"), _key("product_id"),
        sa.Column("is_case", sa.Boolean(), nullable=False), _text("state", 8),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcInstant(), nullable=True), _key("closed_by_id", nullable=True),
        _whole("row_version"),
        sa.CheckConstraint("state IN ('open','closed')", name=op.f("ck_stock_follow_up_state")),
        sa.CheckConstraint(
            "state <> 'closed' OR result <> ''", name=op.f("ck_stock_follow_up_result")
        ),
        *_keys("stock_follow_up", line_id="stock_count_line", distributor_id="distributor",
               product_id="product", closed_by_id="user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_follow_up")),
        sa.UniqueConstraint("number", name=op.f("uq_stock_follow_up_number")),
        sa.UniqueConstraint("line_id", name=op.f("uq_stock_follow_up_line_id")),
    )  # fmt: skip
    op.create_index(
        "ix_stock_follow_up_distributor_id_state", "stock_follow_up", ["distributor_id", "state"]
    )


def _make_visits() -> None:
    op.create_table(
        "outlet_visit",
        _id(), _key("distributor_id"), _key("outlet_id"),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("is_visit", sa.Boolean(), nullable=False),
        sa.Column("has_order", sa.Boolean(), nullable=False),
        _whole("quantity", nullable=True), _text("note", 500),
        _key("logged_by_id", nullable=True),
        sa.Column("logged_at", UtcInstant(), nullable=False),
        sa.CheckConstraint(
            "quantity IS NULL OR quantity > 0", name=op.f("ck_outlet_visit_quantity")
        ),
        sa.CheckConstraint("is_visit OR has_order", name=op.f("ck_outlet_visit_happened")),
        *_keys("outlet_visit", distributor_id="distributor", outlet_id="outlet",
               logged_by_id="user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet_visit")),
    )  # fmt: skip
    op.create_index(op.f("ix_outlet_visit_distributor_id"), "outlet_visit", ["distributor_id"])
    op.create_index(
        "ix_outlet_visit_outlet_id_visited_on", "outlet_visit", ["outlet_id", "visited_on"]
    )


_CURRENT = (
    "NOT EXISTS (SELECT 1 FROM inventory_report later WHERE later.distributor_id = r.distributor_id"
    " AND later.period_start = r.period_start AND later.version_no > r.version_no)"
)


def _fill() -> None:
    """Positions of all reports that stand; a job makes the pace and the forecasts from them."""
    op.execute(
        # What varies is written above, not by anybody.
        "INSERT INTO stock_position (distributor_id, period_start, product_id, period_end,"
        " report_id, closing, saleable, in_transit, sold)"
        " SELECT r.distributor_id, r.period_start, w.product_id, r.period_end, r.id,"
        " sum(w.closing), sum(w.closing - coalesce(w.held, 0) - coalesce(w.damaged, 0)),"
        " sum(w.in_transit), sum(coalesce(w.sell_out, 0) - coalesce(w.returns_in, 0))"
        f" FROM inventory_report r JOIN inventory_row w ON w.report_id = r.id WHERE {_CURRENT}"
        " GROUP BY r.distributor_id, r.period_start, w.product_id, r.period_end, r.id"  # noqa: S608
    )
    op.execute(
        "INSERT INTO stock_standing (distributor_id, product_id, report_id, period, last_day,"
        " filed_on, closing, saleable, in_transit, pace_sold, pace_days)"
        f" SELECT p.distributor_id, p.product_id, r.id, r.period, {_day_before('r.period_end')},"
        " r.filed_on, p.closing, p.saleable, p.in_transit, p.sold,"
        f" {_days('r.period_start', 'r.period_end')}"
        " FROM stock_position p JOIN inventory_report r ON r.id = p.report_id"
        " WHERE r.period_end = (SELECT max(n.period_end) FROM inventory_report n"
        " WHERE n.distributor_id = r.distributor_id)"  # noqa: S608
    )
    bind = op.get_bind()
    if bind.execute(sa.text("SELECT 1 FROM stock_standing LIMIT 1")).first():
        job = sa.table(
            "job", *(sa.column(c) for c in ("kind", "key", "state", "attempt", "done", "total")),
            sa.column("payload", Json), sa.column("created_at", UtcInstant()),
        )  # fmt: skip
        bind.execute(
            job.insert().values(
                kind="channel_stock", key="channel_stock:0019", state="waiting", payload={},
                attempt=0, done=0, total=0, created_at=datetime.now(UTC),
            )
        )  # fmt: skip


def _day_before(column: str) -> str:
    if op.get_bind().dialect.name == "postgresql":
        return f"{column} - 1"
    return f"date({column}, '-1 day')"


def _days(start: str, end: str) -> str:
    if op.get_bind().dialect.name == "postgresql":
        return f"{end} - {start}"
    return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"


def downgrade() -> None:
    allow_changes(_APPEND_ONLY)
    op.execute("DELETE FROM job WHERE kind = 'channel_stock'")
    op.drop_column("outlet", "opened_on")
    for name in _SETTINGS:
        op.drop_column("maker", name)
    for table in ("outlet_visit", "stock_follow_up", "stock_count_line", "stock_count",
                  "stock_standing", "stock_position"):  # fmt: skip
        op.drop_table(table)

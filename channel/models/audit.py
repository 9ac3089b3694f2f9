"""The audit trail, number series and the list of tables whose rows never change."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from channel.db import Facts, Id, Instant, Model, Name


class AuditEntry(Model):
    """Who did what to which record, when and why, with old and new; written with the act."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index("ix_audit_entry_subject", "subject_kind", "subject_id", "id"),
        sa.Index("ix_audit_entry_at", "at", "id"),
    )

    id: Mapped[Id]
    at: Mapped[Instant]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    actor_name: Mapped[Name]
    #: subject:action, e.g. «agreement:approve».
    tag: Mapped[str] = mapped_column(sa.String(64), index=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int | None]
    subject_label: Mapped[Name] = mapped_column(default="")
    distributor_id: Mapped[int | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    #: {field: [old, new]}
    changes: Mapped[Facts]
    request_id: Mapped[str] = mapped_column(sa.String(36), default="")


class NumberSeries(Model):
    """The last number drawn in a series; the row is locked while a number is drawn."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    value: Mapped[int]


#: Tables whose rows are never updated or deleted: corrections are new rows. Migrations hang the
#: guards; a test tries to change a row of each.
APPEND_ONLY = (
    "audit_entry",
    "credit_entry",
    "invoice",
    "invoice_line",
    "receipt",
    "allocation",
    "waiver",
    "waiver_use",
    "pool_entry",
    "statement_file",
    "inventory_row",
    "agreement_attachment",
    "agreement_file",
    "breach_notice",
    "exit_quotation",
    "waiver_end",
    "carve_out",
    "price_report",
    "promotion_log",
    "display_check",
    "market_evidence",
    "invoice_charge",
    "invoice_instalment",
    "discount_taken",
    "interest_item",
    "credit_control",
    "dunning_policy",
    "dunning_run",
    "dunning_letter",
    "dunning_letter_item",
    "dunning_letter_file",
    "account_statement_file",
    "risk_snapshot",
    "exchange_posting",
    "stock_quality",
    "stock_reminder",
    "stock_count",
    "stock_count_line",
    "outlet_visit",
    "code_scan",
    "conduct_notice",
    "statement_penalty",
    "invoice_discount",
    "rebate_expectation",
    "rebate_accrual_run",
    "rebate_accrual",
    "pool_control",
    "invoice_return",
    "dispute_message",
    "statement_export",
)

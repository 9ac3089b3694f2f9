"""Opening balances: every invoice still unpaid on the day of change-over, with its own due date.

One row an open item, never one sum a customer: only so does the ageing equal the old ledger's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from channel.tabular.fields import Context, Field, Kind, Source
from channel.tabular.kinds.shared_fields import CURRENCY, DISTRIBUTOR, fen
from channel.tabular.reporting import finding
from contracts.values.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class OpeningBalanceRow:
    """One open item; `open_fen` negative = money that the distributor has with us."""

    row: int
    distributor: str
    document: str
    date: dt.date
    due_date: dt.date
    open_fen: int
    currency: str


def _row(
    row: int,
    distributor: str,
    document: str,
    date: dt.date,
    open_amount: Decimal,
    currency: str,
    due_date: dt.date | None = None,
) -> OpeningBalanceRow:
    return OpeningBalanceRow(
        row, distributor, document, date, due_date or date, fen(open_amount), currency
    )


def _check(rows: Sequence[OpeningBalanceRow], source: Source, context: Context) -> list[Finding]:
    return [
        finding(
            source, "row.due_before_date", Severity.BLOCK, row=row.row, field_name="due_date",
            value=row.due_date.isoformat(), date=row.date,
        )
        for row in rows
        if row.due_date < row.date
    ]  # fmt: skip


KIND = Kind(
    name="opening_balances",
    zh="期初应收",
    en="Opening balances",
    row_type=_row,
    key=("distributor", "document"),
    check=_check,
    fields=(
        DISTRIBUTOR,
        Field("document", "发票号", "Invoice number", "code", required=True, length_max=60,
              synonyms=("单据号", "单号", "invoice", "document", "InvoiceID")),
        Field("date", "开票日期", "Invoice date", "date", required=True,
              synonyms=("单据日期", "日期", "date", "TransactionDate")),
        Field("due_date", "到期日", "Due date", "date", synonyms=("应付日期", "due", "DueDate")),
        Field("open_amount", "未收金额", "Open amount", "decimal", required=True, scale_max=2,
              is_money=True,
              synonyms=("余额", "应收余额", "欠款金额", "balance", "amount",
                        "OutstandingBalance")),
        CURRENCY,
    ),
)  # fmt: skip

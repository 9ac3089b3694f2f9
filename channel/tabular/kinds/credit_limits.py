"""Credit limits of distributors from a day on, as proposals for a second person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from channel.tabular.fields import Field, Kind
from channel.tabular.kinds.shared_fields import CURRENCY, DISTRIBUTOR, NOT_NEGATIVE, fen


@dataclass(frozen=True)
class CreditLimitRow:
    """One revolving limit; `amount_fen` in hundredths of `currency`, 0 = no credit."""

    row: int
    distributor: str
    amount_fen: int
    currency: str
    valid_from: dt.date
    reason: str = ""


def _row(
    row: int,
    distributor: str,
    amount: Decimal,
    currency: str,
    valid_from: dt.date,
    reason: str | None = None,
) -> CreditLimitRow:
    return CreditLimitRow(row, distributor, fen(amount), currency, valid_from, reason or "")


KIND = Kind(
    name="credit_limits",
    zh="信用额度",
    en="Credit limits",
    row_type=_row,
    key=("distributor", "currency", "valid_from"),
    fields=(
        DISTRIBUTOR,
        Field("amount", "信用额度", "Credit limit", "decimal", required=True, scale_max=2,
              minimum=NOT_NEGATIVE, is_money=True, example="200000.00",
              synonyms=("额度", "授信额度", "固定额度", "limit", "CreditLimit")),
        CURRENCY,
        Field("valid_from", "生效日期", "Valid from", "date", required=True,
              example="2026-01-01", synonyms=("有效期自", "开始日期", "AccountOpenedDate")),
        Field("reason", "依据", "Reason", "text", synonyms=("说明", "备注")),
    ),
)  # fmt: skip

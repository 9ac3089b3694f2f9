"""Receipts: money that came in, from whom, by which method."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from channel.tabular.cells import Choices
from channel.tabular.fields import Field, Kind
from channel.tabular.kinds.shared_fields import CURRENCY, DISTRIBUTOR, NOT_NEGATIVE, fen

METHODS = Choices(
    {
        "transfer": ("银行转账", "转账", "电汇", "汇款", "网银", "bank transfer", "eft", "wire"),
        "acceptance_bill": ("承兑汇票", "银行承兑汇票", "承兑", "bill"),
        "cheque": ("支票", "check"),
        "cash": ("现金",),
        "other": ("其他", "credit card", "credit-card"),
    }
)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt; `amount_fen` positive, in hundredths of `currency`."""

    row: int
    document: str
    date: dt.date
    distributor: str
    amount_fen: int
    currency: str
    method: str = ""
    payer: str = ""
    invoice: str = ""


def _row(
    row: int,
    document: str,
    date: dt.date,
    distributor: str,
    amount: Decimal,
    currency: str,
    method: str | None = None,
    payer: str | None = None,
    invoice: str | None = None,
) -> ReceiptRow:
    return ReceiptRow(
        row, document, date, distributor, fen(amount), currency, method or "", payer or "",
        invoice or "",
    )  # fmt: skip


KIND = Kind(
    name="receipts",
    zh="回款",
    en="Receipts",
    row_type=_row,
    key=("document",),
    fields=(
        Field("document", "收款单号", "Receipt number", "code", required=True, length_max=60,
              example="RC-2026-0001",
              synonyms=("流水号", "单号", "receipt", "document", "reference",
                        "CustomerTransactionID")),
        Field("date", "收款日期", "Received on", "date", required=True, example="2026-09-01",
              synonyms=("到账日期", "日期", "date", "TransactionDate")),
        DISTRIBUTOR,
        Field("amount", "收款金额", "Amount received", "decimal", required=True, scale_max=2,
              minimum=NOT_NEGATIVE, is_money=True, example="10000.00",
              synonyms=("金额", "到账金额", "amount", "TransactionAmount")),
        CURRENCY,
        Field("method", "付款方式", "Method", "choice", example="银行转账", choices=METHODS,
              synonyms=("收款方式", "结算方式", "PaymentMethodName")),
        Field("payer", "付款人", "Payer", "text", synonyms=("付款户名",)),
        Field("invoice", "发票号", "Invoice number", "code", length_max=60,
              synonyms=("核销发票", "invoice", "InvoiceID")),
    ),
)  # fmt: skip

"""Bank statements: what came in and what went out, in whatever columns a bank writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from channel.tabular.cells import Choices
from channel.tabular.fields import Context, Field, Kind, Source
from channel.tabular.kinds.shared_fields import CURRENCY, NOT_NEGATIVE, fen
from channel.tabular.reporting import finding
from contracts.values.findings import Finding, Severity

DIRECTIONS = Choices(
    {
        "in": (
            "贷",
            "贷方",
            "收",
            "收入",
            "来账",
            "转入",
            "存入",
            "入账",
            "credit",
            "cr",
            "c",
            "+",
        ),
        "out": ("借", "借方", "支", "支出", "付", "往账", "转出", "支取", "debit", "dr", "d", "-"),
    }
)


@dataclass(frozen=True, slots=True)
class BankRow:
    """One movement; `amount_fen` is negative for money that went out, 0 where nothing is said,
    and None where both columns are filled."""

    row: int
    date: dt.date
    amount_fen: int | None
    currency: str = ""
    payer_name: str = ""
    payer_account: str = ""
    purpose: str = ""
    reference: str = ""


def _row(
    row: int,
    date: dt.date,
    amount: Decimal | None = None,
    direction: str | None = None,
    amount_in: Decimal | None = None,
    amount_out: Decimal | None = None,
    currency: str | None = None,
    payer_name: str | None = None,
    payer_account: str | None = None,
    purpose: str | None = None,
    remark: str | None = None,
    reference: str | None = None,
) -> BankRow:
    texts = dict.fromkeys(text.strip() for text in (purpose, remark) if text and text.strip())
    return BankRow(
        row, date, _signed(amount, direction, amount_in, amount_out), currency or "",
        payer_name or "", payer_account or "", " ".join(texts)[:500], reference or "",
    )  # fmt: skip


def _signed(
    amount: Decimal | None,
    direction: str | None,
    amount_in: Decimal | None,
    amount_out: Decimal | None,
) -> int | None:
    """Fen with its sign. Banks fill the other of two columns with nothing, or with 0.00."""
    came, went = fen(amount_in or Decimal(0)), fen(amount_out or Decimal(0))
    if came and went:
        return None
    if came or went:
        return came - went
    plain = fen(amount or Decimal(0))
    return -abs(plain) if direction == "out" else abs(plain) if direction == "in" else plain


def _check(rows: Sequence[Any], source: Source, context: Context) -> list[Finding]:
    """Rows that say nothing, or two things at once."""
    found = []
    for row in rows:
        if row.amount_fen == 0:
            code, name = "import.bank_no_amount", "amount_in"
        elif row.amount_fen is None:
            code, name = "import.bank_two_amounts", "amount_in"
        else:
            continue
        found.append(finding(source, code, Severity.BLOCK, row=row.row, field_name=name))
    return found


_MONEY: dict[str, Any] = {"type": "decimal", "scale_max": 2, "is_money": True}

KIND = Kind(
    name="bank_lines",
    zh="银行流水",
    en="Bank statement",
    row_type=_row,
    check=_check,
    any_of=(("amount_in", "amount"),),
    fields=(
        Field("date", "交易日期", "Date", "date", required=True, example="2026-09-01",
              synonyms=("记账日期", "入账日期", "交易时间", "日期", "记账日", "起息日", "date",
                        "transaction date", "booking date", "value date", "posting date")),
        Field("amount_in", "收入金额", "Money in", minimum=NOT_NEGATIVE, example="10000.00",
              synonyms=("贷方发生额", "贷方金额", "收入", "贷方", "存入金额", "转入金额",
                        "来账金额", "credit", "credit amount", "paid in", "deposit",
                        "money in"), **_MONEY),
        Field("amount_out", "支出金额", "Money out", minimum=NOT_NEGATIVE,
              synonyms=("借方发生额", "借方金额", "支出", "借方", "支取金额", "转出金额",
                        "往账金额", "debit", "debit amount", "paid out", "withdrawal",
                        "money out"), **_MONEY),
        Field("amount", "交易金额", "Amount",
              synonyms=("发生额", "金额", "交易额", "amount", "transaction amount"), **_MONEY),
        Field("direction", "借贷标志", "In or out", "choice", choices=DIRECTIONS,
              synonyms=("收支方向", "收支", "借贷", "借/贷", "收付标志", "交易方向", "dr/cr",
                        "debit/credit", "type")),
        replace(CURRENCY, required=False),
        Field("payer_name", "对方户名", "Payer", length_max=255, example="内江市蜀味商贸有限公司",
              synonyms=("付款人名称", "付款人", "对方名称", "付款户名", "对方单位", "付款方户名",
                        "交易对手名称", "对手户名", "户名", "payer", "counterparty",
                        "counterparty name", "name", "remitter")),
        Field("payer_account", "对方账号", "Payer's account", "code", length_max=64,
              example="51050166000012345",
              synonyms=("付款人账号", "付款账号", "对方账户", "付款方账号", "交易对手账号",
                        "对手账号", "payer account", "counterparty account", "account", "iban")),
        Field("purpose", "附言", "Purpose", length_max=500, example="货款",
              synonyms=("用途", "交易附言", "摘要", "purpose", "description", "details", "memo")),
        Field("remark", "备注", "Remark", length_max=500,
              synonyms=("摘要", "交易摘要", "说明", "remark", "remarks", "narrative")),
        Field("reference", "交易流水号", "Bank reference", "code", length_max=100,
              example="2026090100001",
              synonyms=("流水号", "银行流水号", "回单编号", "回单号", "交易序号", "凭证号",
                        "交易编号", "reference", "bank reference", "transaction id", "ref")),
    ),
)  # fmt: skip

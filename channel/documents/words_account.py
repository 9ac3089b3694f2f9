"""The words of a statement of account that the rebate statement does not have, zh and en."""

from __future__ import annotations

from collections.abc import Callable

from channel.documents.model import Lang
from channel.documents.words import words_in

ACCOUNT_WORDS: dict[str, tuple[str, str]] = {
    "account_title": ("往来对账单", "Statement of account"),
    "account_period": ("对账期间", "Period"),
    "account_date": ("出具日期", "Issued on"),
    "account_closing": ("期末应付余额", "Balance owed at the end"),
    "account_in_favour": ("期末多付余额", "Balance in the distributor's favour"),
    "account_movements": ("往来明细", "Movements"),
    "account_opening": ("期初余额", "Opening balance"),
    "account_end": ("期末余额", "Closing balance"),
    "account_day": ("日期", "Date"),
    "account_kind": ("摘要", "Entry"),
    "account_number": ("单据号", "Document"),
    "account_debit": ("应付增加", "Debit"),
    "account_credit": ("应付减少", "Credit"),
    "account_balance": ("余额", "Balance"),
    "account_none": ("本期没有往来。", "Nothing moved in this period."),
    "account_open": ("期末未清项目", "Open items at the end"),
    "account_pay_by": ("应付日", "Pay by"),
    "account_amount": ("单据金额", "Amount"),
    "account_rest": ("未付金额", "Open"),
    "account_overdue": ("逾期天数", "Days late"),
    "account_no_items": ("没有未清项目。", "Nothing is open."),
    "account_unapplied": ("减：未核销回款", "Less: money not applied"),
    "account_ages": ("账龄", "Ages"),
    "age_not_due": ("未到期", "not due"),
    "age_30": ("逾期 1–30 天", "1–30 days"),
    "age_60": ("逾期 31–60 天", "31–60 days"),
    "age_90": ("逾期 61–90 天", "61–90 days"),
    "age_more": ("逾期 90 天以上", "over 90 days"),
    "account_beside": ("另行列示", "Held apart"),
    "account_deposit": ("保证金余额", "Deposit"),
    "account_pool": ("返利池余额", "Rebate pool"),
    "account_objection": (
        "请核对以上往来。如有异议，请于 {until} 前（{days} 天内）书面提出；"
        "逾期未提出的，视为确认。",
        "Please compare this with your books. Objections in writing by {until} (within {days} "
        "days); without any, the balance counts as confirmed.",
    ),
    "kind_invoice": ("发票", "Invoice"),
    "kind_credit_note": ("红字发票", "Credit note"),
    "kind_opening": ("期初未清", "Opening item"),
    "kind_interest": ("逾期利息", "Late-payment interest"),
    "kind_write_off": ("核销", "Write-off"),
    "kind_receipt": ("回款", "Receipt"),
    "kind_reversal": ("回款冲销", "Reversed receipt"),
    "kind_other": ("其他", "Other"),
}


def word_of(lang: Lang) -> Callable[..., str]:
    """`word("key", name=value)` from both tables; KeyError for an unknown key."""
    return words_in(lang, ACCOUNT_WORDS)

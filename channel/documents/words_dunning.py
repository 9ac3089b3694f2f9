"""The words of a dunning letter that other documents do not have, zh and en."""

from __future__ import annotations

from collections.abc import Callable

from channel.documents.model import Lang
from channel.documents.words import words_in
from channel.documents.words_account import ACCOUNT_WORDS

DUNNING_WORDS: dict[str, tuple[str, str]] = {
    "dunning_title": ("催款函", "Payment reminder"),
    "dunning_level_1": ("第一次", "first letter"),
    "dunning_level_2": ("第二次", "second letter"),
    "dunning_level_3": ("第三次", "third letter"),
    "dunning_level_4": ("第四次", "fourth letter"),
    "dunning_level_5": ("第五次", "fifth letter"),
    "dunning_number": ("函件编号", "Letter"),
    "dunning_date": ("数据截至", "As of"),
    "dunning_until": ("请付款至", "Please pay by"),
    "dunning_to": ("致：", "To:"),
    "dunning_demanded": ("请付金额", "Amount to be paid"),
    "dunning_items": ("逾期款项明细", "Overdue items"),
    "dunning_asked": ("本次催收", "Asked for"),
    "dunning_total": ("逾期合计", "Overdue in all"),
    "dunning_disputed": ("减：有争议，暂不催收", "Less: disputed"),
    "dunning_covered": ("减：未核销回款及红字发票", "Less: money and credit notes not applied"),
    "dunning_promised": ("减：已承诺付款，未到承诺日", "Less: promised for a day to come"),
    "dunning_deadline": (
        "请于 {until} 前将上述金额付至下列账户，并注明函件编号 {number}。",
        "Please pay this amount by {until} to the account below, naming the letter {number}.",
    ),
    "dunning_account": ("收款账户", "Account"),
    "dunning_no_account": ("合同约定的收款账户", "The account named in the contract"),
    "dunning_closing": (
        "对以上款项如有异议，请在付款期限前书面提出，并说明发票号和理由。",
        "If you contest any item, please say so in writing before that day, naming the invoice "
        "and the reason.",
    ),
    "dunning_issued_by": ("经办人", "Issued by"),
}


def word_of(lang: Lang) -> Callable[..., str]:
    """`word("key", name=value)` from all tables; KeyError for an unknown key."""
    return words_in(lang, {**ACCOUNT_WORDS, **DUNNING_WORDS})

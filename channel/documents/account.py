"""The statement of account → PDF bytes: opening balance, movements, closing, what is open by age.

The figures come frozen from the ledger as plain values; a statement that does not re-add is
never printed.
"""

from __future__ import annotations

from typing import Any, TypedDict

from channel.documents.model import Lang, Party
from channel.documents.press import print_pdf
from channel.documents.statement import template
from channel.documents.views import paper_view
from channel.documents.words_account import word_of
from contracts.values.words import amount_in_words


class AccountLine(TypedDict):
    """One movement: debit raises what the distributor owes, credit lowers it; never both."""

    date: str
    kind: str
    number: str
    debit_fen: int
    credit_fen: int
    balance_fen: int


class OpenItem(TypedDict):
    """What was open of an invoice on the last day; `overdue_days` 0 where it was not due."""

    number: str
    date: str
    pay_by: str
    amount_fen: int
    open_fen: int
    overdue_days: int


class AccountStatementDoc(TypedDict):
    """A statement of one distributor in one currency, both days inclusive.

    closing = opening + debits − credits = open items − money not applied.
    """

    first_day: str
    last_day: str
    date: str
    currency: str
    maker: Party
    distributor: Party
    opening_fen: int
    lines: list[AccountLine]
    closing_fen: int
    items: list[OpenItem]
    unapplied_fen: int
    #: not due, 1–30, 31–60, 61–90, over 90 days
    ageing_fen: list[int]
    deposit_fen: int
    pool_fen: int
    objection_days: int
    objection_until: str
    prepared_by: str


class AccountInconsistentError(Exception):
    """The figures of a statement of account do not re-add."""


def check_account(doc: AccountStatementDoc) -> None:
    """Raise AccountInconsistentError unless all sums agree to the fen."""
    balance = doc["opening_fen"]
    for line in doc["lines"]:
        balance += line["debit_fen"] - line["credit_fen"]
        if balance != line["balance_fen"]:
            raise AccountInconsistentError(f"the balance after {line['number']}")
    if balance != doc["closing_fen"]:
        raise AccountInconsistentError("opening, movements and closing")
    items = sum(item["open_fen"] for item in doc["items"])
    if items - doc["unapplied_fen"] != doc["closing_fen"]:
        raise AccountInconsistentError("open items, money not applied and closing")
    if sum(doc["ageing_fen"]) != items:
        raise AccountInconsistentError("open items and their ages")


def render_account_statement(doc: AccountStatementDoc, lang: Lang) -> bytes:
    """PDF bytes of one statement of account in one language."""
    return print_pdf(account_html(doc, lang))


def account_html(doc: AccountStatementDoc, lang: Lang) -> str:
    """The page before it is printed."""
    check_account(doc)
    return template("account_statement.html").render(_view(doc, lang))


def _view(doc: AccountStatementDoc, lang: Lang) -> dict[str, Any]:
    word, currency = word_of(lang), doc["currency"]

    return {
        **paper_view(doc, lang, word),
        "words": amount_in_words(doc["closing_fen"]) if currency == "CNY" else "",
        "debits": sum(line["debit_fen"] for line in doc["lines"]),
        "credits": sum(line["credit_fen"] for line in doc["lines"]),
        "open": sum(item["open_fen"] for item in doc["items"]),
        "ages": ("age_not_due", "age_30", "age_60", "age_90", "age_more"),
    }

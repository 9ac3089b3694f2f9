"""The statement of account on the page and on paper, for any span of days."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.documents.account import AccountStatementDoc, check_account, render_account_statement
from channel.documents.words_account import word_of
from channel.queries import account_statement as reads
from channel.web.pages import actor, download, page, show
from contracts.values.periods import preceding

bp = Blueprint("account_statement", __name__)


def _span() -> tuple[date, date]:
    """The days of the address, or the last whole month where they cannot be read."""
    month = preceding(clock.today(), "month")
    try:
        first = date.fromisoformat(request.args.get("from", ""))
        last = date.fromisoformat(request.args.get("to", ""))
    except ValueError:
        return month.start, month.last_day
    if last < first:
        flash(_("The last day lies before the first; the last month is shown."), "warning")
        return month.start, month.last_day
    return first, last


def _document(id: int) -> AccountStatementDoc:
    first, last = _span()
    distributor = reads.get_distributor(actor(), id)
    made = reads.document(actor(), distributor, first, last, clock.today())
    doc = cast(AccountStatementDoc, made)
    check_account(doc)
    return doc


@page(bp, "/credit/<int:id>/statement", Permission.CREDIT_READ)
def record(id: int) -> Any:
    """The statement to be read on the screen, with the buttons that print it."""
    doc = _document(id)
    return show(
        "credit/statement.html",
        id=id,
        doc=doc,
        first=date.fromisoformat(doc["first_day"]),
        last=date.fromisoformat(doc["last_day"]),
        t=word_of("zh" if actor().locale.startswith("zh") else "en"),
        debits=sum(line["debit_fen"] for line in doc["lines"]),
        credits=sum(line["credit_fen"] for line in doc["lines"]),
    )


@page(bp, "/credit/<int:id>/statement.pdf", Permission.CREDIT_READ)
def paper(id: int) -> Any:
    doc = _document(id)
    lang = "en" if request.args.get("lang") == "en" else "zh"
    title = word_of(lang)("account_title").replace(" ", "-")
    name = f"{title}-{doc['distributor'].get('code')}-{doc['first_day']}-{doc['last_day']}.pdf"
    return download(render_account_statement(doc, lang), name, "application/pdf")

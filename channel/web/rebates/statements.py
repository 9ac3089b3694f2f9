"""Statements: the list, the record with its derivation, the lines behind it, the PDF."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission, may
from channel.documents.statement import plain
from channel.messages.rebates_desk import line_words
from channel.messages.rebates_words import METHOD_WORDS, base_words
from channel.models.rebates import RebateStatement
from channel.models.rebates_desk import StatementReply
from channel.queries import audit, rebates_policies, rebates_runs, rebates_statements, stock_filing
from channel.queries import rebates as reads
from channel.queries import rebates_replies as replies
from channel.queries import rebates_rows as rows
from channel.queries.rebates_rows import settled_by
from channel.services import rebates_statements as service
from channel.services.steps import rebates_desk as desk
from channel.services.work import Refused
from channel.web import lists
from channel.web.pages import actor, download, flash_refusal, is_partial, page, see_other, show
from channel.web.rebates.blueprint import bp, language, period_words
from channel.web.rebates.walking import step_url
from contracts.rebates.compute import ladder, steps_from_json
from contracts.rebates.figures import Figures, facts_from_json
from contracts.rebates.model import RebateTerms
from contracts.values.periods import Period
from contracts.values.words import amount_in_words

TYPES = {"json": "application/json", "csv": "text/csv", "xlsx": lists.XLSX}


def statement_tabs(here: str) -> list[dict[str, Any]]:
    """The statements, where one stands in the present period, and what is owed."""
    pages = [
        ("rebates.statements", _("Statements")),
        ("rebates.accrual", _("Where we stand")),
        ("rebates.policy_evidence", _("Conditions")),
        ("rebates.pool", _("Rebate pool")),
    ]
    if not actor().is_distributor:
        pages.insert(2, ("rebates.accruals", _("Accruals booked")))
    return [{"url": url_for(e), "label": label, "here": e == here} for e, label in pages]


@page(bp, "/rebates/statements", Permission.REBATES_READ)
def statements() -> Any:
    return lists.answer(
        rebates_statements.listing(clock.today()), tabs=statement_tabs("rebates.statements")
    )


def _parts(document: Any) -> list[tuple[Any, str, str, str]]:
    """(printed base line, first day, last day, group code) for the links to the lines behind."""
    found = []
    for part in (document or {}).get("base_lines", ()):
        month = Period.parse(part["month"])
        code = part["group"].partition(" ")[0]
        found.append((part, month.start.isoformat(), month.last_day.isoformat(), code))
    return found


def _agreement_of(record: RebateStatement) -> int | None:
    """The agreement that names the policy, as the document says it."""
    number = ((record.document or {}).get("policy") or {}).get("contract")
    return replies.agreement_id(number, record.distributor_id) if number else None


def _may_dispute(reply: StatementReply | None) -> bool:
    """Whether the reader may contest a line now; the house also after the day."""
    who = actor()
    if reply is None or not may(who, Permission.DISPUTES_OPEN):
        return False
    in_time = reply.reply_by >= clock.today() and reply.signed_as != "confirmed"
    return in_time or not who.is_distributor


def _ladders(record: RebateStatement, terms: RebateTerms) -> list[tuple[str, Any]]:
    """(part, tier table with its figures) as computed; one without a name where all is one."""
    if record.facts is None:
        return [("", ladder(terms, Figures(base_e4=record.base_e4)))]
    parts = facts_from_json(record.facts).parts
    return [(name, ladder(terms, figures)) for name, figures in sorted(parts.items())]


@page(bp, "/rebates/statements/<int:id>", Permission.REBATES_READ)
def statement(id: int) -> Any:
    record = reads.get_statement(actor(), id, printed=True)
    terms = rebates_policies.terms_of(record.policy)
    is_house = not actor().is_distributor
    disputes = replies.disputes_of(id)
    reply = replies.reply_of(id)
    return show(
        "rebates/statement.html",
        statement=record,
        terms=terms,
        period=period_words(settled_by(record).period),
        method=METHOD_WORDS[terms.method.value],
        base=base_words(terms.base),
        ladders=_ladders(record, terms),
        steps=[
            (step.as_finding(), plain(step.amount), step_url(record, step))
            for step in steps_from_json(record.steps)
        ],
        agreement_id=_agreement_of(record),
        plain=plain,
        parts=_parts(record.document),
        words=amount_in_words(record.amount_fen) if record.currency == "CNY" else "",
        earlier=reads.earlier(record),
        reports=stock_filing.on_time(
            record.distributor_id, settled_by(record).period, clock.today()
        ),
        files=reads.files_made(id),
        disputes=[(d, desk.standing(d).value, line_words(d)) for d in disputes],
        held_fen=replies.held_fen(disputes),
        reply=reply,
        reply_state=replies.state_of(reply, disputes, clock.today()),
        sha256=desk.hash_of(record) if record.number else "",
        names=rebates_runs.names_of(record.run.posted_by_id, record.policy.approved_by_id),
        may_dispute=_may_dispute(reply),
        entries=audit.history("rebate_statement", id) if is_house else [],
        is_house=is_house,
    )


@page(bp, "/rebates/statements/<int:id>/lines", Permission.REBATES_READ)
def statement_lines(id: int) -> Any:
    """The invoice lines that make up the base, added up again beside what the statement says."""
    record = reads.get_statement(actor(), id)
    listing = rows.lines_of(record)
    if is_partial():
        return lists.answer(listing)
    return lists.answer(
        listing,
        "rebates/lines.html",
        statement=record,
        recount=rows.recount(record),
        period=period_words(settled_by(record).period),
    )


@page(bp, "/rebates/lines/<int:id>", Permission.REBATES_READ)
def line(id: int) -> Any:
    """From a line to the invoice on which it stands."""
    return see_other("receivables.invoice", id=rows.invoice_of_line(actor(), id))


@page(bp, "/rebates/statements/<int:id>/statement.pdf", Permission.REBATES_READ)
def statement_pdf(id: int) -> Any:
    try:
        name, data = service.statement_pdf(actor(), id, language())
    except Refused as refused:
        flash_refusal(refused)
        return see_other("rebates.statement", id=id)
    return download(data, name, "application/pdf")


@page(bp, "/rebates/statements/<int:id>/files/<kind>", Permission.REBATES_READ)
def statement_data(id: int, kind: str) -> Any:
    """The statement for machines, or its input lines with each one's share."""
    try:
        name, data = service.statement_data(actor(), id, kind)
    except Refused as refused:
        flash_refusal(refused)
        return see_other("rebates.statement", id=id)
    return download(data, name, TYPES[kind])

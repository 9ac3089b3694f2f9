"""Replies to a posted statement: a line is contested, or the statement is confirmed."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import NotVisible, Permission
from channel.messages import format_fen
from channel.messages.rebates_desk import LINE_KINDS
from channel.messages.texts import WORDS
from channel.messages.values import format_e4
from channel.models.rebates import RebateStatement
from channel.queries import rebates as reads
from channel.queries import rebates_replies as replies
from channel.services import rebates_disputes as service
from channel.services import rebates_replies as replying
from channel.services.steps.rebates_contest import Contestable
from channel.services.work import Refused
from channel.web.forms.fields import as_choices
from channel.web.forms.files import sent_files
from channel.web.forms.rebates_desk import PLACES, ObjectionForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, flash_refusal, page, see_other, show
from channel.web.rebates.blueprint import bp


def line_text(line: Contestable, statement: RebateStatement) -> str:
    """A line as it is offered: «2026-08 SAUCE 酱类», «tier 2», «inventory reports»."""
    if line.kind == "condition":
        return str(WORDS.get("condition", {}).get(line.key, line.key))
    if line.kind == "tier":
        return str(_("tier %(n)s", n=line.key))
    if line.kind == "granted":
        return format_fen(statement.granted_before_fen, statement.currency)
    return line.label


def _choices(lines: list[Contestable], statement: RebateStatement) -> list[tuple[str, str]]:
    found = [("", _("choose"))]
    for line in lines:
        words = f"{LINE_KINDS[line.kind]}{_(':')} {line_text(line, statement)}"
        if line.kind == "base":
            words += f" · {format_e4(line.e4)}"
        found.append((f"{line.kind}:{line.key}", words))
    found.append(("line:", _("one invoice line (enter invoice and line below)")))
    found.append(("missing:", _("something that is missing in the base (enter its value below)")))
    return found


@page(bp, "/rebates/statements/<int:id>/dispute", Permission.DISPUTES_OPEN, methods=("GET", "POST"))
def dispute_new(id: int) -> Any:
    """Contest one line: which, what it should say, why, with papers."""
    record = reads.get_statement(actor(), id, printed=True)
    reply = replies.reply_of(id)
    if reply is None:
        raise NotVisible
    lines = service.contestable(actor(), id)
    form = ObjectionForm()
    form.line.choices = as_choices(_choices(lines, record))
    if request.method == "GET":
        form.line.data = request.args.get("line", "")
        form.invoice.data = request.args.get("invoice", "")
        asked = request.args.get("line_no", "")
        form.line_no.data = int(asked) if asked.isdigit() and len(asked) < 5 else None
    elif form.validate():
        try:
            dispute_id = service.open_dispute(actor(), id, form.objection(), sent_files())
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The line is in dispute. What rests on it is held, the rest can be used."),
                  "success")  # fmt: skip
            return see_other("disputes.record", id=dispute_id)
    status = 422 if request.method == "POST" else 200
    return show(
        "rebates/dispute.html",
        form=form,
        statement=record,
        reply=reply,
        lines=[(line, line_text(line, record)) for line in lines],
        kinds=LINE_KINDS,
        late=reply.reply_by < clock.today(),
    ), status


@page(bp, "/rebates/statements/<int:id>/confirm", Permission.STATEMENTS_CONFIRM, methods=("POST",))
def confirm(id: int) -> Any:
    """Sign the statement, but for what is in dispute."""
    try:
        replying.confirm(actor(), id, request.form.get("note", ""))
    except Refused as refused:
        flash_refusal(refused)
    else:
        flash(_("Confirmed. Your name, the time and the hash of the document are kept."),
              "success")  # fmt: skip
    return see_other("rebates.statement", id=id)

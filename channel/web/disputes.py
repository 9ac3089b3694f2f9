"""Disputes: what is contested of an invoice or of a statement, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _

from channel import clock
from channel.access import Actor, Permission, may
from channel.messages.dunning import OUTCOMES
from channel.messages.rebates_desk import CORRECTIONS, GROUNDS, line_words
from channel.models.dunning import Dispute
from channel.queries import audit, receivables
from channel.queries import disputes as reads
from channel.queries import rebates_replies as replies
from channel.rules.disputes import WORKFLOW, Action
from channel.services import disputes as service
from channel.services import rebates_disputes as desk
from channel.services.steps import rebates_desk as steps
from channel.services.work import Refused
from channel.web import lists
from channel.web.dunning_tabs import tabs
from channel.web.forms.dunning import PLACES, CloseForm, DisputeForm
from channel.web.forms.fields import Form
from channel.web.forms.files import sent_files
from channel.web.forms.rebates_desk import OUTCOMES as STATEMENT_OUTCOMES
from channel.web.forms.rebates_desk import PLACES as DESK_PLACES
from channel.web.forms.rebates_desk import AnswerForm, CorrectForm, SayForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, page, see_other, seen_version, show

bp = Blueprint("disputes", __name__)


@page(bp, "/disputes", Permission.CREDIT_READ)
def index() -> Any:
    """All disputes of invoices and statement lines, with the days for which they wait."""
    return lists.answer(reads.listing(clock.today()), tabs=tabs())


@page(bp, "/invoices/<int:id>/dispute", Permission.DISPUTES_OPEN, methods=("GET", "POST"))
def new(id: int) -> Any:
    """Contest an invoice or a part of it."""
    invoice = receivables.get_invoice(actor(), id)
    open_fen = reads.open_fen(invoice)
    form = DisputeForm()
    if request.method == "GET":
        form.amount_fen.data = max(0, open_fen)
    elif form.validate():
        try:
            dispute_id = service.open_dispute(
                actor(),
                id,
                kind=form.kind.data,
                reason=form.reason.data or "",
                amount_fen=form.amount_fen.data,
            )
        except Refused as refused:
            show_refusal(form, refused, PLACES)
        else:
            flash(_("The dispute is open: no letter asks for this amount until it is closed."),
                  "success")  # fmt: skip
            return see_other("disputes.record", id=dispute_id)
    return show(
        "disputes/form.html", form=form, invoice=invoice, open_fen=open_fen
    ), 422 if request.method == "POST" else 200


@page(bp, "/disputes/<int:id>", Permission.CREDIT_READ)
def record(id: int) -> Any:
    """A dispute of an invoice, or of a line of a statement with all that was said."""
    dispute = reads.get_dispute(actor(), id)
    if dispute.statement_id is not None:
        return _of_statement(dispute, {})
    return _record(id, CloseForm())


def _of_statement(dispute: Dispute, typed: dict[str, Form], status: int = 200) -> Any:
    """The page of a contested line, with the forms that are legal now."""
    who, state = actor(), steps.standing(dispute)
    acts = set(WORKFLOW.actions(state))
    closes = may(who, Permission.DISPUTES_CLOSE) and dispute.opened_by_id != who.user_id
    own = who.is_distributor or dispute.opened_by_id == who.user_id
    messages = replies.messages_of(dispute.id)
    waits = Action.WITHDRAW in acts and may(who, Permission.DISPUTES_OPEN)
    forms: dict[str, Form] = {}
    if Action.ACCEPT in acts and closes:
        forms["answer"] = AnswerForm(formdata=None)
    if Action.CORRECT in acts and may(who, Permission.DISPUTES_CLOSE):
        forms["correct"] = CorrectForm(formdata=None)
    if waits:
        forms["say"] = SayForm(formdata=None)
    return show(
        "disputes/statement.html",
        dispute=dispute,
        state=state.value,
        what=line_words(dispute),
        statement=dispute.statement,
        messages=messages,
        papers=replies.papers_of(messages),
        forms={**forms, **typed},
        may_withdraw=waits and own,
        days=(clock.today() - dispute.opened_on).days if dispute.closed_on is None else None,
        late=dispute.answer_by is not None and dispute.answer_by < clock.today(),
        corrections=CORRECTIONS,
        outcomes=STATEMENT_OUTCOMES,
        history_lines=[] if who.is_distributor else audit.history("dispute", dispute.id),
    ), status


def _record(id: int, form: CloseForm, status: int = 200) -> Any:
    dispute = reads.get_dispute(actor(), id)
    can_close = dispute.closed_on is None and may(actor(), Permission.DISPUTES_CLOSE)
    return show(
        "disputes/record.html",
        dispute=dispute,
        grounds=GROUNDS,
        outcomes=OUTCOMES,
        form=form if can_close else None,
        history_lines=[] if actor().is_distributor else audit.history("dispute", id),
    ), status


@page(bp, "/disputes/<int:id>/act", Permission.DISPUTES_OPEN, methods=("POST",))
def act(id: int) -> Any:
    """Write, take back: what both sides may do in a dispute of a statement."""
    return _act(id, {"say": SayForm})


@page(bp, "/disputes/<int:id>/answer", Permission.DISPUTES_CLOSE, methods=("POST",))
def answer(id: int) -> Any:
    """Accept or reject, and name what put it right: the house's side."""
    return _act(id, {"answer": AnswerForm, "correct": CorrectForm})


def _act(id: int, known: dict[str, type[Form]]) -> Any:
    """One step; a form that lacks something is shown again with what was typed."""
    who, name = actor(), request.form.get("act", "")
    if name == "withdraw" and "say" in known:
        known = {**known, "withdraw": Form}
    if name not in known:
        return see_other("disputes.record", id=id)
    form = known[name]()
    if form.validate():
        try:
            _carry_out(who, id, form)
        except Refused as refused:
            show_refusal(form, refused, DESK_PLACES)
        else:
            flash(_("Done."), "success")
            return see_other("disputes.record", id=id)
    if name == "withdraw":
        return see_other("disputes.record", id=id)
    return _of_statement(reads.get_dispute(who, id), {name: form}, 422)


def _carry_out(who: Actor, id: int, form: Form) -> None:
    seen = seen_version()
    if isinstance(form, SayForm):
        desk.say(who, id, form.text.data or "", sent_files(), seen)
    elif isinstance(form, AnswerForm):
        desk.answer(who, id, form.answer(), sent_files(), seen)
    elif isinstance(form, CorrectForm):
        desk.correct(who, id, form.document.data or "", seen)
    else:
        desk.withdraw(who, id, request.form.get("text", ""), seen)


@page(bp, "/disputes/<int:id>/close", Permission.DISPUTES_CLOSE, methods=("POST",))
def close(id: int) -> Any:
    """Close it; a form that lacks something is shown again with what was typed."""
    form = CloseForm()
    if not form.validate():
        return _record(id, form, 422)
    try:
        service.close_dispute(
            actor(),
            id,
            outcome=form.outcome.data,
            note=form.note.data or "",
            seen_version=seen_version(),
        )
    except Refused as refused:
        show_refusal(form, refused, PLACES)
        return _record(id, form, 422)
    flash(_("The dispute is closed."), "success")
    return see_other("disputes.record", id=id)

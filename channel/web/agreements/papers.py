"""Agreements on paper: the contract, an amendment, a notice, each as it was printed."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from channel import clock
from channel.access import Permission
from channel.documents.clauses import HEADINGS
from channel.messages import format_date
from channel.queries import agreements as reads
from channel.queries import agreements_papers
from channel.queries.catalogue import work_calendar
from channel.services import agreements_papers as service
from channel.services.work import Refused
from channel.web.agreements.blueprint import bp, language, side
from channel.web.forms.fields import DayField, Form
from channel.web.pages import actor, download, flash_refusal, page, see_other, show

PDF = "application/pdf"
#: Working days that a notice usually gives to answer.
REPLY_DAYS = 5


class NoticeForm(Form):
    clauses = SelectMultipleField(
        _l("clauses not kept"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    obligations = SelectMultipleField(
        _l("free duties not kept"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    text = TextAreaField(_l("what happened"), [Length(max=2000)])
    reply_by = DayField(_l("reply and remedy by"), [DataRequired()])


@page(bp, "/agreements/<int:id>/contract.pdf", Permission.AGREEMENTS_READ)
def contract(id: int) -> Any:
    """The version with its amendments so far."""
    name, data = service.contract_pdf(actor(), id, language())
    return download(data, name, PDF)


@page(bp, "/agreements/<int:id>/amendment.pdf", Permission.AGREEMENTS_READ)
def amendment(id: int) -> Any:
    """What the version changes against the one before it."""
    name, data = service.amendment_pdf(actor(), id, language())
    return download(data, name, PDF)


@page(bp, "/agreements/papers/<int:id>", Permission.AGREEMENTS_READ)
def paper(id: int) -> Any:
    """A paper as it was printed, whatever was agreed since."""
    found = agreements_papers.get_file(actor(), id)
    return download(found.data, found.filename, PDF)


@page(bp, "/agreements/attachments/<int:id>", Permission.AGREEMENTS_READ)
def attachment(id: int) -> Any:
    """What was attached, as it was handed in."""
    found = agreements_papers.get_attachment(actor(), id)
    return download(found.data, found.filename, found.mimetype)


@page(bp, "/agreements/<int:id>/attachments", Permission.AGREEMENTS_WRITE, methods=("POST",))
def attach(id: int) -> Any:
    """Attach a signed copy or an annex to the version."""
    file = request.files.get("file")
    if file is None or not file.filename:
        flash(_("Choose a file."), "danger")
        return see_other("agreements.record", id=id)
    try:
        service.attach(actor(), id, file.filename, file.read())
        flash(_("Attached."), "success")
    except Refused as refused:
        flash_refusal(refused)
    return see_other("agreements.record", id=id)


@page(bp, "/agreements/notices/<int:id>.pdf", Permission.AGREEMENTS_READ)
def notice(id: int) -> Any:
    name, data = service.notice_pdf(actor(), id, language())
    return download(data, name, PDF)


@page(bp, "/agreements/<int:id>/notice", Permission.AGREEMENTS_WRITE, methods=("GET", "POST"))
def new_notice(id: int) -> Any:
    """Write a breach notice: clauses and free duties ticked, a day to answer by."""
    version = reads.get_version(actor(), id)
    today = clock.today()
    at = 0 if side() == "zh" else 1
    form = NoticeForm()
    form.clauses.choices = [(n, f"{n} {words[at]}") for n, words in HEADINGS.items()]
    form.obligations.choices = [
        (o.id, _("%(text)s (due %(day)s)", text=o.text, day=format_date(o.due_on)))
        for o in agreements_papers.obligations_of(version.agreement_id)
        if o.state == "open" and o.owner == "distributor"
    ]
    if request.method == "GET":
        form.reply_by.data = work_calendar().add(today, REPLY_DAYS)
        cited = request.args.get("obligation", "")
        form.obligations.data = [int(cited)] if cited.isdigit() else []
        return show("agreements/notice.html", form=form, version=version)
    if form.validate() and form.reply_by.data is not None:
        breach = service.Breach(
            tuple(form.clauses.data or ()),
            tuple(form.obligations.data or ()),
            form.text.data or "",
            form.reply_by.data,
        )
        try:
            service.issue_notice(actor(), id, breach)
        except Refused as refused:
            flash_refusal(refused)
        else:
            flash(_("The notice is issued and its people are told by mail."), "success")
            return see_other("agreements.record", id=id)
    return show("agreements/notice.html", form=form, version=version), 422

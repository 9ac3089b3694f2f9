"""Statements of account in batch: ordered for many, made as a job, taken as one archive."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.messages.exceptions import CLASSES
from channel.queries import audit, partners, territories
from channel.queries import statement_batches as reads
from channel.services import account_statements as service
from channel.services.work import Refused
from channel.web import lists
from channel.web.dunning_tabs import tabs
from channel.web.forms.dunning import PLACES
from channel.web.forms.refusals import show_refusal
from channel.web.forms.statements import BatchForm
from channel.web.pages import actor, download, flash_refusal, page, see_other, show
from contracts.values.periods import preceding

bp = Blueprint("statements", __name__)


@page(bp, "/statements", Permission.STATEMENTS_EXPORT)
def index() -> Any:
    new = {"url": url_for("statements.new"), "icon": "plus", "label": _("Order statements")}
    return lists.answer(reads.BATCHES, tabs=tabs(), actions=[new])


@page(bp, "/statements/new", Permission.STATEMENTS_EXPORT, methods=("GET", "POST"))
def new() -> Any:
    """Whose statements, of which days; the job that follows says how far it is."""
    form = BatchForm()
    today = clock.today()
    form.territory.choices = [("", _("choose")), *territories.choices(today)]
    form.class_code.choices = list(CLASSES.items())
    form.rep.choices = [("", _("choose")), *partners.rep_choices()]
    if request.method == "GET":
        month = preceding(today, "month")
        form.first.data, form.last.data = month.start, month.last_day
    elif form.validate():
        try:
            _batch, job = service.order_batch(actor(), form.wish())
        except Refused as refused:
            show_refusal(form, refused, {**PLACES, "statements.span": "last",
                                         "statements.none": "by"})  # fmt: skip
        else:
            return see_other("jobs.record", id=job)
    return show(
        "collection/batch_form.html", form=form, back=url_for("statements.index")
    ), 422 if request.method == "POST" else 200


@page(bp, "/statements/<int:id>", Permission.STATEMENTS_EXPORT)
def record(id: int) -> Any:
    """What is made of a batch, with its control totals and the archive."""
    batch = reads.get_batch(actor(), id)
    return lists.answer(
        reads.statements_of(batch),
        template="collection/batch.html",
        batch=batch,
        state=reads.state_of(batch),
        history_lines=audit.history("statement_batch", id),
    )


@page(bp, "/statements/<int:id>/make", Permission.STATEMENTS_EXPORT, methods=("POST",))
def make(id: int) -> Any:
    """Take up what is missing."""
    return see_other("jobs.record", id=service.order_again(actor(), id))


@page(bp, "/statements/<int:id>/zip", Permission.STATEMENTS_EXPORT, methods=("POST",))
def archive(id: int) -> Any:
    """The archive. A POST, because each export is written to the audit trail."""
    try:
        name, data = service.export_batch(actor(), id)
    except Refused as refused:
        flash_refusal(refused)
        return see_other("statements.record", id=id)
    return download(data, name, "application/zip")


@page(bp, "/statements/files/<int:id>", Permission.CREDIT_READ)
def paper(id: int) -> Any:
    """One statement as it was made; a distributor gets its own."""
    file = reads.file_of(actor(), id)
    name = f"{file.distributor.code}-{file.document['first_day']}-{file.document['last_day']}.pdf"
    return download(file.data, name, "application/pdf")

"""Exports of statements: a period as a file with control totals, the log of all, each again."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from channel import clock
from channel.access import Permission
from channel.messages.rebates_desk import FORMATS
from channel.queries import rebates_exports as reads
from channel.queries import rebates_runs
from channel.services import rebates_exports as service
from channel.services.rebates_exports import Wish
from channel.services.work import Refused
from channel.web import lists
from channel.web.forms.fields import as_choices
from channel.web.forms.rebates_desk import PLACES, ExportForm
from channel.web.forms.refusals import show_refusal
from channel.web.pages import actor, download, flash_refusal, page, see_other, show
from channel.web.rebates.blueprint import bp, language
from contracts.values.periods import preceding

TYPES = {
    "zip": "application/zip",
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": lists.XLSX,
}


@page(bp, "/rebates/exports", Permission.STATEMENTS_EXPORT)
def exports() -> Any:
    """Who exported which statements, when, with what totals."""
    new = {"url": url_for("rebates.export_new"), "icon": "download", "label": _("Export a period")}
    return lists.answer(reads.LOG, actions=[new])


def _send(wish: Wish) -> Any:
    """The file, or the job that makes it."""
    if service.waits_for_job(actor(), wish):
        return see_other("jobs.record", id=service.order(actor(), wish))
    _id, name, data = service.export(actor(), wish)
    return download(data, name, TYPES[wish.format])


@page(bp, "/rebates/exports/new", Permission.STATEMENTS_EXPORT, methods=("GET", "POST"))
def export_new() -> Any:
    """Choose days and a format; only what is posted goes out."""
    form = ExportForm()
    form.format.choices = as_choices(FORMATS.items())
    if request.method == "GET":
        past = preceding(clock.today(), "quarter")
        form.first.data, form.last.data = past.start, past.last_day
        form.format.data = "xlsx"
    elif form.validate():
        wish = Wish(
            form.format.data, form.lang.data or "zh", first=form.first.data, last=form.last.data
        )
        try:
            return _send(wish)
        except Refused as refused:
            show_refusal(form, refused, PLACES)
    status = 422 if request.method == "POST" else 200
    return show("rebates/export_new.html", form=form), status


@page(bp, "/rebates/runs/<int:id>/export/file", Permission.STATEMENTS_EXPORT, methods=("POST",))
def batch_file(id: int) -> Any:
    """The statements of a run in another form. A POST, because each export is written down."""
    wanted = request.form.get("format", "")
    if wanted not in FORMATS:
        return see_other("rebates.batch", id=id)
    try:
        return _send(Wish(wanted, language(), run_id=id))
    except Refused as refused:
        flash_refusal(refused)
        return see_other("rebates.batch", id=id)


@page(bp, "/rebates/runs/<int:id>/mails", Permission.STATEMENTS_EXPORT, methods=("POST",))
def batch_mails(id: int) -> Any:
    """Mail each distributor its statements; the page of the job shows how far it is."""
    try:
        return see_other("jobs.record", id=service.order_mails(actor(), id, language()))
    except Refused as refused:
        flash_refusal(refused)
        return see_other("rebates.batch", id=id)


@page(bp, "/rebates/exports/<int:id>", Permission.STATEMENTS_EXPORT)
def export(id: int) -> Any:
    """One export: its set, control totals and hash, and when it was made again."""
    record = reads.get_export(actor(), id)
    return show(
        "rebates/export.html",
        export=record,
        run=rebates_runs.get_run(actor(), record.run_id) if record.run_id else None,
        formats=FORMATS,
        repeats=reads.repeats_of(record),
    )


@page(bp, "/rebates/exports/<int:id>/again", Permission.STATEMENTS_EXPORT, methods=("POST",))
def export_again(id: int) -> Any:
    """The same set and the same bytes once more; a line of its own in the log."""
    try:
        _id, name, data = service.again(actor(), id)
    except Refused as refused:
        flash_refusal(refused)
        return see_other("rebates.export", id=id)
    return download(data, name, TYPES[name.rpartition(".")[2]])

"""The export of a run: PDFs made as a job, then one archive with their list and its totals."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from channel.access import Permission
from channel.queries import audit
from channel.queries import rebates as reads
from channel.queries import rebates_exports as exports
from channel.queries import rebates_runs as runs
from channel.services import rebates_statements as service
from channel.services.work import Refused
from channel.web.pages import actor, download, flash_refusal, page, see_other, show
from channel.web.rebates.blueprint import bp, language, period_words


@page(bp, "/rebates/runs/<int:id>/export", Permission.STATEMENTS_EXPORT)
def batch(id: int) -> Any:
    run = runs.get_run(actor(), id)
    languages = [("zh", _("Chinese")), ("en", _("English")), ("bi", _("Chinese and English"))]
    return show(
        "rebates/batch.html",
        run=run,
        period=period_words(runs.period_of(run)),
        states=[(lang, word, reads.batch_state(id, lang)) for lang, word in languages],
        entries=audit.history("rebate_run", id),
        mailed=len(exports.mailed_ids(id)),
    )


@page(bp, "/rebates/runs/<int:id>/export/make", Permission.STATEMENTS_EXPORT, methods=("POST",))
def batch_make(id: int) -> Any:
    """Order the PDFs; the page of the job shows how far they are."""
    try:
        return see_other("jobs.record", id=service.order_files(actor(), id, language()))
    except Refused as refused:
        flash_refusal(refused)
        return see_other("rebates.batch", id=id)


@page(bp, "/rebates/runs/<int:id>/export/zip", Permission.STATEMENTS_EXPORT, methods=("POST",))
def batch_zip(id: int) -> Any:
    """The archive. A POST, because each export is written to the audit trail."""
    try:
        name, data = service.export_run(actor(), id, language())
    except Refused as refused:
        flash_refusal(refused)
        return see_other("rebates.batch", id=id)
    return download(data, name, "application/zip")

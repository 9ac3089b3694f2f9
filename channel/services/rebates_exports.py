"""Statements go out: a run or a period as a file with control totals, and by mail to each.

An export is a fixed set: made again it has the same bytes and the same control totals, whatever
was posted since. Each one is written into the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from channel.access import Actor, NotVisible, Permission, require
from channel.db import db
from channel.documents.batch import render_many
from channel.documents.joining import join_pdfs
from channel.documents.rebate import render_paper
from channel.messages import format_date, format_fen
from channel.models.rebates import RebateRun
from channel.queries import rebates_exports as reads
from channel.queries import rebates_runs
from channel.services.jobs import handles, report_progress
from channel.services.steps import rebates_annex as annexes
from channel.services.steps import rebates_export as steps
from channel.services.steps import rebates_papers as papers
from channel.services.steps.dunning_mails import readers_of
from channel.services.steps.rebates_export import Batch, Made, Scope
from channel.services.work import Refused, Work, work
from contracts.values.findings import block
from contracts.values.periods import Period

FORMATS = ("csv", "xlsx", "json", "zip", "pdf")
#: Of these the PDFs have to be there first.
ON_PAPER = ("zip", "pdf")
#: So many statements are joined into one PDF while the page waits.
AT_ONCE = 100
#: So many mails are written in one transaction.
CHUNK = 50


@dataclass(frozen=True)
class Wish:
    """A run, or the days (both inclusive) in which the periods lie; in which form."""

    format: str
    lang: str
    run_id: int | None = None
    first: date | None = None
    last: date | None = None

    def as_payload(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "lang": self.lang,
            "run_id": self.run_id,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
        }


def wish_of(payload: dict[str, Any]) -> Wish:
    """The inverse of `as_payload`."""
    first, last = (payload[n] and date.fromisoformat(payload[n]) for n in ("first", "last"))
    return Wish(payload["format"], payload["lang"], payload["run_id"], first, last)


def _chosen(actor: Actor, wish: Wish) -> tuple[Scope, Batch]:
    """What is asked for, as a set; refused where there is nothing."""
    if wish.format not in FORMATS or wish.lang not in papers.LANGS:
        raise NotVisible
    if wish.run_id is not None:
        run = _posted(actor, wish.run_id)
        scope = Scope(run, run.period_start, run.period_end)
        lines = reads.of_run(run.id)
    else:
        if wish.first is None or wish.last is None or wish.last < wish.first:
            raise Refused([block("rebate.export.days")])
        scope = Scope(None, wish.first, wish.last + timedelta(days=1))
        lines = reads.of_days(scope.first, scope.until)
    if not lines:
        raise Refused([block("rebate.export.empty")])
    return scope, steps.batch_of(lines)


def _posted(actor: Actor, run_id: int) -> RebateRun:
    run = rebates_runs.get_run(actor, run_id)
    if run.state != "posted":
        raise Refused([block("rebate.statement.not_posted", run.number)])
    return run


def waits_for_job(actor: Actor, wish: Wish) -> bool:
    """Whether making the file takes long: PDFs are missing, or many are joined."""
    if wish.format not in ON_PAPER:
        return False
    _scope, batch = _chosen(actor, wish)
    missing = reads.without_paper(batch.ids, wish.lang)
    return bool(missing) or (wish.format == "pdf" and len(batch.lines) > AT_ONCE)


def export(actor: Actor, wish: Wish) -> tuple[int, str, bytes]:
    """(id of the export, file name, bytes); written into the log with its totals and hash."""
    require(actor, Permission.STATEMENTS_EXPORT)
    scope, batch = _chosen(actor, wish)
    return _write(actor, scope, batch, _make(scope, batch, wish.format, wish.lang))


def _write(
    actor: Actor, scope: Scope, batch: Batch, made: Made, *, keep: bool = False
) -> tuple[int, str, bytes]:
    run_id = scope.run.id if scope.run else None
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        run = rebates_runs.get_run(actor, run_id) if run_id else None
        fresh = Scope(run, scope.first, scope.until, scope.again_of_id)
        export_id = steps.log(w, fresh, batch, made, keep=keep).id
    return export_id, made.filename, made.data


def again(actor: Actor, export_id: int) -> tuple[int, str, bytes]:
    """The same export once more: its set, its bytes; a line of its own in the log."""
    require(actor, Permission.STATEMENTS_EXPORT)
    old = reads.get_export(actor, export_id)
    first_id = old.again_of_id or old.id
    run = rebates_runs.get_run(actor, old.run_id) if old.run_id else None
    scope = Scope(run, old.period_start, old.period_end, first_id)
    batch = steps.batch_of(reads.of_ids(old.statement_ids))
    data = reads.data_of(first_id)
    if data is None:
        made = _make(scope, batch, old.format, old.lang)
    else:
        made = Made(old.filename, old.format, old.lang, data)
    return _write(actor, scope, batch, made)


def _make(scope: Scope, batch: Batch, kind: str, lang: str) -> Made:
    """The file of a set; refused while PDFs are missing."""
    if kind in ON_PAPER and (missing := reads.without_paper(batch.ids, lang)):
        total = len(batch.lines)
        raise Refused([block("rebate.statement.not_made", ready=total - len(missing), total=total)])
    if kind == "zip":
        data = steps.archive(batch, lang)
    elif kind == "json":
        data = steps.as_json(batch)
    elif kind == "pdf":
        found = reads.papers(batch.ids, lang)
        data = join_pdfs((document["number"], paper) for document, _sha256, paper in found)
    else:
        data = steps.table(batch, lang, kind)
    return Made(f"{_name(scope)}-{lang}.{kind}", kind, lang, data)


def _name(scope: Scope) -> str:
    """RR-2026-000001, or the days: statements-2026Q3."""
    if scope.run is not None:
        return scope.run.number
    return f"statements-{Period(scope.first, scope.until).label}"


def order(actor: Actor, wish: Wish) -> int:
    """Order the export as a job that makes what is missing first; gives the job's id."""
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        scope, batch = _chosen(actor, wish)
        key = f"statement_export:{_name(scope)}:{wish.format}:{wish.lang}:{batch.sha256[:32]}"
        return w.job("statement_export", key, wish.as_payload()).id


@handles("statement_export")
def _export_as_job(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Print what is missing, then make the file; what was printed is kept through a crash."""
    wish = wish_of(payload)
    scope, batch = _chosen(actor, wish)
    _print_missing(actor, batch, wish.lang, job_id)
    made = _make(scope, batch, wish.format, wish.lang)
    export_id, _filename, _data = _write(actor, scope, batch, made, keep=wish.format == "pdf")
    return {"export_id": export_id}


def _print_missing(actor: Actor, batch: Batch, lang: str, job_id: int | None) -> None:
    """Print and store the PDFs that are not there yet, some at a time."""
    missing, total = reads.without_paper(batch.ids, lang), len(batch.lines)
    language = papers.language_of(lang)
    docs = annexes.all_printed(missing, language)
    waiting: list[tuple[int, bytes]] = []
    done = total - len(missing)
    for made in render_many(docs, render=render_paper):
        waiting.append(made)
        if len(waiting) >= papers.CHUNK:
            done += papers.store(actor, lang, waiting)
            _tell(job_id, done, total)
    done += papers.store(actor, lang, waiting)
    _tell(job_id, done, total)


def _tell(job_id: int | None, done: int, total: int) -> None:
    if job_id is not None:
        report_progress(job_id, done, total)


def order_mails(actor: Actor, run_id: int, lang: str) -> int:
    """Order the mails of a run; the same run and language is one job. Gives the job's id."""
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        run = _posted(actor, run_id)
        papers.language_of(lang)
        w.audit("rebate_run:mail", run, changes={"language": lang})
        key = f"statement_mails:{run.id}:{lang}"
        return w.job("statement_mails", key, {"run_id": run.id, "lang": lang}).id


@handles("statement_mails")
def _mail_as_job(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    run_id = int(payload["run_id"])
    told = mail_run(actor, run_id, payload["lang"], job_id=job_id)
    return {"run_id": run_id, "mailed": told}


def mail_run(actor: Actor, run_id: int, lang: str, *, job_id: int | None = None) -> int:
    """Mail each distributor its statements of a run, with link and PDF; how many were mailed now.

    A statement that was mailed is never mailed again, in whatever language.
    """
    require(actor, Permission.STATEMENTS_EXPORT)
    _posted(actor, run_id)
    batch = steps.batch_of(reads.of_run(run_id))
    _print_missing(actor, batch, lang, None)
    before = reads.mailed_ids(run_id)
    ids = [i for i in batch.ids if i not in before]
    mailed = 0
    for start in range(0, len(ids), CHUNK):
        with work(actor, Permission.STATEMENTS_EXPORT) as w:
            mailed += _mail(w, ids[start : start + CHUNK], lang)
        _tell(job_id, len(before) + min(start + CHUNK, len(ids)), len(batch.lines))
    db.session.rollback()
    return mailed


def _mail(w: Work, ids: list[int], lang: str) -> int:
    """One mail for each reader of each statement; gives the statements that have a reader."""
    rows = reads.to_mail(ids, lang)
    readers = readers_of(w, {row.distributor_id for row in rows})
    told = 0
    for row in rows:
        own = readers.get(row.distributor_id, ())
        told += bool(own)
        for email, locale in own:
            with force_locale(locale):
                subject, body = _words(row)
                key = f"rebate_statement:{row.id}:{email}"[:200]
                w.mail(email, subject, body, key=key, statement_file_id=row.file_id)
    return told


def _words(row: Any) -> tuple[str, str]:
    document = row.document
    lines = [
        _(
            "Rebate statement %(number)s for %(period)s: %(amount)s.",
            number=row.number,
            period=document["period_label"],
            amount=format_fen(document["amount_fen"], document["currency"]),
        )
    ]
    if until := document.get("objection_until"):
        day = format_date(date.fromisoformat(until))
        lines.append(_("Please confirm it, or dispute single lines, by %(day)s.", day=day))
        if document.get("silence") == "confirms":
            lines.append(_("Without an objection it counts as confirmed."))
    lines.append(f"{current_app.config['WEIR'].base_url}/rebates/statements/{row.id}")
    return str(_("Rebate statement %(number)s", number=row.number)), "\n\n".join(lines)

"""PDFs of posted statements: made once, kept with their hash, and exported as one archive.

Rendering happens outside the write transaction. What was made is stored statement by statement,
so that a batch which was cut off goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from typing import Any

from channel.access import Actor, NotVisible, Permission, require
from channel.documents.batch import render_many
from channel.documents.machine import json_name, statement_json
from channel.documents.rebate import lines_name, render_paper
from channel.models.rebates import RebateRun
from channel.queries import rebates as reads
from channel.queries import rebates_exports, rebates_runs
from channel.services.jobs import handles, report_progress
from channel.services.steps import rebates_annex as annexes
from channel.services.steps import rebates_export as steps
from channel.services.steps import rebates_papers as papers
from channel.services.steps.rebates_lines import lines_table
from channel.services.work import Refused, work
from contracts.values.findings import block


def statement_pdf(actor: Actor, statement_id: int, lang: str) -> tuple[str, bytes]:
    """(file name, bytes) of a posted statement: rendered on the first request, then kept."""
    require(actor, Permission.REBATES_READ)
    language = papers.language_of(lang)
    statement = reads.get_statement(actor, statement_id, printed=True)
    if statement.number is None or statement.document is None:
        raise Refused([block("rebate.statement.not_posted", statement.policy_code)])
    name = steps.file_name(statement.number, language)
    data = reads.file_bytes(statement_id, language)
    if data is not None:
        return name, data
    made = render_paper(annexes.printed(statement), language)
    with work(actor, Permission.REBATES_READ) as w:
        data = papers.keep(w, statement_id, language, made)
        w.audit(
            "statement:print",
            reads.get_statement(actor, statement_id),
            changes={"language": language, "sha256": hashlib.sha256(data).hexdigest()},
        )
    return name, data


def statement_data(actor: Actor, statement_id: int, kind: str) -> tuple[str, bytes]:
    """(file name, bytes) of a posted statement for machines: json, or its lines as csv or xlsx.

    Made anew each time from what never changes, so that the same statement gives the same bytes.
    """
    require(actor, Permission.REBATES_READ)
    if kind not in ("json", "csv", "xlsx"):
        raise NotVisible
    doc, annex = annexes.printed(reads.get_statement(actor, statement_id, printed=True))
    if kind == "json":
        return json_name(doc["number"]), statement_json(doc, annex)
    if annex is None:
        raise Refused([block("statement.no_annex", doc["number"], number=doc["number"])])
    return lines_name(doc["number"], kind), lines_table(doc, annex, kind)


def _posted_run(actor: Actor, run_id: int) -> RebateRun:
    run = rebates_runs.get_run(actor, run_id)
    if run.state != "posted":
        raise Refused([block("rebate.statement.not_posted", run.number)])
    return run


def order_files(actor: Actor, run_id: int, lang: str) -> int:
    """Order the PDFs of a run; the same run and language is one job. Gives the job's id."""
    language = papers.language_of(lang)
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        run = _posted_run(actor, run_id)
        job = w.job(
            "statement_batch",
            f"statement_batch:{run.id}:{language}",
            {"run_id": run.id, "lang": language},
        )
        w.audit("rebate_run:print", run, changes={"language": language})
        return job.id


@handles("statement_batch")
def _make_as_job(actor: Actor, job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """Print what is not printed yet; a second attempt skips what the first one stored."""
    run_id, lang = int(payload["run_id"]), papers.language_of(payload["lang"])
    made = make_files(actor, run_id, lang, job_id=job_id)
    return {"run_id": run_id, "lang": lang, "made": made}


def make_files(
    actor: Actor, run_id: int, lang: str, *, job_id: int | None = None, workers: int | None = None
) -> int:
    """Print and store the missing PDFs of a run; gives how many were made."""
    require(actor, Permission.STATEMENTS_EXPORT)
    language = papers.language_of(lang)
    _posted_run(actor, run_id)
    missing = reads.without_file(run_id, language)
    total = reads.batch_state(run_id, language).total
    done = total - len(missing)
    waiting: list[tuple[int, bytes]] = []
    docs = annexes.all_printed(missing, language)
    for statement_id, data in render_many(docs, workers=workers, render=render_paper):
        waiting.append((statement_id, data))
        if len(waiting) >= papers.CHUNK:
            done += papers.store(actor, language, waiting)
            if job_id is not None:
                report_progress(job_id, done, total)
    done += papers.store(actor, language, waiting)
    if job_id is not None:
        report_progress(job_id, done, total)
    return len(missing)


def export_run(actor: Actor, run_id: int, lang: str) -> tuple[str, bytes]:
    """(file name, archive) with all PDFs and statements.csv; the same run gives the same bytes.

    Refused while PDFs are missing. Each export is written into the log with its totals.
    """
    require(actor, Permission.STATEMENTS_EXPORT)
    language = papers.language_of(lang)
    number = _posted_run(actor, run_id).number
    state = reads.batch_state(run_id, language)
    if state.ready < state.total:
        raise Refused(
            [block("rebate.statement.not_made", number, ready=state.ready, total=state.total)]
        )
    batch = steps.batch_of(rebates_exports.of_run(run_id))
    made = steps.Made(f"{number}-{language}.zip", "zip", language, steps.archive(batch, language))
    with work(actor, Permission.STATEMENTS_EXPORT) as w:
        run = rebates_runs.get_run(actor, run_id)
        scope = steps.Scope(run, run.period_start, run.period_end)
        steps.log(w, scope, batch, made)
    return made.filename, made.data
